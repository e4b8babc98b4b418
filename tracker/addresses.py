"""Where the site is, for commands that print an address."""

import os

from django.conf import settings


def site_origin() -> str:
    """``SITE_URL``, or where ``make run`` listens on this machine."""
    host = os.environ.get("HOST", "")
    shown = "127.0.0.1" if host in ("", "0.0.0.0", "::") else f"[{host}]" if ":" in host else host  # noqa: S104
    return settings.SITE_URL or f"http://{shown}:{os.environ.get('PORT') or 8000}"
