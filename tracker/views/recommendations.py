"""``/recommendations/``: the list, with search and filters; the same rows as CSV and JSON."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from pyroaring import BitMap

from tracker.exports.recommendations import as_csv, as_json
from tracker.faceted import Faceted
from tracker.facets import Sets
from tracker.filters import ImplementationFilter
from tracker.models import Implementation, Meeting
from tracker.models.implementations import ImplementationQuerySet
from tracker.paging import NOTHING, Page, Start, of_ranked, of_rows, of_set, start_of
from tracker.past import Past, may_be_past
from tracker.requests import Request
from tracker.views.errors import bad_filters
from tracker.views.named import states_named

Export = Callable[[ImplementationQuerySet, Past | None], HttpResponseBase]


def _filtered(request: Request) -> ImplementationFilter:
    rows = _tracked(request).for_list().in_order()
    return ImplementationFilter(request.GET, queryset=rows, past=request.past, user=request.user)


def _tracked(request: Request) -> ImplementationQuerySet:
    moment = request.past.moment if request.past else None
    return Implementation.objects.visible_to(request.user).tracked(moment)


@require_safe
@may_be_past
@vary_on_headers("HX-Request")
def recommendations(request: Request) -> HttpResponse:
    filters = _filtered(request)
    is_valid = filters.is_valid()
    context: dict[str, Any] = {"filters": filters, "page": NOTHING, "address": _address(filters)}
    if is_valid:
        context |= _chosen(request, filters)
        context["named"] = states_named(request, filters.form.cleaned_data["q"])
    context["several_states"] = _tracked(request).have_several_states()
    context["several_meetings"] = len(Meeting.objects.order_by()[:2]) > 1
    name = "_results" if request.htmx and not request.htmx.history_restore_request else "list"
    response = render(
        request, f"recommendations/{name}.html", context, status=200 if is_valid else 400
    )
    if request.htmx:
        response["HX-Push-Url"] = context["address"]
    return response


def _chosen(request: Request, filters: ImplementationFilter) -> dict[str, Any]:
    """The page of rows, and how many each choice would leave; a past day's are read from the history."""
    start = start_of(request.GET.get("after", ""), request.GET.get("before", ""))
    if request.past:
        page = _past_page(request, filters, start)
        request.past.put_back(page.rows)
        return {"page": page}
    faceted = Faceted(filters)
    rows, ranked = _tracked(request).for_list(), faceted.ranked
    if ranked is None:
        page = of_set(rows, faceted.found, faceted.sets, start)
    else:
        page = of_ranked(rows, ranked, start)
    facets = {name: list(faceted.options(name)) for name in filters.filters if name != "q"}
    found = filters.words
    return {
        "page": page,
        "facets": facets,
        "is_cut": found.is_cut if found else False,
        "excerpts": found.excerpts(page.rows) if found else {},
    }


def _past_page(request: Request, filters: ImplementationFilter, start: Start) -> Page:
    """Which rows meet the filters is asked once, without an order: it counts them and finds the page."""
    if not filters.is_filtered:
        return of_rows(filters.qs, start)
    found = BitMap(filters.qs.order_by().values_list("pk", flat=True))
    return of_set(_tracked(request).for_list(), found, Sets(), start)


def _address(filters: ImplementationFilter) -> str:
    return reverse("recommendations") + (f"?{filters.query}" if filters.query else "")


@require_safe
@may_be_past
def recommendations_csv(request: Request) -> HttpResponseBase:
    return _taken_away(request, as_csv)


@require_safe
@may_be_past
def recommendations_json(request: Request) -> HttpResponseBase:
    return _taken_away(request, as_json)


def _taken_away(request: Request, export: Export) -> HttpResponseBase:
    filters = _filtered(request)
    if not filters.is_valid():
        return bad_filters(request, filters.form.errors)
    return export(filters.qs, request.past)
