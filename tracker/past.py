"""The record at the end of a past day (UTC): its rows as they were, from what the history keeps.

``at_the_end_of`` reads the day that an address asks for. ``Past.put_back`` turns rows of today into what
they were: where they stood (``Standing``), who led (``Edit``), and what they said (``Edit``), in a number of
queries that does not grow. Names of bodies, places, organizations and sources are today's.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import wraps
from typing import Any, TypeVar

from django.db import models
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.exceptions import BadDay
from tracker.history import snapshots
from tracker.history.projection import Projection
from tracker.history.snapshots import Snapshot
from tracker.models import (
    Difficulty,
    Edit,
    FollowUp,
    Implementation,
    Instrument,
    Organization,
    Provision,
    Recommendation,
    RecommendationProvision,
    RecommendationTheme,
    Relation,
    Source,
    Standing,
    Theme,
    Translation,
)
from tracker.statuses import LinkedBy, LinkKind
from tracker.templatetags.suivi import written

M = TypeVar("M", bound=models.Model)
WORDS = ("number", "text", "language", "locator", "stage")
WITHOUT_WORDS: Snapshot = {"text": "", "translations": []}


def end_of(day: dt.date) -> dt.datetime:
    """The last moment of a day, UTC."""
    return dt.datetime.combine(day, dt.time.max, dt.UTC)


def today() -> dt.date:
    """The day that it is now, UTC."""
    return timezone.now().astimezone(dt.UTC).date()


def first_day() -> dt.date | None:
    """The day of the record's first public entry or edit; None where nothing was recorded yet."""
    moments = [
        Edit.objects.filter(sequence=1).values_list("recorded_at", flat=True).first(),
        FollowUp.objects.public()
        .order_by("recorded_at")
        .values_list("recorded_at", flat=True)
        .first(),
    ]
    found = [moment for moment in moments if moment is not None]
    return min(found).astimezone(dt.UTC).date() if found else None


@dataclass(frozen=True)
class Past:
    """The record at the end of ``day``."""

    day: dt.date

    @property
    def moment(self) -> dt.datetime:
        return end_of(self.day)

    def put_back(
        self, rows: Sequence[Implementation], details: bool = False, origins: bool = False
    ) -> None:
        """Make implementations, and their recommendations, what they were; ``details`` for a page that
        shows all of them: provisions, difficulties, who said what stood; ``origins`` for a list that says
        where quotations are from."""
        self._stand(rows, details)
        self._lead(rows)
        self.reword([row.recommendation for row in rows], details, origins)

    def _stand(self, rows: Sequence[Implementation], details: bool) -> None:
        related = ["last_entry"]
        if details:
            related += ["reported_entry__organization", "verified_entry__organization"]
        found = Standing.objects.at(self.moment).filter(implementation__in=rows)
        by_row = {s.implementation_id: s for s in found.select_related(*related)}
        for row in rows:
            row.seen_at = self.moment
            stood: Any = by_row.get(row.pk) or Projection()
            for column in fields(Projection):
                setattr(row, column.name, getattr(stood, column.name))
            for entry in related:
                name = entry.partition("__")[0]
                setattr(row, name, getattr(stood, name, None))

    def _lead(self, rows: Sequence[Implementation]) -> None:
        edits = Edit.objects.last_of_each([row.key for row in rows], self.moment)
        said = {key: edit.snapshot or {} for key, edit in edits.items()}
        leads = Organization.objects.in_bulk({s["lead"] for s in said.values() if s.get("lead")})
        for row in rows:
            snapshot = said.get(row.key, {})
            lead, due = snapshot.get("lead"), snapshot.get("due_on")
            row.lead = leads.get(lead) or (
                Organization(pk=lead, name_fr=snapshot["lead_as"]) if lead else None
            )
            row.due_on = dt.date.fromisoformat(due) if due else None

    def reword(
        self, rows: Sequence[Recommendation], details: bool = False, origins: bool = False
    ) -> None:
        """Make recommendations say what they said: words, translations, themes; with ``details`` where
        the quotation is from, provisions, difficulties and whole linked recommendations too."""
        edits = Edit.objects.last_of_each({row.ref for row in rows}, self.moment)
        said = _snapshots(edits)
        origins = origins or details
        sources = _by(Source.objects, "url", _urls(said.values())) if origins else {}
        _link(rows, said, details)
        for row in rows:
            snapshot = said.get(row.ref) or {**snapshots.of_recommendation(row), **WITHOUT_WORDS}
            _reword(row, snapshot, sources, origins)
            if details:
                _tie(row, snapshot)


def _snapshots(edits: dict[str, Edit]) -> dict[str, Snapshot]:
    """What each said; of one that was redacted since, what is nearest before or after it, without words."""
    said = {key: edit.snapshot for key, edit in edits.items() if edit.snapshot}
    for key, edit in edits.items():
        if edit.is_redacted:  # rare: a query for each
            near = Edit.objects.of_records().filter(key=key, is_redacted=False)
            before = near.filter(sequence__lt=edit.sequence).order_by("-sequence").first()
            nearest = before or near.filter(sequence__gt=edit.sequence).order_by("sequence").first()
            if nearest and nearest.snapshot:
                said[key] = {**nearest.snapshot, **WITHOUT_WORDS}
    return said


def _reword(
    row: Recommendation, snapshot: Snapshot, sources: dict[str, Source], origins: bool
) -> None:
    def source(url: str | None) -> Source | None:
        """What was cited; its address alone, where nothing else rests on it any more."""
        return (sources.get(url) or Source(url=url)) if url and origins else None

    for name in WORDS:
        setattr(row, name, snapshot[name])
    if origin := source(snapshot["origin"]):
        row.origin = origin
    translations = [
        Translation(
            recommendation=row,
            language=t["language"],
            text=t["text"],
            is_official=t["is_official"],
            origin=source(t["origin"]),
        )
        for t in snapshot["translations"]
    ]
    themes = [
        RecommendationTheme(
            recommendation=row,
            theme=Theme(slug=t["slug"], name_fr=t["name_fr"], name_en=t["name_en"]),
            is_editorial=t["is_editorial"],
        )
        for t in snapshot["themes"]
    ]
    _hold(row, "translations", Translation, translations)
    _hold(row, "theme_links", RecommendationTheme, themes)


def _tie(row: Recommendation, snapshot: Snapshot) -> None:
    """Provisions and difficulties, by their references; one that is gone shows its reference."""
    named = [(p["instrument"], p["kind"], p["number"]) for p in snapshot["provisions"]]
    rows = Provision.objects.select_related("instrument")
    rows = rows.filter(instrument__slug__in={name[0] for name in named})
    known = {(p.instrument.slug, p.kind, p.number): p for p in rows}
    links = [
        RecommendationProvision(
            recommendation=row,
            provision=known.get(name) or _gone(*name),
            is_editorial=provision["is_editorial"],
        )
        for name, provision in zip(named, snapshot["provisions"], strict=True)
    ]
    _hold(row, "provision_links", RecommendationProvision, links)
    there = row.meeting.difficulties.filter(slug__in=snapshot["difficulties"])
    titles = {d.slug: d for d in there}
    named_difficulties = [
        titles.get(slug) or Difficulty(slug=slug, title_fr=slug, title_en=slug)
        for slug in snapshot["difficulties"]
    ]
    _hold(row, "difficulties", Difficulty, named_difficulties)


def _link(rows: Sequence[Recommendation], said: dict[str, Snapshot], details: bool) -> None:
    """What each was linked to, by references; ``details`` loads those, where there are any."""
    named = {link["ref"] for snapshot in said.values() for link in snapshot.get("links", [])}
    known: dict[str, Recommendation] = {}
    if named and details:
        known = _by(Recommendation.objects.select_related("meeting"), "ref", named)
    for row in rows:
        earlier, later = [], []
        for link in said.get(row.ref, {}).get("links", []):
            other = known.get(link["ref"]) or Recommendation(ref=link["ref"], meeting=row.meeting)
            if link["kind"] in LinkKind.values:
                earlier.append(Relation(later=row, earlier=other, kind=link["kind"]))
            else:
                kind = LinkKind.values[LinkedBy.values.index(link["kind"])]
                later.append(Relation(later=other, earlier=row, kind=kind))
        _hold(row, "earlier_links", Relation, earlier)
        _hold(row, "later_links", Relation, later)


def _gone(instrument: str, kind: str, number: str) -> Provision:
    of = Instrument(slug=instrument, short_fr=instrument, short_en=instrument)
    return Provision(instrument=of, kind=kind, number=number)


def _hold(row: models.Model, name: str, model: type[M], rows: list[M]) -> None:
    """Make ``rows`` what the relation of that name answers, as if they had been prefetched."""
    held: Any = model._default_manager.none()
    held._result_cache, held._prefetch_done = rows, True
    cache = row.__dict__.setdefault("_prefetched_objects_cache", {})
    cache[name] = held


def _by(rows: Any, column: str, values: set[str]) -> dict[str, Any]:
    return {getattr(r, column): r for r in rows.filter(**{f"{column}__in": values})}


def _urls(snapshots: Any) -> set[str]:
    found = {s["origin"] for s in snapshots}
    return found | {t["origin"] for s in snapshots for t in s["translations"] if t["origin"]}


# --- The day that an address asks for


def at_the_end_of(value: str) -> Past:
    """The record at the end of the day written as ``2026-02-12``; ``BadDay`` names the remedy."""
    first = first_day() or today()
    try:
        day = dt.date.fromisoformat(value) if len(value) == 10 else None
    except ValueError:
        day = None
    if day is None or day.isoformat() != value:  # one day has one address
        message = _("Give the day (as_of in the address) as year-month-day, such as %(day)s.")
        raise BadDay(message % {"day": today()})
    if not first <= day <= today():
        between = {"first": written(first), "last": written(today())}
        message = _(
            "Choose a day (as_of in the address) from %(first)s, when the record begins, to %(last)s."
        )
        raise BadDay(message % between)
    return Past(day)


def past_of(request: HttpRequest) -> Past | None:
    """The past day that a page shows; None for today, and on pages that have no past."""
    return getattr(request, "past", None)


V = TypeVar("V", bound=Callable[..., HttpResponseBase])


def may_be_past(view: V) -> V:
    """Marks a view whose page can be read as of a past day: ``request.past`` is that, or None.

    Nothing is written there: a form that is sent to such an address is refused.
    """

    @wraps(view)
    def reads(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        value = request.GET.get("as_of")
        request.past = at_the_end_of(value) if value else None  # type: ignore[attr-defined]
        if value and request.method == "POST":
            raise BadDay(_("Nothing can be recorded on a past page: open the page of today."))
        return view(request, *args, **kwargs)

    return reads  # type: ignore[return-value]
