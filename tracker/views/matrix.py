"""``/matrix/``: recommendations and States in one table; alphabetical, so that it ranks nobody."""

from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tracker.exceptions import BadPlace
from tracker.forms.matrix import MatrixForm
from tracker.matrix import Chosen, Part, Row, matrix, newest_meeting
from tracker.models import State
from tracker.models.iso import CODES
from tracker.past import may_be_past
from tracker.requests import Request
from tracker.statuses import Status
from tracker.views.places import asked_place


@require_safe
@may_be_past
def table(request: Request) -> HttpResponse:
    form = MatrixForm(request.GET, lambda body: newest_meeting(body, request.past))
    if not form.is_valid():
        return render(request, "matrix/page.html", {"form": form}, status=400)
    if form.is_of_another_body:  # somebody chose another body beside the meeting: its newest, then
        return HttpResponseRedirect(_address(request, {"body": form.query["body"]}))
    form.offer_meetings_of_the_body()
    meeting, body = form.cleaned_data["meeting"], form.cleaned_data["body"]
    after, state = asked_place(request), _asked_state(request)
    found = matrix(request.user, Chosen(meeting, body, after, state), request.past)
    return render(
        request,
        "matrix/page.html",
        {
            "form": form,
            "matrix": found,
            "groups": _by_meeting(found.rows),
            "several_meetings": meeting is None,
            "statuses": Status.choices,
            **_ways(request, form, found.following, found.parts),
        },
    )


def _asked_state(request: Request) -> State | None:
    """The State among which the States that are shown are asked to be."""
    code = request.GET.get("from", "")
    if not code:
        return None
    if code not in CODES:
        message = _("Give the State to show (from in the address) as a code, such as %(code)s.")
        raise BadPlace(message % {"code": "ML"})
    return State(code=code)


def _by_meeting(rows: list[Row]) -> list[tuple[Any, list[Row]]]:
    found = groupby(rows, key=lambda row: row.recommendation.meeting)
    return [(meeting, list(of)) for meeting, of in found]


def _ways(request: Request, form: MatrixForm, following: Any, parts: list[Part]) -> dict[str, Any]:
    """Where the page leads to: its next rows, its first rows, and the other parts of its States."""
    here = {name: request.GET[name] for name in ("after", "from") if request.GET.get(name)}
    first = {**form.query, **{k: v for k, v in here.items() if k == "from"}}
    columns = {**form.query, **{k: v for k, v in here.items() if k == "after"}}
    return {
        "next": _address(request, {**first, "after": str(following)}) if following else "",
        "start": _address(request, first) if "after" in here else "",
        "parts": [
            (part, _address(request, {**columns, "from": part.first.code})) for part in parts
        ],
    }


def _address(request: Request, query: dict[str, str]) -> str:
    as_of = {"as_of": request.past.day.isoformat()} if request.past else {}
    return f"{reverse('matrix')}?{urlencode({**query, **as_of})}"
