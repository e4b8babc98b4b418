"""Writes to the ledger: each write of the record moves the head of a chain, and with it the one digest.

Everything is collected while ``together`` is open and written at its end, once, in its transaction. The
lock is on leaf 0, taken last and by every write: what follows is in one order for the whole record.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from tracker.facets import Key
from tracker.history import merkle
from tracker.models import FollowUp, Implementation, Leaf, Node, Root, Source, User
from tracker.models.ledger import EDITS
from tracker.statuses import Channel, Subject

CHUNK = 500
PART = 5_000
"""Leaves that are renewed at once: what a long import moves does not fit into little memory together."""


@dataclass
class Batch:
    """What one step moves: histories of implementations (by their ids), the chain of edits, records whose
    edits are to be sealed at its end, implementations that go from some facets to others (``shifted``) or
    are put into all of theirs (``placed``), and ``meetings`` whose day may have changed. What records say is
    read then, from what was really written.

    ``written`` are entries, and ``sources`` such of which the record says something new, whose words
    searches must find (or find no more) from then on; a redaction leaves no trace of them."""

    by: User | None = None
    channel: str = Channel.SEED
    moved: set[int] = field(default_factory=set)
    touched: dict[tuple[str, str], int] = field(default_factory=dict)
    shifted: dict[int, tuple[frozenset[Key], frozenset[Key]]] = field(default_factory=dict)
    placed: set[int] = field(default_factory=set)
    meetings: set[int] = field(default_factory=set)
    edits: Leaf | None = None
    latest: dt.datetime | None = None
    written: set[int] = field(default_factory=set)
    sources: set[int] = field(default_factory=set)
    is_redacting: bool = False


_open: ContextVar[Batch | None] = ContextVar("ledger_batch", default=None)


@contextmanager
def together(*, by: User | None = None, channel: str = Channel.SEED) -> Iterator[Batch]:
    """One transaction and one step of the ledger for all that is written inside; joins one that is open."""
    if (batch := _open.get()) is not None:
        yield batch
        return
    token = _open.set(batch := Batch(by, channel))
    try:
        with transaction.atomic():
            yield batch
            _close(batch)
    finally:
        _open.reset(token)


def advance(entry: FollowUp) -> None:
    """An implementation's chain has a new head."""
    with together() as batch:
        batch.moved.add(entry.implementation_id)
        batch.written.add(entry.pk)


def described(source: Source) -> None:
    """The record says something new of a source: whoever cites it is found by that."""
    with together() as batch:
        batch.sources.add(source.pk)


def rescheduled(meeting: int) -> None:
    """The day of a meeting may be another one: its recommendations have their places in the list by it."""
    with together() as batch:
        batch.meetings.add(meeting)


def redacting() -> None:
    """Words go for good in this step."""
    with together() as batch:
        batch.is_redacting = True


def touch(*, by: User | None, channel: str, subject: Subject, key: str, pk: int) -> None:
    """A record was written: whatever it says at the end of the step is sealed, if it is new."""
    with together(by=by, channel=channel) as batch:
        batch.by, batch.channel = by, channel
        batch.touched[subject, key] = pk


def dated(moment: dt.datetime) -> None:
    """Something of this step bears this time: so will the digest that it leads to, and a past page shows
    with what was written before midnight the digest that holds it."""
    if (batch := _open.get()) is not None:
        batch.latest = max(moment, batch.latest or moment)


def lock() -> Leaf:
    """The chain of edits, locked until the transaction ends; made where there is none yet.

    It is the same object all through a step; its new head is written at the end.
    """
    batch = _open.get()
    if batch is not None and batch.edits is not None:
        return batch.edits
    first = Leaf.objects.select_for_update().filter(position=0)
    edits = first.first()
    if edits is None:
        Leaf.objects.get_or_create(position=0, defaults={"key": EDITS})
        edits = first.get()
    if batch is not None:
        batch.edits = edits
    return edits


def wait_for_writers() -> None:
    """Lock what every step locks at its end: what is derived anew is read as the last one wrote it."""
    list(Leaf.objects.select_for_update().filter(position=0).values_list("pk"))


def _close(batch: Batch) -> None:
    from tracker.actions import facets
    from tracker.actions.edits import seal
    from tracker.actions.search import index
    from tracker.actions.similar import index_wordings

    changed = batch.moved, batch.touched, batch.shifted, batch.meetings, batch.sources, batch.edits
    if not any(changed):
        return
    edits = lock()
    facets.renew(batch)
    if batch.touched:
        seal(batch, edits)
        new = (pk for (about, _k), pk in batch.touched.items() if about == Subject.IMPLEMENTATION)
        batch.moved |= set(new)
        said = (pk for (about, _k), pk in batch.touched.items() if about == Subject.RECOMMENDATION)
        index_wordings(pks=said)
    index(batch)
    last = {EDITS: (edits.entries, edits.head)} if edits.entries else {}
    parts = [*chunks(sorted(batch.moved), PART)] or [[]]
    steps = [_settle(dict(_heads_of(part)) | (last if part is parts[-1] else {})) for part in parts]
    if settled := [step for step in steps if step is not None]:
        _publish(settled, batch.latest or timezone.now())


def _heads_of(ids: list[int]) -> Iterator[tuple[str, tuple[int, str]]]:
    columns = ("recommendation__ref", "state", "head_sequence", "head_digest")
    for part in chunks(ids):
        rows = Implementation.objects.filter(pk__in=part).select_related("recommendation")
        for row in rows.only(*columns):
            yield row.key, (row.head_sequence, row.head_digest)


def chunks(values: Sequence[int] | list[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    for start in range(0, len(values), size):
        yield list(values[start : start + size])


class Settled(NamedTuple):
    """By how many entries chains grew, how many leaves there are since, and the digest above them."""

    added: int
    leaves: int
    digest: str


def _settle(heads: dict[str, tuple[int, str]]) -> Settled | None:
    """Renew the leaves of these chains and the nodes above them; None where nothing changed."""
    known: dict[str, Leaf] = {}
    for part in chunks(list(heads)):
        known |= {leaf.key: leaf for leaf in Leaf.objects.filter(key__in=part)}
    heads = {k: head for k, head in heads.items() if k not in known or _head(known[k]) != head}
    if not heads:
        return None
    known = {key: leaf for key, leaf in known.items() if key in heads}
    before = sum(leaf.entries for leaf in known.values())
    count = _leaves()
    for key, (entries, head) in heads.items():
        leaf = known.get(key)
        if leaf is None:
            leaf = known[key] = Leaf(position=count, key=key)
            count += 1
        leaf.entries, leaf.head = entries, head
    Leaf.objects.bulk_create(
        known.values(),
        batch_size=CHUNK,
        update_conflicts=True,
        unique_fields=["position"],
        update_fields=["entries", "head"],
    )
    digest = _renew({leaf.position: leaf for leaf in known.values()}, count)
    return Settled(sum(leaf.entries for leaf in known.values()) - before, count, digest)


def _publish(settled: list[Settled], moment: dt.datetime) -> None:
    """The new root over all leaves."""
    last = Root.objects.at()
    Root.objects.create(
        at=max(moment, last.at + dt.timedelta(microseconds=1)) if last else moment,
        digest=settled[-1].digest,
        leaves=settled[-1].leaves,
        entries=(last.entries if last else 0) + sum(step.added for step in settled),
    )


def _renew(changed: dict[int, Leaf], count: int) -> str:
    """Write the nodes above these leaves; the digest of the topmost, which is above all leaves."""
    digests = {p: merkle.leaf(leaf.key, leaf.entries, leaf.head) for p, leaf in changed.items()}
    beside: dict[int, str] = {}
    for part in chunks(sorted(merkle.neighbours(digests, count))):
        found = Node.objects.filter(place__in=part)
        beside |= dict(found.values_list("place", "digest"))
    renewed = merkle.renewed(digests, count, beside)
    Node.objects.bulk_create(
        [Node(place=place, digest=digest) for place, digest in renewed.items()],
        batch_size=CHUNK,
        update_conflicts=True,
        unique_fields=["place"],
        update_fields=["digest"],
    )
    return renewed[merkle.place(len(merkle.sizes(count)) - 1, 0)]


def _leaves() -> int:
    """How many there are: positions have no gaps."""
    last = Leaf.objects.order_by("-position").values_list("position", flat=True).first()
    return 0 if last is None else last + 1


def _head(leaf: Leaf) -> tuple[int, str]:
    return leaf.entries, leaf.head
