"""The two long steps of a kept table, each a little at a time: the check, and the import."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from tracker.actions.imports import Progress, Wanted
from tracker.actions.tables import end_check, import_table, note_faults
from tracker.imports.files import on_disk
from tracker.imports.rows import Given
from tracker.imports.table import Found, Reading, Table
from tracker.models import ImportFile, User


def check_file(*, by: User, file: ImportFile) -> Iterator[Progress]:
    """Find all that is wrong with a described table. Raises ``Invalid`` where it cannot be read."""
    with on_disk(file) as path:
        reading = Reading(_table(path, file), by)
        for _wanted, broken in reading.chunks():
            if broken:  # else nothing is locked: others may be writing
                note_faults(by=by, file=file, faults=[(r.number, r.problems) for r in broken])
            yield Progress(reading.found.rows, 0)
        end_check(by=by, file=file, found=reading.found.as_json())


def import_file(*, by: User, file: ImportFile) -> Iterator[Progress]:
    """Import a checked table, all of it but what is left out. Raises as ``import_table`` does."""
    with on_disk(file) as path:

        def fit(left_out: Collection[int]) -> Iterable[Sequence[Wanted]]:
            return Reading(_table(path, file), by, left_out).fit()

        highest = Found.from_json(file.found).highest if file.checked_at else {}
        yield from import_table(by=by, file=file, fit=fit, highest=highest)


def _table(path: Path, file: ImportFile) -> Table:
    given = {name: said for name, said in file.given.items() if said}  # else it is as usual
    return Table(path, file.columns, Given(**given))
