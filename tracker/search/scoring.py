"""Which of the texts found are the best, and where in them the words are. Pure.

Nothing here counts words in the whole record: what others wrote, least of all what a reader may not
read, moves no place in anybody's list. It is also the same on every engine.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from tracker.search.query import Query, Term

SAID, TOLD = 3.0, 1.0
"""What a word counts in the recommendation's own texts, and in what was recorded about it."""
SATED = 2.0
"""The more often a word occurs, the less each occurrence adds."""
TOGETHER = 0.5
"""What is added where the words stand side by side, as typed."""


class Text(NamedTuple):
    """A document that was found: a line for each text, a space before and after each stem."""

    pk: int
    implementation: int
    said: str
    told: str
    parts: str


@dataclass(frozen=True)
class Line:
    """One text of a document that holds sought words."""

    number: int
    terms: frozenset[int]
    count: int


def score(query: Query, text: Text) -> float | None:
    """How well a text answers, from 0 to about 1; None where it does not (an engine may be less exact)."""
    total = 0.0
    for term in query.sought:
        weight = SAID * occurrences(term, text.said) + TOLD * occurrences(term, text.told)
        if not weight:
            return None
        total += weight / (weight + SATED)
    together = TOGETHER if _are_together(query, text) else 0.0
    return (total / len(query.sought) + together) / (1 + TOGETHER)


def is_excluded(query: Query, text: Text) -> bool:
    return any(occurrences(t, text.said) or occurrences(t, text.told) for t in query.excluded)


def occurrences(term: Term, stems: str) -> int:
    """How often a term is in these lines; a phrase never runs from one line into the next."""
    count = 0
    for row in term.rows:
        count += stems.count(row)
    return count


def best_lines(query: Query, lines: Iterable[str]) -> list[Line]:
    """The line with most of the words and, where it has not all, the one with most of the others."""
    holding = []
    for number, line in enumerate(lines):
        counts = [occurrences(term, line) for term in query.sought]
        if total := sum(counts):
            terms = frozenset(n for n, count in enumerate(counts) if count)
            holding.append(Line(number, terms, total))
    chosen: list[Line] = []
    seen: frozenset[int] = frozenset()
    for _turn in range(2):
        left = [line for line in holding if line.terms - seen]
        if left:
            best = max(left, key=lambda li: (len(li.terms - seen), li.count, -li.number))
            chosen.append(best)
            seen |= best.terms
    return chosen


def _are_together(query: Query, text: Text) -> bool:
    return any(row in text.said or row in text.told for row in query.side_by_side)
