"""What a database says when it cannot go on, as Django hands it on."""

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError


def of_sqlite(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("SQLite cannot go on")
    error.sqlite_errorcode = code
    return error


def wrapped(cause: Exception) -> OperationalError:
    """As Django wraps it."""
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


BUSY = wrapped(of_sqlite(sqlite3.SQLITE_BUSY))


def just_before(
    patch: pytest.MonkeyPatch, owner: type, method: str, act: Callable[[], object]
) -> None:
    """Let ``act`` happen as soon as a method of ``owner`` is called for the first time, and before it begins:
    somebody else was first."""
    begin = getattr(owner, method)

    def late(self: Any, *given: Any) -> Any:
        patch.setattr(owner, method, begin)
        act()
        return begin(self, *given)

    patch.setattr(owner, method, late)


def fail(patch: pytest.MonkeyPatch, action: str, error: Exception = BUSY) -> None:
    """Let ``action``, by its place, fail from now on."""

    def refuse(*_given: object, **_named: object) -> None:
        raise error

    patch.setattr(action, refuse)
