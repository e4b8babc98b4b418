"""Several names in one cell, and back: a name that has in it what parts others stands in quotation marks."""

import re
from collections.abc import Iterable
from typing import Final

PARTING: Final = " · "
_PARTED: Final = re.compile(r"[;|]|\s·\s")
_SPECIAL: Final = re.compile(r'[;|·]|\A\s*"')
# Possessive: whatever stands in a cell is gone through once. A mark inside a name is written twice.
_QUOTED: Final = re.compile(r'\s*+"((?:[^"]|"")++)"\s*+(?:[;|]|·\s|\Z)')


def joined(names: Iterable[str]) -> str:
    """``["Law", "Borders; seas"]`` → ``Law · "Borders; seas"``, as ``parted`` reads it."""
    return PARTING.join(_quoted(name) for name in names)


def _quoted(name: str) -> str:
    if not _SPECIAL.search(name):
        return name
    return '"{}"'.format(name.replace('"', '""'))


def parted(cell: str) -> list[str]:
    """The names in a cell, parted by ; or | or a middle dot between blanks, those in quotation marks as they
    are: ``parted(joined(names)) == names`` for names that begin and end with no blank."""
    names, place = [], 0
    while place < len(cell):
        if quoted := _QUOTED.match(cell, place):
            names.append(quoted[1].replace('""', '"'))
            place = quoted.end()
            continue
        sign = _PARTED.search(cell, place)
        end = sign.start() if sign else len(cell)
        names.append(cell[place:end].strip())
        place = sign.end() if sign else end
    return [name for name in names if name]
