"""Writes of what is derived: the columns of an implementation that follow from its entries."""

from collections.abc import Iterable, Sequence
from dataclasses import fields

from tracker.actions.facets import shift
from tracker.history.projection import Entry, Projection, advance, project, replay
from tracker.models import FollowUp, Implementation, Source, Standing
from tracker.models.implementations import FOREVER
from tracker.statuses import Visibility

COLUMNS = [f.name for f in fields(Projection)]
HEAD = ["head_sequence", "head_digest"]


def project_entry(
    implementation: Implementation, entry: FollowUp, sources: Sequence[Source], new_sources: int
) -> None:
    """Bring the projection forward by one entry that corrects none, and save it with the chain's head."""
    after = advance(stored(implementation), as_entry(entry, [s.pk for s in sources]), new_sources)
    _save(implementation, after)
    _stand(implementation, entry, after)


def project_history(implementation: Implementation, entry: FollowUp) -> None:
    """Derive the projection from all public entries anew after ``entry``, and save it with the head."""
    public = implementation.entries.filter(visibility=Visibility.PUBLIC)
    after = project(entries_of(public))
    _save(implementation, after)
    _stand(implementation, entry, after)


def save_head(implementation: Implementation) -> None:
    """Save the chain's head alone, after an entry that moves nothing else."""
    implementation.save(update_fields=HEAD)


def project_redacted(implementation: Implementation) -> None:
    """After a redaction: sources that were taken away count no more, now or in the past."""
    entries = entries_of(implementation.entries.all())
    _save(implementation, project(entries))
    rebuild_standings(implementation, entries)


def rebuild(implementation: Implementation) -> list[str]:
    """Derive everything anew; save and name the columns that differed (none, if all is well)."""
    history = list(implementation.entries.prefetch_related("citations").order_by("sequence"))
    before = (stored(implementation), implementation.head_sequence, implementation.head_digest)
    entries = entries_of(history)
    after = project(entries)
    implementation.head_sequence = history[-1].sequence if history else 0
    implementation.head_digest = history[-1].digest if history else ""
    wrong = [c for c in COLUMNS if getattr(before[0], c) != getattr(after, c)]
    wrong += [
        c for c, was in zip(HEAD, before[1:], strict=True) if was != getattr(implementation, c)
    ]
    if wrong:
        _save(implementation, after)
    return wrong + (["standings"] if rebuild_standings(implementation, entries) else [])


def rebuild_standings(implementation: Implementation, entries: Iterable[Entry]) -> bool:
    """Derive where it stood at any time anew; whether that differed."""
    steps = list(replay(entries))
    ends = [since for since, _after in steps[1:]] + [FOREVER]
    rows = (
        [
            Standing(implementation=implementation, since=since, until=until, **after.__dict__)
            for (since, after), until in zip(steps, ends, strict=True)
        ]
        if steps
        else []
    )
    known = list(implementation.standings.order_by("since"))
    if [_as_row(row) for row in rows] == [_as_row(row) for row in known]:
        return False
    implementation.standings.all().delete()
    Standing.objects.bulk_create(rows, batch_size=500)
    return True


def _as_row(standing: Standing) -> tuple[object, ...]:
    return (standing.since, standing.until, *(getattr(standing, c) for c in COLUMNS))


def _stand(implementation: Implementation, entry: FollowUp, after: Projection) -> None:
    """From ``entry`` on, the implementation stands as ``after`` says; internal entries move nothing."""
    if entry.visibility != Visibility.PUBLIC:
        return
    implementation.standings.filter(until=FOREVER).update(until=entry.recorded_at)
    Standing(implementation=implementation, since=entry.recorded_at, **after.__dict__).save(
        force_insert=True
    )


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
    before = stored(implementation)
    for column in COLUMNS:
        setattr(implementation, column, getattr(projection, column))
    names = [c.removesuffix("_id") for c in COLUMNS]
    implementation.save(update_fields=[*names, *HEAD])
    shift(implementation=implementation, before=before)
