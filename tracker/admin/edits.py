"""Edits of the record, to be read: the actions seal them, and nobody changes them."""

import json
from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from tracker.admin.filters import chosen
from tracker.admin.redacting import Redactable
from tracker.admin.registry import register
from tracker.folding import fold
from tracker.models import Edit, User

EXCERPT = 60
"""Letters of an edit's words in the list: beside the filters there is room for no more."""


class KeyFilter(SimpleListFilter):
    """Edits of one recommendation, or of its carrying-out by one State, that a link names."""

    title = _("reference")
    parameter_name = "key"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002
        key = self.used_parameters.get(self.parameter_name)
        return [(key, key)] if key else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002
        return queryset.filter(key=self.value()) if self.value() else queryset

    def has_output(self) -> bool:
        return bool(self.used_parameters)


@register(Edit)
class EditAdmin(Redactable):
    list_display = ["sequence", "recorded_at", "key", "act", "said", "recorded_as"]
    list_filter = [
        KeyFilter,
        chosen("recorded_by", User),
        "subject",
        "act",
        "channel",
        "is_redacted",
    ]
    date_hierarchy = "recorded_at"
    search_fields = ["key"]
    search_help_text = _("Reference, words of the text, a name, or a digest")
    ordering = ["-sequence"]
    sortable_by = ["sequence"]
    fields = [
        "sequence",
        "subject",
        "of",
        "act",
        "after",
        "redacts",
        "reason",
        "is_redacted",
        "recorded_at",
        "recorded_as",
        "channel",
        "content_digest",
        "previous_digest",
        "digest",
    ]
    readonly_fields = ["of", "after"]

    def get_search_results(
        self,
        request: HttpRequest,  # noqa: ARG002
        queryset: QuerySet[Any],
        search_term: str,
    ) -> tuple[QuerySet[Any], bool]:
        for word in search_term.split():
            named = Q(key__istartswith=word) | Q(digest=word.lower())
            said = Q(folded__contains=fold(word)) | Q(recorded_as__icontains=word)
            queryset = queryset.filter(named | said)
        return queryset, False

    def get_view_on_site_url(self, obj: Any = None) -> str | None:  # noqa: ARG002
        return None

    @admin.display(description=_("after"))
    def said(self, edit: Edit) -> str:
        snapshot = edit.snapshot or {}
        words = (
            snapshot.get("text") or f"{snapshot.get('lead_as', '')} {snapshot.get('due_on') or ''}"
        )
        return Truncator(edit.reason or words.strip()).chars(EXCERPT)

    @admin.display(description=_("after"))
    def after(self, edit: Edit) -> SafeString | str:
        if edit.snapshot is None:
            return ""
        text = json.dumps(edit.snapshot, indent=2, ensure_ascii=False)
        return format_html('<pre class="suivi-json">{}</pre>', text)

    @admin.display(description=_("reference"))
    def of(self, edit: Edit) -> SafeString:
        return format_html('<a href="../../?key={}">{}</a>', edit.key, edit.key)
