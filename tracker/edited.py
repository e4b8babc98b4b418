"""Edits of the record as pages show them: loaded with what was before, in two queries."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import OuterRef, Subquery

from tracker.history.edits import Change, changes, headline, references
from tracker.history.snapshots import Snapshot
from tracker.models import Difficulty, Edit, Instrument, Organization
from tracker.statuses import Act

LIMIT = 30
"""Edits in one answer: comparing long texts word by word takes up to a fifth of a second each."""


@dataclass(frozen=True)
class EditLine:
    """One edit in a timeline: what it changed, or that its words are gone.

    ``is_blind`` says that what was before was redacted, so that nothing can be compared.
    """

    edit: Edit
    changes: list[Change] = field(default_factory=list)
    redaction: Edit | None = None
    entry: None = None
    is_blind: bool = False

    @property
    def heading(self) -> str:
        return headline(self.changes, self.edit.act)


def edits_of(
    keys: Iterable[str],
    *,
    after: dt.datetime | None = None,
    until: dt.datetime | None = None,
    before: int = 0,
    limit: int = LIMIT,
) -> list[EditLine]:
    """The newest edits of these keys (``som-12-1``, ``som-12-1:ML``) later than ``after`` and up to
    ``until``, newest first; not the beginnings (added, taken over). ``before`` is the number of an edit
    to go on from, 0 for none.

    Two queries; where they are of a recommendation that rests on something or has difficulties, or name
    who leads, up to three more for the names of those.
    Edits are of what everybody reads: they are the same for all.
    """
    rows = Edit.objects.until(until).filter(key__in=list(keys))
    rows = rows.exclude(act__in=(Act.ADDED, Act.TAKEN_OVER))
    if after is not None:
        rows = rows.filter(recorded_at__gt=after)
    if before:
        rows = rows.filter(sequence__lt=before)
    earlier = Edit.objects.of_records().filter(
        key=OuterRef("key"), sequence__lt=OuterRef("sequence")
    )
    newest = Subquery(earlier.order_by("-sequence").values("sequence")[:1])
    rows = rows.select_related("redaction", "redacts").annotate(previous=newest)
    found = list(rows.order_by("-sequence")[:limit])
    was = _previous(found)
    names = names_in(edit.snapshot for edit in (*found, *was.values()))
    return [_line(edit, was.get(edit.pk), names) for edit in found]


def _previous(found: list[Edit]) -> dict[int, Edit]:
    sequences = {edit.pk: getattr(edit, "previous", None) for edit in found}
    rows = Edit.objects.filter(sequence__in={s for s in sequences.values() if s})
    by_sequence = {row.sequence: row for row in rows}
    return {pk: by_sequence[s] for pk, s in sequences.items() if s in by_sequence}


def _line(edit: Edit, before: Edit | None, names: dict[str, str]) -> EditLine:
    if edit.act == Act.REDACTION:
        return EditLine(edit)
    redaction = getattr(edit, "redaction", None)
    if edit.is_redacted:
        return EditLine(edit, redaction=redaction)
    if before is not None and before.is_redacted:
        return EditLine(edit, is_blind=True)
    return EditLine(edit, changes(before.snapshot if before else None, edit.snapshot, names))


def names_in(snapshots: Iterable[Snapshot | None]) -> dict[str, str]:
    """Names in the reader's language of what these snapshots refer to; no query where they do not."""
    instruments, difficulties, leads = references(snapshots)
    names = {}
    if instruments:
        names = {i.slug: str(i.short) for i in Instrument.objects.filter(slug__in=instruments)}
    if difficulties:
        rows = Difficulty.objects.filter(slug__in={slug for _meeting, slug in difficulties})
        for row in rows.select_related("meeting"):
            names[f"{row.meeting.slug}/{row.slug}"] = str(row.title)
    for lead in Organization.objects.filter(pk__in=leads) if leads else ():
        names[f"lead:{lead.pk}"] = str(lead)
    return names
