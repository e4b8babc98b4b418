"""Pages of readers may be read from a copy of the database (``REPLICA_URL``); everything else is not.

A copy is a moment behind. Who is signed in must see at once what they recorded, so only requests without a
session that write nothing read it. Commands, feeds of sign-in and every write use the database itself.
"""

from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

REPLICA = "replica"
_reads: ContextVar[str] = ContextVar("database_to_read", default=DEFAULT_DB_ALIAS)


def reading() -> str:
    """The database that is read at the moment."""
    return _reads.get()


def has_replica() -> bool:
    return REPLICA in settings.DATABASES


class ReplicaMiddleware:
    """Lets who is not signed in, and sends nothing, read the copy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_reader = settings.SESSION_COOKIE_NAME not in request.COOKIES
        is_read = request.method in ("GET", "HEAD") and "/accounts/" not in request.path
        if not (has_replica() and is_reader and is_read):
            return self.get_response(request)
        token = _reads.set(REPLICA)
        try:
            response = self.get_response(request)
        finally:
            _reads.reset(token)
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            response.streaming_content = _read_there(iter(response))
        return response


def _read_there(parts: Iterator[bytes]) -> Iterator[bytes]:
    """What is sent as it is read, long after the view, is read where the view has read: an export says of
    which record it is."""
    while True:
        token = _reads.set(REPLICA)
        try:
            part = next(parts)
        except StopIteration:
            return
        finally:
            _reads.reset(token)
        yield part


class ReadersReadTheReplica:
    """Django's router: reads go where the request may read, writes to the database itself."""

    def db_for_read(self, model: Any, **hints: Any) -> str:  # noqa: ARG002
        return reading()

    def db_for_write(self, model: Any, **hints: Any) -> str:  # noqa: ARG002
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:  # noqa: ARG002
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:  # noqa: ARG002
        return db != REPLICA
