"""The filters of the list: one FilterSet for the page, CSV and JSON."""

from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters.fields import ModelChoiceField

from tracker.exceptions import Invalid
from tracker.models import Body, Edit, Implementation, Meeting, State, Theme
from tracker.models.implementations import ImplementationQuerySet
from tracker.past import Past
from tracker.permissions import AnyUser
from tracker.search import Found, find
from tracker.search.query import parse
from tracker.statuses import Act, Status, Subject

UNKNOWN = {"invalid_choice": _("Choose one of those listed: this one is not known.")}
CITED = [("with", _("With sources")), ("without", _("Without sources"))]
DIFFERING = [("yes", _("Reported and verified differ"))]


def can_be_sought(words: str) -> None:
    """Words that a search can be made of; the error says what to type instead."""
    try:
        parse(words)
    except Invalid as problem:
        messages = [message for found in problem.errors.values() for message in found]
        raise ValidationError(messages) from problem


class MeetingField(ModelChoiceField):  # type: ignore[misc]
    def label_from_instance(self, obj: Meeting) -> str:
        return obj.told_apart


class MeetingFilter(django_filters.ModelChoiceFilter):  # type: ignore[misc]
    field_class = MeetingField


class ImplementationFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Which recommendations the list shows."""

    q = django_filters.CharFilter(
        label=_("Words"),
        method="search",
        max_length=200,
        validators=[can_be_sought],
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"),
        choices=Status.choices,
        method="standing",
        empty_label=_("Any status"),
        error_messages=UNKNOWN,
    )
    theme = django_filters.ModelChoiceFilter(
        label=_("Theme"),
        queryset=Theme.objects.all(),
        to_field_name="slug",
        method="about",
        empty_label=_("Any theme"),
        error_messages=UNKNOWN,
    )
    state = django_filters.ModelChoiceFilter(
        label=_("State"),
        queryset=State.objects.all(),
        field_name="state",
        empty_label=_("Any State"),
        error_messages=UNKNOWN,
    )
    meeting = MeetingFilter(
        label=_("Meeting"),
        queryset=Meeting.objects.select_related("body"),
        to_field_name="slug",
        field_name="recommendation__meeting",
        empty_label=_("Any meeting"),
        error_messages=UNKNOWN,
    )
    body = django_filters.ModelChoiceFilter(
        label=_("Body"),
        queryset=Body.objects.all(),
        to_field_name="slug",
        field_name="recommendation__meeting__body",
        empty_label=_("Any body"),
        error_messages=UNKNOWN,
    )
    sources = django_filters.ChoiceFilter(
        label=_("Sources"),
        choices=CITED,
        method="cited",
        empty_label=_("With or without sources"),
        error_messages=UNKNOWN,
    )
    differ = django_filters.ChoiceFilter(
        label=_("Reported and verified"),
        choices=DIFFERING,
        method="differing",
        empty_label=_("Alike or not"),
        error_messages=UNKNOWN,
    )
    looked_at = django_filters.ChoiceFilter(
        label=_("Looked at"),
        choices=[("stale", _("Not lately"))],
        method="lately",
        empty_label=_("At any time"),
        error_messages=UNKNOWN,
    )

    class Meta:
        model = Implementation
        fields: list[str] = []

    def __init__(
        self, *args: Any, past: Past | None = None, user: AnyUser | None = None, **kwargs: Any
    ) -> None:
        """``user`` is who searches; without one, anybody."""
        super().__init__(*args, **kwargs)
        self.user = user or AnonymousUser()
        self.past = past
        self.moment = past.moment if past else None

    def standing(self, queryset: ImplementationQuerySet, name: str, value: str) -> Any:  # noqa: ARG002
        return queryset.with_status(value, self.moment)

    def cited(self, queryset: ImplementationQuerySet, name: str, value: str) -> Any:  # noqa: ARG002
        return queryset.with_sources(value == "with", self.moment)

    def differing(self, queryset: ImplementationQuerySet, name: str, value: str) -> Any:  # noqa: ARG002
        return queryset.differing(self.moment)

    def lately(self, queryset: ImplementationQuerySet, name: str, value: str) -> Any:  # noqa: ARG002
        return queryset.stale(self.moment)

    def about(self, queryset: ImplementationQuerySet, name: str, value: Theme) -> Any:  # noqa: ARG002
        if self.moment is None:
            return queryset.filter(recommendation__themes=value)
        today = Q(recommendation__themes=value)
        return self._said(queryset, today, Q(themes__contains=f" {value.slug} ")).distinct()

    @cached_property
    def words(self) -> Found | None:
        """What the words find today, best first; None where no words were typed. Of a valid form."""
        words = self.form.cleaned_data.get("q", "").strip()
        return find(words, user=self.user) if words else None

    def search(self, queryset: ImplementationQuerySet, name: str, value: str) -> Any:  # noqa: ARG002
        """Today by the index; in the past, every word and phrase typed occurs in a text, a translation, a
        theme or the reference, and none of those excluded, letter by letter."""
        if self.moment is None:
            return queryset.filter(self.words.condition) if self.words else queryset.none()
        question = parse(value)
        today, then = Q(), Q()  # one question of the database, however many words somebody types
        for term in (*question.sought, *question.excluded):
            today &= Q(recommendation__folded__contains=term.folded, _negated=term.is_excluded)
            then &= Q(folded__contains=term.folded, _negated=term.is_excluded)
        return self._said(queryset, today, then)

    def _said(self, queryset: ImplementationQuerySet, today: Q, then: Q) -> ImplementationQuerySet:
        """Those whose recommendation says that today or, where it was edited since the past moment, whose
        edit in force at that moment said it: few are, so the past is as quick to search as today."""
        if self.moment is None:
            return queryset.filter(today)
        since = Edit.objects.filter(recorded_at__gt=self.moment, subject=Subject.RECOMMENDATION)
        edited = since.filter(act=Act.CHANGED).values("key")
        said = Edit.objects.in_force(self.moment).filter(then, key__in=edited).values("key")
        unedited = ~Q(recommendation__ref__in=edited)
        return queryset.filter(today & unedited | Q(recommendation__ref__in=said))

    @property
    def chosen(self) -> dict[str, Any]:
        """What was chosen of each filter that is set; of a valid form."""
        return {name: value for name, value in self.form.cleaned_data.items() if value}

    @property
    def is_filtered(self) -> bool:
        """Whether any filter is set; the past day is none."""
        return any((self.data or {}).get(name, "").strip() for name in self.filters)

    @property
    def query(self) -> str:
        """The filters that are set, and the past day, as they stand in an address."""
        clean = QueryDict(mutable=True)
        for name in self.filters:
            if value := (self.data or {}).get(name, "").strip():
                clean[name] = value
        if self.past:
            clean["as_of"] = self.past.day.isoformat()
        return clean.urlencode()
