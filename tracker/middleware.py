"""What is true of every answer: how long it may be kept, and that errors are pages of the product."""

from collections.abc import Callable
from typing import cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from tracker.exceptions import BadDay, NotAllowed
from tracker.requests import Request

LARGEST = 2 * 1024 * 1024
"""Bytes of a request: no form of ours comes near it."""
LARGER: dict[str, int] = {"/import/": 50 * 1024 * 1024 + 64 * 1024}
"""Where editors send files: how addresses end, and how many bytes may come there."""


def largest(path: str) -> int:
    return next((size for end, size in LARGER.items() if path.endswith(end)), LARGEST)


class ReadableMiddleware:
    """Refuses what is no UTF-8 text before anything reads it: Django would follow the charset that a
    client names, and some of those give characters that no database keeps; likewise NUL in an address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        charset = (request.content_params or {}).get("charset", "utf-8").lower()
        query = request.META.get("QUERY_STRING", "")
        length = request.META.get("CONTENT_LENGTH") or "0"
        if charset not in ("utf-8", "utf8") or "%00" in query or "\x00" in query:
            return HttpResponse("Send UTF-8 text without NUL.\n", "text/plain", status=400)
        most = largest(request.path_info)
        if length.isdigit() and int(length) > most:
            said = f"Send at most {most} bytes.\n"
            return HttpResponse(said, "text/plain", status=413)
        return self.get_response(request)


class UploadsMiddleware:
    """Refuses files of who may send none before a byte of them is read: where Django looks for the token
    against forgery, it has parsed the whole request. It stands before that."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponse | None:  # noqa: ARG002
        from tracker.permissions import check_can_edit
        from tracker.views.errors import not_allowed

        if request.method != "POST" or largest(request.path_info) == LARGEST:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.path)
        try:
            check_can_edit(request.user)
        except NotAllowed as error:
            return not_allowed(request, error)
        return None


class CacheControlMiddleware:
    """Pages are asked for anew each time (an unchanged one is answered by a 304, short on a slow line);
    what somebody sees who is signed in is kept by nobody else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            # Each page may offer another language, and some answer htmx with a part of themselves.
            patch_vary_headers(response, ["Accept-Language", "HX-Request"])
        if not response.has_header("Cache-Control"):
            signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
            is_private = signed_in or bool(response.cookies)
            response["Cache-Control"] = "private, no-cache" if is_private else "no-cache"
        return response


class DomainErrorMiddleware:
    """``BadDay`` becomes a 400 that says which day to ask for; ``NotAllowed`` a 403 that says who may, or
    the way to sign in for who has not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        from tracker.views.errors import not_allowed, problem

        if isinstance(exception, BadDay):
            return problem(request, 400, _("This day cannot be shown"), str(exception))
        if not isinstance(exception, NotAllowed):
            return None
        if not request.user.is_authenticated and request.method == "GET":
            return _to_sign_in(cast(Request, request))
        return not_allowed(request, exception)


def _to_sign_in(request: Request) -> HttpResponse:
    """Sign-in, then back to the page; htmx is told to leave the page, not to swap one in."""
    if request.htmx:
        page = urlsplit(request.htmx.current_url_abs_path or "/").path
        return HttpResponseClientRedirect(redirect_to_login(page).url)
    return redirect_to_login(request.get_full_path())
