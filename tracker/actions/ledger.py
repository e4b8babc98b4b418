"""Writes to the ledger: each write of the record moves the head of a chain, and with it the one digest.

Everything is collected while ``together`` is open and written at its end, once, in its transaction. The
lock is on leaf 0, taken last and by every write: what follows is in one order for the whole record.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from tracker.history import merkle
from tracker.models import Implementation, Leaf, Node, Root, User
from tracker.models.ledger import EDITS
from tracker.statuses import Channel, Subject

CHUNK = 500


@dataclass
class Batch:
    """What one step moves: heads of chains, and records whose edits are to be sealed at its end."""

    by: User | None = None
    channel: str = Channel.SEED
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)
    touched: dict[tuple[str, str], int] = field(default_factory=dict)


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


def advance(key: str, entries: int, head: str) -> None:
    """An implementation's chain has a new head."""
    with together() as batch:
        batch.heads[key] = (entries, head)


def touch(*, by: User | None, channel: str, subject: Subject, key: str, pk: int) -> None:
    """A record was written: whatever it says at the end of the step is sealed, if it is new."""
    with together(by=by, channel=channel) as batch:
        batch.by, batch.channel = by, channel
        batch.touched[subject, key] = pk


def lock() -> Leaf:
    """The chain of edits, locked until the transaction ends; made where there is none yet."""
    Leaf.objects.get_or_create(position=0, defaults={"key": EDITS})
    return Leaf.objects.select_for_update().get(position=0)


def _close(batch: Batch) -> None:
    from tracker.actions.edits import seal

    if not batch.heads and not batch.touched:
        return
    edits = lock()
    if batch.touched:
        seal(batch, edits)
    _publish(batch.heads)


def _publish(heads: dict[str, tuple[int, str]]) -> None:
    """Renew the leaves of these chains, the nodes above them, and the root."""
    if not heads:
        return
    known = {leaf.key: leaf for leaf in Leaf.objects.filter(key__in=list(heads))}
    before = sum(leaf.entries for leaf in known.values())
    count = Leaf.objects.count()
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
    _renew({leaf.position: leaf for leaf in known.values()}, count)
    last = Root.objects.at()
    added = sum(leaf.entries for leaf in known.values()) - before
    Root.objects.create(
        at=max(timezone.now(), last.at + dt.timedelta(microseconds=1)) if last else timezone.now(),
        digest=_digest_of(count),
        leaves=count,
        entries=(last.entries if last else 0) + added,
    )


def _renew(changed: dict[int, Leaf], count: int) -> None:
    digests = {p: merkle.leaf(leaf.key, leaf.entries, leaf.head) for p, leaf in changed.items()}
    places = sorted(merkle.neighbours(digests, count))
    beside: dict[int, str] = {}
    for start in range(0, len(places), CHUNK):
        found = Node.objects.filter(place__in=places[start : start + CHUNK])
        beside |= dict(found.values_list("place", "digest"))
    nodes = [Node(place=p, digest=d) for p, d in merkle.renewed(digests, count, beside).items()]
    Node.objects.bulk_create(
        nodes,
        batch_size=CHUNK,
        update_conflicts=True,
        unique_fields=["place"],
        update_fields=["digest"],
    )


def _digest_of(count: int) -> str:
    top = merkle.place(len(merkle.sizes(count)) - 1, 0)
    return Node.objects.values_list("digest", flat=True).get(place=top)


def head_of(implementation: Implementation) -> tuple[int, str]:
    """What its leaf says of an implementation's chain."""
    return implementation.head_sequence, implementation.head_digest
