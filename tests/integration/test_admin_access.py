"""Who may open what in the administration: one cast, one list of cases, every address."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from tests import factories
from tracker.models import FollowUp, Implementation, User
from tracker.statuses import Role

EDITED = [
    "body",
    "meeting",
    "theme",
    "instrument",
    "provision",
    "difficulty",
    "recommendation",
    "implementation",
    "source",
    "organization",
    "state",
]
"""What editors add, change and delete."""
PEOPLE = ["admin:tracker_user_changelist", "admin:tracker_user_add"]
RECORD = [
    "admin:index",
    "admin:tracker_followup_changelist",
    *(f"admin:tracker_{model}_{page}" for model in EDITED for page in ("changelist", "add")),
]


@pytest.fixture
def signed_in_reader(db: None) -> User:
    return factories.make_user(Role.READER, None, "lea")


@pytest.fixture
def visit(client: Client, request: pytest.FixtureRequest) -> Callable[[str, str], int]:
    """``visit("editor", address)``: the status of the answer."""

    def go(who: str, address: str) -> int:
        if who != "reader":
            client.force_login(request.getfixturevalue(who))
        return client.get(address).status_code

    return go


CASES = [
    ("administrator", 200, 200),
    ("editor", 200, 403),
    ("contributor", 403, 403),
    ("foreign_contributor", 403, 403),
    ("signed_in_reader", 403, 403),
    ("reader", 302, 302),
]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shared_cast")]


def pages_of(implementation: Implementation, editor: User) -> list[str]:
    """The pages of single objects, for editors."""
    entry = factories.record(implementation, editor, sources=[factories.URL])
    recommendation = implementation.recommendation
    return [
        reverse("admin:tracker_implementation_record", args=[implementation.pk]),
        reverse("admin:tracker_implementation_several") + f"?of={implementation.pk}",
        reverse("admin:tracker_implementation_change", args=[implementation.pk]),
        reverse("admin:tracker_implementation_delete", args=[implementation.pk]),
        reverse("admin:tracker_implementation_history", args=[implementation.pk]),
        reverse("admin:tracker_recommendation_change", args=[recommendation.pk]),
        reverse("admin:tracker_meeting_change", args=[recommendation.meeting_id]),
        reverse("admin:tracker_source_change", args=[entry.citations.get().source_id]),
        reverse("admin:tracker_followup_change", args=[entry.pk]),
        reverse("admin:tracker_state_change", args=["ML"]),
        reverse("admin:autocomplete")
        + "?app_label=tracker&model_name=implementation&field_name=lead",
    ]


@pytest.mark.parametrize(("who", "record", "people"), CASES)
def test_who_opens_what(
    visit: Any, who: str, record: int, people: int, implementation: Implementation, editor: User
) -> None:
    singles = pages_of(implementation, editor)
    for address in [*map(reverse, RECORD), *singles]:
        assert visit(who, address) == record, address
    for address in [*map(reverse, PEOPLE), reverse("admin:tracker_user_change", args=[editor.pk])]:
        assert visit(who, address) == people, address


@pytest.mark.parametrize("who", [who for who, *_ in CASES])
@pytest.mark.parametrize("page", ["add", "delete"])
def test_nobody_edits_the_history(
    visit: Any, who: str, page: str, implementation: Implementation, editor: User
) -> None:
    entry = factories.record(implementation, editor)
    args = [] if page == "add" else [entry.pk]
    address = reverse(f"admin:tracker_followup_{page}", args=args)
    assert visit(who, address) in (302, 403)


@pytest.mark.parametrize("page", ["add", "change", "delete"])
def test_posting_to_the_history_changes_nothing(
    client: Client, page: str, implementation: Implementation, administrator: User
) -> None:
    entry = factories.record(implementation, administrator, note="Avant")
    client.force_login(administrator)
    args = [] if page == "add" else [entry.pk]
    address = reverse(f"admin:tracker_followup_{page}", args=args)
    assert client.post(address, {"note": "Après", "post": "yes"}).status_code == 403
    assert FollowUp.objects.get().note == "Avant"


def test_nobody_deletes_people(client: Client, administrator: User, editor: User) -> None:
    client.force_login(administrator)
    address = reverse("admin:tracker_user_delete", args=[editor.pk])
    assert client.post(address, {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=editor.pk).exists()


def test_what_is_and_is_not_registered() -> None:
    names = {model._meta.model_name for model in admin.site._registry}
    assert names == {*EDITED, "edit", "followup", "user"}


def test_sign_in_is_that_of_the_site(client: Client) -> None:
    address = reverse("admin:tracker_source_changelist") + "?q=x"
    response = client.get(address)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("login") + "?next=/admin/tracker/source/")
    login = client.get(reverse("admin:login") + "?next=/admin/tracker/source/")
    assert login["Location"] == reverse("login") + "?next=/admin/tracker/source/"


def test_sign_in_page_of_the_admin_when_signed_in(
    client: Client, editor: User, contributor: User
) -> None:
    client.force_login(editor)
    assert client.get(reverse("admin:login"))["Location"] == reverse("admin:index")
    client.force_login(contributor)
    assert client.get(reverse("admin:login")).status_code == 403


def test_password_and_sign_out_are_those_of_the_site(client: Client, editor: User) -> None:
    client.force_login(editor)
    page = client.get(reverse("admin:index")).content.decode()
    assert f'href="{reverse("password_change")}"' in page
    assert f'action="{reverse("logout")}"' in page
    changed = client.get(reverse("admin:password_change"))
    assert changed["Location"] == reverse("password_change")
    client.post(reverse("admin:logout"))
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("path", "word", "other"),
    [("/admin/", "Recommandation", "/en/admin/"), ("/en/admin/", "Recommendation", "/admin/")],
)
def test_in_both_languages(client: Client, editor: User, path: str, word: str, other: str) -> None:
    client.force_login(editor)
    page = client.get(path).content.decode()
    assert f'href="{other}"' in page
    if path.startswith("/en"):
        assert word in page


@pytest.mark.parametrize("name", RECORD + PEOPLE)
def test_no_inline_script_or_style(client: Client, administrator: User, name: str) -> None:
    from lxml import html

    client.force_login(administrator)
    tree = html.fromstring(client.get(reverse(name)).content.decode())
    assert not tree.cssselect("style, [style], script:not([src])")
    assert not [a for a in tree.xpath("//@*") if a.attrname.startswith("on")]
