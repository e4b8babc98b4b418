"""What the record knows already of some rows, in a fixed number of queries."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Q

from tracker.models import Citation, FollowUp, Implementation, Recommendation
from tracker.statuses import Channel


@dataclass
class Known:
    """Recommendations by reference, the references of numbers, and what was recorded about them."""

    recommendations: dict[str, Recommendation] = field(default_factory=dict)
    numbers: dict[tuple[int, int], str] = field(default_factory=dict)
    implementations: dict[tuple[int, str], Implementation] = field(default_factory=dict)
    submissions: set[tuple[int, uuid.UUID]] = field(default_factory=set)
    cited: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))


def load(refs: Iterable[str], numbers: Mapping[int, set[int]]) -> Known:
    """What is known under these references, and under these numbers of each meeting."""
    known = Known()
    asked = Q(ref__in=list(refs))
    for meeting, some in numbers.items():
        asked |= Q(meeting=meeting, number__in=some)
    rows = Recommendation.objects.filter(asked).select_related("origin")
    for row in rows.defer("folded").prefetch_related("theme_links__theme"):
        known.recommendations[row.ref] = row
        known.numbers[row.meeting_id, row.number] = row.ref
    if known.recommendations:
        _load_histories(known)
    return known


def _load_histories(known: Known) -> None:
    pks = [row.pk for row in known.recommendations.values()]
    rows = Implementation.objects.filter(recommendation__in=pks).select_related("recommendation")
    for row in rows.defer("recommendation__folded", "recommendation__text"):
        known.implementations[row.recommendation_id, row.state_id] = row
    told = [row.pk for row in known.implementations.values() if row.head_sequence]
    if not told:
        return
    entries = FollowUp.objects.filter(implementation__in=told)
    imported = entries.filter(channel=Channel.IMPORT)
    known.submissions = set(imported.values_list("implementation", "submission"))
    standing = entries.public().standing()
    cited = Citation.objects.filter(followup__in=standing)
    for implementation, url in cited.values_list("followup__implementation", "source__url"):
        known.cited[implementation].add(url)
