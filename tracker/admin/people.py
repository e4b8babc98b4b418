"""Organizations, States, and the people with an account."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from tracker.actions.people import issue_link, save_user
from tracker.admin.base import RecordAdmin, by
from tracker.admin.filters import StateFilter, by_path
from tracker.admin.forms import RecordForm
from tracker.admin.registry import register
from tracker.admin.states import states_named
from tracker.exceptions import Invalid
from tracker.models import Organization, State, User
from tracker.names.shown import choices
from tracker.permissions import check_can_manage_people


@register(Organization)
class OrganizationAdmin(RecordAdmin):
    list_display = ["__str__", "kind", "state"]
    list_select_related = ["state"]
    list_filter = ["kind", by_path(StateFilter, "state")]
    search_fields = ["name_fr", "name_en"]
    autocomplete_fields = ["state"]
    ordering = ["-id"]
    sortable_by = ["__str__"]
    fields = ["name_fr", "name_en", "kind", "state"]


class StateForm(RecordForm):
    class Meta:
        model = State
        fields = "__all__"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if code := self.fields.get("code"):
            code.widget = forms.Select(choices=[("", "—"), *choices()])


@register(State)
class StateAdmin(RecordAdmin):
    form = StateForm
    list_display = ["code", "name"]
    search_fields = ["code"]
    ordering = ["code"]
    permanent = ("code",)

    @admin.display(description=_("name"))
    def name(self, state: State) -> str:
        return state.name

    def get_search_results(
        self,
        request: HttpRequest,  # noqa: ARG002
        queryset: QuerySet[Any],
        search_term: str,
    ) -> tuple[QuerySet[Any], bool]:
        if search_term.strip():
            queryset = queryset.filter(code__in=states_named(search_term))
        return queryset, False


@register(User)
class UserAdmin(RecordAdmin):
    """Accounts: made here without a password, which each person chooses by a link."""

    list_display = ["username", "name", "role", "organization", "is_active"]
    list_select_related = ["organization"]
    list_filter = ["role", "is_active"]
    search_fields = ["username", "name", "email"]
    autocomplete_fields = ["organization"]
    ordering = ["username"]
    fields = ["username", "name", "email", "role", "organization", "is_active", "entries"]
    readonly_fields = ["entries"]
    change_form_template = "admin/tracker/user/change_form.html"

    def write(self, request: HttpRequest, record: User, changed: Sequence[str] | None) -> None:
        save_user(by=by(request), user=record, changed=changed)

    @admin.display(description=_("recorded"))
    def entries(self, user: User) -> SafeString | str:
        if user.pk is None:
            return ""
        address = reverse("admin:tracker_followup_changelist") + f"?recorded_by={user.pk}"
        return format_html('<a href="{}">{}</a>', address, _("Follow-ups by this person"))

    def get_urls(self) -> list[URLPattern]:
        link = require_POST(self.admin_site.admin_view(self.link))
        return [path("<int:pk>/link/", link, name="tracker_user_link"), *super().get_urls()]

    def link(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A new one-time link for this person, shown on this page and never again."""
        check_can_manage_people(by(request))
        user = self.get_object(request, str(pk))
        if user is None:
            raise Http404
        context: dict[str, Any] = {"title": _("One-time sign-in link"), "person": user}
        try:
            link, secret = issue_link(by=by(request), user=user)
        except Invalid as invalid:
            refused = [str(m) for messages in invalid.errors.values() for m in messages]
            return self.page(request, LINK, {**context, "refused": refused}, status=422)
        address = reverse("sign_in_link", args=[secret])
        response = self.page(request, LINK, {**context, "link": link, "address": address})
        response["Cache-Control"] = "no-store"
        return response


LINK = "admin/tracker/user/link.html"
