"""When somebody else's writing has to be finished first, and does not end in time: nothing broke."""

from typing import Any

from django.db import OperationalError
from django.utils.translation import gettext_lazy as _

STATUS = 503
AGAIN = 60
"""Seconds after which to try again."""
SAID = _(
    "Somebody else is writing to the record, and it takes long, as importing a table may. Nothing was"
    " recorded: send it again in a minute."
)
_SQLITE = {5, 6}  # SQLITE_BUSY, SQLITE_LOCKED; the higher bits say more
_POSTGRESQL = {"55P03", "40P01", "40001"}  # waited for too long, in a circle, or for what changed


def is_busy(error: OperationalError) -> bool:
    """Whether the database only asks to wait, by the engine's own code."""
    cause: Any = error.__cause__
    in_sqlite = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    return in_sqlite in _SQLITE or getattr(cause, "sqlstate", "") in _POSTGRESQL


def is_behind(error: BaseException) -> bool:
    """Whether such an error is what another was made of: Django says of a session only that it is gone."""
    cause: BaseException | None = error
    while cause is not None and not (isinstance(cause, OperationalError) and is_busy(cause)):
        cause = cause.__context__
    return cause is not None
