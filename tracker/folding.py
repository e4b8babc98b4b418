"""Text as it is kept and as searches compare it."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

_SAME = str.maketrans(
    {"’": "'", "‘": "'", "\u00a0": " ", "\u202f": " ", "œ": "oe", "æ": "ae", "–": "-"}
)


# What XML 1.0 cannot hold, and so no feed and no spreadsheet; NUL is refused where text comes in.
_UNSEEN = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def tidy(text: str) -> str:
    """Text without unseen control characters, other systems' line ends, or space at its ends."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


MARKS = 30
"""Accents on one letter: no language has more (Stream-Safe Text Format, UAX #15, section 13)."""
_MANY_MARKS = re.compile(rf"[^\w\s]{{{MARKS + 1},}}")


def with_few_marks(text: str) -> str:
    """Text without the accents of a letter beyond ``MARKS``: to put those in order takes time that grows with
    the square of how many they are."""
    if text.isascii() or not _MANY_MARKS.search(text):
        return text
    kept, marks = [], 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= MARKS:
            kept.append(character)
    return "".join(kept)


def fold(text: str) -> str:
    """``"L’Évaluation"`` → ``"l'evaluation"``: the same for all ways of typing the same words."""
    if text.isascii():
        return " ".join(text.casefold().split())
    # Twice, as taking a letter apart can show a capital (ℌ), and folding a capital can show an accent (İ).
    folded = _without_marks(_without_marks(text).casefold())
    return " ".join(folded.split())


_SIGNS = re.compile(r"[\W_]+")


def alphabetical(name: str) -> tuple[str, str]:
    """What names are sorted by, as dictionaries of French and English do: word by word, accents and signs
    counting only between names that are otherwise the same ("Égypte" stands with E)."""
    return " ".join(_SIGNS.sub(" ", fold(name)).split()), name


def in_order(choices: Iterable[tuple[Any, object]]) -> list[tuple[Any, object]]:
    """The choices of a list by their names, behind the one that chooses nothing."""
    return sorted(choices, key=lambda choice: (bool(choice[0]), alphabetical(str(choice[1]))))


def initial(name: str) -> str:
    """The letter under which a list of names has a name."""
    return alphabetical(name)[0][:1].upper()


def _without_marks(text: str) -> str:
    apart = unicodedata.normalize("NFKD", with_few_marks(text).translate(_SAME))
    # The first mark of Unicode is U+0300: most letters come before it and need not be looked up.
    return "".join([c for c in apart if c < "\u0300" or not unicodedata.combining(c)]).translate(
        _SAME
    )
