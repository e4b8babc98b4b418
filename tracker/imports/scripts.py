"""In what letters a text is written, and so which languages it is not in."""

import re
from collections import Counter

SCRIPTS = {
    "ar": re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]"),
    "zh": re.compile("[\u3400-\u9fff\uf900-\ufaff]"),
    "ru": re.compile("[\u0400-\u04ff]"),
    "": re.compile("[A-Za-z\u00c0-\u024f]"),  # all the others
}
LOOKED = 400
"""Characters of a text that are looked at: some hundred say it, and there are many texts."""


def may_be_in(text: str, language: str) -> bool:
    """Whether a text may be in that language, going by its letters; one without letters may be in any.

    A name in other letters is nothing: two thirds have to be of other scripts.
    """
    own = language if language in SCRIPTS else ""
    start = text[:LOOKED]
    if start.isascii():
        return not own or not any(map(str.isalpha, start))
    letters = Counter({script: len(found.findall(start)) for script, found in SCRIPTS.items()})
    return 3 * letters[own] >= letters.total()
