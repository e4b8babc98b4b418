"""Amending and retracting an entry: in place with htmx, on a page of its own without JavaScript."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from tracker.actions.followups import amend_followup, retract_followup
from tracker.exceptions import AlreadyRecorded, Invalid, Meanwhile
from tracker.forms.followup import AmendForm, RetractForm
from tracker.models import FollowUp, User
from tracker.permissions import check_can_correct
from tracker.statuses import Channel
from tracker.views.record import recorded, sign_in_keeping, take_kept


def fetch_to_correct(request: HttpRequest, pk: int) -> tuple[FollowUp, User]:
    """The entry, if it may be read (else 404) and corrected by this person (else ``NotAllowed``)."""
    entries = FollowUp.objects.visible_to(request.user).with_details()
    entries = entries.select_related(
        "organization", "target", "correction", "implementation__recommendation__meeting"
    )
    entry = get_object_or_404(entries, pk=pk)
    check_can_correct(request.user, entry)
    assert isinstance(request.user, User)
    return entry, request.user


@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: HttpRequest, pk: int) -> HttpResponse:
    if request.method == "POST" and not request.user.is_authenticated:
        return sign_in_keeping(request)
    entry, user = fetch_to_correct(request, pk)
    about = {"user": user, "implementation": entry.implementation, "entry": entry}
    if request.method != "POST":
        kept = take_kept(request, entry.implementation)
        return _answer(request, entry, AmendForm(kept, **about), "amend")
    form = AmendForm(request.POST, **about)
    if not form.is_valid():
        return _answer(request, entry, form, "amend", 422)
    reason, submission = form.cleaned_data["reason"], form.cleaned_data["submission"]
    try:
        done = amend_followup(
            by=user,
            entry=entry,
            reason=reason,
            statement=form.statement(),
            channel=Channel.SITE,
            submission=submission,
        )
    except Invalid as invalid:
        form.refuse(invalid)
        return _answer(request, entry, form, "amend", 422)
    except (Meanwhile, AlreadyRecorded) as error:
        return _answer(request, entry, form, "amend", 409, meanwhile=_others(error))
    return recorded(request, entry.implementation, done)


@require_http_methods(["GET", "HEAD", "POST"])
def retract(request: HttpRequest, pk: int) -> HttpResponse:
    if request.method == "POST" and not request.user.is_authenticated:
        return sign_in_keeping(request)
    entry, user = fetch_to_correct(request, pk)
    if request.method != "POST":
        kept = take_kept(request, entry.implementation)
        form = RetractForm(kept, initial={"submission": uuid.uuid4()}, auto_id=f"id_%s_{pk}")
        return _answer(request, entry, form, "retract")
    form = RetractForm(request.POST, auto_id=f"id_%s_{pk}")
    if not form.is_valid():
        return _answer(request, entry, form, "retract", 422)
    try:
        done = retract_followup(by=user, entry=entry, channel=Channel.SITE, **form.cleaned_data)
    except Invalid as invalid:
        form.refuse(invalid)
        return _answer(request, entry, form, "retract", 422)
    except (Meanwhile, AlreadyRecorded) as error:
        return _answer(request, entry, form, "retract", 409, meanwhile=_others(error))
    return recorded(request, entry.implementation, done)


def _others(error: Meanwhile | AlreadyRecorded) -> list[FollowUp]:
    return list(error.entries) if isinstance(error, Meanwhile) else [error.entry]


def _answer(
    request: HttpRequest,
    entry: FollowUp,
    form: AmendForm | RetractForm,
    what: str,
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    """The form, as a fragment in the entry or as a page of its own."""
    context = {
        "entry": entry,
        "form": form,
        "implementation": entry.implementation,
        "recommendation": entry.implementation.recommendation,
        "what": what,
        **extra,
    }
    name = f"entries/_{what}.html" if request.htmx else "entries/correct.html"
    response = render(request, name, context, status=status)
    if request.htmx and status != 200:
        response["HX-Retarget"] = "#correct"
        response["HX-Reswap"] = "outerHTML"
    return response
