"""Tables in a text: rows are lines, cells are parted by tabs, and the headers say which cell is quoted."""

import re
from dataclasses import dataclass
from typing import Final

from tracker.proposals import cues
from tracker.proposals.parts import Part

_TEXT: Final = re.compile(
    rf"(?:(?:{'|'.join(cues.NUMBERED.values())})|text of the.*|texte de la.*|texto de la.*)\s*:?"
)
_MARK: Final = re.compile(r"\(?\d{1,3}(?:\.\d{1,3}){0,3}[.)]?")


@dataclass(frozen=True)
class Cell:
    """``text[start:end]``, and the mark of its row, with what that counts."""

    start: int
    end: int
    label: str = ""
    number: int = 0


def column_of(folded: str, part: Part) -> int | None:
    """The column of a table that holds recommendations, if this line has the headers of one."""
    cells = folded[part.start : part.end].split("\t")
    named = [at for at, cell in enumerate(cells) if _TEXT.fullmatch(cell.strip())]
    return named[0] if len(cells) > 1 and len(named) == 1 else None


def cell_of(text: str, part: Part, column: int) -> Cell | None:
    """The cell of a row that is quoted; None if the line has no such cell, and the table is over."""
    cells: list[tuple[int, int]] = []
    at = text.rfind("\n", 0, part.start) + 1  # an empty cell may come first
    for cell in text[at : part.end].split("\t"):
        cells.append((at, at + len(cell)))
        at += len(cell) + 1
    if len(cells) < 2 or column >= len(cells):
        return None
    marks = [text[start:end].strip() for start, end in cells[:column]]
    label = next((mark for mark in marks if _MARK.fullmatch(mark)), "")
    digits = re.findall(r"\d+", label)
    return Cell(*cells[column], label, int(digits[-1]) if digits else 0)
