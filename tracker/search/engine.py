"""What finds the documents: SQLite's FTS5 or PostgreSQL's full text, behind the same few questions."""

from typing import Any, Protocol

from django.db import connections
from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL

from tracker.search import postgresql, sqlite
from tracker.search.query import Query

Owners = list[int | None] | None
"""Whose internal documents: of these organizations; None for those of all."""


class Engine(Protocol):
    """All of them look at the newest matches first and stop at ``limit``, however many there are; without
    one, they find all of them, in no order."""

    def public(self, query: Query, limit: int | None) -> tuple[str, list[Any]]:
        """SQL for the ids of public documents that match, newest first."""
        ...

    def internal(self, query: Query, owners: Owners, limit: int | None) -> tuple[str, list[Any]]:
        """The same for internal ones."""
        ...

    def install(self, connection: Any) -> None:
        """Make the index; it follows the documents by itself from then on."""
        ...

    def uninstall(self, connection: Any) -> None: ...

    def forget(self, connection: Any) -> None:
        """Leave no trace in the index of words that documents have no more."""
        ...

    def rebuild(self, connection: Any) -> None:
        """Make the index anew from the documents."""
        ...

    def is_whole(self, connection: Any) -> bool:
        """Whether the index says the same as the documents."""
        ...


ENGINES: dict[str, Engine] = {"sqlite": sqlite.Fts5(), "postgresql": postgresql.FullText()}


def engine(using: str = "default") -> Engine:
    return ENGINES[connections[using].vendor]


def as_subquery(found: tuple[str, list[Any]]) -> RawSQL:
    """As Django's ``__in`` takes it."""
    sql, parameters = found
    return RawSQL(sql, parameters, output_field=BigIntegerField())  # noqa: S611 - our own SQL
