"""Organizations side by side where they differ, and the list of where the government and others do."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.factories import amend, make_implementation, make_recommendation, record, retract
from tests.htmx import HTMX, parse, same, swap
from tracker.actions.redactions import redact_entry
from tracker.models import Implementation, Organization, User
from tracker.statuses import OrganizationKind, Visibility

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shared_cast")]
PAGE = "/en/recommendations/som-12-1/?state=ML"
LATER = dt.datetime(2099, 3, 1, 9, tzinfo=dt.UTC)


def on(number: int) -> Any:
    return time_machine.travel(LATER + dt.timedelta(days=number), tick=False)


def sides(client: Client, path: str = PAGE) -> list[str]:
    page = parse(client.get(path))
    return [" ".join(one.text_content().split()) for one in page.xpath("//*[@id='sides']/li")]


@pytest.fixture
def ngo(db: None) -> Organization:
    return factories.make_organization("Asile Sahel", OrganizationKind.CIVIL_SOCIETY, state=None)


@pytest.fixture
def told(
    implementation: Implementation, contributor: User, editor: User, newspaper: Organization
) -> Implementation:
    """The government says that it is done; a newspaper, a day later, that it is not."""
    with on(0):
        record(implementation, contributor, ["https://example.org/gov"], status="implemented")
    with on(1):
        said: dict[str, Any] = {"organization": newspaper, "status": "in_progress"}
        record(implementation, editor, ["https://example.org/essor"], **said)
    return implementation


# --- On the page of a recommendation


def test_each_with_its_status_day_and_sources(client: Client, told: Implementation) -> None:
    with on(2):
        assert sides(client) == [
            "L’Essor: In progress, verified, 2 March 2099: https://example.org/essor",
            "Gouvernement du Mali: Implemented, reported, 1 March 2099: https://example.org/gov",
        ]
        page = parse(client.get(PAGE))
    entries = [f"/en/entries/{e.pk}/" for e in told.entries.order_by("-sequence")]
    assert page.xpath("//*[@id='sides']/li/a/@href") == entries


def test_two_that_are_no_government_are_compared_too(
    client: Client, told: Implementation, editor: User, contributor: User, ngo: Organization
) -> None:
    with on(2):
        retract(told.entries.get(sequence=1), contributor)
        assert sides(client) == []
        record(told, editor, [factories.URL], status="not_started", organization=ngo)
        assert [side.partition(":")[0] for side in sides(client)] == ["Asile Sahel", "L’Essor"]


def test_none_where_all_say_the_same(
    client: Client, told: Implementation, editor: User, newspaper: Organization
) -> None:
    with on(2):
        record(told, editor, [factories.URL], status="implemented", organization=newspaper)
        assert sides(client) == []


def test_since_when_one_has_said_it(
    client: Client, told: Implementation, contributor: User
) -> None:
    with on(3):
        record(told, contributor, status="implemented")
        assert sides(client)[0] == (
            "Gouvernement du Mali: Implemented, reported, 4 March 2099 (since 1 March 2099)"
        )


def test_what_was_amended_is_shown_as_it_stands(
    client: Client, told: Implementation, editor: User
) -> None:
    with on(2):
        amend(told.entries.get(sequence=2), editor, [factories.URL], status="not_started")
        newest = sides(client)[0]
    assert newest == "L’Essor: Not started, verified, 2 March 2099: https://example.org/decret"


def test_redacted_sources_are_gone(
    client: Client, told: Implementation, administrator: User
) -> None:
    with on(2):
        entry = told.entries.get(sequence=2)
        redact_entry(by=administrator, entry=entry, reason="Un jugement", channel="site")
        assert "example.org/essor" not in "".join(sides(client))


def test_internal_entries_are_on_no_side_whoever_reads(
    client: Client, told: Implementation, editor: User, ngo: Organization
) -> None:
    inside: dict[str, Any] = {"visibility": Visibility.INTERNAL, "organization": ngo}
    with on(2):
        record(told, editor, [factories.URL], status="not_started", **inside)
        client.force_login(editor)
        assert len(sides(client)) == 2


def test_as_they_were_at_the_end_of_a_day(
    client: Client, told: Implementation, contributor: User
) -> None:
    with on(3):
        retract(told.entries.get(sequence=1), contributor)
    with on(4):
        assert sides(client) == []
        assert sides(client, f"{PAGE}&as_of=2099-03-01") == []
        then = sides(client, f"{PAGE}&as_of=2099-03-02")
        assert [side.partition(":")[0] for side in then] == ["L’Essor", "Gouvernement du Mali"]


def test_whatever_part_of_the_timeline_is_shown(client: Client, told: Implementation) -> None:
    with on(2):
        for show in ("notes", "edits"):
            assert len(sides(client, f"{PAGE}&show={show}")) == 2


def test_what_htmx_swaps_in_equals_a_fresh_page(
    client: Client, told: Implementation, contributor: User
) -> None:
    client.force_login(contributor)
    typed = {"status": "not_started", "note": "Non", "url": factories.URL, "seen": "2"}
    with on(2):
        page = parse(client.get(PAGE))
        answer = client.post(PAGE, typed, headers=HTMX)
        swapped = swap(page, answer, "recommendation").get_element_by_id("sides")
        assert same(swapped) == same(parse(client.get(PAGE)).get_element_by_id("sides"))


def test_nothing_more_is_asked_where_one_status_stands(
    client: Client, implementation: Implementation, contributor: User, told: Implementation
) -> None:
    """And where several do, as many queries for a long history as for a short one."""

    def asked(state: str) -> int:
        path = f"/en/recommendations/som-12-1/?state={state}&show=edits"
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        return sum("tracker_" in q["sql"] for q in captured)

    niger = make_implementation(implementation.recommendation, "NE")
    editor = factories.make_user("editor", username="other")
    with on(2), transaction.atomic():
        silent = asked("NE")
        for number in range(3):
            record(niger, editor, [f"https://example.org/{number}"], status="in_progress")
        assert asked("NE") == silent
        few = asked("ML")
        for number in range(30):
            record(told, contributor, [f"https://example.org/{number}"], status="implemented")
        assert asked("ML") == few
        assert few <= silent + 5  # who led may add one each; entries, and their details
        transaction.set_rollback(True)


# --- Where else


def test_differing_are_those_of_which_both_say_something_else(
    told: Implementation, editor: User, contributor: User
) -> None:
    silent, agreed, alone = (make_implementation(make_recommendation()) for _ in range(3))
    with on(2):
        for made in (agreed, alone):
            record(made, contributor, status="implemented")
        record(agreed, editor, [factories.URL], status="implemented")
    rows = Implementation.objects
    assert list(rows.differing()) == [told]
    assert [row for row in rows.all() if row.disagrees] == [told]
    assert silent not in rows.differing()


def test_differing_at_a_past_moment(told: Implementation, contributor: User) -> None:
    with on(2):
        record(told, contributor, status="in_progress")
    rows = Implementation.objects
    assert not rows.differing()
    moments = [LATER + dt.timedelta(days=n, hours=1) for n in (0, 1, 2)]
    assert [rows.differing(moment).count() for moment in moments] == [0, 1, 0]


def test_pages_lead_to_the_list_of_them(client: Client, told: Implementation) -> None:
    with on(2):
        detail = parse(client.get(PAGE)).xpath("//*[@id='standing']//a/@href")
        state = parse(client.get("/en/states/ML/")).xpath("//*[@id='sentence']/a/@href")
    assert "/en/recommendations/?differ=yes" in detail
    assert state == ["/en/recommendations/?state=ML&differ=yes"]
