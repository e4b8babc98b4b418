"""Where many States stand on what a meeting recommended: each recommendation once, with how many are where.

A row for each State would repeat the first recommendation until nobody saw the second.
"""

from dataclasses import dataclass

from tracker.models import Recommendation
from tracker.models.implementations import ImplementationQuerySet
from tracker.past import Past
from tracker.statuses import Status

FEW = 3
"""Up to so many States to a recommendation, on average, each has a row of its own."""


@dataclass(frozen=True)
class Spread:
    """A recommendation, and of each status, the furthest first, its label and how many States are there."""

    recommendation: Recommendation
    counts: list[tuple[str, str, int]]

    @property
    def states(self) -> int:
        return sum(count for _status, _label, count in self.counts)


def is_spread(implementations: int, recommendations: int) -> bool:
    """Whether so many implementations of so many recommendations are too many for a row each."""
    return implementations > FEW * recommendations


def spread(rows: ImplementationQuerySet, past: Past | None, limit: int) -> list[Spread]:
    """The first recommendations of which ``rows`` are the implementations, in four queries."""
    moment = past.moment if past else None
    tracked = Recommendation.objects.filter(pk__in=rows.order_by().values("recommendation"))
    found = list(tracked.for_list().order_by("-meeting__starts_on", "meeting", "number")[:limit])
    if past:
        past.reword(found)
    counted = rows.filter(recommendation__in=found).by_recommendation(moment)
    return [Spread(one, _counts(counted[one.pk])) for one in found]


def _counts(counted: dict[str, int]) -> list[tuple[str, str, int]]:
    furthest_first = reversed(Status.choices)
    return [(code, str(label), counted[code]) for code, label in furthest_first if code in counted]
