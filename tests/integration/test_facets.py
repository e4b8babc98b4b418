"""The list by facets: always in step with the record, counted with the other filters, paged by key."""

import datetime as dt
import re
from collections.abc import Callable
from itertools import chain
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from tests import factories
from tests.htmx import parse
from tracker import paging
from tracker.actions import facets
from tracker.actions.ledger import together
from tracker.actions.records import delete_record, save_record
from tracker.actions.redactions import redact_entry
from tracker.facets import ALL, Sets
from tracker.models import Facet, Implementation, RecommendationTheme, User
from tracker.statuses import Status

LIST = "/en/recommendations/"


@pytest.fixture(scope="module")
def made(shared_by_module: None) -> list[int]:
    return [implementation.pk for implementation in factories.make_several()]


@pytest.fixture
def several(made: list[int], db: None) -> list[Implementation]:
    found = Implementation.objects.select_related("recommendation__meeting").in_bulk(made)
    return [found[pk] for pk in made]


# --- In step ------------------------------------------------------------------------------------------


def record(rows: list[Implementation], editor: User) -> None:
    factories.record(rows[0], editor, [factories.URL], status=Status.IN_PROGRESS)


def record_twice_in_one_step(rows: list[Implementation], editor: User) -> None:
    """What was true between them was never written: it goes from where it was to where it is."""
    with together(by=editor):
        for status in (Status.IN_PROGRESS, Status.IMPLEMENTED):
            factories.record(rows[0], editor, [factories.URL], status=status)


def amend(rows: list[Implementation], editor: User) -> None:
    entry = factories.record(rows[0], editor, [factories.URL], status=Status.IN_PROGRESS)
    factories.amend(entry, editor, [factories.URL], status=Status.IMPLEMENTED)


def retract(rows: list[Implementation], editor: User) -> None:
    entry = factories.record(rows[0], editor, [factories.URL], status=Status.IN_PROGRESS)
    factories.retract(entry, by=editor)


def redact(rows: list[Implementation], editor: User) -> None:
    entry = factories.record(rows[0], editor, [factories.URL], note="Un nom.")
    administrator = factories.make_user("administrator")
    told = "Données personnelles d’une victime"
    redact_entry(by=administrator, entry=entry, reason=told, channel="command")


def add_a_state(rows: list[Implementation], editor: User) -> None:
    factories.make_implementation(rows[0].recommendation, state="TG")


def delete(rows: list[Implementation], editor: User) -> None:
    with factories.on_its_day(rows[0]):
        delete_record(by=editor, record=rows[0])


def give_a_theme(rows: list[Implementation], editor: User) -> None:
    link: Any = RecommendationTheme(
        recommendation=rows[0].recommendation, theme=factories.make_theme("Droits", "rights")
    )
    save_record(by=editor, record=link)


def take_a_theme(rows: list[Implementation], editor: User) -> None:
    links = rows[0].recommendation.theme_links
    delete_record(by=editor, record=links.first())  # type: ignore[arg-type]


def renumber(rows: list[Implementation], editor: User) -> None:
    recommendation = rows[0].recommendation
    recommendation.number = 9
    save_record(by=editor, record=recommendation, changed=["number"])


def date_a_meeting_anew(rows: list[Implementation], editor: User) -> None:
    meeting = rows[0].recommendation.meeting
    meeting.starts_on = dt.date(2020, 1, 1)
    save_record(by=editor, record=meeting, changed=["starts_on"])


WRITES = [record, amend, retract, redact, add_a_state, delete, give_a_theme, take_a_theme]
WRITES += [renumber, date_a_meeting_anew, record_twice_in_one_step]


@pytest.mark.parametrize("write", WRITES)
def test_after_each_write_they_are_what_the_record_says(
    several: list[Implementation], editor: User, write: Callable[..., None]
) -> None:
    write(several, editor)
    assert facets.rebuild() == []


def test_what_somebody_changed_by_hand_is_found_and_mended(
    several: list[Implementation], capsys: Any
) -> None:
    Facet.objects.filter(name="state").delete()
    Implementation.objects.filter(pk=several[0].pk).update(place=5)
    with pytest.raises(SystemExit):
        call_command("rebuild_projection", "--check")
    assert "list: state ML" in capsys.readouterr().out
    call_command("rebuild_projection")
    assert facets.rebuild() == []


def test_a_set_read_before_is_not_read_again(
    several: list[Implementation], django_assert_num_queries: Any
) -> None:
    Sets()
    with django_assert_num_queries(1):
        assert len(Sets()[ALL]) == 7


def test_a_rolled_back_write_leaves_no_trace_in_memory(
    several: list[Implementation], editor: User
) -> None:
    with transaction.atomic():
        record(several, editor)
        assert Sets()["status", "in_progress"]
        transaction.set_rollback(True)
    assert not Sets()["status", "in_progress"]


# --- What is offered ---------------------------------------------------------------------------------


def test_choices_that_leave_nothing_are_not_offered(
    client: Client, several: list[Implementation]
) -> None:
    page = parse(client.get(f"{LIST}?meeting=som-11"))
    told = [option.text for option in page.get_element_by_id("id_status").iter("option")]
    assert told == ["Any status", "No information reported (3)"]


def test_a_choice_made_stays_though_it_leaves_nothing(
    client: Client, several: list[Implementation]
) -> None:
    page = parse(client.get(f"{LIST}?status=implemented"))
    chosen = page.get_element_by_id("id_status").xpath(".//option[@selected]/text()")
    assert chosen == ["Implemented (0)"]


# --- Paged by key -------------------------------------------------------------------------------------


def keys(page: Any) -> list[str]:
    links = page.xpath("//li[@class='row']//div[@class='what']/a/@href")
    found = [re.search(r"/([a-z0-9-]+)/\?state=(..)", link) for link in links]
    return [f"{match[1]}:{match[2]}" for match in found if match]


def walk(client: Client, address: str, rel: str) -> list[list[str]]:
    pages = []
    while True:
        page = parse(client.get(address))
        pages.append(keys(page))
        links = page.xpath(f"//a[@rel='{rel}']/@href")
        if not links:
            return pages
        address = links[0]


@pytest.fixture(params=[1000, 1], ids=["named", "walked"])
def small_pages(request: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "SIZE", 2)
    monkeypatch.setattr(paging, "MANY", request.param)


@pytest.mark.parametrize("query", ["", "state=NE", "as_of=2099-01-02"])
def test_pages_show_each_row_once_and_in_order(
    client: Client, several: list[Implementation], small_pages: None, query: str
) -> None:
    with time_machine.travel("2099-01-03", tick=False):
        pages = walk(client, f"{LIST}?{query}", "next")
        rows = Implementation.objects.order_by("place")
        if "NE" in query:
            rows = rows.filter(state="NE")
        assert list(chain(*pages)) == [row.key for row in rows]
        assert {len(page) for page in pages[:-1]} == {2}
        back = walk(client, f"{LIST}?{query}&after={pages[-2][-1]}", "prev")
        assert list(chain(*reversed(back)))[-len(pages[-1]) :] == pages[-1]
        assert {key for page in back for key in page} == {row.key for row in rows}


def test_pages_of_a_search_go_back_as_they_came(
    client: Client, several: list[Implementation], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Best first, which is another order than that of the list."""
    monkeypatch.setattr(paging, "SIZE", 2)
    pages = walk(client, f"{LIST}?q=som", "next")
    assert [len(page) for page in pages] == [2, 2, 2, 1]
    back = walk(client, f"{LIST}?q=som&before={pages[-1][0]}", "prev")
    assert back[::-1] == pages[:-1]
    assert list(chain(*pages)) != [row.key for row in Implementation.objects.order_by("place")]


def test_a_page_begins_where_it_began_though_rows_were_added_before(
    client: Client, several: list[Implementation], monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"{LIST}?after=som-12-2:ML"
    before = keys(parse(client.get(address)))
    newer = factories.make_meeting(13, starts_on=dt.date(2026, 10, 8), ends_on=dt.date(2026, 10, 9))
    factories.make_implementation(factories.make_recommendation(1, newer))
    assert keys(parse(client.get(address))) == before


def test_a_start_that_is_not_there_is_not_found(
    client: Client, several: list[Implementation]
) -> None:
    assert client.get(f"{LIST}?after=som-12-9:ML").status_code == 404


@pytest.mark.parametrize("query", ["after=nonsense", "after=som-12-1:ML&before=som-12-1:ML"])
def test_a_start_that_is_none_is_told_how_one_is_written(
    client: Client, several: list[Implementation], query: str
) -> None:
    answer = client.get(f"{LIST}?{query}")
    assert answer.status_code == 400
    assert "such as som-12-1:ML" in answer.content.decode()


def test_states_are_offered_by_their_names_in_the_language(
    client: Client, several: list[Implementation]
) -> None:
    factories.make_implementation(several[0].recommendation, state="ES")  # Espagne, Spain
    for path, names in (
        ("/recommendations/", ["Espagne", "Mali", "Niger"]),
        (LIST, ["Mali", "Niger", "Spain"]),
        (f"{LIST}?as_of={dt.datetime.now(dt.UTC).date()}", ["Mali", "Niger", "Spain"]),
    ):
        offered = parse(client.get(path)).get_element_by_id("id_state").iter("option")
        assert [option.text.split(" (")[0] for option in offered][1:] == names
