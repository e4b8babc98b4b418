"""``/``: the last meeting, where its recommendations stand, and what was recorded lately; each meeting
has the same page of its own."""

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from tracker.models import FollowUp, Implementation, Meeting, Recommendation
from tracker.models.followups import FollowUpQuerySet
from tracker.models.implementations import ImplementationQuerySet
from tracker.numbers import in_words
from tracker.past import Past, may_be_past
from tracker.permissions import AnyUser, can_record, state_of
from tracker.requests import Request
from tracker.spread import is_spread, spread
from tracker.statuses import Status

ROWS = 60
LATELY = 5
MEETINGS = 12
"""How many other meetings the page leads to."""


@require_safe
@may_be_past
def overview(request: Request) -> HttpResponse:
    context = overview_context(request.user, past=request.past)
    return render(request, "overview/page.html", context)


@require_safe
@may_be_past
def meeting(request: Request, slug: str) -> HttpResponse:
    """The same page about one meeting, whichever it is."""
    found = get_object_or_404(Meeting.objects.select_related("body"), slug=slug)
    context = overview_context(request.user, found, past=request.past)
    return render(request, "overview/page.html", context)


def overview_context(
    user: AnyUser, meeting: Meeting | None = None, past: Past | None = None
) -> dict[str, Any]:
    """All that the overview shows of a meeting (the newest, if none is given), as page and as fragment."""
    moment = past.moment if past else None
    tracked = Implementation.objects.visible_to(user).tracked(moment)
    meetings = Meeting.objects.select_related("body").filter(
        Exists(Recommendation.objects.tracked(moment).filter(meeting=OuterRef("pk")))
    )
    others = list(meetings[: MEETINGS + 1])
    meeting = meeting or next(iter(others), None)
    rows = tracked.filter(recommendation__meeting=meeting)
    several_states = tracked.have_several_states()
    return {
        "meeting": meeting,
        "meetings": [other for other in others if other != meeting][:MEETINGS],
        "stale": stale(rows.stale(moment).count()),
        "several_states": several_states,
        "lately": _lately(user, meeting, moment),
        **_standing(user, rows, past, several_states),
    }


def _standing(
    user: AnyUser, rows: ImplementationQuerySet, past: Past | None, several_states: bool
) -> dict[str, Any]:
    """Where the implementations of a meeting stand: in words, and a row each or, where many States carry
    out the same, a row for each recommendation, and above them those of the person's own State."""
    moment = past.moment if past else None
    counted = rows.by_status(moment)
    total, spreads = sum(counted.values()), []
    recommended = rows.values("recommendation").distinct().count() if several_states else total
    if is_spread(total, recommended):
        spreads = spread(rows, past, ROWS)
        rows = rows.filter(state=state_of(user))
    shown = list(rows.for_list().in_order()[:ROWS])
    if past:
        past.put_back(shown)
    return {
        "rows": [(row, past is None and can_record(user, row)) for row in shown],
        "states": list({row.state_id: row.state for row in shown}.values()),
        "spreads": spreads,
        "is_all": len(spreads) == recommended if spreads else len(shown) == total,
        "sentence": sentence(counted, recommended),
    }


def _lately(user: AnyUser, meeting: Meeting | None, moment: dt.datetime | None) -> FollowUpQuerySet:
    entries = FollowUp.objects.visible_to(user).until(moment)
    entries = entries.filter(implementation__recommendation__meeting=meeting)
    told = entries.with_details().select_related(
        "implementation__recommendation", "implementation__state"
    )
    return told.order_by("-recorded_at", "-id")[:LATELY]


def stale(count: int) -> str:
    """How many nobody has looked at lately, in words; nothing where that is none."""
    said = ngettext(
        "Nobody has looked at %(count)s of them lately.",
        "Nobody has looked at %(count)s of them lately.",
        count,
    )
    return said % {"count": in_words(count)} if count else ""


def sentence(counted: dict[str, int], recommended: int | None = None) -> str:
    """Where they stand, in words: "Six recommendations. One is in progress; of five, nothing …".

    ``recommended`` is how many recommendations there are, where several States carry out each of them.
    """
    total = sum(counted.values())
    if not total:
        return ""
    head = ngettext("%(count)s recommendation.", "%(count)s recommendations.", recommended or total)
    if counted.get(Status.NO_INFORMATION) == total:
        parts = [_("nothing has been reported on any of them")]
    else:
        parts = _parts(counted)
        if recommended and recommended != total:  # the parts add up to more than that
            head = ngettext(
                "%(count)s recommendation, %(total)s counting each State.",
                "%(count)s recommendations, %(total)s counting each State.",
                recommended,
            )
    said = pgettext("between parts of a sentence", "; ").join(parts)
    shown = {"count": in_words(recommended or total), "total": in_words(total)}
    return f"{capfirst(head % shown)} {capfirst(said)}."


def _parts(counted: dict[str, int]) -> list[str]:
    return [
        _part(status, counted[status]) for status in reversed(Status.values) if counted.get(status)
    ]


def _part(status: str, count: int) -> str:
    phrases = {
        Status.NO_INFORMATION: ngettext(
            "of %(count)s, nothing has been reported",
            "of %(count)s, nothing has been reported",
            count,
        ),
        Status.NOT_STARTED: ngettext(
            "%(count)s has not been started", "%(count)s have not been started", count
        ),
        Status.IN_PROGRESS: ngettext(
            "%(count)s is in progress", "%(count)s are in progress", count
        ),
        Status.PARTLY_IMPLEMENTED: ngettext(
            "%(count)s is partly implemented", "%(count)s are partly implemented", count
        ),
        Status.IMPLEMENTED: ngettext(
            "%(count)s is implemented", "%(count)s are implemented", count
        ),
        Status.NO_LONGER_APPLICABLE: ngettext(
            "%(count)s no longer applies", "%(count)s no longer apply", count
        ),
    }
    return phrases[Status(status)] % {"count": in_words(count)}
