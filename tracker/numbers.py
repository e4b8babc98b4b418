"""Small numbers in words, agreeing with "recommendation" (in French it is feminine)."""

from django.utils.formats import localize
from django.utils.translation import pgettext


def in_words(number: int) -> str:
    """``6`` → "six"; from ten on, and where the language has no word here, in figures."""
    words = {
        0: pgettext("recommendations", "none"),
        1: pgettext("recommendations", "one"),
        2: pgettext("recommendations", "two"),
        3: pgettext("recommendations", "three"),
        4: pgettext("recommendations", "four"),
        5: pgettext("recommendations", "five"),
        6: pgettext("recommendations", "six"),
        7: pgettext("recommendations", "seven"),
        8: pgettext("recommendations", "eight"),
        9: pgettext("recommendations", "nine"),
    }
    return words.get(number) or str(localize(number))
