"""Every write to the history: record, confirm, amend, retract. See ``redactions`` for the one other."""

import uuid
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from tracker.actions.chain import append
from tracker.actions.sources import normalised
from tracker.actions.statements import Draft, Statement, checked
from tracker.exceptions import AlreadyRecorded, Meanwhile, NotAllowed
from tracker.folding import tidy
from tracker.models import FollowUp, Implementation, User
from tracker.permissions import check_can_correct, check_can_record, check_can_speak_for
from tracker.statuses import Kind, Visibility


@dataclass(frozen=True)
class Recorded:
    """What came of it. ``is_new`` is False where the same form had been recorded before."""

    entry: FollowUp
    is_new: bool = True


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
    locked = lock(implementation)
    if by is not None:
        check_can_record(by, locked)
        check_can_speak_for(by, statement.organization)
    draft = checked(Draft(by, locked, statement, submission or uuid.uuid4(), channel))
    if same := _recorded_before(draft):
        return Recorded(same, is_new=False)
    if by is not None and seen is not None and locked.head_sequence > seen:
        _check_nobody_else(by, locked, seen)
    return Recorded(append(draft))


@transaction.atomic
def confirm_implementation(
    *,
    by: User,
    implementation: Implementation,
    channel: str,
    submission: uuid.UUID | None = None,
    seen: int | None = None,
) -> Recorded:
    """Record that somebody looked, and that nothing moved since the entries that stand.

    Raises as ``record_followup`` does.
    """
    locked = lock(implementation)
    check_can_record(by, locked)
    nothing = Statement(organization=by.organization)
    draft = Draft(by, locked, nothing, submission or uuid.uuid4(), channel, Kind.CONFIRMATION)
    if same := _recorded_before(draft):
        return Recorded(same, is_new=False)
    if seen is not None and locked.head_sequence > seen:
        _check_nobody_else(by, locked, seen)
    return Recorded(append(draft))


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
    locked = lock(entry.implementation)
    check_can_correct(by, entry)
    if kind == Kind.AMENDMENT:
        if entry.kind == Kind.CONFIRMATION:
            raise NotAllowed(_("A confirmation says nothing to amend: retract it instead."))
        check_can_speak_for(by, statement.organization)
    statement = replace(statement, visibility=entry.visibility)
    if entry.visibility == Visibility.INTERNAL:
        # Its organization reads it: by another's name the words would leave, or be lost to who wrote them.
        statement = replace(statement, organization=entry.organization)
    draft = Draft(
        by, locked, statement, submission or uuid.uuid4(), channel, kind, entry, tidy(reason)
    )
    draft = checked(draft)
    if same := _recorded_before(draft):
        return Recorded(same, is_new=False)
    later = list(FollowUp.objects.filter(target=entry).with_details())
    if later:
        raise Meanwhile(later)  # whoever reads an entry reads what corrects it: see above
    return Recorded(append(draft))


def lock(implementation: Implementation) -> Implementation:
    """The row as it is now, locked until the transaction ends (on SQLite, BEGIN IMMEDIATE does)."""
    rows = Implementation.objects.select_for_update(of=("self",))
    return rows.select_related("recommendation", "state").get(pk=implementation.pk)


def _recorded_before(draft: Draft) -> FollowUp | None:
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


def _would_say(draft: Draft) -> tuple[object, ...]:
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
