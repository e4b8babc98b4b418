"""A site of the version before, migrated and taken over: what is sealed stays, and all that is new is there.

``before_0007.json`` is what the actions of that version wrote, as rows of its tables: two recommendations,
two States, entries that were retracted, amended, redacted and internal, a text that was edited. In a process
and a database of its own.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from tests import databases, factories
from tracker.actions import facets
from tracker.alike import suggestions
from tracker.models import Edit, FollowUp, Implementation, Recommendation, Root, User, triggers
from tracker.search import find

BEFORE = Path(__file__).with_name("before_0007.json")
LAST = "0006_triggers"


def test_a_site_of_the_version_before_is_taken_over(tmp_path: Path) -> None:
    """Every check of ``work`` is said by name, so that a missing one is seen."""
    lines = databases.work(__name__, tmp_path).splitlines()
    said = [line for line in lines if line.startswith("checked: ")]
    assert said == [f"checked: {check.__name__}" for check in CHECKS]


# --- In that process ----------------------------------------------------------------------------------


def the_record_is_the_same(before: dict[str, Any]) -> None:
    assert Root.objects.latest("at").digest == before["tracker.root"][-1]["digest"]
    assert Edit.objects.count() == len(before["tracker.edit"])
    call_command("verify_history")


def what_is_derived_is_in_step(_before: dict[str, Any]) -> None:
    for command in ("rebuild_projection", "reindex", "reindex_similar"):
        call_command(command, "--check")


def the_list_has_them_in_its_order(_before: dict[str, Any]) -> None:
    """As the migration put them, before anything is derived anew: newest meeting first."""
    rows = Implementation.objects.order_by("place")
    assert [row.key for row in rows] == ["som-12-1:ML", "som-11-1:NE"]
    with transaction.atomic():
        assert facets.rebuild() == []


def searches_find_what_stands(_before: dict[str, Any]) -> None:
    editor = User.objects.get(username="sofia")
    for words, by_readers, by_editors in (
        ("Mopti", True, True),
        ("chuchoté", False, True),
        ("Zanzibar", False, False),  # amended
        ("Koulouba", False, False),  # retracted
        ("taire", False, False),  # redacted
    ):
        assert bool(find(words, user=AnonymousUser()).implementations) is by_readers, words
        assert bool(find(words, user=editor).implementations) is by_editors, words


def texts_worded_alike_are_suggested(_before: dict[str, Any]) -> None:
    now = Recommendation.objects.with_links().get(ref="som-12-1")
    assert [one.recommendation.ref for one in suggestions(now, [])] == ["som-11-1"]


def it_goes_on(_before: dict[str, Any]) -> None:
    first = Implementation.objects.get(state="ML")
    factories.record(first, User.objects.get(username="sofia"), note="Tombouctou")
    assert find("Tombouctou", user=AnonymousUser()).implementations == [first.pk]
    call_command("verify_history")
    call_command("migrate", "--check")


def history_stays_as_it_is(_before: dict[str, Any]) -> None:
    there = {name for name, _table in triggers.in_place(connection)}
    assert triggers.names() - there == set()
    with pytest.raises(DatabaseError):
        FollowUp.objects.update(note="Jamais dit")


CHECKS: list[Callable[[dict[str, Any]], None]] = [
    the_record_is_the_same,
    the_list_has_them_in_its_order,
    what_is_derived_is_in_step,
    searches_find_what_stands,
    texts_worded_alike_are_suggested,
    it_goes_on,
    history_stays_as_it_is,
]


def work() -> None:
    before = json.loads(BEFORE.read_text(encoding="utf-8"))
    call_command("migrate", "tracker", LAST, interactive=False, verbosity=0)
    with transaction.atomic():
        fill(before)
    call_command("migrate", interactive=False, verbosity=0)
    call_command("take_over")
    for check in CHECKS:
        check(before)
        print(f"checked: {check.__name__}")


def fill(rows: dict[str, list[dict[str, Any]]]) -> None:
    """Put them into the tables of that version, as they are."""
    then = MigrationExecutor(connection).loader.project_state([("tracker", LAST)]).apps
    models = [then.get_model(name) for name in rows]
    triggers.uninstall(connection)
    for model, given in zip(models, rows.values(), strict=True):
        fields = {field.attname: field for field in model._meta.concrete_fields}
        model._base_manager.bulk_create(
            model(**{name: fields[name].to_python(value) for name, value in row.items()})
            for row in given
        )
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
    connection.check_constraints()
    triggers.install(connection)
