"""The text of a .docx: its paragraphs and tables in their order, with the marks of its lists."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any, Final

from docx import Document
from docx.oxml.ns import qn

from tracker.proposals.unreadable import Unreadable

UNPACKED: Final = 60 * 1024 * 1024
"""Bytes that its parts may unpack to."""
PARTS: Final = 2_000
LEGACY: Final = b"\xd0\xcf\x11\xe0"
"""How a .doc begins, and a .docx with a password."""


def read(data: bytes) -> str:
    """The text of a .docx, with the marks that Word counts for its lists."""
    if data.startswith(LEGACY):
        raise Unreadable("protected")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            members = packed.infolist()
            if len(members) > PARTS or sum(m.file_size for m in members) > UNPACKED:
                raise Unreadable("large")
            if any(m.flag_bits & 1 for m in members):
                raise Unreadable("protected")
        document = Document(io.BytesIO(data))
    except Unreadable:
        raise
    except Exception:
        raise Unreadable("broken") from None
    numbering = Numbering(document)
    return "\n".join(_blocks(document.element.body, numbering))


def _blocks(body: Any, numbering: "Numbering") -> Iterator[str]:
    for block in body:
        if block.tag == qn("w:p"):
            yield numbering.mark(block) + _words(block)
        elif block.tag == qn("w:tbl"):
            for row in block.iter(qn("w:tr")):
                cells = (
                    "\n".join(numbering.mark(p) + _words(p) for p in cell.findall(qn("w:p")))
                    for cell in row.findall(qn("w:tc"))
                )
                yield "\t".join(cells)
        elif block.tag == qn("w:sdt"):
            for content in block.findall(qn("w:sdtContent")):
                yield from _blocks(content, numbering)


def _words(paragraph: Any) -> str:
    """What is written in a paragraph: inserted words too, not those that were deleted."""
    written = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
    said = []
    for part in paragraph.iter(qn("w:t"), *written):
        if part.tag == qn("w:t"):
            said.append(part.text or "")
        elif part.getparent().tag == qn("w:r"):  # not the stops of its tabulator
            said.append(written[part.tag])
    return "".join(said)


class Numbering:
    """Counts as Word does: the marks of automatic lists are not in the text of their paragraphs."""

    def __init__(self, document: Any) -> None:
        self.counts: dict[str, list[int]] = {}
        self.levels: dict[str, dict[int, tuple[str, str]]] = {}
        self.styles = {style.get(qn("w:styleId")): style for style in document.styles.element}
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            return
        abstract = {
            kind.get(qn("w:abstractNumId")): kind for kind in root.findall(qn("w:abstractNum"))
        }
        for number in root.findall(qn("w:num")):
            of = number.find(qn("w:abstractNumId"))
            if (kind := abstract.get(of.get(qn("w:val")) if of is not None else "")) is not None:
                self.levels[number.get(qn("w:numId"))] = self._levels(kind)

    def _levels(self, kind: Any) -> dict[int, tuple[str, str]]:
        found = {}
        for level in kind.findall(qn("w:lvl")):
            shape, text = level.find(qn("w:numFmt")), level.find(qn("w:lvlText"))
            value = qn("w:val")
            found[int(level.get(qn("w:ilvl"), "0"))] = (
                shape.get(value, "decimal") if shape is not None else "decimal",
                text.get(value, "") if text is not None else "",
            )
        return found

    def mark(self, paragraph: Any) -> str:
        """The mark of a paragraph, with a blank behind it; empty where it has none."""
        number, depth = self._place(paragraph)
        levels = self.levels.get(number, {})
        if depth not in levels:
            return ""
        counts = self.counts.setdefault(number, [0] * 9)
        counts[depth] += 1
        counts[depth + 1 :] = [0] * (8 - depth)
        shape, text = levels[depth]
        if shape == "bullet":
            return "• "
        if shape == "none":
            return ""
        for at in range(depth + 1):
            written = _counted(levels.get(at, ("decimal", ""))[0], max(counts[at], 1))
            text = text.replace(f"%{at + 1}", written)
        return f"{text} " if text.strip() else ""

    def _place(self, paragraph: Any) -> tuple[str, int]:
        """The list that it is of, by itself or by its style, and how deep."""
        properties: Any = paragraph.find(qn("w:pPr"))
        for _more in range(10):
            if properties is None:
                return "", 0
            numbered = properties.find(qn("w:numPr"))
            if numbered is not None:
                of, level = (numbered.find(qn(f"w:{n}")) for n in ("numId", "ilvl"))
                depth = level.get(qn("w:val"), "0") if level is not None else "0"
                name = of.get(qn("w:val"), "") if of is not None else ""
                return name, min(int(depth), 8) if depth.isdigit() else 0
            named = properties.find(qn("w:pStyle"))
            if named is None:
                named = properties.getparent().find(qn("w:basedOn"))
            style = self.styles.get(named.get(qn("w:val"))) if named is not None else None
            properties = style.find(qn("w:pPr")) if style is not None else None
        return "", 0


def _counted(shape: str, number: int) -> str:
    if shape in ("lowerLetter", "upperLetter"):
        letters = "abcdefghijklmnopqrstuvwxyz"[(number - 1) % 26] * ((number - 1) // 26 + 1)
        return letters if shape == "lowerLetter" else letters.upper()
    if shape in ("lowerRoman", "upperRoman"):
        roman = ""
        for value, digits in _ROMAN:
            roman += digits * (number // value)
            number %= value
        return roman if shape == "lowerRoman" else roman.upper()
    return str(number)


_ROMAN: Final = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"),
        strict=True,
    )
)
