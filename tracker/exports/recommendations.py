"""The list in other clothes: CSV and JSON with the filters of the page."""

import csv
import json
from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse

from tracker.exports.cells import safe_cell
from tracker.models import Implementation
from tracker.models.implementations import ImplementationQuerySet

COLUMNS = (
    "reference",
    "state",
    "body",
    "meeting",
    "number",
    "themes",
    "text",
    "language",
    "translation",
    "stage",
    "status",
    "status_label",
    "status_since",
    "status_basis",
    "reported_status",
    "verified_status",
    "lead",
    "due_on",
    "follow_ups",
    "sources",
    "last_follow_up",
    "last_entry_at",
    "path",
)


def row_of(implementation: Implementation) -> dict[str, Any]:
    """One row: codes as in the record, labels and translation in the reader's language, days in ISO 8601."""
    recommendation = implementation.recommendation
    rendering = recommendation.rendering()
    return {
        "reference": recommendation.ref,
        "state": implementation.state_id,
        "body": recommendation.meeting.body.slug,
        "meeting": recommendation.meeting.slug,
        "number": recommendation.number,
        "themes": recommendation.heading,
        "text": recommendation.text,
        "language": recommendation.language,
        "translation": "" if rendering is recommendation else rendering.text,
        "stage": recommendation.stage,
        "status": implementation.status,
        "status_label": implementation.get_status_display(),
        "status_since": implementation.status_since,
        "status_basis": implementation.status_basis,
        "reported_status": implementation.reported_status,
        "verified_status": implementation.verified_status,
        "lead": str(implementation.lead or ""),
        "due_on": implementation.due_on,
        "follow_ups": implementation.entry_count,
        "sources": implementation.source_count,
        "last_follow_up": implementation.last_entry.day if implementation.last_entry else None,
        "last_entry_at": implementation.last_activity_at,
        "path": recommendation.get_absolute_url(),
    }


class _Echo:
    """What ``csv`` writes to, so that each line can be sent as it is made."""

    def write(self, line: str) -> str:
        return line


def as_csv(rows: ImplementationQuerySet) -> StreamingHttpResponse:
    """UTF-8 with a byte-order mark, as spreadsheets expect; no cell can be a formula."""

    def lines() -> Iterator[str]:
        writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
        yield "\ufeff" + writer.writerow(COLUMNS)
        for implementation in rows.select_related("lead").iterator(chunk_size=500):
            yield writer.writerow([_cell(value) for value in row_of(implementation).values()])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="recommendations.csv"'
    return response


def as_json(rows: ImplementationQuerySet) -> StreamingHttpResponse:
    """``{"recommendations": [row, …]}``, streamed row by row."""

    def parts() -> Iterator[str]:
        yield '{"recommendations":['
        for index, implementation in enumerate(
            rows.select_related("lead").iterator(chunk_size=500)
        ):
            row = json.dumps(row_of(implementation), default=_iso, ensure_ascii=False)
            yield ("," if index else "") + row
        yield "]}\n"

    return StreamingHttpResponse(parts(), content_type="application/json")


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return safe_cell(value)
    return "" if value is None else _iso(value)


def _iso(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
