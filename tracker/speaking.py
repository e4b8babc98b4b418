"""Who says what of one implementation, loaded: nothing more is asked where one status alone stands."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from tracker.history.projection import Entry
from tracker.history.sides import Side, sides
from tracker.models import FollowUp, Implementation
from tracker.statuses import CORRECTIONS, SAYING

COLUMNS = ("sequence", "kind", "status", "basis", "visibility", "happened_on", "recorded_at")


@dataclass(frozen=True)
class Spoken:
    """One side with its entry, loaded with who said it and what it cites."""

    side: Side
    entry: FollowUp


def statuses_said(moment: dt.datetime | None = None) -> Coalesce:
    """How many different statuses stand for an implementation, now or at a past moment: an annotation, so
    that the page of one about which nobody differs costs no query more."""
    said = FollowUp.objects.giving_status(moment).filter(implementation=OuterRef("pk"))
    counted = said.order_by().values("implementation").annotate(n=Count("status", distinct=True))
    return Coalesce(Subquery(counted.values("n")), 0, output_field=IntegerField())


def sides_of(implementation: Implementation, moment: dt.datetime | None = None) -> list[Spoken]:
    """The last status of each organization (of each person, where none is named), newest first; none
    where all say the same. ``implementation`` has been loaded with ``statuses_said``."""
    if getattr(implementation, "statuses_said", 0) < 2:
        return []
    found = _sides(implementation, moment)
    entries = FollowUp.objects.with_details().in_bulk([side.entry for side in found])
    return [Spoken(side, entries[side.entry]) for side in found]


def _sides(implementation: Implementation, moment: dt.datetime | None) -> list[Side]:
    """Of all public entries, without their words: an amendment may be of one that gave no status."""
    public = FollowUp.objects.public().until(moment).filter(implementation=implementation)
    rows = public.filter(kind__in=(*SAYING, *CORRECTIONS)).order_by("sequence")
    entries, speakers = [], {}
    for row in rows.values("id", "target", "organization", "recorded_as", *COLUMNS):
        said = {name: row[name] for name in COLUMNS}
        entries.append(Entry(id=row["id"], target=row["target"], **said))
        speakers[row["id"]] = row["organization"] or row["recorded_as"]
    return sides(entries, speakers)
