"""What a spreadsheet may take: of room once it is unpacked, and of time. See ``test_sheets``, too."""

import zipfile
from pathlib import Path

import pytest
from django.utils import translation

from tests.unit.test_sheets import sheet
from tracker.exceptions import Invalid
from tracker.imports import sheets, spreadsheet


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return sheet(tmp_path, lambda _book, page: page.write_column(0, 0, ["a", "b"]))


def refused(path: Path) -> str:
    with translation.override("en"), pytest.raises(Invalid) as raised:
        list(sheets.read(path))
    return str(raised.value)


def test_it_is_not_unpacked_if_that_is_too_much(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(path) as archive:
        size = sum(part.file_size for part in archive.infolist())
    monkeypatch.setattr(spreadsheet, "UNPACKED", size)
    assert len(list(sheets.read(path))) == 2
    monkeypatch.setattr(spreadsheet, "UNPACKED", size - 1)
    assert "takes too much memory: save the sheet as CSV" in refused(path)


def test_it_is_ended_if_that_takes_too_long(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "WAIT", 0.001)
    assert "takes too long to read: save the sheet as CSV" in refused(path)


def test_what_is_packed_and_no_spreadsheet_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "text.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    assert "This is no table" in refused(path)


def test_what_is_kept_of_its_beginning_is_short(tmp_path: Path) -> None:
    cells = ["Reference", "x" * 5_000]
    found = sheets.beginning(
        sheet(tmp_path, lambda _book, page: [page.write_row(n, 0, cells) for n in range(9)])
    )
    assert found.headers == cells
    kept = sheets.Beginning(**found.as_json())
    assert kept.headers == ["Reference", "x" * sheets.SHOWN]
    assert kept.rows == [kept.headers] * 3
