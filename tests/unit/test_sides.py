"""Who says what follows from the public entries that stand: each speaker's last status."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.test_projection import START, entries, entry, public
from tracker.history.projection import Entry, places
from tracker.history.sides import Side, sides
from tracker.statuses import Kind, Visibility

WHOSE = {101: "A", 102: "B", 103: "A", 104: "B", 105: "C"}


def shown(*history: Entry, whose: dict[int, Any] = WHOSE) -> list[int]:
    return [side.entry for side in sides(history, whose)]


def test_two_that_differ_stand_side_by_side_newest_first() -> None:
    assert shown(entry(1, status="implemented"), entry(2, status="in_progress")) == [102, 101]


def test_where_all_say_the_same_there_are_no_sides() -> None:
    assert shown(entry(1, status="implemented"), entry(2, status="implemented")) == []


def test_one_speaker_who_changed_is_not_two() -> None:
    assert shown(entry(1, status="implemented"), entry(3, status="in_progress")) == []


def test_each_is_shown_by_what_it_said_last() -> None:
    first, second, third = (
        entry(n, status=s) for n, s in ((1, "not_started"), (2, "in_progress"), (3, "implemented"))
    )
    assert shown(first, second, third) == [103, 102]


def test_who_agrees_with_one_side_is_shown_too() -> None:
    said = ((1, "implemented"), (2, "in_progress"), (5, "implemented"))
    assert shown(*(entry(n, status=s) for n, s in said)) == [105, 102, 101]


def test_an_amendment_stands_where_the_amended_stood() -> None:
    amendment = entry(4, kind=Kind.AMENDMENT, target=102, status="not_started")
    history = [entry(2, status="in_progress"), entry(3, status="implemented"), amendment]
    assert shown(*history) == [103, 104]
    assert sides(history, WHOSE)[1] == Side(104, *[(START + dt.timedelta(days=2)).date()] * 2)


def test_what_was_taken_back_is_gone() -> None:
    retraction = entry(4, kind=Kind.RETRACTION, target=102)
    assert shown(entry(1, status="implemented"), entry(2, status="in_progress"), retraction) == []


def test_internal_entries_are_no_side() -> None:
    inside = entry(2, status="in_progress", visibility=Visibility.INTERNAL)
    assert shown(entry(1, status="implemented"), inside) == []


def test_since_when_it_says_so() -> None:
    history = [entry(1, status="implemented"), entry(2, status="in_progress")]
    again = entry(3, status="implemented")
    newest = sides([*history, again], WHOSE)[0]
    assert (newest.day - newest.since).days == 2


@settings(max_examples=50)
@given(history=entries(), whose=st.lists(st.sampled_from("AB"), min_size=9, max_size=9))
def test_sides_are_what_stands_and_differ(history: Sequence[Entry], whose: list[str]) -> None:
    speakers = {101 + n: who for n, who in enumerate(whose)}
    found = sides(history, speakers)
    standing = {p.stands.id: p.stands for p in places(public(history)) if p.stands}
    statuses = [standing[side.entry].status for side in found]
    assert len({speakers[side.entry] for side in found}) == len(found)
    assert all(side.since <= side.day or standing[side.entry].happened_on for side in found)
    assert found == [] or len(set(statuses)) > 1
