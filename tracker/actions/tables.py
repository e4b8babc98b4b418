"""Tables on their way in: kept between the steps, seen by who sent them alone, gone after a day."""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.actions.imports import Imported, Progress, Wanted, import_rows
from tracker.exceptions import Invalid, NotAllowed
from tracker.folding import tidy
from tracker.models import ImportFault, ImportFile, ImportPart, User
from tracker.permissions import check_can_edit

PART = 256 * 1024
KEPT = dt.timedelta(days=1)
CHECK = "check"
"""Under which ``found`` names the check that is under way, until it ends."""
ALREADY = gettext_lazy("This table was imported already, in another window perhaps.")
Faults = Iterable[tuple[int, Sequence[tuple[str, str]]]]


def _check_own(by: User, file: ImportFile) -> None:
    check_can_edit(by)
    if file.owner_id != by.pk:
        raise NotAllowed(_("Only who sent a table imports it."))


def _hold(file: ImportFile) -> ImportFile:
    """The table as it is by now, and nobody else's until the transaction ends: it may be open in two windows.

    Raises ``Invalid`` where it is gone, or was imported already.
    """
    now = ImportFile.objects.select_for_update().filter(pk=file.pk).first()
    if now is None:
        raise Invalid(
            {"": [_("This table was thrown away, in another window perhaps: send it again.")]}
        )
    _check_open(now)
    return now


def _hold_check(file: ImportFile) -> None:
    """Raises ``Invalid`` where a later check of this table has begun: what this one finds is void."""
    if _hold(file).found.get(CHECK) != file.found.get(CHECK):
        message = _("This table was described anew meanwhile, in another window: go on there.")
        raise Invalid({"": [message]})


@transaction.atomic
def keep_table(*, by: User, name: str, pieces: Iterable[bytes]) -> ImportFile:
    """Keep a file that somebody sent, and forget those that are older than a day, whoever sent them."""
    check_can_edit(by)
    forget_tables(before=timezone.now() - KEPT)
    file = ImportFile.objects.create(owner=by, name=tidy(name)[-200:] or "?", size=0)
    kept, count = b"", 0
    for piece in pieces:
        kept += piece
        file.size += len(piece)
        while len(kept) >= PART:
            ImportPart.objects.create(file=file, position=count, content=kept[:PART])
            kept, count = kept[PART:], count + 1
    if kept:
        ImportPart.objects.create(file=file, position=count, content=kept)
    file.save(update_fields=["size"])
    return file


@transaction.atomic
def forget_tables(*, before: dt.datetime) -> int:
    """Forget the tables that were sent before; how many they were. They are no part of the record."""
    files = ImportFile.objects.filter(created_at__lt=before)
    count = files.count()
    files.delete()
    return count


def forget_every_table() -> None:
    """Forget all tables, whoever sent them: what must go from the record may stand in one of them."""
    ImportFile.objects.all().delete()


@transaction.atomic
def forget_table(*, by: User, file: ImportFile) -> None:
    """Throw it away. Raises ``Invalid`` where it was imported: what came of it, and what was left out, stays
    for its day."""
    _check_own(by, file)
    _hold(file).delete()


@transaction.atomic
def describe_table(
    *, by: User, file: ImportFile, columns: Mapping[str, int], given: Mapping[str, str]
) -> None:
    """Say what its columns are and what holds for all rows: what was found before is void."""
    _check_own(by, file)
    _hold(file)
    file.faults.all().delete()
    file.columns, file.given = dict(columns), dict(given)
    file.checked_at, file.found = None, {CHECK: uuid.uuid4().hex}
    file.save(update_fields=["columns", "given", "checked_at", "found"])


@transaction.atomic
def note_beginning(*, by: User, file: ImportFile, begins: Mapping[str, Any]) -> None:
    """Keep how the table begins, to be shown while it is described."""
    _check_own(by, file)
    _hold(file)
    file.begins = dict(begins)
    file.save(update_fields=["begins"])


@transaction.atomic
def note_faults(*, by: User, file: ImportFile, faults: Faults) -> None:
    """Add broken rows, with what is wrong in each: pairs of a column and a message.

    Raises ``Invalid`` where somebody described the table anew since this check began.
    """
    _check_own(by, file)
    _hold_check(file)
    rows = [ImportFault(file=file, row=row, problems=problems) for row, problems in faults]
    ImportFault.objects.bulk_create(rows, batch_size=500)


@transaction.atomic
def end_check(*, by: User, file: ImportFile, found: dict[str, Any]) -> None:
    """The check has come to the end of the table. Raises as ``note_faults`` does."""
    _check_own(by, file)
    _hold_check(file)
    file.checked_at, file.found = timezone.now(), found
    file.save(update_fields=["checked_at", "found"])


@transaction.atomic
def leave_out(
    *, by: User, file: ImportFile, rows: Collection[int], among: Collection[int] | None = None
) -> None:
    """Leave out these broken rows, and no others of ``among`` (None: of all)."""
    _check_own(by, file)
    _hold(file)
    asked = file.faults.all() if among is None else file.faults.filter(row__in=among)
    asked.update(left_out=False)
    asked.filter(row__in=rows).update(left_out=True)


@transaction.atomic
def leave_out_all(*, by: User, file: ImportFile) -> None:
    """Leave out every broken row."""
    _check_own(by, file)
    _hold(file)
    file.faults.update(left_out=True)


def import_table(
    *,
    by: User,
    file: ImportFile,
    fit: Callable[[Collection[int]], Iterable[Sequence[Wanted]]],
    highest: dict[int, int],
) -> Iterator[Progress]:
    """Import all rows but those left out; ``fit`` gives them, checked once more, while it is written.

    Raises ``Invalid`` where somebody has still to decide about a row, and as ``import_rows`` does, which
    reads them twice.
    """
    _check_own(by, file)
    _check_open(file)
    if file.checked_at is None:
        raise Invalid({"": [_("Check the table first.")]})
    left_out = _left_out(file)

    def begin() -> None:
        if _hold(file).checked_at != file.checked_at or _left_out(file) != left_out:
            message = _("This table was changed meanwhile, in another window: look at it again.")
            raise Invalid({"": [message]})

    yield from import_rows(
        by=by,
        chunks=lambda: fit(left_out),
        meetings=highest,
        total=file.found["rows"] - len(left_out),
        highest=highest,
        begin=begin,
        finish=lambda done: _finish(file, done, len(left_out)),
    )


def _left_out(file: ImportFile) -> set[int]:
    """The rows that are left out. ``Invalid`` where somebody has still to decide about one."""
    decided = dict(file.faults.values_list("row", "left_out"))
    if not all(decided.values()):
        raise Invalid({"": [_("Mend the rows that have problems, or leave them out.")]})
    return set(decided)


def _finish(file: ImportFile, done: Imported, left_out: int) -> None:
    """In the transaction of the import: it is done, once. What was left out can still be fetched."""
    now = timezone.now()
    open_files = ImportFile.objects.filter(pk=file.pk, imported_at=None)
    report = {**done.__dict__, "left_out": left_out}
    if not open_files.update(imported_at=now, report=report):
        raise Invalid({"": [ALREADY]})
    file.imported_at, file.report = now, report
    if not left_out:
        file.parts.all().delete()


def _check_open(file: ImportFile) -> None:
    if file.imported_at is not None:
        raise Invalid({"": [ALREADY]})
