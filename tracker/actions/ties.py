"""Ties between parts of the record that have no words of their own."""

from collections.abc import Iterable

from django.db import models, transaction

from tracker.models import User
from tracker.permissions import check_can_edit


@transaction.atomic
def set_ties(*, by: User, record: models.Model, field: str, to: Iterable[models.Model]) -> None:
    """Make ``to`` what ``record`` is tied to by ``field``, such as what a difficulty bears on."""
    check_can_edit(by)
    getattr(record, field).set(to)
