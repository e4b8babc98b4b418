"""What sentences announce, recommend or name by themselves, and the lists within a paragraph."""

import re
from typing import Final

from tracker.proposals import cues
from tracker.proposals.found import Kind, Span, says, trimmed
from tracker.proposals.parts import Part, mark_at, sentence_end

LOOSE = 700
"""Characters of an item of a list that nothing announces: longer ones are numbered paragraphs."""
FIRST = 80
"""Characters of a numbered paragraph in which it says what it is."""
NAMED = 120
"""Characters of a difficulty that is one of several in a sentence."""

_RECOMMENDING: Final = cues.words(cues.RECOMMENDING)
_SAYING_SO: Final = cues.words(cues.SAYING_SO)
_OUGHT: Final = cues.words(cues.OUGHT)
_DIFFICULT: Final = cues.words(cues.DIFFICULT)
_IN_THE_WAY: Final = cues.words(cues.STANDING_IN_THE_WAY)
_OVERCOMING: Final = cues.words(cues.OVERCOMING)
_REMARKING: Final = cues.words(cues.REMARKING)
_NAMELY: Final = cues.words(cues.NAMELY)
_COLON: Final = re.compile(r":(?=\s|\Z|[^\w/])")
_ENUMERATED: Final = re.compile(
    r"(?<![\w(])\(?(?:\d{1,2}|[ivx]{1,4}|[a-z])\)(?=\s)|(?<!\w)\d{1,2}\.(?=\s)"
)
_SOMETHING: Final = re.compile(r"\S")
_COMMA: Final = re.compile(r",\s")
_LAST_OF_SEVERAL: Final = re.compile(r"\s(?:et|and|y|e)\s")
_ARTICLE: Final = re.compile(r"\s*(?:l'|(?:la|le|les|un|une|el|los|las|una|the|an?)\s)")
_SAME_LENGTH: Final = str.maketrans(
    "àâäáãåçéèêëíìîïñóòôöõúùûüýÿ’‘\u00a0\u202f", "aaaaaaceeeeiiiinooooouuuuyy''  "
)


class Prose:
    """Reads sentences. ``kind`` is what the last words announced (``colon``: right before a list), ``style``
    that of the list which followed, ``place`` how far that list has come; ``running`` says whether it may
    go on."""

    def __init__(self, text: str) -> None:
        self.text = text
        lower = text.lower()
        lower = lower if len(lower) == len(text) else "".join(c.lower()[:1] or c for c in text)
        self.folded = lower.translate(_SAME_LENGTH)
        self.spans: dict[Kind, list[Span]] = {kind: [] for kind in Kind}
        self.announce(None)

    def announce(self, kind: Kind | None, colon: bool = False) -> None:
        self.kind, self.colon = kind, colon
        self.style, self.place, self.running = "", 0, False

    def announced(self, start: int, end: int) -> Kind | None:
        """What the words of ``text[start:end]`` announce."""
        said = _RECOMMENDING.search(self.folded, start, end)
        difficult = _DIFFICULT.search(self.folded, start, end)
        if not said or not difficult:
            return Kind.RECOMMENDATION if said else Kind.DIFFICULTY if difficult else None
        if said.start() < difficult.start():
            return Kind.RECOMMENDATION
        to_overcome = _OVERCOMING.search(self.folded, start, difficult.start())
        so_said = _SAYING_SO.search(self.folded, difficult.end(), end)
        return Kind.RECOMMENDATION if to_overcome or so_said else Kind.DIFFICULTY

    def take_prose(self, part: Part) -> None:
        """Lists within a paragraph, and sentences that recommend or name a difficulty by themselves."""
        if self.recommends_whole(part):
            start = self.first_saying_so(part) if self.remarks(part) else part.body
            self.add_as(Kind.RECOMMENDATION, start, part.end, part.label)
        else:
            self.take_sentences(part.body, part.end)

    def recommends_whole(self, part: Part) -> bool:
        """Whether a paragraph as a whole is one: numbered, or under a heading that says so."""
        if part.end - part.body > 2 * LOOSE or self.text[part.end - 1] == ":":
            return False
        if part.label:
            so_said = _SAYING_SO.search(self.folded, part.body, part.end)
            return bool(so_said) and not _COLON.search(self.text, part.body, part.end)
        under = self.kind is Kind.RECOMMENDATION and not self.style and not self.colon
        return under and bool(_OUGHT.search(self.folded, part.body, part.end))

    def remarks(self, part: Part) -> bool:
        """Whether a numbered paragraph says first how things are: "9. The Committee is concerned …"."""
        stop = sentence_end(self.text, part.body, part.end)
        if not part.label or _OUGHT.search(self.folded, part.body, stop):
            return False
        return bool(_REMARKING.search(self.folded, part.body, min(stop, part.body + FIRST)))

    def first_saying_so(self, part: Part) -> int:
        """Where the sentence begins that recommends: what comes before is why."""
        at = part.body
        while at < part.end:
            stop = sentence_end(self.text, at, part.end)
            if _SAYING_SO.search(self.folded, at, stop):
                return at
            at = stop
        return part.body

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
            begun, kind = head, self.announced(head, colon.start())
            head = colon.end()
            if kind is None:
                continue
            if kind is Kind.RECOMMENDATION:
                self.take_named(begun, colon.start())
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
            if self.kind is Kind.DIFFICULTY and (at, item) == (start, stop):
                self.add_several(at, item)
            else:
                self.add(at, item)
            at = item + 1
        return stop

    def enumerated(self, start: int, end: int) -> list[re.Match[str]]:
        """The marks 1), 2) … or a), b) … of one style, in their order, if the first is where it begins."""
        kept: list[re.Match[str]] = []
        first = _SOMETHING.search(self.text, start, end)
        if not first or not _ENUMERATED.match(self.text, first.start(), end):
            return []
        styles = mark_at(self.text, first.start())[1]
        style = next((style for style, place in styles.items() if place == 1), "")
        if not style:  # nothing to look for, to the end of the paragraph and from each colon in it
            return []
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
        elif (
            not self.take_named(start, end)
            and _DIFFICULT.search(self.folded, start, end)
            and _IN_THE_WAY.search(self.folded, start, end)
        ):
            self.add_as(Kind.DIFFICULTY, start, end)

    def take_named(self, start: int, end: int) -> bool:
        """The difficulties that a sentence names in passing: "the difficulties, in particular the lack …"."""
        difficult = _DIFFICULT.search(self.folded, start, end)
        namely = difficult and _NAMELY.search(self.folded, difficult.end(), end)
        if not namely:
            return False
        comma = _COMMA.search(self.folded, namely.end(), end)
        one = (namely.end(), comma.start() if comma else end)
        several = self.several(namely.end(), end) or [one] * self.is_member(one)
        for at, to in several:
            self.add_as(Kind.DIFFICULTY, at, to)
        return bool(several)

    def add_several(self, start: int, end: int) -> None:
        """What a sentence names with commas and an "and", each apart; or all of it."""
        for at, to in self.several(start, end) or [(start, end)]:
            self.add(at, to)

    def several(self, start: int, end: int) -> list[tuple[int, int]]:
        """The members of "the lack of …, the distances and the cost": each short, each with its article;
        what follows the last is another matter."""
        found: list[tuple[int, int]] = []
        at = start
        while at < end:
            comma = _COMMA.search(self.folded, at, end)
            to = comma.start() if comma else end
            for tie in _LAST_OF_SEVERAL.finditer(self.folded, max(at - 1, start), to):
                if not _ARTICLE.match(self.folded, tie.end(), to):
                    continue
                pieces = [(at, tie.start()), (tie.end(), to)]
                found += [piece for piece in pieces if self.text[piece[0] : piece[1]].strip()]
                return found if len(found) > 1 and all(map(self.is_member, found)) else []
            found.append((at, to))
            at = comma.end() if comma else end
        return []

    def is_member(self, piece: tuple[int, int]) -> bool:
        return piece[1] - piece[0] <= NAMED and bool(_ARTICLE.match(self.folded, *piece))

    def add_as(self, kind: Kind, start: int, end: int, label: str = "") -> None:
        """Add what no list holds: what was announced before stays so."""
        self.kind, kept = kind, self.kind
        self.add(start, end, label)
        self.kind = kept

    def add(self, start: int, end: int, label: str = "", number: int = 0) -> None:
        start, end = trimmed(self.text, start, end)
        if self.kind and says(self.text, start, end):
            self.spans[self.kind].append(Span(start, end, label, number))
