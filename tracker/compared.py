"""A page of what changed between two days: each recommendation with what States did, in few queries."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, F, Max, Window
from django.db.models.functions import RowNumber

from tracker.comparing import NO_EDITS, Scope, base_of
from tracker.edited import names_in
from tracker.history.compare import Carried, Changed, Edited, Step
from tracker.history.edits import changes
from tracker.models import Edit, FollowUp, Implementation, Recommendation, Standing
from tracker.past import Past, today
from tracker.statuses import Act

STEPS = 200
"""Of one carrying-out, the newest that a page shows."""
STEPS_OF_ALL = 2000
"""Of a whole page, shared between those that changed."""


def compared(scope: Scope, places: Sequence[tuple[Any, ...]]) -> list[Changed]:
    """``places`` are rows of ``Scope.changed``; their order is that of the page."""
    refs = list(dict.fromkeys(place[3] for place in places))
    recommendations = _recommendations(scope, refs)
    rows = _implementations(scope, places, recommendations)
    keys = [*(r.ref for r in recommendations.values()), *(row.key for row in rows)]
    edited = _edited(scope, keys)
    found = {pk: Changed(recommendations[pk]) for pk in refs}
    for pk, place in ((place[3], place[4]) for place in places):
        if not place:
            found[pk].edited = _of(scope, edited, recommendations[pk])
    for carried in _carried(scope, rows, edited):
        found[carried.implementation.recommendation_id].carried.append(carried)
    return list(found.values())


def _recommendations(scope: Scope, pks: Iterable[int]) -> dict[int, Recommendation]:
    rows = Recommendation.objects.select_related("meeting__body")
    found = rows.prefetch_related("theme_links__theme", "translations").in_bulk(list(pks))
    if scope.window.last < today():
        Past(scope.window.last).reword(list(found.values()))
    return found


def _implementations(
    scope: Scope, places: Sequence[tuple[Any, ...]], recommendations: dict[int, Recommendation]
) -> list[Implementation]:
    """In the order of the page."""
    wanted = {(about, state) for *_order, about, state in places if state}
    rows = scope.implementations().filter(
        recommendation__in={about for about, _state in wanted},
        state__in={state for _about, state in wanted},
    )
    by_place = {(row.recommendation_id, row.state_id): row for row in rows.select_related("state")}
    found = [by_place[place[3], place[4]] for place in places if place[4]]
    for row in found:
        row.recommendation = recommendations[row.recommendation_id]
    return found


def _carried(
    scope: Scope, rows: list[Implementation], edited: dict[str, Edited]
) -> Iterable[Carried]:
    standings = Standing.objects.filter(implementation__in=rows)
    then = {s.implementation_id: s for s in standings.at(scope.window.start)}
    now = {s.implementation_id: s for s in standings.at(scope.window.end)}
    entries = scope.entries().filter(implementation__in=rows)
    counted = dict(entries.order_by().values_list("implementation").annotate(Count("pk")))
    steps = _steps(scope, rows)
    for row in rows:
        shown = steps.get(row.pk, [])
        more = counted.get(row.pk, 0) - len(shown)
        edits = _of(scope, edited, row)
        yield Carried(row, then.get(row.pk), now.get(row.pk), edits, shown, more)


def _steps(scope: Scope, rows: list[Implementation]) -> dict[int, list[Step]]:
    """The newest entries of each, in the order in which they were recorded."""
    limit = max(1, min(STEPS, STEPS_OF_ALL // max(1, len(rows))))
    newest = Window(RowNumber(), "implementation", F("sequence").desc())
    entries = scope.entries().filter(implementation__in=rows).annotate(newest=newest)
    chosen = FollowUp.objects.visible_to(scope.user).filter(
        pk__in=entries.filter(newest__lte=limit).order_by().values("pk")
    )
    found: dict[int, list[Step]] = {}
    for entry in chosen.with_details().order_by("implementation", "sequence"):
        correction = getattr(entry, "correction", None)
        if correction is not None and correction.recorded_at > scope.window.end:
            correction = None
        found.setdefault(entry.implementation_id, []).append(Step(entry, correction))
    return found


def _of(scope: Scope, edited: dict[str, Edited], record: Recommendation | Implementation) -> Edited:
    if record.added_at > scope.window.start:
        return Edited(is_new=True)
    key = record.ref if isinstance(record, Recommendation) else record.key
    return edited.get(key, Edited())


def _edited(scope: Scope, keys: list[str]) -> dict[str, Edited]:
    """What each of these keys says otherwise than on the first day, and by which edits."""
    window = scope.window
    rows = Edit.objects.filter(scope.within(), key__in=keys).exclude(act__in=NO_EDITS)
    by_key: dict[str, list[Edit]] = {}
    for edit in rows.defer("snapshot").order_by("sequence"):
        by_key.setdefault(edit.key, []).append(edit)
    last = base_of(window).filter(key__in=by_key).order_by().values("key")
    newest = last.annotate(newest=Max("sequence")).values("newest")
    before = {edit.key: edit for edit in Edit.objects.filter(sequence__in=newest)}
    after = Edit.objects.last_of_each(by_key, window.end)
    names = names_in(e.snapshot for e in (*before.values(), *after.values()))
    return {
        key: _compared(edits, before.get(key), after.get(key), names)
        for key, edits in by_key.items()
    }


def _compared(
    edits: list[Edit], before: Edit | None, after: Edit | None, names: dict[str, str]
) -> Edited:
    if before is None or after is None:
        return Edited(edits=edits)
    is_blind = before.is_redacted or after.is_redacted
    found = [] if is_blind else changes(before.snapshot, after.snapshot, names)
    has_others = any(edit.act != Act.REDACTION for edit in edits)
    return Edited(found, edits, is_blind=is_blind and has_others)
