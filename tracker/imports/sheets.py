"""Files as rows of text: CSV of any delimiter and three encodings, XLSX and ODS.

A row has the number that a spreadsheet shows for it; rows in which nothing stands are passed over, and so is
what stands above the headers. Whatever cannot be read is an ``Invalid`` that says what to do; nothing else is
raised for what is in a file.
"""

import codecs
import csv
import json
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, TextIO

from django.utils.translation import gettext as _

from tracker.exceptions import Invalid
from tracker.imports import spreadsheet
from tracker.imports.columns import count_known, known_headers, place_of_headers
from tracker.imports.headers import ENOUGH, LOOKED

Line = tuple[int, list[str]]
Lines = Generator[Line, None, None]

LARGEST = 50 * 1024 * 1024
"""Bytes of a file."""
ROWS = 200_000
COLUMNS = 200
CELL = 131_072
"""Characters of a cell: longer ones come of a quotation mark that nothing closes."""
LINE = 4 * 1024 * 1024
"""Characters of a row."""
SHOWN = 200
"""Characters of a cell that are kept to be shown."""
WAIT = 90.0
"""Seconds that a spreadsheet may take: one of ``ROWS`` rows takes three."""
USUAL = ",;\t|"
SAMPLE = 64 * 1024
TOO_LONG = -getattr(signal, "SIGXCPU", 24)
"""How the program ends that reads spreadsheets, where the processor had no more seconds for it."""
ZIP, OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
OTHERS = (b"%PDF", b"{\\rtf", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b", b"PK\x05\x06")
"""How files begin that are no tables: PDF, RTF, pictures, packed ones, an empty archive."""
MARKUP = (b"<!doctype", b"<html", b"<?xml")
CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\v\f\r\x1a\x1b")
"""Bytes that stand in no text."""


class Kept(str):
    """A cell for which a spreadsheet keeps a number or a day: what somebody wrote may be another thing."""

    __slots__ = ()


@dataclass(frozen=True)
class Beginning:
    """Where a table begins: the sheet, where it has a name, the number of the row of headers, these, and the
    first rows under them."""

    sheet: str
    row: int
    headers: list[str]
    rows: list[list[str]]

    @property
    def is_known(self) -> bool:
        """Whether the headers were found by what they say."""
        return count_known(self.headers) >= ENOUGH

    def as_json(self) -> dict[str, Any]:
        """To be shown again, each cell as far as ``SHOWN``: no header that is known is longer."""
        rows = [[cell[:SHOWN] for cell in row] for row in [self.headers, *self.rows]]
        return {**asdict(self), "headers": rows[0], "rows": rows[1:]}


def read(path: Path) -> Iterator[Line]:
    """Row after row, the header first. Raises ``Invalid``, also in the middle: what was read is then void."""
    with closing(_whole(path)) as lines:
        next(lines)  # the name of the sheet
        yield from lines


def _whole(path: Path) -> Lines:
    """The name of the sheet as ``_lines`` gives it; then the rows from the headers on."""
    count = 0
    with closing(_lines(path)) as lines:
        yield next(lines)
        for count, (number, cells) in enumerate(_from_headers(lines), 1):
            if count > ROWS + 1:
                raise _invalid(
                    _("Import at most %(n)s rows at a time: divide the file.") % {"n": ROWS}
                )
            if len(cells) > COLUMNS:
                message = _("Row %(row)s has %(n)s cells: keep at most %(most)s columns.")
                raise _invalid(message % {"row": number, "n": len(cells), "most": COLUMNS})
            yield number, cells
    if count < 2:
        raise _invalid(_("No rows are under a header in this file: fill in a template."))


def _from_headers(lines: Lines) -> Iterator[Line]:
    """Without what is above the headers."""
    head = list(islice(lines, LOOKED))
    place = place_of_headers([cells for _number, cells in head])
    return chain(head[place:], lines)


def beginning(path: Path, count: int = 3) -> Beginning:
    """How it begins, with the first rows under the headers. Raises ``Invalid``."""
    with closing(_whole(path)) as lines:
        (_zero, [sheet]), (row, headers), *rows = islice(lines, count + 2)
    return Beginning(sheet, row, headers, [cells for _number, cells in rows])


def delimiter_in(path: Path) -> str:
    """What parts the cells of a CSV file; "" in a spreadsheet. Raises ``Invalid``."""
    start = _start(path)
    return "" if start.startswith((ZIP, OLD)) else _delimiter(path, encoding_of(path, start))[0]


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(SAMPLE)


def _lines(path: Path) -> Lines:
    """The name of the sheet as a row 0 of one cell, "" where it has none; then the rows."""
    start = _start(path)
    if not start.strip(b" \t\r\n\0"):
        raise _invalid(_("This file is empty: choose another."))
    is_page = start.removeprefix(codecs.BOM_UTF8).lstrip()[:16].lower().startswith(MARKUP)
    if is_page or start.startswith(OTHERS):
        raise _no_table()
    if start.startswith((ZIP, OLD)):
        return _spreadsheet(path)
    return _text(path, encoding_of(path, start))


def _invalid(message: str) -> Invalid:
    return Invalid({"file": [message]})


def _no_table() -> Invalid:
    return _invalid(_("This is no table: send a CSV, XLSX or ODS file."))


# --- CSV


def encoding_of(path: Path, start: bytes) -> str:
    """UTF-8 if it is that; UTF-16 by its mark or its NULs; else Windows-1252, which nearly all bytes are."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in start:
        even, odd = start[::2].count(0), start[1::2].count(0)
        if max(even, odd) < 10 * min(even, odd) or max(even, odd) < len(start) / 10:
            raise _no_table()
        return "utf-16-le" if odd > even else "utf-16-be"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while piece := file.read(1024 * 1024):
                decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        if CONTROLS & set(start):
            raise _no_table() from error
        return "cp1252"
    return "utf-8-sig"


def _text(path: Path, encoding: str) -> Lines:
    try:
        delimiter, is_named = _delimiter(path, encoding)
        with path.open(encoding=encoding, newline="") as file:
            yield 0, [""]
            if is_named:
                file.readline()
            rows = _Rows(file)
            for number, cells in enumerate(csv.reader(rows, delimiter=delimiter), 1):
                rows.taken = 0
                if number == 1 and cells:
                    cells[0] = cells[0].removeprefix("\ufeff")
                if any(cells):
                    yield number, cells
    except UnicodeDecodeError as error:
        message = _("The characters of this file cannot be read: save it as CSV in UTF-8.")
        raise _invalid(message) from error
    except csv.Error as error:
        message = _("A cell of this file has no end: look for a quotation mark that none closes.")
        raise _invalid(message) from error


def _delimiter(path: Path, encoding: str) -> tuple[str, bool]:
    """What parts the cells, and whether a first line of its own names it, as some programs write it."""
    with path.open(encoding=encoding, newline="") as file:
        first = file.readline(CELL).lstrip("\ufeff")
        named = first.rstrip("\r\n").removeprefix("sep=")
        if first.startswith("sep=") and len(named) == 1:
            return named, True
        file.seek(0)
        return delimiter_of(file.read(SAMPLE)), False


class _Rows:
    """The lines of a file, no more of them for one row than a row may hold: of a line of nothing but
    delimiters each character would be a cell."""

    def __init__(self, file: TextIO) -> None:
        self.file, self.taken = file, 0

    def __iter__(self) -> Iterator[str]:
        while line := self.file.readline(LINE + 1):
            self.taken += len(line)
            if self.taken > LINE:
                raise csv.Error("row too long")
            yield line


def delimiter_of(sample: str) -> str:
    """What parts the cells: the sign by which most headers are known, else the most regular one."""
    signs = dict.fromkeys(USUAL + "".join(c for c in sample[:2000] if _may_part(c)))
    return max(signs, key=lambda sign: _likely(sample, sign))


def _may_part(character: str) -> bool:
    return character.isascii() and not character.isalnum() and character not in " \"'\r\n._-/()"


def _likely(sample: str, delimiter: str) -> tuple[float, ...]:
    """How likely it is, as a thing to compare."""
    try:
        rows = list(islice(csv.reader(sample.splitlines(keepends=True), delimiter=delimiter), 50))
    except csv.Error:
        return (-1,)
    rows = [row for row in rows if row]
    if not rows:
        return (-1,)
    known = max(count_known(row) for row in rows[:LOOKED])
    width, times = Counter(len(row) for row in rows).most_common(1)[0]
    is_usual = delimiter in USUAL
    return (known, width > 1 and is_usual, times / len(rows) if width > 1 else 0, width)


# --- XLSX and ODS


def _spreadsheet(path: Path) -> Lines:
    program, limits = str(Path(spreadsheet.__file__)), (spreadsheet.MEMORY, spreadsheet.UNPACKED)
    command = [sys.executable, "-I", program, str(path), *map(str, limits)]
    known = json.dumps(known_headers()).encode()
    # To its end before a row is used: what it takes of memory is free again by then.
    with TemporaryFile() as read:
        try:
            code = subprocess.run(  # noqa: S603
                command, input=known, stdout=read, stderr=subprocess.DEVNULL, timeout=WAIT
            ).returncode
        except subprocess.TimeoutExpired:
            code = TOO_LONG
        if code == 0:
            read.seek(0)
            yield 0, [json.loads(next(read))]
            for line in read:
                number, cells = json.loads(line)
                yield number, [c if isinstance(c, str) else Kept(c[0]) for c in cells]
    if code:
        raise _refused(code)


def _refused(code: int) -> Invalid:
    """Why the program ended so."""
    if code == spreadsheet.OTHER:
        return _no_table()
    if code == spreadsheet.UNREADABLE:
        message = _(
            "This spreadsheet cannot be read: is it damaged, or does it ask for a password?"
        )
        return _invalid(message)
    if code == TOO_LONG:
        return _invalid(
            _("This spreadsheet takes too long to read: save the sheet as CSV instead.")
        )
    return _invalid(_("This spreadsheet takes too much memory: save the sheet as CSV instead."))
