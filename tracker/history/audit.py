"""Reads the whole record, a part at a time, and says what is wrong with it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from heapq import merge
from typing import TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Exists, Max, Model, OuterRef, Prefetch, QuerySet

from tracker.history import snapshots, verify
from tracker.history.parts import parts
from tracker.history.snapshots import Snapshot
from tracker.history.verify import EDITS, LEDGER, Fault
from tracker.models import (
    Citation,
    Edit,
    FollowUp,
    Implementation,
    Leaf,
    Node,
    Recommendation,
    Root,
)

M = TypeVar("M", bound=Model)


@dataclass
class Audit:
    """One reading of a database, which is not changed. The counters are right once it was read to its end.

    ``with_records`` asks too whether the record says today what was last sealed. Where ``is_sealed`` is
    False, what an older version did not keep (edits, ledger) is not asked for.
    """

    using: str = DEFAULT_DB_ALIAS
    is_sealed: bool = True
    with_records: bool = True
    entries: int = 0
    edits: int = 0
    _heads: dict[str, tuple[int, str]] = field(default_factory=dict)
    _today: set[str] = field(default_factory=set)

    def faults(self) -> Iterator[Fault]:
        """The first fault of each chain, every record that is not what was sealed, and the ledger's."""
        yield from self._of_histories()
        yield from self._orphans()
        if self.is_sealed:
            yield from self._of_edits()
            if self.with_records:
                yield from self._of_records()
            yield from self._of_ledger()

    def _of_histories(self) -> Iterator[Fault]:
        begun = (
            Edit.objects.using(self.using)
            .order_by("sequence")
            .values_list("recorded_at", flat=True)
            .first()
        )
        rows = (
            Implementation.objects.using(self.using).select_related("recommendation").order_by("pk")
        )
        cited = Prefetch("citations", Citation.objects.select_related("source"))
        for part in parts(rows.iterator(chunk_size=500), lambda row: row.head_sequence):
            histories: dict[int, list[FollowUp]] = {row.pk: [] for row in part}
            entries = FollowUp.objects.using(self.using).filter(implementation__in=part)
            entries = entries.order_by("implementation_id", "sequence").prefetch_related(cited)
            for entry in entries.iterator(chunk_size=500):
                histories[entry.implementation_id].append(entry)
            for row in part:
                self.entries += len(histories[row.pk])
                self._heads[row.key] = (row.head_sequence, row.head_digest)
                if fault := verify.first_fault(row, histories[row.pk], begun):
                    yield fault

    def _orphans(self) -> Iterator[Fault]:
        """SQLite asks foreign keys only where a client turned them on."""
        known = Implementation.objects.using(self.using).filter(pk=OuterRef("implementation_id"))
        for entry in (
            FollowUp.objects.using(self.using).filter(~Exists(known)).order_by("pk").iterator()
        ):
            self.entries += 1
            yield Fault(f"entry {entry.pk}", 0, f"the history of number {entry.sequence} is gone")

    def _of_edits(self) -> Iterator[Fault]:
        rows = Edit.objects.using(self.using).order_by("sequence")
        acts = rows.filter(redacts__isnull=False)
        redactions = verify.redaction_acts(
            acts.values_list("sequence", "redacts__sequence", "act").iterator()
        )
        leaf = (
            Leaf.objects.using(self.using).filter(position=0).values_list("entries", "head").first()
        )
        edits = rows.select_related("redacts").iterator(chunk_size=500)
        if fault := verify.first_fault_of_edits(edits, redactions, leaf or (0, "")):
            yield fault
        last = rows.reverse().values_list("sequence", "digest").first()
        self._heads[EDITS] = last or (0, "")
        self.edits = rows.count()

    def _of_records(self) -> Iterator[Fault]:
        recommendations = Recommendation.objects.using(self.using).with_details().order_by("pk")
        texts = ((r.ref, snapshots.of_recommendation(r)) for r in _in_parts(recommendations))
        yield from self._compared(texts)
        carried_out = Implementation.objects.using(self.using).select_related(
            "recommendation", "lead"
        )
        leads = ((i.key, snapshots.of_implementation(i)) for i in _in_parts(carried_out))
        yield from self._compared(leads)
        yield from self._gone()

    def _compared(self, records: Iterable[tuple[str, Snapshot]]) -> Iterator[Fault]:
        for part in parts(records, lambda _row: 1):
            last: Mapping[str, Edit] = Edit.objects.using(self.using).last_of_each(
                key for key, _now in part
            )
            for key, now in part:
                self._today.add(key)
                if fault := verify.fault_of_record(key, now, last.get(key)):
                    yield fault

    def _gone(self) -> Iterator[Fault]:
        """What was sealed as being there, and is not."""
        rows = Edit.objects.using(self.using)
        newest = rows.of_records().order_by().values("key").annotate(newest=Max("sequence"))
        last = rows.filter(sequence__in=newest.values("newest"), snapshot__isnull=False)
        for sequence, key in last.order_by("sequence").values_list("sequence", "key").iterator():
            if key not in self._today:
                yield Fault(key, 0, f"is gone, and was there after edit {sequence}, its last")

    def _of_ledger(self) -> Iterator[Fault]:
        rows = Leaf.objects.using(self.using).order_by("position")
        leaves = list(rows.values_list("position", "key", "entries", "head"))
        if not leaves and not any(entries for entries, _head in self._heads.values()):
            return
        if not leaves:
            yield Fault(LEDGER, 0, "there is none")
            return
        yield from verify.faults_of_leaves(leaves, self._heads)
        nodes = (
            Node.objects.using(self.using)
            .order_by("place")
            .values_list("place", "digest")
            .iterator()
        )
        yield from self._of_roots()
        root = Root.objects.using(self.using).at()
        found = (root.digest, root.leaves, root.entries) if root else None
        yield from verify.faults_of_tree(leaves, nodes, found)

    def _of_roots(self) -> Iterator[Fault]:
        """Whether the digests of past days go forward, and nothing was dated before one that lacks it."""
        entries = FollowUp.objects.using(self.using).order_by("recorded_at")
        edits = Edit.objects.using(self.using).order_by("recorded_at")
        times = merge(
            entries.values_list("recorded_at", flat=True).iterator(),
            edits.values_list("recorded_at", flat=True).iterator(),
        )
        roots = Root.objects.using(self.using).order_by("id")
        rows = roots.values_list("at", "leaves", "entries").iterator()
        yield from verify.faults_of_roots(rows, times)


def _in_parts(rows: "QuerySet[M]") -> Iterator[M]:
    return rows.iterator(chunk_size=200)
