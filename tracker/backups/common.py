"""What both engines have in common: what is checked, and how a file is put in place."""

import contextlib
import datetime as dt
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from tracker.actions.sessions import end_all
from tracker.history.audit import Audit
from tracker.models import Leaf, triggers

SQLITE, GZIP, POSTGRESQL = b"SQLite format 3\0", b"\x1f\x8b", b"PGDMP"
BY_PEOPLE = "SELECT 1 FROM tracker_followup WHERE recorded_by_id IS NOT NULL LIMIT 1"


class BackupError(Exception):
    """What could not be done, and what to do about it, for the person at the console."""


@dataclass(frozen=True)
class Restored:
    """``entries`` were put in place, all verified; ``kept`` is what was there before."""

    entries: int
    kept: Path | None


def stamp() -> str:
    return dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def kind_of(backup: Path) -> bytes:
    """What a file begins with, among what can be restored."""
    try:
        with backup.open("rb") as file:
            start = file.read(16)
    except OSError as error:
        raise BackupError(f"{backup} cannot be read: {error.strerror}.") from error
    for kind in (SQLITE, GZIP, POSTGRESQL):
        if start.startswith(kind):
            return kind
    raise BackupError(f"{backup} is not a backup of Suivi: it begins as none does.")


def refuse_newer(applied: set[tuple[str, str]]) -> None:
    """A backup that a newer version made holds what this one cannot read."""
    loader = MigrationLoader(None)
    known = set(loader.disk_migrations)
    for migration in loader.disk_migrations.values():
        known |= set(migration.replaces)
    unknown = sorted(
        name for app, name in applied if app == "tracker" and ("tracker", name) not in known
    )
    if ("tracker", "0001_record") not in applied:
        raise BackupError("This is a database, but not one of Suivi.")
    if unknown:
        raise BackupError(
            f"The backup was made by a newer version of Suivi (it has {', '.join(unknown)}): "
            "upgrade first, then restore."
        )


def bring_up_to_date(using: str) -> int:
    """Migrate, end what must not come back to life, check; return the number of entries."""
    call_command("migrate", database=using, interactive=False, verbosity=0)
    end_all(using=using)
    if missing := triggers.names() - _triggers_of(using):
        raise BackupError(
            "The backup lacks triggers that keep its history append-only, so it may have been "
            f"rewritten: {', '.join(sorted(missing))}."
        )
    return _verify(using)


def _triggers_of(using: str) -> set[str]:
    enabled = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')",
    }
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(enabled[connection.vendor])
        return {name for (name,) in cursor.fetchall()}


def _verify(using: str) -> int:
    """Read every history; return the number of entries, or refuse at the first false one.

    A backup of an older version has no ledger yet. Whether texts are what was last sealed is for
    ``verify_history`` to say: that is no reason to be without a backup.
    """
    audit = Audit(using, is_sealed=Leaf.objects.using(using).exists(), with_records=False)
    if fault := next(audit.faults(), None):
        raise BackupError(f"The history in the backup does not verify: {fault}.")
    return audit.entries


@contextlib.contextmanager
def temporary(beside: Path) -> Iterator[Path]:
    """A file of its own in the folder of another, for its owner alone; removed afterwards."""
    handle, name = tempfile.mkstemp(prefix=f".{beside.name}-", dir=beside.parent)
    os.close(handle)
    path = Path(name)
    try:
        yield path
    finally:
        for leftover in with_companions(path):
            leftover.unlink(missing_ok=True)


def with_companions(path: Path) -> list[Path]:
    """An SQLite file and the files that SQLite may keep beside it."""
    return [path.with_name(path.name + suffix) for suffix in ("", "-wal", "-shm", "-journal")]


def _sync(path: Path) -> None:
    """What was written to a file, or renamed in a folder, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def put(made: Path, target: Path) -> None:
    """Rename a finished file into place."""
    _sync(made)
    made.replace(target)
    _sync(target.parent)
