"""PostgreSQL: by its own programs, which must be installed."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connections

from tracker.backups.common import (
    BY_PEOPLE,
    BackupError,
    Restored,
    bring_up_to_date,
    put,
    refuse_newer,
    stamp,
    temporary,
)


def back_up(using: str, target: Path) -> None:
    with temporary(beside=target) as made:
        _run(using, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={made}")
        if "tracker_followup" not in _tables_in(using, made):
            raise BackupError("The database holds no record of Suivi: there is nothing to back up.")
        put(made, target)


def restore(using: str, backup: Path, replace: bool) -> Restored:
    """In one transaction; what does not verify afterwards is taken back by the dump made before."""
    refuse_newer(_migrations_in(using, backup))
    here = _tables_of(using)
    if "tracker_followup" in here and not replace and _people_recorded(using):
        raise BackupError(
            "The database holds follow-ups that people recorded: to put the backup in their place, "
            "say --replace. They are then kept in a dump beside the backup."
        )
    if newer := sorted(here - _tables_in(using, backup)):
        raise BackupError(
            f"The database has tables that the backup has not ({', '.join(newer)}): restore into "
            "an empty database, and give its address in DATABASE_URL."
        )
    kept = None
    if "tracker_followup" in here:
        kept = backup.with_name(f"replaced-{stamp()}.dump").absolute()
        back_up(using, kept)
    _put_into_postgresql(using, backup)
    try:
        return Restored(bring_up_to_date(using), kept)
    except (BackupError, DatabaseError) as error:
        connections[using].close()
        if kept:
            _put_into_postgresql(using, kept)
        after = "What was there before is in place again." if kept else "Restore another one."
        raise BackupError(f"{error} {after}") from error


def _put_into_postgresql(using: str, dump: Path) -> None:
    connections[using].close()
    options = ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction"]
    name = connections[using].settings_dict["NAME"]
    _run(using, "pg_restore", *options, f"--dbname={name}", str(dump))


def _run(using: str, program: str, *arguments: str) -> str:
    """Run one of PostgreSQL's programs on the database; the password goes by the environment."""
    given = connections[using].settings_dict
    options: dict[str, Any] = given.get("OPTIONS") or {}
    named = {
        "PGHOST": given["HOST"],
        "PGPORT": given["PORT"],
        "PGUSER": given["USER"],
        "PGPASSWORD": given["PASSWORD"],
        "PGDATABASE": given["NAME"],
        "PGSSLMODE": options.get("sslmode"),
        "PGSSLROOTCERT": options.get("sslrootcert"),
        "PGOPTIONS": "-c lock_timeout=20s",  # do not wait for ever where the server still runs
    }
    environment = os.environ | {name: str(value) for name, value in named.items() if value}
    path = shutil.which(program)
    if path is None:
        raise BackupError(
            f"{program} is missing. Install PostgreSQL's client programs, of the server's version "
            "or newer (on Debian: sudo apt-get install postgresql-client)."
        )
    done = subprocess.run(  # noqa: S603 -- our own arguments, no shell
        [path, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise BackupError(f"{program} failed: {' '.join(said[-3:])}")
    return done.stdout


def _tables_in(using: str, dump: Path) -> set[str]:
    """Our tables in a dump, from its table of contents: ``215; 1259 16391 TABLE public x``."""
    lines = (line.split() for line in _run(using, "pg_restore", "--list", str(dump)).splitlines())
    found = {words[5] for words in lines if len(words) > 5 and words[3] == "TABLE"}
    return {name for name in found if name.startswith("tracker_")}


def _tables_of(using: str) -> set[str]:
    connection = connections[using]
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
    return {name for name in names if name.startswith("tracker_")}


def _migrations_in(using: str, dump: Path) -> set[tuple[str, str]]:
    """The migrations that a dump had applied, read without restoring it."""
    options = ["--data-only", "--table=django_migrations", "--file=-"]
    lines = iter(_run(using, "pg_restore", *options, str(dump)).splitlines())
    header = next((line for line in lines if line.startswith("COPY ")), "")
    columns = header.partition("(")[2].partition(")")[0].split(", ")
    found = set()
    for line in lines:
        if line == "\\.":
            break
        row = dict(zip(columns, line.split("\t"), strict=True))
        found.add((row["app"], row["name"]))
    return found


def _people_recorded(using: str) -> bool:
    with connections[using].cursor() as cursor:
        cursor.execute(BY_PEOPLE)
        return cursor.fetchone() is not None
