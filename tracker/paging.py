"""Pages of the list by key: each begins after a row that its address names, whatever is before it.

``after=som-12-1:ML`` stays the same place however many rows are added, and costs the same on every page.
"""

from dataclasses import dataclass
from operator import itemgetter

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _
from pyroaring import BitMap

from tracker.exceptions import BadPlace
from tracker.facets import Sets
from tracker.models import Implementation, Meeting
from tracker.models.implementations import ImplementationQuerySet
from tracker.ordering import LARGEST_NUMBER, place_of
from tracker.search.matches import BestFirst

SIZE = 50
MANY = 1000
"""Above so many candidates in a meeting, its rows are walked through rather than named one by one."""


@dataclass(frozen=True)
class Start:
    """Where a page begins: after this place, or before it; ``None`` for the first page."""

    place: int | None = None
    backwards: bool = False

    def of(self, rows: ImplementationQuerySet) -> ImplementationQuerySet:
        """The rows from there on, nearest first."""
        rows = rows.order_by("-place" if self.backwards else "place")
        if self.place is None:
            return rows
        beyond = Q(place__lt=self.place) if self.backwards else Q(place__gt=self.place)
        return rows.filter(beyond)


@dataclass(frozen=True)
class Page:
    """One page of rows; ``before`` and ``after`` are the keys of its neighbours' starts, or empty."""

    rows: list[Implementation]
    total: int
    before: str = ""
    after: str = ""


NOTHING = Page([], 0)


def start_of(after: str, before: str) -> Start:
    """The start that an address names by ``after`` or ``before``; 404 where no such row is tracked, and
    ``BadPlace`` where it names none."""
    key = after or before
    if not key:
        return Start()
    ref, _colon, state = key.rpartition(":")
    if (after and before) or not ref:
        message = _(
            "Give one row to go on from (after or before in the address) as recommendation:State, "
            "such as %(place)s; or leave it out to begin at the start."
        )
        raise BadPlace(message % {"place": "som-12-1:ML"})
    rows = Implementation.objects.filter(recommendation__ref=ref, state=state)
    place = rows.values_list("place", flat=True).first()
    if place is None:
        raise Http404
    return Start(place, backwards=bool(before))


def of_rows(rows: ImplementationQuerySet, start: Start) -> Page:
    """The page of a filtered queryset."""
    return _page(list(start.of(rows)[: SIZE + 1]), rows.count(), start)


def of_set(rows: ImplementationQuerySet, found: BitMap, sets: Sets, start: Start) -> Page:
    """The page of a set; ``rows`` says how they are loaded."""
    near, jump = _near(found, sets, start)
    if len(near) > MANY:
        near = _walk(found, jump)
    return _page(list(start.of(rows.filter(pk__in=list(near)))[: SIZE + 1]), len(found), start)


def of_ranked(rows: ImplementationQuerySet, ranked: BestFirst, start: Start) -> Page:
    """The page of ids in the order of a search; the first, where it finds the row no more that it was to
    begin from."""
    at = 0
    if start.place is not None:
        pk = Implementation.objects.values_list("pk", flat=True).get(place=start.place)
        if pk in ranked:
            at = ranked.place_of(pk)
        else:
            start = Start()
    if start.backwards:
        ids = ranked[max(at - SIZE - 1, 0) : at][::-1]
    else:
        begin = at + (start.place is not None)
        ids = ranked[begin : begin + SIZE + 1]
    loaded = rows.in_bulk(ids)
    return _page([loaded[pk] for pk in ids if pk in loaded], len(ranked), start)


def _page(found: list[Implementation], total: int, start: Start) -> Page:
    rows = found[:SIZE]
    if start.backwards:
        rows.reverse()
    is_more, is_past_first = len(found) > SIZE, start.place is not None
    before = is_more if start.backwards else is_past_first
    after = is_past_first if start.backwards else is_more
    return Page(
        rows,
        total,
        before=rows[0].key if rows and before else "",
        after=rows[-1].key if rows and after else "",
    )


def _near(found: BitMap, sets: Sets, start: Start) -> tuple[BitMap, Start]:
    """Members of the meetings that fill the page (all of the one in which it begins, and as many after it
    as are needed), and where the first of them begins."""
    near, jump, enough = BitMap(), start, SIZE
    for slug, edge in _meetings(start):
        part = found & sets["meeting", slug]
        is_after = start.place is None or (
            edge < start.place if start.backwards else edge > start.place
        )
        if part and not near and is_after:
            jump = Start(edge, start.backwards)
        near |= part
        if is_after:
            enough -= len(part)
        if enough < 0:
            break
    return near, jump


def _meetings(start: Start) -> list[tuple[str, int]]:
    """Meetings in the order of the list from the one in which the page begins, with the place at which
    one enters each."""
    rows = Meeting.objects.order_by().values_list("slug", "starts_on", "pk")
    if start.backwards:
        ends = [(s, place_of(d, pk, LARGEST_NUMBER, "ZZ") + 1) for s, d, pk in rows]
        found = sorted(ends, key=itemgetter(1), reverse=True)
        begin = sum(place > (start.place or 0) for _slug, place in found)
    else:
        found = sorted(((s, place_of(d, pk, 0, "AA")) for s, d, pk in rows), key=itemgetter(1))
        begin = sum(place <= (start.place or 0) for _slug, place in found)
    return found[max(begin - 1, 0) :]


def _walk(found: BitMap, start: Start) -> BitMap:
    """The next members by walking through the places of all rows: a few of them mostly, else as many as it
    takes, in two questions."""
    ids = BitMap()
    places = start.of(Implementation.objects.all()).values_list("pk", flat=True)
    for rows in (places[:MANY], places[MANY:].iterator(chunk_size=MANY)):
        for pk in rows:
            if pk in found:
                ids.add(pk)
            if len(ids) > SIZE:
                return ids
    return ids
