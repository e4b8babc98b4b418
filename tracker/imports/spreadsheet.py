"""One sheet of an XLSX or ODS file as lines of JSON: its name, then ``[number of the row, [cells]]``.

A cell is its text; in a list of its own where the program keeps a number or a day for it, so that what
somebody wrote is not known (148.10 is kept as 148.1).

Run by ``sheets`` as a program of its own, without Django. A small file can name a cell so far out, or hold
so much once unpacked, that reading it takes all memory of the machine: here it ends this process alone.
The headers that are known come by stdin: the first sheet that has some is read, else the first of all.
"""

import datetime as dt
import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

MEMORY = 640 * 1024 * 1024
SECONDS = 60
"""Of the processor: ``sheets.WAIT`` is of the clock."""
UNPACKED = 512 * 1024 * 1024
"""Bytes that its parts may unpack to: some 500,000 rows of a recommendation each."""
WRITTEN = 512 * 1024 * 1024
UNREADABLE, OTHER, LARGE = 3, 4, 5
"""How it ends where the file cannot be read, is no spreadsheet, or unpacks to too much."""
Cell = str | list[str]


def cell_of(value: Any) -> Cell:
    """A cell as a person reads it: 12.0 is 12, a date is its day, what a formula gave."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return str(int(value)) if value == int(value) else [repr(value)]
    if isinstance(value, dt.datetime):
        is_day = value.time() == dt.time()
        return [value.date().isoformat() if is_day else value.isoformat(" ")]
    return [value.isoformat() if isinstance(value, dt.date) else str(value)]


def limit(memory: int) -> None:
    """Where the system knows limits; elsewhere nothing is promised."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))  # told before it is ended
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN, WRITTEN))


def rows_of(sheet: CalamineSheet) -> Iterator[tuple[int, list[Cell]]]:
    """The rows in which something stands, with the numbers that people see."""
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [cell_of(value) for value in row]
        if any(cells):
            yield number, cells


def has_headers(sheet: CalamineSheet, known: set[str]) -> bool:
    """Whether one of its first rows has some of the headers that are known."""
    from tracker.imports.headers import ENOUGH, LOOKED, key

    texts = ([cell for cell in row if isinstance(cell, str)] for _n, row in rows_of(sheet))
    return any(len(known & {key(text) for text in row}) >= ENOUGH for row in islice(texts, LOOKED))


def chosen(workbook: CalamineWorkbook, known: set[str]) -> CalamineSheet | None:
    """The sheet to read; None if nothing stands in any that people see."""
    metadata = workbook.sheets_metadata
    names = [sheet.name for sheet in metadata if sheet.visible == SheetVisibleEnum.Visible]
    first = None
    for name in names:
        sheet = workbook.get_sheet_by_name(name)
        is_said = sheet.end is not None
        if is_said and (len(names) == 1 or has_headers(sheet, known)):
            return sheet
        first = first or (name if is_said else None)
        del sheet  # before the next one takes its memory
    return workbook.get_sheet_by_name(first) if first else None


def packed_wrong(path: str, unpacked: int) -> int:
    """How to end by what the archive says of itself, before it is unpacked; 0 where nothing is wrong."""
    try:
        with ZipFile(path) as archive:
            parts = archive.infolist()
    except BadZipFile:
        return 0  # it may be one of an older kind
    names = [part.filename for part in parts]
    if not any(name == "content.xml" or name.startswith("xl/") for name in names):
        return OTHER  # a DOCX, or anything else that is packed so
    return LARGE if sum(part.file_size for part in parts) > unpacked else 0


def main(path: str, memory: int, unpacked: int, known: set[str]) -> int:
    limit(memory)
    out = sys.stdout
    try:
        if wrong := packed_wrong(path, unpacked):
            return wrong
        workbook = CalamineWorkbook.from_path(path)
        sheet = chosen(workbook, known)
        out.write(json.dumps(sheet.name if sheet else "") + "\n")
        for row in rows_of(sheet) if sheet else ():
            out.write(json.dumps(row) + "\n")
    except (CalamineError, OSError, ValueError, MemoryError):
        return UNREADABLE
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # isolated: see ``sheets``
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), set(json.load(sys.stdin))))
