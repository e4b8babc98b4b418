"""Many States carry out the same: the overview shows each recommendation once, and how many are where."""

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import cast, factories
from tests.htmx import HTMX, parse, same, swap
from tracker.actions.ledger import together
from tracker.models import Implementation, User
from tracker.spread import FEW, is_spread

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("twelve_states")]
STATES = ["BF", "CI", "DZ", "GN", "ML", "MR", "NE", "NG", "SN", "TD", "TG", "TN"]
PAGE = "/en/recommendations/som-12-1/"
LATER = dt.datetime(2099, 3, 1, 9, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def twelve_states(shared_cast: None) -> None:
    """Two recommendations for twelve States; of the first, Niger does some and Senegal has done all."""
    first = cast.implementation().recommendation
    with together():
        second = factories.make_recommendation(number=2)
        for code in STATES:
            if code != "ML":
                factories.make_implementation(first, code)
            factories.make_implementation(second, code)
    for code, status in (("NE", "in_progress"), ("SN", "implemented")):
        factories.record(of(code), cast.editor(), [factories.URL], status=status)


def of(state: str, number: int = 1) -> Implementation:
    return Implementation.objects.get(state=state, recommendation__number=number)


def counts(client: Client, path: str = "/en/") -> dict[str, list[str]]:
    """What each recommendation of the overview says of its States, by its reference."""
    items = {r.get("id"): r.xpath(".//ul[@class='counts']/li") for r in spreads(client, path)}
    return {ref: [" ".join(i.text_content().split()) for i in li] for ref, li in items.items()}


def spreads(client: Client, path: str = "/en/") -> list[Any]:
    found: list[Any] = parse(client.get(path)).xpath("//ol[@class='rows']/li[.//ul]")
    return found


def states_of(client: Client, path: str) -> list[str]:
    """What the page of a recommendation says of each State, in its order."""
    items = parse(client.get(path)).xpath("//nav[@class='states']//li")
    return [" ".join(item.text_content().split()) for item in items]


def own_rows(client: Client) -> list[str]:
    found = parse(client.get("/en/")).xpath("//ol[@class='rows']/li[.//*[@data-status]]")
    return [row.xpath(".//*[@class='what']/span")[0].text for row in found]


def test_each_recommendation_once_with_how_many_are_where(client: Client) -> None:
    assert counts(client) == {
        "som-12-1": ["1 Implemented", "1 In progress", "10 No information reported"],
        "som-12-2": ["12 No information reported"],
    }


def test_as_it_was_on_a_past_day(client: Client, editor: User) -> None:
    with time_machine.travel(LATER, tick=False):
        factories.record(of("ML"), editor, [factories.URL], status="not_started")
    with time_machine.travel(LATER + dt.timedelta(days=1), tick=False):
        factories.record(of("ML"), editor, [factories.URL], status="in_progress")
        assert "2 In progress" in counts(client)["som-12-1"]
        then = counts(client, "/en/?as_of=2099-03-01")
    assert then["som-12-1"] == [
        *("1 Implemented", "1 In progress", "1 Not started"),
        "9 No information reported",
    ]


def test_somebody_who_records_sees_their_own_state_above(client: Client, contributor: User) -> None:
    assert own_rows(client) == []
    client.force_login(contributor)
    assert own_rows(client) == ["Mali", "Mali"]
    assert len(spreads(client)) == 2
    assert client.get("/en/").content.decode().count("Record a follow-up to recommendation") == 2


def test_what_is_recorded_there_is_answered_there(client: Client, contributor: User) -> None:
    client.force_login(contributor)
    page, mali = parse(client.get("/en/")), of("ML")
    sent = {"note": "Un décret.", "status": "in_progress", "visibility": "public", "seen": "0"}
    sent |= {"place": "overview", "submission": str(uuid.uuid4())}
    answer = client.post(f"{PAGE}?state=ML", sent, headers=HTMX)
    swapped = swap(page, answer, "overview")
    assert same(swapped) == same(parse(client.get("/en/")))
    row = swapped.get_element_by_id(f"row-{mali.pk}")
    assert row.xpath(".//*[@data-status]/@data-status") == ["in_progress"]


def test_internal_entries_are_not_counted(client: Client, contributor: User) -> None:
    before = counts(client)
    factories.record(of("ML"), contributor, status="implemented", visibility="internal")
    client.force_login(contributor)
    assert counts(client) == before


def test_a_few_states_have_rows_of_their_own() -> None:
    assert not is_spread(6 * FEW, 6)
    assert is_spread(6 * FEW + 1, 6)
    assert not is_spread(0, 0)


def test_queries_do_not_grow_with_states(client: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/en/")
        return len(asked)

    asked()  # what a first page alone asks
    before = asked()
    with together():
        for code in ("BE", "BG", "BI"):
            factories.make_implementation(of("ML").recommendation, code)
        factories.make_implementation(factories.make_recommendation(number=3))
    assert asked() == before


def test_the_page_of_one_leads_to_all_states_and_where_each_stands(client: Client) -> None:
    said = states_of(client, PAGE)
    assert len(said) == len(STATES)
    told = [one for one in said if "No information" not in one]
    assert told == ["Niger In progress", "Senegal Implemented"]
    assert said[0] == "Algeria No information reported"  # by name, not by code (DZ)
    links = parse(client.get(PAGE)).xpath("//nav[@class='states']//a/@href")
    assert links[0] == f"{PAGE}?state=DZ"


def test_that_list_is_of_the_day_that_is_shown(client: Client, editor: User) -> None:
    with time_machine.travel(LATER, tick=False):
        factories.record(of("ML"), editor, [factories.URL], status="not_started")
    with time_machine.travel(LATER + dt.timedelta(days=1), tick=False):
        assert "Mali No information reported" in states_of(client, f"{PAGE}?as_of=2099-02-28")
        assert "Mali Not started" in states_of(client, PAGE)


def test_all_recommendations_are_those_of_the_meeting(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("tracker.views.overview.ROWS", 1)
    links = parse(client.get("/en/")).xpath("//a[text()='All recommendations']/@href")
    assert links == ["/en/recommendations/?meeting=som-12"]


def test_the_way_to_what_changed_is_of_the_meeting_and_the_day(client: Client) -> None:
    changes = "//p[@class='as-of']/a/@href"
    assert parse(client.get("/en/")).xpath(changes) == ["/en/changes/"]
    factories.make_earlier()
    later: dict[str, Any] = {"starts_on": dt.date(2026, 10, 8), "ends_on": dt.date(2026, 10, 9)}
    factories.make_implementation(
        factories.make_recommendation(1, factories.make_meeting(13, **later))
    )
    then = "/en/meetings/som-12/?as_of=2099-03-01"
    with time_machine.travel(LATER + dt.timedelta(days=1), tick=False):
        assert parse(client.get(then)).xpath(changes) == [
            "/en/changes/?meeting=som-12&to=2099-03-01"
        ]
        assert client.get("/en/changes/?meeting=som-12&to=2099-03-01").status_code == 200


def test_the_form_says_for_which_state_it_records(client: Client, editor: User) -> None:
    client.force_login(editor)
    for state, name in (("NE", "Niger"), ("SN", "Senegal")):
        page = parse(client.get(f"{PAGE}?state={state}"))
        assert name in page.get_element_by_id("record-h").text_content()
