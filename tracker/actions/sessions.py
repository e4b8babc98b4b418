"""Who is signed in, all at once."""

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import caches

from tracker.models import SignInLink


def end_all(*, using: str) -> None:
    """After a restore: who signed out since, or used a link up, has done so; everybody signs in again."""
    Session.objects.using(using).all().delete()
    if settings.SESSION_ENGINE.endswith("cached_db"):  # those are read from the cache first
        caches["default"].clear()
    SignInLink.objects.using(using).filter(used_at=None).delete()
