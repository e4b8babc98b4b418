"""Long histories a part at a time: many short ones together, a long one alone."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
CHAINS, ENTRIES = 200, 2000
"""How much of the record is in memory at once, unless one chain alone is longer."""


def parts(rows: Iterable[T], entries_of: Callable[[T], int]) -> Iterator[list[T]]:
    """The rows in order, in lists of at most ``CHAINS`` that have about ``ENTRIES`` entries together."""
    part: list[T] = []
    weight = 0
    for row in rows:
        if part and (len(part) == CHAINS or weight + entries_of(row) > ENTRIES):
            yield part
            part, weight = [], 0
        part.append(row)
        weight += entries_of(row)
    if part:
        yield part
