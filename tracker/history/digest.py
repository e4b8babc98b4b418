"""How an entry is sealed: a digest over its content, chained to the entry before it.

``content_digest = SHA-256(canonical JSON of the content)`` and ``digest = SHA-256(canonical JSON of the
place in the chain)``, where the place names the implementation, the sequence, the digest before and the
content's digest. Two steps, so that a chain can be checked by somebody who may not read an entry's text;
``salt`` keeps them from guessing a short one.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tracker.models import Citation, Edit, FollowUp

VERSION = 1


def canonical(content: Mapping[str, Any]) -> bytes:
    """One sequence of bytes for one content: JSON, keys sorted, no spaces, UTF-8 (the subset of RFC 8785
    that strings, whole numbers, nulls and lists need)."""
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def sha256(content: Mapping[str, Any]) -> str:
    """The digest of canonical content, in 64 hexadecimal digits."""
    return hashlib.sha256(canonical(content)).hexdigest()


def content_of(
    entry: "FollowUp", key: str, target_sequence: int | None, citations: "Sequence[Citation]"
) -> dict[str, Any]:
    """All that an entry says, as it is sealed.

    ``key`` is the implementation's permanent name; ``target_sequence`` is the entry that this one corrects
    or redacts; ``citations`` are in order, each with its source.
    """
    return {
        "version": VERSION,
        "implementation": key,
        "sequence": entry.sequence,
        "kind": entry.kind,
        "target": target_sequence,
        "reason": entry.reason,
        "status": entry.status,
        "basis": entry.basis,
        "note": entry.note,
        "language": entry.language,
        "happened_on": _day(entry.happened_on),
        "citations": [
            {
                "url": c.source.url,
                "title": c.title,
                "publisher": c.publisher,
                "published_on": _day(c.published_on),
                "quotation": c.quotation,
                "position": c.position,
            }
            for c in citations
        ],
        "citation_count": entry.citation_count,
        "visibility": entry.visibility,
        "organization": entry.organization_id,
        "organization_as": entry.organization_as,
        "recorded_at": timestamp(entry.recorded_at),
        "recorded_by": entry.recorded_by_id,
        "recorded_as": entry.recorded_as,
        "channel": entry.channel,
        "submission": str(entry.submission),
        "salt": entry.salt,
    }


def content_of_edit(edit: "Edit") -> dict[str, Any]:
    """All that an edit of the record says, as it is sealed."""
    return {
        "version": VERSION,
        "sequence": edit.sequence,
        "subject": edit.subject,
        "key": edit.key,
        "act": edit.act,
        "after": edit.snapshot,
        "redacts": edit.redacts.sequence if edit.redacts else None,
        "reason": edit.reason,
        "recorded_at": timestamp(edit.recorded_at),
        "recorded_by": edit.recorded_by_id,
        "recorded_as": edit.recorded_as,
        "channel": edit.channel,
        "salt": edit.salt,
    }


def chained(key: str, sequence: int, previous_digest: str, content_digest: str) -> str:
    """The digest of an entry in its place: of the chain of an implementation, or of the edits."""
    return sha256(
        {
            "version": VERSION,
            "implementation": key,
            "sequence": sequence,
            "previous": previous_digest,
            "content": content_digest,
        }
    )


def timestamp(moment: dt.datetime) -> str:
    """A moment as it is sealed: UTC, to the microsecond, ``2026-02-12T09:30:00.000000Z``."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
