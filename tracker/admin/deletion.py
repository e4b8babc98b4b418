"""What an object's deletion would take along, and what forbids it; only a few of each."""

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

SHOWN = 5


def rests_on(record: models.Model) -> tuple[list[str], list[str]]:
    """Labels of what would be deleted with it, and of what rests on it and so forbids that."""
    along: list[str] = [_label(record)]
    protected: list[str] = []
    for relation in record._meta.related_objects:
        if relation.many_to_many:
            continue
        rows: Any = relation.related_model._base_manager.filter(**{relation.field.name: record})
        found = [_label(row) for row in rows[: SHOWN + 1]]
        if len(found) > SHOWN:
            found[SHOWN:] = ["… " + _("and others")]
        (along if relation.on_delete is models.CASCADE else protected).extend(found)
    return along, protected


def _label(record: models.Model) -> str:
    return f"{record._meta.verbose_name}: {record}"
