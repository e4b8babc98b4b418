"""Recording in the administration: the site's form and action, for one or several at once."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.actions.followups import record_followup
from tracker.actions.several import SEVERAL, record_for_several
from tracker.exceptions import AlreadyRecorded, Invalid, Meanwhile
from tracker.forms.followup import FollowUpForm
from tracker.models import FollowUp, Implementation, User
from tracker.permissions import check_can_record
from tracker.statuses import Channel
from tracker.views.record import asked_again, take_kept

if TYPE_CHECKING:
    from tracker.admin.base import RecordAdmin

SHOWN = 50


@dataclass(frozen=True)
class Line:
    """A row of the history: an entry, and the later one that amends or retracts it."""

    entry: FollowUp
    correction: FollowUp | None


def history_of(user: User, implementation: Implementation) -> dict[str, Any]:
    """The newest entries that somebody may read, and whether there are more."""
    entries = FollowUp.objects.visible_to(user).filter(implementation=implementation)
    rows = entries.with_details().order_by("-sequence")
    found = list(rows[: SHOWN + 1])
    lines = [Line(entry, getattr(entry, "correction", None)) for entry in found[:SHOWN]]
    return {"lines": lines, "more": len(found) > SHOWN}


class RecordingForm(FollowUpForm):
    """The site's form, with a search in place of the list of all organizations."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = cast("forms.ModelChoiceField[Any]", self.fields["organization"])
        relation = FollowUp._meta.get_field("organization")
        choice.widget = AutocompleteSelect(relation, admin.site)
        choice.widget.is_required = False
        choice.queryset = choice.queryset  # tells the new widget its choices


# --- One


def record(model_admin: "RecordAdmin", request: HttpRequest, pk: int) -> HttpResponse:
    """The page that appends an entry to one history."""
    user = _user(request)
    rows = Implementation.objects.visible_to(user).select_related("recommendation", "state")
    implementation = rows.filter(pk=pk).first()
    if implementation is None:
        raise Http404
    check_can_record(user, implementation)
    page = _Page(model_admin, request, [implementation])
    if request.method != "POST":
        kept = take_kept(request)
        return page.show(page.form(kept, seen=implementation.head_sequence), kept=kept is not None)
    form = page.form(request.POST)
    if not form.is_valid():
        return page.show(form, 422)
    try:
        done = record_followup(
            by=user,
            implementation=implementation,
            statement=form.statement(),
            channel=Channel.ADMIN,
            submission=form.cleaned_data["submission"],
            seen=form.cleaned_data["seen"],
        )
    except (Invalid, Meanwhile, AlreadyRecorded) as error:
        return page.refuse(form, error)
    said = _("Recorded.") if done.is_new else _("This had been recorded already: once is enough.")
    messages.success(request, said)
    return redirect("admin:tracker_implementation_change", implementation.pk)


# --- Several


def record_several(model_admin: "RecordAdmin", request: HttpRequest) -> HttpResponse:
    """The page that appends the same words to several histories: to all, or to none."""
    user = _user(request)
    kept = take_kept(request) if request.method != "POST" else None
    data = request.POST if request.method == "POST" else kept
    given = (data or request.GET).getlist("of")
    seen = _read(given)
    rows = Implementation.objects.visible_to(user).filter(pk__in=seen)
    implementations = list(rows.select_related("recommendation", "state").order_by("pk"))
    if not implementations or len(implementations) != len(seen):
        raise Http404
    for implementation in implementations:
        check_can_record(user, implementation)
    page = _Page(model_admin, request, implementations, seen if data else {})
    if request.method != "POST":
        return page.show(page.form(kept), kept=kept is not None)
    form = page.form(request.POST)
    if not form.is_valid():
        return page.show(form, 422)
    try:
        done = record_for_several(
            by=user,
            implementations=implementations,
            statement=form.statement(),
            channel=Channel.ADMIN,
            submission=form.cleaned_data["submission"] or uuid.uuid4(),
            seen={pk: sequence for pk, sequence in seen.items() if sequence is not None},
        )
    except (Invalid, Meanwhile, AlreadyRecorded) as error:
        return page.refuse(form, error)
    count = sum(1 for one in done if one.is_new)
    if count:
        said = ngettext("Recorded for %(n)s.", "Recorded for %(n)s.", count) % {"n": count}
    else:
        said = _("This had been recorded already: once is enough.")
    messages.success(request, said)
    return redirect("admin:tracker_implementation_changelist")


def _read(given: Sequence[str]) -> dict[int, int | None]:
    """``"12:3"`` is an implementation's id, and the sequence of its newest entry that was seen."""
    found: dict[int, int | None] = {}
    for text in given:
        pk, _colon, sequence = text.partition(":")
        if not (_is_number(pk) and _is_number(sequence or "0")):
            raise Http404
        found[int(pk)] = int(sequence) if sequence else None
    if len(found) > SEVERAL:
        raise Http404
    return found


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


# --- The page that both show


@dataclass
class _Page:
    model_admin: "RecordAdmin"
    request: HttpRequest
    implementations: list[Implementation]
    seen: dict[int, int | None] | None = None
    """What was seen of several; None where the page is about one, whose form carries it itself."""

    def form(self, data: Any = None, seen: int = 0) -> RecordingForm:
        user, first = _user(self.request), self.implementations[0]
        return RecordingForm(data, user=user, implementation=first, seen=seen)

    def show(self, form: FollowUpForm, status: int = 200, **extra: Any) -> HttpResponse:
        one = self.implementations[0] if self.seen is None else None
        several = None if self.seen is None else self._pairs(self.seen)
        context = {
            "title": _("Record a follow-up") if one else _("Record the same for several"),
            "form": form,
            "one": one,
            "several": several,
            "back": _back(one),
            "kept": False,
            "meanwhile": [],
            "already": None,
            **extra,
        }
        return self.model_admin.page(self.request, TEMPLATE, context, status)

    def refuse(
        self, form: FollowUpForm, error: Invalid | Meanwhile | AlreadyRecorded
    ) -> HttpResponse:
        """The form again with what was typed: what to mend, or to know before sending it again."""
        if isinstance(error, Invalid):
            form.refuse(error)
            return self.show(form, 422)
        entries = list(error.entries) if isinstance(error, Meanwhile) else []
        if self.seen is not None:
            newest = {entry.implementation_id: entry.sequence for entry in reversed(entries)}
            self.seen = {pk: newest.get(pk, was) for pk, was in self.seen.items()}
        already = error.entry if isinstance(error, AlreadyRecorded) else None
        return self.show(asked_again(form, entries), 409, meanwhile=entries, already=already)

    def _pairs(self, seen: dict[int, int | None]) -> list[tuple[Implementation, str]]:
        """Each with what its hidden field says: what was seen, or now is, as the page opens."""
        rows = []
        for implementation in self.implementations:
            known = seen.get(implementation.pk)
            sequence = implementation.head_sequence if known is None else known
            rows.append((implementation, f"{implementation.pk}:{sequence}"))
        return rows


def _back(one: Implementation | None) -> str:
    if one:
        return reverse("admin:tracker_implementation_change", args=[one.pk])
    return reverse("admin:tracker_implementation_changelist")


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


TEMPLATE = "admin/tracker/implementation/record.html"
