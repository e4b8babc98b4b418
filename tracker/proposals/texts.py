"""The text of a document: what a person would see in it, line by line, with the marks of its lists.

Read by ``documents.text_of`` in a process of its own, which ends when it takes too long or too much; so
nothing here needs Django.
"""

import io
import json
import re
import sys
import unicodedata
from collections.abc import Callable
from html import unescape
from typing import Final

from tracker.folding import with_few_marks
from tracker.proposals import word
from tracker.proposals.unreadable import Unreadable

SECONDS: Final = 20
"""Of the processor's time."""
MEMORY: Final = 768 * 1024 * 1024
"""Bytes of address space: several times what a document of 10 MB needs."""
PAGES: Final = 400
TEXT: Final = 5_000_000
"""Characters: no form takes as many, and to mark a list in more is no use."""

# Halves of letters too: some encodings and PDF files give them, and no page can be written with one.
_UNSEEN: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\ufeff]")
_CHARSET: Final = re.compile(rb"<meta[^>]{0,200}?charset=[\"']?([\w-]{1,40})", re.IGNORECASE)


def read(data: bytes, name: str) -> str:
    """The text of a document; by its name it is known what it is."""
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    reader = READERS.get(suffix)
    if reader is None:
        raise Unreadable("kind")
    if not data:
        raise Unreadable("empty")
    text = plain(reader(data))
    if not text:
        raise Unreadable("scanned" if suffix == "pdf" else "empty")
    if len(text) > TEXT:
        raise Unreadable("long")
    return text


def plain(text: str) -> str:
    """A text in which spans are looked for: composed letters (NFC), our line ends, nothing unseen, and no
    letter under a tower of accents."""
    text = (
        text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n\n")
    )
    return _UNSEEN.sub("", unicodedata.normalize("NFC", with_few_marks(text))).strip()


# --- Text and HTML


def _txt(data: bytes) -> str:
    text = _decoded(data)
    if "\x00" in text:
        raise Unreadable("encoding")
    return text


def _decoded(data: bytes, declared: str = "") -> str:
    """By its mark, by what it declares, or else UTF-8, or else what Windows wrote in the West."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _as(data, "utf-16")
    for encoding in (declared, "utf-8-sig"):
        try:
            return data.decode(encoding) if encoding else data.decode("utf-8-sig")
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return _as(data, "cp1252")


def _as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise Unreadable("encoding") from None


_BLOCK: Final = re.compile(
    "address|article|aside|blockquote|body|caption|dd|div|dl|dt|fieldset|figure|footer|form|h[1-6]|header|hr"
    "|html|main|nav|p|pre|section|summary|table|tbody|tfoot|thead"
)
_LEFT_OUT: Final = frozenset(("script", "style", "template", "noscript", "title", "svg", "iframe"))
_AROUND: Final = frozenset(("nav", "header", "footer", "aside"))
"""What is around the text of a page: menus, addresses. Within an article they belong to it, but for menus."""
_CELL: Final = "\x01"
_ROW: Final = "\x02"
"""Around the cells and rows of a table, until the white space of the source is put away."""
_TAG: Final = re.compile(
    r"(/?)([A-Za-z][A-Za-z0-9]{0,20})(?:\"[^\"]*\"|'[^']*'|[^'\">])*>", re.DOTALL
)


def _html(data: bytes) -> str:
    """Blocks as lines, items of lists with their marks. The text is cut at each "<" and read once from its
    beginning to its end: ``html.parser`` takes a time that is the square of some broken documents."""
    declared = _CHARSET.search(data[:2048])
    first, *rest = _decoded(data, declared[1].decode() if declared else "").split("<")
    said: list[str] = [first]
    lists: list[
        int
    ] = []  # the number of the last item of each list that is open; -1 without numbers
    skipped, within = "", 0
    last_end = _ends(rest)
    for at, part in enumerate(rest):
        if skipped == "--":
            after = part.partition("-->")
            skipped = "" if after[1] else skipped
            said.append(after[2])
        elif skipped:
            if part.lower().startswith(f"/{skipped}"):
                skipped = ""
                said.append(part.partition(">")[2])
        elif part.startswith("!--"):
            after = part.partition("-->")
            skipped = "" if after[1] else "--"
            said.append(after[2])
        elif part[:1] in "!?":
            said.append(part.partition(">")[2])
        elif tag := _TAG.match(part):
            closes, name = bool(tag[1]), tag[2].lower()
            within = max(within + (1, -1)[closes], 0) if name in ("main", "article") else within
            is_around = name == "nav" or (name in _AROUND and within < 1)
            is_left_out = name in _LEFT_OUT or (is_around and at < last_end.get(name, 0))
            skipped = name if is_left_out and not closes else ""
            said.append("" if skipped else _break(name, closes, lists))
            said.append("" if skipped else part[tag.end() :])
        else:
            said.append("<" + part)
    return _lines("".join(said))


def _ends(rest: list[str]) -> dict[str, int]:
    """Where each of ``_AROUND`` ends last: one that never ends would hide all that follows."""
    found = {}
    for at, part in enumerate(rest):
        if (
            part.startswith("/")
            and (name := part[1:8].partition(">")[0].strip().lower()) in _AROUND
        ):
            found[name] = at
    return found


def _break(name: str, closes: bool, lists: list[int]) -> str:
    if name in ("ul", "ol"):
        if closes:
            del lists[-1:]
        elif len(lists) < 100:
            lists.append(0 if name == "ol" else -1)
        return "\n"
    if name == "li":
        if closes:
            return "\n"
        if lists and lists[-1] >= 0:
            lists[-1] += 1
            return f"\n{lists[-1]}. "
        return "\n• "
    if name == "br":
        return "\n"
    if name in ("td", "th"):
        return "" if closes else _CELL
    if name == "tr":
        return _ROW
    return "\n\n" if _BLOCK.fullmatch(name) else ""


def _lines(marked: str) -> str:
    """Lines without the white space of the source, and at most one empty line between two."""
    kept: list[str] = []
    marked = _CELL.join(piece.strip(" \t\n\r") for piece in marked.split(_CELL))
    for line in unescape(marked.replace(_ROW, "\n")).split("\n"):
        cells = [" ".join(cell.split()) for cell in line.split(_CELL)]
        words = "\t".join(cells[1:] if len(cells) > 1 and not cells[0] else cells)
        if words.strip() or (kept and kept[-1]):
            kept.append(words)
    # A mark whose words are in a block of their own (<li><p>) is joined to them.
    return re.sub(r"(?m)^(•|\d{1,4}\.)\n{1,2}(?=[^\n])", r"\1 ", "\n".join(kept))


# --- PDF


def _pdf(data: bytes) -> str:
    import logging

    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("protected")
        if len(reader.pages) > PAGES:
            raise Unreadable("pages")
        return "\n\n".join(page.extract_text() for page in reader.pages)
    except Unreadable:
        raise
    except FileNotDecryptedError:
        raise Unreadable("protected") from None
    except Exception:
        raise Unreadable("broken") from None


READERS: Final[dict[str, Callable[[bytes], str]]] = {
    "txt": _txt,
    "html": _html,
    "htm": _html,
    "docx": word.read,
    "pdf": _pdf,
}


def main() -> None:
    """Read one document from stdin, after the line with its name; write JSON: its text, or the problem."""
    _bound()
    name, _end, data = sys.stdin.buffer.read().partition(b"\n")
    try:
        said = {"text": read(data, name.decode())}
    except Unreadable as problem:
        said = {"problem": str(problem)}
    except MemoryError:
        said = {"problem": "large"}
    json.dump(said, sys.stdout)


def _bound() -> None:
    """Ask the system to end this process when it takes more; some systems know no such bounds."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))


if __name__ == "__main__":
    main()
