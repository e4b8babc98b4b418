"""What is true of every answer: how long it may be kept, and that errors are pages of the product."""

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from tracker.busy import AGAIN, STATUS, is_behind, is_busy
from tracker.exceptions import BadDay, BadPlace, NotAllowed
from tracker.requests import Request

LARGEST = 2 * 1024 * 1024
"""Bytes of a request: no form without files comes near it."""
LARGER: dict[str, int] = {
    "add_meeting": 10 * 1024 * 1024,
    "import": 50 * 1024 * 1024 + 64 * 1024,
}
"""Bytes of a request by an editor, for the forms that take files: by the names of their addresses."""


class ReadableMiddleware:
    """Refuses what is no UTF-8 text before anything reads it: Django would follow the charset that a
    client names, and some of those give characters that no database keeps; likewise NUL in an address.

    It also says who may send how much, before the body is read: ``CsrfViewMiddleware`` would read all of it,
    files too, to find its token. Only editors send files, and only to the forms that take them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        charset = (request.content_params or {}).get("charset", "utf-8").lower()
        query = request.META.get("QUERY_STRING", "")
        if charset not in ("utf-8", "utf8") or "%00" in query or "\x00" in query:
            return HttpResponse("Send UTF-8 text without NUL.\n", "text/plain", status=400)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponse | None:  # noqa: ARG002
        """Called before any other middleware's: nothing has read the body yet."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        if request.method in ("GET", "HEAD") and length in ("", "0"):
            return None
        larger = _larger(request)
        if not larger:
            request.upload_handlers = [NoFiles(request)]
        if length.isdigit() and int(length) > (larger or LARGEST):
            return _too_large(request, larger or LARGEST)
        return None


class NoFiles(FileUploadHandler):
    """Reads past files and keeps nothing of them. (Django takes an empty list of handlers for none given.)"""

    def new_file(self, *given: Any, **details: Any) -> None:  # noqa: ARG002 - Django’s
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Never called: each file is skipped."""

    def file_complete(self, file_size: int) -> None:
        """Never called either."""


def _larger(request: HttpRequest) -> int:
    """Bytes that this person may send to this form, where that is more than to others; else 0."""
    from tracker.permissions import can_edit

    match = request.resolver_match
    larger = LARGER.get(match.url_name or "", 0) if match else 0
    return larger if larger and can_edit(request.user) else 0


def _too_large(request: HttpRequest, most: int) -> HttpResponse:
    from tracker.views.errors import problem

    said = _("Send at most %(n)s MB at once. Nothing was read or recorded: go back, and send less.")
    return problem(request, 413, _("This is too much"), said % {"n": most // 1024**2})


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


class SessionsMiddleware(SessionMiddleware):
    """Django's, but where the record is too busy for the session to be saved, that is said. The page that
    was made is not sent: what it gave back, such as a kept form, is still in the session for the next time.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        from tracker.views.errors import busy_record

        try:
            return super().process_response(request, response)
        except (OperationalError, SessionInterrupted) as error:
            if not is_behind(error):
                raise
            return busy_record(request)


class DomainErrorMiddleware:
    """``BadDay`` and ``BadPlace`` become a 400 that says what to ask for; ``NotAllowed`` a 403 that says who
    may, or the way to sign in for who has not; a record that is busy a 503, which says when to come again,
    as those do that show a form anew."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == STATUS:
            response.headers.setdefault("Retry-After", str(AGAIN))
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        from tracker.views.errors import busy_record, not_allowed, problem

        if isinstance(exception, OperationalError) and is_busy(exception):
            return busy_record(request)
        if isinstance(exception, BadDay):
            return problem(request, 400, _("This day cannot be shown"), str(exception))
        if isinstance(exception, BadPlace):
            return problem(request, 400, _("This place cannot be read"), str(exception))
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
