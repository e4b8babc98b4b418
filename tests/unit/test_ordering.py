"""The order of the list as one number."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.ordering import place_of

ROWS = st.tuples(
    st.dates(dt.date(1946, 1, 1), dt.date(2120, 1, 1)),
    st.integers(1, 2**17 - 1),
    st.integers(1, 2**20 - 1),
    st.text(st.characters(min_codepoint=65, max_codepoint=90), min_size=2, max_size=2),
)


@given(ROWS, ROWS)
def test_places_are_in_the_order_of_the_list(
    one: tuple[dt.date, int, int, str], other: tuple[dt.date, int, int, str]
) -> None:
    def said(row: tuple[dt.date, int, int, str]) -> tuple[int, int, int, str]:
        return (-row[0].toordinal(), *row[1:])

    assert (place_of(*one) < place_of(*other)) == (said(one) < said(other))


@given(ROWS)
def test_a_place_fits_into_a_column_of_the_database(row: tuple[dt.date, int, int, str]) -> None:
    assert 0 <= place_of(*row) < 2**63


@pytest.mark.parametrize(("meeting", "number"), [(2**17, 1), (1, 2**20)])
def test_what_does_not_fit_is_refused(meeting: int, number: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        place_of(dt.date(2025, 10, 9), meeting, number, "ML")
