"""Where a site of the tests keeps its record: in a SQLite file, or in a PostgreSQL database of its own.

Each can be put back, while a server runs on it, to one of the states that ``stage`` prepared.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg import sql

from tests.databases import on_postgresql, postgresql

FILE = "suivi.sqlite3"
SEQUENCES = "sequences of this state"


class Store(Protocol):
    @property
    def address(self) -> str:
        """For ``DATABASE_URL``; empty for the file in the site's own folder."""

    def restore(self, name: str) -> None:
        """Put the record back to that state."""

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the database says, asked from outside."""

    def is_whole(self) -> bool:
        """Whether the database itself finds no damage."""


@dataclass(frozen=True)
class SqliteStore:
    """``states`` is the folder of the files that were prepared."""

    states: Path
    file: Path
    address = ""

    def restore(self, name: str) -> None:
        with (
            closing(sqlite3.connect(self.states / f"{name}.sqlite3")) as source,
            closing(sqlite3.connect(self.file, timeout=20)) as target,
        ):
            target.execute("PRAGMA synchronous=OFF")
            source.backup(target)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)) as database:
            return database.execute(query).fetchall()

    def is_whole(self) -> bool:
        return self.rows("PRAGMA integrity_check") == [("ok",)]


@dataclass(frozen=True)
class PostgresStore:
    """The states are schemas beside the one in use: see ``keep_schema``."""

    address: str

    def restore(self, name: str) -> None:
        """Takes no lock that a reader would wait for; needs the right to leave triggers out."""
        put = sql.SQL("INSERT INTO {table} ({columns}) SELECT {columns} FROM {kept}")
        with self._connect() as database:
            database.execute("SET session_replication_role = replica")
            for table, columns in _tables(database):
                database.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
                database.execute(
                    put.format(
                        table=sql.Identifier(table),
                        columns=_listed(columns),
                        kept=sql.Identifier(name, table),
                    )
                )
            database.execute(
                sql.SQL(
                    "SELECT setval(format('%I', sequencename)::regclass, coalesce(last_value, 1),"
                    " last_value IS NOT NULL) FROM {}"
                ).format(sql.Identifier(name, SEQUENCES))
            )

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self._connect() as database:
            found: list[tuple[Any, ...]] = database.execute(query).fetchall()
            return found

    def is_whole(self) -> bool:
        return True  # it has no such check; what Suivi itself verifies stands beside this one

    def _connect(self) -> Any:
        return psycopg.connect(self.address)


@contextmanager
def store(folder: Path, states: Path, prepared: str) -> Iterator[Store]:
    """A store for the site in ``folder``, on the engine of the tests, in the state "plain".

    What was prepared is in the folder ``states``, or in the database at ``prepared``.
    """
    if on_postgresql():
        with postgresql("site", template=prepared) as address:
            here = PostgresStore(address)
            here.restore("plain")
            yield here
    else:
        shutil.copy(states / "plain.sqlite3", folder / FILE)
        yield SqliteStore(states, folder / FILE)


def keep_file(database: Any, path: Path) -> None:
    """Copy what the SQLite connection has."""
    with closing(sqlite3.connect(path)) as target:
        database.backup(target)


def keep_schema(database: Any, name: str) -> None:
    """Copy all rows that the PostgreSQL connection has into a schema of that name."""
    database.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
    copy = sql.SQL("CREATE TABLE {kept} AS SELECT {columns} FROM {table}")
    for table, columns in _tables(database):
        kept = sql.Identifier(name, table)
        database.execute(
            copy.format(kept=kept, columns=_listed(columns), table=sql.Identifier("public", table))
        )
    database.execute(
        sql.SQL(
            "CREATE TABLE {} AS SELECT sequencename, last_value FROM pg_sequences"
            " WHERE schemaname = 'public'"
        ).format(sql.Identifier(name, SEQUENCES))
    )


def _tables(database: Any) -> list[tuple[str, list[str]]]:
    """Each table in use, with its columns but for those that the database fills in."""
    found: list[tuple[str, list[str]]] = database.execute(
        "SELECT table_name, array_agg(column_name::text) "
        "FROM information_schema.columns JOIN information_schema.tables "
        "USING (table_schema, table_name) WHERE table_schema = 'public' "
        "AND table_type = 'BASE TABLE' AND is_generated = 'NEVER' GROUP BY table_name"
    ).fetchall()
    return found


def _listed(columns: list[str]) -> Any:
    return sql.SQL(", ").join(map(sql.Identifier, columns))
