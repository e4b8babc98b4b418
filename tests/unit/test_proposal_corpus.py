"""What is found in texts as bodies, ministries and associations write them: each is in ``tests/corpus``, with
what must be found in it below the line of ``=``."""

from pathlib import Path

import pytest

from tests.unit.test_proposals import check_spans, difficult, recommended
from tracker.proposals.find import find

TEXTS = sorted((Path(__file__).parents[1] / "corpus").glob("*.txt"))


@pytest.mark.parametrize("path", TEXTS, ids=[path.stem for path in TEXTS])
def test_what_is_found_in_a_text_of_the_kind(path: Path) -> None:
    text, _line, expected = path.read_text().partition("\n=====\n")
    check_spans(text, find(text))
    found = [f"R: {words}" for words in recommended(text)]
    found += [f"D: {words}" for words in difficult(text)]
    assert found == expected.splitlines()


def test_there_are_texts_in_each_language() -> None:
    assert len(TEXTS) >= 10
    assert {path.stem[-2:] for path in TEXTS} == {"fr", "en", "es"}


# --- What lists look like


def numbers(text: str) -> list[int]:
    return [span.number for span in find(text).recommendations]


@pytest.mark.parametrize("mark", ["6.{}", "148.{}", "148.{}.", "6.{})", "{}.", "{}.º", "{}°"])
@pytest.mark.parametrize("many", [12, 120, 340])
def test_a_list_is_found_to_its_end(mark: str, many: int) -> None:
    items = [f"{mark.format(n)} Ratify the {n}th Protocol (Mali)" for n in range(1, many + 1)]
    text = "The following recommendations were made:\n" + ";\n".join(items) + "."
    assert numbers(text) == list(range(1, many + 1))
    assert recommended(text)[0] == "Ratify the 1th Protocol (Mali)"
    assert recommended(text)[-1] == f"Ratify the {many}th Protocol (Mali)."


def test_a_number_in_a_line_that_a_page_broke_is_no_mark() -> None:
    lines = [
        "1. Acoger a las familias y a las personas refugiadas, en total unas",
        "10.500 personas",
    ]
    text = "\n".join(["Recomendaciones:", *lines, "2. Formar"])
    assert recommended(text) == [
        "Acoger a las familias y a las personas refugiadas, en total unas 10.500 personas",
        "Formar",
    ]


@pytest.mark.parametrize(
    "after",
    [
        "\n\n4. Clôture\n\nLa séance a été levée.",
        "\n7. Ce qui suit n’a pas été retenu. Le débat est clos.",
        "\n15. Le Comité est préoccupé par les délais.",
        "\n\nIII. Clôture",
    ],
)
@pytest.mark.parametrize("marks", [("- ", "- "), ("• ", "• "), ("a) ", "b) "), ("6.1 ", "6.2 ")])
def test_what_follows_a_list_is_no_part_of_its_last_item(
    marks: tuple[str, str], after: str
) -> None:
    text = f"Les recommandations suivantes :\n{marks[0]}Agir ;\n{marks[1]}Réagir.{after}"
    assert recommended(text) == ["Agir", "Réagir."]


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize("marks", [("a) ", "b) "), ("(i) ", "(ii) "), ("- ", "- ")])
def test_a_list_below_an_item_is_not_lost(marks: tuple[str, str], gap: str) -> None:
    lines = ["1. Former les policiers.", f"{marks[0]}Hommes", f"{marks[1]}Femmes", "2. Ratifier."]
    text = "Recommandations :\n" + gap.join(lines)
    inner = f"Former les policiers. {marks[0]}Hommes {marks[1]}Femmes"
    assert recommended(text) == [inner, "Ratifier."]


@pytest.mark.parametrize("colon", ["", " :"])
@pytest.mark.parametrize("marks", [("1. ", "2. "), ("a) ", "b) "), ("- ", "- ")])
def test_lists_for_several_are_all_found(marks: tuple[str, str], colon: str) -> None:
    text = (
        f"Recommandations de l’atelier\n\nAu Gouvernement{colon}\n{marks[0]}Agir\n"
        f"{marks[1]}Former\n\nAux partenaires{colon}\n{marks[0]}Financer\n\n"
        "Prochaine étape\n- Réunion en mai"
    )
    assert recommended(text) == ["Agir", "Former", "Financer"]


@pytest.mark.parametrize("marks", [("A. ", "B. "), ("I. ", "II. "), ("1) ", "2) ")])
@pytest.mark.parametrize(
    "items", [("1. ", "2. ", "3. ", "4. "), ("1. ", "2. ", "1. ", "2. "), ("- ",) * 4]
)
def test_headings_among_items_are_no_items(marks: tuple[str, ...], items: tuple[str, ...]) -> None:
    text = (
        f"Les recommandations suivantes :\n{marks[0]}Cadre juridique\n{items[0]}Adopter une loi ;\n"
        f"{items[1]}Abroger l’ancienne.\n{marks[1]}Coopération\n{items[2]}Échanger ;\n{items[3]}Former."
    )
    assert recommended(text) == ["Adopter une loi", "Abroger l’ancienne.", "Échanger", "Former."]


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize("marks", [("i) ", "ii) "), ("1. ", "2. "), ("- ", "- ")])
def test_an_item_takes_the_list_that_its_colon_opens(marks: tuple[str, str], gap: str) -> None:
    lines = ["a) Agir ;", "b) Former :", f"{marks[0]}les juges ;", f"{marks[1]}les policiers ;"]
    text = "Le Comité recommande :\n" + gap.join([*lines, "c) Ratifier."])
    inner = f"Former : {marks[0]}les juges ; {marks[1]}les policiers"
    assert recommended(text) == ["Agir", inner, "Ratifier."]


@pytest.mark.parametrize(
    "marks", [("1. ", "2. ", "3. "), ("1. ", "2. ", "1. "), ("- ",) * 3, ("a) ", "b) ", "a) ")]
)
def test_headings_without_marks_part_a_list(marks: tuple[str, ...]) -> None:
    first, second, third = marks
    text = (
        f"Recommandations\n\nCadre juridique\n\n{first}Adopter ;\n{second}Abroger.\n\nCoopération\n\n"
        f"{third}Échanger.\n\nClôture\n\nLa séance a été levée."
    )
    assert recommended(text) == ["Adopter", "Abroger.", "Échanger."]


def test_a_count_goes_on_behind_a_heading() -> None:
    text = (
        "The following recommendations were made:\n6.1 Act;\n6.2 React.\n\nMigration\n\n6.3 Share."
    )
    assert recommended(text) == ["Act", "React.", "Share."]


def test_the_items_after_a_heading_that_was_an_item_are_not_lost() -> None:
    text = "Recommandations\n1. Harmoniser les lois\n- Code pénal\n- Code civil\n2. Protéger\n3. Partager"
    assert recommended(text)[-2:] == ["Protéger", "Partager"]


@pytest.mark.parametrize(
    "line", ["Background checks on officials,", "Improve contact tracing;", "Contact the families;"]
)
def test_an_item_without_a_mark_is_not_for_the_press(line: str) -> None:
    text = f"The recommendations are:\nStrengthen laws;\n{line}\nRatify."
    assert recommended(text) == ["Strengthen laws", line[:-1], "Ratify."]


def test_a_list_has_another_picture_before_each_item() -> None:
    text = "Recommandations :\n✅ Agir\n➡️ Former\n👉 Réagir\n\n4. Clôture"
    assert recommended(text) == ["Agir", "Former", "Réagir"]
    in_a_line = "Recommandations : ✅ agir ➡️ former 👉 réagir"
    assert recommended(in_a_line) == ["agir", "former", "réagir"]


@pytest.mark.parametrize(
    "table",
    [
        "N°\tRecommandation\n1\tAgir\n2\tRéagir",
        "Recommandation\tÉtat\nAgir\tMali\nRéagir\tNiger",
        "No.\tState\tRecommendation\n6.1\tMali\tAgir\n6.2\tNiger\tRéagir",
        "N°\tRecommandation\tÉtat\n1\tAgir\t\n\tRéagir\tMali",
        "№\tRecomendación\tPosición\n1.\tAgir\tA\n2.\tRéagir\tB\n\nFin",
    ],
)
def test_a_table_is_read_by_its_headers(table: str) -> None:
    assert recommended(table) == ["Agir", "Réagir"]


@pytest.mark.parametrize(
    "said",
    [
        "Asimismo, se exhorta a los Estados a que ratifiquen el Protocolo.",
        "El Comité insta al Estado parte a que publique los datos.",
        "It also called upon the State party to ratify the Protocol.",
        "The Committee encourages the State party to publish the data.",
        "Le Comité exhorte l’État partie à publier les données.",
        "Le Comité engage instamment les États à coopérer.",
    ],
)
def test_a_sentence_recommends_by_itself(said: str) -> None:
    assert recommended(f"Il faisait beau. {said} On y était.") == [said]


@pytest.mark.parametrize(
    "said",
    ["The Chair invited the delegates to sit.", "Le Président a prié les invités de s’asseoir."],
)
def test_a_courtesy_recommends_nothing(said: str) -> None:
    assert recommended(said) == []


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ("The Committee is concerned. It recommends a law.", "It recommends a law."),
        ("Adopt a law. The Group recommends one.", "Adopt a law. The Group recommends one."),
    ],
)
def test_why_something_is_recommended_is_no_part_of_it(paragraph: str, expected: str) -> None:
    assert recommended(f"12. {paragraph}\n13. The meeting closed.") == [expected]


def test_an_item_may_say_why() -> None:
    text = "Recommendations\n1. States should act. The Group is concerned.\n2. States should react."
    assert recommended(text)[0] == "States should act. The Group is concerned."


# --- Difficulties


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Les difficultés sont : l’insuffisance des moyens, la porosité des frontières et le manque de"
            " données.",
            ["l’insuffisance des moyens", "la porosité des frontières", "le manque de données"],
        ),
        (
            "Parmi les défis figurent le manque de moyens, la distance et le coût.",
            ["le manque de moyens", "la distance", "le coût"],
        ),
        ("Challenges include the distance.", ["the distance"]),
        (
            "The challenges are: the lack of funds, the distances, and the cost.",
            ["the lack of funds", "the distances", "the cost"],
        ),
        (
            "Reconociendo las dificultades encontradas, en particular la falta de recursos y la distancia,",
            ["la falta de recursos", "la distancia"],
        ),
        (
            "Les obstacles : la lenteur des juges et des greffes.",
            ["la lenteur des juges et des greffes"],
        ),
    ],
)
def test_each_difficulty_of_a_sentence_is_one(text: str, expected: list[str]) -> None:
    assert difficult(text) == expected


def test_who_recommends_despite_difficulties_recommends() -> None:
    text = "Conscientes de las dificultades encontradas, los Estados recomiendan:\n1. Actuar\n2. Cooperar"
    assert recommended(text) == ["Actuar", "Cooperar"]
    assert difficult(text) == []
