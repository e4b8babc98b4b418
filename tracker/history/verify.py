"""Whether a chain of entries is whole and unchanged: what the digests are for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.history.digest import chained, content_of, sha256

if TYPE_CHECKING:
    from tracker.models import FollowUp, Implementation


@dataclass(frozen=True)
class Fault:
    """The first thing that is wrong in an implementation's history, in words for a log."""

    implementation: str
    sequence: int
    what: str

    def __str__(self) -> str:
        return f"{self.implementation} entry {self.sequence}: {self.what}"


def first_fault(implementation: "Implementation", entries: "Sequence[FollowUp]") -> Fault | None:
    """Read the whole chain and name the first entry that fails; None if all is well.

    ``entries`` are all of the implementation's, in sequence, citations and sources loaded.
    """
    return next(_faults(implementation, entries), None)


def _sealed(entry: "FollowUp", key: str, target: int | None) -> str:
    """The digest of what the entry says now; empty where that is no text any more (SQLite keeps bytes
    in a column of text without asking)."""
    try:
        return sha256(content_of(entry, key, target, list(entry.citations.all())))
    except (TypeError, ValueError, AttributeError):
        return ""


def _faults(implementation: "Implementation", entries: "Sequence[FollowUp]") -> Iterator[Fault]:
    key, previous = implementation.key, ""
    sequences = {entry.pk: entry.sequence for entry in entries}
    for expected, entry in enumerate(entries, start=1):
        if entry.sequence != expected:
            yield Fault(key, expected, "is missing, or out of order")
        if entry.target_id is not None and entry.target_id not in sequences:
            yield Fault(key, entry.sequence, "corrects an entry of another history")
        target = sequences.get(entry.target_id) if entry.target_id is not None else None
        if entry.content_digest != _sealed(entry, key, target):
            yield Fault(key, entry.sequence, "its content is not what was sealed")
        if entry.previous_digest != previous:
            yield Fault(key, entry.sequence, "does not follow the entry before it")
        if entry.digest != chained(key, entry.sequence, previous, entry.content_digest):
            yield Fault(key, entry.sequence, "its digest is not that of its content")
        previous = entry.digest
    if (implementation.head_sequence, implementation.head_digest) != (len(entries), previous):
        yield Fault(key, len(entries), "is not the last one that was recorded")
