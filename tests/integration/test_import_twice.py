"""One table in two windows, and a record that changes while it comes in: said in words, nothing by halves."""

import csv
import io
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.test import Client

from tests import databases, factories
from tests.faults import just_before
from tracker.actions import imports, tables
from tracker.actions.broken import told
from tracker.exceptions import Invalid
from tracker.imports.columns import guess
from tracker.imports.steps import check_file, import_file
from tracker.models import ImportFile, Recommendation, User
from tracker.statuses import Role

HEADER = ["Reference", "Text", "State"]
GIVEN = {"meeting": "som-12", "origin": "https://example.org/report", "language": "en"}


def sent(by: User, *rows: Sequence[str], header: Sequence[str] = HEADER) -> ImportFile:
    """A table that was sent and described."""
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    file = tables.keep_table(by=by, name="table.csv", pieces=[out.getvalue().encode()])
    describe(by, file, header)
    return file


def describe(by: User, file: ImportFile, header: Sequence[str] = HEADER) -> None:
    tables.describe_table(by=by, file=file, columns=guess(header), given=GIVEN)


def checked(by: User, *rows: Sequence[str]) -> ImportFile:
    file = sent(by, *rows)
    list(check_file(by=by, file=file))
    return file


def again(file: ImportFile) -> ImportFile:
    """The same in another window."""
    return ImportFile.objects.get(pk=file.pk)


ELSEWHERE = r"autre fenêtre|another window"
GOOD, BROKEN = ["1", "Adopt a law", "ML"], ["2", "Train judges", "Atlantis"]


@pytest.fixture(autouse=True)
def _a_meeting(db: None) -> None:
    factories.make_meeting(12)


# --- Two windows


def test_a_later_check_ends_an_earlier_one(editor: User) -> None:
    first = sent(editor, GOOD, BROKEN)
    steps = check_file(by=editor, file=first)
    next(steps)
    second = again(first)
    describe(editor, second)
    with pytest.raises(Invalid, match=ELSEWHERE):
        list(steps)
    list(check_file(by=editor, file=second))
    assert list(again(first).faults.values_list("row", flat=True)) == [3]


def test_what_another_window_imported_is_not_imported_twice(editor: User) -> None:
    first = checked(editor, GOOD)
    second = again(first)
    list(import_file(by=editor, file=first))
    with pytest.raises(Invalid, match=ELSEWHERE):
        list(import_file(by=editor, file=second))
    assert Recommendation.objects.count() == 1


def test_what_another_window_left_out_is_looked_at_again(
    editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = checked(editor, GOOD, BROKEN)
    tables.leave_out_all(by=editor, file=file)

    def late(**given: Any) -> Any:
        tables.leave_out(by=editor, file=again(file), rows=[])
        return imports.import_rows(**given)

    monkeypatch.setattr(tables, "import_rows", late)
    with pytest.raises(Invalid):
        list(import_file(by=editor, file=file))
    assert again(file).imported_at is None


@pytest.mark.parametrize("action", ["describe", "check", "leave_out", "leave_out_all", "import"])
def test_what_another_window_threw_away_is_said_to_be_gone(editor: User, action: str) -> None:
    file = checked(editor, GOOD)
    tables.forget_table(by=editor, file=again(file))
    act: dict[str, Any] = {
        "describe": lambda: describe(editor, file),
        "check": lambda: tables.note_faults(by=editor, file=file, faults=[]),
        "leave_out": lambda: tables.leave_out(by=editor, file=file, rows=[1]),
        "leave_out_all": lambda: tables.leave_out_all(by=editor, file=file),
        "import": lambda: list(import_file(by=editor, file=file)),
    }
    with pytest.raises(Invalid):
        act[action]()


def test_pages_of_another_window_lead_to_the_report(
    client: Client, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(editor)
    file = checked(editor, GOOD)
    list(import_file(by=editor, file=again(file)))
    monkeypatch.setattr("tracker.views.imports._own", lambda *_given: (editor, file))  # as it was
    page = f"/en/import/{file.pk}/"
    assert client.post(f"{page}run/")["Location"] == page
    left = client.post(f"{page}preview/", {"all": "1"})
    assert left.status_code == 302
    assert client.get(f"{page}columns/").status_code == 404  # and its file is gone


# --- Constraints that break


def test_what_somebody_was_first_with_is_named(
    editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    just_before(monkeypatch, imports._Step, "_recommend", lambda: factories.make_recommendation(1))
    with pytest.raises(Invalid) as raised:
        list(import_file(by=editor, file=checked(editor, GOOD, ["2", "Train judges", "NE"])))
    said = str(raised.value)
    assert str(Recommendation._meta.verbose_name) in said
    assert "2" in said
    assert "3" in said
    assert Recommendation.objects.count() == 0


def test_what_the_record_refuses_is_named(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports._Step, "_next_number", lambda *_given: 0)
    with pytest.raises(Invalid, match="recommendation_number_positive"):
        list(import_file(by=editor, file=checked(editor, ["a.1", "Adopt a law", "ML"])))
    assert Recommendation.objects.count() == 0


def test_what_shows_at_the_end_alone_is_said_too(
    editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    cause = sqlite3.IntegrityError("FOREIGN KEY constraint failed")
    cause.sqlite_errorcode = sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY
    error = IntegrityError(str(cause))
    error.__cause__ = cause

    def refuse(*_given: Any) -> None:
        raise error

    monkeypatch.setattr("tracker.actions.ledger._close", refuse)
    file = checked(editor, GOOD)
    with pytest.raises(Invalid) as raised:
        list(import_file(by=editor, file=file))
    assert str(raised.value) == told(error, None)
    assert again(file).imported_at is None


# --- At once, in a process and a database of their own: see ``test_concurrency``


def test_two_windows_at_once(tmp_path: Path) -> None:
    assert "0 histories with a fault." in databases.work(__name__, tmp_path)


ROUNDS, ROWS = 4, 700


def work() -> None:
    """Check a table in two windows at once, and import it in two at once; an exception ends the process."""
    call_command("migrate", interactive=False, verbosity=0)
    editor = factories.make_user(Role.EDITOR)
    factories.make_meeting(12)
    for turn in range(ROUNDS):
        rows = [[f"{turn}.{n}", "Adopt a law", "ML"] for n in range(ROWS)]
        file = sent(editor, *rows, [f"{turn}.x", "Adopt a law", "Atlantis"])
        connection.close()
        ended = at_once(lambda file=file: _check_anew(editor, file))
        assert None in ended, ended
        [fault] = file.faults.all()
        assert fault.row == ROWS + 2
        tables.leave_out_all(by=editor, file=file)
        connection.close()
        ended = at_once(lambda file=file: list(import_file(by=editor, file=again(file))))
        assert ended.count(None) == 1, ended
        assert Recommendation.objects.count() == ROWS * (turn + 1)
    call_command("verify_history")
    call_command("rebuild_projection", "--check")
    connection.close()


def _check_anew(by: User, file: ImportFile) -> None:
    own = again(file)
    describe(by, own)
    list(check_file(by=by, file=own))


def at_once(act: Any) -> list[Invalid | None]:
    """What came of it in two windows at once: nothing but ``Invalid`` is raised."""
    together = Barrier(2, timeout=60)

    def window() -> Invalid | None:
        together.wait()
        try:
            act()
        except Invalid as invalid:
            return invalid
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(2) as pool:
        return [found.result() for found in [pool.submit(window) for _turn in range(2)]]
