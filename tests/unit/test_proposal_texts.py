"""The text of .txt, .html, .docx and .pdf, with the marks of lists; what cannot be read says why."""

import io
import subprocess
import zipfile
from typing import Any

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from tracker.exceptions import Invalid
from tracker.proposals import documents, texts, word
from tracker.proposals.unreadable import Unreadable


def docx(*paragraphs: tuple[str, str]) -> bytes:
    """A document of paragraphs, each with the name of its style."""
    document, packed = Document(), io.BytesIO()
    for text, style in paragraphs:
        document.add_paragraph(text, style=style)
    document.save(packed)
    return packed.getvalue()


def pdf(*lines: str) -> bytes:
    """The least PDF of one page: a font, and a line below the other."""
    shown = " ".join(f"({line}) Tj 0 -14 Td" for line in lines)
    stream = f"BT /F1 12 Tf 72 720 Td {shown} ET" if lines else ""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    made, offsets = "%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        offsets.append(len(made))
        made += f"{number} 0 obj\n{one}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    made += f"xref\n0 6\n0000000000 65535 f \n{table}trailer << /Size 6 /Root 1 0 R >>\n"
    return f"{made}startxref\n{made.index('xref')}\n%%EOF\n".encode("latin-1")


def locked() -> bytes:
    writer, packed = PdfWriter(PdfReader(io.BytesIO(pdf("Secret")))), io.BytesIO()
    writer.encrypt("a password", algorithm="RC4-128")
    writer.write(packed)
    return packed.getvalue()


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * (word.UNPACKED + 1))
    return packed.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_text_in_each_encoding(encoding: str) -> None:
    assert texts.read("L’été\r\nà Vienne\r".encode(encoding), "a.TXT") == "L’été\nà Vienne"


def test_letters_are_composed_and_nothing_unseen_is_kept() -> None:
    assert texts.plain("e\u0301te\u0301\x00\ufeff\x0c\x0bfin") == "été\n\n\nfin"


def test_halves_of_letters_are_not_kept() -> None:
    page = b"<meta charset=unicode_escape><p>Adopt \\ud83d laws</p>"
    assert texts.read(page, "a.html") == "Adopt  laws"


def test_html_is_read_as_it_is_seen() -> None:
    page = """<html><head><title>T</title><style>p{}</style><meta charset=utf-8><body>
      <h1>Recommandations</h1><p>Les <b>suiv</b>antes&nbsp;: <!-- <li>non -->
      <ol><li>agir<li><p>r&eacute;agir &lt;vite&gt;</p></ol><ul><li title="a > b">partir</ul>
      <script>if (a<b) "<li>"</script><table><tr><td>un<td>deux</table>fin"""
    assert [line for line in texts.read(page.encode(), "a.html").split("\n") if line] == [
        "Recommandations",
        "Les suivantes :",
        "1. agir",
        "2. réagir <vite>",
        "• partir",
        "un\tdeux",
        "fin",
    ]


def test_what_is_around_the_text_of_a_page_is_left_out() -> None:
    page = (
        "<header><h1>Site</h1></header><nav><ul><li>Accueil</ul></nav><main><header><h1>Obstacles</h1></header>"
        "<ul><li>Agir</ul><nav>Menu</nav><footer>Vienne</footer></main><aside>Voir aussi</aside>"
        "<footer><ul><li>Mentions légales<li>Cookies</ul></footer>"
    )
    said = [line for line in texts.read(page.encode(), "a.html").split("\n") if line]
    assert said == ["Obstacles", "• Agir", "Vienne"]


@pytest.mark.parametrize("name", ["nav", "footer", "header", "aside"])
def test_what_is_never_closed_hides_nothing(name: str) -> None:
    assert "Agir" in texts.read(f"</{name}><{name}>Menu<p>Agir".encode(), "a.html")


def test_cells_of_a_table_are_parted() -> None:
    page = (
        "<table><tr>\n\t<th>N°</th>\n\t<th>Recommandation</th></tr>\n<tr><td>1<td>Agir\n vite"
        "<tr><td></td><td></td>\n<td>Mali</td></tr></table>"
    )
    said = texts.read(page.encode(), "a.html").split("\n")
    assert [line for line in said if line] == ["N°\tRecommandation", "1\tAgir", "vite", "\t\tMali"]


def test_html_says_its_encoding_itself() -> None:
    page = '<meta http-equiv=x content="text/html; charset=iso-8859-15">été €'
    assert texts.read(page.encode("iso-8859-15"), "a.htm") == "été €"


@given(st.text("<>/!-abli \"'=\n", max_size=200))
def test_any_html_is_read(page: str) -> None:
    texts._html(page.encode())


@pytest.mark.parametrize("unit", ["<!--", "<a ", "<script>", '<a b="'])
def test_broken_html_takes_no_longer(unit: str) -> None:
    assert isinstance(texts._html(unit.encode() * (200_000 // len(unit))), str)


def test_docx_has_the_marks_that_word_counts() -> None:
    data = docx(
        ("Recommandations", "Heading 1"),
        ("agir", "List Number"),
        ("réagir", "List Number"),
        ("moyens", "List Bullet"),
    )
    assert texts.read(data, "a.docx") == "Recommandations\n1. agir\n2. réagir\n• moyens"


def test_docx_has_its_tables_and_no_deleted_words() -> None:
    document, packed = Document(), io.BytesIO()
    document.add_paragraph("Avant")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "1.", "agir"
    element: Any = document.add_paragraph("gardé")._p
    deleted = element.makeelement(f"{{{element.nsmap['w']}}}del", {})
    run = document.add_paragraph("ôté")._p[0]
    element.append(deleted)
    deleted.append(run)
    for text in run:
        text.tag = text.tag.replace("}t", "}delText")
    document.save(packed)
    assert texts.read(packed.getvalue(), "a.docx") == "Avant\n1.\tagir\ngardé"


def test_pdf_has_its_lines() -> None:
    data = pdf("Recommandations :", "1. agir", "2. r\351agir")
    assert texts.read(data, "a.pdf").split("\n") == ["Recommandations :", "1. agir", "2. réagir"]


@pytest.mark.parametrize(
    ("data", "name", "problem"),
    [
        (b"x", "a.exe", "kind"),
        (b"x", "a", "kind"),
        (b"", "a.txt", "empty"),
        (b" \n", "a.txt", "empty"),
        (b"a\0b", "a.txt", "encoding"),
        (b"\x81\xff", "a.txt", "encoding"),
        (b"\xff\xfea", "a.txt", "encoding"),
        (b"PK\3\4...", "a.docx", "broken"),
        (b"\xd0\xcf\x11\xe0...", "a.docx", "protected"),
        (bomb(), "a.docx", "large"),
        (docx(), "a.docx", "empty"),
        (b"%PDF-1.4", "a.pdf", "broken"),
        (pdf(), "a.pdf", "scanned"),
        (locked(), "a.pdf", "protected"),
        (b"a" * (texts.TEXT + 1), "a.txt", "long"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_says_why(data: bytes, name: str, problem: str) -> None:
    with pytest.raises(Unreadable, match=f"^{problem}$"):
        texts.read(data, name)
    assert problem in documents.PROBLEMS


def test_a_pdf_of_too_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "PAGES", 0)
    with pytest.raises(Unreadable, match="pages"):
        texts.read(pdf("x"), "a.pdf")


# --- In a process of its own


def test_a_document_is_read_beside_the_server() -> None:
    assert documents.text_of(docx(("agir", "List Bullet")), "../a\n.docx") == "• agir"


def test_what_is_wrong_is_said_of_the_field() -> None:
    with pytest.raises(Invalid) as refused:
        documents.text_of(b"%PDF-1.4", "a.pdf")
    assert list(refused.value.errors) == ["file"]


def test_what_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "PATIENCE", 0)
    with pytest.raises(Invalid) as refused:
        documents.text_of(b"x", "a.txt")
    assert refused.value.errors["file"] == [documents.PROBLEMS["slow"]]


def test_what_takes_too_much_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    killed = subprocess.CompletedProcess([], -9, b"", b"")
    monkeypatch.setattr(subprocess, "run", lambda *_a, **_k: killed)
    with pytest.raises(Invalid) as refused:
        documents.text_of(b"x", "a.txt")
    assert refused.value.errors["file"] == [documents.PROBLEMS["large"]]
