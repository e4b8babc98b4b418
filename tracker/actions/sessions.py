"""Who is signed in, all at once."""

from django.contrib.sessions.models import Session

from tracker.models import SignInLink


def end_all(*, using: str) -> None:
    """After a restore: who signed out since, or used a link up, has done so; everybody signs in again."""
    Session.objects.using(using).all().delete()
    SignInLink.objects.using(using).filter(used_at=None).delete()
