"""Amending and retracting an entry: in place with htmx, on a page of its own without JavaScript."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect

from tracker import busy
from tracker.actions.followups import Recorded, amend_followup, retract_followup
from tracker.forms.followup import AmendForm, RetractForm
from tracker.models import FollowUp, User
from tracker.past import may_be_past
from tracker.permissions import check_can_correct
from tracker.requests import Request
from tracker.statuses import Channel
from tracker.views.attempts import attempt
from tracker.views.errors import busy_record, problem
from tracker.views.recommendation import PAGE
from tracker.views.record import recorded, sign_in_keeping, take_kept


def fetch_to_correct(request: Request, pk: int) -> tuple[FollowUp, User]:
    """The entry, if it may be read (else 404) and corrected by this person (else ``NotAllowed``)."""
    entries = FollowUp.objects.visible_to(request.user).with_details()
    entries = entries.select_related("implementation__recommendation__meeting")
    entry = get_object_or_404(entries, pk=pk)
    check_can_correct(request.user, entry)
    assert isinstance(request.user, User)
    return entry, request.user


@require_http_methods(["GET", "HEAD", "POST"])
@may_be_past
@vary_on_headers("HX-Request")
def amend(request: Request, pk: int) -> HttpResponse:
    return _correct(request, pk, "amend")


@require_http_methods(["GET", "HEAD", "POST"])
@may_be_past
@vary_on_headers("HX-Request")
def retract(request: Request, pk: int) -> HttpResponse:
    return _correct(request, pk, "retract")


def _correct(request: Request, pk: int, what: str) -> HttpResponse:
    """Show the form, or take it: an amendment or a retraction, by the words in ``what``."""
    if request.method == "POST" and not request.user.is_authenticated:
        return sign_in_keeping(request)
    entry, user = fetch_to_correct(request, pk)
    if request.method == "POST":
        form = FORMS[what](request.POST, user, entry)
        return _outcome(request, entry, form, what, lambda: WRITES[what](form, user, entry))
    if later := _later(entry):
        to = redirect("entry", later.pk)
        return HttpResponseClientRedirect(to.url) if request.htmx else to
    form = FORMS[what](take_kept(request), user, entry)
    return _answer(request, entry, form, what)


def refill(request: Request, pk: int, what: str) -> HttpResponse:
    """The form again with what was typed, from a page that was too old."""
    entry, user = fetch_to_correct(request, pk)
    form = FORMS[what](request.POST, user, entry)
    form.is_valid()
    return _answer(request, entry, form, what, 403, stale=True)


def _later(entry: FollowUp) -> FollowUp | None:
    """What corrected the entry already, loaded with it."""
    return getattr(entry, "correction", None)


def _amend_form(data: QueryDict | None, user: User, entry: FollowUp) -> AmendForm:
    return AmendForm(data, user=user, implementation=entry.implementation, entry=entry)


def _retract_form(data: QueryDict | None, user: User, entry: FollowUp) -> RetractForm:
    return RetractForm(data, user=user, entry=entry)


def _amend(form: Any, user: User, entry: FollowUp) -> Recorded:
    return amend_followup(
        by=user, entry=entry, statement=form.statement(), channel=Channel.SITE, **_given(form)
    )


def _retract(form: Any, user: User, entry: FollowUp) -> Recorded:
    return retract_followup(by=user, entry=entry, channel=Channel.SITE, **_given(form))


def _given(form: Any) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("reason", "submission")}


FORMS: dict[str, Callable[[QueryDict | None, User, FollowUp], AmendForm | RetractForm]] = {
    "amend": _amend_form,
    "retract": _retract_form,
}
WRITES: dict[str, Callable[[Any, User, FollowUp], Recorded]] = {
    "amend": _amend,
    "retract": _retract,
}


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
    if request.htmx and "undo" in request.POST:
        if outcome.status == busy.STATUS:
            return busy_record(request)
        said = _("This entry was amended or retracted already; nothing more was recorded.")
        return problem(request, outcome.status, _("Not undone"), said)
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


@require_safe
@may_be_past
def entry(request: Request, pk: int) -> HttpResponse:
    """The permanent address of an entry: leads to where its recommendation's timeline shows it."""
    entries = FollowUp.objects.visible_to(request.user)
    entries = entries.until(request.past.moment if request.past else None)
    found = get_object_or_404(entries.select_related("implementation__recommendation"), pk=pk)
    page = found.implementation.get_absolute_url()
    newer = entries.filter(implementation=found.implementation, sequence__gt=found.sequence)
    if newer.count() >= PAGE:
        page += f"&before={found.sequence + 1}"
    if request.past:
        page += f"&as_of={request.past.day}"
    return redirect(f"{page}#{found.anchor}")
