"""A whole site from one database into another: the same rows, verified on both sides, or nothing.

In a process of its own, from an SQLite file into an empty database of the engine that is tested.
"""

import io
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connections
from django.utils import timezone

from tests import databases, factories
from tracker.actions import copying
from tracker.backups import BackupError
from tracker.management.commands.copy_database import Command
from tracker.models import FollowUp, LoadedSeed, Recommendation, Root, Source, User, triggers
from tracker.search.engine import ENGINES
from tracker.search.query import parse

TARGET = "target"


def test_a_site_moves_to_another_database(tmp_path: Path) -> None:
    """Every check of ``work`` is said by name, so that a missing one is seen."""
    source = f"sqlite:///{tmp_path / 'source.sqlite3'}"
    with databases.empty(tmp_path) as target:
        said = databases.work(__name__, tmp_path, DATABASE_URL=source, TO=target)
    assert said.split() == [name.__name__ for name in CHECKS]


@pytest.mark.parametrize(
    ("where", "remedy"), [("mysql://host/name", "postgresql://"), ("", "postgresql://")]
)
def test_a_bad_address_names_the_remedy(where: str, remedy: str) -> None:
    with pytest.raises(CommandError, match=remedy) as refused:
        call_command("copy_database", "--to", where)
    assert refused.value.returncode == 2


# --- In that process ----------------------------------------------------------------------------------


def what_differs_is_not_kept() -> None:
    """The rows of the copy are read again: one that is not the same is found."""

    def alter(_target: str) -> None:
        FollowUp.objects.using(TARGET).filter(sequence=1).update(note="Jamais dit")

    with replaced("_count_on", alter):
        assert "tracker_followup is not the same" in refused()
    assert not User.objects.using(TARGET).exists()


def what_does_not_verify_there_is_not_kept() -> None:
    """The other side's history is gone through as well, and counted."""
    broken = Heard(fault="an entry is missing"), Heard(more=1)
    for there, said in zip(
        broken, ("target database does not verify", "another number"), strict=True
    ):
        with replaced("Audit", lambda using, **_how: there if using == TARGET else Heard()):  # noqa: B023
            assert said in refused()
        assert not User.objects.using(TARGET).exists()


def nobody_writes_meanwhile() -> None:
    """The source is read in one transaction: SQLite keeps others out until the end."""
    tried: list[str] = []

    def write(_target: str) -> None:
        file = connections["default"].settings_dict["NAME"]
        locked = pytest.raises(sqlite3.OperationalError, match="locked")
        with closing(sqlite3.connect(file, timeout=0)) as other, locked:
            other.execute("BEGIN IMMEDIATE")
        tried.append("to write")
        raise BackupError("enough")

    with replaced("_count_on", write):
        assert "enough" in refused()
    assert tried == ["to write"]


def what_does_not_verify_is_not_copied() -> None:
    triggers.uninstall(connections["default"])
    note = FollowUp.objects.get(sequence=1).note
    FollowUp.objects.filter(sequence=1).update(note="Jamais dit")
    assert "does not verify" in refused()
    FollowUp.objects.filter(sequence=1).update(note=note)
    triggers.install(connections["default"])


def the_same_is_there_and_goes_on() -> None:
    said = io.StringIO()
    call_command(Command(stdout=said, stderr=io.StringIO()), "--to", os.environ["TO"])
    newest = Root.objects.order_by("-pk").first()
    assert newest
    assert newest.digest in said.getvalue()
    assert FollowUp.objects.using(TARGET).count() == FollowUp.objects.count() == 2
    added = Recommendation.objects.get().added_at
    assert Recommendation.objects.using(TARGET).get().added_at == added
    index = ENGINES[connections[TARGET].vendor]
    found, parameters = index.public(parse("Mopti"), 10)
    with connections[TARGET].cursor() as cursor:
        cursor.execute(found, parameters)
        assert len(cursor.fetchall()) == 1
    assert index.is_whole(connections[TARGET])
    new = Source.objects.using(TARGET).create(url="https://example.org/new")
    assert new.pk > max(Source.objects.values_list("pk", flat=True))


def times_are_those_of_the_source() -> None:
    """Of a row, too, that Django gives the time at which it is made."""
    loaded = LoadedSeed.objects.get().loaded_at
    assert LoadedSeed.objects.using(TARGET).get().loaded_at == loaded < timezone.now()


def the_copy_refuses_what_the_source_does() -> None:
    there = {name for name, _table in triggers.in_place(connections[TARGET])}
    assert triggers.names() - there == set()
    with pytest.raises(DatabaseError, match="tracker_followup_refuses_update"):
        FollowUp.objects.using(TARGET).update(note="Jamais dit")


def a_database_with_data_is_left_alone() -> None:
    assert "not empty" in refused()


CHECKS = [
    what_differs_is_not_kept,
    what_does_not_verify_there_is_not_kept,
    nobody_writes_meanwhile,
    what_does_not_verify_is_not_copied,
    the_same_is_there_and_goes_on,
    times_are_those_of_the_source,
    the_copy_refuses_what_the_source_does,
    a_database_with_data_is_left_alone,
]


class Heard:
    """What an audit says."""

    def __init__(self, *, fault: str = "", more: int = 0) -> None:
        self.fault, self.entries = fault, 2 + more

    def faults(self) -> Iterator[str]:
        return iter([self.fault] if self.fault else [])


@contextmanager
def replaced(name: str, by: object) -> Iterator[None]:
    """Something of ``copying``, for a while."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(copying, name, by)
        yield


def refused() -> str:
    with pytest.raises(CommandError) as error:
        call_command(Command(stdout=io.StringIO(), stderr=io.StringIO()), "--to", os.environ["TO"])
    assert isinstance(error.value.__cause__, BackupError)
    return str(error.value)


def work() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    implementation = factories.make_implementation(factories.make_recommendation(1))
    editor = factories.make_user("editor")
    entry = factories.record(implementation, editor, [factories.URL], note="Réunion à Ségou")
    factories.amend(entry, editor, [factories.URL], note="Réunion à Mopti")
    LoadedSeed.objects.create(name="of-before")
    for check in CHECKS:
        check()
        print(check.__name__)
