"""Text cells that no spreadsheet takes for a formula, and back."""

import re
from typing import Final

# OWASP, "CSV Injection". Blank and control characters before the sign are counted in, since some
# programs skip them; quotes too, so that what already looks escaped is escaped once more.
_FORMULA: Final = re.compile(r"'*(?:[\t\r\n]|[\s\x00-\x1f\x7f\ufeff]*[=+\-@＝＋－＠])")


def safe_cell(value: str) -> str:
    """Return `value` as text for a cell: after a `'` if a spreadsheet could run it.

    For text only: write numbers as numbers, or -5 becomes text. Quote every cell of a CSV
    (`csv.QUOTE_ALL`), or a reader with another separator splits one and starts a new cell.
    """
    return f"'{value}" if _FORMULA.match(value) else value


def unsafe_cell(value: str) -> str:
    """Return what `safe_cell` was given: `unsafe_cell(safe_cell(x)) == x` for every string.

    A cell that was never escaped comes back as it is, unless it begins as an escaped one would.
    """
    return value[1:] if value.startswith("'") and _FORMULA.match(value) else value
