"""SQLite: two FTS5 tables over the stemmed words, one for each kind of document, kept by triggers.

Internal words are in a table of their own, which a reader's search never opens. FTS5 reads matches from the
newest back, so a word that is everywhere costs no more than one that is rare: its own ranking, which counts
all matches, is not asked. What is quoted in a MATCH holds letters and digits alone.
"""

from typing import Any

from django.db import DatabaseError, transaction

from tracker.search.query import Query, Term

TABLES = {"search_public": "public", "search_internal": "internal"}
COLUMNS = {"search_public": "said, told", "search_internal": "said, told, owner"}


class Fts5:
    def public(self, query: Query, limit: int | None) -> tuple[str, list[Any]]:
        return _newest("search_public", match(query), limit)

    def internal(
        self, query: Query, owners: list[int | None] | None, limit: int | None
    ) -> tuple[str, list[Any]]:
        asked = f"{{said told}} : ({match(query)})"
        if owners is not None:
            whose = " OR ".join(_owner(pk) for pk in owners)
            asked = f"{{owner}} : ({whose}) AND {asked}"
        return _newest("search_internal", asked, limit)

    def install(self, connection: Any) -> None:
        with connection.cursor() as cursor:
            for table, visibility in TABLES.items():
                for statement in _made(table, visibility):
                    cursor.execute(statement)

    def uninstall(self, connection: Any) -> None:
        with connection.cursor() as cursor:
            for table in TABLES:
                for event in ("insert", "update", "delete"):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{event}")
                cursor.execute(f"DROP TABLE IF EXISTS {table}")
                cursor.execute(f"DROP VIEW IF EXISTS {table}_content")

    def forget(self, connection: Any) -> None:
        """Words that went are kept in the index, struck out, until its parts are merged: merge them now.
        (An option that does so always, secure-delete, is unknown to SQLite before 3.42.)"""
        self._tell(connection, "optimize")

    def rebuild(self, connection: Any) -> None:
        self._tell(connection, "rebuild")

    def is_whole(self, connection: Any) -> bool:
        try:
            with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
                for table in TABLES:
                    cursor.execute(
                        f"INSERT INTO {table}({table}, rank) VALUES ('integrity-check', 1)"  # noqa: S608
                    )
        except DatabaseError:
            return False
        return True

    def _tell(self, connection: Any, what: str) -> None:
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"INSERT INTO {table}({table}) VALUES ('{what}')")  # noqa: S608


def match(query: Query) -> str:
    """The question as FTS5 takes it."""
    sought = " AND ".join(_any_way(term) for term in query.sought)
    if not query.excluded:
        return sought
    return f"({sought}) NOT ({' OR '.join(_any_way(term) for term in query.excluded)})"


def _any_way(term: Term) -> str:
    begun = " *" if term.is_begun else ""
    return "(" + " OR ".join(f'"{" ".join(way)}"{begun}' for way in term.ways) + ")"


def _owner(organization: int | None) -> str:
    return f"o{organization or 0}"


def _newest(table: str, asked: str, limit: int | None) -> tuple[str, list[Any]]:
    sql = f"SELECT rowid FROM {table} WHERE {table} MATCH %s"  # noqa: S608
    if limit is None:
        return sql, [asked]
    return f"{sql} ORDER BY rowid DESC LIMIT %s", [asked, limit]


def _made(table: str, visibility: str) -> list[str]:
    """The index over a view of those documents, and triggers that tell it what changes."""
    columns = COLUMNS[table]

    def values(row: str) -> str:
        owner = f", 'o' || coalesce({row}.organization_id, 0)" if "owner" in columns else ""
        return f"{row}.id, {row}.said, {row}.told{owner}"

    add = f"INSERT INTO {table}(rowid, {columns}) VALUES ({values('NEW')});"  # noqa: S608
    take = f"INSERT INTO {table}({table}, rowid, {columns}) VALUES ('delete', {values('OLD')});"  # noqa: S608
    view = values("d")
    named = view + " AS owner" if "owner" in columns else view
    on = "ON tracker_document FOR EACH ROW WHEN"
    return [
        f"CREATE VIEW {table}_content AS SELECT {named} FROM tracker_document AS d "  # noqa: S608
        f"WHERE d.visibility = '{visibility}'",
        f"CREATE VIRTUAL TABLE {table} USING fts5({columns}, content='{table}_content', "
        "content_rowid='id', tokenize='unicode61 remove_diacritics 0')",
        f"CREATE TRIGGER {table}_insert AFTER INSERT {on} NEW.visibility = '{visibility}' "
        f"BEGIN {add} END",
        f"CREATE TRIGGER {table}_delete AFTER DELETE {on} OLD.visibility = '{visibility}' "
        f"BEGIN {take} END",
        f"CREATE TRIGGER {table}_update AFTER UPDATE {on} NEW.visibility = '{visibility}' "
        f"BEGIN {take} {add} END",
    ]
