"""Where recommendations come from, what they rest on, and what stands in their way.

What sealed edits refer to them by (``permanent``) is given once and stays.
"""

from collections.abc import Sequence

from django.http import HttpRequest

from tracker.actions.themes import save_theme
from tracker.admin.base import RecordAdmin, by
from tracker.admin.registry import register
from tracker.models import Body, Difficulty, Instrument, Meeting, Provision, Theme


@register(Body)
class BodyAdmin(RecordAdmin):
    list_display = ["__str__", "slug", "symbol"]
    search_fields = ["slug", "name_fr", "name_en", "symbol"]
    ordering = ["slug"]


@register(Meeting)
class MeetingAdmin(RecordAdmin):
    permanent = ("slug",)
    list_display = ["slug", "body", "session", "place", "starts_on", "ends_on"]
    list_select_related = ["body"]
    search_fields = ["slug", "place_fr", "place_en", "body__slug", "body__name_fr", "body__name_en"]
    date_hierarchy = "starts_on"
    autocomplete_fields = ["body"]
    ordering = ["-starts_on", "-id"]


@register(Theme)
class ThemeAdmin(RecordAdmin):
    permanent = ("slug",)
    list_display = ["slug", "name_fr", "name_en"]
    search_fields = ["slug", "name_fr", "name_en"]
    ordering = ["slug"]

    def write(self, request: HttpRequest, record: Theme, changed: Sequence[str] | None) -> None:
        save_theme(by=by(request), theme=record, changed=changed)


@register(Instrument)
class InstrumentAdmin(RecordAdmin):
    permanent = ("slug",)
    list_display = ["slug", "short", "name", "adopted_on"]
    search_fields = ["slug", "short_fr", "short_en", "name_fr", "name_en"]
    ordering = ["slug"]


@register(Provision)
class ProvisionAdmin(RecordAdmin):
    permanent = ("instrument", "kind", "number")
    list_display = ["__str__", "instrument", "kind", "number"]
    list_select_related = ["instrument"]
    list_filter = ["kind"]
    search_fields = ["=number", "instrument__slug", "instrument__short_fr", "instrument__short_en"]
    autocomplete_fields = ["instrument"]
    ordering = ["instrument", "id"]


@register(Difficulty)
class DifficultyAdmin(RecordAdmin):
    permanent = ("slug", "meeting")
    list_display = ["__str__", "slug", "meeting"]
    list_select_related = ["meeting__body"]
    search_fields = ["slug", "title_fr", "title_en"]
    autocomplete_fields = ["meeting", "origin", "bears_on"]
    ordering = ["-id"]
