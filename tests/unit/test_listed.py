"""Names in one cell come back as they were."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.exports.listed import joined, parted

NAMES = st.text(st.sampled_from('ab;|·" é\t'), min_size=1, max_size=8).map(str.strip).filter(bool)


@given(names=st.lists(NAMES, max_size=5))
def test_what_was_joined_is_parted_again(names: list[str]) -> None:
    assert parted(joined(names)) == names


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Law; Borders | Data · Seas", ["Law", "Borders", "Data", "Seas"]),
        ('Law · "Borders; seas"', ["Law", "Borders; seas"]),
        ('"Rule" of law; Seas', ['"Rule" of law', "Seas"]),
        ('"Never closed; Seas', ['"Never closed', "Seas"]),
        ('"The ""rule"" of law | b"', ['The "rule" of law | b']),
        (" ;; | ", []),
        ("Saint·Martin", ["Saint·Martin"]),
    ],
)
def test_people_write_it_in_their_ways(cell: str, names: list[str]) -> None:
    assert parted(cell) == names


def test_names_without_signs_are_as_before() -> None:
    assert joined(["Law", "Borders, seas"]) == "Law · Borders, seas"


@pytest.mark.parametrize("piece", ['"', '""', '"a;', " ", '" ', ' "a ·', '"";'])
def test_long_cells_are_gone_through_at_once(piece: str) -> None:
    start = time.monotonic()
    parted(piece * (20_000 // len(piece)))
    assert time.monotonic() - start < 1
