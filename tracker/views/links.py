"""``/recommendations/<ref>/links/``: an editor confirms what a recommendation is to others, or denies it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tracker.actions.relations import link_recommendations, unlink_recommendations
from tracker.alike import suggestions
from tracker.forms.links import LinkForm
from tracker.models import Recommendation, Relation, User
from tracker.past import may_be_past
from tracker.permissions import check_can_edit
from tracker.requests import Request
from tracker.views.attempts import Refusal, attempt
from tracker.views.recommendation import fetch


@require_http_methods(["GET", "HEAD", "POST"])
@may_be_past
def links(request: Request, ref: str) -> HttpResponse:
    found = fetch(ref)
    if not isinstance(request.user, User):
        return redirect_to_login(request.get_full_path())
    check_can_edit(request.user)
    if request.past:  # what an editor does is done today
        return redirect("links", ref)
    if request.method == "POST":
        remove = "remove" in request.POST
        return (_remove if remove else _confirm)(request, request.user, found)
    return _page(request, found)


def _confirm(request: Request, user: User, found: Recommendation) -> HttpResponse:
    form = LinkForm(request.POST, about=found)
    outcome = attempt(form, lambda: _link(user, form))
    if isinstance(outcome, Refusal):
        return _page(request, found, form, status=outcome.status)
    messages.success(request, _("Recorded. It can be taken back below."))
    return redirect("links", found.ref)


def _link(user: User, form: LinkForm) -> Relation:
    later, earlier, kind = form.pair()
    return link_recommendations(by=user, later=later, earlier=earlier, kind=kind)


def _remove(request: Request, user: User, found: Recommendation) -> HttpResponse:
    ref = request.POST["remove"]
    other = next((link.to for link in found.links() if link.to.ref == ref), None)
    is_gone = other and unlink_recommendations(by=user, one=found, other=other)
    if is_gone:
        messages.success(request, _("Removed. The history keeps it."))
    else:
        messages.warning(request, _("There was no such link."))
    return redirect("links", found.ref)


def _page(
    request: Request, found: Recommendation, refused: LinkForm | None = None, status: int = 200
) -> HttpResponse:
    """The links that stand, a form for each suggestion, and one for any other recommendation."""
    told = found.links()
    forms = []
    for one in suggestions(found, [link.to for link in told]):
        other = one.recommendation
        if refused is not None and refused.data.get("other") == other.ref:
            refused.suggest(other)
            forms.append(refused)
        else:
            forms.append(LinkForm(about=found, suggested=other))
    context: dict[str, Any] = {"recommendation": found, "links": told, "suggested": forms}
    is_typed = refused is not None and refused.suggested is None
    context["form"] = refused if is_typed else LinkForm(about=found)
    return render(request, "recommendations/links.html", context, status=status)
