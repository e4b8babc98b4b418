"""Who says what of one implementation: the status that each speaker gave last, side by side."""

import datetime as dt
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from tracker.history.projection import Entry, Place, places, since_when
from tracker.statuses import SAYING, Visibility


@dataclass(frozen=True)
class Side:
    """What one speaker says: the entry, when that was so, and since when this speaker has said it."""

    entry: int
    day: dt.date
    since: dt.date


def sides(entries: Iterable[Entry], speakers: Mapping[int, Hashable]) -> list[Side]:
    """The last standing public status of each speaker, newest first; none where all say the same.

    ``entries`` are of one implementation, in any order; ``speakers`` says whose each of them is, by id. An
    amendment takes the place of what it amends, as everywhere, and is its own speaker's.
    """
    said: dict[Hashable, list[tuple[Place, Entry]]] = {}
    for place in places(e for e in entries if e.visibility == Visibility.PUBLIC):
        entry = place.stands
        if entry is not None and entry.kind in SAYING and entry.status:
            speaker = speakers[entry.id]
            said[speaker] = [*said.pop(speaker, []), (place, entry)]  # to the end: newest last
    if len({statuses[-1][1].status for statuses in said.values()}) < 2:
        return []
    return [_side(statuses) for statuses in reversed(said.values())]


def _side(statuses: list[tuple[Place, Entry]]) -> Side:
    place, entry = statuses[-1]
    return Side(entry.id, place.day, since_when(statuses) or place.day)
