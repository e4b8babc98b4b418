"""Domain errors that no view caught, as pages of the product."""

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from tracker.exceptions import NotAllowed


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
