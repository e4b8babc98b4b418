"""What a redaction seals of the entry whose words it takes away."""

import uuid
from typing import TYPE_CHECKING

from tracker.history.digest import VERSION, sha256, timestamp

if TYPE_CHECKING:
    from tracker.models import Edit, FollowUp


def what_stays_of_edit(edit: "Edit") -> str:
    """The digest of all that stays of an edit whose words are taken away: in its redaction's snapshot."""
    return sha256(
        {
            "version": VERSION,
            "sequence": edit.sequence,
            "subject": edit.subject,
            "key": edit.key,
            "act": edit.act,
            "recorded_at": timestamp(edit.recorded_at),
            "recorded_by": edit.recorded_by_id,
            "recorded_as": edit.recorded_as,
            "channel": edit.channel,
            "themes": edit.themes,
        }
    )


def what_stays(entry: "FollowUp", key: str, target: int | None) -> uuid.UUID:
    """The name of the redaction of ``entry``: a digest of all that stays of it, the first 128 bits.

    Without its salt and words, an entry’s own digest proves its columns no more. The redaction’s
    ``submission`` does from then on: it is sealed in the redaction, and this is what it has to be.
    ``key`` and ``target`` are the implementation's name and the sequence of the entry that it corrects.
    """
    happened_on = entry.happened_on.isoformat() if entry.happened_on else None
    stays = {
        "version": VERSION,
        "implementation": key,
        "sequence": entry.sequence,
        "kind": entry.kind,
        "target": target,
        "status": entry.status,
        "basis": entry.basis,
        "language": entry.language,
        "happened_on": happened_on,
        "citation_count": entry.citation_count,
        "visibility": entry.visibility,
        "organization": entry.organization_id,
        "organization_as": entry.organization_as,
        "recorded_at": timestamp(entry.recorded_at),
        "recorded_by": entry.recorded_by_id,
        "recorded_as": entry.recorded_as,
        "channel": entry.channel,
        "submission": str(entry.submission),
    }
    return uuid.UUID(hex=sha256(stays)[:32])
