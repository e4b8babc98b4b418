"""The list of today by its facets: which implementations are chosen, and how many each choice would leave.

Sets are met with sets (``tracker.facets``), so no count asks the database and none grows with the record.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from functools import cached_property, reduce
from typing import Any, cast

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from pyroaring import BitMap

from tracker.facets import ALL, BY_NAME, Option, Sets
from tracker.filters import ImplementationFilter
from tracker.folding import in_order
from tracker.models import Implementation, Meeting
from tracker.search.matches import BestFirst


class Faceted:
    """What a valid filter form chooses among all that is tracked today."""

    def __init__(self, filters: ImplementationFilter) -> None:
        self.filters = filters
        self.sets = Sets()
        self.meetings = list(Meeting.objects.order_by().values_list("slug", "body__slug"))
        self.met = {name: self._met_by(name, value) for name, value in filters.chosen.items()}

    @cached_property
    def found(self) -> BitMap:
        """The ids of those that meet all filters; not to be changed."""
        return self._meeting_all_but("")

    @property
    def ranked(self) -> BestFirst | None:
        """The same, best first, where words are sought."""
        words = self.filters.words
        return words.best(self.found) if words else None

    def options(self, name: str) -> Iterator[Option]:
        """The choices of a filter that leave something, and the one that is chosen."""
        field = self.filters.form[name]
        chosen = str(field.value() or "")
        others = self._meeting_all_but(name)
        choices = list(cast(Any, field.field).choices)
        if name in BY_NAME:
            choices = in_order(choices)
        for value, label in choices:
            key = str(value)
            if not key:
                yield Option("", str(label), None, not chosen)
                continue
            count = others.intersection_cardinality(self._of(name, key))
            if count or key == chosen:
                yield Option(key, str(label), count, key == chosen)

    def _met_by(self, name: str, value: Any) -> BitMap:
        if name == "q":
            return self.filters.words.all if self.filters.words else BitMap()
        return self._of(name, getattr(value, "slug", None) or getattr(value, "pk", value))

    def _of(self, name: str, value: str) -> BitMap:
        special: dict[str, Callable[[], BitMap]] = {
            "body": lambda: self._of_body(value),
            "looked_at": lambda: self._stale,
        }
        return special[name]() if name in special else self.sets[name, value]

    def _of_body(self, slug: str) -> BitMap:
        parts = [self.sets["meeting", meeting] for meeting, body in self.meetings if body == slug]
        return BitMap.union(*parts) if parts else BitMap()

    @cached_property
    def _stale(self) -> BitMap:
        """Those at which nobody looked lately: whole months of them, and the days of the last one."""
        limit = timezone.now() - dt.timedelta(days=settings.STALE_DAYS)
        month = f"{limit.astimezone(dt.UTC):%Y-%m}"
        parts = [members for looked, members in self.sets.of("looked") if looked < month]
        begins = limit.astimezone(dt.UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        looked = Q(last_activity_at__gte=begins, last_activity_at__lt=limit)
        added = Q(last_activity_at=None, added_at__gte=begins, added_at__lt=limit)
        if self.sets["looked", month]:
            rows = Implementation.objects.filter(looked | added)
            parts.append(BitMap(rows.values_list("pk", flat=True)))
        return BitMap.union(*parts) if parts else BitMap()

    def _meeting_all_but(self, name: str) -> BitMap:
        parts = [members for other, members in self.met.items() if other != name]
        return reduce(BitMap.intersection, parts, self.sets[ALL])
