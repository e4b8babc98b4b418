"""The two headers that limit what a page may do."""

from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import override_settings

from tracker.csp import (
    ContentSecurityPolicyMiddleware,
    GetResponse,
    PermissionsPolicyMiddleware,
    Sources,
    build_policy,
)

Middleware = Callable[[GetResponse], GetResponse]  # the class, called, gives what answers
HEADERS: dict[str, tuple[Middleware, str]] = {
    "Content-Security-Policy": (
        ContentSecurityPolicyMiddleware,
        "default-src 'self'; img-src 'self' data:",
    ),
    "Permissions-Policy": (PermissionsPolicyMiddleware, "camera=()"),
}
ON = override_settings(
    SECURE_CSP={"default-src": ["'self'"], "img-src": ["'self'", "data:"]},
    PERMISSIONS_POLICY="camera=()",
)
OFF = override_settings(SECURE_CSP={}, PERMISSIONS_POLICY="")


def headers_after(middleware: Middleware, sent: dict[str, str] | None = None) -> dict[str, str]:
    response = middleware(lambda request: HttpResponse(headers=sent))(HttpRequest())
    return dict(response.headers.items())


@pytest.mark.parametrize("name", HEADERS)
@ON
def test_the_setting_is_sent(name: str) -> None:
    middleware, expected = HEADERS[name]
    assert headers_after(middleware)[name] == expected


@pytest.mark.parametrize("name", HEADERS)
@ON
def test_a_response_keeps_the_policy_it_has(name: str) -> None:
    assert headers_after(HEADERS[name][0], {name: "own"})[name] == "own"


@pytest.mark.parametrize("name", HEADERS)
@OFF
def test_no_setting_no_header(name: str) -> None:
    assert name not in headers_after(HEADERS[name][0])


@pytest.mark.parametrize(
    ("sources", "policy"),
    [
        (["'self'", "data:"], "x 'self' data:"),
        ({"e:", "d:", "c:", "b:", "a:"}, "x a: b: c: d: e:"),
        ("'none'", "x 'none'"),
        (True, "x"),
        ([], "x"),
        (False, ""),
        (None, ""),
    ],
)
def test_directives_read_as_in_django_6(sources: Sources, policy: str) -> None:
    assert build_policy({"x": sources}) == policy
