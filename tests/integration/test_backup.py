"""A backup is whole or not there, and a restore puts in place what verifies or changes nothing.

On real files and, where the tests run on PostgreSQL, on a real database of their own.
"""

import contextlib
import gzip
import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests.databases import postgresql
from tracker import backups
from tracker.backups import sqlite
from tracker.backups.common import kind_of
from tracker.models import triggers

ROOT = Path(__file__).resolve().parents[2]
sqlite_only = pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has files")
postgresql_only = pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL")

# A site with one follow-up that somebody recorded, its backup, and one follow-up recorded since.
FILL = """
import sys, django; django.setup()
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
call_command("seed")
from django.contrib.sessions.backends.db import SessionStore
from tests import factories
from tracker.models import Implementation
from tracker.statuses import Role
sofia = factories.make_user(Role.EDITOR, None, "sofia", "Sofia Keller")
mali = Implementation.objects.get(recommendation__ref="som-12-1")
said = {"note": "Before the backup", "visibility": "internal", "sources": [factories.URL]}
factories.record(mali, sofia, **said)
SessionStore().create()
call_command("backup", sys.argv[1])
factories.record(mali, sofia, note="After the backup")
"""


def run(var: Path, *arguments: str, database: str = "") -> "subprocess.CompletedProcess[str]":
    environment = {
        **os.environ,
        "SUIVI_VAR": str(var),
        "DJANGO_SETTINGS_MODULE": "tracker.settings",
    }
    environment.pop("DATABASE_URL", None)
    if database:
        environment["DATABASE_URL"] = database
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=150
    )


def manage(var: Path, *arguments: str, database: str = "") -> "subprocess.CompletedProcess[str]":
    return run(var, "manage.py", *arguments, database=database)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    var = tmp_path_factory.mktemp("site")
    done = run(var, "-c", FILL, str(var / "backup.gz"))
    assert done.returncode == 0, done.stderr
    return var


@pytest.fixture
def site(filled: Path, tmp_path: Path) -> Path:
    """The folder of a stopped site of its own: ``suivi.sqlite3`` and ``backup.gz``."""
    var = tmp_path / "var"
    shutil.copytree(filled, var)
    return var


@pytest.fixture
def database(site: Path) -> Path:
    return site / "suivi.sqlite3"


@pytest.fixture
def backup(site: Path) -> Path:
    return site / "backup.gz"


@pytest.fixture
def files_allowed(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Django may open the files of this test; the tests' own database is not touched."""
    with django_db_blocker.unblock():
        yield


def restore(database: Path, backup: Path, *, replace: bool = True) -> backups.Restored:
    return sqlite.restore(database, backup, kind_of(backup), replace)


def ask(database: Path, sql: str) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(database)) as opened:
        found = opened.execute(sql).fetchall()
        opened.commit()
        return found


def notes(database: Path) -> list[object]:
    sql = "SELECT note FROM tracker_followup WHERE recorded_by_id IS NOT NULL ORDER BY sequence"
    return [note for (note,) in ask(database, sql)]


def state_of(folder: Path) -> dict[str, str]:
    """Every file with the digest of what is in it, to see that nothing changed."""
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


# --- Round trip ---


@sqlite_only
def test_a_backup_comes_back_whole(site: Path, database: Path, backup: Path) -> None:
    assert notes(database) == ["Before the backup", "After the backup"]
    done = manage(site, "restore", str(backup), "--replace")
    assert (done.returncode, done.stderr) == (0, "")
    assert notes(database) == ["Before the backup"]
    found = {
        name for (name,) in ask(database, "SELECT name FROM sqlite_master WHERE type = 'trigger'")
    }
    assert triggers.names() <= found
    (kept,) = site.glob("suivi.sqlite3.replaced-*")
    assert str(kept) in done.stdout
    assert notes(kept) == ["Before the backup", "After the backup"]
    assert not [*site.glob("*-wal"), *site.glob("*-shm"), *site.glob(".*")]
    assert "0 histories with a fault" in manage(site, "verify_history").stdout


@sqlite_only
def test_on_a_machine_where_nothing_is_yet(tmp_path: Path, filled: Path) -> None:
    var = tmp_path / "new"
    done = manage(var, "restore", str(filled / "backup.gz"))
    assert (done.returncode, done.stderr) == (0, "")
    assert notes(var / "suivi.sqlite3") == ["Before the backup"]
    assert sorted(path.name for path in var.iterdir()) == ["secret_key", "suivi.sqlite3"]


@sqlite_only
@pytest.mark.usefixtures("files_allowed")
def test_everybody_signs_in_again(database: Path, backup: Path) -> None:
    assert ask(database, "SELECT COUNT(*) FROM django_session") == [(1,)]
    restore(database, backup)
    assert ask(database, "SELECT COUNT(*) FROM django_session") == [(0,)]


# --- Backup ---


@sqlite_only
def test_while_somebody_writes(database: Path, tmp_path: Path) -> None:
    """What is committed is in it, what is not is not, and neither waits for the other."""
    target = tmp_path / "new folder" / "one.gz"
    with contextlib.closing(sqlite3.connect(database)) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("INSERT INTO tracker_theme (slug, name_fr, name_en) VALUES ('in', 'x', '')")
        writer.commit()
        writer.execute("INSERT INTO tracker_theme (slug, name_fr, name_en) VALUES ('out', 'x', '')")
        sqlite.back_up(database, _with_folder(target))
        writer.commit()
    plain = tmp_path / "plain.sqlite3"
    plain.write_bytes(gzip.decompress(target.read_bytes()))
    assert ask(plain, "SELECT slug FROM tracker_theme WHERE slug IN ('in', 'out')") == [("in",)]
    assert [path.name for path in target.parent.iterdir()] == ["one.gz"]
    assert target.stat().st_mode & 0o777 == 0o600


def _with_folder(target: Path) -> Path:
    target.parent.mkdir()
    return target


def test_never_over_another_file(tmp_path: Path) -> None:
    target = tmp_path / "backup.gz"
    target.write_text("precious")
    with pytest.raises(backups.BackupError, match="exists already"):
        backups.back_up("default", target)
    assert target.read_text() == "precious"


@sqlite_only
def test_a_damaged_database_makes_no_backup(database: Path, tmp_path: Path) -> None:
    damage(database)
    with pytest.raises(backups.BackupError, match=r"damaged|whole|cannot be backed up"):
        sqlite.back_up(database, tmp_path / "backup.gz")
    assert not list(tmp_path.glob("*backup*"))


# --- Refused, and nothing is changed ---


@sqlite_only
def test_without_replace_what_people_recorded_stays(site: Path, backup: Path) -> None:
    before = state_of(site)
    done = manage(site, "restore", str(backup))
    assert done.returncode == 2
    assert "--replace" in done.stderr
    assert state_of(site) == before


def damage(path: Path) -> None:
    """Overwrite the middle of a file, as a failing disk does."""
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * 8192)


def plain(backup: Path) -> Path:
    """The same backup, unpacked: it can be restored as well."""
    path = backup.with_name("plain.sqlite3")
    path.write_bytes(gzip.decompress(backup.read_bytes()))
    return path


def changed(backup: Path, *statements: str) -> Path:
    """The backup after somebody worked on it."""
    path = plain(backup)
    with contextlib.closing(sqlite3.connect(path)) as opened:
        for statement in statements:
            opened.execute(statement)
        opened.commit()
    return path


def cut(backup: Path) -> Path:
    backup.write_bytes(backup.read_bytes()[:-1000])
    return backup


def of_another_program(backup: Path) -> Path:
    path = backup.with_name("other.sqlite3")
    ask(path, "CREATE TABLE contacts (name text)")
    return path


def words(backup: Path) -> Path:
    backup.write_text("Not a backup at all, but long enough to be one.")
    return backup


def dump(backup: Path) -> Path:
    backup.write_bytes(b"PGDMP" + bytes(200))
    return backup


def damaged(backup: Path) -> Path:
    path = plain(backup)
    damage(path)
    return path


UPDATE = "DROP TRIGGER tracker_followup_refuses_update"
NOTE = "UPDATE tracker_followup SET note = 'Rewritten' WHERE note <> ''"
REFUSALS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "missing": (lambda b: b.with_name("nowhere.gz"), "cannot be read"),
    "a folder": (lambda b: b.parent, "cannot be read"),
    "cut short": (cut, "damaged"),
    "damaged": (damaged, "damaged|not a whole database"),
    "words": (words, "not a backup"),
    "of another program": (of_another_program, "not a whole database of Suivi"),
    "by a newer version": (
        lambda b: changed(
            b,
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('tracker', '9999_later', '2030-01-01')",
        ),
        "newer version.*9999_later",
    ),
    "without a trigger": (lambda b: changed(b, UPDATE), "lacks triggers.*refuses_update"),
    "rewritten": (
        lambda b: changed(b, *_around(b, NOTE)),
        "does not verify: som-12-1:ML entry .*: its content is not what was sealed",
    ),
    "a row refers to nothing": (
        lambda b: changed(b, "DELETE FROM tracker_organization", "DELETE FROM tracker_user"),
        "refers to one that is gone",
    ),
}


def _around(backup: Path, statement: str) -> list[str]:
    """A change as somebody makes it who knows of the trigger, and puts it back."""
    sql = "SELECT sql FROM sqlite_master WHERE name = 'tracker_followup_refuses_update'"
    ((trigger,),) = ask(plain(backup), sql)
    return [UPDATE, statement, str(trigger)]


@sqlite_only
@pytest.mark.usefixtures("files_allowed")
@pytest.mark.parametrize("case", REFUSALS)
def test_refused(case: str, database: Path, backup: Path) -> None:
    make, message = REFUSALS[case]
    made = make(backup)
    before = state_of(database.parent)
    with pytest.raises(backups.BackupError, match=re.compile(message, re.DOTALL)):
        restore(database, made)
    assert state_of(database.parent) == before


@sqlite_only
def test_a_dump_of_the_other_engine(database: Path, backup: Path) -> None:
    before = state_of(database.parent)
    done = manage(database.parent, "restore", str(dump(backup)), "--replace")
    assert done.returncode == 2
    assert "is a backup of PostgreSQL" in done.stderr
    assert state_of(database.parent).keys() == before.keys()


@sqlite_only
@pytest.mark.usefixtures("files_allowed")
def test_a_database_in_use_stays(database: Path, backup: Path) -> None:
    with contextlib.closing(sqlite3.connect(database)) as somebody:
        somebody.execute("PRAGMA journal_mode=WAL")
        somebody.execute("SELECT COUNT(*) FROM tracker_followup").fetchall()
        with pytest.raises(backups.BackupError, match=r"in use.*stop the server"):
            restore(database, backup)
    assert notes(database) == ["Before the backup", "After the backup"]
    assert not list(database.parent.glob("*.replaced-*"))


@sqlite_only
@pytest.mark.usefixtures("files_allowed")
def test_a_damaged_database_is_kept_and_replaced(database: Path, backup: Path) -> None:
    database.write_bytes(b"This was a database once." * 100)
    database.with_name("suivi.sqlite3-wal").write_bytes(b"and this its log")
    with pytest.raises(backups.BackupError, match="--replace"):
        restore(database, backup, replace=False)
    kept = restore(database, plain(backup)).kept
    assert kept is not None
    assert kept.read_bytes().startswith(b"This was")
    assert kept.with_name(kept.name + "-wal").read_bytes() == b"and this its log"
    assert notes(database) == ["Before the backup"]


# --- PostgreSQL ---


@pytest.fixture
def address() -> Iterator[str]:
    """An empty database of its own beside the tests' one: dumps see only what is committed."""
    if shutil.which("pg_dump") is None and os.environ.get("CI") != "true":
        pytest.skip("pg_dump is not installed")
    with postgresql("backup") as address:
        yield address


@postgresql_only
def test_a_dump_comes_back_whole(address: str, tmp_path: Path) -> None:
    psycopg = pytest.importorskip("psycopg")
    dump = tmp_path / "one.dump"
    done = run(tmp_path, "-c", FILL, str(dump), database=address)
    assert done.returncode == 0, done.stderr

    def notes() -> list[str]:
        sql = "SELECT note FROM tracker_followup WHERE recorded_by_id IS NOT NULL ORDER BY sequence"
        with psycopg.connect(address) as opened:
            return [note for (note,) in opened.execute(sql)]

    refused = manage(tmp_path, "restore", str(dump), database=address)
    assert refused.returncode == 2
    assert "--replace" in refused.stderr
    assert notes() == ["Before the backup", "After the backup"]

    # A dump in which history could have been rewritten.
    with psycopg.connect(address) as opened:
        opened.execute("DROP TRIGGER tracker_followup_refuses_update ON tracker_followup")
    bare = tmp_path / "bare.dump"
    assert manage(tmp_path, "backup", str(bare), database=address).returncode == 0

    done = manage(tmp_path, "restore", str(dump), "--replace", database=address)
    assert (done.returncode, done.stderr) == (0, "")
    assert notes() == ["Before the backup"]
    with psycopg.connect(address) as opened:
        found = {name for (name,) in opened.execute("SELECT tgname FROM pg_trigger")}
    assert triggers.names() <= found
    (kept,) = tmp_path.glob("replaced-*.dump")
    assert str(kept) in done.stdout

    # What does not verify, or is not whole, leaves what was there.
    cut = tmp_path / "cut.dump"
    cut.write_bytes(dump.read_bytes()[:-5000])
    for made, message in ((bare, "lacks triggers"), (cut, "pg_restore failed")):
        done = manage(tmp_path, "restore", str(made), "--replace", database=address)
        assert done.returncode == 2
        assert message in done.stderr
        assert notes() == ["Before the backup"]
    with psycopg.connect(address) as opened:
        found = {name for (name,) in opened.execute("SELECT tgname FROM pg_trigger")}
    assert triggers.names() <= found
