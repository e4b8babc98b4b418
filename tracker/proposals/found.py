"""What was found in a text: spans of it, without what ties an item of a list to its neighbours."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

_BEFORE: Final = re.compile(r"(?:et|and|y|e|ou|or)\s(?=\w)", re.IGNORECASE)
_AFTER: Final = re.compile(r"[;,]\s{0,3}(?:et|and|y|e|ou|or|enfin)\Z", re.IGNORECASE)
_SEPARATORS: Final = ":;,–—-\ufe0f"


class Kind(Enum):
    RECOMMENDATION = "recommendation"
    DIFFICULTY = "difficulty"


@dataclass(frozen=True)
class Span:
    """``text[start:end]``; ``label`` is how the list marks it, and ``number`` what that mark counts."""

    start: int
    end: int
    label: str = ""
    number: int = 0


@dataclass(frozen=True)
class Found:
    """In the order of the text, none over another. ``announced`` is False where no words of the text say
    that its lists are recommendations."""

    recommendations: tuple[Span, ...] = ()
    difficulties: tuple[Span, ...] = ()
    announced: bool = True


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the white space, the separators and the "and" that tie an item to its neighbours."""
    while start < end and (text[start].isspace() or text[start] in _SEPARATORS):
        start += 1
    if before := _BEFORE.match(text, start, end):
        start = before.end()
    while end > start and (text[end - 1].isspace() or text[end - 1] in ";,:"):
        end -= 1
    if after := _AFTER.search(text, max(start, end - 12), end):
        end = after.start()
    if text[start : start + 1].islower() and text.endswith(".", start, end):
        end -= 1  # the stop of the sentence that the list was a part of
    while end > start and (text[end - 1].isspace() or text[end - 1] in ";,:"):
        end -= 1
    return start, end


def says(text: str, start: int, end: int) -> bool:
    """Whether there is a letter in it."""
    return any(c.isalpha() for c in text[start : min(end, start + 200)])


def apart(spans: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """In order, and none over another: a colon in an item of a list can find the same words twice."""
    taken = sorted(((s.start, s.end) for s in others), reverse=True)
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        while taken and taken[-1][1] <= span.start:
            taken.pop()
        over_other = bool(taken) and taken[-1][0] < span.end
        if not over_other and (not kept or kept[-1].end <= span.start):
            kept.append(span)
    return kept
