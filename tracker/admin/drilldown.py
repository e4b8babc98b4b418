"""Years, then months, then days of a list, from its first day to its last.

Django's own asks the database which of them occur, which reads every row. Here some may be empty.
"""

import calendar
import datetime as dt
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.contrib.admin.views.main import ChangeList

PARTS = ("year", "month", "day")
YEARS = 100


def level(cl: "ChangeList", first: dt.date, last: dt.date) -> dict[str, Any]:
    """What ``admin/date_hierarchy.html`` shows: ``back``, ``choices``; each a title and a link."""
    keys = [f"{cl.date_hierarchy}__{part}" for part in PARTS]
    chosen = _chosen(cl, keys)

    def link(*numbers: int) -> str:
        found: str = cl.get_query_string(
            dict(zip(keys, numbers, strict=False)), [f"{cl.date_hierarchy}__"]
        )
        return found

    back = None
    if chosen:
        back = {"title": _title(chosen[:-1]) or _("All dates"), "link": link(*chosen[:-1])}
    if len(chosen) == len(PARTS):
        return {"back": back, "choices": [{"title": _title(chosen), "link": None}]}
    below = [[*chosen, number] for number in _numbers(chosen, first, last)]
    choices = [{"title": _title(numbers), "link": link(*numbers)} for numbers in below]
    return {"back": back, "choices": choices}


def _chosen(cl: "ChangeList", keys: list[str]) -> list[int]:
    numbers: list[int] = []
    for key in keys:
        if not str(cl.params.get(key, "")).isdecimal():
            break
        numbers.append(int(cl.params[key]))
    return numbers


def _numbers(chosen: list[int], first: dt.date, last: dt.date) -> list[int]:
    """Years, months of a year, or days of a month that lie between the first and the last."""
    if not chosen:
        return list(range(max(first.year, last.year - YEARS), last.year + 1))
    count = 12 if len(chosen) == 1 else calendar.monthrange(chosen[0], chosen[1])[1]
    depth = len(chosen) + 1
    start, end = ([d.year, d.month, d.day][:depth] for d in (first, last))
    return [number for number in range(1, count + 1) if start <= [*chosen, number] <= end]


def _title(numbers: list[int]) -> str:
    if len(numbers) <= 1:
        return "".join(map(str, numbers))
    day = dt.date(*[*numbers, 1][:3])
    return capfirst(
        date_format(day, "YEAR_MONTH_FORMAT" if len(numbers) == 2 else "MONTH_DAY_FORMAT")
    )
