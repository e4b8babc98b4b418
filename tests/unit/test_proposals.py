"""What a text recommends is proposed in its own words: each proposal is a span of the text."""

import json
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.proposals import sheet as step
from tracker.proposals.find import Found, find
from tracker.proposals.language import language_of
from tracker.proposals.sheet import Obstacle, Row, Sheet, proposed
from tracker.proposals.spans import Likeness, Places, pieces, quoted

SEED = Path(__file__).parents[2] / "tracker/seeds/vienna-2025.json"
SIX = [
    r["text"][0].lower() + r["text"][1:] for r in json.loads(SEED.read_text())["recommendations"]
]
VIENNA = (
    "Deuxième journée de la 12ᵉ Réunion, ce 10 octobre 2025 : des recommandations clés formulées !\n\n"
    "Le ministre a conduit la délégation du Mali. Parmi les axes majeurs figurent : "
    + " ; ".join(f"{n}️⃣ {text}" for n, text in enumerate(SIX, 1))
    + ".\n\nLa gestion et le partage des données biométriques demeurent une difficulté majeure, car ils"
    " soulèvent des questions de souveraineté. M. Diarra a remercié les hôtes."
)

LEADS = {
    "fr": "Parmi les axes majeurs figurent :",
    "en": "The following recommendations were made:",
    "es": "Se formularon las siguientes recomendaciones:",
}
WORDS = {
    "fr": ("Harmoniser les lois nationales", "Partager l’information", "Protéger les victimes"),
    "en": ("Harmonise national laws", "Share information", "Protect the victims"),
    "es": ("Armonizar las leyes nacionales", "Compartir información", "Proteger a las víctimas"),
}
DIFFICULTIES = {
    "fr": "Les difficultés rencontrées :\n- le manque de moyens ;\n- les distances.",
    "en": "The main challenges are:\n- le manque de moyens ;\n- les distances.",
    "es": "Los principales desafíos son:\n- le manque de moyens ;\n- les distances.",
}
STYLES = {
    "bullets": "\n• {}\n• {}\n• {}\n",
    "dashes": "\n- {} ;\n- {} ;\n- {}.\n",
    "numbers": "\n\n1. {}\n2. {}\n3. {}\n",
    "brackets": "\n1) {}\n2) {}\n3) {}\n",
    "letters": "\na) {};\nb) {};\nc) {}.\n",
    "in brackets": "\n(a) {}\n\n(b) {}\n\n(c) {}\n",
    "roman": "\n(i) {}\n(ii) {}\n(iii) {}\n",
    "emoji digits": " 1️⃣ {} ; 2️⃣ {} ; 3️⃣ {}.",
    "emoji digits in lines": "\n1️⃣ {}\n2️⃣ {}\n3️⃣ {}\n",
    "circled": " ① {} ② {} ③ {}",
    "semicolons": " {} ; {} ; {}.",
    "letters in a paragraph": " a) {} ; b) {} ; c) {}.",
    "numbers in a paragraph": " (1) {}, (2) {}, (3) {}.",
    "lines without marks": "\n{} ;\n{} ;\n{}.\n",
}


def recommended(text: str) -> list[str]:
    return [quoted(text[s.start : s.end]) for s in find(text).recommendations]


def difficult(text: str) -> list[str]:
    return [quoted(text[s.start : s.end]) for s in find(text).difficulties]


# --- Spans of the text


def check_spans(text: str, found: Found) -> None:
    for spans in (found.recommendations, found.difficulties):
        at = 0
        for span in spans:
            assert at <= span.start < span.end <= len(text)
            assert text[span.start : span.end].strip() == text[span.start : span.end]
            at = span.end
    both = sorted([*found.recommendations, *found.difficulties], key=lambda s: s.start)
    assert all(a.end <= b.start for a, b in pairwise(both))


PARTS = st.sampled_from(
    [
        *(f"{lead} " for lead in LEADS.values()),
        *(
            "1️⃣ ",
            "\n2. ",
            "\n- ",
            "a) ",
            "b) ",
            "(ii) ",
            "; ",
            ". ",
            "\n\n",
            "\n",
            "• ",
            "R1. ",
            ": ",
        ),
        *(
            "\n6.100 ",
            "\nA. ",
            "\n1.º ",
            "\n✅ ",
            "\n➡️ ",
            "\t",
            "\nN°\tRecommandation\n1\t",
            ", la ",
            "et le ",
        ),
        *(
            "\nles défis, en particulier la ",
            "\nA/HRC/1/2\n",
            "\nPour : ",
            "\nContact\n",
            "\n9. Il salue ",
        ),
        *("Recommandation n° 3 : ", "les défis restent ", "should act ", "İstanbul ", "et ", "ﬁn "),
    ]
)


@given(st.one_of(st.text(), st.lists(st.one_of(PARTS, st.text(max_size=8))).map("".join)))
def test_whatever_the_text_each_proposal_is_a_span_of_it(text: str) -> None:
    check_spans(text, find(text))


@given(st.lists(st.one_of(PARTS, st.text(max_size=8))).map("".join))
def test_no_proposal_has_a_word_that_the_text_has_not(text: str) -> None:
    sheet = proposed(text, 150, 40)
    words = [
        *(r.text for r in sheet.rows),
        *(o.title or o.summary or o.words for o in sheet.obstacles),
    ]
    for said in words:
        assert "".join(said.split()) in "".join(text.split())


@given(
    st.lists(st.one_of(PARTS, st.text(max_size=8)), min_size=4).map("".join),
    st.lists(st.tuples(st.sampled_from(["merge", "split", "up", "down"]), st.integers(0, 4))),
)
def test_no_step_makes_words_up(text: str, steps: list[tuple[str, int]]) -> None:
    sheet = proposed(text, 150, 40)
    for name, at in steps:
        sheet, _focus = step.STEPS[name](sheet, at)
    letters = set("".join(text.split()))
    assert all(set("".join(row.text.split())) <= letters for row in sheet.rows)


# --- Lists in three languages


@pytest.mark.parametrize("language", LEADS)
@pytest.mark.parametrize("style", STYLES)
def test_each_style_of_list(style: str, language: str) -> None:
    words = WORDS[language]
    text = (
        f"Prose.\n\n{LEADS[language]}{STYLES[style].format(*words)}\n\n{DIFFICULTIES[language]}\n"
    )
    assert [said.rstrip(".") for said in recommended(text)] == list(words)
    assert difficult(text) == ["le manque de moyens", "les distances"]


def test_the_communique_of_vienna() -> None:
    assert recommended(VIENNA) == SIX
    assert [span.number for span in find(VIENNA).recommendations] == [1, 2, 3, 4, 5, 6]
    assert difficult(VIENNA) == [
        "La gestion et le partage des données biométriques demeurent une difficulté majeure, car ils"
        " soulèvent des questions de souveraineté."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Il faisait beau à Vienne. Le ministre a pris la parole : il a salué les participants.",
        "The meeting was opened at 10:30 by the Chair. See https://example.org/a for the agenda.",
        "La reunión se celebró en Viena. Asistieron 40 Estados.",
        "Approches législatives et défis liés au trafic illicite de migrants",
        "",
        "  \n ",
    ],
)
def test_prose_that_recommends_nothing_gives_nothing(text: str) -> None:
    assert find(text) == Found()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12. Le Comité recommande à l’État de ratifier.\n13. Il note les efforts.", 1),
        ("The Group recommended that States should act. Delegates left.", 1),
        ("Las delegaciones recomendaron que los Estados cooperen.", 1),
        ("Recommandations\n\nLes États devraient agir.\n\nIls devraient coopérer.", 2),
        ("Recommendation 1\n\nStates should act.\n\nThey should.\n\nRecommendation 2: Act.", 2),
    ],
)
def test_what_recommends_without_a_list(text: str, expected: int) -> None:
    assert len(recommended(text)) == expected


def test_a_list_that_no_words_announce_is_marked_so() -> None:
    found = find("1. Ouvrir\n2. Fermer\n3. Partir")
    assert len(found.recommendations) == 3
    assert not found.announced


def test_lines_that_a_page_broke_are_one_item() -> None:
    text = "Recommandations :\n1. Renforcer les cadres\njuridiques ;\n2. Coopérer davantage\nentre États."
    assert recommended(text) == [
        "Renforcer les cadres juridiques",
        "Coopérer davantage entre États.",
    ]


def test_a_list_within_an_item_belongs_to_it() -> None:
    text = "Recomendaciones\n\n1. Cooperar.\n2. Proteger:\n  a) a los niños;\n  b) a las mujeres.\n3. Formar."
    assert recommended(text)[1] == "Proteger: a) a los niños; b) a las mujeres."
    assert len(recommended(text)) == 3


def test_what_overcomes_difficulties_is_recommended() -> None:
    text = "Pour surmonter ces difficultés, les participants recommandent : a) agir ; b) réagir."
    assert recommended(text) == ["agir", "réagir"]
    assert difficult(text) == []


def test_numbered_headings_announce_and_end_lists() -> None:
    text = (
        "II. Difficultés\n- Manque de moyens\n- Insécurité\nIII. Recommandations\n"
        "À l’endroit du Gouvernement :\n- Lever les obstacles ;\n- Former.\n"
        "À l’endroit des partenaires :\n- Financer.\nIV. Clôture\nLa séance a été levée."
    )
    assert difficult(text) == ["Manque de moyens", "Insécurité"]
    assert recommended(text) == ["Lever les obstacles", "Former.", "Financer."]


def test_a_numbered_paragraph_that_announces_is_no_recommendation() -> None:
    text = (
        "II. Recommendations\n2. The Working Group adopted the following recommendations:\n\n"
        "Recommendation 1\nStates should harmonise laws.\n\nRecommendation 2\nStates should share."
    )
    assert [(text[s.start : s.end], s.number) for s in find(text).recommendations] == [
        ("States should harmonise laws.", 1),
        ("States should share.", 2),
    ]
    lettered = "Recommandations\n4. Le Groupe formule les recommandations suivantes :\na) agir ;\nb) réagir."
    assert recommended(lettered) == ["agir", "réagir"]


def test_an_item_is_no_heading_though_it_names_a_difficulty() -> None:
    text = "Recommendations:\n1. Challenges to trade be lifted\n2. Recommendations be read"
    assert recommended(text) == ["Challenges to trade be lifted", "Recommendations be read"]


def test_another_heading_ends_what_was_announced() -> None:
    assert recommended("Recommandations\n- agir\n- réagir\n\nParticipants\n- Mali\n- Niger") == [
        "agir",
        "réagir",
    ]


@pytest.mark.parametrize(
    "unit",
    [
        *(
            "recommande : x. ",
            "recommande;a) ",
            "les défis, notamment la fin, ",
            "défis : le a, ",
            "9. le et ",
        ),
        *("1\t", "Recommandation\tÉtat\n", "A. Lois\n1. Agir\n", "recommande :\na) x :\ni) y\n"),
    ],
)
def test_time_grows_with_the_text_alone(unit: str) -> None:
    text = unit * (2_000_000 // len(unit))
    begin = time.process_time()
    find(text)
    assert time.process_time() - begin < 30  # some seconds; a pattern that goes back takes hours


@pytest.mark.parametrize(("language", "words"), WORDS.items())
def test_the_language_of_a_text(language: str, words: tuple[str, ...]) -> None:
    prose = {"fr": "les lois de la mer et du ciel", "en": "the law of the sea and of the sky"}
    prose["es"] = "las leyes del mar y de los cielos con el sol"
    assert language_of(f"{words[0]}. {prose[language]}") == language
    assert language_of("1 2 3") == ""


# --- Where it stands in the text


def test_a_quotation_is_found_though_lines_are_broken() -> None:
    text = "Il faut renforcer\n  les cadres."
    place = Places(text).of("renforcer les cadres")
    assert place.likeness is Likeness.EXACT
    assert text[place.start : place.end] == "renforcer\n  les cadres"


@pytest.mark.parametrize(
    ("words", "likeness"),
    [
        ("Harmoniser les lois", Likeness.EXACT),
        ("harmoniser les lois", Likeness.NEARLY),
        ("Harmoniser leurs lois", Likeness.OTHER),
        ("", Likeness.OTHER),
    ],
)
def test_how_words_compare_with_the_text(words: str, likeness: Likeness) -> None:
    assert Places("Harmo-\nniser. Harmoniser les lois.").of(words).likeness is likeness


def test_the_same_words_twice_are_two_places() -> None:
    first, second = Places("agir ; agir").of_each(["agir", "agir"])
    assert (first.start, second.start) == (0, 7)


def test_the_text_is_shown_whole_with_what_is_quoted_in_it() -> None:
    sheet = proposed(VIENNA, 150, 40)
    rows, obstacles = sheet.places()
    shown = pieces(VIENNA, [*rows, *obstacles])
    assert "".join(piece.text for piece in shown) == VIENNA
    assert [piece.of for piece in shown if piece.of] == [1, 2, 3, 4, 5, 6, 7]


# --- Merge, split, move, number


def rows(sheet: Sheet) -> list[tuple[str, str]]:
    return [(row.number, row.text) for row in sheet.rows]


@pytest.fixture
def sheet() -> Sheet:
    return proposed("Recommandations : agir ; réagir ; partir. Fin.", 150, 40)


def test_neighbours_are_merged_as_the_text_has_them(sheet: Sheet) -> None:
    assert rows(step.merge(sheet, 0)[0]) == [("1", "agir ; réagir"), ("2", "partir")]


LISTS = [
    "Recommandations : agir ; réagir ; partir. Fin.",
    "Recommandations : 1️⃣ agir ; 2️⃣ réagir ; 3️⃣ partir.",
    "Recommandations :\n1. Agir\n2. Réagir\n3. Partir",
    "Recommandations :\n6.1 Agir (Mali) ;\n6.2 Réagir ;\n6.3 Partir.",
    "Recommandations :\n✅ agir ;\n➡️ réagir ;\n👉 partir.",
]


@pytest.mark.parametrize("given", LISTS)
def test_what_was_merged_is_split_again(given: str) -> None:
    sheet = proposed(given, 150, 40)
    merged = step.merge(sheet, 0)[0]
    assert len(merged.rows) == 2
    assert rows(step.split(merged, 0)[0]) == rows(sheet)


def test_a_half_begins_without_the_mark_of_its_list() -> None:
    typed = Sheet("", [Row("agir vite ; 2️⃣ réagir", "1")])
    assert rows(step.split(typed, 0)[0]) == [("1", "agir vite"), ("2", "réagir")]


def test_where_paragraphs_are_counted_they_are_cited() -> None:
    numbered = proposed("Recommendations:\n148.9 Act.\n148.10 React.", 150, 40).rows
    assert [(row.number, row.locator) for row in numbered] == [("9", "148.9"), ("10", "148.10")]


def test_words_of_another_language_are_no_title() -> None:
    given = "Los principales desafíos de la lucha en la frontera son los que siguen:\n- la falta de medios."
    assert proposed(given, 150, 40).obstacles == [Obstacle(words="la falta de medios")]


def test_it_is_split_where_somebody_typed_an_empty_line() -> None:
    one = Sheet("", [Row("Agir vite. Et bien.\r\n\r\nRéagir.", "4")])
    assert rows(step.split(one, 0)[0]) == [("4", "Agir vite. Et bien."), ("5", "Réagir.")]


def test_what_cannot_be_split_stays(sheet: Sheet) -> None:
    assert rows(step.split(sheet, 0)[0]) == rows(sheet)


def test_moving_a_row_leaves_the_numbers_in_their_places(sheet: Sheet) -> None:
    assert rows(step.up(sheet, 2)[0]) == [("1", "agir"), ("2", "partir"), ("3", "réagir")]
    assert step.down(sheet, 1)[0] == step.up(sheet, 2)[0]


def test_those_left_out_are_not_numbered(sheet: Sheet) -> None:
    sheet.rows[0] = Row("agir", "9", out=True)
    assert rows(step.renumber(sheet, 0)[0]) == [("", "agir"), ("1", "réagir"), ("2", "partir")]


@pytest.mark.parametrize("at", [-1, 3, 99])
@pytest.mark.parametrize("name", ["merge", "split", "up", "down"])
def test_a_row_that_is_not_there_changes_nothing(sheet: Sheet, name: str, at: int) -> None:
    assert step.STEPS[name](sheet, at)[0] == sheet


def test_more_than_a_form_takes_is_said(sheet: Sheet) -> None:
    cut = proposed(sheet.given, 2, 40)
    assert (len(cut.rows), cut.rest) == (2, 1)
    assert step.beyond(sheet.given, 2) == sheet.rows[2:]
