"""``/states/``: every State that something is tracked for; ``/states/<code>/``: all that one State was
recommended and what became of it, in pages, and whole as a report to print."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from tracker.folding import alphabetical, initial
from tracker.models import Citation, FollowUp, Implementation, Meeting, State
from tracker.models.implementations import ImplementationQuerySet
from tracker.models.iso import CODES
from tracker.models.recommendations import Place
from tracker.past import may_be_past, past_of, today
from tracker.requests import Request
from tracker.views.overview import sentence
from tracker.views.places import asked_place

PAGE = 50
CHUNK = 100
"""How many recommendations of a report are in memory at a time."""
MANY = 20
"""From how many States on the list has letters as headings."""
HERE = "<!--recommendations-->"
"""Where a report's recommendations come, in the page around them."""


@dataclass(frozen=True)
class Listed:
    """A State in the list, with where its recommendations stand, in words."""

    state: State
    sentence: str


@dataclass(frozen=True)
class Group:
    """What one meeting recommended; ``is_continued`` where its heading was on the part before."""

    meeting: Meeting
    rows: list[Implementation]
    is_continued: bool = False


@require_safe
@may_be_past
def states(request: Request) -> HttpResponse:
    moment = request.past.moment if request.past else None
    counted = Implementation.objects.visible_to(request.user).tracked(moment).by_state(moment)
    found = sorted((State(code=code) for code in counted), key=lambda s: alphabetical(s.name))
    listed = [Listed(state, sentence(counted[state.code])) for state in found]
    letters = [(k, list(g)) for k, g in groupby(listed, key=lambda one: initial(one.state.name))]
    context = {"letters": letters if len(listed) > MANY else [("", listed)], "count": len(listed)}
    return render(request, "states/list.html", context)


@require_safe
@may_be_past
def state(request: Request, code: str) -> HttpResponse:
    found = _named(code)
    if found.code != code:
        return _to_the_one_address(request, "state", found)
    after = asked_place(request)
    page_of, following = _part(request, found, after, PAGE)
    context = {
        **_about(request, found),
        "groups": _grouped(page_of),
        "following": following,
        "after": after,
    }
    return render(request, "states/page.html", context)


@require_safe
@may_be_past
def report(request: Request, code: str) -> HttpResponseBase:
    """All of it on one page, sent as it is made: a chunk is in memory at a time."""
    found = _named(code)
    if found.code != code:
        return _to_the_one_address(request, "state_report", found)
    day = request.past.day if request.past else today()
    context = {**_about(request, found), "day": day, "here": HERE}
    before, _here, behind = render_to_string("states/report.html", context, request).partition(HERE)
    language = translation.get_language()

    def parts() -> Iterator[str]:
        yield before
        with translation.override(language):
            yield from _told(request, found)
        yield behind

    return StreamingHttpResponse(parts(), headers={"Content-Type": "text/html; charset=utf-8"})


def _named(code: str) -> State:
    """The State of that code in any case, or 404; one that nothing is tracked for is a State too."""
    upper = code.upper()
    if not code.isascii() or upper not in CODES:
        raise Http404
    return State(code=upper)


def _to_the_one_address(request: Request, name: str, found: State) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    to = reverse(name, args=[found.code])
    return HttpResponsePermanentRedirect(f"{to}?{query}" if query else to)


def _tracked(request: Request, found: State) -> ImplementationQuerySet:
    moment = request.past.moment if request.past else None
    rows: ImplementationQuerySet = Implementation.objects.visible_to(request.user).tracked(moment)
    return rows.filter(state=found.code)


def _about(request: Request, found: State) -> dict[str, Any]:
    """What stands above its recommendations: its name, and how many stand where, in words."""
    moment = request.past.moment if request.past else None
    rows = _tracked(request, found)
    counted = rows.by_status(moment)
    return {
        "state": found,
        "sentence": sentence(counted),
        "differs": rows.differing(moment).exists(),
    }


def _part(
    request: Request, found: State, after: Place | None, size: int
) -> tuple[list[Implementation], Place | None]:
    """So many recommendations from a place on, as they are or were; and the place of the last one, if more
    follow."""
    rows = _tracked(request, found).for_list()
    if after:
        rows = rows.after(after)
    shown = list(rows.in_order()[: size + 1])
    following = shown[size - 1].recommendation.place_in_lists if len(shown) > size else None
    del shown[size:]
    if past := past_of(request):
        past.put_back(shown)
    _with_last_entries(shown)
    return shown, following


def _with_last_entries(rows: Sequence[Implementation]) -> None:
    """Load who said what was said last, and what it cites."""
    entries: list[FollowUp] = [row.last_entry for row in rows if row.last_entry]
    citations = Prefetch("citations", Citation.objects.select_related("source"))
    prefetch_related_objects(entries, "organization", citations)


def _grouped(rows: Sequence[Implementation], shown: Meeting | None = None) -> list[Group]:
    """By meeting; the one whose heading is ``shown`` already goes on."""
    found = groupby(rows, key=lambda row: row.recommendation.meeting)
    return [Group(meeting, list(of), meeting == shown) for meeting, of in found]


def _told(request: Request, found: State) -> Iterator[str]:
    after: Place | None = None
    while True:
        meeting = after.meeting if after else None
        rows, after = _part(request, found, after, CHUNK)
        context = {"groups": _grouped(rows, meeting)}
        yield render_to_string("states/_groups.html", context, request)
        if after is None:
            return
