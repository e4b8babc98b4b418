"""SQLite: its own online backup, compressed; a checked file swapped in for another."""

import contextlib
import gzip
import hashlib
import os
import shutil
import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.db import DatabaseError, connections

from tracker.backups.common import (
    BY_PEOPLE,
    GZIP,
    SQLITE,
    BackupError,
    Restored,
    bring_up_to_date,
    put,
    refuse_newer,
    stamp,
    temporary,
    with_companions,
)

CHECKED = "restoring"
"""The alias under which a file is read that is about to be put in place."""


def file_of(using: str) -> Path:
    name = str(connections[using].settings_dict["NAME"])
    if ":memory:" in name or name.startswith("file:"):
        raise BackupError("This database is in memory: there is no file to back up or restore.")
    return Path(name).resolve()


def back_up(database: Path, target: Path) -> None:
    """SQLite's own online backup: one consistent moment, while others read and write."""
    if not database.exists():
        raise BackupError(f"There is no database yet: {database} does not exist.")
    with temporary(beside=target) as copy, temporary(beside=target) as packed:
        try:
            with (
                contextlib.closing(sqlite3.connect(database, timeout=20)) as source,
                contextlib.closing(sqlite3.connect(copy)) as destination,
            ):
                source.backup(destination)
                # The copy has inherited WAL, for which a reader would need two more files.
                destination.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.Error as error:
            raise BackupError(f"{database} cannot be backed up: {error}.") from error
        _check_file(copy, named=database)
        with copy.open("rb") as plain, gzip.open(packed, "wb", compresslevel=6) as file:
            shutil.copyfileobj(plain, file)
        with copy.open("rb") as plain, gzip.open(packed, "rb") as file:
            same = _digest_of(plain) == _digest_of(file)
        if not same:
            raise BackupError(f"{target} was written, but reads back differently: check the disk.")
        put(packed, target)


def _digest_of(file: BinaryIO | gzip.GzipFile) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(1024 * 1024):
        digest.update(chunk)
    return digest.hexdigest()


def _check_file(path: Path, *, named: Path) -> set[tuple[str, str]]:
    """Refuse a file that SQLite finds damaged; return its migrations. ``named`` is what to say."""
    try:
        with contextlib.closing(sqlite3.connect(path)) as connection:
            ((found,), *more) = connection.execute("PRAGMA integrity_check(3)").fetchall()
            if found != "ok":
                raise BackupError(f"{named} is damaged: {found}{' (and more)' if more else ''}.")
            if broken := connection.execute("PRAGMA foreign_key_check").fetchone():
                raise BackupError(
                    f"{named} is damaged: a row of {broken[0]} refers to one that is gone."
                )
            return set(connection.execute("SELECT app, name FROM django_migrations").fetchall())
    except sqlite3.Error as error:
        raise BackupError(f"{named} is not a whole database of Suivi: {error}.") from error


def restore(database: Path, backup: Path, kind: bytes, replace: bool) -> Restored:
    if not replace and database.exists() and _holds_more_than_seeds(database):
        raise BackupError(
            f"{database} holds follow-ups that people recorded (or cannot be read): "
            "to put the backup in its place, say --replace. It is then kept beside it."
        )
    database.parent.mkdir(parents=True, exist_ok=True)
    with temporary(beside=database) as candidate:
        _unpack(backup, kind, candidate)
        refuse_newer(_check_file(candidate, named=backup))
        with _read_as(CHECKED, candidate):
            try:
                entries = bring_up_to_date(CHECKED)
            except DatabaseError as error:
                raise BackupError(f"{backup} cannot be brought up to date: {error}.") from error
        _in_one_file(candidate)
        _check_file(candidate, named=backup)
        return Restored(entries, _swap(candidate, database))


def _holds_more_than_seeds(database: Path) -> bool:
    """Whether people recorded in it; a file that cannot be read may hold that."""
    if database.stat().st_size == 0:
        return False  # made by a server that never migrated it
    if not _is_sqlite(database):
        return True
    try:
        with contextlib.closing(sqlite3.connect(database, timeout=20)) as connection:
            return connection.execute(BY_PEOPLE).fetchone() is not None
    except sqlite3.Error:
        return True


def _is_sqlite(database: Path) -> bool:
    """Whether SQLite may open it: of a file that is none of its own it would delete the log."""
    with database.open("rb") as file:
        return file.read(16) == SQLITE


def _unpack(backup: Path, kind: bytes, target: Path) -> None:
    try:
        with (
            gzip.open(backup, "rb") if kind == GZIP else backup.open("rb") as packed,
            target.open("wb") as file,
        ):
            shutil.copyfileobj(packed, file, 1024 * 1024)
    except (OSError, EOFError, zlib.error) as error:
        raise BackupError(f"{backup} is damaged, or cannot be unpacked: {error}.") from error


@contextlib.contextmanager
def _read_as(alias: str, path: Path) -> Iterator[None]:
    """Django's connection to a file, with the settings of ours."""
    connections.settings[alias] = {**connections.settings["default"], "NAME": str(path)}
    try:
        yield
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.settings[alias]


def _in_one_file(database: Path) -> None:
    """Move what is in the write-ahead log into the file: only who is alone with it can."""
    with contextlib.closing(sqlite3.connect(database, timeout=2)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def _swap(candidate: Path, database: Path) -> Path | None:
    """Put ``candidate`` in place in one step; return under which name the former file was kept."""
    kept = None
    if database.exists():
        try:
            if _is_sqlite(database):
                _in_one_file(database)
        except sqlite3.OperationalError as error:
            raise BackupError(
                f"{database} is in use ({error}): stop the server first. Nothing was changed."
            ) from error
        except sqlite3.DatabaseError:
            pass  # too damaged to be tidied: its companions are kept with it
        kept = database.with_name(f"{database.name}.replaced-{stamp()}")
        # The server may be another user than the one who restores.
        shutil.copymode(database, candidate)
        if os.geteuid() == 0:
            owner = database.stat()
            os.chown(candidate, owner.st_uid, owner.st_gid)
        for old, new in zip(with_companions(database), with_companions(kept), strict=True):
            if old != database and old.exists():
                old.rename(new)
        try:
            os.link(database, kept)
        except OSError:  # a file system without hard links
            shutil.copy2(database, kept)
    put(candidate, database)
    return kept
