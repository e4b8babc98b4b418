"""``/recommendations/<ref>/``: one recommendation, what was said of it, and the form that records."""

from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from tracker.forms.followup import FollowUpForm
from tracker.history.timeline import line
from tracker.models import FollowUp, Implementation, Recommendation, Source
from tracker.permissions import AnyUser, can_correct, can_record, state_of
from tracker.requests import Request
from tracker.views.record import record, take_kept

PAGE = 50
SHOWN = ("all", "status", "notes", "sources")


@require_http_methods(["GET", "HEAD", "POST"])
def recommendation(request: Request, ref: str) -> HttpResponse:
    is_sent = request.method == "POST"
    found = get_object_or_404(Recommendation, ref=ref) if is_sent else fetch(ref)
    implementation = choose(found, request.user, request.GET.get("state", ""))
    if is_sent:
        if implementation is None:
            raise Http404
        return record(request, implementation)
    kept = take_kept(request) if implementation else None
    return page(request, found, implementation, kept=kept)


def fetch(ref: str) -> Recommendation:
    """The recommendation of that reference with all that its page shows, or 404."""
    return get_object_or_404(Recommendation.objects.with_details(), ref=ref)


def choose(found: Recommendation, user: AnyUser, state: str) -> Implementation | None:
    """The implementation of the State asked for, or 404; else of the person's own; else the first."""
    rows = Implementation.objects.visible_to(user).filter(recommendation=found).order_by("state_id")
    rows = rows.select_related(
        "state", "lead", "reported_entry__organization", "verified_entry__organization"
    )
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
        context["kept"] = kept is not None
    return render(request, "recommendations/detail.html", {**context, **extra}, status=status)


def detail_context(
    request: Request, found: Recommendation, implementation: Implementation | None
) -> dict[str, Any]:
    """All that the page shows of a recommendation and one State."""
    show = request.GET.get("show", "all")
    if show not in SHOWN:
        raise Http404
    context: dict[str, Any] = {
        "recommendation": found,
        "rendering": found.rendering(),
        "implementation": implementation,
        "show": show,
        "shown": SHOWN,
        "states": found.implementations.select_related("state").order_by("state_id")[:300],
    }
    if implementation is not None:
        context |= timeline_context(request, implementation, show)
    return context


def timeline_context(request: Request, implementation: Implementation, show: str) -> dict[str, Any]:
    """The timeline, newest first, ``PAGE`` entries from ``before`` on, and the sources that stand."""
    user = request.user
    entries = FollowUp.objects.visible_to(user).filter(implementation=implementation)
    before = _before(request)
    chosen = entries.saying(show)
    if before:
        chosen = chosen.filter(sequence__lt=before)
    page_of = list(chosen.with_details().order_by("-sequence")[: PAGE + 1])
    shows_newest = bool(page_of) and not before and show == "all"
    newest = page_of[0].sequence if shows_newest else entries.newest_sequence()
    day = implementation.recommendation.meeting.recommended_on
    for entry in page_of:
        entry.implementation = implementation
    lines = [(line(e, day), can_correct(user, e)) for e in page_of[:PAGE]]
    sources = Source.objects.filter(citations__followup__in=entries.standing()).distinct()
    return {
        "lines": lines,
        "older": page_of[PAGE - 1].sequence if len(page_of) > PAGE else None,
        "newest": newest,
        "sources": sources.order_by("-published_on", "-id")[:100],
    }


def _before(request: Request) -> int:
    """The sequence before which the timeline begins; 0 for its newest entry."""
    before = request.GET.get("before", "0")
    if not (before.isascii() and before.isdigit() and len(before) < 10):
        raise Http404
    return int(before)
