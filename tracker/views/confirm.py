"""One click: somebody looked, and nothing moved."""

import uuid

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect

from tracker.actions.followups import confirm_implementation
from tracker.exceptions import AlreadyRecorded, Meanwhile
from tracker.models import Recommendation, User
from tracker.past import may_be_past
from tracker.permissions import check_can_record
from tracker.requests import Request
from tracker.statuses import Channel
from tracker.views.errors import problem
from tracker.views.recommendation import choose
from tracker.views.record import recorded


@require_POST
@may_be_past
@vary_on_headers("HX-Request")
def confirm(request: Request, ref: str) -> HttpResponse:
    found = get_object_or_404(Recommendation, ref=ref)
    implementation = choose(found, request.user, request.GET.get("state", ""))
    if implementation is None:
        raise Http404
    if not isinstance(request.user, User):
        to_login = redirect_to_login(implementation.get_absolute_url())
        return HttpResponseClientRedirect(to_login.url) if request.htmx else to_login
    check_can_record(request.user, implementation)
    submission, seen = _sent(request)
    given = {"submission": submission, "seen": seen, "channel": Channel.SITE}
    try:
        done = confirm_implementation(by=request.user, implementation=implementation, **given)  # type: ignore[arg-type]
    except (Meanwhile, AlreadyRecorded):
        message = _(
            "Somebody recorded something here since you opened the page, so nothing was confirmed. "
            "Open the page again, read what is new, and confirm then."
        )
        return problem(request, 409, _("Not confirmed"), message)
    return recorded(request, implementation, done)


def _sent(request: Request) -> tuple[uuid.UUID | None, int | None]:
    """The name of the form that was sent, and the newest entry on its page; None where they are not there."""
    seen = request.POST.get("seen", "")
    try:
        submission = uuid.UUID(request.POST.get("submission", ""))
    except ValueError:
        submission = None
    return submission, int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else None
