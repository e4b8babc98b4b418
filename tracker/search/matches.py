"""All that match, however many: which implementations somebody's words find, ranked or not."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import overload

from django.db.models import Q, QuerySet
from pyroaring import BitMap

from tracker.facets import WORDS
from tracker.models import Document, Facet
from tracker.permissions import (
    AnyUser,
    entries_readable_with,
    readable_entries,
    reads_internal_of,
)
from tracker.search.engine import Owners, as_subquery, engine
from tracker.search.query import Query

REMEMBERED = 64
"""Sets that a process keeps, 12 kilobytes at most each with 100,000 implementations."""


def matching(query: Query, user: AnyUser) -> BitMap:
    """Ids of all implementations that match; not to be changed.

    Words that are nearly everywhere take time (100,000 ids are read), so what they found is remembered until
    something changes that searches look in.
    """
    owners = reads_internal_of(user)
    version = Facet.objects.filter(name=WORDS[0]).values_list("token", flat=True).first()
    of = None if owners is None else tuple(owners)
    return _remembered(version, query, of) if version else _read(query, owners)


def condition(query: Query, user: AnyUser) -> Q:
    """The same for a query of implementations: no ids pass through this process."""
    readable = Document.objects.filter(readable_entries(user))
    found, held = Q(), Q()
    for question in _questions(query, reads_internal_of(user)):
        found |= Q(pk__in=as_subquery(question))
    for term in query.excluded:
        for question in _questions(Query((term,)), reads_internal_of(user)):
            held |= Q(pk__in=as_subquery(question))
    matched = Q(pk__in=readable.filter(found).values("implementation"))
    return matched & ~Q(pk__in=readable.filter(held).values("implementation")) if held else matched


def documents_in(implementations: Sequence[int], user: AnyUser) -> QuerySet[Document]:
    """What somebody may read of these, newest first."""
    rows = Document.objects.filter(readable_entries(user))
    return rows.filter(implementation__in=implementations).order_by("-pk")


def _questions(query: Query, owners: Owners) -> Iterator[tuple[str, list[object]]]:
    yield engine().public(query, None)
    if owners is None or owners:
        yield engine().internal(query, owners, None)


@lru_cache(REMEMBERED)
def _remembered(
    version: str,  # noqa: ARG001 - what is remembered is of that version
    query: Query,
    owners: tuple[int | None, ...] | None,
) -> BitMap:
    return _read(query, None if owners is None else list(owners))


def _read(query: Query, owners: Owners) -> BitMap:
    found = _implementations(query, owners)
    for term in query.excluded:
        found -= _implementations(Query((term,)), owners)
    return found


def _implementations(query: Query, owners: Owners) -> BitMap:
    found = BitMap()
    for question in _questions(query, owners):
        rows = Document.objects.filter(entries_readable_with(owners))
        rows = rows.filter(pk__in=as_subquery(question)).order_by()
        found.update(rows.values_list("implementation", flat=True).distinct())
    return found


class BestFirst(Sequence[int]):
    """Ids in the order of a search: those that were ranked, best first, then all others, newest first."""

    def __init__(self, ranked: Sequence[int], found: BitMap) -> None:
        self.ranked = [pk for pk in ranked if pk in found]
        self.others = found - BitMap(self.ranked)

    def __len__(self) -> int:
        return len(self.ranked) + len(self.others)

    @overload
    def __getitem__(self, at: int) -> int: ...
    @overload
    def __getitem__(self, at: slice) -> list[int]: ...
    def __getitem__(self, at: int | slice) -> int | list[int]:
        if isinstance(at, slice):
            return [self[n] for n in range(*at.indices(len(self)))]
        if at < 0:
            at += len(self)
        if not 0 <= at < len(self):
            raise IndexError(at)
        beyond = at - len(self.ranked)
        return self.ranked[at] if beyond < 0 else int(self.others[len(self.others) - 1 - beyond])

    def __contains__(self, pk: object) -> bool:
        return isinstance(pk, int) and (pk in self.others or pk in self.ranked)

    def place_of(self, pk: int) -> int:
        """At which place an id is that is among them."""
        if pk in self.others:
            return len(self) - self.others.rank(pk)
        return self.ranked.index(pk)
