"""Whether the record is whole and unchanged: what the digests are for. Pure functions over what was read.

Chains of entries and the chain of edits are checked link by link; then that the record says today what was
last sealed, and that the ledger stands over all of it. ``audit`` reads the database for them.
"""

import datetime as dt
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.folding import fold
from tracker.history import merkle, snapshots
from tracker.history.digest import chained, content_of, content_of_edit, sha256
from tracker.history.redaction import what_stays, what_stays_of_edit
from tracker.history.snapshots import Snapshot
from tracker.statuses import Act, Kind

if TYPE_CHECKING:
    from tracker.models import Edit, FollowUp, Implementation

EDITS = "edits"
LEDGER = "ledger"
SLACK = dt.timedelta(hours=1)
"""How much later than its entry a digest may be made: writers wait for each other a few seconds at most."""
EVER = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True)
class Fault:
    """The first thing that is wrong in a history, in words for a log.

    ``implementation`` is the chain's name: an implementation, ``edits``, ``ledger``, or a record's
    reference; ``sequence`` is 0 where it is about no single entry.
    """

    implementation: str
    sequence: int
    what: str

    def __str__(self) -> str:
        entry = f" entry {self.sequence}" if self.sequence else ""
        return f"{self.implementation}{entry}: {self.what}"


@dataclass(frozen=True)
class Link:
    """What a chain is checked by, of one entry or edit.

    ``said`` is the digest of what it says now (empty where that is no text any more), ``is_blank`` whether
    none of its words are left, ``wrong`` what is wrong with it whatever the chain says.
    """

    sequence: int
    previous: str
    content_digest: str
    digest: str
    recorded_at: dt.datetime
    said: str
    is_redacted: bool
    is_blank: bool
    wrong: str = ""


def first_fault(
    implementation: "Implementation",
    entries: "Sequence[FollowUp]",
    since: dt.datetime | None = None,
) -> Fault | None:
    """Read the whole chain and name the first entry that fails; None if all is well.

    ``entries`` are all of the implementation's, in sequence, citations and sources loaded. From ``since``
    on, none was dated before the one before it; an earlier version trusted the clock, which may be set
    back.
    """
    by_id = {entry.pk: entry for entry in entries}
    redactions = {
        by_id[entry.redacts_id].sequence: entry
        for entry in entries
        if entry.kind == Kind.REDACTION and entry.redacts_id in by_id
    }
    links = (_link(implementation.key, entry, by_id, redactions) for entry in entries)
    head = (implementation.head_sequence, implementation.head_digest)
    redacted = {sequence: redaction.sequence for sequence, redaction in redactions.items()}
    return next(_faults(implementation.key, links, redacted, head, since), None)


def first_fault_of_edits(
    edits: "Iterable[Edit]", redactions: Mapping[int, int], head: tuple[int, str]
) -> Fault | None:
    """The same for the chain of edits, which is read once and not held.

    ``redactions`` maps the sequence of each redacted edit to that of its redaction.
    """
    acts, stays = dict[str, str](), dict[int, str]()
    links = (_link_of_edit(edit, acts, stays) for edit in edits)
    return next(_faults(EDITS, links, redactions, head, EVER), None)


def _faults(
    key: str,
    links: Iterable[Link],
    redactions: Mapping[int, int],
    head: tuple[int, str],
    since: dt.datetime | None,
) -> Iterator[Fault]:
    previous, before, count = "", None, 0
    for expected, link in enumerate(links, start=1):
        if link.sequence != expected:
            yield Fault(key, expected, "is missing, or out of order")
        if link.wrong:
            yield Fault(key, link.sequence, link.wrong)
        is_said_redacted = redactions.get(link.sequence, 0) > link.sequence
        if link.is_redacted and not is_said_redacted:
            yield Fault(key, link.sequence, "its words are gone, and no later entry redacts it")
        elif is_said_redacted and not (link.is_redacted and link.is_blank):
            yield Fault(key, link.sequence, "a later entry redacts it, and it still has words")
        elif link.said != link.content_digest:
            yield Fault(key, link.sequence, "its content is not what was sealed")
        if link.previous != previous:
            yield Fault(key, link.sequence, "does not follow the entry before it")
        if link.digest != chained(key, link.sequence, previous, link.content_digest):
            yield Fault(key, link.sequence, "its digest is not that of its content")
        if before and since and since <= before > link.recorded_at:
            yield Fault(key, link.sequence, "is dated before the entry before it")
        previous, before, count = link.digest, link.recorded_at, expected
    if head != (count, previous):
        yield Fault(key, count, "is not the last one that was recorded")


def _link(
    key: str,
    entry: "FollowUp",
    by_id: "Mapping[int, FollowUp]",
    redactions: "Mapping[int, FollowUp]",
) -> Link:
    is_redaction = entry.kind == Kind.REDACTION
    corrected, other = entry.target_id, entry.redacts_id
    if is_redaction:
        corrected, other = other, corrected
    wrong = ""
    if any(pk is not None and pk not in by_id for pk in (corrected, other)):
        wrong = "corrects an entry of another history"
    elif other is not None:
        wrong = "corrects and redacts at once"
    found = by_id.get(corrected) if corrected is not None else None
    target = found.sequence if found else None
    redaction = redactions.get(entry.sequence)
    if entry.is_redacted and redaction and redaction.submission != what_stays(entry, key, target):
        wrong = "what stayed of it is not what was sealed"
    cited = list(entry.citations.all())
    return Link(
        sequence=entry.sequence,
        previous=entry.previous_digest,
        content_digest=entry.content_digest,
        digest=entry.digest,
        recorded_at=entry.recorded_at,
        said=entry.content_digest if entry.is_redacted else _sealed(entry, key, target),
        is_redacted=entry.is_redacted,
        is_blank=not (entry.note or entry.reason or entry.salt or cited),
        wrong=wrong,
    )


def _sealed(entry: "FollowUp", key: str, target: int | None) -> str:
    """The digest of what the entry says now; empty where that is no text any more (SQLite keeps bytes
    in a column of text without asking)."""
    try:
        return sha256(content_of(entry, key, target, list(entry.citations.all())))
    except (TypeError, ValueError, AttributeError):
        return ""


def _out_of_place(edit: "Edit", acts: dict[str, str]) -> str:
    """A record is taken over, or added, only where it was not there before: such an edit says nothing of
    what was, so pages of the past would follow it. ``acts`` holds the last act of each key."""
    last = acts.get(edit.key)
    if edit.act != Act.REDACTION:
        acts[edit.key] = edit.act
    if edit.act == Act.TAKEN_OVER and last is not None:
        return "takes over what was sealed already"
    if edit.act == Act.ADDED and last not in (None, Act.REMOVED):
        return "adds what was there already"
    return ""


def _falsified(edit: "Edit", stays: dict[int, str]) -> str:
    """What stays of a redacted edit is sealed in its redaction; ``stays`` holds it meanwhile."""
    if edit.is_redacted:
        stays[edit.sequence] = what_stays_of_edit(edit)
    if edit.act != Act.REDACTION or edit.redacts is None:
        return ""
    sealed = (edit.snapshot or {}).get("stays")
    same = sealed == stays.get(edit.redacts.sequence, sealed)
    return "" if same else "what stayed of the edit that it redacts is not what was sealed"


def _link_of_edit(edit: "Edit", acts: dict[str, str], stays: dict[int, str]) -> Link:
    said = edit.content_digest if edit.is_redacted else _sealed_edit(edit)
    is_what_it_was = said == edit.content_digest and not edit.is_redacted
    return Link(
        sequence=edit.sequence,
        previous=edit.previous_digest,
        content_digest=edit.content_digest,
        digest=edit.digest,
        recorded_at=edit.recorded_at,
        said=said,
        is_redacted=edit.is_redacted,
        is_blank=edit.snapshot is None and not (edit.reason or edit.salt or edit.folded),
        wrong=_out_of_place(edit, acts)
        or _falsified(edit, stays)
        or (_misleads_searches(edit) if is_what_it_was else ""),
    )


def _sealed_edit(edit: "Edit") -> str:
    try:
        return sha256(content_of_edit(edit))
    except (TypeError, ValueError, AttributeError):
        return ""


def _misleads_searches(edit: "Edit") -> str:
    """Two columns are no part of the seal, since they follow from what is. (The order of words in one of
    them follows from ids, so it may differ.)"""
    said = edit.snapshot or {}
    themes = said.get("themes", [])
    words = [said.get("ref", ""), said.get("text", "")]
    words += [translation["text"] for translation in said.get("translations", [])]
    words += [name for theme in themes for name in (theme["name_fr"], theme["name_en"])]
    found = sorted(fold("\n".join(words)).split())
    is_true = (
        edit.themes == snapshots.theme_slugs(said) and sorted(str(edit.folded).split()) == found
    )
    return "" if is_true else "searches find it by what it does not say"


# --- The record as it stands today ------------------------------------------------------------------


def fault_of_record(key: str, now: Snapshot, last: "Edit | None") -> Fault | None:
    """Whether a recommendation, or its carrying-out, says today what its last edit sealed."""
    if last is None:
        return Fault(key, 0, "was never sealed: see manage.py take_over")
    if not snapshots.same(last.snapshot, now):
        return Fault(key, 0, f"is not what was last sealed, in edit {last.sequence}")
    return None


# --- The ledger -------------------------------------------------------------------------------------

Head = tuple[int, str, int, str]
"""A leaf as the database keeps it: position, key, entries, head."""


def faults_of_leaves(
    leaves: Sequence[Head], heads: Mapping[str, tuple[int, str]]
) -> Iterator[Fault]:
    """Whether each chain has its leaf, and each leaf its chain. ``heads`` are those of the chains."""
    for expected, (position, key, entries, head) in enumerate(leaves):
        if position != expected or (position == 0) != (key == EDITS):
            yield Fault(LEDGER, 0, f"leaf {expected} is missing, or out of order")
            return
        if (entries, head) != heads.get(key, (0, "")):
            yield Fault(LEDGER, 0, f"leaf {position} is not the head of {key}")
    known = {key for _position, key, _entries, _head in leaves}
    for key in heads:
        if key not in known:
            yield Fault(LEDGER, 0, f"{key} has no leaf")


def faults_of_tree(
    leaves: Sequence[Head],
    nodes: Iterable[tuple[int, str]],
    root: tuple[str, int, int] | None,
) -> Iterator[Fault]:
    """Whether the nodes and the digest of the record (with its counts) are those of the leaves."""
    digests = [merkle.leaf(key, entries, head) for _position, key, entries, head in leaves]
    expected = merkle.fold(digests)
    for place, digest in nodes:
        if expected.pop(place, None) != digest:
            yield Fault(LEDGER, 0, f"node {place} is not that of its leaves")
            return
    if expected:
        yield Fault(LEDGER, 0, f"node {min(expected)} is missing")
    total = sum(entries for _position, _key, entries, _head in leaves)
    if root is None:
        if leaves:
            yield Fault(LEDGER, 0, "the digest of the record is missing")
    elif root != (merkle.root(digests), len(leaves), total):
        yield Fault(LEDGER, 0, "the digest of the record is not that of its chains")


def faults_of_roots(
    roots: Iterable[tuple[dt.datetime, int, int]], times: Iterable[dt.datetime]
) -> Iterator[Fault]:
    """Whether digests of the record (time, leaves, entries; in order) go forward, and whether they count
    all that is dated before them: who slips something into the past would have to be in their count.

    ``times`` are those of all entries and edits, in order. Writers wait for each other: what is dated just
    before a digest may be in the next one, made within ``SLACK``.
    """
    dates = _Counted(times)
    waiting: deque[tuple[dt.datetime, int]] = deque()
    before = (EVER, 0, 0)
    for at, leaves, entries in roots:
        if at <= before[0] or leaves < before[1] or entries < before[2]:
            yield Fault(LEDGER, 0, f"the digest of {at:%Y-%m-%d %H:%M:%S} is out of order")
            return
        while waiting and waiting[0][0] + SLACK < at:
            moment, dated = waiting.popleft()
            if dated > before[2]:
                what = f"something was dated before {moment:%Y-%m-%d %H:%M:%S} later on"
                yield Fault(LEDGER, 0, what)
                return
        waiting.append((at, dates.up_to(at)))
        before = (at, leaves, entries)


class _Counted:
    """How many of ascending times are up to a moment, asked in ascending order."""

    def __init__(self, times: Iterable[dt.datetime]) -> None:
        self.times, self.count = iter(times), 0
        self.next = next(self.times, None)

    def up_to(self, moment: dt.datetime) -> int:
        while self.next is not None and self.next <= moment:
            self.count, self.next = self.count + 1, next(self.times, None)
        return self.count


def redaction_acts(edits: "Iterable[tuple[int, int, str]]") -> dict[int, int]:
    """From (sequence, sequence that it redacts, act), who redacts whom in the chain of edits."""
    return {redacts: sequence for sequence, redacts, act in edits if act == Act.REDACTION}
