"""Recording a follow-up on the site: one form, with htmx in place, without JavaScript by redirect.

Whatever goes wrong, what was typed comes back: on a wrong field, when somebody else recorded meanwhile,
when the session has expired, when the page was too old.
"""

import json
import re
import uuid
from collections.abc import Sequence
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect

from tracker.actions.followups import Recorded, record_followup
from tracker.actions.statements import NOTE_LENGTH
from tracker.forms.followup import FollowUpForm, author_of
from tracker.links.urls import BadURL, normalise
from tracker.models import FollowUp, Implementation, Recommendation, Source, User
from tracker.notes import render as render_note
from tracker.permissions import AnyUser, check_can_record
from tracker.requests import Request
from tracker.statuses import Channel
from tracker.views.attempts import attempt

KEPT = "kept_form"
KEPT_FORMS = 3
"""How many forms are kept at once: one for each page that was open."""
KEPT_LENGTH = 1_500_000
"""Characters of a form that are kept while its person signs in again: more than any form of ours holds."""
FORM_SUFFIX = re.compile(r"-\d{1,19}")
"""What the ids of a form on the overview end with: the implementation's id."""


def record(request: Request, implementation: Implementation) -> HttpResponse:
    """Append what was typed to the history of ``implementation``, and answer with what changed."""
    if not request.user.is_authenticated:
        return sign_in_keeping(request)
    check_can_record(request.user, implementation)
    form = _form(request, request.user, implementation)
    if "more" in request.POST:  # one more row for a source: asked for, not an error
        return refused(request, form, 200, asked=True)
    if "preview" in request.POST:
        form.is_valid()
        return refused(
            request, form, 200, preview=render_note(request.POST.get("note", "")[:NOTE_LENGTH])
        )
    outcome = attempt(form, lambda: _write(request.user, form))
    if isinstance(outcome, Recorded):
        return recorded(request, implementation, outcome)
    if outcome.status == 409:
        form = asked_again(form, outcome.said.get("meanwhile", []))
    return refused(request, form, outcome.status, **outcome.said)


def _write(user: AnyUser, form: FollowUpForm) -> Recorded:
    assert isinstance(user, User)
    return record_followup(
        by=user,
        implementation=form.implementation,
        statement=form.statement(),
        channel=Channel.SITE,
        submission=form.cleaned_data["submission"],
        seen=form.cleaned_data["seen"],
    )


def asked_again(form: FollowUpForm, entries: Sequence[FollowUp]) -> FollowUpForm:
    """The same words in a form that, sent again, means "record all the same"."""
    data = cast(QueryDict, form.data).copy()
    if entries:
        data["seen"] = str(entries[0].sequence)
    else:
        data.pop("submission", None)
    again = type(form)(data, user=form.user, implementation=form.implementation, place=form.place)
    if not entries:
        data["submission"] = str(again.initial["submission"])
    again.is_valid()
    return again


def refused(request: Request, form: FollowUpForm, status: int, **extra: Any) -> HttpResponse:
    """The form again, with what is to be mended; htmx puts it in the place of the one that was sent."""
    implementation = form.implementation
    if not request.htmx:
        from tracker.views.recommendation import fetch, page

        found = fetch(implementation.recommendation.ref)
        return page(request, found, implementation, form=form, status=status, **extra)
    context = {
        "form": form,
        "implementation": implementation,
        "recommendation": implementation.recommendation,
        **extra,
    }
    response = render(request, "recommendations/_record.html", context, status=status)
    response["HX-Retarget"] = f"#open-{implementation.pk}" if form.place else "#record"
    response["HX-Reswap"] = "innerHTML" if form.place else "outerHTML"
    return response


def recorded(request: Request, implementation: Implementation, done: Recorded) -> HttpResponse:
    """What changed: by redirect to the new entry, or for htmx the part of the page that it is on."""
    entry = done.entry
    place = request.POST.get("place", "")
    told = {"entry": entry, "is_new": done.is_new, "place": place, "undo": uuid.uuid4()}
    if not request.htmx:
        messages.success(request, render_to_string("recommendations/_told.html", told, request))
        return HttpResponseRedirect(f"{implementation.get_absolute_url()}#{entry.anchor}")
    if place == "overview":
        from tracker.views.overview import overview_context

        meeting = implementation.recommendation.meeting
        name, context = "overview/_overview.html", overview_context(request.user, meeting)
    else:
        name, context = (
            "recommendations/_recommendation.html",
            fresh_context(request, implementation),
        )
    body = render_to_string(name, context, request)
    told_oob = render_to_string("recommendations/_announce.html", told, request)
    response = HttpResponse(body + told_oob)
    response["HX-Trigger-After-Settle"] = json.dumps({"recorded": {"entry": entry.anchor}})
    if not place:  # the whole timeline is shown now, whatever part of it was
        response["HX-Replace-Url"] = implementation.get_absolute_url()
    return response


def fresh_context(request: Request, implementation: Implementation) -> dict[str, Any]:
    """What the recommendation's page would show if it were opened now."""
    from tracker.views.recommendation import choose, detail_context, fetch

    assert isinstance(request.user, User)
    found = fetch(implementation.recommendation.ref)
    now = choose(found, request.user, implementation.state_id)
    assert now is not None
    context = detail_context(request, found, now)
    form = FollowUpForm(user=request.user, implementation=now, seen=context["newest"])
    return {**context, "form": form, "confirming": uuid.uuid4()}


def sign_in_keeping(request: Request) -> HttpResponse:
    """To sign-in, with what was typed kept in the session for the person who typed it, and nobody else.

    Kept only from a form that the site had made for somebody: strangers cannot fill the database.
    """
    data = dict(request.POST.lists())
    if (author := author_of(request.POST)) and len(json.dumps(data)) <= KEPT_LENGTH:
        kept = {**request.session.get(KEPT, {}), request.path: {"author": author, "data": data}}
        request.session[KEPT] = dict(list(kept.items())[-KEPT_FORMS:])
    to_login = redirect_to_login(request.get_full_path())
    return HttpResponseClientRedirect(to_login.url) if request.htmx else to_login


def take_kept(request: HttpRequest) -> QueryDict | None:
    """What this person typed here before they had to sign in; given back once."""
    if not request.user.is_authenticated or request.path not in request.session.get(KEPT, {}):
        return None
    forms = dict(request.session[KEPT])
    kept = forms.pop(request.path)
    request.session[KEPT] = forms
    if kept["author"] != request.user.pk:
        return None
    data = QueryDict(mutable=True)
    for name, values in kept["data"].items():
        data.setlist(name, values)
    return data


def refill(request: Request) -> HttpResponse | None:
    """A fresh form with what was typed, for a form whose page was too old; None if it is not ours.

    Ours was made for the person who sends it, and says so by its signature: no other site can fill it.
    """
    from tracker.views import add_meeting, corrections

    try:
        match = resolve(request.path_info)
    except Resolver404:
        return None
    if not request.user.is_authenticated or author_of(request.POST) != request.user.pk:
        return None
    if match.url_name in corrections.FORMS:
        return corrections.refill(request, match.kwargs["pk"], match.url_name)
    if match.url_name == "add_meeting":
        return add_meeting.refill(request, request.user)
    if match.url_name == "recommendation":
        return _refill(request, request.user, match.kwargs["ref"])
    return None


def _refill(request: Request, user: User, ref: str) -> HttpResponse | None:
    from tracker.views.recommendation import choose

    found = get_object_or_404(Recommendation, ref=ref)
    implementation = choose(found, user, request.GET.get("state", ""))
    if implementation is None:
        return None
    check_can_record(user, implementation)
    (form := _form(request, user, implementation)).is_valid()
    return refused(request, form, 403, stale=True)


def _form(request: Request, user: User, implementation: Implementation) -> FollowUpForm:
    """The form as it was sent, in the place where it stood."""
    place = request.POST.get("place", "")
    return FollowUpForm(request.POST, user=user, implementation=implementation, place=place)


@require_POST
def preview(request: Request) -> HttpResponse:
    """A note as it will look, for those who write one; nothing is kept."""
    if not request.user.is_authenticated:
        return sign_in_keeping(request)
    suffix = request.GET.get("for", "")
    if suffix and not FORM_SUFFIX.fullmatch(suffix):
        raise Http404
    note = render_note(request.POST.get("note", "")[:NOTE_LENGTH])
    context = {"preview": note, "suffix": suffix}
    return render(request, "recommendations/_preview.html", context)


@require_safe
def known_source(request: Request) -> HttpResponse:
    """What is known of the source whose address was typed, in a line under the field."""
    try:
        url = normalise(request.GET.get("url", ""))
    except BadURL as error:
        return render(request, "recommendations/_known.html", {"problem": str(error)})
    source = Source.objects.visible_to(request.user).filter(url=url).first()
    return render(request, "recommendations/_known.html", {"source": source})


@require_safe
@vary_on_headers("HX-Request")
def record_form(request: Request, ref: str) -> HttpResponse:
    """The form in place on the overview; without htmx, the way to it on the recommendation's page."""
    from tracker.views.recommendation import choose, fetch

    implementation = choose(fetch(ref), request.user, request.GET.get("state", ""))
    if implementation is None:
        raise Http404
    check_can_record(request.user, implementation)
    assert isinstance(request.user, User)
    if not request.htmx:
        return HttpResponseRedirect(f"{implementation.get_absolute_url()}#record")
    entries = FollowUp.objects.visible_to(request.user).filter(implementation=implementation)
    newest = entries.newest_sequence()
    form = FollowUpForm(
        user=request.user, implementation=implementation, seen=newest, place="overview"
    )
    context = {
        "form": form,
        "implementation": implementation,
        "recommendation": implementation.recommendation,
    }
    return render(request, "recommendations/_record.html", context)
