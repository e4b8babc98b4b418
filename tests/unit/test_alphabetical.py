"""Names stand where a dictionary has them, in French and in English."""

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.folding import alphabetical, initial
from tracker.models import State
from tracker.models.iso import CODES


@pytest.mark.parametrize(
    "names",
    [
        ["Égypte", "El Salvador", "Émirats arabes unis", "Espagne"],
        ["Guinée", "Guinée-Bissau", "Guinée équatoriale"],
        ["Costa Rica", "Côte d'Ivoire", "Croatie"],
        ["Côte d’Ivoire", "cote e"],
        ["Åland Islands", "Zambia", "Zimbabwe"],
    ],
)
def test_accents_and_signs_do_not_count(names: list[str]) -> None:
    turned = names[::-1]
    assert sorted(turned, key=alphabetical) == names


@pytest.mark.parametrize(("name", "letter"), [("Égypte", "E"), ("Îles Cook", "I"), ("Oman", "O")])
def test_the_letter_of_a_name_has_no_accent(name: str, letter: str) -> None:
    assert initial(name) == letter


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_state_has_a_letter_from_a_to_z(language: str) -> None:
    with translation.override(language):
        letters = {initial(State(code=code).name) for code in CODES}
    assert letters <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


@settings(max_examples=50)
@given(names=st.lists(st.text(max_size=5), max_size=5))
def test_the_order_is_one_whatever_it_was_before(names: list[str]) -> None:
    turned = names[::-1]
    assert sorted(names, key=alphabetical) == sorted(turned, key=alphabetical)
