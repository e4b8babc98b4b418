"""Excerpts with the sought words marked, in the text's own spelling."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.search.marks import LENGTH, marked
from tracker.search.query import parse

LONG = "Un texte sans rapport avec ce que l’on cherche, et qui dure. " * 20


def marks(text: str, typed: str, language: str = "fr") -> list[str]:
    return [piece for piece, is_match in marked(text, parse(typed), language) if is_match]


@pytest.mark.parametrize(
    ("typed", "text", "found"),
    [
        ("frontieres", "La Frontière", ["Frontière"]),
        ("frontières", "L’amélioration des frontières.", ["frontières"]),
        ("amelioration", "L’amélioration", ["amélioration"]),
        ('"ligne nationale"', "Une ligne nationale, une ligne", ["ligne nationale"]),
        ("frontières -douane", "douane et frontières", ["frontières"]),
        ("ete", "E\u0301te\u0301 2025", ["E\u0301te\u0301"]),
        ("工作组", "第工作组二", ["工作组"]),
        ("licorne", "La frontière", []),
    ],
)
def test_marked(typed: str, text: str, found: list[str]) -> None:
    assert marks(text, typed, "zh" if "工" in typed else "fr") == found


def test_a_word_in_another_language_is_marked_by_its_stem() -> None:
    assert marks("They smuggled migrants", "smuggling", "en") == ["smuggled"]


def test_the_best_place_is_shown() -> None:
    text = LONG + "Une ligne nationale d’assistance. " + LONG
    pieces = marked(text, parse("ligne assistance"), "fr")
    assert [p for p, is_match in pieces if is_match] == ["ligne", "assistance"]
    assert pieces[0] == ("… ", False)
    assert pieces[-1] == (" …", False)
    assert sum(len(piece) for piece, _m in pieces) <= LENGTH + 10


@given(st.text(max_size=500), st.sampled_from(["a", "mot", '"le la"', "工作", "e1"]))
def test_pieces_are_the_text(text: str, typed: str) -> None:
    whole = "".join(piece for piece, _m in marked(text, parse(typed), "fr"))
    assert whole.removeprefix("… ").removesuffix(" …") in text or whole in text


def test_one_word_ten_thousand_times_is_marked_at_once() -> None:
    began = time.process_time()
    pieces = marked("a " * 10_000, parse("a"), "en")
    assert time.process_time() - began < 1
    assert pieces[0] == ("a", True)
