"""Amending and retracting an entry: in place with htmx, on a page of its own without JavaScript."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from tracker.actions.followups import Recorded, amend_followup, retract_followup
from tracker.forms.followup import AmendForm, RetractForm
from tracker.models import FollowUp, User
from tracker.permissions import check_can_correct
from tracker.requests import Request
from tracker.statuses import Channel
from tracker.views.attempts import attempt
from tracker.views.record import recorded, sign_in_keeping, take_kept


def fetch_to_correct(request: Request, pk: int) -> tuple[FollowUp, User]:
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
def amend(request: Request, pk: int) -> HttpResponse:
    if request.method == "POST" and not request.user.is_authenticated:
        return sign_in_keeping(request)
    entry, user = fetch_to_correct(request, pk)
    is_sent = request.method == "POST"
    data = request.POST if is_sent else take_kept(request)
    form = AmendForm(data, user=user, implementation=entry.implementation, entry=entry)
    if not is_sent:
        return _answer(request, entry, form, "amend")

    def write() -> Recorded:
        given = {name: form.cleaned_data[name] for name in ("reason", "submission")}
        said = form.statement()
        return amend_followup(by=user, entry=entry, statement=said, channel=Channel.SITE, **given)

    return _outcome(request, entry, form, "amend", write)


@require_http_methods(["GET", "HEAD", "POST"])
def retract(request: Request, pk: int) -> HttpResponse:
    if request.method == "POST" and not request.user.is_authenticated:
        return sign_in_keeping(request)
    entry, user = fetch_to_correct(request, pk)
    is_sent = request.method == "POST"
    data = request.POST if is_sent else take_kept(request)
    form = RetractForm(data, user=user, entry=entry)
    if not is_sent:
        return _answer(request, entry, form, "retract")

    def write() -> Recorded:
        given = {name: form.cleaned_data[name] for name in ("reason", "submission")}
        return retract_followup(by=user, entry=entry, channel=Channel.SITE, **given)

    return _outcome(request, entry, form, "retract", write)


def _outcome(
    request: Request,
    entry: FollowUp,
    form: AmendForm | RetractForm,
    what: str,
    write: Callable[[], Recorded],
) -> HttpResponse:
    outcome = attempt(form, write)
    if isinstance(outcome, Recorded):
        return recorded(request, entry.implementation, outcome)
    return _answer(request, entry, form, what, outcome.status, **outcome.said)


def _answer(
    request: Request,
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
        response["HX-Retarget"] = f"#correct-{entry.pk}"
        response["HX-Reswap"] = "innerHTML"
    return response
