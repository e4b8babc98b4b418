"""A whole site from one database into another, such as from SQLite into PostgreSQL.

Rows are copied as they are, with their ids, in one transaction of the target while nobody writes to the
source. Then both are read again: the same number of rows of the same content in each table, the same
digest of the record, and a history that verifies on both sides; else nothing is kept.
"""

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connections, models, transaction

from tracker.backups.common import BackupError
from tracker.history.audit import Audit
from tracker.models import Root, triggers

CHUNK = 1000
ANYTHING = "SELECT 1 FROM tracker_user UNION SELECT 1 FROM tracker_source LIMIT 1"
LEFT_BEHIND = (
    "auth.permission",  # made by migrations
    # What people are importing is no part of the record, and each row may be large: they send it again.
    *("tracker.importfile", "tracker.importpart", "tracker.importfault"),
)
Told = Callable[[str], None]


@dataclass(frozen=True)
class Copied:
    """What is now in the target."""

    rows: int
    entries: int
    digest: str


def copy(source: str, target: str, told: Told = lambda _line: None) -> Copied:
    """Copy ``source`` into the empty database ``target`` (aliases of connections); what does not verify is
    rolled back. Raises ``BackupError`` with the remedy."""
    _check_is_empty(target)
    call_command("migrate", database=target, interactive=False, verbosity=0)
    with transaction.atomic(using=source):  # on SQLite this keeps writers out until the end
        with transaction.atomic(using=target):
            triggers.uninstall(connections[target])
            rows = sum(_copy_table(model, source, target, told) for model in _models())
            _count_on(target)
            connections[target].check_constraints()
            triggers.install(connections[target])
            _check_is_same(source, target)
            told("Verifying the history on both sides")
            entries = _verified(source)
            if _verified(target) != entries:
                raise BackupError("The copy holds another number of entries than the database.")
        root = Root.objects.using(target).order_by("-pk").first()
    return Copied(rows, entries, root.digest if root else "")


def _models() -> list[type[models.Model]]:
    """All that have a table, ties between two included, but for ``LEFT_BEHIND``."""
    found = apps.get_models(include_auto_created=True)
    kept = [m for m in found if m._meta.managed and m._meta.label_lower not in LEFT_BEHIND]
    return sorted(kept, key=lambda model: model is not ContentType)


def _check_is_empty(target: str) -> None:
    connection = connections[target]
    with connection.cursor() as cursor:
        if "tracker_user" not in connection.introspection.table_names(cursor):
            return
        cursor.execute(ANYTHING)
        if cursor.fetchone():
            raise BackupError(
                "The target is not empty: it holds data of Suivi. Create an empty database, and "
                "give its address."
            )


@contextlib.contextmanager
def _as_they_are(model: type[models.Model]) -> Iterator[None]:
    """Rows keep the times at which they were made: Django would write that of the copy."""
    fields: list[Any] = [f for f in model._meta.fields if getattr(f, "auto_now_add", False)]
    for field in fields:
        field.auto_now_add = False
    try:
        yield
    finally:
        for field in fields:
            field.auto_now_add = True


def _copy_table(model: type[models.Model], source: str, target: str, told: Told) -> int:
    rows = model._base_manager.using(source).order_by("pk").iterator(chunk_size=CHUNK)
    if model is ContentType:  # migrations have made them, perhaps under other ids
        ContentType.objects.using(target).all().delete()
    count = 0
    with _as_they_are(model):
        for chunk in _chunks(rows):
            model._base_manager.using(target).bulk_create(chunk)
            count += len(chunk)
    told(f"{model._meta.db_table}: {count}")
    return count


def _chunks(rows: Iterator[Any]) -> Iterator[list[Any]]:
    chunk: list[Any] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _count_on(target: str) -> None:
    """New rows get ids after those that were copied."""
    connection = connections[target]
    statements = connection.ops.sequence_reset_sql(no_style(), _models())
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _check_is_same(source: str, target: str) -> None:
    for model in _models():
        if _content(model, source) != _content(model, target):
            raise BackupError(
                f"{model._meta.db_table} is not the same in both databases: nothing was kept."
            )


def _content(model: type[models.Model], using: str) -> tuple[int, str]:
    """How many rows, and the SHA-256 of all their values in the order of their ids."""
    count, digest = 0, hashlib.sha256()
    names = [field.attname for field in model._meta.concrete_fields]
    rows = model._base_manager.using(using).order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=CHUNK):
        count += 1
        digest.update(repr([_plain(value) for value in row]).encode())
    return count, digest.hexdigest()


def _plain(value: Any) -> Any:
    """A value as both engines give it: PostgreSQL orders the keys of JSON in its own way."""
    if isinstance(value, memoryview):
        return bytes(value)
    return json.dumps(value, sort_keys=True) if isinstance(value, dict | list) else value


def _verified(using: str) -> int:
    """The number of entries of a history that verifies, the published digests included."""
    audit = Audit(using, is_sealed=True)
    if fault := next(audit.faults(), None):
        raise BackupError(f"The history in the {using} database does not verify: {fault}.")
    return audit.entries
