"""The list in other clothes: CSV and JSON with the filters of the page."""

import csv
import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.http import StreamingHttpResponse

from tracker.exports import head
from tracker.exports.cells import safe_cell
from tracker.exports.listed import joined
from tracker.models import Citation, FollowUp, Implementation
from tracker.models.implementations import ImplementationQuerySet
from tracker.models.recommendations import link_lookups
from tracker.past import Past, today
from tracker.statuses import LinkKind

COLUMNS = (
    "reference",
    "state",
    "body",
    "meeting",
    "number",
    "themes",
    "text",
    "paragraph",
    "origin",
    "language",
    "translation",
    "stage",
    "status",
    "status_label",
    "status_since",
    "status_basis",
    "status_organization",
    "status_sources",
    "reported_status",
    "verified_status",
    "lead",
    "due_on",
    "follow_ups",
    "sources",
    "last_follow_up",
    "last_entry_at",
    "last_changed_at",
    "last_confirmed_at",
    "is_stale",
    "path",
    "as_of",
    *head.COLUMNS,
)
CHUNK = 500


def row_of(implementation: Implementation, said: FollowUp | None = None) -> dict[str, Any]:
    """One row: codes as in the record, labels and translation in the reader's language, days in ISO 8601.

    ``said`` is the entry that its status comes from: with it, a row says all that an import needs.
    """
    recommendation = implementation.recommendation
    rendering = recommendation.rendering()
    return {
        "reference": recommendation.ref,
        "state": implementation.state_id,
        "body": recommendation.meeting.body.slug,
        "meeting": recommendation.meeting.slug,
        "number": recommendation.number,
        "themes": joined(link.theme.name for link in recommendation.theme_links.all()),
        "text": recommendation.text,
        "paragraph": recommendation.locator,
        "origin": recommendation.origin.url,
        "language": recommendation.language,
        "translation": "" if rendering is recommendation else rendering.text,
        "stage": recommendation.stage,
        "status": implementation.status,
        "status_label": implementation.get_status_display(),
        "status_since": implementation.status_since,
        "status_basis": implementation.status_basis,
        "status_organization": said.said_for if said else "",
        "status_sources": " | ".join(c.source.url for c in said.citations.all()) if said else "",
        "reported_status": implementation.reported_status,
        "verified_status": implementation.verified_status,
        "lead": str(implementation.lead or ""),
        "due_on": implementation.due_on,
        "follow_ups": implementation.entry_count,
        "sources": implementation.source_count,
        "last_follow_up": implementation.last_entry.day if implementation.last_entry else None,
        "last_entry_at": implementation.last_activity_at,
        "last_changed_at": implementation.last_changed_at,
        "last_confirmed_at": implementation.last_confirmed_at,
        "is_stale": implementation.is_stale,
        "path": recommendation.get_absolute_url(),
    }


def links_of(implementation: Implementation) -> list[dict[str, str]]:
    """What its recommendation is to others, as an editor confirmed it."""
    links = implementation.recommendation.links()
    told = [(link.kind.value, link.to.ref) for link in links if link.kind != LinkKind.UNRELATED]
    return [{"kind": kind, "reference": ref} for kind, ref in told]


def _rows(
    rows: ImplementationQuerySet, past: Past | None, with_links: bool = False
) -> Iterator[dict[str, Any]]:
    """Row after row, as they are or as they were, a chunk of them in memory at a time."""
    found = rows.select_related("lead", "recommendation__origin").iterator(chunk_size=CHUNK)
    while chunk := list(islice(found, CHUNK)):
        if past:
            past.put_back(chunk, origins=True)
        elif with_links:
            prefetch_related_objects([row.recommendation for row in chunk], *link_lookups())
        said = _entries(chunk)
        for implementation in chunk:
            links = {"links": links_of(implementation)} if with_links else {}
            yield {**row_of(implementation, said.get(implementation.status_entry_id)), **links}


def _entries(rows: Iterable[Implementation]) -> dict[int | None, FollowUp]:
    """The entries that statuses come from, public all of them, with who said it and by what sources."""
    pks = {row.status_entry_id for row in rows if row.status_entry_id is not None}
    entries = FollowUp.objects.public().filter(pk__in=pks).select_related("organization")
    cited = Prefetch("citations", Citation.objects.select_related("source"))
    return {entry.pk: entry for entry in entries.prefetch_related(cited)}


def _stamp(past: Past | None) -> dict[str, Any]:
    """What says which record it was taken from."""
    root = head.record_head(past.moment if past else None)
    return {"as_of": past.day if past else today(), **head.columns_of(root)}


class _Echo:
    """What ``csv`` writes to, so that each line can be sent as it is made."""

    def write(self, line: str) -> str:
        return line


def as_csv(rows: ImplementationQuerySet, past: Past | None = None) -> StreamingHttpResponse:
    """UTF-8 with a byte-order mark, as spreadsheets expect; no cell can be a formula."""
    stamp = _stamp(past)

    def lines() -> Iterator[str]:
        writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
        yield "\ufeff" + writer.writerow(COLUMNS)
        for row in _rows(rows, past):
            yield writer.writerow([_cell(value) for value in {**row, **stamp}.values()])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="recommendations.csv"'
    return response


def as_json(rows: ImplementationQuerySet, past: Past | None = None) -> StreamingHttpResponse:
    """``{"as_of": …, "record_digest": …, "record_at": …, "recommendations": [row, …]}``, streamed."""
    stamp = _stamp(past)

    def parts() -> Iterator[str]:
        yield json.dumps(stamp, default=_iso)[:-1] + ',"recommendations":['
        for index, row in enumerate(_rows(rows, past, with_links=True)):
            said = json.dumps(row, default=_iso, ensure_ascii=False)
            yield ("," if index else "") + said
        yield "]}\n"

    return StreamingHttpResponse(parts(), content_type="application/json")


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return safe_cell(value)
    return "" if value is None else _iso(value)


def _iso(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
