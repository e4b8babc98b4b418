"""What went wrong, as pages of the product: what happened, what was kept, what to do."""

from typing import Any, cast

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tracker import busy
from tracker.exceptions import NotAllowed
from tracker.requests import Request


def problem(request: HttpRequest, status: int, title: str, message: str) -> HttpResponse:
    """A page that says so; for htmx, a message at the top of the page that is already there."""
    context = {"status": status, "title": title, "message": message}
    if getattr(request, "htmx", False):
        response = render(request, "errors/_problem.html", context, status=status)
        response["HX-Retarget"] = "#problem"
        response["HX-Reswap"] = "innerHTML"
        return response
    return render(request, "errors/problem.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    message = _(
        "Something in the address or in what was sent cannot be read. Go back and try again."
    )
    return problem(request, 400, _("This cannot be read"), message)


def not_allowed(request: HttpRequest, exception: NotAllowed | None = None) -> HttpResponse:
    message = str(exception or "") or _("Your account may not do this.")
    return problem(request, 403, _("Not allowed"), message)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return not_allowed(request)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    message = _("Nothing is at this address. Check it, or look in the list of recommendations.")
    return problem(request, 404, _("Not found"), message)


def server_error(request: HttpRequest) -> HttpResponse:
    request.is_broken = True  # type: ignore[attr-defined]
    request.user = AnonymousUser()  # the database may be what broke: the page must not ask it
    message = _(
        "The fault is ours, and it has been noted. Nothing was half recorded: go back, check, try again."
    )
    return problem(request, 500, _("Something broke"), message)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """A form from a page that is too old, such as one opened before signing in again elsewhere.

    Nothing is written, but what was typed comes back in a fresh form.
    """
    from tracker.views.record import refill

    try:
        if response := refill(cast(Request, request)):
            return response
    except NotAllowed as error:  # raised in no view: the middleware does not see it
        return not_allowed(request, error)
    message = _("This page was open for too long, or cookies are off. Reload it, then send again.")
    return problem(request, 403, _("The page is out of date"), message)


def too_many_attempts(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ARG001
    message = _(
        "Too many wrong passwords for this name. Wait a quarter of an hour, then try again."
    )
    response = problem(request, 429, _("Too many attempts"), message)
    response["Retry-After"] = "900"
    return response


def busy_record(request: HttpRequest) -> HttpResponse:
    response = problem(request, busy.STATUS, _("The record is busy"), str(busy.SAID))
    response["Retry-After"] = str(busy.AGAIN)
    return response


def bad_filters(request: HttpRequest, errors: Any) -> HttpResponse:
    """An export with filters that cannot be read: each is named, with the remedy."""
    named = "; ".join(
        f"{field}: {' '.join(map(str, messages))}" for field, messages in errors.items()
    )
    return problem(request, 400, _("These filters cannot be read"), named)
