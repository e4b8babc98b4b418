"""Who may do what: the fixed cast and the same list of cases for each view that writes."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests import factories
from tracker.models import FollowUp, Implementation, User
from tracker.statuses import Visibility

pytestmark = pytest.mark.usefixtures("shared_cast")

CAST = ("administrator", "editor", "contributor", "foreign_contributor", "reader")
PAGE = "/recommendations/som-12-1/"

# What each of the cast gets: 302 is "done, see there" for who may, "sign in first" for the reader.
RECORD = {"administrator": 302, "editor": 302, "contributor": 302, "foreign_contributor": 403}
CORRECT = RECORD
VIEWS: dict[str, tuple[Callable[[FollowUp], str], dict[str, Any], dict[str, int]]] = {
    "record": (lambda e: PAGE, {"note": "Écrit"}, RECORD),
    "amend": (lambda e: f"/entries/{e.pk}/amend/", {"note": "Mieux", "reason": "Faute"}, CORRECT),
    "retract": (lambda e: f"/entries/{e.pk}/retract/", {"reason": "Faute"}, CORRECT),
}


@pytest.fixture
def entry(implementation: Implementation, contributor: User) -> FollowUp:
    return factories.record(implementation, by=contributor, note="Au départ")


def sign_in(client: Client, who: str, request: pytest.FixtureRequest) -> None:
    user = request.getfixturevalue(who)
    if isinstance(user, User):
        client.force_login(user)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("who", CAST)
def test_who_may_write(
    client: Client, entry: FollowUp, view: str, who: str, request: pytest.FixtureRequest
) -> None:
    sign_in(client, who, request)
    address, data, expected = VIEWS[view]
    response = client.post(address(entry), {**data, "submission": str(uuid.uuid4())})
    if who == "reader":
        assert response["Location"].startswith("/accounts/login/")
    else:
        assert response.status_code == expected[who]
    written = FollowUp.objects.count() - 1
    assert written == (1 if expected.get(who) == 302 else 0)


@pytest.mark.parametrize("view", ["amend", "retract"])
@pytest.mark.parametrize("who", CAST)
def test_the_form_is_offered_to_who_may_send_it(
    client: Client, entry: FollowUp, view: str, who: str, request: pytest.FixtureRequest
) -> None:
    sign_in(client, who, request)
    response = client.get(VIEWS[view][0](entry))
    expected = {302: 200}.get(CORRECT.get(who, 0), 302 if who == "reader" else 403)
    assert response.status_code == expected
    page = client.get(PAGE).content.decode()
    assert (f"/entries/{entry.pk}/{view}/" in page) == (expected == 200)


@pytest.mark.parametrize("who", CAST)
def test_the_recording_form_is_there_for_who_may_record(
    client: Client, entry: FollowUp, who: str, request: pytest.FixtureRequest
) -> None:
    sign_in(client, who, request)
    has_form = 'id="record"' in client.get(PAGE).content.decode()
    assert has_form == (who in ("administrator", "editor", "contributor"))


@pytest.mark.parametrize("who", CAST)
def test_who_reads_an_internal_entry(
    client: Client,
    implementation: Implementation,
    contributor: User,
    who: str,
    request: pytest.FixtureRequest,
) -> None:
    factories.record(
        implementation, by=contributor, note="Entre nous", visibility=Visibility.INTERNAL
    )
    sign_in(client, who, request)
    reads = "Entre nous" in client.get(PAGE).content.decode()
    assert reads == (who in ("administrator", "editor", "contributor"))


@pytest.mark.parametrize("view", ["amend", "retract"])
def test_an_internal_entry_does_not_exist_for_others(
    client: Client,
    implementation: Implementation,
    editor: User,
    contributor: User,
    view: str,
) -> None:
    hidden = factories.record(implementation, by=editor, note="x", visibility=Visibility.INTERNAL)
    client.force_login(contributor)
    assert client.get(f"/entries/{hidden.pk}/{view}/").status_code == 404


@pytest.mark.parametrize("path", [PAGE, "/entries/1/amend/", "/language/", "/accounts/logout/"])
def test_nothing_is_written_by_get(client: Client, entry: FollowUp, path: str) -> None:
    client.get(path)
    assert FollowUp.objects.count() == 1


@pytest.mark.parametrize("path", ["/language/", "/notes/preview/", "/accounts/logout/"])
def test_what_changes_something_is_post_only(client: Client, db: None, path: str) -> None:
    assert client.get(path).status_code == 405


def test_somebody_inactive_may_nothing(
    client: Client, entry: FollowUp, contributor: User, administrator: User
) -> None:
    client.force_login(contributor)
    contributor.is_active = False
    from tracker.actions.people import save_user

    save_user(by=administrator, user=contributor, changed=["is_active"])
    assert client.post(PAGE, {"note": "Encore là"})["Location"].startswith("/accounts/login/")
