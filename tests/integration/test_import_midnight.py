"""An import that midnight (UTC) passes is undone: what readers saw at the end of a day stays."""

from collections.abc import Collection, Iterator
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError
from django.test import Client

from tests import factories
from tests.htmx import parse
from tests.integration.test_import_twice import GOOD, again, checked
from tests.integration.test_import_write import HEADER, OTHER, ROW, counts, kept, run, steps_of
from tracker.actions import imports as actions
from tracker.actions import tables
from tracker.exceptions import Invalid
from tracker.imports.steps import import_file
from tracker.models import Recommendation, User
from tracker.views import imports

BEFORE, AFTER = "2026-01-31T23:59:50Z", "2026-02-01T00:00:01Z"
Clock = time_machine.Traveller


@pytest.fixture
def clock(db: None) -> Iterator[Clock]:
    """It stands at ten seconds before midnight, with a meeting of long ago."""
    with time_machine.travel("2026-01-01T12:00:00Z", tick=False) as clock:
        factories.make_meeting(12)
        clock.move_to(BEFORE)
        yield clock


@pytest.fixture
def late(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Midnight passes with the last thing that an import does but the writing of its digests."""
    end = tables._finish

    def finish(*given: object) -> None:
        end(*given)  # type: ignore[arg-type]
        clock.move_to(AFTER)

    monkeypatch.setattr(tables, "_finish", finish)
    return clock


def test_midnight_while_rows_are_written_undoes_all(
    clock: Clock, tmp_path: Path, editor: User
) -> None:
    before = counts()
    steps = steps_of(kept(tmp_path, [HEADER, ROW, OTHER]), editor)
    next(steps)
    clock.move_to(AFTER)
    with pytest.raises(Invalid, match=r"UTC"):
        next(steps)
    assert counts() == before


def test_midnight_while_it_is_sealed_undoes_all(clock: Clock, tmp_path: Path, editor: User) -> None:
    before = counts()
    steps = steps_of(kept(tmp_path, [HEADER, ROW, OTHER]), editor)
    while not next(steps).is_sealing:
        pass
    clock.move_to(AFTER)
    with pytest.raises(Invalid, match=r"UTC"):
        next(steps)
    assert counts() == before


def test_midnight_at_the_very_end_undoes_all(late: Clock, editor: User) -> None:
    file = checked(editor, GOOD)
    before = counts()
    with pytest.raises(Invalid, match=r"UTC"):
        list(import_file(by=editor, file=file))
    assert counts() == before
    assert again(file).imported_at is None


def test_on_the_next_day_it_is_imported(late: Clock, editor: User) -> None:
    file = checked(editor, GOOD)
    with pytest.raises(Invalid):
        list(import_file(by=editor, file=file))
    list(import_file(by=editor, file=again(file)))
    assert Recommendation.objects.get().added_at.isoformat() == "2026-02-01T00:00:01+00:00"


@pytest.mark.parametrize("long", [False, True])
def test_the_page_says_what_to_do(
    late: Clock, client: Client, editor: User, monkeypatch: pytest.MonkeyPatch, long: bool
) -> None:
    client.force_login(editor)
    monkeypatch.setattr(imports, "LONG", 1 if long else imports.LONG)
    table = f"/en/import/{checked(editor, GOOD).pk}/"
    response = client.post(f"{table}run/")
    content = b"".join(response) if response.streaming else response.content
    [outcome] = parse(type("Page", (), {"content": content})).cssselect("#outcome")
    assert "Midnight (UTC) passed" in outcome.text_content()
    assert f"{table}preview/" in [a.get("href") for a in outcome.cssselect("a")]
    assert parse(client.get(f"{table}preview/")).cssselect("form#run")


def test_the_command_says_so(
    clock: Clock, tmp_path: Path, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = actions._lock

    def late(meetings: Collection[int]) -> None:
        lock(meetings)
        clock.move_to(AFTER)

    monkeypatch.setattr(actions, "_lock", late)
    before = counts()
    with pytest.raises(CommandError, match="UTC") as refused:
        run(kept(tmp_path, [HEADER, ROW, OTHER]), "--language", "en")
    assert refused.value.returncode == 2
    assert counts() == before
