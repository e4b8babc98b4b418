"""Which texts are worded alike: stems, signatures and how they are compared."""

import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracker.similar.compare import THRESHOLD, jaccard, similarity
from tracker.similar.signature import BANDS, bands, stems
from tracker.statuses import Language

# The same recommendation, as it was worded again some years later.
REPEATED = {
    "fr": [
        (
            "La coopération internationale et régionale accrue, par le partage d’informations sur les "
            "itinéraires et modes opératoires des réseaux criminels",
            "Les États parties devraient accroître la coopération internationale et régionale en "
            "partageant des informations sur les itinéraires et les modes opératoires des réseaux "
            "criminels",
        ),
        (
            "L’amélioration de la gestion des frontières, avec des systèmes de contrôle modernisés et "
            "des bases de données sécurisées",
            "Améliorer la gestion des frontières grâce à des systèmes de contrôle modernes et à des "
            "bases de données sécurisées",
        ),
        (
            "La prévention et la sensibilisation, grâce à des campagnes d’information dans les pays "
            "d’origine et de transit",
            "Mener des campagnes d’information et de sensibilisation dans les pays d’origine et de "
            "transit afin de prévenir le trafic illicite de migrants",
        ),
        (
            "La protection des droits humains, garantissant une assistance humanitaire, médicale et "
            "juridique aux migrants victimes",
            "Protéger les droits de l’homme des migrants victimes, en leur garantissant une assistance "
            "médicale, juridique et humanitaire",
        ),
    ],
    "en": [
        (
            "States should strengthen cross-border cooperation through joint investigations and the "
            "exchange of information on smuggling networks",
            "States parties should continue strengthening cross-border cooperation, including joint "
            "investigations and the timely exchange of information on smuggling networks",
        ),
        (
            "Improving border management, with modernised control systems and secure databases",
            "Improve border management by modernizing control systems and securing databases",
        ),
    ],
}
# On the same theme, and something else.
OTHERS = {
    "fr": [
        (
            "Améliorer la gestion des frontières grâce à des systèmes de contrôle modernes et à des "
            "bases de données sécurisées",
            "Renforcer la formation des agents chargés du contrôle aux frontières à la détection des "
            "documents frauduleux",
        ),
        (
            "La coopération internationale et régionale accrue, par le partage d’informations sur les "
            "itinéraires et modes opératoires des réseaux criminels",
            "Renforcer la coopération régionale en matière d’entraide judiciaire et d’extradition des "
            "membres de réseaux criminels",
        ),
        (
            "La protection des droits humains, garantissant une assistance humanitaire, médicale et "
            "juridique aux migrants victimes",
            "Garantir aux migrants mineurs non accompagnés la protection de leurs droits et un tuteur",
        ),
    ],
    "en": [
        (
            "States should strengthen cross-border cooperation through joint investigations and the "
            "exchange of information on smuggling networks",
            "States should cooperate in the return of smuggled migrants and exchange information on "
            "their identity documents",
        ),
        (
            "Improving border management, with modernised control systems and secure databases",
            "Train border officials to detect fraudulent documents and improve cooperation between "
            "border control agencies",
        ),
    ],
}


def pairs(of: dict[str, list[tuple[str, str]]]) -> list[tuple[str, str, str]]:
    return [(language, *pair) for language, known in of.items() for pair in known]


@pytest.mark.parametrize(("language", "one", "other"), pairs(REPEATED))
def test_what_is_recommended_again_in_other_words_is_alike(
    language: str, one: str, other: str
) -> None:
    assert jaccard(stems(one, language), stems(other, language)) >= THRESHOLD
    assert set(bands(stems(one, language), language)) & set(bands(stems(other, language), language))


@pytest.mark.parametrize(("language", "one", "other"), pairs(OTHERS))
def test_another_thing_on_the_same_theme_is_not(language: str, one: str, other: str) -> None:
    assert jaccard(stems(one, language), stems(other, language)) < THRESHOLD


def test_case_accents_numbers_and_the_words_of_any_recommendation_say_nothing() -> None:
    said = stems("Les États parties devraient, en 2024, GÉRER l’identité", "fr")
    assert said == stems("gerer identite", "fr") == {"ger", "identit"}


def test_a_language_without_spaces_is_cut_into_pairs() -> None:
    assert stems("加强边境管理", "zh") == {"加强", "强边", "边境", "境管", "管理"}


def test_a_signature_is_the_same_for_ever() -> None:
    """It is kept in databases: whoever changes it has to say ``manage.py reindex_similar``."""
    found = bands(["front", "gestion"], "fr")
    assert (len(found), found[0], found[-1]) == (BANDS, GOLDEN[0], GOLDEN[1])


def test_a_signature_is_the_same_in_every_process() -> None:
    code = (
        "from tracker.similar.signature import bands; print(bands(['gestion', 'front'], 'fr')[0])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(said.stdout) == GOLDEN[0]


GOLDEN = (1590160833029074100, 4758272841112600988)


def test_two_languages_share_no_part_of_a_signature() -> None:
    same = ["transit", "coordination"]
    assert not set(bands(same, "fr")) & set(bands(same, "en"))


def test_two_texts_meet_through_a_translation() -> None:
    french = {"fr": stems("La gestion des frontières", "fr")}
    both = {"fr": stems("Gestion de frontières", "fr"), "en": stems("Borders", "en")}
    english = {"en": stems("Borders", "en")}
    assert (similarity(french, both), similarity(both, english)) == (1.0, 1.0)
    assert similarity(french, english) == 0.0


TEXT = st.text(max_size=200)
LANGUAGE = st.sampled_from(Language.values)


@given(TEXT, LANGUAGE)
@example("", "fr")
@example("\ud800", "en")
def test_identical_texts_share_every_part(text: str, language: str) -> None:
    """And no text breaks it: each hash fits a column of 64 bits."""
    found = bands(stems(text, language), language)
    assert found == bands(stems(text, language), language)
    assert len(found) in (0, BANDS)
    assert all(-(2**63) <= value < 2**63 for value in found)


@given(TEXT, TEXT, LANGUAGE)
def test_likeness_is_the_same_from_both_sides(one: str, other: str, language: str) -> None:
    first, second = stems(one, language), stems(other, language)
    assert jaccard(first, second) == jaccard(second, first)
    assert 0 <= jaccard(first, second) <= 1
    assert jaccard(first, first) == (1 if first else 0)
