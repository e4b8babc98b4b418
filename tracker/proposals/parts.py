"""A text as paragraphs and items of lists: where each begins and ends, and by what it is marked.

Lines that a page or a column broke are put together again; marks in the middle of a paragraph (1️⃣ … 2️⃣ …)
begin an item as those at the start of a line do. One pass, no pattern that could go back: the time grows with
the text and with nothing else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from tracker.proposals.cues import NUMBERED

NARROW, WIDE = 60, 200
"""Lines of between so many characters were broken by a page; shorter ones end where they end."""

_KEYCAP: Final = r"(?:[0-9]\ufe0f?\u20e3){1,3}|\U0001f51f"
_CIRCLED: Final = "[①-⑳❶-❿➀-➓⓵-⓾]"
_BULLETS: Final = "•‣▪●◦○■□∙►⁃◆\uf0b7\uf0a7\uf0d8"
_PICTURES: Final = "←-⇿▶☀-❟❡-❵➔-➿⬀-⯿\U0001f300-\U0001faff"
"""Arrows, ticks and emoji: a list may have another before each item."""
_MARK: Final = re.compile(
    rf"""(?P<keycap>{_KEYCAP})|(?P<circled>{_CIRCLED})
    |(?P<bullet>[{_BULLETS}]|[-–—*·](?=\s))
    |(?P<picture>[{_PICTURES}]\ufe0f?)
    |(?P<heading>(?:{"|".join(NUMBERED.values())})[ \u00a0]{{1,2}}
        (?:n[ \u00a0]?[°ºo]\.?[ \u00a0]?)?\d{{1,3}}(?!\w)[ \u00a0]?[.:)–-]?|R\d{{1,2}}[.:)])
    |(?P<number>\(?\d{{1,3}}(?:\.\d{{1,3}}){{0,3}}(?:\.?[°º]\)?(?=\s)
        |[.)](?=\s|[^\W\d]|\Z)|[ \u00a0]?[-–—](?=\s)|(?=\t))
        |\d{{1,3}}\.\d{{1,2}}(?=\s)|\d{{1,3}}\.(?!0)\d{{3}}(?=\s(?-i:["«“]?\s?[A-ZÀ-Þ])))
    |(?P<letter>\(?(?:[ivx]{{1,5}}|[A-Za-z])[.)](?=\s))""",
    re.VERBOSE | re.IGNORECASE,
)
_WITHIN: Final = re.compile(
    rf"{_KEYCAP}|{_CIRCLED}|(?<=[\s:;])(?:[{_BULLETS}]|[{_PICTURES}]\ufe0f?)(?=\s)"
)
PICTURES: Final = "bullet of pictures"
_DIGITS: Final = re.compile(r"\d+")
_CIRCLES: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳", "❶❷❸❹❺❻❼❽❾❿", "➀➁➂➃➄➅➆➇➈➉", "⓵⓶⓷⓸⓹⓺⓻⓼⓽⓾"
_ROMAN: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii")
_TERMINAL: Final = ".;:!?…"
_CLOSING: Final = '»”")] '
_STOP: Final = re.compile(r"[.!?…]+[»”\")\]]*(?=\s|\Z)")
_ABBREVIATED: Final = re.compile(
    r"art|al|cf|nos?|nr|mr|mrs|ms|dr|ste?|mme?|vol|sra?|pr|gen|col|lt|paras?|chap|ex|pp",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Part:
    """``text[body:end]``, after its mark. ``styles`` are those that the mark may be of, each with its place
    in a list of that style (0 where it tells none). ``apart``: there is an empty line before it."""

    start: int
    body: int
    end: int
    label: str = ""
    styles: dict[str, int] = field(default_factory=dict)
    apart: bool = False


def parts(text: str) -> Iterator[Part]:
    """All of a text that is no white space, in its order."""
    for part in _paragraphs(text):
        yield from _apart(text, part)


def sentence_end(text: str, start: int, end: int) -> int:
    """Where the first sentence of ``text[start:end]`` ends."""
    for stop in _STOP.finditer(text, start, end):
        after = stop.end()
        if after >= end or (not _is_abbreviated(text, stop) and not _goes_on(text, after, end)):
            return after
    return end


def mark_at(text: str, at: int) -> tuple[str, dict[str, int]]:
    """The mark of a list at this place, and the styles it may be of; nothing where there is none."""
    mark = _MARK.match(text, at)
    return (mark[0].strip(), _styles(mark)) if mark else ("", {})


def _styles_at(text: str, at: int) -> dict[str, int]:
    return mark_at(text, at)[1]


def _paragraphs(text: str) -> Iterator[Part]:
    part: Part | None = None
    apart, last = False, ""
    for start, end in _lines(text):
        line = text[start : min(end, start + WIDE + 1)]
        if not line.strip():
            apart = True
            continue
        start += len(line) - len(line.lstrip())
        end = start + len(text[start:end].rstrip())
        label, styles = mark_at(text, start)
        if part and not apart and not label and _continues(text, part, last, start):
            part = replace(part, end=end)
        elif part and not label and part.body >= part.end and "heading" in part.styles:
            part = replace(part, body=start, end=end)
        else:
            if part:
                yield part
            body = start + len(label)
            part = Part(start, min(body, end), end, label, styles, apart)
        apart, last = False, text[max(start, end - WIDE - 1) : end]
    if part:
        yield part


def _continues(text: str, part: Part, last: str, start: int) -> bool:
    """Whether the line at ``start`` goes on with the sentence of the line before; a row of a table never."""
    end = text.find("\n", start)
    if "\t" in last or "\t" in text[start : end if end >= 0 else len(text)]:
        return False
    if text[start].islower():
        return True
    ended = last.rstrip(_CLOSING)[-1:] in _TERMINAL
    return not ended and (NARROW <= len(last) <= WIDE or part.body >= part.end)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield start, end
        start = end + 1


def _apart(text: str, part: Part) -> Iterator[Part]:
    """A paragraph, taken apart at the marks in its middle."""
    marks = list(_WITHIN.finditer(text, part.body, part.end))
    is_bullet = marks and "bullet" in next(iter(_styles_at(text, marks[0].start())), "")
    if not marks or (is_bullet and len(marks) + bool(part.label) < 2):
        yield part
        return
    if text[part.start : marks[0].start()].strip():
        yield replace(part, end=marks[0].start())
    for mark, after in zip(marks, [*marks[1:], None], strict=True):
        end = after.start() if after else sentence_end(text, mark.end(), part.end)
        label, styles = mark_at(text, mark.start())
        yield Part(mark.start(), mark.end(), end, label or mark[0], styles)
    if text[end : part.end].strip():
        start = end + len(text[end : part.end]) - len(text[end : part.end].lstrip())
        yield Part(start, start, part.end)


def _styles(mark: re.Match[str]) -> dict[str, int]:
    label = mark[0].strip()
    kind = str(mark.lastgroup)
    shape = re.sub(r"\w+", "#", label)
    if kind == "bullet":
        return {f"bullet {label}": 0}
    if kind == "picture":
        return {f"bullet {label[0]}": 0, PICTURES: 0}
    if kind == "keycap":
        digits = "".join(c for c in label if c.isascii() and c.isdigit())
        return {"keycap": int(digits) if digits else 10}
    if kind == "circled":
        return {"circled": next(c.index(label) + 1 for c in _CIRCLES if label in c)}
    if kind == "letter":
        word = label.strip("().")
        found = (
            {f"letter {shape}{word.isupper()}": ord(word.lower()) - 96} if len(word) == 1 else {}
        )
        roman = f"roman {shape}{word.isupper()}"
        if word.lower() not in _ROMAN:
            return found or {"letter": 0}
        place = {roman: _ROMAN.index(word.lower()) + 1}
        return {**place, **found} if word.lower() == "i" else {**found, **place}
    numbers = _DIGITS.findall(label)
    place_in = int(numbers[-1])
    return {"heading" if kind == "heading" else f"number {shape}{len(numbers)}": place_in}


def _is_abbreviated(text: str, stop: re.Match[str]) -> bool:
    if stop[0] != ".":
        return False
    before = text[max(0, stop.start() - 12) : stop.start()]
    word = re.split(r"[\W_]", before)[-1]
    return (len(word) <= 1 and not word.isdigit()) or bool(_ABBREVIATED.fullmatch(word))


def _goes_on(text: str, after: int, end: int) -> bool:
    """Whether what follows the stop begins in small letters."""
    following = text[after : min(end, after + 20)].lstrip()
    return following[:1].islower()
