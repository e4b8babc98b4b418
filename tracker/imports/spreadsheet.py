"""One sheet of an XLSX or ODS file as lines of JSON: ``[number of the row, [cells as text]]``.

Run by ``sheets`` as a program of its own, without Django. A small file can name a cell so far out, or hold
so much once unpacked, that reading it takes all memory of the machine: here it ends this process alone.
"""

import datetime as dt
import json
import sys
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

MEMORY = 640 * 1024 * 1024
SECONDS = 300
WRITTEN = 512 * 1024 * 1024
UNREADABLE = 3


def text_of(value: Any) -> str:
    """A cell as a person reads it: 12.0 is 12, a date is its day, what a formula gave."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def limit(memory: int) -> None:
    """Where the system knows limits; elsewhere nothing is promised."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN, WRITTEN))


def main(path: str, memory: int) -> int:
    limit(memory)
    out = sys.stdout
    try:
        workbook = CalamineWorkbook.from_path(path)
        for sheet in workbook.sheets_metadata:
            if sheet.visible != SheetVisibleEnum.Visible:
                continue
            found = workbook.get_sheet_by_name(sheet.name)
            if found.end is None:
                continue  # nothing is in it: the next one
            for number, row in enumerate(found.iter_rows(), 1):
                cells = [text_of(value) for value in row]
                if any(cells):
                    out.write(json.dumps([number, cells]) + "\n")
            break
    except (CalamineError, OSError, ValueError, MemoryError):
        return UNREADABLE
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
