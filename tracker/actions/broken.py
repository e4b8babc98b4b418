"""A constraint that breaks while many rows are written, in the words of the record: what broke, and where."""

import re
from typing import Any

from django.apps import apps
from django.db import IntegrityError
from django.utils.translation import gettext as _

_SQLITE = {1555: "taken", 2067: "taken", 787: "gone"}  # PRIMARYKEY and UNIQUE, FOREIGNKEY
_POSTGRESQL = {"23505": "taken", "23503": "gone"}  # unique_violation, foreign_key_violation
_REPLACE = "_refuses_replace"
_COLUMN = re.compile(r"(\w+)\.(\w+)")


def told(error: IntegrityError, rows: tuple[int, int] | None) -> str:
    """What people are told: what broke, and between which rows of their table, where that is known."""
    kind, table, said = _read(error)
    if kind == "taken":
        message = _(
            "The record has the same by now (%(what)s): somebody was first with it, or two rows say it. "
            "Nothing was imported: check again."
        )
    elif kind == "gone":
        message = _(
            "Somebody removed what these rows need (%(what)s). Nothing was imported: check again."
        )
    else:
        message = _(
            "The record refuses what these rows say (%(what)s). Nothing was imported: check them, and if "
            "they are right, tell whoever runs this site."
        )
    parts = [message % {"what": ": ".join(filter(None, [_name_of(table), said]))}]
    if rows:
        where = _("It broke between rows %(first)s and %(last)s of the table.")
        parts.append(where % {"first": rows[0], "last": rows[1]})
    return " ".join(parts)


def _read(error: IntegrityError) -> tuple[str, str, str]:
    """Of which kind it is, the table, and what else the engine names: columns, or a constraint."""
    cause: Any = error.__cause__
    diagnosis = getattr(cause, "diag", None)
    said = str(cause if diagnosis is None else diagnosis.message_primary).rpartition(": ")[2]
    if said.endswith(_REPLACE):  # a trigger of ours comes before the constraint
        return "taken", said.removesuffix(_REPLACE), ""
    if diagnosis is not None:
        kind = _POSTGRESQL.get(diagnosis.sqlstate or "", "")
        return kind, diagnosis.table_name or "", diagnosis.constraint_name or said
    kind = _SQLITE.get(getattr(cause, "sqlite_errorcode", 0), "")
    columns = _COLUMN.findall(said)
    if columns:  # UNIQUE constraint failed: tracker_recommendation.ref
        return kind, columns[0][0], ", ".join(column for _table, column in columns)
    return kind, "", said


def _name_of(table: str) -> str:
    """What the record calls the rows of a table."""
    models = apps.get_app_config("tracker").get_models()
    names = {model._meta.db_table: str(model._meta.verbose_name) for model in models}
    return names.get(table, table)
