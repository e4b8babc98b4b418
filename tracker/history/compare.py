"""What changed from the end of one day to the end of another: counted, and said in one sentence."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from tracker.history.edits import Change
from tracker.numbers import in_words
from tracker.statuses import Status

if TYPE_CHECKING:
    from tracker.models import Edit, FollowUp, Implementation, Recommendation, Standing


@dataclass(frozen=True)
class Counts:
    """How much changed: recommendations newly tracked, with another status, with other words or details;
    entries by what they are; ``idle`` are statuses given where in the end the status is the same."""

    tracked: int = 0
    status: int = 0
    notes: int = 0
    sources: int = 0
    idle: int = 0
    confirmed: int = 0
    amended: int = 0
    retracted: int = 0
    texts: int = 0
    details: int = 0
    redacted: int = 0


def sentence(first: str, last: str, counts: Counts) -> str:
    """All of it in one sentence; the two days are written in the reader's language already."""
    days = {"first": first, "last": last}
    clauses = [clause for clause in _clauses(counts) if clause]
    if not clauses:
        return _("Nothing changed between %(first)s and %(last)s.") % days
    said = {"changes": listed(clauses), **days}
    return _("Between %(first)s and %(last)s, %(changes)s.") % said


def listed(parts: Sequence[str]) -> str:
    """``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    comma = pgettext("between parts of a list", ", ")
    both = {"first": comma.join(parts[:-1]), "last": parts[-1]}
    return pgettext("the last two parts of a list", "%(first)s and %(last)s") % both


def _clauses(c: Counts) -> list[str]:
    return [
        _counted(
            c.tracked,
            ngettext(
                "%(count)s recommendation was newly tracked",
                "%(count)s recommendations were newly tracked",
                c.tracked,
            ),
        ),
        _counted(
            c.status,
            ngettext(
                "the status of %(count)s recommendation changed",
                "the status of %(count)s recommendations changed",
                c.status,
            ),
        ),
        _added(c.notes, c.sources),
        _counted(
            c.idle,
            ngettext(
                "%(count)s status was given that changed nothing in the end",
                "%(count)s statuses were given that changed nothing in the end",
                c.idle,
            ),
        ),
        _counted(
            c.confirmed,
            ngettext(
                "it was confirmed once that nothing had moved",
                "it was confirmed %(count)s times that nothing had moved",
                c.confirmed,
            ),
        ),
        _counted(
            c.amended,
            ngettext("%(count)s entry was amended", "%(count)s entries were amended", c.amended),
        ),
        _counted(
            c.retracted,
            ngettext(
                "%(count)s entry was retracted", "%(count)s entries were retracted", c.retracted
            ),
        ),
        _counted(
            c.texts, ngettext("%(count)s text was edited", "%(count)s texts were edited", c.texts)
        ),
        _counted(
            c.details,
            ngettext(
                "other details of %(count)s recommendation were edited",
                "other details of %(count)s recommendations were edited",
                c.details,
            ),
        ),
        _counted(
            c.redacted,
            ngettext("%(count)s entry was redacted", "%(count)s entries were redacted", c.redacted),
        ),
    ]


def _counted(count: int, clause: str) -> str:
    return clause % {"count": in_words(count)} if count else ""


def _added(notes: int, sources: int) -> str:
    """ "Three notes and four sources were added": the verb agrees with both together."""
    parts = [
        _counted(notes, ngettext("%(count)s note", "%(count)s notes", notes)),
        _counted(sources, ngettext("%(count)s source", "%(count)s sources", sources)),
    ]
    given = [part for part in parts if part]
    if not given:
        return ""
    what = {"what": listed(given)}
    return ngettext("%(what)s was added", "%(what)s were added", notes + sources) % what


# --- What a page shows of one recommendation


@dataclass(frozen=True)
class Step:
    """An entry of the window; ``correction`` is what became of it by the second day."""

    entry: "FollowUp"
    correction: "FollowUp | None" = None


@dataclass(frozen=True)
class Edited:
    """What the record says otherwise than on the first day, by which edits. ``is_new``: it was not there
    yet. ``is_blind``: what it said on either day was redacted since."""

    changes: list[Change] = field(default_factory=list)
    edits: list["Edit"] = field(default_factory=list)
    is_new: bool = False
    is_blind: bool = False

    @property
    def redactions(self) -> list["Edit"]:
        return [edit for edit in self.edits if edit.redacts_id]

    @property
    def others(self) -> list["Edit"]:
        return [edit for edit in self.edits if not edit.redacts_id]


@dataclass(frozen=True)
class Carried:
    """What changed of one State's carrying-out. ``more`` is how many steps came before those shown."""

    implementation: "Implementation"
    then: "Standing | None"
    now: "Standing | None"
    edited: Edited
    steps: list[Step]
    more: int = 0

    @property
    def status_then(self) -> str:
        return self.then.status if self.then else Status.NO_INFORMATION

    @property
    def status_now(self) -> str:
        return self.now.status if self.now else Status.NO_INFORMATION

    @property
    def has_moved(self) -> bool:
        return self.status_then != self.status_now


@dataclass
class Changed:
    """One recommendation of which something changed: of its own words, or of what States did."""

    recommendation: "Recommendation"
    edited: Edited = field(default_factory=Edited)
    carried: list[Carried] = field(default_factory=list)


@dataclass(frozen=True)
class Window:
    """From the end of one day to the end of another (UTC)."""

    first: dt.date
    last: dt.date
    start: dt.datetime
    end: dt.datetime
