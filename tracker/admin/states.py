"""States by their names, which a library knows in every language and the database does not."""

from django.conf import settings
from django.utils import translation
from django_countries import countries

from tracker.folding import fold


def states_named(text: str) -> list[str]:
    """Codes of States whose code is ``text``, or whose name holds it in a language of the site."""
    wanted = fold(text)
    found = {code for code, _name in countries if code.lower() == wanted}
    for language, _label in settings.LANGUAGES:
        with translation.override(language):
            found |= {code for code, name in countries if wanted in fold(str(name))}
    return sorted(found)
