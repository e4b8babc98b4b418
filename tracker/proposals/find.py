"""The recommendations of a text and the difficulties it names, as spans of it: proposals for a person.

Nothing is put into other words: a proposal is ``text[start:end]``. What announces them is in ``cues``, how
lists are marked in ``parts``, what lines and sentences say in ``headings`` and ``prose``; here a list is
tied to the words that announce it.
"""

from tracker.proposals.found import Found, Kind, Span, apart, says, trimmed
from tracker.proposals.headings import AHEAD, HEADING, Headings
from tracker.proposals.parts import PICTURES, Part, mark_at
from tracker.proposals.prose import LOOSE
from tracker.proposals.tables import cell_of, column_of

__all__ = ["Found", "Kind", "Span", "find"]


def find(text: str) -> Found:
    """What a text in French, English or Spanish recommends, and the difficulties that it names."""
    return _Reader(text).read()


class _Reader(Headings):
    """Reads parts in order. ``within`` are the lists in an item, each with how far it has come; ``ended`` is
    the last character of the item; ``over`` are headings that are marked like items, likewise."""

    def __init__(self, text: str) -> None:
        self.loose: list[list[Part]] = []
        super().__init__(text)

    def announce(self, kind: Kind | None, colon: bool = False) -> None:
        super().announce(kind, colon)
        self.within: dict[str, int] = {}
        self.over: dict[str, int] = {}
        self.ended = ""
        self.column: int | None = None

    def read(self) -> Found:
        for at, part in enumerate(self.parts):
            self.take(at, part)
        recommended, announced = self.spans[Kind.RECOMMENDATION], True
        if not recommended:
            recommended, announced = self.unannounced(), False
        difficult = apart(self.spans[Kind.DIFFICULTY], ())
        recommended = apart(recommended, difficult)
        return Found(tuple(recommended), tuple(difficult), announced or not recommended)

    def take(self, at: int, part: Part) -> None:
        if self.is_furniture(part) or self.take_table(part) or self.take_next_heading(at, part):
            return
        if self.is_closing(part):
            self.announce(None)
        elif self.is_address(part):
            self.style, self.place, self.running, self.within = "", 0, False, {}
        elif self.is_subheading(at, part):
            self.running, self.within, self.is_parted = False, {}, self.is_parted or not self.style
            self.style, self.place = ("", 0) if self.is_parted else (self.style, self.place)
        elif kind := self.lead(at, part):
            self.announce(kind, colon=True)
        elif (kind := self.heading(part)) or self.is_plain_heading(part):
            self.announce(kind, colon=not part.label and self.text[part.end - 1] == ":")
            self.outline.update(part.styles)
        elif part.label and self.takes(part) and self.take_item(part):
            pass
        elif not part.label and self.goes_on(at, part):
            self.extend(part)
        elif not part.label and self.colon and self.take_plain(part):
            pass
        else:
            self.leave(part)
            self.take_prose(part)

    def leave(self, part: Part) -> None:
        """What belongs to no list: the list before may go on behind it, or is over."""
        if part.label and not self.kind:
            self.keep_loose(part)
            return
        self.running = False
        if self.kind and self.style and self.is_other_matter(part):
            self.announce(None)

    # --- Tables

    def take_table(self, part: Part) -> bool:
        """The headers of a table, or one of its rows."""
        if "\t" not in self.text[part.start : part.end]:
            return False
        column = column_of(self.folded, part)
        if column is not None:
            self.announce(Kind.RECOMMENDATION)
            self.column, self.style = column, "table"
            return True
        cell = cell_of(self.text, part, self.column) if self.column is not None else None
        if cell:
            self.add(cell.start, cell.end, cell.label, cell.number)
        return cell is not None

    # --- Headings among items

    def take_next_heading(self, at: int, part: Part) -> bool:
        """A heading over a list that is marked as an item is: "A. Laws", with "1." below. Where no list is
        below the next of them, it is an item by itself (2.), or the end of what was announced (C.)."""
        if not self.kind or not part.label or "heading" in part.styles:
            return False
        style = next((s for s, n in part.styles.items() if n and n == self.over.get(s, -1) + 1), "")
        if (style or not self.style) and self.is_over(at, part):
            self.announce(self.kind, self.colon)
            self.over = dict(part.styles)
            return True
        if style:
            self.announce(None if _is_capital(part) else self.kind)
            self.style, self.over = style if self.kind else "", dict(part.styles)
        return False

    def is_over(self, at: int, part: Part) -> bool:
        """Whether this item is short, without a stop, and the next begins a list of another style or goes on
        with the count of the last."""
        line = self.text[part.body : part.end].strip()
        after = self.following(at)
        if not (after and after.label) or not 0 < len(line) <= HEADING or "heading" in after.styles:
            return False
        style, place = next(iter(after.styles.items()))
        if style == next(iter(part.styles)) or not line[0].isupper() or line[-1] in ".;,:!?…":
            return False
        if not place and not next(iter(part.styles.values())):
            return False  # bullets under a bullet
        begins = place in (0, 1) or place == self.place + 1
        return begins and (
            _is_capital(part) or self.text[after.body : after.end].lstrip()[:1].isupper()
        )

    # --- Lists

    def takes(self, part: Part) -> bool:
        """Whether a list is awaited; "Recommendation 3" announces itself."""
        if "heading" in part.styles and self.style != "heading":
            self.announce(Kind.RECOMMENDATION)
        return self.kind is not None

    def take_item(self, part: Part) -> bool:
        """The next item of the list, or a part of the one before that is a list in it."""
        if not self.style:
            if self.is_remark(part):
                return False
            self.style = next(iter(part.styles))
        elif self.is_within(part):
            self.extend(part)
            return True
        elif self.style not in part.styles and not self.is_of_pictures(part):
            return False
        place = part.styles[self.style]
        if not self.running and self.place and (not place or place != self.place + 1):
            return False  # another list, after other words
        self.place, self.running, self.within = place, True, {}
        self.ended = self.text[part.end - 1]
        counts = self.style.startswith(("keycap", "circled", "number", "heading"))
        self.add(part.body, part.end, part.label, place if counts else 0)
        return True

    def is_remark(self, part: Part) -> bool:
        """Whether a numbered paragraph says how things are: "9. The Committee is concerned …"."""
        if self.colon or not next(iter(part.styles)).startswith("number"):
            return False
        return self.remarks(part)

    def is_of_pictures(self, part: Part) -> bool:
        """Whether a list that has begun with a picture goes on with another: ✅, then ➡️."""
        taken = self.spans[self.kind] if self.kind else []
        is_second = self.running and bool(taken) and _is_picture(taken[-1].label)
        if PICTURES in part.styles and is_second and not part.apart:
            self.style = PICTURES
        return self.style in part.styles

    def is_within(self, part: Part) -> bool:
        """Whether this is an item of a list in the last item: "2. Protect: a) …"."""
        if not self.running or not self.kind or not self.spans[self.kind]:
            return False
        others = {style: n for style, n in part.styles.items() if style != self.style}
        for style, n in others.items():
            if style in self.within and n in (0, self.within[style] + 1):
                self.within[style] = n
                return True
        own = part.styles.get(self.style)
        begins = next((style for style, n in others.items() if n in (0, 1)), "")
        is_open = self.ended == ":"
        is_next = own is not None and own in (0, self.place + 1)
        is_another = PICTURES in part.styles and _is_picture(self.spans[self.kind][-1].label)
        if not begins or (not is_open and (is_next or is_another)):
            return False
        is_deeper = _depth(begins) > _depth(self.style)
        if is_open or is_deeper or (not part.apart and self.ended not in ".!?"):
            self.within[begins] = others[begins]
            return True
        return False

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
            return self.text[part.end - 1] != ":"
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
            end = trimmed(self.text, last.start, part.end)[1]
            self.ended = self.text[part.end - 1]
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
                start, end = trimmed(self.text, part.body, part.end)
                if says(self.text, start, end):
                    counts = not style.startswith(("letter", "roman", "bullet"))
                    number = part.styles.get(style, 0) if counts else 0
                    found.append(Span(start, end, part.label, number))
        return found


def _is_picture(label: str) -> bool:
    return bool(label) and PICTURES in mark_at(label, 0)[1]


def _depth(style: str) -> int:
    """How deep lists of a style mostly are: a) is in 1., and a bullet in either."""
    kinds = ("number", "letter", "roman", "bullet")
    return next((n for n, kind in enumerate(kinds) if style.startswith(kind)), 0)


def _is_capital(part: Part) -> bool:
    return part.label.strip("().").isupper()
