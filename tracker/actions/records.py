"""Writes to the record itself (meetings, recommendations, sources …), by people who may edit it."""

import datetime as dt
from collections.abc import Iterable
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.actions.edits import together, touch_implementation, touch_recommendation
from tracker.actions.ledger import described, rescheduled
from tracker.actions.relations import check_dates
from tracker.exceptions import Invalid
from tracker.folding import fold
from tracker.models import (
    Difficulty,
    Implementation,
    Meeting,
    Organization,
    Recommendation,
    RecommendationProvision,
    RecommendationTheme,
    Source,
    State,
    Theme,
    Translation,
    User,
)
from tracker.permissions import check_can_edit
from tracker.statuses import Role

M = TypeVar("M", bound=models.Model)


def save_record(*, by: User | None, record: M, changed: Iterable[str] | None = None) -> M:
    """Validate and save one object of the record: ``changed`` fields only, or all of a new one.

    What it changes about a recommendation or its carrying-out is sealed as an edit. ``by`` is None for
    initial data only. Raises ``NotAllowed``, or ``Invalid`` with a message per field.
    """
    if by is not None:
        check_can_edit(by)
    with together(by=by):
        try:
            record.full_clean()
        except ValidationError as error:
            raise Invalid(_messages(error)) from error
        if isinstance(record, Organization):
            _check_people_keep_their_state(record)
        if isinstance(record, Meeting | Theme) and not record._state.adding:
            _check_keeps_its_address(record)
        if isinstance(record, Meeting) and not record._state.adding:
            check_dates(record)
        if record.pk is None or changed is None or record._state.adding:
            record.save()
        elif fields := [f for f in changed if _is_column(record, f)]:
            record.save(update_fields=fields)
        _seal(by, record)
    return record


def delete_record(*, by: User, record: models.Model) -> None:
    """Delete an object that nothing rests on; ``Invalid`` says so where something does."""
    check_can_edit(by)
    _check_nobody_saw(record)
    with together(by=by):
        pk = record.pk
        tied = _tied_to(record)
        try:
            record.delete()
        except ProtectedError as error:
            raise Invalid(
                {"": [_("Other parts of the record rest on this: it cannot be deleted.")]}
            ) from error
        if isinstance(record, Recommendation | Implementation):
            record.pk = pk
        _seal(by, record)
        for recommendation in tied:
            touch_recommendation(by=by, recommendation=recommendation)


def _tied_to(record: models.Model) -> list[Recommendation]:
    """The recommendations that say something of this one, and will not once it is gone."""
    if isinstance(record, Difficulty):
        return list(record.bears_on.all())
    if isinstance(record, Recommendation):
        # Whoever links it meanwhile waits, and then sees that it is gone.
        rows = Recommendation.objects.select_for_update().with_links()
        return [link.to for link in rows.get(pk=record.pk).links()]
    return []


def address_to(*, by: User | None, recommendation: Recommendation, state: State) -> Implementation:
    """Begin to track what a State does about a recommendation; the known implementation if there is one."""
    if by is not None:
        check_can_edit(by)
    with together(by=by):
        rows = Implementation.objects
        implementation, is_new = rows.get_or_create(recommendation=recommendation, state=state)
        if is_new:
            touch_implementation(by=by, implementation=implementation)
    return implementation


def _seal(by: User | None, record: models.Model) -> None:
    """Seal what the record says now, if this was a part of a recommendation or its carrying-out."""
    if isinstance(record, Implementation):
        touch_implementation(by=by, implementation=record)
    elif isinstance(record, Meeting):
        rescheduled(record.pk)
    elif isinstance(record, Recommendation):
        if Recommendation.objects.filter(pk=record.pk).exists():
            refold(recommendation=record)
        touch_recommendation(by=by, recommendation=record)
    elif isinstance(record, Translation | RecommendationTheme | RecommendationProvision):
        refold(recommendation=record.recommendation)
        touch_recommendation(by=by, recommendation=record.recommendation)
    elif isinstance(record, Source) and record.pk is not None:
        described(record)


def _check_nobody_saw(record: models.Model) -> None:
    """What readers saw at the end of a day is there for good: mistakes are deleted on the same day (UTC)."""
    if not isinstance(record, Recommendation | Implementation):
        return
    today = timezone.now().astimezone(dt.UTC).date()
    if record.added_at.astimezone(dt.UTC).date() < today:
        message = _("Readers have seen this since an earlier day: it stays. Correct what it says.")
        raise Invalid({"": [message]})


def refold(*, recommendation: Recommendation) -> None:
    """Renew the text in which searches look: the reference, all texts and themes, without case or accents."""
    texts = [recommendation.text]
    texts += recommendation.translations.order_by("id").values_list("text", flat=True)
    links = recommendation.theme_links.select_related("theme")
    folded = folded_of(recommendation.ref, texts, [link.theme for link in links])
    if folded != recommendation.folded:
        recommendation.folded = folded
        recommendation.save(update_fields=["folded"])


def folded_of(ref: str, texts: Iterable[str], themes: Iterable[Theme]) -> str:
    """A recommendation's reference, its texts and themes as searches compare them."""
    names = (name for theme in themes for name in (theme.name_fr, theme.name_en))
    return fold("\n".join([ref, *texts, *names]))


def _check_keeps_its_address(record: Meeting | Theme) -> None:
    """The list's facets, sealed edits and links from elsewhere name it by its short address."""
    known = type(record)._base_manager.filter(pk=record.pk).values_list("slug", flat=True).first()
    if known not in (None, record.slug):
        message = _("Addresses and the history name it “%(slug)s”: this cannot be changed.")
        raise Invalid({"slug": [message % {"slug": known}]})


def _check_people_keep_their_state(organization: Organization) -> None:
    """Contributors record for the State of their organization: without one they could record nothing."""
    people = User.objects.filter(role=Role.CONTRIBUTOR, organization_id=organization.pk)
    if organization.pk and organization.state_id is None and people.exists():
        message = _(
            "People record for this organization’s State: change their role or organization first."
        )
        raise Invalid({"state": [message]})


def _is_column(record: models.Model, name: str) -> bool:
    return any(name in (field.name, field.attname) for field in record._meta.concrete_fields)


def _messages(error: ValidationError) -> dict[str, list[str]]:
    found: dict[str, list[str]] = error.message_dict
    return {("" if field == "__all__" else field): messages for field, messages in found.items()}
