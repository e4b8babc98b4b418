"""Recommendations of other meetings that are worded like one: found by the index, compared exactly.

A fixed number of queries, whatever the number of recommendations, and a bounded number of rows read: of a
part of a signature that thousands share (a phrase that stands in all of them), the newest ``CROWD`` only.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import connections

from tracker.models import Recommendation, Wording
from tracker.similar.compare import THRESHOLD, Stems, similarity
from tracker.similar.signature import bands

SHOWN = 5
COMPARED = 20
CROWD = 100

ONE_BAND = """
    SELECT recommendation_id FROM (SELECT recommendation_id FROM tracker_band WHERE hash = %s
                                   ORDER BY recommendation_id DESC LIMIT {crowd}) AS b{n}"""
SHARING = """
    SELECT r.id
    FROM (SELECT recommendation_id, COUNT(*) AS shared FROM ({bands}) AS every
          GROUP BY recommendation_id) AS found
    JOIN tracker_recommendation AS r ON r.id = found.recommendation_id
    WHERE r.meeting_id <> %s
    ORDER BY found.shared DESC, r.id DESC LIMIT {compared}
"""


class Suggestion(NamedTuple):
    """A recommendation of another meeting, and how alike both are worded (from 0 to 1)."""

    recommendation: Recommendation
    likeness: float


def suggestions(
    recommendation: Recommendation, but: Iterable[Recommendation] = ()
) -> list[Suggestion]:
    """Those worded most alike, at most ``SHOWN``; none of the same meeting, and none that is in ``but``."""
    own = _stems([recommendation.pk]).get(recommendation.pk, {})
    left_out = {recommendation.pk, *(other.pk for other in but)}
    pks = [pk for pk in _sharing(own, recommendation.meeting_id) if pk not in left_out]
    found = {pk: similarity(own, said) for pk, said in _stems(pks).items()}
    best = sorted((pk for pk in found if found[pk] >= THRESHOLD), key=lambda pk: (-found[pk], -pk))
    rows = Recommendation.objects.select_related("meeting__body").prefetch_related("translations")
    known = rows.in_bulk(best[:SHOWN])
    return [Suggestion(known[pk], found[pk]) for pk in best[:SHOWN]]


def _stems(pks: list[int]) -> dict[int, Stems]:
    rows = Wording.objects.filter(recommendation__in=pks)
    found: dict[int, dict[str, list[str]]] = {}
    for pk, language, stems in rows.values_list("recommendation_id", "language", "stems"):
        found.setdefault(pk, {})[language] = stems.split()
    return dict(found)


def _sharing(own: Stems, meeting: int) -> list[int]:
    """Who shares most parts of the signature, of other meetings; ``COMPARED`` of them."""
    hashes = [value for language, stems in own.items() for value in bands(stems, language)]
    if not hashes:
        return []
    each = " UNION ALL ".join(ONE_BAND.format(crowd=CROWD, n=n) for n in range(len(hashes)))
    with connections[Wording.objects.db].cursor() as cursor:
        cursor.execute(SHARING.format(bands=each, compared=COMPARED), [*hashes, meeting])
        return [pk for (pk,) in cursor.fetchall()]
