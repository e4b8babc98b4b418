"""Two texts compared word by word: exact, readable, and quick whatever they are."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.history.words import Piece, difference

WORDS = [
    "le",
    "la",
    "trafic",
    "État",
    "l’",
    "\u00a0",
    " ",
    " ",
    "\n",
    "走私",
    "移民",
    "تهريب",
    "«",
    ".",
]
TEXT = st.lists(st.sampled_from(WORDS), max_size=40).map("".join) | st.text(max_size=60)


def joined(pieces: list[Piece], *ops: str) -> str:
    return "".join(piece.text for piece in pieces if piece.op in ops)


@settings(max_examples=200)
@given(before=TEXT, after=TEXT)
def test_both_texts_are_there_to_the_last_character(before: str, after: str) -> None:
    pieces = difference(before, after)
    assert joined(pieces, "same", "removed") == before
    assert joined(pieces, "same", "added") == after


@given(text=TEXT)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert {piece.op for piece in difference(text, text)} <= {"same"}


@pytest.mark.parametrize(
    ("before", "after", "removed", "added"),
    [
        ("renforcer la lutte", "renforcer cette lutte", "la", "cette"),
        ("le renforcement de l’État", "le renforcement d’un État", "de l’", "d’un "),
        ("selon l’avis rendu", "selon d’avis rendu", "l’", "d’"),
        ("Mesures\u00a0: deux", "Mesures\u00a0: trois", "deux", "trois"),
        ("打击走私移民", "打击贩运移民", "走私", "贩运"),
        ("مكافحة تهريب المهاجرين", "مكافحة الاتجار المهاجرين", "تهريب", "الاتجار"),
        ("كِتاب جديد", "كُتّاب جديد", "كِتاب", "كُتّاب"),
        ("a red cat sat", "a blue dog sat", "red cat", "blue dog"),
    ],
)
def test_words_and_signs_are_told_apart(before: str, after: str, removed: str, added: str) -> None:
    pieces = difference(before, after)
    assert (joined(pieces, "removed"), joined(pieces, "added")) == (removed, added)


def test_what_went_stands_before_what_came() -> None:
    assert [piece.op for piece in difference("a b c", "a x c")] == [
        "same",
        "removed",
        "added",
        "same",
    ]


def test_long_texts_that_differ_throughout_are_shown_as_two_wholes() -> None:
    before, after = " ".join(map(str, range(4000))), " ".join(map(str, range(4000, 8000)))
    assert difference(before, after) == [Piece("removed", before), Piece("added", after)]


def test_paragraphs_that_stayed_are_seen_in_texts_too_different_for_words() -> None:
    rewritten = ["\n".join(f"{n} {word}" * 40 for n in range(80)) for word in ("un", "deux")]
    pieces = difference(*(f"Avant\n{text}\nMilieu\n{text}" for text in rewritten))
    assert "Milieu" in joined(pieces, "same")


def _long(kind: str, seed: int) -> str:
    source = random.Random(seed)  # noqa: S311 - no secret
    if kind == "few words":
        return "".join(source.choice(["le ", "la ", "de "]) for _ in range(6700))
    if kind == "one letter":
        return "a " * (10_000 - 37 * seed)
    if kind == "Chinese":
        return "".join(chr(source.randrange(0x4E00, 0x9FFF)) for _ in range(20_000))
    if kind == "lines":
        return "".join(source.choice(["a\n", "b\n"]) for _ in range(10_000))
    return " ".join(str(source.randrange(3000)) for _ in range(4000))


@pytest.mark.parametrize("kind", ["few words", "one letter", "Chinese", "lines", "numbers"])
def test_20000_characters_take_no_time(kind: str) -> None:
    before, after = _long(kind, 1), _long(kind, 2)
    began = time.process_time()
    difference(before, after)
    assert time.process_time() - began < 1  # 0.2 on a quiet machine
