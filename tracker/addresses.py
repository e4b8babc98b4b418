"""Where the site is, and where a request comes from."""

import contextlib
import ipaddress
import os

from django.conf import settings
from django.http import HttpRequest


def site_origin() -> str:
    """``SITE_URL``, or where ``make run`` listens on this machine."""
    host = os.environ.get("HOST", "")
    shown = "127.0.0.1" if host in ("", "0.0.0.0", "::") else f"[{host}]" if ":" in host else host  # noqa: S104
    return settings.SITE_URL or f"http://{shown}:{os.environ.get('PORT') or 8000}"


def client_address(request: HttpRequest) -> str:
    """Where a request comes from, for counting wrong passwords.

    Behind a proxy, the last address of ``X-Forwarded-For``: the one that our own proxy saw. Those before it
    are what the client says of itself.
    """
    if settings.BEHIND_PROXY:
        seen = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip()
        with contextlib.suppress(ValueError):
            return str(ipaddress.ip_address(seen))
    return str(request.META.get("REMOTE_ADDR", ""))
