"""The order of the list as one number: by meeting, newest first, then number, then State.

One indexed column (``Implementation.place``) lets a page begin anywhere without reading what is before it.
"""

import datetime as dt

DAYS, MEETINGS, NUMBERS, STATES = 16, 17, 20, 10
"""Bits: days of 179 years, 131,071 meetings, 1,048,575 recommendations in one, two letters."""
FIRST = dt.date(1945, 1, 1)
LARGEST_NUMBER = 2**NUMBERS - 1


def place_of(starts_on: dt.date, meeting: int, number: int, state: str) -> int:
    """Where an implementation stands in the list: 63 bits, smaller is earlier.

    Days out of range count as the first or last; meetings, numbers and States raise ``ValueError``.
    """
    day = min(max((starts_on - FIRST).days, 0), 2**DAYS - 1)
    parts = (
        (2**DAYS - 1 - day, DAYS),
        (meeting, MEETINGS),
        (number, NUMBERS),
        (_state(state), STATES),
    )
    place = 0
    for value, bits in parts:
        if not 0 <= value < 2**bits:
            raise ValueError(f"{value} does not fit into {bits} bits")
        place = place << bits | value
    return place


def _state(code: str) -> int:
    first, second = (ord(letter) - ord("A") for letter in code)
    return first * 26 + second
