"""Quotations and where in the text they are from.

A quotation is a span of the text in which each run of white space is shown as one blank: lines that a page
broke are no part of what was said. Nothing else of it is changed.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

GAP = 40
"""Characters between two items of a list: the mark, the end of a line."""


class Likeness(Enum):
    """How the words of a proposal compare with the text: a quotation, one but for capitals and hyphens,
    or other words."""

    EXACT = "exact"
    NEARLY = "nearly"
    OTHER = "other"


@dataclass(frozen=True)
class Place:
    """``text[start:end]`` is what is quoted; both are 0 where it is not found."""

    likeness: Likeness
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Piece:
    """A piece of the text as it is shown; ``of`` is the number (from 1) of what is quoted there, or 0."""

    text: str
    of: int = 0


def quoted(words: str) -> str:
    """``words`` with each run of white space as one blank."""
    return " ".join(words.split())


class Places:
    """Looks up quotations in one text, each in the time that it takes to read the text once."""

    def __init__(self, text: str) -> None:
        self.text = text
        kept = [(at, c) for at, c in enumerate(text) if not c.isspace()]
        self.exact = "".join(c for _at, c in kept)
        self.exact_at = [at for at, _c in kept]
        same = [(at, _same(c)) for at, c in kept if c not in _HYPHENS]
        self.nearly = "".join(c for _at, c in same)
        self.nearly_at = [at for at, _c in same]

    def of(self, words: str, after: int = 0) -> Place:
        """Where these words stand: behind ``after`` if they stand there, or else where they first do."""
        exact = "".join(words.split())
        if found := _look(self.exact, self.exact_at, exact, after):
            return Place(Likeness.EXACT, *found)
        nearly = "".join(_same(c) for c in exact if c not in _HYPHENS)
        if found := _look(self.nearly, self.nearly_at, nearly, after):
            return Place(Likeness.NEARLY, *found)
        return Place(Likeness.OTHER)

    def of_each(self, quotations: Iterable[str]) -> list[Place]:
        """Where each stands; the same words twice are looked for one after the other."""
        places: list[Place] = []
        after = 0
        for words in quotations:
            place = self.of(words, after)
            after = max(after, place.end)
            places.append(place)
        return places


def merged(text: str, first: Place, second: Place, words: Sequence[str]) -> str:
    """Two quotations as one: as the text has them, if one follows the other; else with a blank between."""
    exact = first.likeness is second.likeness is Likeness.EXACT
    if exact and first.end <= second.start <= first.end + GAP:
        return quoted(text[first.start : second.end])
    return " ".join(filter(None, words))


def pieces(text: str, places: Iterable[Place]) -> list[Piece]:
    """The text with what is quoted set apart; what lies over another quotation is left to that one."""
    found = ((p.start, p.end, n) for n, p in enumerate(places, 1) if p.end > p.start)
    shown: list[Piece] = []
    at = 0
    for start, end, number in sorted(found):
        if start >= at:
            shown += [Piece(text[at:start]), Piece(text[start:end], number)]
            at = end
    return [piece for piece in [*shown, Piece(text[at:])] if piece.text]


_HYPHENS = "-\u00ad\u2010\u2011"


def _same(character: str) -> str:
    lower = character.lower()
    return "'" if character == "’" else lower if len(lower) == 1 else character


def _look(within: str, at: list[int], words: str, after: int) -> tuple[int, int] | None:
    if not words:
        return None
    found = within.find(words, bisect_left(at, after))
    found = within.find(words) if found < 0 else found
    return (at[found], at[found + len(words) - 1] + 1) if found >= 0 else None
