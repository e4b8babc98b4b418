"""Pages and documents that are cited: known once by their address, which never changes."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from tracker.actions.sources import normalised
from tracker.admin.base import RecordAdmin
from tracker.admin.forms import RecordForm
from tracker.admin.registry import register
from tracker.exceptions import Invalid
from tracker.links.urls import BadURL, normalise
from tracker.models import Source


class SourceForm(RecordForm):
    """The address in its one form, so that a page that is known is known again."""

    class Meta:
        model = Source
        fields = "__all__"
        error_messages = {
            "url": {"unique": _("This source is known already: look for it in the list.")}
        }

    def clean_url(self) -> str:
        try:
            return normalised(self.cleaned_data["url"])
        except Invalid as invalid:
            raise forms.ValidationError([str(m) for m in invalid.errors["url"]]) from invalid


@register(Source)
class SourceAdmin(RecordAdmin):
    form = SourceForm
    list_display = ["__str__", "publisher", "kind", "language", "published_on", "added_at"]
    list_filter = ["kind", "language"]
    date_hierarchy = "added_at"
    dates_of = (Source, "id")
    search_fields = ["url", "title", "publisher", "author"]
    search_help_text = _("Address, or words of the title, the publisher or the author")
    ordering = ["-id"]
    sortable_by = ["__str__"]
    permanent = ("url",)
    readonly_fields = ["cited_in"]
    fields = [
        "url",
        "title",
        ("publisher", "author"),
        ("kind", "language", "published_on"),
        ("summary_fr", "summary_en"),
        "cited_in",
    ]

    def get_search_results(
        self,
        request: HttpRequest,  # noqa: ARG002
        queryset: QuerySet[Any],
        search_term: str,
    ) -> tuple[QuerySet[Any], bool]:
        """A whole address by its one form, which an index answers; else words."""
        try:
            return queryset.filter(url=normalise(search_term)), False
        except BadURL:
            pass
        for word in search_term.split():
            said = Q(title__icontains=word) | Q(publisher__icontains=word)
            said |= Q(url__icontains=word) | Q(author__icontains=word)
            queryset = queryset.filter(said)
        return queryset, False

    @admin.display(description=_("cited in"))
    def cited_in(self, source: Source) -> SafeString | str:
        if source.pk is None:
            return ""
        address = reverse("admin:tracker_followup_changelist") + f"?source={source.pk}"
        return format_html('<a href="{}">{}</a>', address, _("Follow-ups that cite it"))
