"""Two response headers that limit what a page may do, whatever is in it."""

from collections.abc import Callable, Collection, Mapping

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

GetResponse = Callable[[HttpRequest], HttpResponseBase]
Sources = str | bool | Collection[str] | None


class ContentSecurityPolicyMiddleware:
    """Sends `settings.SECURE_CSP` unless the response has a policy of its own.

    The setting is Django 6's: a directive to its sources, `{"default-src": ["'self'"]}`. On Django
    6, `django.middleware.csp.ContentSecurityPolicyMiddleware` replaces this line for line; its
    nonces are not supported here, as no page has an inline script.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        policy = build_policy(getattr(settings, "SECURE_CSP", {}))
        if policy:
            response.headers.setdefault("Content-Security-Policy", policy)
        return response


class PermissionsPolicyMiddleware:
    """Sends `settings.PERMISSIONS_POLICY`, the header's text, unless the response has its own."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        policy = getattr(settings, "PERMISSIONS_POLICY", "")
        if policy:
            response.headers.setdefault("Permissions-Policy", policy)
        return response


def build_policy(directives: Mapping[str, Sources]) -> str:
    """Return the header's text (W3C CSP Level 3, 2.2) for directives as Django 6 writes them.

    True is a directive without sources (`upgrade-insecure-requests`); None or False leaves it out.
    """
    return "; ".join(
        f"{directive} {_sources(sources)}".rstrip()
        for directive, sources in directives.items()
        if sources is not None and sources is not False
    )


def _sources(sources: str | bool | Collection[str]) -> str:
    if isinstance(sources, bool):
        return ""
    if isinstance(sources, str):
        return sources
    # A set has no order of its own: the same setting must always give the same header.
    return " ".join(sorted(sources) if isinstance(sources, set | frozenset) else sources)
