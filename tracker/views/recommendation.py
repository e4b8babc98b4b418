"""``/recommendations/<ref>/``: one recommendation, what was said of it, and the form that records."""

import datetime as dt
import uuid
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from tracker.alike import suggestions
from tracker.edited import LIMIT, EditLine, edits_of
from tracker.folding import alphabetical
from tracker.forms.followup import FollowUpForm
from tracker.history.timeline import Line, line
from tracker.models import FollowUp, Implementation, Recommendation, Source, State
from tracker.models.followups import FollowUpQuerySet
from tracker.past import Past, may_be_past, past_of
from tracker.permissions import AnyUser, can_correct, can_record, state_of
from tracker.requests import Request
from tracker.speaking import sides_of, statuses_said
from tracker.statuses import Status
from tracker.views.record import record, take_kept

PAGE = 50
SHOWN = ("all", "status", "notes", "sources", "edits")


@require_http_methods(["GET", "HEAD", "POST"])
@may_be_past
def recommendation(request: Request, ref: str) -> HttpResponse:
    is_sent = request.method == "POST"
    moment = request.past.moment if request.past else None
    found = get_object_or_404(Recommendation, ref=ref) if is_sent else fetch(ref, moment)
    implementation = choose(found, request.user, request.GET.get("state", ""), moment)
    if is_sent:
        if implementation is None:
            raise Http404
        return record(request, implementation)
    if request.past:
        return past_page(request, request.past, found, implementation)
    kept = take_kept(request) if implementation else None
    return page(request, found, implementation, kept=kept)


def fetch(ref: str, moment: dt.datetime | None = None) -> Recommendation:
    """The recommendation of that reference with all that its page shows, or 404."""
    return get_object_or_404(Recommendation.objects.tracked(moment).with_details(), ref=ref)


def choose(
    found: Recommendation, user: AnyUser, state: str, moment: dt.datetime | None = None
) -> Implementation | None:
    """The implementation of the State asked for, or 404; else of the person's own; else the first."""
    rows = Implementation.objects.visible_to(user).tracked(moment)
    rows = rows.filter(recommendation=found).order_by("state_id")
    rows = rows.select_related(
        "state", "lead", "reported_entry__organization", "verified_entry__organization"
    ).annotate(statuses_said=statuses_said(moment))
    if state:
        chosen: Implementation | None = get_object_or_404(rows, state_id=state)
    else:
        own = state_of(user)
        chosen = (rows.filter(state_id=own).first() if own else None) or rows.first()
    if chosen is not None:
        chosen.recommendation = found
    return chosen


def page(
    request: Request,
    found: Recommendation,
    implementation: Implementation | None,
    *,
    form: FollowUpForm | None = None,
    kept: QueryDict | None = None,
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    """The whole page; ``form`` is one that was refused, ``kept`` what was typed before signing in."""
    context = detail_context(request, found, implementation)
    if implementation and can_record(request.user, implementation):
        assert request.user.is_authenticated
        seen = context["newest"]
        context["form"] = form or FollowUpForm(
            kept, user=request.user, implementation=implementation, seen=seen
        )
        context |= {"kept": kept is not None, "confirming": uuid.uuid4()}
    return render(request, "recommendations/detail.html", {**context, **extra}, status=status)


def past_page(
    request: Request, past: Past, found: Recommendation, implementation: Implementation | None
) -> HttpResponse:
    """The page as it was at the end of a day: to be read only."""
    if implementation:
        past.put_back([implementation], details=True)
    else:
        past.reword([found], details=True)
    context = detail_context(request, found, implementation)
    return render(request, "recommendations/detail.html", context)


def detail_context(
    request: Request, found: Recommendation, implementation: Implementation | None
) -> dict[str, Any]:
    """All that the page shows of a recommendation and one State."""
    show = request.GET.get("show", "all")
    if show not in SHOWN:
        raise Http404
    past = past_of(request)
    moment = past.moment if past else None
    states = _states(found, moment)
    context: dict[str, Any] = {
        "recommendation": found,
        "rendering": found.rendering(),
        "implementation": implementation,
        "show": show,
        "shown": SHOWN,
        "chosen_state": implementation.state_id if implementation and len(states) > 1 else "",
        "states": states,
        "similar": [] if past else suggestions(found, [link.to for link in found.links()]),
    }
    if implementation is not None:
        context["sides"] = sides_of(implementation, moment)
        context |= timeline_context(request, implementation, show)
    return context


def _states(found: Recommendation, moment: dt.datetime | None) -> list[tuple[State, Status]]:
    """The States that carry it out, by name, and where each stands or stood."""
    counted = found.implementations.tracked(moment).by_state(moment)
    stands = [(State(code=code), Status(next(iter(said)))) for code, said in counted.items()]
    return sorted(stands, key=lambda one: alphabetical(one[0].name))


def timeline_context(request: Request, implementation: Implementation, show: str) -> dict[str, Any]:
    """The timeline, newest first, ``PAGE`` entries from ``before`` on with the edits made meanwhile, and
    the sources that stand."""
    past, before = past_of(request), _before(request)
    moment = past.moment if past else None
    entries = FollowUp.objects.visible_to(request.user).filter(implementation=implementation)
    entries = entries.until(moment)
    sources = Source.objects.filter(citations__followup__in=entries.standing(moment)).distinct()
    cited = {"sources": sources.order_by("-published_on", "-id")[:100]}
    if show == "edits":
        told = _edits_alone(implementation, before, moment)
        return {**cited, **told, "newest": entries.newest_sequence()}
    chosen = entries.saying(show)
    if before:
        chosen = chosen.filter(sequence__lt=before)
    page_of = list(chosen.with_details().order_by("-sequence")[: PAGE + 1])
    older = page_of[PAGE - 1] if len(page_of) > PAGE else None
    shows_newest = bool(page_of) and not before and show == "all"
    lines = _lines(page_of[:PAGE], implementation, past, request.user)
    if show == "all":
        lines += _edits(implementation, older, _recorded(entries, before) or moment)
    newest = page_of[0].sequence if shows_newest else entries.newest_sequence()
    lines.sort(key=_when, reverse=True)
    return {**cited, "lines": lines, "older": older.sequence if older else None, "newest": newest}


def _recorded(entries: FollowUpQuerySet, sequence: int) -> dt.datetime | None:
    """When the entry of that number was recorded; None for 0."""
    rows = entries.filter(sequence=sequence).values_list("recorded_at", flat=True)
    return rows.first() if sequence else None


def _lines(
    entries: list[FollowUp], implementation: Implementation, past: Past | None, user: AnyUser
) -> list[tuple[Line | EditLine, bool]]:
    """Each entry as a line, and whether this person may correct it."""
    day = implementation.recommendation.meeting.recommended_on
    found: list[tuple[Line | EditLine, bool]] = []
    for entry in entries:
        entry.implementation = implementation
        may_correct = past is None and can_correct(user, entry)
        found.append((line(entry, day, past.moment if past else None), may_correct))
    return found


def _edits(
    implementation: Implementation, older: FollowUp | None, until: dt.datetime | None
) -> list[tuple[Line | EditLine, bool]]:
    """The edits of what was recommended and of who leads, made while these entries were."""
    keys = (implementation.recommendation.ref, implementation.key)
    edits = edits_of(keys, after=older.recorded_at if older else None, until=until)
    return [(edit, False) for edit in edits]


def _edits_alone(
    implementation: Implementation, before: int, moment: dt.datetime | None
) -> dict[str, Any]:
    """The timeline of edits by themselves, ``LIMIT`` from the one numbered ``before`` on."""
    keys = (implementation.recommendation.ref, implementation.key)
    found = edits_of(keys, until=moment, before=before, limit=LIMIT + 1)
    older = found[LIMIT - 1].edit.sequence if len(found) > LIMIT else None
    return {"lines": [(edit, False) for edit in found[:LIMIT]], "older": older}


def _when(pair: tuple[Line | EditLine, bool]) -> dt.datetime:
    told = pair[0]
    return told.edit.recorded_at if isinstance(told, EditLine) else told.entry.recorded_at


def _before(request: Request) -> int:
    """The sequence before which the timeline begins; 0 for its newest entry."""
    before = request.GET.get("before", "0")
    if not (before.isascii() and before.isdigit() and len(before) < 10):
        raise Http404
    return int(before)
