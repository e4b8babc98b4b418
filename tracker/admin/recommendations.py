"""Recommendations, with all that is said on one page: translations, themes, provisions, States."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from tracker.actions.records import refold
from tracker.admin.base import RecordAdmin, RecordStacked, RecordTabular
from tracker.admin.bulk import go_to_several
from tracker.admin.filters import StateFilter, ThemeFilter, by_path
from tracker.admin.registry import register
from tracker.folding import fold
from tracker.models import (
    Implementation,
    Meeting,
    Recommendation,
    RecommendationProvision,
    RecommendationTheme,
    Translation,
)


class Translations(RecordStacked):
    model = Translation
    autocomplete_fields = ["origin"]


class Themes(RecordTabular):
    model = RecommendationTheme
    autocomplete_fields = ["theme"]


class Provisions(RecordTabular):
    model = RecommendationProvision
    autocomplete_fields = ["provision"]


class States(RecordTabular):
    """States addressed: added here; one that is there already is changed on its own page."""

    model = Implementation
    verbose_name = _("State addressed")
    verbose_name_plural = _("States addressed")
    fields = ["state", "lead", "due_on", "status"]
    readonly_fields = ["status"]
    autocomplete_fields = ["state", "lead"]
    ordering = ["state_id"]
    can_delete = False
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("recommendation", "state", "lead")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False


@register(Recommendation)
class RecommendationAdmin(RecordAdmin):
    list_display = ["ref", "heading", "meeting", "number", "stage"]
    list_select_related = ["meeting__body"]
    list_filter = [
        "stage",
        by_path(StateFilter, "state", Implementation, link=("recommendation", "pk")),
        by_path(ThemeFilter, "theme__slug", RecommendationTheme, link=("recommendation", "pk")),
    ]
    date_hierarchy = "meeting__starts_on"
    dates_of = (Meeting, "starts_on")
    search_fields = ["folded"]
    search_help_text = _("Reference, words of the text, themes")
    ordering = ["-id"]
    sortable_by = ["ref"]
    autocomplete_fields = ["meeting", "origin"]
    permanent = ("ref", "meeting")
    fields = [
        "ref",
        ("meeting", "number"),
        ("text", "language"),
        ("origin", "locator"),
        "stage",
        "links_told",
    ]
    readonly_fields = ["links_told"]
    inlines = [Translations, Themes, Provisions, States]
    actions = ["record_same_status"]

    @admin.display(description=_("themes"))
    def heading(self, recommendation: Recommendation) -> str:
        return recommendation.heading

    @admin.display(description=_("links"), empty_value="—")
    def links_told(self, recommendation: Recommendation) -> str:
        """Read here; made on the site, where what is worded alike is suggested."""
        if recommendation.pk is None:
            return ""
        told = ((str(link.kind.label), link.to.ref) for link in recommendation.links())
        listed = format_html_join("", "{} {}<br>", told)
        address = reverse("links", args=[recommendation.ref])
        return format_html('{}<a href="{}">{}</a>', listed, address, _("Confirm or remove"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("theme_links__theme")

    def get_search_results(
        self,
        request: HttpRequest,  # noqa: ARG002
        queryset: QuerySet[Any],
        search_term: str,
    ) -> tuple[QuerySet[Any], bool]:
        for word in fold(search_term).split():
            queryset = queryset.filter(folded__contains=word)
        return queryset, False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        refold(recommendation=form.instance)

    @admin.action(description=_("Record the same status for several"), permissions=["change"])
    def record_same_status(
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> HttpResponse | None:
        """For all States that the chosen recommendations address."""
        rows = Implementation.objects.filter(recommendation__in=queryset.order_by().values("pk"))
        return go_to_several(self, request, rows)
