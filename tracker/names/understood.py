"""Which State somebody means: by its names in six languages, as the United Nations, the library and people
use them, or by its ISO 3166-1 code. Case, accents, signs, articles and the order of words do not count."""

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import override
from django_countries import countries
from django_countries.data import COUNTRIES

from tracker.exceptions import UnknownState
from tracker.folding import alphabetical, fold
from tracker.names.aliases import ALIASES, SEVERAL
from tracker.names.shown import library
from tracker.names.table import LANGUAGES, table

SIX = ("ar", "zh-hans", "en", "fr", "ru", "es")
_WORD = re.compile(r"[^\W_]+")
_HEAD = re.compile(r"(.+) \(")
# Articles, and what ties words together: "Republic of the Congo" is "Congo (Republic)".
_TIES = {
    *("the", "of", "and"),
    *("le", "la", "les", "l", "de", "d", "du", "des", "et"),
    *("el", "los", "las", "del", "y", "e", "и"),
}
_ALIKE = {"st": "saint", "ste": "sainte"}


def code_of(text: str) -> str:
    """The ISO 3166-1 alpha-2 code of the one State that is meant. Raises ``UnknownState``."""
    found = meant(text)
    if len(found) == 1:
        return found[0]
    if not found:
        message = _("No State is called %(text)s: write its name, or its ISO 3166-1 code.")
        raise UnknownState(message % {"text": text[:80]})
    names = sorted((str(countries.name(code)) for code in found), key=alphabetical)
    message = _("%(text)s can be more than one State: write one of these names: %(names)s.")
    raise UnknownState(message % {"text": text[:80], "names": "; ".join(names)})


@lru_cache(maxsize=4096)  # columns repeat the same few words
def meant(text: str) -> tuple[str, ...]:
    """The codes of the States that are meant by a name or a code: one, none, or all that it can be."""
    code = _codes().get(fold(text))
    return (code,) if code else named(text)


def named(text: str) -> tuple[str, ...]:
    """Likewise by a name alone: among words, "no" and "it" are no codes."""
    key = key_of(text)
    return SEVERAL_BY_KEY.get(key) or tuple(sorted(names().get(key, ())))


def key_of(name: str) -> str:
    """What two ways of writing one name have in common: its words without those that tie, in one order.
    "Iran (République islamique d’)" and "République islamique d'Iran" are the same."""
    words = _WORD.findall(fold(name).replace(".", ""))
    return " ".join(sorted(_ALIKE.get(word, word) for word in words if word not in _TIES))


@cache
def names() -> dict[str, set[str]]:
    """The codes that each name, as ``key_of`` has it, stands for: one, as a test says. A name that is ours is
    not read as the library has it: there, 朝鲜 is both Koreas, and 美属萨摩亚群岛 both Samoas."""
    return _by_key(_librarys) | _by_key(_ours)


def _by_key(names_of: Callable[[str], Iterator[str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for code in COUNTRIES:
        for name in names_of(code):
            if (key := key_of(name)) and key not in SEVERAL_BY_KEY:
                found.setdefault(key, set()).add(code)
    return found


def _ours(code: str) -> Iterator[str]:
    row = table().get(code, {})
    for language in LANGUAGES:
        short = row.get(language, "")
        yield from (short, row.get(f"{language}_formal", ""))
        if match := _HEAD.match(short):  # Bolivie, of "Bolivie (État plurinational de)"
            yield match[1]
    yield from ALIASES.get(code, ())


def _librarys(code: str) -> Iterator[str]:
    for language in SIX:
        with override(language):
            yield from (str(library.name(code)), str(COUNTRIES[code]))
            yield from (str(name) for name in library.OLD_NAMES.get(code, ()))


@cache
def _codes() -> dict[str, str]:
    """Codes by themselves and by those of three letters."""
    three = {countries.alpha3(code).lower(): code for code in COUNTRIES}
    return three | {code.lower(): code for code in COUNTRIES}


SEVERAL_BY_KEY = {key_of(name): codes for codes, given in SEVERAL.items() for name in given}
