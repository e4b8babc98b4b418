"""Lawful removal: a court, or a person's rights, can require words to go from a history that never changes.

The words of one entry are blanked and what it cites is taken away. Its digest stays, so the chain still
verifies, and a later entry of the same chain says that it was redacted, by whom and why.
"""

from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from tracker.actions import ledger
from tracker.actions.chain import append
from tracker.actions.edits import append as append_edit
from tracker.actions.edits import together
from tracker.actions.followups import lock
from tracker.actions.projections import project_redacted
from tracker.actions.statements import REASON_LENGTH, Draft, Statement, checked, is_text
from tracker.actions.tables import forget_every_table
from tracker.exceptions import Invalid
from tracker.folding import tidy
from tracker.history.digest import content_of, content_of_edit, sha256
from tracker.history.redaction import what_stays, what_stays_of_edit
from tracker.models import (
    Citation,
    Difficulty,
    Edit,
    FollowUp,
    Implementation,
    Recommendation,
    Source,
    Translation,
    User,
)
from tracker.permissions import check_can_redact
from tracker.statuses import Act, Kind, Visibility


@dataclass(frozen=True)
class Redacted:
    """The entry that says so; ``gone`` are addresses of sources that nothing else rested on, ``stay``
    those that other entries or texts cite; ``beside`` are the ids of entries that may repeat the words:
    what this one corrected, and what corrected it."""

    entry: FollowUp
    gone: list[str] = field(default_factory=list)
    stay: list[str] = field(default_factory=list)
    beside: list[int] = field(default_factory=list)

    def told(self) -> list[str]:
        """What went with it, and where its words may still be: a sentence each."""
        sentences = [_("Source removed: %(url)s") % {"url": url} for url in self.gone]
        sentences += [
            _("Source kept, since others cite it; read its title: %(url)s") % {"url": url}
            for url in self.stay
        ]
        if self.beside:
            numbers = ", ".join(map(str, self.beside))
            sentences.append(_("These entries may repeat its words: %(n)s") % {"n": numbers})
        return sentences


def reminder() -> str:
    """What no redaction reaches."""
    return _(
        "Later entries and edits, older backups, and ledgers that somebody downloaded may still hold "
        "the words."
    )


def redact_entry(
    *, by: User, entry: FollowUp, reason: str, channel: str, with_name: bool = False
) -> Redacted:
    """Blank the words of one entry for good; ``with_name`` the name of who recorded it, too.

    What followed from it (a status, a date) stays. Raises ``NotAllowed`` and ``Invalid``.
    """
    check_can_redact(by)
    with together(by=by, channel=channel):  # the ledger's lock comes last, as for every write
        return _redact_entry(by, entry, reason, channel, with_name)


def _redact_entry(
    by: User, entry: FollowUp, reason: str, channel: str, with_name: bool
) -> Redacted:
    _overwrite_what_goes()
    locked = lock(entry.implementation)
    entry = FollowUp.objects.select_related("target", "organization").get(pk=entry.pk)
    _check_can_go(entry.is_redacted, entry.kind == Kind.REDACTION)
    _check_is_what_was_sealed(entry, locked.key)
    name = {"recorded_as": ""} if with_name else {}
    entry.recorded_as = name.get("recorded_as", entry.recorded_as)
    redaction = append(checked(_draft(by, locked, entry, reason, channel)))
    blank = {"note": "", "reason": "", "salt": "", "is_redacted": True}
    FollowUp.objects.filter(pk=entry.pk).update(**blank, **name)
    cited = Source.objects.filter(citations__followup=entry).in_bulk()
    Citation.objects.filter(followup=entry).delete()
    locked_sources = Source.objects.select_for_update().filter(pk__in=cited).order_by("pk")
    gone = _unused(Source.objects.filter(pk__in=[s.pk for s in locked_sources]))
    Source.objects.filter(pk__in=gone).delete()
    project_redacted(locked)
    ledger.lock()  # before the tables, as an import does
    forget_every_table()
    beside = FollowUp.objects.filter(Q(target=entry) | Q(correction=entry), is_redacted=False)
    return Redacted(
        redaction,
        gone=[source.url for pk, source in cited.items() if pk in gone],
        stay=[source.url for pk, source in cited.items() if pk not in gone],
        beside=list(beside.order_by("sequence").values_list("pk", flat=True)),
    )


def redact_edit(*, by: User, edit: Edit, reason: str, channel: str) -> Edit:
    """Blank all that one edit of the record said. What is still shown today must be changed first.

    Returns the edit that says so. Raises ``NotAllowed`` and ``Invalid``.
    """
    check_can_redact(by)
    reason = tidy(reason)
    _check_reason(reason)
    with together(by=by, channel=channel):
        _overwrite_what_goes()
        chain = ledger.lock()
        edit = Edit.objects.get(pk=edit.pk)
        _check_can_go(edit.is_redacted, edit.act == Act.REDACTION)
        _check_seal(sha256(content_of_edit(edit)), edit.content_digest)
        last = Edit.objects.last_of_each([edit.key])[edit.key]
        if last.pk == edit.pk and edit.snapshot is not None:
            message = _("These words are shown today: change or delete them first, then redact.")
            raise Invalid({"": [message]})
        redaction = Edit(
            subject=edit.subject,
            key=edit.key,
            act=Act.REDACTION,
            redacts=edit,
            snapshot={"stays": what_stays_of_edit(edit)},
            reason=reason,
            recorded_by=by,
            recorded_as=str(by),
            channel=channel,
        )
        append_edit(redaction, chain)
        forget_every_table()
        Edit.objects.filter(pk=edit.pk).update(
            snapshot=None, folded="", reason="", salt="", is_redacted=True
        )
    return redaction


def _draft(
    by: User, implementation: Implementation, entry: FollowUp, reason: str, channel: str
) -> Draft:
    """The entry that says so: read by whom the redacted one is read by, and named for what stays of it."""
    is_internal = entry.visibility == Visibility.INTERNAL
    speaker = entry.organization if is_internal else by.organization
    target = entry.target.sequence if entry.target else None
    return Draft(
        by=by,
        implementation=implementation,
        statement=Statement(organization=speaker, visibility=entry.visibility),
        submission=what_stays(entry, implementation.key, target),
        channel=channel,
        kind=Kind.REDACTION,
        redacts=entry,
        reason=tidy(reason),
    )


def _check_is_what_was_sealed(entry: FollowUp, key: str) -> None:
    target = entry.target.sequence if entry.target else None
    cited = list(entry.citations.select_related("source"))
    _check_seal(sha256(content_of(entry, key, target, cited)), entry.content_digest)


def _check_seal(said: str, sealed: str) -> None:
    """What stays is sealed anew: a fact that somebody had falsified must not be vouched for by that."""
    if said != sealed:
        message = _("This is not what was sealed: run manage.py verify_history first.")
        raise Invalid({"": [message]})


def _check_can_go(is_redacted: bool, is_redaction: bool) -> None:
    if is_redacted:
        raise Invalid({"": [_("This entry was redacted already.")]})
    if is_redaction:
        raise Invalid({"": [_("A redaction stays: it says why words are gone.")]})


def _check_reason(reason: str) -> None:
    messages = []
    if not reason:
        messages.append(_("Say why: the reason stays beside what it corrects."))
    if len(reason) > REASON_LENGTH:
        messages.append(_("Shorten the reason to %(n)s characters.") % {"n": REASON_LENGTH})
    if not is_text(reason):
        messages.append(_("Remove the characters that are not text."))
    if messages:
        raise Invalid({"reason": messages})


def _overwrite_what_goes() -> None:
    """SQLite leaves what it deletes in its file until something else needs the room: it is told to write
    zeros there, and to empty the journal once this is done. The index of the search is told likewise."""
    ledger.redacting()
    if connection.vendor == "sqlite":
        _write_zeros()


def _write_zeros() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete = ON")

    def empty_the_journal() -> None:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    transaction.on_commit(empty_the_journal)


def _unused(sources: QuerySet[Source]) -> set[int]:
    me = OuterRef("pk")
    return set(
        sources.filter(
            ~Exists(Citation.objects.filter(source=me)),
            ~Exists(Recommendation.objects.filter(origin=me)),
            ~Exists(Translation.objects.filter(origin=me)),
            ~Exists(Difficulty.objects.filter(origin=me)),
        ).values_list("pk", flat=True)
    )
