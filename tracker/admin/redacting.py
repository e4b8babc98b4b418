"""The administrators' page that takes the words of one entry away, or those of one edit."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.actions.redactions import redact_edit, redact_entry, reminder
from tracker.actions.statements import REASON_LENGTH
from tracker.admin.base import RecordAdmin, by
from tracker.exceptions import Invalid
from tracker.models import Edit, FollowUp, User
from tracker.permissions import can_redact, check_can_redact
from tracker.statuses import Channel

PAGE = "admin/tracker/redact.html"


class RedactForm(forms.Form):
    """Why, and that it is meant."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy(
            "It stays in the history, where readers see it: do not repeat the words."
        ),
        max_length=REASON_LENGTH,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
    )
    with_name = forms.BooleanField(
        label=gettext_lazy("Also remove the name of the person who recorded it"), required=False
    )
    sure = forms.BooleanField(label=gettext_lazy("Yes, remove these words for good"))

    def __init__(self, data: Any, is_entry: bool) -> None:
        super().__init__(data)
        if not is_entry:
            del self.fields["with_name"]

    def refuse(self, invalid: Invalid) -> None:
        for name, refused in invalid.errors.items():
            for message in refused:
                self.add_error(name if name in self.fields else None, str(message))


class Redactable(RecordAdmin):
    """Entries and edits: what is redacted has a page for it, and what was says so."""

    change_form_template = "admin/tracker/redactable.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.redact_view)
        name = f"tracker_{self.opts.model_name}_redact"
        return [path("<int:pk>/redact/", view, name=name), *super().get_urls()]

    def redact_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return redact(self, request, pk, by(request))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        record = kwargs.get("obj")
        is_done = record is None or record.is_redacted or record.redacts_id is not None
        context["may_redact"] = can_redact(by(request)) and not is_done
        return super().render_change_form(request, context, *args, **kwargs)


def redact(model_admin: RecordAdmin, request: HttpRequest, pk: int, user: User) -> HttpResponse:
    """The form, or what came of it."""
    check_can_redact(user)
    record = model_admin.get_object(request, str(pk))
    if record is None:
        raise Http404
    form = RedactForm(request.POST or None, isinstance(record, FollowUp))
    if request.method == "POST" and form.is_valid():
        try:
            for said in _redact(user, record, form.cleaned_data):
                messages.success(request, said)
        except Invalid as invalid:
            form.refuse(invalid)
        else:
            messages.warning(request, reminder())
            return redirect(f"admin:tracker_{model_admin.opts.model_name}_change", pk)
    context = {"title": _("Redact"), "form": form, "record": record, **_going(record)}
    if request.method != "POST":
        context["stays"] = _stays(record)
    return model_admin.page(request, PAGE, context, 422 if request.method == "POST" else 200)


def _stays(record: FollowUp | Edit) -> str:
    """Why there is nothing to redact; empty where there is."""
    if record.is_redacted:
        return _("The words were redacted.")
    return _("A redaction stays: it says why words are gone.") if record.redacts_id else ""


def _going(record: FollowUp | Edit) -> dict[str, Any]:
    """What would go, to be read before it does: an entry's sources, all words of an edit."""
    if isinstance(record, FollowUp):
        return {"citations": list(record.citations.select_related("source"))}
    said = record.snapshot or {}
    translations = [translation["text"] for translation in said.get("translations", [])]
    words = [said.get("text"), *translations, said.get("lead_as"), said.get("due_on")]
    return {"words": [*filter(None, words)]}


def _redact(user: User, record: FollowUp | Edit, given: dict[str, Any]) -> list[str]:
    reason = given["reason"]
    if isinstance(record, Edit):
        redact_edit(by=user, edit=record, reason=reason, channel=Channel.ADMIN)
        return [_("Redacted.")]
    done = redact_entry(
        by=user, entry=record, reason=reason, channel=Channel.ADMIN, with_name=given["with_name"]
    )
    return [_("Redacted."), *done.told()]
