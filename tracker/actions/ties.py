"""Ties between parts of the record that have no words of their own."""

from collections.abc import Iterable

from django.db import models

from tracker.actions.edits import together, touch_recommendation
from tracker.models import Recommendation, User
from tracker.permissions import check_can_edit


def set_ties(*, by: User, record: models.Model, field: str, to: Iterable[models.Model]) -> None:
    """Make ``to`` what ``record`` is tied to by ``field``, such as what a difficulty bears on."""
    check_can_edit(by)
    with together(by=by):
        ties, after = getattr(record, field), list(to)
        before = list(ties.all())
        ties.set(after)
        for tied in {*before, *after}:
            if isinstance(tied, Recommendation):
                touch_recommendation(by=by, recommendation=tied)
