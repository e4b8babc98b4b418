"""The filters of the list: one FilterSet for the page, CSV and JSON."""

from typing import Any

import django_filters
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tracker.folding import fold
from tracker.models import Body, Implementation, State, Theme
from tracker.models.implementations import ImplementationQuerySet
from tracker.statuses import Status

UNKNOWN = {"invalid_choice": _("Choose one of those listed: this one is not known.")}
CITED = [("with", _("With sources")), ("without", _("Without sources"))]


class ImplementationFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Which recommendations the list shows."""

    q = django_filters.CharFilter(
        label=_("Words"),
        method="search",
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"),
        choices=Status.choices,
        empty_label=_("Any status"),
        error_messages=UNKNOWN,
    )
    theme = django_filters.ModelChoiceFilter(
        label=_("Theme"),
        queryset=Theme.objects.all(),
        to_field_name="slug",
        field_name="recommendation__themes",
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

    class Meta:
        model = Implementation
        fields: list[str] = []

    def search(self, queryset: ImplementationQuerySet, name: str, value: str) -> Any:  # noqa: ARG002
        """Every word typed occurs in a text, a translation, a theme or the reference."""
        for word in fold(value).split():
            queryset = queryset.filter(recommendation__folded__contains=word)
        return queryset

    def cited(self, queryset: ImplementationQuerySet, name: str, value: str) -> Any:  # noqa: ARG002
        return (
            queryset.filter(source_count__gt=0)
            if value == "with"
            else queryset.filter(source_count=0)
        )

    @property
    def query(self) -> str:
        """The filters that are set, as they stand in an address."""
        clean = QueryDict(mutable=True)
        for name in self.filters:
            if value := (self.data or {}).get(name, "").strip():
                clean[name] = value
        return clean.urlencode()
