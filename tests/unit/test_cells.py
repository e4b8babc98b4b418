"""Cells that are not formulas, and the way back."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tracker.exports.cells import safe_cell, unsafe_cell

CELLS = st.text(max_size=20) | st.text("'=+-@\t\r\n ＝＋－＠a", max_size=6)
budget = settings(max_examples=200, deadline=None)


@budget
@given(CELLS)
@example("'=1")
@example("''=1")
@example("'")
@example("' ")
def test_round_trip(value: str) -> None:
    assert unsafe_cell(safe_cell(value)) == value


@budget
@given(CELLS)
def test_no_cell_begins_like_a_formula(value: str) -> None:
    cell = safe_cell(value)
    assert not cell.startswith(tuple("\t\r\n"))
    assert not cell.lstrip().startswith(tuple("=+-@＝＋－＠"))


@pytest.mark.parametrize(
    "value", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", " =1", "＝1", "\ufeff=1"]
)
def test_formulas_become_text(value: str) -> None:
    assert safe_cell(value) == f"'{value}"


@pytest.mark.parametrize("value", ["", "Mali", "l'État", "'quoted'", "a=b", "2025-10-10"])
def test_other_text_is_left_alone(value: str) -> None:
    assert safe_cell(value) == value
