"""Tables between the steps: their owner's alone, described anew at will, imported once."""

from collections.abc import Callable
from typing import Any

import pytest

from tests import factories
from tests.integration.test_import_twice import BROKEN, GOOD, again, checked, describe
from tracker.actions import tables
from tracker.actions.imports import Imported
from tracker.exceptions import Invalid, NotAllowed
from tracker.imports.steps import check_file, import_file
from tracker.models import ImportFile, Recommendation, User

pytestmark = pytest.mark.django_db
ACTIONS: dict[str, Callable[[User, ImportFile], Any]] = {
    "begin": lambda by, file: tables.note_beginning(by=by, file=file, begins={}),
    "describe": describe,
    "note faults": lambda by, file: tables.note_faults(by=by, file=file, faults=[(2, [])]),
    "end check": lambda by, file: tables.end_check(by=by, file=file, found={}),
    "leave out": lambda by, file: tables.leave_out(by=by, file=file, rows=[3]),
    "leave out all": lambda by, file: tables.leave_out_all(by=by, file=file),
    "import": lambda by, file: list(import_file(by=by, file=file)),
    "forget": lambda by, file: tables.forget_table(by=by, file=file),
}


@pytest.fixture(autouse=True)
def _a_meeting(db: None) -> None:
    factories.make_meeting(12)


@pytest.mark.parametrize("action", ACTIONS)
def test_nobody_does_anything_with_the_table_of_another(
    editor: User, administrator: User, action: str
) -> None:
    file = checked(editor, GOOD, BROKEN)
    with pytest.raises(NotAllowed):
        ACTIONS[action](administrator, again(file))
    assert again(file).checked_at == file.checked_at
    assert list(file.faults.values_list("row", "left_out")) == [(3, False)]


@pytest.mark.parametrize("action", ACTIONS)
def test_nobody_does_anything_with_what_was_imported(editor: User, action: str) -> None:
    file = checked(editor, GOOD)
    list(import_file(by=editor, file=again(file)))
    with pytest.raises(Invalid):
        ACTIONS[action](editor, file)
    assert Recommendation.objects.count() == 1
    assert again(file).imported_at


def test_a_table_that_is_described_anew_has_no_faults(editor: User) -> None:
    file = checked(editor, GOOD, BROKEN)
    describe(editor, file)
    assert not file.faults.exists()
    list(check_file(by=editor, file=file))
    assert list(file.faults.values_list("row", flat=True)) == [3]


def test_an_import_ends_once(editor: User) -> None:
    file = checked(editor, GOOD)
    tables._finish(again(file), Imported(), 0)
    with pytest.raises(Invalid):
        tables._finish(file, Imported(), 0)
