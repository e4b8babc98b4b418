"""Where the site is, and where a request comes from."""

import contextlib
import ipaddress
import logging
import os
import re
from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation


def site_origin() -> str:
    """``SITE_URL``, or where ``make run`` listens on this machine."""
    host = os.environ.get("HOST", "")
    shown = "127.0.0.1" if host in ("", "0.0.0.0", "::") else f"[{host}]" if ":" in host else host  # noqa: S104
    return settings.SITE_URL or f"http://{shown}:{os.environ.get('PORT') or 8000}"


def sign_in_address(origin: str, secret: str) -> str:
    """Where a one-time link leads, in the site's first language."""
    with translation.override(settings.LANGUAGE_CODE):
        return origin.rstrip("/") + reverse("sign_in_link", args=[secret])


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


def account_name(request: HttpRequest, credentials: Mapping[str, str] | None = None) -> str:
    """The name under which wrong passwords are counted: the account's own, whatever the case it was typed in.

    The same rule that finds the account (``UserManager``) finds it here, so that nobody is counted as many.
    """
    from tracker.models import User

    typed = (credentials or {}).get("username") or request.POST.get("username", "")
    known = User.objects.filter(username__iexact=typed).values_list("username", flat=True).first()
    return known or typed.casefold()[:150]


class MaskSecrets(logging.Filter):
    """Keeps the secret of a sign-in link, which works until it is used, out of the log."""

    SECRET = re.compile(r"(/accounts/link/)[^/\s]+")

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if "/accounts/link/" in said:
            record.msg, record.args = self.SECRET.sub(r"\1…", said), ()
        return True
