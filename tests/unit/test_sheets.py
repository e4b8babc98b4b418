"""Files are read as they were meant, or refused with what to do; none takes the server down."""

import csv
import datetime as dt
import io
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.exceptions import Invalid
from tracker.imports import sheets, spreadsheet

HEADER = ["Référence", "Texte", "État"]
# What Windows-1252 can hold, less what tells a text from none: NUL, and the ends of lines.
CELLS = st.text(st.characters(codec="cp1252", exclude_categories=["Cc", "Cs"]), max_size=12)


def kept(tmp_path: Path, content: bytes, name: str = "table") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def rows(path: Path) -> list[list[str]]:
    return [cells for _number, cells in sheets.read(path)]


def sheet(tmp_path: Path, write: Any) -> Path:
    path = tmp_path / "table.xlsx"
    book = xlsxwriter.Workbook(str(path))
    write(book, book.add_worksheet())
    book.close()
    return path


def ods(tmp_path: Path, table: str) -> Path:
    names = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{names}:office:1.0" '
        f'xmlns:table="{names}:table:1.0" xmlns:text="{names}:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="A">{table}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    path = tmp_path / "table.ods"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("META-INF/manifest.xml", "<manifest/>")
        file.writestr("content.xml", content)
    return path


# --- CSV


@settings(max_examples=30)
@given(
    cells=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=5),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]),
)
def test_csv_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory,
    cells: list[tuple[str, str, str]],
    delimiter: str,
    encoding: str,
) -> None:
    out = io.StringIO()
    table = [HEADER, *([*row] for row in cells)]
    csv.writer(out, delimiter=delimiter).writerows(table)
    path = kept(tmp_path_factory.mktemp("csv"), out.getvalue().encode(encoding))
    expected = [row for row in table if any(row)]
    if len(expected) == 1:
        with pytest.raises(Invalid):
            rows(path)
    else:
        assert rows(path) == expected


def test_rows_have_the_numbers_that_a_spreadsheet_shows(tmp_path: Path) -> None:
    path = kept(tmp_path, b"a,b\n\n,\n1,2\n")
    assert [number for number, _cells in sheets.read(path)] == [1, 4]


def test_a_first_line_may_name_the_delimiter(tmp_path: Path) -> None:
    assert rows(kept(tmp_path, b"sep=^\na^b\n1^2\n")) == [["a", "b"], ["1", "2"]]


@pytest.mark.parametrize("sign", list("^~:"))
def test_any_delimiter_is_found(tmp_path: Path, sign: str) -> None:
    table = [["reference", "text", "state"], ["1", "a, b", "ML"]]
    path = kept(tmp_path, "\n".join(sign.join(row) for row in table).encode())
    assert rows(path) == table


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b" \n\n", id="blank"),
        pytest.param(b"reference,text\n", id="only a header"),
        pytest.param(b'reference,text\n1,"' + b"a" * 200_000, id="a quotation without an end"),
        pytest.param(b"%PDF-1.7\x00\x01\x02\x00\x03" * 9, id="another kind of file"),
        pytest.param(b"a,b\n\x81\x8d,1\n", id="no characters"),
        pytest.param(b"a,b\n" + b",".join([b"1"] * 300), id="too wide"),
        pytest.param(b"PK\x03\x04damaged", id="damaged"),
        pytest.param(b"reference,text\n1,caf\xe9\x00\x01\x02\n", id="no text"),
        pytest.param(b"\xd0\xcf\x11\xe0damaged", id="an old one, damaged"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Invalid) as raised:
        rows(kept(tmp_path, content))
    assert str(raised.value)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\n", id="PDF"),
        pytest.param(b"\x89PNG\r\n\x1a\nIHDR", id="picture"),
        pytest.param(b"<html><table><tr><td>a</td></tr></table>", id="page"),
        pytest.param(b"\xef\xbb\xbf<?xml version='1.0'?><a/>", id="XML"),
        pytest.param(b"reference\xe9,\x07\x02\x0f\n\x8f,1\n", id="bytes"),
    ],
)
def test_what_is_no_table_is_told_so(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Invalid, match="CSV, XLSX"):
        rows(kept(tmp_path, content, "table.xlsx"))


def test_a_document_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("word/document.xml", "<document/>")
    with pytest.raises(Invalid, match="CSV, XLSX"):
        rows(path)


TITLED = b"Recommendations of 2026;;\n\nReference;Text;State\n1;Adopt a law;ML\n"


def test_what_is_above_the_headers_is_passed_over(tmp_path: Path) -> None:
    path = kept(tmp_path, TITLED)
    assert next(iter(sheets.read(path))) == (3, ["Reference", "Text", "State"])
    begins = sheets.beginning(path)
    assert (begins.row, begins.is_known, begins.rows) == (3, True, [["1", "Adopt a law", "ML"]])


def test_without_known_headers_the_first_row_has_them(tmp_path: Path) -> None:
    begins = sheets.beginning(kept(tmp_path, b"a,b\n1,2\n3,4\n"))
    assert (begins.row, begins.is_known, begins.headers) == (1, False, ["a", "b"])


@pytest.mark.parametrize(
    ("content", "delimiter"), [(TITLED, ";"), (b"sep=^\na^b\n1^2\n", "^"), (b"a\tb\n1\t2\n", "\t")]
)
def test_the_delimiter_is_known_afterwards(tmp_path: Path, content: bytes, delimiter: str) -> None:
    assert sheets.delimiter_in(kept(tmp_path, content)) == delimiter


def test_too_many_rows_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "ROWS", 2)
    with pytest.raises(Invalid):
        rows(kept(tmp_path, b"a,b\n1,1\n2,2\n3,3\n"))


# --- Spreadsheets


def test_cells_of_a_spreadsheet_are_what_a_person_reads(tmp_path: Path) -> None:
    def write(book: Any, page: Any) -> None:
        page.write_row(0, 0, ["a", "b", "c", "d", "e", "f"])
        page.write(2, 0, 12.0)
        page.write(2, 1, 148.23)
        page.write_datetime(2, 2, dt.datetime(2026, 2, 12), book.add_format({"num_format": "d/m"}))
        page.write_formula(2, 3, "=1+1", None, 2)
        page.write(2, 4, "deux\nlignes")
        page.write_boolean(2, 5, True)

    read = list(sheets.read(sheet(tmp_path, write)))
    assert read[1] == (3, ["12", "148.23", "2026-02-12", "2", "deux\nlignes", "TRUE"])


def test_the_first_sheet_that_people_see_and_that_says_something_is_read(tmp_path: Path) -> None:
    def write(book: Any, page: Any) -> None:
        hidden = book.add_worksheet()
        hidden.write(0, 0, "caché")
        hidden.hide()
        shown = book.add_worksheet()
        shown.write_column(0, 0, ["vu", "1"])

    assert rows(sheet(tmp_path, write)) == [["vu"], ["1"]]


def test_the_sheet_that_has_the_headers_is_read(tmp_path: Path) -> None:
    def write(book: Any, page: Any) -> None:
        page.write_column(0, 0, ["Lisez-moi", "Les données sont sur la feuille suivante."])
        data = book.add_worksheet("Données")
        data.write_row(0, 0, ["Recommandations de 2026"])
        data.write_row(2, 0, ["Référence", "Texte", "État"])
        data.write_row(3, 0, ["1", "Adopter une loi", "ML"])

    path = sheet(tmp_path, write)
    begins = sheets.beginning(path)
    assert (begins.sheet, begins.row) == ("Données", 3)
    assert rows(path) == [["Référence", "Texte", "État"], ["1", "Adopter une loi", "ML"]]
    assert sheets.delimiter_in(path) == ""


def test_what_a_spreadsheet_keeps_as_another_thing_is_marked(tmp_path: Path) -> None:
    def write(book: Any, page: Any) -> None:
        page.write_row(0, 0, ["a", "b", "c", "d"])
        page.write_number(1, 0, 148.10, book.add_format({"num_format": "0.00"}))
        page.write_datetime(1, 1, dt.datetime(2026, 10, 6), book.add_format({"num_format": "d.mm"}))
        page.write_number(1, 2, 14)
        page.write_string(1, 3, "148.10")

    row = rows(sheet(tmp_path, write))[1]
    assert row == ["148.1", "2026-10-06", "14", "148.10"]
    assert [isinstance(cell, sheets.Kept) for cell in row] == [True, True, False, False]


def test_merged_cells_say_it_once(tmp_path: Path) -> None:
    def write(book: Any, page: Any) -> None:
        page.write_row(0, 0, ["a", "b"])
        page.merge_range(1, 0, 2, 0, "les deux")
        page.write_column(1, 1, ["x", "y"])

    assert rows(sheet(tmp_path, write))[1:] == [["les deux", "x"], ["", "y"]]


def test_an_ods_file_is_read(tmp_path: Path) -> None:
    def cell(text: str, kind: str = 'office:value-type="string"') -> str:
        return f"<table:table-cell {kind}><text:p>{text}</text:p></table:table-cell>"

    day = 'office:value-type="date" office:date-value="2026-02-12"'
    table = f"<table:table-row>{cell('a')}{cell('b')}</table:table-row>"
    table += f"<table:table-row>{cell('x')}{cell('12/02/26', day)}</table:table-row>"
    table += '<table:table-row table:number-rows-repeated="1048574"><table:table-cell/>'
    assert rows(ods(tmp_path, f"{table}</table:table-row>")) == [["a", "b"], ["x", "2026-02-12"]]


def test_a_spreadsheet_that_takes_all_memory_is_refused(tmp_path: Path) -> None:
    def write(_book: Any, page: Any) -> None:
        page.write(0, 0, "a")
        page.write(1_048_575, 16_383, "far out")

    with pytest.raises(Invalid, match="CSV"):
        rows(sheet(tmp_path, write))


def test_a_spreadsheet_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheet, "MEMORY", 128 * 1024 * 1024)
    path = sheet(tmp_path, lambda _book, page: page.write_column(0, 0, ["a", "b"]))
    bomb = tmp_path / "bomb.xlsx"
    with (
        zipfile.ZipFile(path) as source,
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            with target.open(name, "w") as file:
                if name != "xl/sharedStrings.xml":
                    file.write(source.read(name))
                    continue
                file.write(
                    b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
                )
                for _turn in range(12):
                    file.write(b"<si><t>" + b"a" * 8 * 1024 * 1024 + b"</t></si>")
                file.write(b"</sst>")
    assert bomb.stat().st_size < 1024 * 1024
    with pytest.raises(Invalid):
        rows(bomb)


def test_a_row_of_delimiters_alone_takes_no_memory(tmp_path: Path) -> None:
    path = kept(tmp_path, b"a,b\n1,2\n" + b"," * (sheets.LINE * 3))
    tracemalloc.start()
    try:
        with pytest.raises(Invalid):
            rows(path)
        assert tracemalloc.get_traced_memory()[1] < 40 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_a_row_of_many_lines_is_no_longer_than_one(tmp_path: Path) -> None:
    line = b'"\n"' + b"," * 1_000_000
    with pytest.raises(Invalid):
        rows(kept(tmp_path, b"a,b\n1,2\n" + line * 6))
