"""Every write to the history: record, amend, retract. Nothing else appends an entry."""

import datetime as dt
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tracker.actions.projections import project_entry, project_history
from tracker.actions.sources import CitedSource, check_dates, cite_source, normalised
from tracker.exceptions import AlreadyRecorded, Invalid, Meanwhile
from tracker.folding import tidy
from tracker.history.digest import chained, content_of, sha256
from tracker.models import Citation, FollowUp, Implementation, Organization, Source, User
from tracker.permissions import check_can_correct, check_can_record, check_can_speak_for
from tracker.statuses import Basis, Channel, Kind, Language, Status, Visibility

NOTE_LENGTH = 20_000
REASON_LENGTH = 2_000
QUOTATION_LENGTH = 5_000
TITLE_LENGTH = 500
PUBLISHER_LENGTH = 200
SOURCES = 20


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
class Recorded:
    """What came of it. ``is_new`` is False where the same form had been recorded before."""

    entry: FollowUp
    is_new: bool = True


@dataclass(frozen=True)
class _Draft:
    """An entry about to be sealed."""

    by: User | None
    implementation: Implementation
    statement: Statement
    submission: uuid.UUID
    channel: str
    kind: str = Kind.FOLLOW_UP
    target: FollowUp | None = None
    reason: str = ""
    now: dt.datetime = field(default_factory=timezone.now)

    @property
    def basis(self) -> str:
        """Reported where the State's own government says it, verified where anybody else does."""
        if not self.statement.status:
            return ""
        organization = self.statement.organization
        own = organization is not None and organization.governs(self.implementation.state_id)
        return Basis.REPORTED if own else Basis.VERIFIED


@transaction.atomic
def record_followup(
    *,
    by: User | None,
    implementation: Implementation,
    statement: Statement,
    channel: str,
    submission: uuid.UUID | None = None,
    seen: int | None = None,
) -> Recorded:
    """Append one entry to an implementation's history.

    ``submission`` names the form that was sent: sent twice, it is recorded once. ``seen`` is the sequence
    of the newest entry that the person had read; None skips the question. ``by`` is None for initial data.
    Raises ``NotAllowed``, ``Invalid``, ``Meanwhile`` (others recorded since ``seen``) and
    ``AlreadyRecorded`` (the form was recorded with other words); then nothing is written.
    """
    locked = _lock(implementation)
    if by is not None:
        check_can_record(by, locked)
        check_can_speak_for(by, statement.organization)
    draft = _checked(_Draft(by, locked, statement, submission or uuid.uuid4(), channel))
    if same := _recorded_before(draft):
        return Recorded(same, is_new=False)
    if by is not None and seen is not None and locked.head_sequence > seen:
        _check_nobody_else(by, locked, seen)
    return Recorded(_append(draft))


@transaction.atomic
def amend_followup(
    *,
    by: User,
    entry: FollowUp,
    reason: str,
    statement: Statement,
    channel: str,
    submission: uuid.UUID | None = None,
) -> Recorded:
    """Replace what an entry says by a later entry with a reason; the original stays readable.

    Who may read it stays as it was. Raises as ``record_followup`` does.
    """
    return _correct(by, entry, Kind.AMENDMENT, reason, statement, channel, submission)


@transaction.atomic
def retract_followup(
    *, by: User, entry: FollowUp, reason: str, channel: str, submission: uuid.UUID | None = None
) -> Recorded:
    """Take an entry back by a later entry with a reason; the original stays readable, struck through."""
    check_can_correct(by, entry)
    nothing = Statement(organization=by.organization, visibility=entry.visibility)
    return _correct(by, entry, Kind.RETRACTION, reason, nothing, channel, submission)


def _correct(
    by: User,
    entry: FollowUp,
    kind: Kind,
    reason: str,
    statement: Statement,
    channel: str,
    submission: uuid.UUID | None,
) -> Recorded:
    locked = _lock(entry.implementation)
    check_can_correct(by, entry)
    if kind == Kind.AMENDMENT:
        check_can_speak_for(by, statement.organization)
    statement = replace(statement, visibility=entry.visibility)
    if entry.visibility == Visibility.INTERNAL:
        # Its organization reads it: by another's name the words would leave, or be lost to who wrote them.
        statement = replace(statement, organization=entry.organization)
    draft = _Draft(
        by, locked, statement, submission or uuid.uuid4(), channel, kind, entry, tidy(reason)
    )
    draft = _checked(draft)
    if same := _recorded_before(draft):
        return Recorded(same, is_new=False)
    later = list(FollowUp.objects.filter(target=entry).with_details())
    if later:
        raise Meanwhile(later)  # whoever reads an entry reads what corrects it: see above
    return Recorded(_append(draft))


def _lock(implementation: Implementation) -> Implementation:
    """The row as it is now, locked until the transaction ends (on SQLite, BEGIN IMMEDIATE does)."""
    rows = Implementation.objects.select_for_update(of=("self",))
    return rows.select_related("recommendation", "state").get(pk=implementation.pk)


def _recorded_before(draft: _Draft) -> FollowUp | None:
    same = FollowUp.objects.filter(recorded_by=draft.by, submission=draft.submission).first()
    if same is None:
        return None
    if same.implementation_id == draft.implementation.pk and _says(same) == _would_say(draft):
        return same
    raise AlreadyRecorded(same)


def _says(entry: FollowUp) -> tuple[object, ...]:
    cited = tuple(
        (c.source.url, c.title, c.publisher, c.published_on, c.quotation)
        for c in entry.citations.select_related("source")
    )
    about = (entry.kind, entry.target_id, entry.reason, entry.visibility, entry.organization_id)
    return (*about, entry.status, entry.note, entry.happened_on, cited)


def _would_say(draft: _Draft) -> tuple[object, ...]:
    said, target = draft.statement, draft.target
    cited = tuple(
        (normalised(s.url), s.title, s.publisher, s.published_on, s.quotation) for s in said.sources
    )
    organization = said.organization.pk if said.organization else None
    about = (draft.kind, target.pk if target else None, draft.reason, said.visibility, organization)
    return (*about, said.status, said.note, said.happened_on, cited)


def _check_nobody_else(by: User, implementation: Implementation, seen: int) -> None:
    since = implementation.entries.visible_to(by).filter(sequence__gt=seen)
    others = since.exclude(recorded_by=by).with_details().order_by("-sequence")
    if others:
        raise Meanwhile(list(others))


def _checked(draft: _Draft) -> _Draft:
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
        if not _is_text(text):
            wrong(name, _("Remove the characters that are not text."))
    if statement.happened_on and statement.happened_on > draft.now.astimezone(dt.UTC).date():
        wrong("happened_on", _("This day is in the future: give today or an earlier day."))
    for message in _check_sources(statement.sources, draft.now):
        wrong("url", message)
    if draft.kind != Kind.FOLLOW_UP and not draft.reason:
        wrong("reason", _("Say why: the reason stays beside what it corrects."))
    if len(draft.reason) > REASON_LENGTH:
        wrong("reason", _("Shorten the reason to %(n)s characters.") % {"n": REASON_LENGTH})
    checked = replace(draft, statement=statement)
    if draft.kind != Kind.RETRACTION:
        if not (statement.status or statement.note or statement.sources):
            wrong(
                "note", _("Write a note, give a source or choose a status: one of them is needed.")
            )
        if checked.basis == Basis.VERIFIED and not statement.sources:
            wrong(
                "url",
                _(
                    "A status that the State’s own government does not give itself needs a source: "
                    "give its address."
                ),
            )
    if errors:
        raise Invalid(errors)
    return checked


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
    if not _is_text(cited.title + cited.publisher + cited.quotation):
        messages.append(_("Remove the characters that are not text."))
    if len(cited.title) > TITLE_LENGTH:
        messages.append(_("Shorten the title to %(n)s characters.") % {"n": TITLE_LENGTH})
    if len(cited.publisher) > PUBLISHER_LENGTH:
        messages.append(_("Shorten the publisher to %(n)s characters.") % {"n": PUBLISHER_LENGTH})
    if len(cited.quotation) > QUOTATION_LENGTH:
        messages.append(_("Shorten the quotation to %(n)s characters.") % {"n": QUOTATION_LENGTH})
    return messages


def _is_text(text: str) -> bool:
    """Whether a database can keep it: neither NUL nor half of a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= c <= "\udfff" for c in text)


def _append(draft: _Draft) -> FollowUp:
    """Seal the entry onto the chain and bring the projection up to date."""
    statement, implementation = draft.statement, draft.implementation
    sources = _sources(statement)
    entry = FollowUp(
        implementation=implementation,
        sequence=implementation.head_sequence + 1,
        kind=draft.kind,
        target=draft.target,
        reason=draft.reason,
        status=statement.status,
        basis=draft.basis,
        note=statement.note,
        language=draft.target.language if draft.target else _language(),
        happened_on=statement.happened_on,
        citation_count=len(sources),
        visibility=statement.visibility,
        organization=statement.organization,
        organization_as=str(statement.organization or ""),
        recorded_at=draft.now,
        recorded_by=draft.by,
        recorded_as=str(draft.by) if draft.by else "",
        channel=draft.channel,
        submission=draft.submission,
        salt=secrets.token_hex(16),
    )
    citations = [
        Citation(
            source=source,
            position=position,
            quotation=cited.quotation,
            title=cited.title,
            publisher=cited.publisher,
            published_on=cited.published_on,
        )
        for position, (source, cited) in enumerate(zip(sources, statement.sources, strict=True), 1)
    ]
    _seal(entry, citations, before=implementation.head_digest)
    entry.save(force_insert=True)
    for citation in citations:
        citation.followup = entry
    new_sources = _new_sources(implementation, sources)
    Citation.objects.bulk_create(citations)
    implementation.head_sequence, implementation.head_digest = entry.sequence, entry.digest
    if draft.kind == Kind.FOLLOW_UP:
        project_entry(implementation, entry, sources, new_sources)
    else:
        project_history(implementation)
    return entry


def _sources(statement: Statement) -> list[Source]:
    """The sources in the order given; made in the order of their URLs, so that two writers who both make
    several wait for each other in turn and never in a circle."""
    urls = [normalised(cited.url) for cited in statement.sources]
    made = {
        url: cite_source(cited=cited, visibility=statement.visibility)
        for url, cited in sorted(
            zip(urls, statement.sources, strict=True), key=lambda pair: pair[0]
        )
    }
    return [made[url] for url in urls]


def _seal(entry: FollowUp, citations: Sequence[Citation], before: str) -> None:
    key = entry.implementation.key
    target = entry.target.sequence if entry.target else None
    entry.content_digest = sha256(content_of(entry, key, target, citations))
    entry.previous_digest = before
    entry.digest = chained(key, entry.sequence, before, entry.content_digest)


def _new_sources(implementation: Implementation, sources: Sequence[Source]) -> int:
    """How many of these no standing public entry of the implementation cites yet."""
    standing = FollowUp.objects.public().standing().filter(implementation=implementation)
    ids = {source.pk for source in sources}
    known = Citation.objects.filter(followup__in=standing, source__in=ids)
    return len(ids) - known.values("source").distinct().count() if ids else 0


def _language() -> str:
    language = (get_language() or "")[:2]
    return language if language in Language.values else Language.FRENCH


__all__ = [
    "Channel",
    "CitedSource",
    "Recorded",
    "Statement",
    "amend_followup",
    "record_followup",
    "retract_followup",
]
