"""The table of recommendations and States: some of its rows, and some of the States that they are for."""

import datetime as dt
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from tracker.folding import alphabetical
from tracker.models import Body, Implementation, Meeting, Recommendation, Standing, State
from tracker.models.implementations import ImplementationQuerySet, basis_of
from tracker.models.recommendations import Place, RecommendationQuerySet
from tracker.past import Past
from tracker.permissions import AnyUser
from tracker.statuses import Status

ROWS = 25
COLUMNS = 30


class Cell(NamedTuple):
    """Where one implementation stands, and nothing else of it."""

    recommendation: int
    state: str
    status: str = Status.NO_INFORMATION
    status_entry: int | None = None
    reported_entry: int | None = None

    @property
    def basis(self) -> str:
        return basis_of(self.status_entry, self.reported_entry)


@dataclass(frozen=True)
class Row:
    """A recommendation, with a cell for each State that is shown: None where it is not for that one."""

    recommendation: Recommendation
    cells: list[tuple[State, Cell | None]]


@dataclass(frozen=True)
class Part:
    """States that are shown together, by the first and the last of them."""

    first: State
    last: State
    is_shown: bool


@dataclass(frozen=True)
class Matrix:
    """``parts`` are all of the States, where they are more than one; ``following`` is the place after which
    more recommendations follow."""

    states: list[State]
    parts: list[Part]
    rows: list[Row]
    following: Place | None


@dataclass(frozen=True)
class Chosen:
    """What of the whole table: recommendations of a meeting, or of all meetings (of a body), from a place
    on; and the States among which ``state`` is, or would be."""

    meeting: Meeting | None
    body: Body | None
    after: Place | None
    state: State | None


def newest_meeting(body: str, past: Past | None) -> Meeting | None:
    """The newest meeting (of the body of that slug) of which something is, or was, tracked."""
    meetings = _meetings(past).select_related("body")
    return (meetings.filter(body__slug=body) if body else meetings).first()


def matrix(user: AnyUser, chosen: Chosen, past: Past | None) -> Matrix:
    """``ROWS`` recommendations and ``COLUMNS`` States, in a number of queries that does not grow."""
    moment = past.moment if past else None
    found = list(_recommendations(chosen, past)[: ROWS + 1])
    following = found[ROWS - 1].place_in_lists if len(found) > ROWS else None
    del found[ROWS:]
    rows = Implementation.objects.visible_to(user).tracked(moment)
    rows = rows.filter(recommendation__in=[one.pk for one in found])
    parts = _parts(rows)
    shown = _shown(parts, chosen.state)
    states = parts[shown] if parts else []
    cells = _cells(rows.filter(state__in=[state.pk for state in states]), moment)
    if past:
        past.reword(found)
    named = [Part(part[0], part[-1], n == shown) for n, part in enumerate(parts)]
    return Matrix(states, named[1:] and named, _rows(found, states, cells), following)


def _meetings(past: Past | None) -> QuerySet[Meeting]:
    """Those of which something is, or was, tracked, newest first."""
    tracked = Recommendation.objects.tracked(past.moment if past else None)
    return Meeting.objects.filter(Exists(tracked.filter(meeting=OuterRef("pk"))))


def _recommendations(chosen: Chosen, past: Past | None) -> RecommendationQuerySet:
    """From the place on. They are looked for in as many meetings as could be needed, not in all: each has
    one of them at least, and the database need not put all recommendations in order."""
    rows: RecommendationQuerySet = Recommendation.objects.tracked(past.moment if past else None)
    if chosen.meeting:
        rows = rows.filter(meeting=chosen.meeting)
    else:
        meetings = _meetings(past)
        if chosen.body:
            meetings = meetings.filter(body=chosen.body)
        if chosen.after:
            day, pk = chosen.after.meeting.starts_on, chosen.after.meeting.pk
            meetings = meetings.filter(Q(starts_on__lt=day) | Q(starts_on=day, pk__gte=pk))
        ordered = meetings.order_by("-starts_on", "pk").values_list("pk", flat=True)
        rows = rows.filter(meeting__in=list(ordered[: ROWS + 2]))
    if chosen.after:
        rows = rows.filter(chosen.after.followed_by())
    return rows.for_list().order_by("-meeting__starts_on", "meeting_id", "number")


def _parts(rows: ImplementationQuerySet) -> list[list[State]]:
    """The States of these rows by their names in the reader's language, ``COLUMNS`` at a time."""
    codes = rows.order_by().values_list("state", flat=True).distinct()
    states = sorted((State(code=code) for code in codes), key=_by_name)
    return [states[n : n + COLUMNS] for n in range(0, len(states), COLUMNS)]


def _shown(parts: list[list[State]], state: State | None) -> int:
    """Which part has that State, or would have it: addresses stay good as States come and go."""
    if state is None or not parts:
        return 0
    lasts = [_by_name(part[-1]) for part in parts]
    return min(bisect_left(lasts, _by_name(state)), len(parts) - 1)


def _by_name(state: State) -> tuple[str, str]:
    return alphabetical(state.name)


def _cells(rows: ImplementationQuerySet, moment: dt.datetime | None) -> list[Cell]:
    """Of each row, now or at a past moment; no more of it is read than a cell shows."""
    says = "status", "status_entry", "reported_entry"
    if moment is None:
        return [Cell(*row) for row in rows.values_list("recommendation", "state", *says)]
    found = {row: Cell(*row) for row in rows.values_list("recommendation", "state")}
    stood = Standing.objects.at(moment).filter(implementation__in=rows.order_by().values("pk"))
    at = "implementation__recommendation", "implementation__state"
    for row in stood.order_by().values_list(*at, *says):
        found[row[:2]] = Cell(*row)
    return list(found.values())


def _rows(
    found: Sequence[Recommendation], states: Sequence[State], cells: Sequence[Cell]
) -> list[Row]:
    by_place = {(cell.recommendation, cell.state): cell for cell in cells}
    return [Row(one, [(s, by_place.get((one.pk, s.code))) for s in states]) for one in found]
