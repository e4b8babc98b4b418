"""Names of States as they are shown: the United Nations' short names in French and English, the library's in
other languages and for most territories."""

from functools import cache

from django.utils.functional import Promise, lazystr
from django.utils.translation import get_language
from django_countries import Countries, countries

from tracker.folding import alphabetical
from tracker.names.table import table

SHOWN = ("fr", "en")


class _Library(Countries):
    """The library without our names: an empty option of its own goes before the setting."""

    override: dict[str, str] = {}


library = _Library()


class _Name:
    """A State's name in the language that is active when it is read; what ``lazystr`` asks for ``str()``."""

    def __init__(self, code: str) -> None:
        self.code = code

    def __str__(self) -> str:
        language = (get_language() or "")[:2]
        if language in SHOWN:
            return table()[self.code][language]
        return str(library.name(self.code))


def overrides() -> dict[str, Promise]:
    """For ``COUNTRIES_OVERRIDE``: a name for each State of our table, lazy by language."""
    return {code: lazystr(_Name(code)) for code in table()}


def choices() -> list[tuple[str, str]]:
    """All States and territories, ``(code, name)``, by their names in the active language."""
    return _choices(get_language() or "").copy()


@cache
def _choices(language: str) -> list[tuple[str, str]]:  # noqa: ARG001
    named = [(code, str(name)) for code, name in countries]
    return sorted(named, key=lambda one: alphabetical(one[1]))
