"""Words, as searches compare them: without case or accents, and without their endings. Pure.

A text is stemmed in its own language. A word that somebody looks for is stemmed in every language that
writes with its letters, as people read one language and look in texts of several.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from tracker.folding import fold
from tracker.stemming import stemmed

LONGEST = 40
"""Letters of a word that are compared: nobody types more, and no engine keeps words without end."""
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# Marks that letters carry where they are written apart: accents, Arabic vowels, hyphens that are not seen.
MARKS = "\u0300-\u036f\u064b-\u065f\u0670\u0640\u00ad"
WORD = re.compile(rf"[{HAN}]+|(?:[^\W_{HAN}][{MARKS}]*)+")
NOT_KEPT = re.compile(r"[\W_]+")
APOSTROPHES = "'’ʼ"
ELIDED = {
    *("c", "d", "j", "l", "m", "n", "s", "t"),
    *("qu", "jusqu", "lorsqu", "puisqu", "quoiqu"),
}
LATIN, CYRILLIC, ARABIC = re.compile("[a-z]"), re.compile("[а-я]"), re.compile("[ء-ي]")
OF_SCRIPT = {LATIN: ("fr", "en", "es", "pt"), CYRILLIC: ("ru",), ARABIC: ("ar",)}


@dataclass(frozen=True)
class Token:
    """One word of a text: where it is, and how it reads without case and accents."""

    start: int
    end: int
    folded: str


def tokens(text: str) -> Iterator[Token]:
    """The words of a text in order; Chinese, which has no spaces, by every two characters.

    What French elides (l’, qu’) and the English ’s are no words: "l’évaluation" is "évaluation".
    """
    for found in WORD.finditer(text):
        start, end = found.span()
        if _is_han(text[start]):
            last = max(end - 1, start + 1)
            for at in range(start, last):
                upto = min(at + 2, end)
                yield Token(at, upto, _folded(text[at:upto]))
        elif (folded := _folded(found[0])) and not _is_dropped(text, start, end, folded):
            yield Token(start, end, folded)


def stems(text: str, language: str = "") -> list[str]:
    """The words of a text in its language, stemmed; folded only where there is no stemmer for it."""
    return [stem(token.folded, language) for token in tokens(text)]


@lru_cache(maxsize=50_000)
def stem(folded: str, language: str) -> str:
    """A folded word without its endings, in that language.

    Accents go first, so that who types without them finds the same. Of a French participle an "e" may
    then be left, that an accent would have told from a mute one (évaluée, évalué): it goes too.
    """
    if not _letters_of(folded, language):
        return folded
    found = stemmed(folded, language)
    if language == "fr" and len(found) > 3:
        found = found.rstrip("e")
    return _clean(found) or folded


def ways(words: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Every way in which texts may hold these folded words, one after the other: as they are, and
    stemmed in each language that writes with their letters."""
    row = tuple(words)
    found = [row]
    for script, languages in OF_SCRIPT.items():
        if any(script.search(word) for word in row):
            found += [tuple(stem(word, language) for word in row) for language in languages]
    return tuple(dict.fromkeys(found))


def _letters_of(word: str, language: str) -> bool:
    """Whether a word is in the letters of a language: a number, or a foreign name, has no stem in it."""
    return any(language in those and script.search(word) for script, those in OF_SCRIPT.items())


def _is_han(character: str) -> bool:
    return bool(re.match(rf"[{HAN}]", character))


@lru_cache(maxsize=50_000)
def _folded(word: str) -> str:
    return _clean(fold(word))[:LONGEST]


def _clean(word: str) -> str:
    return NOT_KEPT.sub("", word)


def _is_dropped(text: str, start: int, end: int, folded: str) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    if folded == "s" and before and before in APOSTROPHES:
        return True
    is_elided = bool(after) and after in APOSTROPHES and text[end + 1 : end + 2].isalnum()
    return is_elided and folded in ELIDED
