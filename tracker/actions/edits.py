"""Edits are sealed here: who changed what the record says, and all that it says after."""

import datetime as dt
import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils import timezone

from tracker.actions import ledger
from tracker.actions.ledger import Batch, together, touch
from tracker.history import snapshots
from tracker.history.digest import chained, content_of_edit, sha256
from tracker.history.snapshots import Snapshot
from tracker.models import Edit, Implementation, Leaf, Recommendation, Root, User
from tracker.models.ledger import EDITS
from tracker.statuses import Act, Channel, Subject

__all__ = ["seal", "seal_all", "together", "touch_implementation", "touch_recommendation"]

MICROSECOND = dt.timedelta(microseconds=1)


def touch_recommendation(
    *, by: User | None, recommendation: Recommendation, channel: str = ""
) -> None:
    """Something that a recommendation says was written; sealed when the step ends."""
    given = {"subject": Subject.RECOMMENDATION, "key": recommendation.ref}
    touch(by=by, channel=channel or _channel(by), pk=recommendation.pk, **given)  # type: ignore[arg-type]


def touch_implementation(*, by: User | None, implementation: Implementation) -> None:
    """Who leads it, or until when, was written."""
    given = {"subject": Subject.IMPLEMENTATION, "key": implementation.key}
    touch(by=by, channel=_channel(by), pk=implementation.pk, **given)  # type: ignore[arg-type]


def seal(batch: Batch, chain: Leaf, act: Act | None = None) -> None:
    """Append one edit for each record of the step that says something new."""
    for subject, load in LOADERS.items():
        pks = {key: pk for (about, key), pk in batch.touched.items() if about == subject}
        for part in ledger.chunks(sorted(pks)):
            now = load({key: pks[key] for key in part})
            before = Edit.objects.last_of_each(part)
            edits: list[Edit] = []
            for key in part:
                last = before.get(key)
                said = last.snapshot if last else None
                is_same = key in now and last is not None and snapshots.same(said, now[key][0])
                if is_same or (key not in now and said is None):
                    continue
                what = act if act and last is None else _act(last, key in now)
                edits.append(_edit(batch, Subject(subject), key, now.get(key), what))
            append_all(edits, chain)


def seal_all() -> int:
    """Take over what an earlier version kept without sealing it; the number of edits that this took."""
    with together(channel=Channel.COMMAND) as batch:
        chain = ledger.lock()
        for recommendation in Recommendation.objects.only("ref").iterator():
            batch.touched[Subject.RECOMMENDATION, recommendation.ref] = recommendation.pk
        rows = Implementation.objects.select_related("recommendation")
        for implementation in rows.only("recommendation__ref", "state").iterator():
            batch.touched[Subject.IMPLEMENTATION, implementation.key] = implementation.pk
            batch.moved.add(implementation.pk)
        before = chain.entries
        seal(batch, chain, Act.TAKEN_OVER)
        batch.touched.clear()
        return chain.entries - before


def _act(last: Edit | None, is_there: bool) -> Act:
    if not is_there:
        return Act.REMOVED
    return Act.CHANGED if last and last.snapshot is not None else Act.ADDED


def _edit(
    batch: Batch, subject: Subject, key: str, now: tuple[Snapshot, str] | None, act: Act
) -> Edit:
    snapshot, folded = now or (None, "")
    return Edit(
        subject=subject,
        key=key,
        act=act,
        snapshot=snapshot,
        folded=folded,
        themes=snapshots.theme_slugs(snapshot),
        recorded_by=batch.by,
        recorded_as=str(batch.by) if batch.by else "",
        channel=batch.channel,
    )


def append(edit: Edit, chain: Leaf) -> Edit:
    """Seal an edit onto the chain, which is locked, and move its head."""
    append_all([edit], chain)
    return edit


def append_all(edits: Sequence[Edit], chain: Leaf) -> None:
    """Seal edits onto the chain, one after the other, and write them at once."""
    if not edits:
        return
    last = Edit.objects.filter(sequence=chain.entries).values_list("recorded_at", flat=True).first()
    moments = Moments(last)
    for edit in edits:
        edit.sequence = chain.entries + 1
        edit.recorded_at = moments.after()
        edit.salt = secrets.token_hex(16)
        edit.content_digest = sha256(content_of_edit(edit))
        edit.previous_digest = chain.head
        edit.digest = chained(EDITS, edit.sequence, chain.head, edit.content_digest)
        chain.entries, chain.head = edit.sequence, edit.digest
    Edit.objects.bulk_create(edits)


def seal_added(batch: Batch, subject: Subject, pks: Sequence[int]) -> Iterator[int]:
    """Seal what a long step added, some at a time: after each, how many they were.

    Their keys are read from the database, so that a step need only keep their ids.
    """
    chain = ledger.lock()
    for part in ledger.chunks(pks):
        batch.touched |= {(subject, key): pk for key, pk in KEYS[subject](part)}
        seal(batch, chain)
        batch.touched.clear()
        yield len(part)


class Moments:
    """Now, again and again, each time later than before; see ``after``."""

    def __init__(self, last: dt.datetime | None = None) -> None:
        self.last = after(last) - MICROSECOND

    def after(self, last: dt.datetime | None = None) -> dt.datetime:
        """The next one, which is also later than ``last``."""
        self.last = max(
            timezone.now(), self.last + MICROSECOND, *([last + MICROSECOND] if last else [])
        )
        ledger.dated(self.last)
        return self.last


def after(last: dt.datetime | None) -> dt.datetime:
    """Now, but later than the entry before and than the last digest of the record, whatever the clock says:
    times are in the order in which things were written."""
    root = Root.objects.at()
    later = [m + MICROSECOND for m in (last, root.at if root else None) if m]
    moment = max([timezone.now(), *later])
    ledger.dated(moment)
    return moment


def _recommendations(pks: Mapping[str, int]) -> dict[str, tuple[Snapshot, str]]:
    rows = Recommendation.objects.with_details().filter(pk__in=pks.values())
    return {r.ref: (snapshots.of_recommendation(r), r.folded) for r in rows}


def _implementations(pks: Mapping[str, int]) -> dict[str, tuple[Snapshot, str]]:
    rows = Implementation.objects.filter(pk__in=pks.values())
    rows = rows.select_related("recommendation", "lead")
    return {i.key: (snapshots.of_implementation(i), "") for i in rows}


LOADERS: dict[Subject, Any] = {
    Subject.RECOMMENDATION: _recommendations,
    Subject.IMPLEMENTATION: _implementations,
}


def _keys_of_recommendations(pks: Sequence[int]) -> Iterator[tuple[str, int]]:
    return (
        Recommendation.objects.filter(pk__in=pks).order_by("pk").values_list("ref", "pk").iterator()
    )


def _keys_of_implementations(pks: Sequence[int]) -> Iterator[tuple[str, int]]:
    rows = Implementation.objects.filter(pk__in=pks).order_by("pk")
    for ref, state, pk in rows.values_list("recommendation__ref", "state", "pk"):
        yield f"{ref}:{state}", pk


KEYS: dict[Subject, Any] = {
    Subject.RECOMMENDATION: _keys_of_recommendations,
    Subject.IMPLEMENTATION: _keys_of_implementations,
}


def _channel(by: User | None) -> str:
    return Channel.SEED if by is None else Channel.ADMIN
