"""What somebody typed into the field, as a question that any engine can answer. Pure.

``frontières "ligne nationale" -douane``: all of the words, the phrase as it stands, and not the last one.
Every text is a question, or ``Invalid`` says what to type instead: nothing in it means more to an engine.
"""

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain

from django.utils.translation import gettext as _

from tracker.exceptions import Invalid
from tracker.folding import fold
from tracker.search.words import tokens, ways

MOST = 16
"""Words and phrases of one question."""
LONGEST = 200
"""Characters of one question."""
QUOTES = '"“”„‟«»'
TERM = re.compile(
    rf"(?P<no>(?<!\S)[-−–])?(?:[{QUOTES}](?P<phrase>[^{QUOTES}]*)[{QUOTES}]?|(?P<word>[^\s{QUOTES}]+))"
)
ENDS = re.compile(r"^\W+|\W+$")
"""Signs before the first letter and after the last one."""
# Words that are in nearly every text, and that people type without looking for them.
_EN = "a an and are as at by for from in is it of that the this to was with"
_FR = "au aux ce ces cette dans de des du elle en est et il la le les leur leurs ne ou par pour que qui "
COMMON = frozenset([*_EN.split(), *_FR.split(), "sa", "se", "ses", "sur", "un", "une"])


@dataclass(frozen=True)
class Term:
    """A word or a phrase. ``ways`` are the rows of stems by which a text may hold it; any will do."""

    ways: tuple[tuple[str, ...], ...]
    is_excluded: bool = False
    is_begun: bool = False
    """Whether it is the beginning of a word, as while somebody types."""
    folded: str = field(default="", compare=False)
    """As typed, folded, with the signs inside: what to look for in texts that have no index."""

    @property
    def words(self) -> int:
        return len(self.ways[0])

    @cached_property
    def rows(self) -> tuple[str, ...]:
        """What to look for in lines of stems, which have a space before and after each."""
        end = "" if self.is_begun else " "
        return tuple(f" {' '.join(way)}{end}" for way in self.ways)


@dataclass(frozen=True)
class Query:
    """All of the terms that are sought, and none of those excluded."""

    sought: tuple[Term, ...]
    excluded: tuple[Term, ...] = ()

    @cached_property
    def side_by_side(self) -> tuple[str, ...]:
        """All words in one row, as typed, in each of the ways."""
        if len(self.sought) < 2 or self.sought[-1].is_begun:
            return ()
        alike = zip(*(term.ways for term in self.sought), strict=False)
        return tuple(f" {' '.join(chain(*way))} " for way in alike)

    def begun(self) -> "Query | None":
        """The same with its last word as the beginning of one; None where that asks nothing else."""
        last = self.sought[-1]
        if last.words > 1 or (len(typed := last.ways[0][0]) < 2 and typed.isascii()):
            return None
        as_typed = replace(last, ways=(last.ways[0],), is_begun=True)
        return replace(self, sought=(*self.sought[:-1], as_typed))


def parse(typed: str) -> Query:
    """The question, or ``Invalid`` where there is nothing to look for."""
    if len(typed) > LONGEST:
        raise _invalid(_("Shorten your words to %(n)s characters.") % {"n": LONGEST})
    terms: list[Term] = []
    common: list[Term] = []
    for found in TERM.finditer(typed):
        phrase, word = found["phrase"], found["word"]
        as_typed = phrase if phrase is not None else word
        folded = [token.folded for token in tokens(as_typed)]
        if not folded:
            continue
        term = Term(
            ways(folded), is_excluded=bool(found["no"]), folded=ENDS.sub("", fold(as_typed))
        )
        is_common = phrase is None and len(folded) == 1 and folded[0] in COMMON
        (common if is_common and not term.is_excluded else terms).append(term)
    sought = [t for t in terms if not t.is_excluded] or common
    excluded = [t for t in terms if t.is_excluded]
    if not sought:
        raise _invalid(
            _("Add a word to look for: exclusions alone find nothing.")
            if excluded
            else _("Type at least one word or number to look for.")
        )
    if len(sought) + len(excluded) > MOST:
        raise _invalid(_("Look for at most %(n)s words and phrases at once.") % {"n": MOST})
    return Query(tuple(dict.fromkeys(sought)), tuple(dict.fromkeys(excluded)))


def _invalid(message: str) -> Invalid:
    return Invalid({"q": [message]})
