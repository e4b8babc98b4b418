"""What is true of every answer: how long it may be kept, and that errors are pages of the product."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from tracker.exceptions import NotAllowed


class CacheControlMiddleware:
    """Pages are asked for anew each time (an unchanged one is answered by a 304, short on a slow line);
    what somebody sees who is signed in is kept by nobody else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
            response["Cache-Control"] = "private, no-cache" if signed_in else "no-cache"
        return response


class DomainErrorMiddleware:
    """``NotAllowed`` becomes a 403 that says who may, or the way to sign in for who has not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        from tracker.views.errors import not_allowed

        if not isinstance(exception, NotAllowed):
            return None
        if not request.user.is_authenticated and request.method == "GET":
            return redirect_to_login(request.get_full_path())
        return not_allowed(request, exception)
