"""Where an implementation stands, derived from its entries alone: pure functions, no database.

What stands is what the public entries say that nobody retracted, each as last amended. An amendment takes
the place of the entry that it amends, so that correcting an old entry does not make it the newest. The
current status is the last one recorded; reported and verified stand side by side. A confirmation says that
somebody looked and nothing moved: it changes nothing but when that was. A redaction takes words away, not
what followed from them.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tracker.statuses import SAYING, Basis, Kind, Status, Visibility


@dataclass(frozen=True)
class Entry:
    """What a projection needs of an entry. ``target`` is an entry's id; ``sources`` are sources' ids."""

    id: int
    sequence: int
    kind: str
    status: str
    basis: str
    visibility: str
    happened_on: dt.date | None
    recorded_at: dt.datetime
    target: int | None = None
    sources: frozenset[int] = frozenset()

    @property
    def recorded_on(self) -> dt.date:
        """The day on which it was recorded (UTC)."""
        return self.recorded_at.astimezone(dt.UTC).date()


@dataclass(frozen=True)
class Projection:
    """The derived columns of an implementation, by their names there."""

    status: str = Status.NO_INFORMATION
    status_since: dt.date | None = None
    status_entry_id: int | None = None
    reported_status: str = ""
    reported_entry_id: int | None = None
    verified_status: str = ""
    verified_entry_id: int | None = None
    last_entry_id: int | None = None
    last_activity_at: dt.datetime | None = None
    last_changed_at: dt.datetime | None = None
    last_confirmed_at: dt.datetime | None = None
    entry_count: int = 0
    source_count: int = 0


@dataclass
class Place:
    """A place in the timeline: the first entry there, and the one whose words stand (none: retracted)."""

    first: Entry
    stands: Entry | None

    @property
    def day(self) -> dt.date:
        """When it happened; else when it was first recorded: mending a word does not make it later."""
        happened_on = self.stands.happened_on if self.stands else None
        return happened_on or self.first.recorded_on


def places(entries: Iterable[Entry]) -> list[Place]:
    """The timeline's places in order of sequence, each correction applied where it belongs."""
    by_version: dict[int, Place] = {}
    found: list[Place] = []
    for entry in sorted(entries, key=lambda e: e.sequence):
        place = by_version.get(entry.target) if entry.target is not None else None
        if place is None:
            place = Place(first=entry, stands=entry)
            found.append(place)
        else:
            place.stands = None if entry.kind == Kind.RETRACTION else entry
        by_version[entry.id] = place
    return found


def project(entries: Iterable[Entry]) -> Projection:
    """Where an implementation stands after all of ``entries`` (of one implementation, in any order)."""
    public = [e for e in entries if e.visibility == Visibility.PUBLIC and e.kind != Kind.REDACTION]
    found = places(public)
    standing = [(p, p.stands) for p in found if p.stands is not None and p.stands.kind in SAYING]
    statuses = [(place, entry) for place, entry in standing if entry.status]
    current = statuses[-1][1] if statuses else None
    reported = _last(statuses, Basis.REPORTED)
    verified = _last(statuses, Basis.VERIFIED)
    confirmed = [p for p in found if p.first.kind == Kind.CONFIRMATION]
    not_changing = {p.first.id for p in confirmed}
    changed = [e for e in public if e.id not in not_changing and e.target not in not_changing]
    confirmations = [p.first for p in confirmed if p.stands is not None]
    return Projection(
        status=current.status if current else Status.NO_INFORMATION,
        status_since=since_when(statuses),
        status_entry_id=current.id if current else None,
        reported_status=reported.status if reported else "",
        reported_entry_id=reported.id if reported else None,
        verified_status=verified.status if verified else "",
        verified_entry_id=verified.id if verified else None,
        last_entry_id=standing[-1][1].id if standing else None,
        last_activity_at=_latest([*changed, *confirmations]),
        last_changed_at=_latest(changed),
        last_confirmed_at=_latest(confirmations),
        entry_count=len(standing),
        source_count=len({source for _place, e in standing for source in e.sources}),
    )


def advance(before: Projection, entry: Entry, new_sources: int) -> Projection:
    """The same as ``project`` for one more entry that corrects none, without reading the others.

    ``new_sources`` is how many of its sources no standing public entry cited before. That the two agree
    is a property test.
    """
    if entry.visibility != Visibility.PUBLIC:
        return before
    values = dict(before.__dict__)
    values.update(last_activity_at=_later(entry.recorded_at, before.last_activity_at))
    if entry.kind == Kind.CONFIRMATION:
        values.update(last_confirmed_at=_later(entry.recorded_at, before.last_confirmed_at))
        return Projection(**values)
    values.update(
        last_entry_id=entry.id,
        last_changed_at=_later(entry.recorded_at, before.last_changed_at),
        entry_count=before.entry_count + 1,
        source_count=before.source_count + new_sources,
    )
    if entry.status:
        values.update(status=entry.status, status_entry_id=entry.id)
        if before.status_entry_id is None or entry.status != before.status:
            values["status_since"] = entry.happened_on or entry.recorded_on
        values[f"{entry.basis}_status"] = entry.status
        values[f"{entry.basis}_entry_id"] = entry.id
    return Projection(**values)


def replay(entries: Iterable[Entry]) -> Iterator[tuple[dt.datetime, Projection]]:
    """Where an implementation stood after each of its public entries, in order, and since when.

    ``project`` after a correction, ``advance`` between: long histories are long because people add. Moments
    go strictly forward, also where an earlier version trusted a clock that was set back.
    """
    seen: list[Entry] = []
    since: dt.datetime | None = None
    stood, sources = Projection(), frozenset[int]()
    for entry in sorted(entries, key=lambda e: e.sequence):
        if entry.visibility != Visibility.PUBLIC or entry.kind == Kind.REDACTION:
            continue
        seen.append(entry)
        if entry.target is None:
            stood = advance(stood, entry, len(entry.sources - sources))
            sources |= entry.sources
        else:
            stood = project(seen)
            standing = [p.stands for p in places(seen) if p.stands is not None]
            sources = frozenset(source for e in standing for source in e.sources)
        step = since + dt.timedelta(microseconds=1) if since else entry.recorded_at
        since = max(entry.recorded_at, step)
        yield since, stood


def _latest(entries: Iterable[Entry]) -> dt.datetime | None:
    return max((e.recorded_at for e in entries), default=None)


def _later(moment: dt.datetime, before: dt.datetime | None) -> dt.datetime:
    return max(moment, before) if before else moment


def since_when(statuses: list[tuple[Place, Entry]]) -> dt.date | None:
    """Since when the current status stands: saying the same again, or confirming it, does not renew it."""
    since: dt.date | None = None
    status = ""
    for place, entry in statuses:
        if entry.status != status:
            status, since = entry.status, place.day
    return since


def _last(statuses: list[tuple[Place, Entry]], basis: Basis) -> Entry | None:
    return next((entry for _place, entry in reversed(statuses) if entry.basis == basis), None)
