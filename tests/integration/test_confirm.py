"""Confirmed, no change: one click says that somebody looked; what nobody looks at is marked stale."""

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests import cast
from tests.factories import amend, make_implementation, make_recommendation, record, retract
from tests.htmx import HTMX, form_data, parse, same, swap
from tracker.actions.followups import confirm_implementation
from tracker.exceptions import NotAllowed
from tracker.models import FollowUp, Implementation, User
from tracker.statuses import Channel, Kind, Visibility

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shared_cast")]
PAGE = "/recommendations/som-12-1/"
CONFIRM = f"{PAGE}confirm/?state=ML"
LATER = dt.timedelta(days=181)


def confirm(client: Client, **sent: Any) -> Any:
    return client.post(CONFIRM, {"submission": str(uuid.uuid4()), "seen": "0", **sent})


def later(days: int) -> Any:
    return time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=days), tick=False)


# --- Who may, and what it does


CAST = ["reader", "foreign_contributor", "contributor", "editor", "administrator"]


@pytest.mark.parametrize("who", CAST)
def test_who_may_confirm(
    client: Client, implementation: Implementation, who: str, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(who)
    if isinstance(user, User):
        client.force_login(user)
    response = confirm(client)
    may = who in ("contributor", "editor", "administrator")
    assert FollowUp.objects.count() == may
    if who == "reader":
        assert response["Location"].startswith("/accounts/login/")
    else:
        assert response.status_code == (302 if may else 403)
    assert ('id="confirm"' in client.get(PAGE).content.decode()) == may


def test_it_is_not_confirmed_by_get(client: Client, implementation: Implementation) -> None:
    assert client.get(CONFIRM).status_code == 405


def test_two_dates_are_shown(client: Client, implementation: Implementation, editor: User) -> None:
    record(implementation, editor)
    changed = FollowUp.objects.get().recorded_at
    with later(40):
        confirm_implementation(by=editor, implementation=implementation, channel=Channel.SITE)
        said = parse(client.get(PAGE)).get_element_by_id("looked").xpath(".//time/@datetime")
    confirmed = FollowUp.objects.get(kind=Kind.CONFIRMATION).recorded_at
    assert said == [changed.isoformat(timespec="seconds"), confirmed.isoformat(timespec="seconds")]


def test_it_says_nothing_else(implementation: Implementation, contributor: User) -> None:
    given = {"by": contributor, "implementation": implementation, "channel": Channel.SITE}
    entry = confirm_implementation(**given).entry  # type: ignore[arg-type]
    said = (entry.status, entry.note, entry.citation_count, entry.reason, entry.happened_on)
    assert said == ("", "", 0, "", None)
    assert (entry.organization, entry.visibility) == (contributor.organization, Visibility.PUBLIC)


def test_it_is_no_follow_up_and_moves_no_status(
    implementation: Implementation, contributor: User
) -> None:
    record(implementation, contributor, status="in_progress")
    before = Implementation.objects.values("status", "status_since", "entry_count").get()
    confirm_implementation(by=contributor, implementation=implementation, channel=Channel.SITE)
    assert Implementation.objects.values("status", "status_since", "entry_count").get() == before


def test_a_double_click_confirms_once(
    client: Client, implementation: Implementation, editor: User
) -> None:
    client.force_login(editor)
    submission = str(uuid.uuid4())
    confirm(client, submission=submission)
    confirm(client, submission=submission)
    assert FollowUp.objects.count() == 1


def test_what_others_recorded_meanwhile_is_read_first(
    client: Client, implementation: Implementation, editor: User, contributor: User
) -> None:
    record(implementation, contributor)
    client.force_login(editor)
    response = confirm(client, seen="0")
    assert response.status_code == 409
    assert FollowUp.objects.filter(kind=Kind.CONFIRMATION).count() == 0


def test_with_htmx_the_page_is_as_after_a_reload(
    client: Client, implementation: Implementation, editor: User
) -> None:
    client.force_login(editor)
    page = parse(client.get(PAGE))
    answer = client.post(CONFIRM, form_data(page, "confirm"), headers=HTMX)
    assert same(swap(page, answer, "#recommendation")) == same(parse(client.get(PAGE)))


def test_it_can_be_taken_back_but_not_amended(implementation: Implementation, editor: User) -> None:
    given = {"by": editor, "implementation": implementation, "channel": Channel.SITE}
    entry = confirm_implementation(**given).entry  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        amend(entry, editor, note="Non")
    retract(entry, editor)
    implementation.refresh_from_db()
    assert implementation.last_confirmed_at is None


# --- Stale


# Of what nothing was recorded: this comes first, for the others share a history.
def test_what_was_never_looked_at_is_stale_too(
    client: Client, implementation: Implementation
) -> None:
    with later(181):
        assert len(parse(client.get("/")).find_class("stale")) == 1


@pytest.fixture(scope="module")
def two(shared_cast: None) -> None:
    """Both recorded today; the first is confirmed 100 days later."""
    editor = cast.editor()
    both = [cast.implementation(), make_implementation(make_recommendation())]
    for one in both:
        record(one, editor)
    with later(100):
        confirm_implementation(by=editor, implementation=both[0], channel=Channel.SITE)


@pytest.mark.parametrize(("days", "stale"), [(179, []), (181, [2]), (282, [1, 2])])
@pytest.mark.usefixtures("two")
def test_the_list_filters_what_nobody_has_looked_at(
    client: Client, days: int, stale: list[int]
) -> None:
    with later(days):
        page = parse(client.get("/recommendations/?looked_at=stale"))
    assert [int(row.findtext("span")) for row in page.find_class("row")] == stale


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("path", ["/", "/recommendations/"])
def test_it_is_marked_in_every_list(client: Client, path: str) -> None:
    with later(181):
        page = parse(client.get(path))
    marked = [bool(row.find_class("stale")) for row in page.find_class("row")]
    assert marked == [False, True]


@pytest.mark.usefixtures("two")
def test_the_overview_counts_it(client: Client) -> None:
    with later(181):
        sentence = parse(client.get("/en/")).get_element_by_id("sentence").text_content()
    assert "Nobody has looked at one of them lately." in sentence


@pytest.mark.usefixtures("two")
def test_its_own_page_says_so(client: Client) -> None:
    with later(181):
        standing = [
            parse(client.get(f"/recommendations/som-12-{n}/")).get_element_by_id("standing")
            for n in (1, 2)
        ]
    assert [bool(s.find_class("stale")) for s in standing] == [False, True]


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("path", ["/activity.atom", "/recommendations/som-12-2/activity.atom"])
def test_the_feed_tells_it(client: Client, path: str) -> None:
    with later(181):
        feed = client.get(path).content.decode()
    assert feed.count('<category term="stale"') == 1
    assert "som-12-2 · ML" in feed


def test_the_number_of_days_is_a_setting(client: Client, two: None, settings: Any) -> None:
    settings.STALE_DAYS = 200
    with later(181):
        assert not parse(client.get("/")).find_class("stale")


def test_confirming_makes_it_fresh(client: Client, two: None, editor: User) -> None:
    with later(300):
        client.force_login(editor)
        client.post(reverse("confirm", args=["som-12-2"]), {"seen": "1"})
        page = parse(client.get("/recommendations/?looked_at=stale"))
    assert [row.findtext("span") for row in page.find_class("row")] == ["1"]
