"""Many entries at once: each as ``chain.append`` would have written it, in a fixed number of queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import F

from tracker.actions.chain import sealed
from tracker.actions.edits import Moments
from tracker.actions.projections import COLUMNS, HEAD, as_entry, stored
from tracker.actions.sources import normalised
from tracker.actions.statements import Draft
from tracker.history.projection import advance
from tracker.models import Citation, FollowUp, Implementation, Source, Standing
from tracker.models.implementations import FOREVER


def record_all(
    *, drafts: Sequence[Draft], sources: Mapping[str, Source], moments: Moments
) -> list[int]:
    """Seal public follow-ups onto their chains, in this order; the ids of the entries.

    Drafts were checked, their implementations are locked and as the database has them, and ``sources``
    holds all that they cite. Drafts of one implementation share the object.
    """
    if not drafts:
        return []
    about = {draft.implementation.pk: draft.implementation for draft in drafts}
    cited = _cited(i for i in about.values() if i.source_count)
    last = _last_moments([i for i in about.values() if i.head_sequence])
    entries: list[FollowUp] = []
    citations: list[Citation] = []
    for draft in drafts:
        of_it = [sources[normalised(s.url)] for s in draft.statement.sources]
        moment = moments.after(last.get(draft.implementation.pk))
        entry, its_citations = sealed(draft, of_it, moment)
        entries.append(entry)
        for citation in its_citations:
            citation.followup = entry
        citations += its_citations
    FollowUp.objects.bulk_create(entries)
    for citation in citations:
        citation.followup_id = citation.followup.pk
    Citation.objects.bulk_create(citations)
    _project(entries, citations, about, cited)
    return [entry.pk for entry in entries]


def _cited(implementations: Iterable[Implementation]) -> defaultdict[int, set[int]]:
    """The ids of the sources that standing public entries of each implementation cite."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    standing = FollowUp.objects.public().standing()
    standing = standing.filter(implementation__in=[i.pk for i in implementations])
    rows = Citation.objects.filter(followup__in=standing)
    for implementation, source in rows.values_list("followup__implementation", "source"):
        found[implementation].add(source)
    return found


def _last_moments(implementations: Sequence[Implementation]) -> dict[int, dt.datetime]:
    rows = FollowUp.objects.filter(
        implementation__in=[i.pk for i in implementations],
        sequence=F("implementation__head_sequence"),
    )
    return dict(rows.values_list("implementation", "recorded_at"))


def _project(
    entries: Sequence[FollowUp],
    citations: Sequence[Citation],
    about: Mapping[int, Implementation],
    cited: defaultdict[int, set[int]],
) -> None:
    """Where each implementation stands after each of its entries, and now."""
    of_entry: defaultdict[int, set[int]] = defaultdict(set)
    for citation in citations:
        of_entry[citation.followup_id].add(citation.source_id)
    newest: dict[int, Standing] = {}
    new: list[Standing] = []
    stood = [pk for pk, implementation in about.items() if implementation.last_activity_at]
    known = {
        s.implementation_id: s
        for s in Standing.objects.filter(implementation__in=stood, until=FOREVER)
    }
    for entry in entries:
        implementation = about[entry.implementation_id]
        its = of_entry[entry.pk]
        more = its - cited[implementation.pk]
        cited[implementation.pk] |= its
        after = advance(stored(implementation), as_entry(entry, its), len(more))
        for column in COLUMNS:
            setattr(implementation, column, getattr(after, column))
        before = newest.get(implementation.pk) or known.get(implementation.pk)
        if before is not None:
            before.until = entry.recorded_at
        standing = Standing(
            implementation=implementation, since=entry.recorded_at, **after.__dict__
        )
        newest[implementation.pk] = standing
        new.append(standing)
    Standing.objects.bulk_update(known.values(), ["until"])
    Standing.objects.bulk_create(new)
    _save(about.values())


def _save(implementations: Iterable[Implementation]) -> None:
    """Their derived columns, a prepared statement for each: ``bulk_update`` takes ten times as long."""
    model = Implementation._meta
    fields: list[Any] = [model.get_field(name.removesuffix("_id")) for name in [*COLUMNS, *HEAD]]
    quoted = ", ".join(f"{connection.ops.quote_name(f.column)} = %s" for f in fields)
    rows = [
        [*(f.get_db_prep_save(getattr(i, f.attname), connection) for f in fields), i.pk]
        for i in implementations
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {connection.ops.quote_name(model.db_table)} SET {quoted} WHERE id = %s",  # noqa: S608
            rows,
        )
