"""Rows of one recommendation agree, or the check says where they do not: what passes it can be imported."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import factories
from tests.integration.test_import_rows import checked
from tests.integration.test_import_write import GIVEN, brought_in, kept
from tracker.models import FollowUp, Implementation, Recommendation, User

HEADER = ["Reference", "Text", "State"]


@pytest.fixture(autouse=True)
def _a_meeting(db: None) -> None:
    factories.make_meeting(12)


def broken(tmp_path: Path, by: User, *rows: Sequence[str]) -> list[tuple[int, str, str]]:
    """Each problem of a table: the row, the column and the message."""
    with translation.override("en"):
        _wanted, wrong = checked(tmp_path, by, rows, GIVEN)
    return [(row.number, *problem) for row in wrong for problem in row.problems]


# --- What a later row says of the same recommendation

OTHERWISE = {
    "Text": ("Adopt a law", "Train judges"),
    "Paragraph": ("14", "15"),
    "Themes": ("Law", "Law; Borders"),
    "Number": ("5", "6"),
    "Language": ("en", "fr"),
    "Stage": ("adopted", "endorsed"),
    "Origin": ("https://example.org/a", "https://example.org/b"),
}


@pytest.mark.parametrize("part", [500, 1])
@pytest.mark.parametrize("column", OTHERWISE)
def test_a_later_row_that_says_otherwise_is_a_problem(
    tmp_path: Path, editor: User, monkeypatch: pytest.MonkeyPatch, column: str, part: int
) -> None:
    monkeypatch.setattr("tracker.imports.table.CHUNK", part)
    one, other = ({"Text": "Adopt a law", column: said} for said in OTHERWISE[column])
    header = ["Reference", "State", *one]
    first, last = ["R1", "ML", *one.values()], ["R1", "NE", *other.values()]
    [(row, where, message)] = broken(tmp_path, editor, header, first, last)
    assert (row, where) == (3, column)
    assert "row 2" in message


@pytest.mark.parametrize("column", OTHERWISE)
def test_a_later_row_may_repeat_it_or_leave_it_out(
    tmp_path: Path, editor: User, column: str
) -> None:
    cells = {"Text": "Adopt a law", column: OTHERWISE[column][1]}
    header = ["Reference", "State", *cells]
    states = {"ML": cells.values(), "NE": cells.values(), "SN": [""] * len(cells)}
    rows = [["R1", state, *said] for state, said in states.items()]
    assert broken(tmp_path, editor, header, *rows) == []


def test_themes_are_the_same_in_any_order(tmp_path: Path, editor: User) -> None:
    rows = [["1", "a", "ML", "Law; Borders"], ["1", "", "NE", "borders | Law"]]
    assert broken(tmp_path, editor, [*HEADER, "Themes"], *rows) == []


def test_a_cell_that_cannot_be_read_is_one_problem(tmp_path: Path, editor: User) -> None:
    header = [*HEADER, "Stage", "Language", "Themes"]
    first = ["R1", "Adopt a law", "ML", "endorsed", "en", "Law"]
    last = ["R1", "a" * 20_001, "NE", "dreamt", "klingon", "; ".join(map(str, range(30)))]
    found = [column for _row, column, _m in broken(tmp_path, editor, header, first, last)]
    assert sorted(found) == ["Language", "Stage", "Text", "Themes"]


def test_a_number_that_is_not_its_own_is_not_taken_from_another(
    tmp_path: Path, editor: User
) -> None:
    rows = [
        ["R1", "Adopt a law", "ML", "5"],
        ["R1", "", "NE", "6"],
        ["", "Train judges", "ML", "6"],
    ]
    found = broken(tmp_path, editor, [*HEADER, "Number"], *rows)
    assert [(row, column) for row, column, _m in found] == [(3, "Number")]


# --- References that have one short address


@pytest.mark.parametrize("text", ["", "Adopt a law"])
def test_references_that_are_written_otherwise_are_not_one(
    tmp_path: Path, editor: User, text: str
) -> None:
    rows = [["148.1", "Adopt a law", "ML"], ["148-1", text, "NE"]]
    [(row, column, message)] = broken(tmp_path, editor, HEADER, *rows)
    assert (row, column) == (3, "Reference")
    assert "som-12-148-1" in message


@pytest.mark.parametrize("other", ["148.1", "som-12-148-1"])
def test_a_reference_may_be_repeated_or_be_the_address(
    tmp_path: Path, editor: User, other: str
) -> None:
    rows = [["148.1", "Adopt a law", "ML"], [other, "", "NE"]]
    assert broken(tmp_path, editor, HEADER, *rows) == []


# --- What passes the check

CELLS = {
    "Reference": ["", "1", "2", "a.1", "a-1", "som-12-1", "b"],
    "Number": ["", "", "1", "2", "7"],
    "Text": ["", "a", "a", "b"],
    "State": ["ML", "NE"],
    "Themes": ["", "", "Law", "Law; Borders", "Borders; law"],
    "Paragraph": ["", "", "14", "a.1"],
    "Stage": ["", "", "adopted"],
    "Language": ["", "", "en", "fr"],
    "Origin": ["", "", "https://example.org/a"],
    "Status": ["", "in_progress", "not_started"],
    "Note": ["", "x"],
    "Sources": ["https://example.org/a"],
}
TABLES = st.lists(
    st.tuples(*map(st.sampled_from, CELLS.values())).map(list), min_size=2, max_size=6
)


@settings(max_examples=60, deadline=None)
@given(rows=TABLES)
def test_what_passes_the_check_comes_in_whatever_the_parts(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    path = tmp_path_factory.mktemp("agree")
    found = [written(path, rows, part) for part in (1, 500)]
    assert found[0] == found[1]


def written(folder: Path, rows: list[list[str]], part: int) -> list[Any]:
    """What comes of the rows that pass the check, so many read at a time; then it is undone."""
    with pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr("tracker.imports.table.CHUNK", part)
        editor = factories.make_user("editor", username="agree")
        left_out = {row for row, _c, _m in broken(folder, editor, list(CELLS), *rows)}
        brought_in(kept(folder, [list(CELLS), *rows]), editor, left_out=sorted(left_out))
        columns = ("ref", "number", "text", "stage", "language", "locator", "origin__url")
        found = [
            list(Recommendation.objects.order_by("ref").values_list(*columns, "themes__slug")),
            list(
                Implementation.objects.order_by("place").values_list("recommendation__ref", "state")
            ),
            list(FollowUp.objects.order_by("pk").values_list("status", "note", "sequence")),
            left_out,
        ]
        transaction.set_rollback(True)
    return found
