"""Filters of lists: their choices are few, whatever the size of what they choose from."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tracker.models import Citation, Implementation, Source, State, Theme
from tracker.statuses import Status

CHOICES = 300


class ByPath(SimpleListFilter):
    """Filters by the column at ``path``: of the list's own rows, or of ``rows`` tied to them.

    ``link`` is a column of ``rows`` and the one of the list that it equals. They are asked for each
    row in the order of the list, until a page is full; a join would find all first, and sort.
    """

    path = ""
    rows: type[Model] | None = None
    link: tuple[str, str] = ("", "")

    def queryset(
        self,
        request: HttpRequest,  # noqa: ARG002
        queryset: QuerySet[Any],
    ) -> QuerySet[Any]:
        if not self.value():
            return queryset
        wanted = {self.path: self.value()}
        if self.rows is None:
            return queryset.filter(**wanted)
        tied = {self.link[0]: OuterRef(self.link[1])}
        return queryset.filter(Exists(self.rows._default_manager.filter(**tied, **wanted)))


class StateFilter(ByPath):
    """States that are tracked."""

    title = _("State")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002
        tracked = Implementation.objects.filter(state=OuterRef("pk"))
        states = State.objects.filter(Exists(tracked))[:CHOICES]
        return sorted(((s.code, s.name) for s in states), key=lambda pair: pair[1])


class ThemeFilter(ByPath):
    title = _("theme")
    parameter_name = "theme"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002
        return [(theme.slug, str(theme)) for theme in Theme.objects.all()[:CHOICES]]


class DueFilter(SimpleListFilter):
    title = _("due date")
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("over", _("Past, and not implemented")), ("none", _("None"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002
        if self.value() == "none":
            return queryset.filter(due_on=None)
        if self.value() == "over":
            done = Q(status__in=[Status.IMPLEMENTED, Status.NO_LONGER_APPLICABLE])
            return queryset.filter(~done, due_on__lt=timezone.now().date())
        return queryset


class Chosen(SimpleListFilter):
    """Filters by one object that a link names; shows that one, not all that there are."""

    model: type[Model]
    path = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002
        key = self.used_parameters.get(str(self.parameter_name), "")
        row = self.model._default_manager.filter(pk=key).first() if _is_key(key) else None
        return [(key, str(row))] if row else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002
        key = self.value()
        if not key:
            return queryset
        return self.narrow(queryset, key) if _is_key(key) else queryset.none()

    def has_output(self) -> bool:
        return bool(self.used_parameters)

    def narrow(self, queryset: QuerySet[Any], key: str) -> QuerySet[Any]:
        return queryset.filter(**{self.path: key})


class CitedSource(Chosen):
    """Entries that cite the source."""

    title = _("source")
    parameter_name = "source"
    model = Source

    def narrow(self, queryset: QuerySet[Any], key: str) -> QuerySet[Any]:
        citing = Citation.objects.filter(source=int(key))
        return queryset.filter(pk__in=citing.values("followup"))


def by_path(
    base: type[ByPath],
    path: str,
    rows: type[Model] | None = None,
    link: tuple[str, str] = ("", ""),
) -> type[ByPath]:
    """``StateFilter`` and the like for a list whose way to them this is: see ``ByPath``."""
    return type(base.__name__, (base,), {"path": path, "rows": rows, "link": link})


def chosen(name: str, chosen_from: type[Model]) -> type[Chosen]:
    """``Chosen`` for the foreign key ``name``."""
    attributes = {
        "title": chosen_from._meta.verbose_name,
        "parameter_name": name,
        "model": chosen_from,
        "path": name,
    }
    return type(f"Chosen{name.title()}", (Chosen,), attributes)


def _is_key(text: str | None) -> bool:
    return bool(text) and str(text).isascii() and str(text).isdigit() and len(str(text)) < 19
