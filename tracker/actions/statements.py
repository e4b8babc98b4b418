"""What somebody says in an entry, and what makes it fit to be recorded."""

import datetime as dt
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.actions.sources import CitedSource, check_dates, normalised
from tracker.exceptions import Invalid
from tracker.folding import tidy
from tracker.models import FollowUp, Implementation, Organization, User
from tracker.statuses import SAYING, Basis, Kind, Status, Visibility

NOTE_LENGTH = 20_000
REASON_LENGTH = 2_000
QUOTATION_LENGTH = 5_000
TITLE_LENGTH = 500
PUBLISHER_LENGTH = 200
SOURCES = 20
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Statement:
    """What somebody says in an entry: any of a status, a note, sources; for whom, of when, to whom.

    ``status`` is "" where it does not change. ``happened_on`` is a day in UTC, or None if not known.
    """

    status: str = ""
    note: str = ""
    sources: tuple[CitedSource, ...] = ()
    organization: Organization | None = None
    happened_on: dt.date | None = None
    visibility: str = Visibility.PUBLIC


@dataclass(frozen=True)
class Draft:
    """An entry about to be sealed."""

    by: User | None
    implementation: Implementation
    statement: Statement
    submission: uuid.UUID
    channel: str
    kind: str = Kind.FOLLOW_UP
    target: FollowUp | None = None
    reason: str = ""
    redacts: FollowUp | None = None
    now: dt.datetime = field(default_factory=timezone.now)

    @property
    def basis(self) -> str:
        """Reported where the State's own government says it, verified where anybody else does."""
        if not self.statement.status:
            return ""
        organization = self.statement.organization
        own = organization is not None and organization.governs(self.implementation.state_id)
        return Basis.REPORTED if own else Basis.VERIFIED


def checked(draft: Draft) -> Draft:
    """The draft tidied, or ``Invalid`` with every problem at once, each on the field that has it."""
    statement, errors = draft.statement, dict[str, list[str]]()

    def wrong(name: str, message: str) -> None:
        errors.setdefault(name, []).append(message)

    statement = _tidy(statement)
    if statement.status not in ("", *Status.values):
        wrong("status", _("Choose one of the statuses listed."))
    if statement.visibility not in Visibility.values:
        wrong("visibility", _("Choose public or internal."))
    if len(statement.note) > NOTE_LENGTH:
        wrong("note", _("Shorten the note to %(n)s characters.") % {"n": NOTE_LENGTH})
    for name, text in (("note", statement.note), ("reason", draft.reason)):
        if not is_text(text):
            wrong(name, _("Remove the characters that are not text."))
    if statement.happened_on and statement.happened_on > draft.now.astimezone(dt.UTC).date():
        wrong("happened_on", _("This day is in the future: give today or an earlier day."))
    for message in _check_sources(statement.sources, draft.now):
        wrong("url", message)
    if draft.kind not in (Kind.FOLLOW_UP, Kind.CONFIRMATION) and not draft.reason:
        wrong("reason", _("Say why: the reason stays beside what it corrects."))
    if len(draft.reason) > REASON_LENGTH:
        wrong("reason", _("Shorten the reason to %(n)s characters.") % {"n": REASON_LENGTH})
    tidied = replace(draft, statement=statement)
    if draft.kind in SAYING:
        if not (statement.status or statement.note or statement.sources):
            wrong(
                "note", _("Write a note, give a source or choose a status: one of them is needed.")
            )
        if tidied.basis == Basis.VERIFIED and not statement.sources:
            wrong(
                "url",
                _(
                    "A status that the State’s own government does not give itself needs a source: "
                    "give its address."
                ),
            )
    if errors:
        raise Invalid(errors)
    return tidied


def _tidy(statement: Statement) -> Statement:
    """Without what pasting leaves: line ends of other systems, characters that nobody can see."""
    sources = tuple(
        replace(s, title=tidy(s.title), publisher=tidy(s.publisher), quotation=tidy(s.quotation))
        for s in statement.sources
    )
    return replace(statement, note=tidy(statement.note), sources=sources)


def _check_sources(sources: Sequence[CitedSource], now: dt.datetime) -> list[str]:
    messages: list[str] = []
    known: set[str] = set()
    for cited in sources:
        try:
            url = normalised(cited.url)
        except Invalid as error:
            messages += [str(m) for m in error.errors["url"]]
            continue
        if url in known:
            messages.append(_("This source is given twice: %(url)s") % {"url": cited.url})
        known.add(url)
        messages += check_dates(cited, now.astimezone(dt.UTC).date())
        messages += _check_words(cited)
    if len(sources) > SOURCES:
        messages.append(_("Give at most %(n)s sources in one entry.") % {"n": SOURCES})
    return messages


def _check_words(cited: CitedSource) -> list[str]:
    messages = []
    if not is_text(cited.title + cited.publisher + cited.quotation):
        messages.append(_("Remove the characters that are not text."))
    if len(cited.title) > TITLE_LENGTH:
        messages.append(_("Shorten the title to %(n)s characters.") % {"n": TITLE_LENGTH})
    if len(cited.publisher) > PUBLISHER_LENGTH:
        messages.append(_("Shorten the publisher to %(n)s characters.") % {"n": PUBLISHER_LENGTH})
    if len(cited.quotation) > QUOTATION_LENGTH:
        messages.append(_("Shorten the quotation to %(n)s characters.") % {"n": QUOTATION_LENGTH})
    return messages


def is_text(text: str) -> bool:
    """Whether a database can keep it: neither NUL nor half of a surrogate pair."""
    return _NO_TEXT.search(text) is None
