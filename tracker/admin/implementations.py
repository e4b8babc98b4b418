"""Implementations: who leads, until when, where they stand, and the history that says why."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from tracker.admin.base import RecordAdmin, by
from tracker.admin.bulk import go_to_several
from tracker.admin.filters import DueFilter, StateFilter, ThemeFilter, by_path
from tracker.admin.recording import history_of, record, record_several
from tracker.admin.registry import register
from tracker.admin.states import states_named
from tracker.folding import fold
from tracker.models import Implementation, RecommendationTheme


@register(Implementation)
class ImplementationAdmin(RecordAdmin):
    list_display = [
        "recommendation",
        "state",
        "status",
        "status_since",
        "last_activity_at",
        "entry_count",
        "source_count",
        "lead",
        "due_on",
    ]
    list_select_related = ["recommendation", "state", "lead"]
    list_filter = [
        "status",
        by_path(StateFilter, "state"),
        by_path(
            ThemeFilter,
            "theme__slug",
            RecommendationTheme,
            link=("recommendation", "recommendation"),
        ),
        DueFilter,
    ]
    date_hierarchy = "last_activity_at"
    search_fields = ["recommendation__folded"]
    search_help_text = _("Reference, words of the recommendation, themes, State")
    ordering = ["-id"]
    sortable_by = ["status", "last_activity_at"]
    autocomplete_fields = ["recommendation", "state", "lead"]
    permanent = ("recommendation", "state")
    readonly_fields = [
        "status",
        "status_since",
        "reported",
        "verified",
        "entry_count",
        "source_count",
        "last_activity_at",
    ]
    fieldsets = [
        (None, {"fields": [("recommendation", "state"), ("lead", "due_on")]}),
        (
            _("Where it stands, by its history"),
            {
                "fields": [
                    ("status", "status_since"),
                    ("reported", "verified"),
                    ("entry_count", "source_count", "last_activity_at"),
                ]
            },
        ),
    ]
    change_form_template = "admin/tracker/implementation/change_form.html"
    actions = ["record_same_status"]

    @admin.display(description=_("reported status"))
    def reported(self, implementation: Implementation) -> str:
        return implementation.get_reported_status_display()

    @admin.display(description=_("verified status"))
    def verified(self, implementation: Implementation) -> str:
        return implementation.get_verified_status_display()

    def get_search_results(
        self,
        request: HttpRequest,  # noqa: ARG002
        queryset: QuerySet[Any],
        search_term: str,
    ) -> tuple[QuerySet[Any], bool]:
        for word in fold(search_term).split():
            about = Q(recommendation__folded__contains=word)
            queryset = queryset.filter(about | Q(state__in=states_named(word)))
        return queryset, False

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        return obj.get_absolute_url() if obj else None

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("record/", guard(self.several_view), name="tracker_implementation_several"),
            path("<int:pk>/record/", guard(self.record_view), name="tracker_implementation_record"),
            *super().get_urls(),
        ]

    def record_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return record(self, request, pk)

    def several_view(self, request: HttpRequest) -> HttpResponse:
        return record_several(self, request)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        if implementation := kwargs.get("obj"):
            context["history"] = history_of(by(request), implementation)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.action(description=_("Record the same status for several"), permissions=["change"])
    def record_same_status(
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> HttpResponse | None:
        return go_to_several(self, request, queryset)
