"""``/``: the last meeting, where its recommendations stand, and what was recorded lately."""

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from tracker.models import FollowUp, Implementation, Meeting
from tracker.numbers import in_words
from tracker.permissions import AnyUser, can_record
from tracker.statuses import Status

LATELY = 5


def overview(request: HttpRequest) -> HttpResponse:
    return render(request, "overview/page.html", overview_context(request.user))


def overview_context(user: AnyUser) -> dict[str, Any]:
    """All that the overview shows, as page and as fragment."""
    meeting = Meeting.objects.select_related("body").filter(recommendations__isnull=False).first()
    rows = Implementation.objects.visible_to(user).filter(recommendation__meeting=meeting)
    counted = dict(rows.order_by().values_list("status").annotate(Count("pk")))
    shown = list(rows.for_list().in_order()[:60])
    entries = FollowUp.objects.visible_to(user).filter(
        implementation__recommendation__meeting=meeting
    )
    lately = entries.with_details().select_related("implementation__recommendation")
    states = {row.state_id: row.state for row in shown}
    recommended = rows.values("recommendation").distinct().count() if len(states) > 1 else None
    return {
        "meeting": meeting,
        "rows": [(row, can_record(user, row)) for row in shown],
        "states": list(states.values()),
        "several_states": Implementation.objects.visible_to(user).have_several_states(),
        "sentence": sentence(counted, recommended),
        "total": sum(counted.values()),
        "lately": lately.order_by("-recorded_at", "-id")[:LATELY],
    }


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
    said = pgettext("between parts of a sentence", "; ").join(parts)
    return f"{capfirst(head % {'count': in_words(recommended or total)})} {capfirst(said)}."


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
