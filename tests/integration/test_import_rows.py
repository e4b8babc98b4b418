"""Rows of a table: what each asks for, and every problem by row and column, before anything is written."""

import csv
import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import factories
from tracker.actions.imports import Wanted
from tracker.exceptions import Invalid
from tracker.imports.columns import FIELDS, field_named, guess, language_of
from tracker.imports.reports import template_csv
from tracker.imports.rows import Given, Row, parse
from tracker.imports.sheets import Kept
from tracker.imports.table import Reading, Table
from tracker.models import Implementation, User

ORIGIN = "https://example.org/report"
GIVEN = Given(meeting="som-12", origin=ORIGIN, language="fr")
HEADER = ["Reference", "Text", "State"]


def checked(
    tmp_path: Path, by: User, table: Sequence[Sequence[str]], given: Given = GIVEN
) -> tuple[list[Wanted], list[Row]]:
    out = io.StringIO()
    csv.writer(out).writerows(table)
    path = tmp_path / "table.csv"
    path.write_text(out.getvalue(), encoding="utf-8")
    found: tuple[list[Wanted], list[Row]] = ([], [])
    for wanted, broken in Reading(Table(path, guess(table[0]), given), by).chunks():
        found[0].extend(wanted)
        found[1].extend(broken)
    return found


def one(tmp_path: Path, by: User, given: Given = GIVEN, **cells: str) -> Wanted:
    """What one row with these cells asks for."""
    row = {"reference": "1", "text": "Un texte", "state": "ML", **cells}
    wanted, broken = checked(tmp_path, by, [list(row), list(row.values())], given)
    assert [row.problems for row in broken] == []
    return wanted[0]


def problems(tmp_path: Path, by: User, **cells: str) -> list[str]:
    """The columns in which one row with these cells has problems."""
    row = {"reference": "1", "text": "Un texte", "state": "ML", **cells}
    given = replace(GIVEN, origin=cells.pop("origin", ORIGIN))
    _wanted, broken = checked(tmp_path, by, [list(row), list(row.values())], given)
    return [column for row_ in broken for column, _message in row_.problems]


@pytest.fixture(autouse=True)
def _a_meeting(db: None) -> None:
    factories.make_meeting(12)


# --- Columns


@pytest.mark.parametrize(
    ("language", "headers"),
    [
        ("ar", ["المرجع", "الفقرة", "نص التوصية", "المواضيع", "الموقف", "الدولة", "الحالة"]),
        ("zh", ["编号", "段落", "建议", "主题", "立场", "国家", "状态"]),
        ("en", ["Ref.", "PARAGRAPH", "Recommendation", "Themes", "Position", "Country", "Status"]),
        ("fr", ["Référence", "Paragraphe", "Texte", "Thèmes", "Réponse", "État", "Avancement"]),
        ("ru", ["Шифр", "Пункт", "Рекомендация", "Темы", "Позиция", "Государство", "Статус"]),
        (
            "es",
            ["Referencia", "Párrafo", "Recomendación", "Temas", "Posición", "Estado", "Estatus"],
        ),
    ],
)
def test_headers_are_known_in_six_languages(language: str, headers: list[str]) -> None:
    fields = ["reference", "paragraph", "text", "themes", "position", "state", "status"]
    assert [field_named(header) for header in headers] == fields


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_template_needs_no_mapping(language: str) -> None:
    with translation.override(language):
        line = template_csv().removeprefix("\ufeff")
    headers = next(csv.reader([line], delimiter=";" if language == "fr" else ","))
    assert guess(headers) == {field.name: place for place, field in enumerate(FIELDS)}


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        (["Référence", "Texte", "État", "Date"], "fr"),
        (["Reference", "Text", "State", "Date"], "en"),
        (["Referencia", "Texto", "Estado"], "es"),
        (["المرجع", "النص", "الدولة"], "ar"),
        (["编号", "建议", "国家"], "zh"),
        (["Шифр", "Текст", "Государство"], "ru"),
        (["Code", "Note", "Date"], ""),  # English and French alike
        (["A", "B"], ""),
        ([], ""),
    ],
)
def test_headers_say_the_language(headers: list[str], language: str) -> None:
    assert language_of(headers) == language


# --- What a row asks for


@pytest.mark.parametrize("name", ["Mali", "ML", "mli", "MALI", "مالي", "马里", "Мали", "Malí"])
def test_a_state_has_many_names(tmp_path: Path, editor: User, name: str) -> None:
    assert one(tmp_path, editor, state=name).state == "ML"


@pytest.mark.parametrize(
    ("name", "code"),
    [("Republic of Moldova", "MD"), ("Viet Nam", "VN"), ("Vietnam", "VN"), ("CÔTE D’IVOIRE", "CI")],
)
def test_a_state_has_the_name_that_the_united_nations_use(
    tmp_path: Path, editor: User, name: str, code: str
) -> None:
    assert one(tmp_path, editor, state=name).state == code


def test_a_name_of_several_states_is_refused_with_their_names(tmp_path: Path, editor: User) -> None:
    table = [HEADER, ["1", "Un texte", "Korea"]]
    with translation.override("en"):
        _wanted, broken = checked(tmp_path, editor, table)
    assert broken[0].problems == [
        (
            "State",
            "Korea can be more than one State: write one of these names: "
            "Democratic People’s Republic of Korea; Republic of Korea.",
        )
    ]


@pytest.mark.parametrize(
    ("reference", "ref", "number", "locator"),
    [
        ("14", "som-12-14", 14, ""),
        ("som-12-14", "som-12-14", 14, ""),
        ("148.23", "som-12-148-23", None, "148.23"),
        ("2024001", "som-12-2024001", None, ""),
        ("R 7 bis", "som-12-R-7-bis", None, "R 7 bis"),
    ],
)
def test_a_reference_becomes_an_address(
    tmp_path: Path, editor: User, reference: str, ref: str, number: int | None, locator: str
) -> None:
    wanted = one(tmp_path, editor, reference=reference)
    assert (wanted.ref, wanted.number, wanted.locator) == (ref, number, locator)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-02-12", dt.date(2026, 2, 12)),
        ("2026-02-12 00:00:00", dt.date(2026, 2, 12)),
        ("13/02/2026", dt.date(2026, 2, 13)),
        ("2/2/2026", dt.date(2026, 2, 2)),
        ("03.04.2026", dt.date(2026, 4, 3)),
        ("2026年2月12日", dt.date(2026, 2, 12)),
    ],
)
def test_a_day_is_read_where_it_can_be_one_alone(
    tmp_path: Path, editor: User, written: str, day: dt.date
) -> None:
    statement = one(tmp_path, editor, date=written, note="Fait").statement
    assert statement is not None
    assert statement.happened_on == day


@pytest.mark.parametrize(
    "written",
    ["03/04/2026", "31/02/2026", "12 février", "2026", "13/13/2026", "2026年2月30日"],
)
def test_a_day_that_can_be_two_or_none_is_a_problem(
    tmp_path: Path, editor: User, written: str
) -> None:
    assert problems(tmp_path, editor, date=written, note="Fait") == ["date"]


def test_somebody_can_say_which_is_first(tmp_path: Path, editor: User) -> None:
    for days, month in (("day", 4), ("month", 3)):
        given = replace(GIVEN, days=days)
        statement = one(tmp_path, editor, given, date="03/04/2026", note="Fait").statement
        assert statement is not None
        assert statement.happened_on is not None
        assert statement.happened_on.month == month


@pytest.mark.parametrize(
    "status",
    ["in_progress", "In progress", "EN COURS DE MISE EN OEUVRE", "In Progress ", "en cours"],
)
def test_a_status_is_its_code_or_its_label(tmp_path: Path, editor: User, status: str) -> None:
    wanted = one(tmp_path, editor, status=status, sources=f"{ORIGIN} | https://example.org/2")
    assert wanted.statement is not None
    assert wanted.statement.status == "in_progress"
    assert len(wanted.statement.sources) == 2


def test_a_basis_is_known_as_people_write_it(tmp_path: Path, editor: User) -> None:
    said = {"status": "mis en œuvre", "sources": ORIGIN, "organization": "Ministère"}
    assert problems(tmp_path, editor, **said, basis="déclaré") == []
    assert problems(tmp_path, editor, **said, basis="Vérifiée") == []


def test_no_information_is_where_everything_starts(tmp_path: Path, editor: User) -> None:
    assert one(tmp_path, editor, status="no_information").statement is None


def test_a_guard_against_formulas_is_taken_off(tmp_path: Path, editor: User) -> None:
    assert one(tmp_path, editor, text="'-1 % par an").text == "-1 % par an"


def test_known_themes_are_found_and_new_ones_made_once(tmp_path: Path, editor: User) -> None:
    known = factories.make_theme("Gestion des frontières", "borders")
    table = [[*HEADER, "Themes"], ["1", "a", "ML", "gestion des FRONTIERES; Données"]]
    wanted, _broken = checked(tmp_path, editor, [*table, ["2", "b", "ML", "données | Borders"]])
    assert wanted[0].themes[0] == known
    assert wanted[0].themes[1] is wanted[1].themes[0]
    assert wanted[0].themes[1].slug == "donnees"


# --- Problems


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"reference": ""}, "reference"),
        ({"reference": "建议"}, "reference"),
        ({"number": "0"}, "number"),
        ({"number": "douze"}, "number"),
        ({"number": "2024001"}, "number"),
        ({"text": ""}, "text"),
        ({"text": "a" * 20_001}, "text"),
        ({"state": "Atlantide"}, "state"),
        ({"state": ""}, "state"),
        ({"language": "klingon"}, "language"),
        ({"stage": "rêvée"}, "stage"),
        ({"meeting": "som-99"}, "meeting"),
        ({"status": "presque"}, "status"),
        ({"status": "implemented"}, "Sources"),
        ({"sources": "ftp://example.org"}, "sources"),
        ({"sources": "https://a.org https://a.org"}, "sources"),
        ({"note": "a" * 20_001}, "note"),
        ({"note": "x", "date": "2999-01-01"}, "date"),
        ({"date": "2026-01-01"}, "date"),
        ({"note": "x", "organization": "Inconnue"}, "organization"),
        ({"paragraph": "a" * 121}, "paragraph"),
        ({"themes": ";".join(map(str, range(30)))}, "themes"),
        ({"origin": "nowhere"}, "origin"),
        ({"basis": "peut-être"}, "basis"),
    ],
)
def test_a_problem_names_its_column(
    tmp_path: Path, editor: User, cells: dict[str, str], column: str
) -> None:
    assert problems(tmp_path, editor, **cells) == [column]


def told(tmp_path: Path, by: User, **cells: str) -> dict[str, str]:
    """What is said of one row with these cells alone, by column."""
    _wanted, broken = checked(tmp_path, by, [list(cells), list(cells.values())])
    return dict(broken[0].problems)


def test_a_row_that_says_nothing_is_told_all_that_it_lacks(tmp_path: Path, editor: User) -> None:
    said = told(tmp_path, editor, reference="", text="", state="ML", note="x")
    assert set(said) == {"reference", "text"}


def test_a_reference_that_a_spreadsheet_may_have_changed_is_a_problem(
    tmp_path: Path, editor: User
) -> None:
    row = ["148.1", "14.5", "Un texte", "ML"]
    columns = {"reference": 0, "paragraph": 1, "text": 2, "state": 3}
    names = {name: name for name in columns}
    assert parse(2, row, columns, names, GIVEN).problems == []
    kept = [Kept(cell) for cell in row]
    problems = parse(2, kept, columns, names, GIVEN).problems
    assert [(column, "148.10" in message) for column, message in problems] == [
        ("reference", True),
        ("paragraph", True),
    ]


@pytest.mark.parametrize(
    ("text", "language", "may"),
    [
        ("Adopter une loi", "fr", True),
        ("Adopter une loi", "pt", True),
        ("Adopt a law", "ru", False),
        ("اعتماد قانون", "fr", False),
        ("اعتماد قانون", "ar", True),
        ("Принять закон", "ru", True),
        ("Принять закон", "zh", False),
        ("批准《公约》(CEDAW)", "zh", True),
        ("Coopérer avec l’organisation « Мемориал »", "fr", True),
        ("148.10", "ar", True),
    ],
)
def test_letters_say_which_language_it_is_not(
    tmp_path: Path, editor: User, text: str, language: str, may: bool
) -> None:
    found = problems(tmp_path, editor, text=text, language=language)
    assert found == ([] if may else ["language"])


@pytest.mark.parametrize("name", ["origin", "language"])
def test_what_no_column_gives_is_said_once_for_all_rows(
    tmp_path: Path, editor: User, name: str
) -> None:
    table = [HEADER, ["1", "Un texte", "ML"], ["2", "Un autre", "ML"]]
    with pytest.raises(Invalid) as raised:
        checked(tmp_path, editor, table, replace(GIVEN, **{name: ""}))
    assert list(raised.value.errors) == [name]


@pytest.mark.parametrize("name", ["origin", "language"])
def test_where_a_column_is_for_it_each_row_says_it(tmp_path: Path, editor: User, name: str) -> None:
    given = replace(GIVEN, **{name: ""})
    table = [[*HEADER, name], ["1", "Un texte", "ML", ""]]
    _wanted, broken = checked(tmp_path, editor, table, given)
    assert [column for row in broken for column, _m in row.problems] == [name]


def test_what_is_known_needs_no_document(
    tmp_path: Path, editor: User, implementation: Implementation
) -> None:
    table = [["Number", "State", "Note"], ["1", "ML", "Fait"]]
    wanted, broken = checked(tmp_path, editor, table, Given(meeting="som-12"))
    assert (len(wanted), broken) == (1, [])


def test_nothing_recorded_is_not_quoted(
    tmp_path: Path, editor: User, implementation: Implementation
) -> None:
    about = implementation.recommendation
    about.theme_links.all().delete()
    said = told(tmp_path, editor, reference="som-12-1", state="ML", themes="Droit", paragraph="99")
    assert set(said) == {"themes", "paragraph"}
    assert all("«" not in message and "“" not in message for message in said.values())


def test_a_status_is_reported_by_the_own_government_alone(
    tmp_path: Path, editor: User, newspaper: Any
) -> None:
    said = {"status": "implemented", "sources": ORIGIN, "organization": str(newspaper)}
    assert one(tmp_path, editor, GIVEN, **said).statement is not None
    assert problems(tmp_path, editor, **said, basis="verified") == []


def test_rows_that_repeat_each_other_are_named(tmp_path: Path, editor: User) -> None:
    row = ["1", "a", "ML"]
    _wanted, broken = checked(tmp_path, editor, [HEADER, row, ["2", "b", "ML"], row])
    assert [(row.number, "2" in row.problems[0][1]) for row in broken] == [(4, True)]


def test_a_second_state_may_leave_the_text_out_but_not_change_it(
    tmp_path: Path, editor: User
) -> None:
    table = [HEADER, ["1", "a", "ML"], ["1", "", "NE"], ["1", "b", "SN"]]
    wanted, broken = checked(tmp_path, editor, table)
    assert [w.state for w in wanted] == ["ML", "NE"]
    assert [(row.number, row.problems[0][0]) for row in broken] == [(4, "Text")]


def test_two_references_cannot_have_one_number(tmp_path: Path, editor: User) -> None:
    table = [[*HEADER, "Number"], ["a", "a", "ML", "3"], ["b", "b", "ML", "3"]]
    _wanted, broken = checked(tmp_path, editor, table)
    assert [(row.number, row.problems[0][0]) for row in broken] == [(3, "Number")]


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Text", "Autre chose"),
        ("Number", "9"),
        ("Themes", "Autre"),
        ("Paragraph", "99"),
        ("Language", "es"),
        ("Stage", "endorsed"),
        ("Origin", ORIGIN),
    ],
)
def test_what_is_recorded_is_not_overwritten(
    tmp_path: Path, editor: User, implementation: Implementation, header: str, cell: str
) -> None:
    table = [["Reference", "State", header], ["som-12-1", "ML", cell]]
    _wanted, broken = checked(tmp_path, editor, table)
    assert [column for row in broken for column, _m in row.problems] == [header]


def test_what_is_recorded_may_be_left_out(
    tmp_path: Path, editor: User, implementation: Implementation
) -> None:
    wanted, broken = checked(tmp_path, editor, [["Number", "State"], ["1", "ML"]])
    assert broken == []
    assert wanted[0].implementation == implementation


@settings(max_examples=50)
@given(
    table=st.lists(
        st.lists(st.text(max_size=8) | st.sampled_from(["1", "ML", "implemented", "1/2/2020"])).map(
            lambda row: [cell.replace("\ud800", "") for cell in row]
        ),
        min_size=1,
        max_size=6,
    )
)
def test_no_table_breaks_the_check(
    tmp_path_factory: pytest.TempPathFactory, table: list[list[str]]
) -> None:
    by = User(role="editor", username="e", name="E")
    clean = [
        [c.encode("utf-8", "replace").decode().replace("\x00", "") for c in row] for row in table
    ]
    header = [field.name for field in FIELDS]
    path = tmp_path_factory.mktemp("any")
    _wanted, broken = checked(path, by, [header, *clean, ["x"]], GIVEN)
    for row in broken:
        assert row.number > 1
        assert all(message for _column, message in row.problems)
        assert {column for column, _m in row.problems} <= {"", *header}
