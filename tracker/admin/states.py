"""States by their names, which the database does not know."""

from django.conf import settings
from django.utils import translation
from django_countries import countries

from tracker.folding import fold
from tracker.names.understood import meant


def states_named(text: str) -> list[str]:
    """Codes of States that ``text`` means, by any name or code, or whose name holds it in a language of the
    site."""
    wanted, found = fold(text), set(meant(text))
    for language, _label in settings.LANGUAGES:
        with translation.override(language):
            found |= {code for code, name in countries if wanted in fold(str(name))}
    return sorted(found)
