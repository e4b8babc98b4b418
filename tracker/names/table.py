"""The names that the United Nations use, by ISO 3166-1 code: ``unterm.csv``.

Short and formal names of all Member States, the two observers, the Cook Islands and Niue in the six official
languages, as UNTERM has them (https://unterm.un.org; the short ones as of October 2026, by the taxonomy of
countries and territories of the Centre for Humanitarian Data, hdx-python-country 4.2.5). Territories are
there only where the library's name is odd, as the Statistics Division has them (M49).
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "fr", "es", "ru", "zh", "ar")


@cache
def table() -> Mapping[str, Mapping[str, str]]:
    """``{"ML": {"fr": "Mali", "fr_formal": "République du Mali", …}}``; a formal name is empty where it is
    the short one."""
    path = Path(__file__).with_name("unterm.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return {row.pop("code"): row for row in csv.DictReader(file)}
