"""Backups: one file with the whole record, and back again, on SQLite and on PostgreSQL.

Nothing is called a backup, and nothing is put in place, before it was read back and checked. To be
put in place it also has the triggers that keep the history append-only, and every digest verifies.
"""

from pathlib import Path

from django.db import connections

from tracker.backups import postgresql, sqlite
from tracker.backups.common import POSTGRESQL, BackupError, Restored, kind_of, stamp


def default_path(folder: Path, vendor: str) -> Path:
    """Where a backup goes that nobody named: a name that says when (UTC), and sorts by it."""
    return folder / "backups" / f"suivi-{stamp()}{'.sqlite3.gz' if vendor == 'sqlite' else '.dump'}"


def back_up(using: str, target: Path) -> None:
    """Write the database behind the alias ``using`` to ``target``, whole or not at all."""
    if target.exists():
        raise BackupError(f"{target} exists already: give another name, or move it away.")
    try:
        # The folder is made for backups alone: they hold internal notes and password hashes.
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if connections[using].vendor == "sqlite":
            sqlite.back_up(sqlite.file_of(using), target)
        else:
            postgresql.back_up(using, target)
    except OSError as error:
        raise BackupError(f"{target} cannot be written: {error.strerror or error}.") from error


def restore(using: str, backup: Path, *, replace: bool) -> Restored:
    """Put a backup in the place of the database behind ``using``, once all of it was checked.

    What was there is kept: beside the SQLite file, or as a dump beside the backup. ``replace``
    permits to take the place of follow-ups that people recorded.
    """
    kind = kind_of(backup)
    vendor = connections[using].vendor
    if (kind == POSTGRESQL) != (vendor == "postgresql"):
        raise BackupError(
            f"{backup} is a backup of {'PostgreSQL' if kind == POSTGRESQL else 'SQLite'}, "
            f"and DATABASE_URL says {'PostgreSQL' if vendor == 'postgresql' else 'SQLite'}."
        )
    if vendor == "sqlite":
        return sqlite.restore(sqlite.file_of(using), backup, kind, replace)
    return postgresql.restore(using, backup, replace)


__all__ = ["BackupError", "Restored", "back_up", "default_path", "restore"]
