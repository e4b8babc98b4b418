"""What a person has before them between the text and its acceptance: proposals, to be merged, split, moved.

It travels in the form and is kept nowhere else.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tracker.proposals.find import find
from tracker.proposals.found import Span, trimmed
from tracker.proposals.language import language_of
from tracker.proposals.parts import mark_at, parts, sentence_end
from tracker.proposals.spans import Likeness, Place, Places, merged, quoted

TITLE = 100
"""Characters of a difficulty that can be its own title."""
TITLED = ("fr", "en")
"""Languages in which the record keeps titles of difficulties."""

_COUNTED = re.compile(r"\d+(?:\.\d+)+")


@dataclass(frozen=True)
class Row:
    """A recommendation as it is proposed, and as it was then corrected; ``out``: it is not to be saved."""

    text: str = ""
    number: str = ""
    locator: str = ""
    out: bool = False


@dataclass(frozen=True)
class Obstacle:
    """Likewise a difficulty; ``bears_on`` are numbers of recommendations. ``words`` are the text's own, where
    that is in a language in which the record keeps no titles: then a person says them in one that it has."""

    title: str = ""
    summary: str = ""
    bears_on: str = ""
    out: bool = False
    words: str = ""


@dataclass(frozen=True)
class Sheet:
    """``given`` is the text; empty where somebody began with an empty form. ``announced`` tells of what was
    just found: whether the text calls it recommendations. ``rest`` are how many more recommendations were
    found than a sheet takes, ``rest_obstacles`` how many more difficulties."""

    given: str = ""
    rows: list[Row] = field(default_factory=list)
    obstacles: list[Obstacle] = field(default_factory=list)
    announced: bool = True
    rest: int = 0
    rest_obstacles: int = 0

    def places(self) -> tuple[list[Place], list[Place]]:
        """Where the text has each recommendation and each difficulty."""
        if not self.given:
            none = Place(Likeness.OTHER)
            return [none] * len(self.rows), [none] * len(self.obstacles)
        text = Places(self.given)
        words = [o.words or o.summary or o.title for o in self.obstacles]
        return text.of_each(row.text for row in self.rows), text.of_each(words)


def proposed(given: str, rows: int, obstacles: int) -> Sheet:
    """At most so many recommendations and difficulties of a text, each a span of it."""
    found = find(given)
    numbers = [span.number for span in found.recommendations]
    own = all(numbers) and len(set(numbers)) == len(numbers)

    def words(span: Span) -> str:
        return quoted(given[span.start : span.end])

    recommended = [
        Row(words(span), str(span.number if own else place), _paragraph(span))
        for place, span in enumerate(found.recommendations, 1)
    ]
    named = [words(span) for span in found.difficulties]
    is_told = language_of(given) in ("", *TITLED)
    difficult = [_obstacle(n) if is_told else Obstacle(words=n) for n in named]
    kept, named_here = recommended[:rows], difficult[:obstacles]
    rest, more = len(recommended) - len(kept), len(difficult) - len(named_here)
    return Sheet(given, kept, named_here, found.announced, rest, more)


def beyond(given: str, rows: int) -> list[Row]:
    """What a text recommends after so many: those that a sheet had no room for, numbered as it would be."""
    return proposed(given, len(given), 0).rows[rows:]


def _paragraph(span: Span) -> str:
    """Where a document counts its paragraphs by the mark, 148.10 is how it is cited."""
    paragraph = span.label.strip("(). ")
    return paragraph if _COUNTED.fullmatch(paragraph) else ""


def _obstacle(words: str) -> Obstacle:
    return Obstacle(title=words) if len(words) <= TITLE else Obstacle(summary=words)


# --- What a person does with one row (its index); each returns the sheet and the row to go on with


def merge(sheet: Sheet, at: int) -> tuple[Sheet, int]:
    """A row and the next as one: the span of the text from the one to the other, if they are neighbours."""
    if not 0 <= at < len(sheet.rows) - 1:
        return sheet, at
    first, second = sheet.rows[at : at + 2]
    places = sheet.places()[0]
    words = (first.text.strip(), second.text.strip())
    text = merged(sheet.given, places[at], places[at + 1], words)
    locator = first.locator or second.locator
    one = replace(first, text=text, locator=locator, out=first.out and second.out)
    return _with(sheet, [*sheet.rows[:at], one, *sheet.rows[at + 2 :]]), at


def split(sheet: Sheet, at: int) -> tuple[Sheet, int]:
    """A row as several: at the empty lines that somebody typed, at the marks of a list that the text has in
    it, or behind its first sentence or semicolon."""
    if not 0 <= at < len(sheet.rows):
        return sheet, at
    row = sheet.rows[at]
    several = [part.strip() for part in re.split(r"\n[^\S\n]*\n", row.text.replace("\r\n", "\n"))]
    several = [part for part in several if part]
    if len(several) < 2:
        several = _at_marks(sheet, at) or _halves(row.text)
    made = [replace(row, text=text) for text in several]
    locator = "" if _COUNTED.fullmatch(row.locator) else row.locator
    made[1:] = [replace(more, number="", locator=locator) for more in made[1:]]
    return _with(sheet, [*sheet.rows[:at], *made, *sheet.rows[at + 1 :]]), at


def _at_marks(sheet: Sheet, at: int) -> list[str]:
    """The items of a list that a row has in the text, as they were before somebody merged them."""
    place = sheet.places()[0][at]
    if place.likeness is not Likeness.EXACT:
        return []
    marked = [p for p in parts(sheet.given) if p.label and place.start < p.start < place.end]
    starts = [place.start, *(part.body for part in marked)]
    ends = [*(part.start for part in marked), place.end]
    spans = [trimmed(sheet.given, start, end) for start, end in zip(starts, ends, strict=True)]
    return [quoted(sheet.given[a:b]) for a, b in spans if a < b] if marked else []


def _halves(text: str) -> list[str]:
    text = text.strip()
    ends = [sentence_end(text, 0, len(text)), text.find(";") + 1 or len(text)]
    end = min(ends)
    halves = [text[:end].rstrip(" ;"), text[end:].strip()]
    if not all(halves):
        return [text]
    mark = mark_at(halves[1], 0)[0]
    return [halves[0], halves[1][len(mark) :].strip() or halves[1]]


def up(sheet: Sheet, at: int) -> tuple[Sheet, int]:
    """A row before the one above it; numbers stay where they were."""
    if not 0 < at < len(sheet.rows):
        return sheet, at
    above, row = sheet.rows[at - 1 : at + 1]
    pair = [replace(row, number=above.number), replace(above, number=row.number)]
    return replace(sheet, rows=[*sheet.rows[: at - 1], *pair, *sheet.rows[at + 1 :]]), at - 1


def down(sheet: Sheet, at: int) -> tuple[Sheet, int]:
    if not 0 <= at < len(sheet.rows) - 1:
        return sheet, at
    return up(sheet, at + 1)[0], at + 1


def add(sheet: Sheet, at: int) -> tuple[Sheet, int]:  # noqa: ARG001 - each step is called the same
    """One more row, empty."""
    return _with(sheet, [*sheet.rows, Row()]), len(sheet.rows)


def renumber(sheet: Sheet, at: int) -> tuple[Sheet, int]:
    """The rows that are not left out, from 1."""
    count = 0
    rows = []
    for row in sheet.rows:
        count += not row.out
        rows.append(replace(row, number="" if row.out else str(count)))
    return replace(sheet, rows=rows), at


STEPS: dict[str, Callable[[Sheet, int], tuple[Sheet, int]]] = {
    "merge": merge,
    "split": split,
    "up": up,
    "down": down,
    "add": add,
    "renumber": renumber,
}


def _with(sheet: Sheet, rows: list[Row]) -> Sheet:
    """Other rows: numbered anew if they were numbered from 1 throughout, else each new one after the last."""
    before = [row.number for row in sheet.rows]
    if before == [str(n) for n in range(1, len(before) + 1)]:
        rows = [replace(row, number=str(n)) for n, row in enumerate(rows, 1)]
    last = max((int(n) for n in before if n.isdecimal() and len(n) < 6), default=0)
    numbered = []
    for row in rows:
        last += not row.number
        numbered.append(row if row.number else replace(row, number=str(last)))
    return replace(sheet, rows=numbered)
