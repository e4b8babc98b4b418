"""What a redaction seals of the entry whose words it takes away."""

import uuid
from typing import TYPE_CHECKING

from tracker.history.digest import content_of, content_of_edit, sha256

if TYPE_CHECKING:
    from tracker.models import Edit, FollowUp


WORDS = ("reason", "note", "citations", "salt")
EDITED_WORDS = ("after", "redacts", "reason", "salt")
"""What a redaction takes away of all that an entry, or an edit, had sealed."""


def what_stays_of_edit(edit: "Edit") -> str:
    """The digest of all that stays of an edit whose words are taken away: in its redaction's snapshot."""
    stays = {k: v for k, v in content_of_edit(edit).items() if k not in EDITED_WORDS}
    return sha256({**stays, "themes": edit.themes})


def what_stays(entry: "FollowUp", key: str, target: int | None) -> uuid.UUID:
    """The name of the redaction of ``entry``: a digest of all that stays of it, the first 128 bits.

    Without its salt and words, an entry’s own digest proves its columns no more. The redaction’s
    ``submission`` does from then on: it is sealed in the redaction, and this is what it has to be.
    ``key`` and ``target`` are the implementation's name and the sequence of the entry that it corrects.
    """
    content = content_of(entry, key, target, ())
    stays = {k: v for k, v in content.items() if k not in WORDS}
    return uuid.UUID(hex=sha256(stays)[:32])
