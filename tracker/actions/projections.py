"""Writes of what is derived: the columns of an implementation that follow from its entries."""

from collections.abc import Iterable, Sequence
from dataclasses import fields

from tracker.history.projection import Entry, Projection, advance, project
from tracker.models import FollowUp, Implementation, Source
from tracker.statuses import Visibility

COLUMNS = [f.name for f in fields(Projection)]
HEAD = ["head_sequence", "head_digest"]


def project_entry(
    implementation: Implementation, entry: FollowUp, sources: Sequence[Source], new_sources: int
) -> None:
    """Bring the projection forward by one entry that corrects none, and save it with the chain's head."""
    after = advance(stored(implementation), as_entry(entry, [s.pk for s in sources]), new_sources)
    _save(implementation, after)


def project_history(implementation: Implementation) -> None:
    """Derive the projection from all public entries anew, and save it with the chain's head."""
    public = implementation.entries.filter(visibility=Visibility.PUBLIC)
    _save(implementation, project(entries_of(public)))


def rebuild(implementation: Implementation) -> list[str]:
    """Derive everything anew; save and name the columns that differed (none, if all is well)."""
    history = list(implementation.entries.prefetch_related("citations").order_by("sequence"))
    before = (stored(implementation), implementation.head_sequence, implementation.head_digest)
    after = project(entries_of(history))
    implementation.head_sequence = history[-1].sequence if history else 0
    implementation.head_digest = history[-1].digest if history else ""
    wrong = [c for c in COLUMNS if getattr(before[0], c) != getattr(after, c)]
    wrong += [
        c for c, was in zip(HEAD, before[1:], strict=True) if was != getattr(implementation, c)
    ]
    if wrong:
        _save(implementation, after)
    return wrong


def stored(implementation: Implementation) -> Projection:
    """The projection as the implementation's columns hold it."""
    return Projection(**{column: getattr(implementation, column) for column in COLUMNS})


def as_entry(entry: FollowUp, sources: Iterable[int]) -> Entry:
    """An entry as projections see it; ``sources`` are the ids of those that it cites."""
    return Entry(
        id=entry.pk,
        sequence=entry.sequence,
        kind=entry.kind,
        status=entry.status,
        basis=entry.basis,
        visibility=entry.visibility,
        happened_on=entry.happened_on,
        recorded_at=entry.recorded_at,
        target=entry.target_id,
        sources=frozenset(sources),
    )


def entries_of(history: Iterable[FollowUp]) -> list[Entry]:
    """Entries of the database, as projections see them."""
    if hasattr(history, "prefetch_related"):
        history = history.prefetch_related("citations")
    return [as_entry(e, [c.source_id for c in e.citations.all()]) for e in history]


def _save(implementation: Implementation, projection: Projection) -> None:
    for column in COLUMNS:
        setattr(implementation, column, getattr(projection, column))
    names = [c.removesuffix("_id") for c in COLUMNS]
    implementation.save(update_fields=[*names, *HEAD])
