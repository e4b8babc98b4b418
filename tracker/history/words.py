"""What became of a text, word by word: pure, and quick whatever the texts are.

The shortest way from one to the other after E. W. Myers, "An O(ND) Difference Algorithm and Its Variations"
(1986). Python's own ``difflib`` has no bound: on long texts of few words it takes minutes.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Literal, NamedTuple

Op = Literal["same", "removed", "added"]

# Chinese, Japanese: no spaces, so that each character stands for a word.
_CJK = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Vowels of Arabic, accents written apart, and joiners: Python counts none of them as letters.
_MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u200c\u200d"
# A word ends after its apostrophe: "l’État" is two, and only the article changes in "d’État".
_TOKENS = re.compile(rf"[{_CJK}]|(?:[^\W{_CJK}]|[{_MARKS}])+[’']?|\s+|.", re.DOTALL)
_PARAGRAPHS = re.compile(r"[^\n]*\n|[^\n]+")
EFFORT = 300_000
"""Steps before a coarser comparison is tried: less than a fifth of a second."""


class Piece(NamedTuple):
    """A run of text that stayed, went or came."""

    op: Op
    text: str


class _TooLongError(Exception):
    pass


@lru_cache(maxsize=64)
def difference(before: str, after: str) -> list[Piece]:
    """How ``before`` became ``after``: what stayed and went joins to the one, what stayed and came to the
    other, character by character.

    By words; texts that differ too much for that by paragraphs, else as two wholes.
    """
    for units in (_TOKENS, _PARAGRAPHS):
        try:
            return _tidy(_compared(units.findall(before), units.findall(after)))
        except _TooLongError:
            continue
    return _tidy([Piece("removed", before), Piece("added", after)])


def _compared(a: Sequence[str], b: Sequence[str]) -> list[Piece]:
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    middle = _shortest(a[start : len(a) - end], b[start : len(b) - end])
    same: list[Piece] = [Piece("same", unit) for unit in a[:start]]
    return [*same, *middle, *(Piece("same", unit) for unit in a[len(a) - end :])]


def _shortest(a: Sequence[str], b: Sequence[str]) -> list[Piece]:
    """The fewest removals and additions. ``furthest[k]`` is how far in ``a`` a path on diagonal k
    (place in a − place in b) comes with so many of them; each round of it is kept for the way back."""
    furthest = {1: 0}
    rounds: list[dict[int, int]] = []
    steps = 0
    for edits in range(len(a) + len(b) + 1):
        rounds.append(furthest.copy())
        steps += 2 * edits
        for k in range(-edits, edits + 1, 2):
            x = _begin(furthest, k, edits)
            began = x
            while x < len(a) and x - k < len(b) and a[x] == b[x - k]:
                x += 1
            furthest[k] = x
            steps += x - began + 1
            if x >= len(a) and x - k >= len(b):
                return list(_way_back(a, b, rounds))[::-1]
            if steps > EFFORT:
                raise _TooLongError
    return []


def _begin(furthest: dict[int, int], k: int, edits: int) -> int:
    """Where on diagonal k the next path begins: after an addition, or a removal if that led further."""
    if k == -edits or (k != edits and furthest[k - 1] < furthest[k + 1]):
        return furthest[k + 1]
    return furthest[k - 1] + 1


def _way_back(a: Sequence[str], b: Sequence[str], rounds: list[dict[int, int]]) -> Iterator[Piece]:
    x, y = len(a), len(b)
    for edits in range(len(rounds) - 1, -1, -1):
        furthest, k = rounds[edits], x - y
        came = _begin(furthest, k, edits)
        while x > came:
            x, y = x - 1, y - 1
            yield Piece("same", a[x])
        if not edits:
            return
        if k == -edits or (k != edits and furthest[k - 1] < furthest[k + 1]):
            y -= 1
            yield Piece("added", b[y])
        else:
            x -= 1
            yield Piece("removed", a[x])


def _tidy(pieces: list[Piece]) -> list[Piece]:
    """One run after another, what went before what came; a space alone does not part two changes."""
    runs = [Piece(op, "".join(p.text for p in of)) for op, of in groupby(pieces, lambda p: p.op)]
    tidy: list[Piece] = []
    removed = added = ""
    for index, (op, text) in enumerate(runs):
        is_gap = op == "same" and text.isspace() and 0 < index < len(runs) - 1
        if op == "removed" or is_gap:
            removed += text
        if op == "added" or is_gap:
            added += text
        if op == "same" and not is_gap:
            tidy += [Piece("removed", removed), Piece("added", added), Piece("same", text)]
            removed = added = ""
    tidy += [Piece("removed", removed), Piece("added", added)]
    return [piece for piece in tidy if piece.text]
