"""Lines that announce what is below them, or end what was announced."""

import re
from typing import Final

from tracker.proposals import cues
from tracker.proposals.found import Kind
from tracker.proposals.parts import Part, parts, sentence_end
from tracker.proposals.prose import Prose

HEADING = 90
"""Characters of a line that can be a heading."""
AHEAD = 3
LAST = 40
"""Characters before a colon in which what follows is named."""
FIRST = 80
"""Characters of a line at the edge of a page."""

_DIFFICULT: Final = cues.words(cues.DIFFICULT)
_SAYING_SO: Final = cues.words(cues.SAYING_SO)
_ADDRESSING: Final = cues.words(cues.ADDRESSING)
_CLOSING: Final = cues.words(cues.CLOSING)
_TITLE: Final = re.compile(
    rf"\s*(?:(?:les?|la|the|las|los|principa\w+|main|key)\s){{0,3}}"
    rf"(?:{cues.words(cues.NUMBERED).pattern}|{_DIFFICULT.pattern})"
)
_NAMED: Final = re.compile(f"{cues.words(cues.NUMBERED).pattern}|{_DIFFICULT.pattern}")
_FURNITURE: Final = re.compile(
    r"[A-Z]{1,8}(?:/[\w.()-]{1,20}){2,8}|GE\.\d\d-\d{3,6}(?:\s*\([A-Z]\))?(?:\s+\d{1,4})?"
    r"|(?:[Pp]age\s|[Pp]ágina\s)?[-–]?\s?\d{1,4}\s?[-–]?(?:\s?(?:/|of|sur|de)\s?\d{1,4})?"
)
"""What a page has at its edges: the symbol of the document, the number of the page."""


class Headings(Prose):
    """Tells lines of few words by what they do. ``outline`` says how far the numbers of headings have come;
    ``is_parted``, that headings without marks part what was announced."""

    def __init__(self, text: str) -> None:
        self.outline: dict[str, int] = {}
        self.parts = list(parts(text))
        super().__init__(text)

    def announce(self, kind: Kind | None, colon: bool = False) -> None:
        super().announce(kind, colon)
        self.is_parted = False

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

    def lead(self, at: int, part: Part) -> Kind | None:
        """What a numbered paragraph announces: "2. … the following recommendations:", "6. …" before 6.1."""
        if not part.label or "heading" in part.styles:
            return None
        after = self.following(at)
        is_under = bool(after and after.label and _is_under(after.label, part.label))
        if is_under and after and self.kind and self.style in after.styles:
            return self.announced(part.body, part.end) or self.kind
        if is_under and _NAMED.search(self.folded, part.body, part.end):
            return self.announced(part.body, part.end)
        if self.text[part.end - 1] != ":":
            return None
        says_so = self.style not in part.styles and _SAYING_SO.search(
            self.folded, part.body, part.end
        )
        if not says_so and not _NAMED.search(
            self.folded, max(part.body, part.end - LAST), part.end
        ):
            return None
        return self.announced(part.body, part.end)

    def is_plain_heading(self, part: Part) -> bool:
        """A short line that ends in no stop and announces neither, or the next number after a heading's:
        what follows is another matter."""
        if part.label and self.style not in part.styles:
            return any(self.outline.get(s, -1) + 1 == n for s, n in part.styles.items() if n > 1)
        line = self.text[part.body : min(part.end, part.body + HEADING + 1)].rstrip()
        awaited = self.colon and not self.style
        if part.label or awaited or self.style == "plain" or len(line) > HEADING // 2:
            return False
        return bool(line) and line[0].isupper() and line[-1].isalnum() and "\n" not in line

    def is_address(self, part: Part) -> bool:
        """Whether a line says to whom the next list is: "To the Government:"."""
        line = self.text[part.body : part.end].strip()
        if part.label or not self.kind or not 0 < len(line) <= HEADING or not line[0].isupper():
            return False
        ends = line[-1] == ":" or (line[-1].isalnum() and len(line) <= HEADING // 2)
        return ends and bool(_ADDRESSING.match(self.folded, part.body))

    def is_subheading(self, at: int, part: Part) -> bool:
        """Whether a short line parts what was announced: before its first list, and then before others; or
        where the count goes on behind it."""
        after = self.following(at)
        if part.label or not self.kind or not (after and after.label) or self.heading(part):
            return False
        style, place = next(iter(after.styles.items()))
        goes_on = bool(place) and style == self.style and place == self.place + 1
        return (not self.style or self.is_parted or goes_on) and self.is_plain_heading(part)

    def is_closing(self, part: Part) -> bool:
        """Whether a line without a mark says that what follows is for the press."""
        if part.label or part.end - part.body > HEADING or not self.text[part.body].isupper():
            return False
        if self.text[part.end - 1] == ":":
            return bool(_CLOSING.search(self.folded, part.body, part.end))
        is_heading = self.text[part.end - 1].isalnum() and part.end - part.body <= HEADING // 2
        return is_heading and bool(_CLOSING.match(self.folded, part.body, part.end))

    def is_other_matter(self, part: Part) -> bool:
        """A numbered heading, or words with a colon that say nothing of what was announced."""
        line = self.text[part.body : part.end].strip()
        if part.label:
            return len(line) <= HEADING and line[:1].isupper() and line[-1:].isalnum()
        return line[-1:] == ":" and self.colon and not self.announced(part.body, part.end)

    def following(self, at: int) -> Part | None:
        """The next part, past the edges of a page."""
        later = (part for part in self.parts[at + 1 : at + 1 + AHEAD])
        return next((part for part in later if not self.is_furniture(part)), None)

    def is_furniture(self, part: Part) -> bool:
        short = not part.label and part.end - part.start <= FIRST
        return short and bool(_FURNITURE.fullmatch(self.text, part.start, part.end))


def _is_under(label: str, above: str) -> bool:
    """Whether 148.1 is marked as a part of 148."""
    number = above.strip("().–— -")
    return number.isdigit() and label.lstrip("(").startswith(f"{number}.")
