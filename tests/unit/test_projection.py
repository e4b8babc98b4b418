"""Where an implementation stands follows from its entries alone."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from tracker.history.projection import Entry, Projection, advance, places, project
from tracker.statuses import Basis, Kind, Status, Visibility

START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def entry(sequence: int, **fields: Any) -> Entry:
    """Public, and recorded in the hour of its sequence; a status without a basis is reported."""
    said: dict[str, Any] = {
        "id": 100 + sequence,
        "sequence": sequence,
        "kind": Kind.FOLLOW_UP,
        "status": "",
        "basis": Basis.REPORTED if fields.get("status") else "",
        "visibility": Visibility.PUBLIC,
        "day": START.date() + dt.timedelta(days=sequence),
        "recorded_at": START + dt.timedelta(hours=sequence),
    }
    return Entry(**{**said, **fields})


@st.composite
def entries(draw: st.DrawFn, corrections: bool = True, internal: bool = True) -> list[Entry]:
    """A history as actions leave it: what is corrected stands, and stays as visible as it was."""
    made: list[Entry] = []
    standing: list[Entry] = []
    for sequence in range(1, draw(st.integers(0, 9)) + 1):
        target = draw(st.sampled_from([None, *standing])) if corrections else None
        kind = (
            draw(st.sampled_from([Kind.AMENDMENT, Kind.RETRACTION])) if target else Kind.FOLLOW_UP
        )
        silent = kind == Kind.RETRACTION
        status = "" if silent else draw(st.sampled_from(["", *Status.values]))
        new = entry(
            sequence,
            kind=kind,
            status=status,
            basis=draw(st.sampled_from(Basis.values)) if status else "",
            visibility=draw(st.sampled_from(Visibility.values if internal else ["public"])),
            day=draw(st.dates(dt.date(2025, 1, 1), dt.date(2026, 1, 1))),
            sources=frozenset() if silent else draw(st.frozensets(st.integers(1, 4), max_size=3)),
        )
        if target:
            new = replace(new, target=target.id, visibility=target.visibility)
            standing.remove(target)
        if not silent:
            standing.append(new)
        made.append(new)
    return made


def public(history: Sequence[Entry]) -> list[Entry]:
    return [e for e in history if e.visibility == Visibility.PUBLIC]


def cited(history: Sequence[Entry]) -> set[int]:
    """The sources of all that stands."""
    found = [place.stands for place in places(public(history)) if place.stands]
    return {source for e in found for source in e.sources}


def step(history: Sequence[Entry], before: Projection) -> Projection:
    """``advance`` by the last of ``history``."""
    *earlier, last = history
    return advance(before, last, len(last.sources - cited(earlier)))


@given(entries(corrections=False))
def test_going_forward_entry_by_entry_is_the_same_as_replaying_all(history: list[Entry]) -> None:
    ends = range(1, len(history) + 1)
    assert reduce(lambda p, n: step(history[:n], p), ends, Projection()) == project(history)


@given(entries())
def test_going_forward_is_the_same_after_corrections_too(history: list[Entry]) -> None:
    assume(history and history[-1].kind == Kind.FOLLOW_UP)
    assert step(history, project(history[:-1])) == project(history)


@given(entries())
def test_internal_entries_never_change_where_it_stands(history: list[Entry]) -> None:
    assert project(history) == project(public(history))


@given(entries(corrections=False), st.sampled_from(Status.values))
def test_an_internal_entry_moves_nothing_forward(history: list[Entry], status: str) -> None:
    before = project(history)
    new = entry(99, status=status, visibility=Visibility.INTERNAL, sources=frozenset({9}))
    assert advance(before, new, new_sources=1) == before


@given(entries(), st.randoms())
def test_the_order_in_which_entries_are_read_is_no_difference(
    history: list[Entry], random: Any
) -> None:
    mixed = list(history)
    random.shuffle(mixed)
    assert project(mixed) == project(history)


@given(entries(corrections=False, internal=False), st.data(), st.sampled_from(Status.values))
def test_amending_an_old_entry_does_not_make_it_the_current_one(
    history: list[Entry], data: Any, status: str
) -> None:
    assume(len(history) >= 2 and history[-1].status)
    old = data.draw(st.sampled_from(history[:-1]))
    new = entry(99, kind=Kind.AMENDMENT, target=old.id, status=status)
    after, before = project([*history, new]), project(history)
    assert (after.status, after.status_entry_id) == (before.status, before.status_entry_id)
    assert (after.last_entry_id, after.entry_count) == (before.last_entry_id, before.entry_count)


@given(entries(), st.data())
def test_an_entry_amended_to_the_same_words_changes_no_status_and_no_count(
    history: list[Entry], data: Any
) -> None:
    standing = [place.stands for place in places(history) if place.stands]
    assume(standing)
    old = data.draw(st.sampled_from(standing))
    again = replace(old, id=999, sequence=99, kind=Kind.AMENDMENT, target=old.id)
    for name in ("status", "status_since", "reported_status", "verified_status", "source_count"):
        assert getattr(project([*history, again]), name) == getattr(project(history), name)


@given(entries(corrections=False, internal=False), st.data())
def test_what_is_retracted_counts_as_never_said(history: list[Entry], data: Any) -> None:
    assume(history)
    gone = data.draw(st.sampled_from(history))
    new = entry(99, kind=Kind.RETRACTION, target=gone.id)
    without = project([e for e in history if e != gone])
    assert project([*history, new]) == replace(without, last_activity_at=new.recorded_at)


@given(entries(corrections=False, internal=False))
def test_when_all_is_retracted_nothing_is_known(history: list[Entry]) -> None:
    assume(history)
    retractions = [entry(50 + e.sequence, kind=Kind.RETRACTION, target=e.id) for e in history]
    last = retractions[-1].recorded_at
    assert project([*history, *retractions]) == Projection(last_activity_at=last)


def test_nothing_recorded() -> None:
    assert project([]) == Projection()
    assert Projection().status == Status.NO_INFORMATION


def test_reported_and_verified_stand_side_by_side() -> None:
    verified = entry(1, status=Status.NOT_STARTED, basis=Basis.VERIFIED, sources=frozenset({1}))
    found = project([verified, entry(2, status=Status.IMPLEMENTED)])
    assert (found.verified_status, found.verified_entry_id) == (Status.NOT_STARTED, 101)
    assert (found.reported_status, found.reported_entry_id) == (Status.IMPLEMENTED, 102)
    assert (found.status, found.status_since) == (Status.IMPLEMENTED, dt.date(2026, 1, 3))


def test_the_last_one_recorded_is_current_whenever_it_happened() -> None:
    late = entry(2, status=Status.IN_PROGRESS, day=dt.date(2020, 1, 1))
    found = project([entry(1, status=Status.IMPLEMENTED), late])
    assert (found.status, found.status_since) == (Status.IN_PROGRESS, dt.date(2020, 1, 1))


def test_retracting_the_current_status_brings_back_the_one_before() -> None:
    history = [entry(1, status=Status.IN_PROGRESS), entry(2, status=Status.IMPLEMENTED)]
    found = project([*history, entry(3, kind=Kind.RETRACTION, target=102)])
    assert (found.status, found.status_entry_id) == (Status.IN_PROGRESS, 101)


def test_an_amendment_stands_in_the_place_of_what_it_amends() -> None:
    first, second = entry(1, status=Status.IN_PROGRESS), entry(2)
    amended = entry(3, kind=Kind.AMENDMENT, target=101, status=Status.NOT_STARTED)
    found = project([first, second, amended])
    assert (found.status, found.status_entry_id, found.last_entry_id) == ("not_started", 103, 102)


def test_retracting_an_amendment_takes_the_whole_place_back() -> None:
    history = [entry(1, status=Status.IN_PROGRESS), entry(2, kind=Kind.AMENDMENT, target=101)]
    found = project([*history, entry(3, kind=Kind.RETRACTION, target=102)])
    assert (found.entry_count, found.status, found.last_entry_id) == (0, "no_information", None)


def test_a_source_counts_once_while_something_that_stands_cites_it() -> None:
    history = [entry(1, sources=frozenset({7})), entry(2, sources=frozenset({7, 8}))]
    gone = entry(3, kind=Kind.RETRACTION, target=102)
    assert project(history).source_count == 2
    assert project([*history, gone]).source_count == 1


def test_a_place_keeps_all_its_versions_in_order() -> None:
    history = [
        entry(1),
        entry(2, kind=Kind.AMENDMENT, target=101),
        entry(3, kind=Kind.RETRACTION, target=102),
    ]
    (place,) = places(history)
    assert (place.first, place.stands, place.versions) == (history[0], None, history)
