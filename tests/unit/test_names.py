"""Names of States: what is shown, and what is understood."""

import pytest
from django.utils import translation
from django_countries import countries
from hypothesis import given
from hypothesis import strategies as st

from tracker.exceptions import UnknownState
from tracker.folding import alphabetical
from tracker.models.implementations import State
from tracker.models.iso import CODES
from tracker.names.aliases import ALIASES, SEVERAL
from tracker.names.shown import choices, library
from tracker.names.table import LANGUAGES, table
from tracker.names.understood import SIX, code_of, key_of, meant, named, names

NO_STATES = {"BL", "BQ", "FK", "GS", "IO", "MF", "PN", "RE", "SJ", "SX", "CK", "NU"}
STATES = sorted(set(table()) - NO_STATES)
"""The 193 Member States and the two observers."""


def shown(code: str, language: str) -> str:
    with translation.override(language):
        return State(code=code).name


# --- What is shown


def test_the_table_has_the_members_and_the_observers() -> None:
    assert len(STATES) == 195
    assert set(table()) <= set(CODES)


@pytest.mark.parametrize(
    ("code", "french", "english"),
    [
        ("BO", "Bolivie (État plurinational de)", "Bolivia (Plurinational State of)"),
        ("BS", "Bahamas", "Bahamas"),
        ("BY", "Bélarus", "Belarus"),
        ("CI", "Côte d’Ivoire", "Côte d’Ivoire"),
        ("CZ", "Tchéquie", "Czechia"),
        ("GT", "Guatemala", "Guatemala"),
        ("IR", "Iran (République islamique d’)", "Iran (Islamic Republic of)"),
        (
            "KP",
            "République populaire démocratique de Corée",
            "Democratic People’s Republic of Korea",
        ),
        ("KR", "République de Corée", "Republic of Korea"),
        ("MH", "Îles Marshall", "Marshall Islands"),
        ("MM", "Myanmar", "Myanmar"),
        ("NL", "Pays-Bas (Royaume des)", "Netherlands (Kingdom of the)"),
        ("PS", "État de Palestine", "State of Palestine"),
        ("RU", "Fédération de Russie", "Russian Federation"),
        ("SY", "République arabe syrienne", "Syrian Arab Republic"),
        ("TR", "Türkiye", "Türkiye"),
        ("VA", "Saint-Siège", "Holy See"),
        ("VN", "Viet Nam", "Viet Nam"),
    ],
)
def test_a_state_is_shown_as_the_united_nations_name_it(
    code: str, french: str, english: str
) -> None:
    assert (shown(code, "fr"), shown(code, "en")) == (french, english)


def test_a_territory_keeps_the_name_of_the_library() -> None:
    assert shown("GL", "fr") == "Groenland"


def test_an_odd_name_of_a_territory_is_mended() -> None:
    assert shown("RE", "fr") == "Réunion"


def test_another_language_has_the_names_of_the_library() -> None:
    assert shown("RU", "es") == "Rusia"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_name_is_shown_with_a_typewriters_apostrophe(language: str) -> None:
    assert [name for code in STATES if "'" in (name := shown(code, language))] == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_choices_are_all_of_them_in_alphabetical_order(language: str) -> None:
    with translation.override(language):
        listed = choices()
    assert {code for code, _name in listed} == set(CODES)
    assert listed == sorted(listed, key=lambda one: alphabetical(one[1]))


# --- What is understood


@pytest.mark.parametrize("column", [*LANGUAGES, *(f"{name}_formal" for name in LANGUAGES)])
def test_every_state_is_understood_as_the_united_nations_name_it(column: str) -> None:
    given = {code: table()[code][column] for code in STATES if table()[code][column]}
    assert {code: meant(name) for code, name in given.items()} == {code: (code,) for code in given}


def test_every_state_has_a_short_name_in_six_languages() -> None:
    assert [(c, column) for c in table() for column in LANGUAGES if not table()[c][column]] == []


@pytest.mark.parametrize("language", SIX)
def test_every_state_is_understood_as_the_library_names_it(language: str) -> None:
    wrong = {}  # 美属萨摩亚群岛, American Samoa, is what the library calls both Samoas
    with translation.override(language):
        for code in CODES:
            if code not in meant(name := str(library.name(code))) and name != "美属萨摩亚群岛":
                wrong[code] = name
    assert wrong == {}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_name_that_is_shown_is_understood(language: str) -> None:
    assert {code for code in CODES if meant(shown(code, language)) != (code,)} == set()


def test_no_two_states_share_an_accepted_name() -> None:
    assert {name: codes for name, codes in names().items() if len(codes) > 1} == {}


def test_no_name_is_the_code_of_another_state() -> None:
    by_code = {name: meant(name) for name in names() if name.isascii() and len(name) <= 3}
    assert {name: codes for name, codes in by_code.items() if set(codes) != names()[name]} == {}


def test_every_alias_is_understood() -> None:
    wrong = [(c, alias) for c, given in ALIASES.items() for alias in given if meant(alias) != (c,)]
    assert wrong == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        *(("UK", "GB"), ("U.K.", "GB"), ("USA", "US"), ("United States", "US")),
        *(("États-Unis", "US"), ("Turkey", "TR"), ("Turquie", "TR"), ("Czech Republic", "CZ")),
        *(("République tchèque", "CZ"), ("Swaziland", "SZ"), ("Cape Verde", "CV")),
        *(("The Gambia", "GM"), ("Ivory Coast", "CI"), ("Burma", "MM"), ("Birmanie", "MM")),
        *(("Macedonia", "MK"), ("South Korea", "KR"), ("North Korea", "KP"), ("RDC", "CD")),
        *(("DRC", "CD"), ("Zaïre", "CD"), ("Nauru", "NR"), ("Biélorussie", "BY"), ("Syria", "SY")),
        *(("Russie", "RU"), ("Laos", "LA"), ("Vatican", "VA"), ("Palestine", "PS")),
        *(("Соединенное Королевство", "GB"), ("大韩民国", "KR"), ("الاتحاد الروسي", "RU")),
    ],
)
def test_a_usual_name_is_understood(name: str, code: str) -> None:
    assert meant(name) == (code,)


@pytest.mark.parametrize(
    "name",
    [
        "cote d'ivoire",
        "CÔTE D’IVOIRE",
        "Côte-d’Ivoire",
        "la Côte d'Ivoire",
        "Republique de Cote d'Ivoire",
        "Cote d Ivoire",
        "CIV",
        "ci",
    ],
)
def test_case_accents_signs_and_articles_do_not_count(name: str) -> None:
    assert meant(name) == ("CI",)


@pytest.mark.parametrize(
    "name", ["Korea, Republic of", "Korea (the Republic of)", "the Republic of Korea"]
)
def test_a_name_may_be_turned_around(name: str) -> None:
    assert meant(name) == ("KR",)


@pytest.mark.parametrize(
    ("name", "code"), [("St. Lucia", "LC"), ("Ste-Lucie", "LC"), ("St Kitts & Nevis", "KN")]
)
def test_a_saint_may_be_short(name: str, code: str) -> None:
    assert meant(name) == (code,)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        *(("Congo", "CG"), ("Guinea", "GN"), ("Niger", "NE"), ("Nigeria", "NG"), ("Samoa", "WS")),
        *(("Dominica", "DM"), ("República Dominicana", "DO"), ("Sudan", "SD"), ("Ireland", "IE")),
    ],
)
def test_a_name_within_others_means_the_one_that_has_it(name: str, code: str) -> None:
    assert meant(name) == (code,)


@pytest.mark.parametrize(
    ("codes", "name"), [(codes, name) for codes, given in SEVERAL.items() for name in given]
)
def test_a_name_of_several_is_not_guessed(codes: tuple[str, ...], name: str) -> None:
    assert meant(name) == codes
    with pytest.raises(UnknownState) as refused:
        code_of(name)
    assert all(str(countries.name(code)) in str(refused.value) for code in codes)


@pytest.mark.parametrize("name", ["Atlantis", "", "the", "République", "XX", "…"])
def test_what_is_no_state_is_refused(name: str) -> None:
    with pytest.raises(UnknownState):
        code_of(name)


@pytest.mark.parametrize("word", ["no", "it", "in", "MLI"])
def test_among_words_a_code_is_no_name(word: str) -> None:
    assert named(word) == ()


@given(st.text(max_size=60))
def test_any_text_is_understood_or_refused(text: str) -> None:
    assert set(meant(text)) <= set(CODES)


@given(st.sampled_from(STATES), st.sampled_from(LANGUAGES), st.randoms())
def test_the_order_of_words_does_not_count(code: str, language: str, random: object) -> None:
    words = table()[code][language].split()
    random.shuffle(words)  # type: ignore[attr-defined]
    assert key_of(" ".join(words)) == key_of(table()[code][language])
