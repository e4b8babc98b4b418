"""A contributor records only for the State of their organization, whichever door they try."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.factories import make_implementation, record
from tests.htmx import HTMX
from tracker.actions.followups import (
    amend_followup,
    confirm_implementation,
    record_followup,
    retract_followup,
)
from tracker.actions.several import record_for_several
from tracker.exceptions import NotAllowed
from tracker.forms.followup import FollowUpForm
from tracker.models import FollowUp, Implementation, Organization, User
from tracker.permissions import can_correct, can_record
from tracker.statuses import Channel, OrganizationKind, Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shared_cast")]
PAGE = "/recommendations/som-12-1/"
OF_MALI = f"{PAGE}?state=ML"


@pytest.fixture
def niger(implementation: Implementation) -> Implementation:
    """Niger's part in the same recommendation, so that Mali's must be asked for."""
    return make_implementation(implementation.recommendation, "NE")


@pytest.fixture
def of_niger(foreign_contributor: User, niger: Implementation) -> User:
    return foreign_contributor


@pytest.fixture
def others(of_niger: User) -> tuple[User, User]:
    """Of its government, and of an association there. Accounts of no State are refused when made."""
    ngo = factories.make_organization("Asile", OrganizationKind.CIVIL_SOCIETY, state="NE")
    return of_niger, factories.make_user(Role.CONTRIBUTOR, ngo, "lea")


@pytest.fixture
def entry(implementation: Implementation, contributor: User) -> FollowUp:
    return record(implementation, contributor, note="Au départ")


def sent(**fields: Any) -> dict[str, Any]:
    return {"submission": str(uuid.uuid4()), "seen": "1", **fields}


# Each door of the site: what is asked there of an entry about Mali.
Ask = Callable[[Client, FollowUp], Any]
DOORS: dict[str, Ask] = {
    "record": lambda c, e: c.post(OF_MALI, sent(note="x")),
    "record by htmx": lambda c, e: c.post(OF_MALI, sent(note="x"), headers=HTMX),
    "record on the overview": lambda c, e: c.post(
        OF_MALI, sent(note="x", place="overview"), headers=HTMX
    ),
    "preview in the form": lambda c, e: c.post(OF_MALI, sent(note="x", preview="1")),
    "one more source": lambda c, e: c.post(OF_MALI, sent(note="x", more="1")),
    "the form as a fragment": lambda c, e: c.get(f"{PAGE}record/?state=ML", headers=HTMX),
    "the way to the form": lambda c, e: c.get(f"{PAGE}record/?state=ML"),
    "confirm": lambda c, e: c.post(f"{PAGE}confirm/?state=ML", sent()),
    "confirm by htmx": lambda c, e: c.post(f"{PAGE}confirm/?state=ML", sent(), headers=HTMX),
    "the form to amend": lambda c, e: c.get(f"/entries/{e.pk}/amend/"),
    "amend": lambda c, e: c.post(f"/entries/{e.pk}/amend/", sent(note="y", reason="z")),
    "amend by htmx": lambda c, e: c.post(
        f"/entries/{e.pk}/amend/", sent(note="y", reason="z"), headers=HTMX
    ),
    "the form to retract": lambda c, e: c.get(f"/entries/{e.pk}/retract/"),
    "retract": lambda c, e: c.post(f"/entries/{e.pk}/retract/", sent(reason="z")),
    "undo": lambda c, e: c.post(
        f"/entries/{e.pk}/retract/", sent(reason="z", undo="1"), headers=HTMX
    ),
    "the administration's form": lambda c, e: c.get(admin_page(e)),
    "record in the administration": lambda c, e: c.post(admin_page(e), sent(note="x")),
    "several in the administration": lambda c, e: c.post(
        several_page(e), sent(note="x", of=f"{e.implementation_id}:1")
    ),
}


def admin_page(entry: FollowUp) -> str:
    return reverse("admin:tracker_implementation_record", args=[entry.implementation_id])


def several_page(entry: FollowUp) -> str:
    page = reverse("admin:tracker_implementation_several")
    return f"{page}?of={entry.implementation_id}"


@pytest.mark.parametrize("door", DOORS)
def test_no_door_is_open_for_another_state(
    entry: FollowUp, others: tuple[User, User], contributor: User, door: str
) -> None:
    """And on the site it is for one's own: the refusals are about the State, and about nothing else."""
    for who in others:
        client = Client()
        client.force_login(who)
        assert DOORS[door](client, entry).status_code == 403
    assert FollowUp.objects.count() == 1
    if "administration" not in door:
        client = Client()
        client.force_login(contributor)
        assert DOORS[door](client, entry).status_code in (200, 302)


def test_nothing_is_offered_either(entry: FollowUp, others: tuple[User, User]) -> None:
    offered = ('id="record"', 'id="confirm"', f"/entries/{entry.pk}/amend/", f"{entry.pk}/retract/")
    for who in others:
        client = Client()
        client.force_login(who)
        page = client.get(OF_MALI).content.decode()
        assert not [one for one in offered if one in page]
        assert f"{PAGE}record/?state=ML" not in client.get("/").content.decode()


@pytest.mark.parametrize("door", ["record by htmx", "amend by htmx", "retract"])
def test_a_page_that_is_too_old_gives_no_form_back(
    entry: FollowUp, of_niger: User, door: str
) -> None:
    """What is sent without a token comes back in a fresh form, but for who may record."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(of_niger)
    form = FollowUpForm(user=of_niger, implementation=entry.implementation, seen=1)
    signed = {"author": form["author"].value()}
    post = client.post
    client.post = lambda path, data, **kw: post(path, {**data, **signed}, **kw)  # type: ignore[method-assign]
    response = DOORS[door](client, entry)
    assert response.status_code == 403
    assert b'class="record"' not in response.content


# Each action by which that is written, whoever calls it.
Act = Callable[[User, FollowUp], Any]
SITE_CHANNEL = Channel.SITE
ACTIONS: dict[str, Act] = {
    "record": lambda u, e: record_followup(
        by=u,
        implementation=e.implementation,
        statement=factories.make_statement(organization=u.organization),
        channel=SITE_CHANNEL,
    ),
    "confirm": lambda u, e: confirm_implementation(
        by=u, implementation=e.implementation, channel=SITE_CHANNEL
    ),
    "amend": lambda u, e: amend_followup(
        by=u,
        entry=e,
        reason="z",
        statement=factories.make_statement(organization=u.organization),
        channel=SITE_CHANNEL,
    ),
    "retract": lambda u, e: retract_followup(by=u, entry=e, reason="z", channel=SITE_CHANNEL),
    "several": lambda u, e: record_for_several(
        by=u,
        implementations=[e.implementation],
        statement=factories.make_statement(organization=u.organization),
        channel=Channel.ADMIN,
        submission=uuid.uuid4(),
        seen={},
    ),
}


@pytest.mark.parametrize("action", ACTIONS)
def test_no_action_writes_for_another_state(
    entry: FollowUp, others: tuple[User, User], action: str
) -> None:
    for who in others:
        with pytest.raises(NotAllowed):
            ACTIONS[action](who, entry)
    assert FollowUp.objects.count() == 1


@pytest.mark.parametrize("door", ["amend", "retract"])
def test_what_was_said_for_ones_organization_about_another_state_is_not_ones_own(
    client: Client, implementation: Implementation, of_niger: User, editor: User, door: str
) -> None:
    """An editor recorded, on behalf of Niger's government, what it says of Mali."""
    said: dict[str, Any] = {"organization": of_niger.organization, "status": "in_progress"}
    entry = record(implementation, editor, [factories.URL], **said)
    client.force_login(of_niger)
    assert DOORS[door](client, entry).status_code == 403
    assert not can_correct(of_niger, entry)


def test_for_several_at_once_one_of_another_state_refuses_all(
    implementation: Implementation, niger: Implementation, contributor: User
) -> None:
    with pytest.raises(NotAllowed):
        record_for_several(
            by=contributor,
            implementations=[implementation, niger],
            statement=factories.make_statement(organization=contributor.organization),
            channel=Channel.ADMIN,
            submission=uuid.uuid4(),
            seen={},
        )
    assert FollowUp.objects.count() == 0


@pytest.mark.parametrize(("state", "may"), [("ML", True), ("NE", False)])
def test_any_organization_of_the_state_counts(
    implementation: Implementation, state: str, may: bool
) -> None:
    """Not the government alone: an association of that State records for it too."""
    kind = OrganizationKind.CIVIL_SOCIETY
    of: Organization = factories.make_organization("Association", kind, state=state)
    assert can_record(factories.make_user(Role.CONTRIBUTOR, of), implementation) == may
