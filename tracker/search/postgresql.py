"""PostgreSQL: a column derived from the stemmed words, with one index for each kind of document.

The words come stemmed, so its own dictionary is ``simple``. Every word goes as a parameter through
``phraseto_tsquery`` or, where it is the beginning of one, as letters and digits alone.
"""

from typing import Any

from tracker.search.query import Query, Term

VECTOR = "to_tsvector('simple', said) || to_tsvector('simple', told)"


class FullText:
    def public(self, query: Query, limit: int | None) -> tuple[str, list[Any]]:
        return _newest("visibility = 'public'", [], query, limit)

    def internal(
        self, query: Query, owners: list[int | None] | None, limit: int | None
    ) -> tuple[str, list[Any]]:
        where, given = "visibility = 'internal'", []
        if owners is not None:
            where += " AND COALESCE(organization_id, 0) = ANY(%s)"
            given = [[pk or 0 for pk in owners]]
        return _newest(where, given, query, limit)

    def install(self, connection: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE tracker_document ADD COLUMN vector tsvector "
                f"GENERATED ALWAYS AS ({VECTOR}) STORED"
            )
            for kind in ("public", "internal"):
                cursor.execute(
                    f"CREATE INDEX search_{kind} ON tracker_document USING gin (vector) "
                    f"WHERE visibility = '{kind}'"
                )

    def uninstall(self, connection: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE tracker_document DROP COLUMN IF EXISTS vector")

    def forget(self, connection: Any) -> None:
        """Rows that went are PostgreSQL's own to overwrite, as those of every table."""

    def rebuild(self, connection: Any) -> None:
        with connection.cursor() as cursor:
            for kind in ("public", "internal"):
                cursor.execute(f"REINDEX INDEX search_{kind}")

    def is_whole(self, connection: Any) -> bool:  # noqa: ARG002
        """The column follows from the others of its row, and the index from the column."""
        return True


def tsquery(query: Query) -> tuple[str, list[str]]:
    """The question as an expression of PostgreSQL's, and its parameters."""
    given: list[str] = []
    sought = " && ".join(_any_way(term, given) for term in query.sought)
    if query.excluded:
        sought += " && !!(" + " || ".join(_any_way(t, given) for t in query.excluded) + ")"
    return f"({sought})", given


def _any_way(term: Term, given: list[str]) -> str:
    if term.is_begun:
        given.append(f"'{term.ways[0][0]}':*")
        return "%s::tsquery"
    given += [" ".join(way) for way in term.ways]
    return "(" + " || ".join(["phraseto_tsquery('simple', %s)"] * len(term.ways)) + ")"


def _newest(where: str, given: list[Any], query: Query, limit: int | None) -> tuple[str, list[Any]]:
    asked, words = tsquery(query)
    sql = f"SELECT id FROM tracker_document WHERE {where} AND vector @@ {asked}"  # noqa: S608
    if limit is None:
        return sql, [*given, *words]
    return f"{sql} ORDER BY id DESC LIMIT %s", [*given, *words, limit]
