"""Lists of any length, without counting all of it."""

from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.utils.formats import number_format
from django.utils.functional import cached_property

from tracker.admin import drilldown
from tracker.admin.generic import Paginator

CAP = 1000


class AtLeast(int):
    """A number that stands for itself and anything above: ``1 000+`` wherever it is shown."""

    def __str__(self) -> str:
        return f"{number_format(int(self), force_grouping=True)}+"


class BoundedPaginator(Paginator):
    """Counts up to ``CAP`` and no further: no table is read whole to number pages."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        found: int = rows.order_by()[: CAP + 1].count() if hasattr(rows, "order_by") else len(rows)
        return AtLeast(CAP) if found > CAP else found


class BoundedChangeList(ChangeList):
    """A list whose drill-down reads the first and the last date, and nothing between them."""

    @property
    def drill_down(self) -> dict[str, Any] | None:
        model_admin: Any = self.model_admin
        bounds = model_admin.date_bounds()
        return drilldown.level(self, *bounds) if bounds else None
