"""The pages on which editors import a table: every step without JavaScript, and nobody else's business."""

import csv
import io
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from openpyxl import load_workbook

from tests import cast, factories
from tests.faults import fail
from tests.htmx import form_data, parse
from tracker.actions.tables import keep_table
from tracker.folding import alphabetical
from tracker.imports.columns import FIELDS, guess
from tracker.imports.files import on_disk
from tracker.middleware import LARGER
from tracker.models import FollowUp, ImportFault, ImportFile, ImportPart, Recommendation, User
from tracker.statuses import Stage
from tracker.views import imports

CAST = ("administrator", "editor", "contributor", "foreign_contributor", "reader")
EDITORS = ("administrator", "editor")
START = "/en/import/"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_meeting")]
ORIGIN = "https://example.org/report"
HEADER = "Reference,Text,State,Themes,Status,Sources\n"
GOOD = f"{HEADER}1,Adopt a law,Mali,Law,In progress,{ORIGIN}\n2,Train judges,NE,Law,,\n"
BROKEN = f"{GOOD}3,Train police,Atlantis,Law,,\n4,=1+1,ML,Law,unheard-of,\n"


@pytest.fixture(scope="module")
def a_meeting(shared_by_module: None) -> None:
    """Of which no recommendation is known yet; and the people who may and may not import them."""
    factories.make_meeting(12)
    cast.everybody()


def sent(client: Client, content: str | bytes = GOOD, name: str = "table.csv") -> Any:
    raw = content if isinstance(content, bytes) else content.encode()
    return client.post(START, {"file": SimpleUploadedFile(name, raw)})


def described(client: Client, content: str = GOOD, **given: str) -> str:
    """The address of a table that was sent, mapped as guessed, and checked."""
    columns = sent(client, content)["Location"]
    data = form_data(parse(client.get(columns)), "columns")
    data |= {"meeting": "som-12", "origin": ORIGIN, "language": "en", **given}
    response = client.post(columns, data)
    assert response.status_code == 302
    return str(columns).removesuffix("columns/")


def text_of(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


# --- From the file to the record


def test_a_table_is_imported_step_by_step(client: Client, editor: User) -> None:
    client.force_login(editor)
    table = described(client)
    assert "2 rows were read" in text_of(client, f"{table}preview/")
    assert Recommendation.objects.count() == 0
    response = client.post(f"{table}run/")
    assert response["Location"] == table
    assert "2 rows were imported" in text_of(client, table)
    assert Recommendation.objects.count() == 2
    assert FollowUp.objects.get().recorded_by == editor
    assert "/en/meetings/som-12/" in text_of(client, table)


def test_sent_twice_it_is_imported_once(client: Client, editor: User) -> None:
    client.force_login(editor)
    table = described(client)
    assert client.post(f"{table}run/")["Location"] == table
    assert client.post(f"{table}run/")["Location"] == table
    assert client.get(f"{table}preview/")["Location"] == table
    assert FollowUp.objects.count() == 1
    again = described(client)
    assert "Rows of which all is known</dt><dd>2" in text_of(client, f"{again}preview/")


def test_columns_are_mapped_by_hand_where_headers_say_nothing(client: Client, editor: User) -> None:
    client.force_login(editor)
    columns = sent(client, "A,B,C\n1,Adopt a law,ML\n")["Location"]
    data = form_data(parse(client.get(columns)), "columns")
    mapped = {"column_reference": "0", "column_text": "1", "column_state": "2"}
    client.post(
        columns, {**data, **mapped, "meeting": "som-12", "origin": ORIGIN, "language": "en"}
    )
    client.post(f"{columns.removesuffix('columns/')}run/")
    assert Recommendation.objects.get().text == "Adopt a law"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"column_text": ""}, "column_text"),
        ({"column_reference": ""}, "column_reference"),
        ({"column_state": ""}, "column_state"),
        ({"column_state": "1"}, "column_state"),
        ({"meeting": ""}, "meeting"),
        ({"origin": "nowhere"}, "origin"),
    ],
)
def test_columns_that_cannot_be_are_named(
    client: Client, editor: User, given: dict[str, str], field: str
) -> None:
    client.force_login(editor)
    columns = sent(client)["Location"]
    data = form_data(parse(client.get(columns)), "columns")
    response = client.post(columns, {**data, "meeting": "som-12", **given})
    assert response.status_code == 422
    wrong = parse(response).xpath("//*[@aria-invalid]/@name")
    assert field in wrong


def columns_page(client: Client, content: str | bytes) -> Any:
    return parse(client.get(sent(client, content)["Location"]))


@pytest.mark.parametrize(
    ("headers", "language"), [("Referencia,Texto,Estado", "es"), ("A,B,C", "")]
)
def test_the_language_is_that_of_the_headers_and_not_of_the_reader(
    client: Client, editor: User, headers: str, language: str
) -> None:
    client.force_login(editor)
    page = columns_page(client, f"{headers}\n1,Adoptar una ley,ML\n")
    assert form_data(page, "columns")["language"] == language


def test_what_all_rows_lack_is_asked_for_at_once(client: Client, editor: User) -> None:
    client.force_login(editor)
    columns = sent(client, "A,B,C\n1,Adopt a law,ML\n")["Location"]
    data = form_data(parse(client.get(columns)), "columns")
    mapped = {"column_reference": "0", "column_text": "1", "column_state": "2"}
    response = client.post(columns, {**data, **mapped, "meeting": "som-12"})
    assert response.status_code == 422
    assert parse(response).xpath("//*[@aria-invalid]/@name") == ["language", "origin"]
    assert ImportFault.objects.count() == 0


def test_what_a_form_leaves_out_is_as_usual(client: Client, editor: User) -> None:
    client.force_login(editor)
    columns = sent(client, "Reference,Text,State\n1,Adopt a law,ML\n")["Location"]
    mapped = {"column_reference": "0", "column_text": "1", "column_state": "2"}
    given = {"meeting": "som-12", "origin": ORIGIN}
    response = client.post(columns, {**mapped, **given})
    assert parse(response).xpath("//*[@aria-invalid]/@name") == ["language"]
    client.post(columns, {**mapped, **given, "language": "en"})
    client.post(f"{columns.removesuffix('columns/')}run/")
    assert Recommendation.objects.get().stage == Stage.DISCUSSION


def test_where_the_headers_were_found_is_said(client: Client, editor: User) -> None:
    client.force_login(editor)
    assert not columns_page(client, GOOD).cssselect(".notice")
    [notice] = columns_page(client, f"Of 2026,,\n{GOOD}").cssselect(".notice")
    assert "found in row 2" in " ".join(notice.text_content().split())
    [notice] = columns_page(client, "A,B\n1,2\n").cssselect(".notice")
    assert "No headers were recognized" in " ".join(notice.text_content().split())


def test_its_columns_are_shown_without_its_file(client: Client, editor: User) -> None:
    client.force_login(editor)
    columns = sent(client, f"Of 2026,,\n{GOOD}")["Location"]
    ImportPart.objects.all().delete()
    page = parse(client.get(columns))
    [head, *rows] = page.cssselect("#main table tr, main table tr")
    assert [cell.text_content() for cell in head] == HEADER.strip().split(",")
    assert [cell.text_content() for cell in rows[0]][:2] == ["1", "Adopt a law"]
    assert "found in row 2" in page.text_content()
    assert page.cssselect("#id_column_text option[selected]")[0].text == "Text (Adopt a law)"


def test_a_table_of_before_is_read_to_be_shown(client: Client, editor: User) -> None:
    client.force_login(editor)
    columns = sent(client)["Location"]
    ImportFile.objects.update(begins={})
    assert "Adopt a law" in text_of(client, columns)


def test_states_are_in_alphabetical_order(client: Client, editor: User) -> None:
    client.force_login(editor)
    page = parse(client.get(sent(client)["Location"].replace("/en/", "/")))
    names = [o.text for o in page.cssselect("#id_state option")][1:]
    assert names == sorted(names, key=alphabetical)
    assert names.index("Égypte") < names.index("Zimbabwe")


# --- Broken rows


def test_nothing_is_imported_until_somebody_decides(client: Client, editor: User) -> None:
    client.force_login(editor)
    table = described(client, BROKEN)
    page = parse(client.get(f"{table}preview/"))
    found = [" ".join(li.text_content().split()) for li in page.cssselect("#faults li")]
    assert [text.split(":")[0] for text in found] == ["State", "Status"]
    assert page.xpath("//form[@id='run']") == []
    response = client.post(f"{table}run/")
    assert response.status_code == 422
    assert Recommendation.objects.count() == 0


def test_rows_are_left_out_one_by_one(client: Client, editor: User) -> None:
    client.force_login(editor)
    table = described(client, BROKEN)
    data = {"shown": ["4", "5"], "row": ["4"], "page": "1"}
    client.post(f"{table}preview/", data)
    assert client.post(f"{table}run/").status_code == 422
    client.post(f"{table}preview/", {**data, "row": ["4", "5"]})
    assert client.post(f"{table}run/")["Location"] == table
    assert Recommendation.objects.count() == 2
    assert "Rows left out</dt><dd>2" in text_of(client, table)


def test_rejected_rows_come_back_and_can_be_sent_again(client: Client, editor: User) -> None:
    client.force_login(editor)
    table = described(client, BROKEN)
    client.post(f"{table}preview/", {"all": "1"})
    client.post(f"{table}run/")
    file = b"".join(client.get(f"{table}rejected.csv").streaming_content)  # type: ignore[attr-defined]
    header, *rows = csv.reader(io.StringIO(file.decode("utf-8-sig")))
    assert header == [*HEADER.strip().split(","), "Problems", "Row"]
    assert [(row[0], row[-1]) for row in rows] == [("3", "4"), ("4", "5")]
    assert "Atlantis" in rows[0][-2]
    assert rows[1][1] == "'=1+1"  # no spreadsheet runs it
    mended = file.decode().replace('"Atlantis"', '"SN"').replace('"unheard-of"', '""')
    again = described(client, mended)
    client.post(f"{again}run/")
    assert Recommendation.objects.get(ref="som-12-4").text == "=1+1"


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_rejected_rows_have_the_delimiter_that_came(
    client: Client, editor: User, delimiter: str
) -> None:
    client.force_login(editor)
    table = described(client, BROKEN.replace(",", delimiter))
    file = b"".join(client.get(f"{table}rejected.csv").streaming_content)  # type: ignore[attr-defined]
    assert file.decode("utf-8-sig").startswith(f'"Reference"{delimiter}"Text"')


def test_problems_are_paged(client: Client, editor: User) -> None:
    client.force_login(editor)
    rows = "".join(f"{n},a,Atlantis,,,\n" for n in range(imports.FAULTS + 1))
    table = described(client, HEADER + rows)
    assert len(parse(client.get(f"{table}preview/")).cssselect("#faults tbody tr")) == 50
    assert len(parse(client.get(f"{table}preview/?page=2")).cssselect("#faults tbody tr")) == 1


# --- Long files


def test_a_long_file_says_how_far_it_has_come(
    client: Client, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "LONG", 1)
    client.force_login(editor)
    columns = sent(client)["Location"]
    data = form_data(parse(client.get(columns)), "columns")
    data |= {"meeting": "som-12", "origin": ORIGIN}
    response = client.post(columns, data, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in response.headers
    checked = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    table = columns.removesuffix("columns/")
    assert "Checked 2 rows" in checked
    assert f'href="{table}preview/"' in checked
    lines = iter(client.post(f"{table}run/").streaming_content)  # type: ignore[attr-defined]
    told = b"".join(lines).decode()
    assert "Imported 2 of 2 rows" in told
    assert "Sealed 4 of 4" in told
    assert Recommendation.objects.count() == 2
    parsed = parse(type("Page", (), {"content": told.encode()}))
    assert parsed.cssselect("#outcome a")[0].get("href") == table


@pytest.mark.parametrize("rows", [imports.MANY - 1, imports.MANY])
def test_many_rows_are_a_long_file_whatever_its_bytes(
    client: Client, editor: User, rows: int
) -> None:
    client.force_login(editor)
    table = described(client, HEADER + "".join(f"{n},a,ML,,,\n" for n in range(1, rows + 1)))
    assert client.post(f"{table}run/").streaming == (rows == imports.MANY)


def test_a_long_page_says_at_once_that_it_has_begun(
    client: Client, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(editor)
    table = described(client)
    monkeypatch.setattr(imports, "LONG", 1)
    first = next(iter(client.post(f"{table}run/").streaming_content))  # type: ignore[attr-defined]
    assert b"It has begun." in first
    assert b"Imported" not in first


def test_a_line_that_drops_imports_nothing(
    client: Client, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(editor)
    table = described(client)
    monkeypatch.setattr(imports, "LONG", 1)
    response = client.post(f"{table}run/")
    lines = iter(response.streaming_content)  # type: ignore[attr-defined]
    while b"Sealed" not in next(lines):
        pass
    assert Recommendation.objects.count() == 2
    closers = response._resource_closers  # type: ignore[attr-defined]
    for close in closers:  # as the server does; closing all of it ends the test’s own connection
        close()
    assert Recommendation.objects.count() == 0
    assert "2 rows were read" in text_of(client, f"{table}preview/")


def test_what_stops_a_long_import_is_said_in_its_page(
    client: Client, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(editor)
    table = described(client, BROKEN)
    monkeypatch.setattr(imports, "LONG", 1)
    told = b"".join(client.post(f"{table}run/").streaming_content)  # type: ignore[attr-defined]
    assert b"nothing was imported" in told
    assert Recommendation.objects.count() == 0


def test_an_import_that_has_to_wait_for_too_long_says_so(
    client: Client, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(editor)
    table = described(client)
    fail(monkeypatch, "tracker.actions.imports._lock")
    short = client.post(f"{table}run/")
    assert (short.status_code, short["Retry-After"]) == (503, "60")
    assert "Somebody else is writing" in short.content.decode()
    monkeypatch.setattr(imports, "LONG", 1)
    told = b"".join(client.post(f"{table}run/").streaming_content)  # type: ignore[attr-defined]
    assert b"Somebody else is writing" in told


# --- Files


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_templates_have_every_column(client: Client, editor: User, kind: str) -> None:
    client.force_login(editor)
    content = client.get(f"{START}template.{kind}").content
    if kind == "csv":
        headers = next(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    else:
        book = load_workbook(io.BytesIO(content))
        headers = [str(cell.value) for cell in book.worksheets[0][1]]
    assert set(guess(headers)) == {field.name for field in FIELDS}


@pytest.mark.parametrize("content", [b"", b"only a header", b"PK\x03\x04damaged"])
def test_what_cannot_be_read_is_not_kept(client: Client, editor: User, content: bytes) -> None:
    client.force_login(editor)
    response = sent(client, content)
    assert response.status_code == 422
    assert parse(response).xpath("//*[@aria-invalid]/@name") == ["file"]
    assert ImportFile.objects.count() == 0


def test_no_file_is_said_so(client: Client, editor: User) -> None:
    client.force_login(editor)
    assert client.post(START, {}).status_code == 422


def test_parts_are_put_together_again(editor: User) -> None:
    content = bytes(range(256)) * 4096
    pieces = [content[:1], content[1:700_000], content[700_000:]]
    file = keep_table(by=editor, name="x.csv", pieces=pieces)
    assert file.size == len(content)
    assert file.parts.count() == 4
    with on_disk(file) as path:
        assert path.read_bytes() == content


def test_tables_are_forgotten_after_a_day(client: Client, editor: User) -> None:
    client.force_login(editor)
    sent(client)
    with time_machine.travel("2099-01-01"):
        keep_table(by=editor, name="b.csv", pieces=[b"a"])
    assert [file.name for file in ImportFile.objects.all()] == ["b.csv"]


def test_what_was_imported_is_not_thrown_away(client: Client, editor: User) -> None:
    client.force_login(editor)
    table = described(client, BROKEN)
    client.post(f"{table}preview/", {"all": "1"})
    client.post(f"{table}run/")
    assert client.post(f"{table}forget/")["Location"] == table
    assert "2 rows were imported" in text_of(client, table)
    assert client.get(f"{table}rejected.csv").status_code == 200


def test_a_number_that_no_list_has_room_for_is_a_problem_of_its_row(
    client: Client, editor: User
) -> None:
    client.force_login(editor)
    rows = "Reference,Number,Text,State\nx,2000000,Adopt a law,ML\n"
    assert "from 1 to 1048575" in text_of(client, f"{described(client, rows)}preview/")


def test_a_reference_of_many_figures_is_no_number(client: Client, editor: User) -> None:
    client.force_login(editor)
    table = described(client, "Reference,Text,State\n99999999,Adopt a law,ML\n")
    assert client.post(f"{table}run/").status_code == 302
    assert Recommendation.objects.get().number == 1


def test_what_was_imported_whole_has_no_rejected_rows(client: Client, editor: User) -> None:
    client.force_login(editor)
    table = described(client)
    client.post(f"{table}run/")
    assert client.get(f"{table}rejected.csv").status_code == 404


def test_a_table_can_be_thrown_away(client: Client, editor: User) -> None:
    client.force_login(editor)
    table = described(client)
    assert client.post(f"{table}forget/")["Location"] == START
    assert ImportPart.objects.count() == 0
    assert client.get(f"{table}preview/").status_code == 404


# --- Who may


@pytest.mark.parametrize("who", CAST)
def test_who_may_import(client: Client, who: str, request: pytest.FixtureRequest) -> None:
    user = request.getfixturevalue(who)
    if isinstance(user, User):
        client.force_login(user)
    may = who in EDITORS
    refused = 302 if who == "reader" else 403
    assert client.get(START).status_code == (200 if may else refused)
    assert client.get(f"{START}template.csv").status_code == (200 if may else refused)
    assert sent(client).status_code == (302 if may else 403)
    assert ImportFile.objects.count() == may
    adding = client.get("/en/meetings/add/").content.decode()
    assert ('href="/en/import/"' in adding) == may


PAGES = ("", "columns/", "preview/", "rejected.csv")


@pytest.mark.parametrize("who", CAST)
def test_nobody_sees_the_table_of_another(
    client: Client, who: str, request: pytest.FixtureRequest
) -> None:
    owner = factories.make_user("editor", username="owner")
    client.force_login(owner)
    table = described(client)
    client.logout()
    user = request.getfixturevalue(who)
    if isinstance(user, User):
        client.force_login(user)
    expected = 404 if who in EDITORS else 302 if who == "reader" else 403
    assert {client.get(f"{table}{page}").status_code for page in PAGES} == {expected}
    for page in ("columns/", "preview/", "run/", "forget/"):
        assert client.post(f"{table}{page}").status_code == (403 if who == "reader" else expected)
    assert Recommendation.objects.count() == 0
    assert ImportFile.objects.count() == 1


@pytest.mark.parametrize("page", ["run/", "forget/"])
def test_what_changes_something_is_post_only(client: Client, editor: User, page: str) -> None:
    client.force_login(editor)
    assert client.get(f"{described(client)}{page}").status_code == 405


class _Untouched(io.RawIOBase):
    def read(self, *_sizes: object) -> bytes:
        raise AssertionError("somebody read the request")


@pytest.mark.parametrize("who", ["contributor", "reader"])
def test_files_of_others_are_refused_before_they_are_read(
    client: Client, who: str, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(who)
    strict = Client(enforce_csrf_checks=True)
    if isinstance(user, User):
        strict.force_login(user)
    environ = RequestFactory().post(START).environ
    extra = {"wsgi.input": _Untouched(), "CONTENT_LENGTH": "40000000"}
    response = strict.post(START, {"file": "x"}, **{**extra, "wsgi.errors": environ["wsgi.errors"]})
    assert response.status_code == 413


def test_a_file_that_is_too_large_is_refused_unread(client: Client, editor: User) -> None:
    client.force_login(editor)
    length: dict[str, Any] = {"CONTENT_LENGTH": str(LARGER["import"] + 1)}
    response = client.post(START, {"file": "x"}, **length)
    assert response.status_code == 413


def test_other_forms_take_no_more_than_before(client: Client, editor: User) -> None:
    client.force_login(editor)
    assert client.post("/notes/preview/", {"note": "x" * 2_100_000}).status_code == 413
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE <= 1024 * 1024
