"""Where an implementation stands follows from its entries alone."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from itertools import groupby
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tracker.history.projection import Entry, Place, Projection, advance, places, project, replay
from tracker.statuses import SAYING, Basis, Kind, Status, Visibility

START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def entry(sequence: int, **fields: Any) -> Entry:
    """Public, and recorded on the day of its sequence; a status without a basis is reported."""
    said: dict[str, Any] = {
        "id": 100 + sequence,
        "sequence": sequence,
        "kind": Kind.FOLLOW_UP,
        "status": "",
        "basis": Basis.REPORTED if fields.get("status") else "",
        "visibility": Visibility.PUBLIC,
        "happened_on": None,
        "recorded_at": START + dt.timedelta(days=sequence),
    }
    return Entry(**{**said, **fields})


def _kinds(target: Entry | None) -> list[Kind]:
    if target is None:
        return [Kind.FOLLOW_UP, Kind.FOLLOW_UP, Kind.FOLLOW_UP, Kind.CONFIRMATION]
    if target.kind == Kind.CONFIRMATION:  # it says nothing that could be amended
        return [Kind.RETRACTION]
    return [Kind.AMENDMENT, Kind.RETRACTION]


@st.composite
def entries(draw: st.DrawFn, corrections: bool = True, internal: bool = True) -> list[Entry]:
    """A history as actions leave it: what is corrected stands, and stays as visible as it was."""
    made: list[Entry] = []
    standing: list[Entry] = []
    for sequence in range(1, draw(st.integers(0, 9)) + 1):
        target = draw(st.sampled_from([None, *standing])) if corrections else None
        kind = draw(st.sampled_from(_kinds(target)))
        silent = kind in (Kind.RETRACTION, Kind.CONFIRMATION)
        status = "" if silent else draw(st.sampled_from(["", *Status.values]))
        new = entry(
            sequence,
            kind=kind,
            status=status,
            basis=draw(st.sampled_from(Basis.values)) if status else "",
            visibility=draw(st.sampled_from(Visibility.values if internal else ["public"])),
            happened_on=None
            if silent
            else draw(st.none() | st.dates(dt.date(2025, 1, 1), START.date())),
            sources=frozenset() if silent else draw(st.frozensets(st.integers(1, 4), max_size=3)),
        )
        if target:
            new = replace(new, target=target.id, visibility=target.visibility)
            standing.remove(target)
        if kind != Kind.RETRACTION:
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
    assume(history and history[-1].target is None)
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
    said = [e for e in history[:-1] if e.kind in SAYING]
    assume(said)
    old = data.draw(st.sampled_from(said))
    new = entry(99, kind=Kind.AMENDMENT, target=old.id, status=status)
    after, before = project([*history, new]), project(history)
    assert (after.status, after.status_entry_id) == (before.status, before.status_entry_id)
    assert (after.last_entry_id, after.entry_count) == (before.last_entry_id, before.entry_count)


@given(entries(), st.data())
def test_an_entry_amended_to_the_same_words_changes_no_status_and_no_count(
    history: list[Entry], data: Any
) -> None:
    standing = [p.stands for p in places(history) if p.stands and p.stands.kind in SAYING]
    assume(standing)
    old = data.draw(st.sampled_from(standing))
    later = START + dt.timedelta(days=99)
    again = replace(old, id=999, sequence=99, kind=Kind.AMENDMENT, target=old.id, recorded_at=later)
    for name in ("status", "status_since", "reported_status", "verified_status", "source_count"):
        assert getattr(project([*history, again]), name) == getattr(project(history), name)


@given(entries(corrections=False, internal=False), st.data())
def test_what_is_retracted_counts_as_never_said(history: list[Entry], data: Any) -> None:
    assume(history)
    gone = data.draw(st.sampled_from(history))
    new = entry(99, kind=Kind.RETRACTION, target=gone.id)
    without = project([e for e in history if e != gone])
    expected = without
    if gone.kind != Kind.CONFIRMATION:  # taken back, it was as if nobody had looked
        now = new.recorded_at
        expected = replace(without, last_activity_at=now, last_changed_at=now)
    assert project([*history, new]) == expected


@given(entries(corrections=False, internal=False))
def test_when_all_is_retracted_nothing_is_known(history: list[Entry]) -> None:
    assume(history)
    retractions = [entry(50 + e.sequence, kind=Kind.RETRACTION, target=e.id) for e in history]
    known = project([*history, *retractions])
    last = known.last_changed_at
    assert known == Projection(last_activity_at=last, last_changed_at=last)


# --- Confirmed, no change, and what took words away -----------------------------------------------


@given(entries())
def test_a_confirmation_changes_only_when_somebody_last_looked(history: list[Entry]) -> None:
    new = entry(99, kind=Kind.CONFIRMATION)
    now = new.recorded_at
    expected = replace(project(history), last_activity_at=now, last_confirmed_at=now)
    assert project([*history, new]) == expected


def test_a_confirmation_that_is_taken_back_confirms_nothing() -> None:
    history = [entry(1), entry(2, kind=Kind.CONFIRMATION)]
    found = project([*history, entry(3, kind=Kind.RETRACTION, target=102)])
    assert found.last_confirmed_at is None
    assert found.last_activity_at == found.last_changed_at == history[0].recorded_at


@given(entries())
def test_a_redaction_moves_nothing(history: list[Entry]) -> None:
    assert project([*history, entry(99, kind=Kind.REDACTION)]) == project(history)


@given(entries())
def test_what_stood_after_each_entry_is_what_the_entries_so_far_say(history: list[Entry]) -> None:
    stood = dict(replay(history))
    assert list(stood) == [e.recorded_at for e in public(history)]
    for number, last in enumerate(history, start=1):
        if last.visibility == Visibility.PUBLIC:
            assert stood[last.recorded_at] == project(history[:number])


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
    late = entry(2, status=Status.IN_PROGRESS, happened_on=dt.date(2020, 1, 1))
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


# --- Places, and since when ----------------------------------------------------------------------


def test_a_place_has_its_first_entry_and_the_one_that_stands() -> None:
    first = entry(1)
    amended = entry(2, kind=Kind.AMENDMENT, target=101)
    again = entry(3, kind=Kind.AMENDMENT, target=102)
    gone = entry(4, kind=Kind.RETRACTION, target=103)
    for history, stands in (
        ([first], first),
        ([first, amended], amended),
        ([first, amended, again], again),
        ([first, amended, again, gone], None),
    ):
        (place,) = places(history)
        assert (place.first, place.stands) == (first, stands)


def test_an_entry_was_recorded_on_its_day_of_utc() -> None:
    behind = dt.timezone(-dt.timedelta(hours=3))
    late = dt.datetime(2026, 2, 12, 22, 30, tzinfo=behind)
    assert entry(1, recorded_at=late).recorded_on == dt.date(2026, 2, 13)


FIRST_DAY, OTHER_DAY = dt.date(2025, 5, 1), dt.date(2025, 6, 1)
RECORDED = START.date() + dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("given", "amended", "day"),
    [
        (None, None, RECORDED),
        (None, OTHER_DAY, OTHER_DAY),
        (FIRST_DAY, OTHER_DAY, OTHER_DAY),
        # It says what happened all anew: a day that it takes back is not known any more.
        (FIRST_DAY, None, RECORDED),
    ],
)
def test_an_amendment_keeps_the_day_of_its_place_unless_it_gives_one(
    given: dt.date | None, amended: dt.date | None, day: dt.date
) -> None:
    history = [
        entry(1, status=Status.IN_PROGRESS, happened_on=given),
        entry(5, kind=Kind.AMENDMENT, target=101, status=Status.IN_PROGRESS, happened_on=amended),
    ]
    assert [place.day for place in places(history)] == [day]
    assert project(history).status_since == day


def test_an_amendment_of_an_amendment_keeps_the_day_of_the_first() -> None:
    history = [
        entry(1, status=Status.IN_PROGRESS),
        entry(5, kind=Kind.AMENDMENT, target=101, status=Status.NOT_STARTED),
        entry(9, kind=Kind.AMENDMENT, target=105, status=Status.IMPLEMENTED),
    ]
    found = project(history)
    assert (found.status, found.status_since) == (Status.IMPLEMENTED, RECORDED)


def test_what_is_retracted_has_the_day_on_which_it_was_recorded() -> None:
    history = [entry(1, happened_on=FIRST_DAY), entry(2, kind=Kind.RETRACTION, target=101)]
    assert [place.day for place in places(history)] == [RECORDED]


@given(entries(), st.sampled_from(Basis.values), st.none() | st.dates())
def test_saying_the_same_status_again_does_not_renew_it(
    history: list[Entry], basis: str, day: dt.date | None
) -> None:
    before = project(history)
    assume(before.status_entry_id)
    again = entry(99, status=before.status, basis=basis, happened_on=day)
    after = project([*history, again])
    assert (after.status, after.status_since) == (before.status, before.status_since)
    assert after.status_entry_id == again.id
    assert advance(before, again, new_sources=0) == after


@given(entries())
def test_a_status_stands_since_the_first_entry_of_its_last_run(history: list[Entry]) -> None:
    standing = [place for place in places(public(history)) if place.stands and place.stands.status]
    runs = [list(run) for _status, run in groupby(standing, key=_status_of)]
    assert project(history).status_since == (runs[-1][0].day if runs else None)


def _status_of(place: Place) -> str:
    return place.stands.status if place.stands else ""


def test_a_status_that_comes_back_stands_since_it_came_back() -> None:
    said = [Status.IN_PROGRESS, Status.IMPLEMENTED, Status.IN_PROGRESS, "", Status.IN_PROGRESS]
    history = [entry(n, status=status) for n, status in enumerate(said, start=1)]
    assert project(history).status_since == dt.date(2026, 1, 4)


def test_retracting_what_came_between_joins_the_two_runs() -> None:
    said = [Status.IN_PROGRESS, Status.IMPLEMENTED, Status.IN_PROGRESS]
    history = [entry(n, status=status) for n, status in enumerate(said, start=1)]
    gone = entry(4, kind=Kind.RETRACTION, target=102)
    found = project([*history, gone])
    assert (found.status_entry_id, found.status_since) == (103, RECORDED)


def test_no_information_that_somebody_states_has_a_day_too() -> None:
    stated = entry(1, status=Status.NO_INFORMATION)
    found = project([stated])
    assert (found.status_entry_id, found.status_since) == (101, RECORDED)
    assert advance(Projection(), stated, new_sources=0) == found


def test_a_clock_that_was_set_back_makes_no_step_back() -> None:
    """An earlier version trusted the clock: two entries at one moment, one before the other's."""
    moments = [START, START, START - dt.timedelta(seconds=9)]
    history = [entry(n, recorded_at=moment) for n, moment in enumerate(moments, start=1)]
    since = [moment for moment, _stood in replay(history)]
    assert since == [START + dt.timedelta(microseconds=n) for n in range(3)]
