"""The recommendations of a text and the difficulties it names, as spans of it: proposals for a person.

Nothing is put into other words: a proposal is ``text[start:end]``. What announces them is in ``cues``, how
lists are marked in ``parts``; here a list is tied to the words that announce it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from tracker.proposals import cues
from tracker.proposals.parts import Part, mark_at, parts, sentence_end

HEADING = 90
"""Characters of a line that can be a heading."""
LOOSE = 700
"""Characters of an item of a list that nothing announces: longer ones are numbered paragraphs."""
AHEAD = 3
LAST = 40
"""Characters before a colon in which what follows is named."""

_RECOMMENDING: Final = cues.words(cues.RECOMMENDING)
_SAYING_SO: Final = cues.words(cues.SAYING_SO)
_OUGHT: Final = cues.words(cues.OUGHT)
_DIFFICULT: Final = cues.words(cues.DIFFICULT)
_IN_THE_WAY: Final = cues.words(cues.STANDING_IN_THE_WAY)
_OVERCOMING: Final = cues.words(cues.OVERCOMING)
_TITLE: Final = re.compile(
    rf"\s*(?:(?:les?|la|the|las|los|principa\w+|main|key)\s){{0,3}}"
    rf"(?:{cues.words(cues.NUMBERED).pattern}|{_DIFFICULT.pattern})"
)
_NAMED: Final = re.compile(f"{cues.words(cues.NUMBERED).pattern}|{_DIFFICULT.pattern}")
_COLON: Final = re.compile(r":(?=\s|\Z|[^\w/])")
_ENUMERATED: Final = re.compile(
    r"(?<![\w(])\(?(?:\d{1,2}|[ivx]{1,4}|[a-z])\)(?=\s)|(?<!\w)\d{1,2}\.(?=\s)"
)
_SOMETHING: Final = re.compile(r"\S")
_BEFORE: Final = re.compile(r"(?:et|and|y|e|ou|or)\s(?=\w)", re.IGNORECASE)
_AFTER: Final = re.compile(r"[;,]\s{0,3}(?:et|and|y|e|ou|or|enfin)\Z", re.IGNORECASE)
_SEPARATORS: Final = ":;,–—-\ufe0f"
_SAME_LENGTH: Final = str.maketrans(
    "àâäáãåçéèêëíìîïñóòôöõúùûüýÿ’‘\u00a0\u202f", "aaaaaaceeeeiiiinooooouuuuyy''  "
)


class Kind(Enum):
    RECOMMENDATION = "recommendation"
    DIFFICULTY = "difficulty"


@dataclass(frozen=True)
class Span:
    """``text[start:end]``; ``label`` is how the list marks it, and ``number`` what that mark counts."""

    start: int
    end: int
    label: str = ""
    number: int = 0


@dataclass(frozen=True)
class Found:
    """In the order of the text, none over another. ``announced`` is False where no words of the text say
    that its lists are recommendations."""

    recommendations: tuple[Span, ...] = ()
    difficulties: tuple[Span, ...] = ()
    announced: bool = True


def find(text: str) -> Found:
    """What a text in French, English or Spanish recommends, and the difficulties that it names."""
    return _Reader(text).read()


class _Reader:
    """Reads parts in order. ``kind`` is what the last words announced, ``style`` that of the list which
    followed, ``place`` how far that list has come; ``running`` says whether it may go on."""

    def __init__(self, text: str) -> None:
        self.text = text
        lower = text.lower()
        lower = lower if len(lower) == len(text) else "".join(c.lower()[:1] or c for c in text)
        self.folded = lower.translate(_SAME_LENGTH)
        self.spans: dict[Kind, list[Span]] = {kind: [] for kind in Kind}
        self.loose: list[list[Part]] = []
        self.outline: dict[str, int] = {}  # how far the numbers of headings have come
        self.announce(None)

    def read(self) -> Found:
        self.parts = list(parts(self.text))
        for at, part in enumerate(self.parts):
            self.take(at, part)
        recommended, announced = self.spans[Kind.RECOMMENDATION], True
        if not recommended:
            recommended, announced = self.unannounced(), False
        difficult = _apart(self.spans[Kind.DIFFICULTY], ())
        recommended = _apart(recommended, difficult)
        return Found(tuple(recommended), tuple(difficult), announced or not recommended)

    def announce(self, kind: Kind | None, colon: bool = False) -> None:
        self.kind, self.colon = kind, colon
        self.style, self.place, self.running = "", 0, False

    def take(self, at: int, part: Part) -> None:
        if (kind := self.heading(part)) or self.is_plain_heading(part):
            self.announce(kind, colon=not part.label and self.text[part.end - 1] == ":")
            self.outline.update(part.styles)
        elif kind := self.lead(part):
            self.announce(kind, colon=True)
        elif part.label and self.takes(part) and self.take_item(part):
            pass
        elif not part.label and self.goes_on(at, part):
            self.extend(part)
        elif not part.label and self.colon and self.take_plain(part):
            pass
        else:
            if part.label and not self.kind:
                self.keep_loose(part)
            elif not part.label:
                self.running = False
            self.take_prose(part)

    # --- Lists

    def takes(self, part: Part) -> bool:
        """Whether a list is awaited; "Recommendation 3" announces itself."""
        if "heading" in part.styles and self.style != "heading":
            self.announce(Kind.RECOMMENDATION)
        return self.kind is not None

    def take_item(self, part: Part) -> bool:
        """The next item of the list, or a part of the one before that is a list in it."""
        if not self.style:
            self.style = next(iter(part.styles))
        elif self.style not in part.styles:
            if self.running:
                self.extend(part)
            return self.running
        place = part.styles[self.style]
        if not self.running and self.place and (not place or place != self.place + 1):
            return False  # another list, after other words
        self.place, self.running = place, True
        counts = self.style.startswith(("keycap", "circled", "number", "heading"))
        self.add(part.body, part.end, part.label, place if counts else 0)
        return True

    def take_plain(self, part: Part) -> bool:
        """Items that lost their marks: lines after a colon that end with a semicolon, and the last one."""
        last = self.text[part.end - 1]
        if self.style not in ("", "plain") or (self.style and not self.running):
            return False
        if ";" in self.text[part.body : part.end - 1]:
            self.colon = False
            rest = self.take_tail(part.body, part.end)
            self.take_sentences(rest, part.end)
            return True
        if not self.style and last not in ";," and not self.text[part.body].islower():
            return False
        self.style, self.running = "plain", last in ";,"
        self.add(part.body, part.end)
        return True

    def goes_on(self, at: int, part: Part) -> bool:
        """Whether a paragraph without a mark belongs to the item before it."""
        if not self.running or not self.style or self.style == "plain":
            return False
        if self.style == "heading":
            return not _COLON.search(self.text, part.end - 1, part.end)
        if part.apart:
            return False
        for later in self.parts[at + 1 : at + 1 + AHEAD]:
            if later.apart:
                return False
            if later.label:
                return self.style in later.styles and later.styles[self.style] == self.place + 1
        return False

    def extend(self, part: Part) -> None:
        last = self.spans[self.kind][-1] if self.kind and self.spans[self.kind] else None
        if self.kind and last:
            end = _trimmed(self.text, last.start, part.end)[1]
            self.spans[self.kind][-1] = Span(
                last.start, max(end, last.end), last.label, last.number
            )

    def keep_loose(self, part: Part) -> None:
        style = next(iter(part.styles))
        if self.loose and style in self.loose[-1][-1].styles:
            self.loose[-1].append(part)
        else:
            self.loose.append([part])

    def unannounced(self) -> list[Span]:
        """The lists that no words announce, where nothing else was found."""
        found: list[Span] = []
        for group in self.loose:
            if len(group) < 2 or any(part.end - part.body > LOOSE for part in group):
                continue
            style = next(iter(group[0].styles))
            for part in group:
                start, end = _trimmed(self.text, part.body, part.end)
                if _says(self.text, start, end):
                    counts = not style.startswith(("letter", "roman", "bullet"))
                    number = part.styles.get(style, 0) if counts else 0
                    found.append(Span(start, end, part.label, number))
        return found

    # --- What announces

    def heading(self, part: Part) -> Kind | None:
        """What a line of few words announces."""
        if part.end - part.body > HEADING or "heading" in part.styles:
            return None
        line = self.text[part.body : part.end].strip()
        if (
            not line
            or line[-1] in ".;,!?"
            or sentence_end(self.text, part.body, part.end) < part.end
        ):
            return None
        if part.label and not _TITLE.match(self.folded, part.body, part.end):
            return None
        if part.label and self.kind and (self.colon or self.style in part.styles):
            return None  # an item among others
        if ":" in line[:-1]:
            return None
        return self.announced(part.body, part.end)

    def lead(self, part: Part) -> Kind | None:
        """What a numbered paragraph announces in its last words: "2. … the following recommendations:"."""
        if not part.label or "heading" in part.styles or self.text[part.end - 1] != ":":
            return None
        if not _NAMED.search(self.folded, max(part.body, part.end - LAST), part.end):
            return None
        return self.announced(part.body, part.end)

    def is_plain_heading(self, part: Part) -> bool:
        """A short line that ends in no stop and announces neither, or the next number after a heading's:
        what follows is another matter."""
        if part.label and self.style not in part.styles:
            return any(self.outline.get(s, -1) + 1 == n for s, n in part.styles.items() if n > 1)
        line = self.text[part.body : min(part.end, part.body + HEADING + 1)].rstrip()
        if part.label or self.colon or self.style == "plain" or len(line) > HEADING // 2:
            return False
        return bool(line) and line[0].isupper() and line[-1].isalnum() and "\n" not in line

    def announced(self, start: int, end: int) -> Kind | None:
        """What the words of ``text[start:end]`` announce."""
        said = _RECOMMENDING.search(self.folded, start, end)
        difficult = _DIFFICULT.search(self.folded, start, end)
        if not said or not difficult:
            return Kind.RECOMMENDATION if said else Kind.DIFFICULTY if difficult else None
        if said.start() < difficult.start():
            return Kind.RECOMMENDATION
        to_overcome = _OVERCOMING.search(self.folded, start, difficult.start())
        return Kind.RECOMMENDATION if to_overcome else Kind.DIFFICULTY

    # --- Prose

    def take_prose(self, part: Part) -> None:
        """Lists within a paragraph, and sentences that recommend or name a difficulty by themselves."""
        if self.recommends_whole(part):
            self.add_as(Kind.RECOMMENDATION, part.body, part.end, part.label)
        else:
            self.take_sentences(part.body, part.end)

    def recommends_whole(self, part: Part) -> bool:
        """Whether a paragraph as a whole is one: numbered, or under a heading that says so."""
        if part.end - part.body > 2 * LOOSE or self.text[part.end - 1] == ":":
            return False
        if part.label:
            says = _SAYING_SO.search(self.folded, part.body, part.end)
            return bool(says) and not _COLON.search(self.text, part.body, part.end)
        under = self.kind is Kind.RECOMMENDATION and not self.style and not self.colon
        return under and bool(_OUGHT.search(self.folded, part.body, part.end))

    def take_sentences(self, at: int, end: int) -> None:
        while at < end:
            stop = sentence_end(self.text, at, end)
            after = self.take_lead(at, stop, end)
            if after is None:
                self.take_sentence(at, stop)
            at = after or stop

    def take_lead(self, start: int, stop: int, end: int) -> int | None:
        """The list after the words that announce it, as far as it was taken; None if none is announced."""
        head = start
        for colon in _COLON.finditer(self.text, start, stop):
            kind = self.announced(head, colon.start())
            head = colon.end()
            if kind is None:
                continue
            self.announce(kind, colon=True)
            if not _SOMETHING.search(self.text, head, end):
                return end
            is_named = kind is Kind.DIFFICULTY or "recom" in self.folded[start:head]
            return self.take_tail(head, end, alone=is_named)
        return None

    def take_tail(self, start: int, end: int, alone: bool = False) -> int:
        """The items of a list in one paragraph: by a), b) … or by semicolons; or the one thing named."""
        self.style = "tail"
        if marks := self.enumerated(start, end):
            for mark, after in zip(marks, [*marks[1:], None], strict=True):
                stop = after.start() if after else sentence_end(self.text, mark.end(), end)
                self.add(mark.end(), stop, mark[0])
            return stop
        stop = sentence_end(self.text, start, end)
        if ";" not in self.text[start : stop - 1] and not alone:
            return stop
        at = start
        while at < stop:
            semicolon = self.text.find(";", at, stop)
            item = stop if semicolon < 0 else semicolon
            self.add(at, item)
            at = item + 1
        return stop

    def enumerated(self, start: int, end: int) -> list[re.Match[str]]:
        """The marks 1), 2) … or a), b) … of one style, in their order, if the first is where it begins."""
        kept: list[re.Match[str]] = []
        first = _SOMETHING.search(self.text, start, end)
        if not first or not _ENUMERATED.match(self.text, first.start(), end):
            return []
        style = next(iter(mark_at(self.text, first.start())[1]), "")
        for mark in _ENUMERATED.finditer(self.text, first.start(), end):
            place = mark_at(self.text, mark.start())[1].get(style)
            if place == len(kept) + 1:
                kept.append(mark)
            elif place == 1:
                break  # another list begins
        return kept if len(kept) > 1 else []

    def take_sentence(self, start: int, end: int) -> None:
        if _SAYING_SO.search(self.folded, start, end):
            self.add_as(Kind.RECOMMENDATION, start, end)
        elif _DIFFICULT.search(self.folded, start, end) and _IN_THE_WAY.search(
            self.folded, start, end
        ):
            self.add_as(Kind.DIFFICULTY, start, end)

    def add_as(self, kind: Kind, start: int, end: int, label: str = "") -> None:
        """Add what no list holds: what was announced before stays so."""
        self.kind, kept = kind, self.kind
        self.add(start, end, label)
        self.kind = kept

    def add(self, start: int, end: int, label: str = "", number: int = 0) -> None:
        start, end = _trimmed(self.text, start, end)
        if self.kind and _says(self.text, start, end):
            self.spans[self.kind].append(Span(start, end, label, number))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the white space, the separators and the "and" that tie an item to its neighbours."""
    while start < end and (text[start].isspace() or text[start] in _SEPARATORS):
        start += 1
    if before := _BEFORE.match(text, start, end):
        start = before.end()
    while end > start and (text[end - 1].isspace() or text[end - 1] in ";,:"):
        end -= 1
    if after := _AFTER.search(text, max(start, end - 12), end):
        end = after.start()
    if text[start : start + 1].islower() and text[start:end].endswith("."):
        end -= 1  # the stop of the sentence that the list was a part of
    while end > start and (text[end - 1].isspace() or text[end - 1] in ";,:"):
        end -= 1
    return start, end


def _says(text: str, start: int, end: int) -> bool:
    return any(c.isalpha() for c in text[start : min(end, start + 200)])


def _apart(spans: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """In order, and none over another: a colon in an item of a list can find the same words twice."""
    taken = sorted(((s.start, s.end) for s in others), reverse=True)
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        while taken and taken[-1][1] <= span.start:
            taken.pop()
        over_other = bool(taken) and taken[-1][0] < span.end
        if not over_other and (not kept or kept[-1].end <= span.start):
            kept.append(span)
    return kept
