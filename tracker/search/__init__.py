"""The search over texts, translations, notes and sources: ``find`` is all that pages need.

Words go in (``query``), documents are found by the engine of the database (``engine``), read again through
the one read rule, and ranked by their own words alone (``scoring``).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from django.db.models import Q, QuerySet
from pyroaring import BitMap

from tracker.models import Document, Implementation
from tracker.permissions import AnyUser, readable_entries, reads_internal_of
from tracker.search.engine import as_subquery, engine
from tracker.search.excerpts import Excerpt, excerpts_of
from tracker.search.matches import BestFirst, condition, documents_in, matching
from tracker.search.query import Query, parse
from tracker.search.scoring import Text, is_excluded, score

__all__ = ["LIMIT", "Excerpt", "Found", "find"]

LIMIT = 500
"""Documents that are ranked, the newest of those that match: what keeps common words quick."""
COLUMNS = ("pk", "implementation_id", "said", "told", "parts")


@dataclass(frozen=True)
class Found:
    """What a search found for one person."""

    implementations: list[int]
    """Ids of those that were ranked, best first; of the same rank the newest first."""
    is_cut: bool
    """Whether more match than were ranked."""
    query: Query = field(repr=False)
    user: AnyUser = field(repr=False)
    documents: dict[int, Text] = field(repr=False)
    looked_at: BitMap = field(repr=False)
    """Implementations of which a document was ranked, or found not to answer after all."""

    @cached_property
    def all(self) -> BitMap:
        """Ids of all that match, ranked or not; not to be changed."""
        ranked = BitMap(self.implementations)
        if not self.is_cut:
            return ranked
        return (matching(self.query, self.user) - self.looked_at) | ranked

    @property
    def condition(self) -> Q:
        """The same as a condition on implementations."""
        if not self.is_cut:
            return Q(pk__in=self.implementations)
        return condition(self.query, self.user)

    def best(self, among: BitMap) -> BestFirst:
        """Those of ``all`` that meet other filters as well (``among``), best first: where these leave some of
        many out, the newest that are left are ranked among themselves."""
        ranked = self.implementations
        if self.is_cut and len(among) < len(self.all):
            rows = documents_in(list(among[-LIMIT:]), self.user)
            ranked, chosen = _ranked(self.query, _read(rows[: 4 * LIMIT]))
            self.documents.update(chosen)
        return BestFirst(ranked, among)

    def excerpts(self, rows: Sequence[Implementation]) -> dict[int, list[Excerpt]]:
        """Where the words are, for the rows of one page, by their ids: in texts that this person may read."""
        shown = {row.pk: self.documents[row.pk] for row in rows if row.pk in self.documents}
        return excerpts_of(shown, self.query, self.user)


def find(words: str, *, user: AnyUser) -> Found:
    """What ``user`` may find by these words. ``Invalid`` says what to type where there is nothing to find.

    All words are looked for in a recommendation and what was recorded about carrying it out, together; what
    holds an excluded word anywhere that this person may read is left out. Where nothing is found, the last
    word is taken for the beginning of one.
    """
    query = parse(words)
    found = _found(query, user)
    if not found.implementations and (begun := query.begun()):
        found = _found(begun, user)
    return found


def _found(query: Query, user: AnyUser) -> Found:
    documents, is_cut = _documents(query, user)
    ranked, chosen = _ranked(query, documents)
    gone = set(_excluded(query, user, documents))
    looked_at = BitMap(document.implementation for document in documents)
    return Found([pk for pk in ranked if pk not in gone], is_cut, query, user, chosen, looked_at)


def _ranked(query: Query, documents: Iterable[Text]) -> tuple[list[int], dict[int, Text]]:
    """Implementations whose documents answer, best first, and of each its best document."""
    best: dict[int, tuple[float, int]] = {}
    chosen: dict[int, Text] = {}
    for document in documents:
        rank = score(query, document)
        if rank is None:
            continue
        place = (round(rank, 6), document.pk)
        if place > best.get(document.implementation, (-1.0, 0)):
            best[document.implementation] = place
            chosen[document.implementation] = document
    return sorted(best, key=best.__getitem__, reverse=True), chosen


def _documents(query: Query, user: AnyUser) -> tuple[list[Text], bool]:
    """The newest documents that match, and whether there are more; internal ones only for their readers."""
    questions = [engine().public(query, LIMIT + 1)]
    owners = reads_internal_of(user)
    if owners is None or owners:
        questions.append(engine().internal(query, owners, LIMIT + 1))
    rows = Document.objects.filter(readable_entries(user)).order_by("-pk")
    found = [_read(rows.filter(pk__in=as_subquery(question))) for question in questions]
    return list(chain(*(part[:LIMIT] for part in found))), any(len(p) > LIMIT for p in found)


def _excluded(query: Query, user: AnyUser, documents: Iterable[Text]) -> Iterator[int]:
    """Which of them hold an excluded word in another of their documents."""
    if not query.excluded:
        return
    known = {document.pk: document.implementation for document in documents}
    beside = Document.objects.filter(readable_entries(user), implementation__in=known.values())
    for document in _read(beside.exclude(pk__in=known)):
        if is_excluded(query, document):
            yield document.implementation


def _read(rows: QuerySet[Document]) -> list[Text]:
    return [Text(*columns) for columns in rows.values_list(*COLUMNS)]
