"""Databases beside that of the tests, for what runs in processes of its own."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent


def run(code: str, seconds: int = 120, **own: str) -> "subprocess.CompletedProcess[str]":
    """Run Python in a process of its own, with ``own`` in its environment."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tracker.settings", **own},
        check=False,
        capture_output=True,
        text=True,
        timeout=seconds,
    )


def work(module: str, folder: Path, **own: str) -> str:
    """What ``module.work()`` prints in a process and an empty database of its own, on the engine of the
    tests. What its threads commit could not be taken away again: the database refuses it."""
    with empty(folder) as address:
        code = f"import django; django.setup(); from {module} import work; work()"
        done = run(code, 200, **{"DATABASE_URL": address, "SUIVI_VAR": str(folder), **own})
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def empty(folder: Path) -> Iterator[str]:
    """The address of an empty database on the engine of the tests."""
    if not on_postgresql():
        yield f"sqlite:///{folder / 'suivi.sqlite3'}"
        return
    with postgresql("empty") as address:
        yield address


def on_postgresql() -> bool:
    """Whether these tests run on PostgreSQL: one that is theirs alone, as ``.ci/postgres`` starts it."""
    return connection.vendor == "postgresql"


@contextmanager
def postgresql(name: str, template: str = "template1") -> Iterator[str]:
    """The address of a new database, dropped afterwards; ``template`` is the address or name of another."""
    address = create(name, template)
    try:
        yield address
    finally:
        with _server() as server:
            server.execute(f"DROP DATABASE {_name(address)} WITH (FORCE)")


def create(name: str, template: str = "template1") -> str:
    """The address of a new database, which stays until the server goes."""
    name = f"{name}_{uuid.uuid4().hex}"
    with _server() as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {_name(template)}")
    given = settings.DATABASES["default"]
    who = f"{quote(given['USER'], safe='')}:{quote(given['PASSWORD'], safe='')}"
    return f"postgresql://{who}@{given['HOST']}:{given['PORT']}/{name}"


def _name(address: str) -> str:
    return address.rpartition("/")[2]


def _server() -> psycopg.Connection:
    given = settings.DATABASES["default"]
    return psycopg.connect(
        host=given["HOST"],
        port=given["PORT"],
        user=given["USER"],
        password=given["PASSWORD"],
        dbname="postgres",
        autocommit=True,
    )
