"""Files that go out: rejected rows with the reason beside each, and templates to fill in."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile

import xlsxwriter
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tracker.exports.cells import safe_cell, unsafe_cell
from tracker.imports import sheets
from tracker.imports.columns import FIELDS, PROBLEMS

Problems = Sequence[Sequence[str]]
BOM = "\ufeff"


class _Echo:
    """What ``csv`` writes to, so that each line can be sent as it is made."""

    def write(self, line: str) -> str:
        return line


def said_of(problems: Problems) -> str:
    """All that is wrong with a row, in one cell: column, then message."""
    return " · ".join(_(": ").join(filter(None, problem)) for problem in problems)


def rejected(path: Path, faults: Mapping[int, Problems]) -> Iterator[str]:
    """The rejected rows of a file as CSV of its own delimiter, as they were, with their numbers and what is
    wrong.

    Mended, it can be sent as it is: the two columns in addition mean nothing to an import.
    """
    delimiter = sheets.delimiter_in(path) or usual_delimiter()
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL, delimiter=delimiter)
    lines = sheets.read(path)
    _number, headers = next(lines)
    added = [str(PROBLEMS), _("Row")]
    kept = [i for i, header in enumerate(headers) if header not in added]
    yield BOM + writer.writerow([_safe(headers[i]) for i in kept] + added)
    for number, cells in lines:
        if number in faults:
            row = [_safe(cells[i]) if i < len(cells) else "" for i in kept]
            yield writer.writerow([*row, safe_cell(said_of(faults[number])), str(number)])


def _safe(cell: str) -> str:
    """Guarded once, also where the cell came guarded."""
    return safe_cell(unsafe_cell(cell))


def usual_delimiter() -> str:
    """What spreadsheets take to part the cells of a CSV file where the reader's language is at home."""
    return "," if (get_language() or "").startswith("en") else ";"


def template_csv() -> str:
    """The headers of all columns, in the reader's language."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, delimiter=usual_delimiter())
    writer.writerow([str(field.label) for field in FIELDS])
    return BOM + out.getvalue()


def template_xlsx() -> bytes:
    """The same as a sheet, with what to put in each column on a second one."""
    with TemporaryFile() as file:
        book = xlsxwriter.Workbook(file, {"constant_memory": True})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(_("Recommendations")[:31])
        sheet.freeze_panes(1, 0)
        for place, field in enumerate(FIELDS):
            wide = 60 if field.name in ("text", "note") else 18
            # As text: a spreadsheet makes days of references such as 1-2, and numbers of 148.10.
            sheet.set_column(place, place, wide, text)
            sheet.write_string(0, place, str(field.label), bold)
        about = book.add_worksheet(_("What the columns mean")[:31])
        about.set_column(0, 0, 20)
        about.set_column(1, 1, 100)
        for place, field in enumerate(FIELDS):
            about.write_string(place, 0, str(field.label), bold)
            about.write_string(place, 1, str(field.help), text)
        book.close()
        file.seek(0)
        return file.read()


def first_of(problems: Iterable[tuple[int, Problems]], count: int) -> Iterator[str]:
    """The first problems, a line each, as the command says them."""
    for number, of_row in islice(problems, count):
        for column, message in of_row:
            place = _("Row %(row)s") % {"row": number}
            yield _(": ").join(filter(None, [place, column, message]))
