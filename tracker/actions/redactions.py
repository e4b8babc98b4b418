"""Lawful removal: a court, or a person's rights, can require words to go from a history that never changes.

The words of one entry are blanked and what it cites is taken away. Its digest stays, so the chain still
verifies, and a later entry of the same chain says that it was redacted, by whom and why.
"""

import uuid
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from tracker.actions import ledger
from tracker.actions.chain import append
from tracker.actions.edits import append as append_edit
from tracker.actions.edits import together
from tracker.actions.followups import lock
from tracker.actions.projections import project_redacted
from tracker.actions.statements import Draft, Statement, checked
from tracker.exceptions import Invalid
from tracker.folding import tidy
from tracker.models import (
    Citation,
    Difficulty,
    Edit,
    FollowUp,
    Recommendation,
    Source,
    Translation,
    User,
)
from tracker.models.ledger import EDITS
from tracker.permissions import check_can_redact
from tracker.statuses import Act, Kind, Visibility


@dataclass(frozen=True)
class Redacted:
    """The entry that says so; ``gone`` are addresses of sources that nothing else rested on, ``stay``
    those that other entries or texts cite."""

    entry: FollowUp
    gone: list[str] = field(default_factory=list)
    stay: list[str] = field(default_factory=list)


@transaction.atomic
def redact_entry(
    *, by: User, entry: FollowUp, reason: str, channel: str, with_name: bool = False
) -> Redacted:
    """Blank the words of one entry for good; ``with_name`` the name of who recorded it, too.

    What followed from it (a status, a date) stays. Raises ``NotAllowed`` and ``Invalid``.
    """
    check_can_redact(by)
    locked = lock(entry.implementation)
    if FollowUp.objects.filter(redacts=entry).exists():
        raise Invalid({"": [_("This entry was redacted already.")]})
    speaker = entry.organization if entry.visibility == Visibility.INTERNAL else by.organization
    nothing = Statement(organization=speaker, visibility=entry.visibility)
    given = (by, locked, nothing, uuid.uuid4(), channel, Kind.REDACTION)
    redaction = append(checked(Draft(*given, redacts=entry, reason=tidy(reason))))
    blank = {"note": "", "reason": "", "salt": "", "is_redacted": True}
    FollowUp.objects.filter(pk=entry.pk).update(
        **blank, **({"recorded_as": ""} if with_name else {})
    )
    cited = Source.objects.filter(citations__followup=entry).in_bulk()
    Citation.objects.filter(followup=entry).delete()
    gone = _unused(Source.objects.filter(pk__in=cited))
    Source.objects.filter(pk__in=gone).delete()
    project_redacted(locked)
    urls = {pk: source.url for pk, source in cited.items()}
    return Redacted(
        redaction,
        gone=[urls[pk] for pk in urls if pk in gone],
        stay=[urls[pk] for pk in urls if pk not in gone],
    )


def redact_edit(*, by: User, edit: Edit, reason: str, channel: str) -> Edit:
    """Blank all that one edit of the record said. What is still shown today must be changed first."""
    check_can_redact(by)
    reason = tidy(reason)
    if not reason:
        raise Invalid({"reason": [_("Say why: the reason stays beside what it corrects.")]})
    with together(by=by, channel=channel) as batch:
        chain = ledger.lock()
        if Edit.objects.filter(redacts=edit).exists() or edit.act == Act.REDACTION:
            raise Invalid({"": [_("This entry was redacted already.")]})
        last = Edit.objects.last_of_each([edit.key])[edit.key]
        if last.pk == edit.pk and edit.snapshot is not None:
            message = _("These words are shown today: change or delete them first, then redact.")
            raise Invalid({"": [message]})
        redaction = Edit(
            subject=edit.subject,
            key=edit.key,
            act=Act.REDACTION,
            redacts=edit,
            reason=reason,
            recorded_by=by,
            recorded_as=str(by),
            channel=channel,
        )
        append_edit(redaction, chain)
        Edit.objects.filter(pk=edit.pk).update(
            snapshot=None, folded="", reason="", salt="", is_redacted=True
        )
        batch.heads[EDITS] = (chain.entries, chain.head)
    return redaction


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
