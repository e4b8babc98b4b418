"""The history, to be read: entries are added by the forms that record, and never changed."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from tracker.admin.base import by
from tracker.admin.filters import CitedSource, StateFilter, by_path, chosen
from tracker.admin.redacting import Redactable
from tracker.admin.registry import register
from tracker.models import Citation, FollowUp, Implementation, Organization, User
from tracker.permissions import readable_entries
from tracker.statuses import Basis


@register(FollowUp)
class FollowUpAdmin(Redactable):
    list_display = [
        "recorded_at",
        "implementation",
        "sequence",
        "kind",
        "said_status",
        "said",
        "citation_count",
        "organization",
        "recorded_as",
        "visibility",
        "sealed",
    ]
    list_select_related = ["implementation__recommendation", "organization", "recorded_by"]
    list_filter = [
        chosen("implementation", Implementation),
        chosen("organization", Organization),
        chosen("recorded_by", User),
        CitedSource,
        "kind",
        "status",
        "basis",
        "visibility",
        "channel",
        "is_redacted",
        by_path(StateFilter, "state", Implementation, link=("pk", "implementation")),
    ]
    date_hierarchy = "recorded_at"
    search_fields = ["note"]
    search_help_text = _("Reference, words of the note, address or title of a source, or a digest")
    ordering = ["-recorded_at", "-id"]
    sortable_by = ["recorded_at"]
    fields = [
        "implementation",
        "sequence",
        "kind",
        "target",
        "redacts",
        "reason",
        "is_redacted",
        "said_status",
        "note",
        "language",
        "happened_on",
        "cited",
        "visibility",
        "organization",
        "recorded_at",
        "recorded_as",
        "channel",
        "submission",
        "content_digest",
        "previous_digest",
        "digest",
    ]
    readonly_fields = ["said_status", "cited"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(readable_entries(by(request)))

    def get_search_results(
        self,
        request: HttpRequest,  # noqa: ARG002
        queryset: QuerySet[Any],
        search_term: str,
    ) -> tuple[QuerySet[Any], bool]:
        for word in search_term.split():
            about = Q(source__url__icontains=word) | Q(source__title__icontains=word)
            cites = Exists(Citation.objects.filter(about, followup=OuterRef("pk")))
            said = (
                Q(note__icontains=word) | Q(reason__icontains=word) | Q(recorded_as__icontains=word)
            )
            named = Q(implementation__recommendation__ref__iexact=word) | Q(digest=word.lower())
            queryset = queryset.filter(said | named | cites)
        return queryset, False

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        return reverse("entry", args=[obj.pk]) if obj else None

    @admin.display(description=_("status"))
    def said_status(self, entry: FollowUp) -> str:
        return f"{entry.get_status_display()} ({Basis(entry.basis).label})" if entry.status else ""

    @admin.display(description=_("note"))
    def said(self, entry: FollowUp) -> str:
        if entry.is_redacted:
            return str(_("[redacted]"))
        return Truncator(entry.note or entry.reason).chars(80)

    @admin.display(description=_("digest"))
    def sealed(self, entry: FollowUp) -> SafeString:
        return format_html('<code title="{}">{}</code>', entry.digest, entry.digest[:12])

    @admin.display(description=_("sources"))
    def cited(self, entry: FollowUp) -> SafeString:
        rows = (
            (c.source.url, str(c.described()), c.quotation)
            for c in entry.citations.select_related("source")
        )
        return format_html_join("", '<p><a href="{}">{}</a><br>{}</p>', rows)
