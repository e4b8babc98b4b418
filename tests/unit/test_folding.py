"""Searches find words however they are typed."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracker.folding import MARKS, fold, with_few_marks
from tracker.proposals.texts import plain

SAME = [
    ("L’Évaluation", "l'evaluation"),
    ("L‘évaluation", "l'evaluation"),
    ("GESTION DES FRONTIÈRES", "gestion des frontieres"),
    ("e\u0301tat", "etat"),
    ("Mise en œuvre", "mise en oeuvre"),
    ("MISE EN ŒUVRE", "mise en oeuvre"),
    ("Ex æquo", "ex aequo"),
    ("9\u00a0%, 9\u202f%", "9 %, 9 %"),
    ("2024–2026", "2024-2026"),
    ("  deux\n\tmots ", "deux mots"),
    ("ﬁnancement", "financement"),
    ("Straße", "strasse"),
    ("", ""),
]


@pytest.mark.parametrize(("typed", "compared"), SAME)
def test_same_words(typed: str, compared: str) -> None:
    assert fold(typed) == compared


def test_other_scripts_keep_their_letters() -> None:
    assert fold("مالي Мали 马里") == "مالي мали 马里"


@given(st.text())
@example("ℌ")
@example("ǽ")
@example("\u0345")
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="abcdéèêçàùôîœæÉÈÇÀŒÆß’' \u00a0"))
def test_case_makes_no_difference(text: str) -> None:
    assert fold(text.upper()) == fold(text.lower()) == fold(text)


@given(st.text(), st.text())
def test_a_part_is_found_in_the_whole(before: str, after: str) -> None:
    assert "frontieres" in fold(f"{before} frontières {after}")


TOWER = "a" + "\u0301\u0316" * 100_000


def test_a_tower_of_accents_takes_no_time() -> None:
    """To put 200,000 of them in order would take minutes."""
    began = time.perf_counter()
    assert fold(TOWER) == "a"
    assert len(plain(TOWER)) <= 1 + MARKS
    assert time.perf_counter() - began < 2


@given(st.text())
def test_what_people_write_keeps_its_accents(text: str) -> None:
    few = "".join(text[n : n + MARKS] + "." for n in range(0, len(text), MARKS))
    assert with_few_marks(few) == few
