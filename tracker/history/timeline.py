"""The timeline of an implementation, as a page shows it."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ObjectDoesNotExist

from tracker.statuses import Kind

if TYPE_CHECKING:
    from tracker.models import FollowUp


@dataclass(frozen=True)
class Line:
    """One entry in the timeline, with what later became of it."""

    entry: "FollowUp"
    correction: "FollowUp | None"
    is_background: bool
    edit: None = None
    """Beside lines about edits of the record in one timeline: those have one."""

    @property
    def is_struck(self) -> bool:
        """Whether its words no longer stand: they stay readable, struck through."""
        return self.correction is not None

    @property
    def is_retracted(self) -> bool:
        return self.correction is not None and self.correction.kind == Kind.RETRACTION


def line(entry: "FollowUp", recommended_on: dt.date, moment: dt.datetime | None = None) -> Line:
    """``entry`` as a line; ``recommended_on`` is the day of the recommendation: what happened before it is
    background, not follow-up. Its correction, if any, has been loaded with it; at a past ``moment`` a later
    one had not been made."""
    try:
        correction: FollowUp | None = entry.correction
    except ObjectDoesNotExist:
        correction = None
    if correction and moment and correction.recorded_at > moment:
        correction = None
    happened_on = entry.happened_on
    before = happened_on is not None and happened_on < recommended_on
    return Line(entry, correction, before)
