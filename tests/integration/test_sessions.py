"""Sessions end where they are kept, and where they are remembered."""

from typing import Any

import pytest
from django.contrib.sessions.backends.cached_db import SessionStore

from tracker.actions.sessions import end_all


@pytest.mark.django_db
def test_sessions_that_a_cache_remembers_end_too(settings: Any) -> None:
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
    session = SessionStore()
    session["who"] = "somebody"
    session.create()
    session.save()
    end_all(using="default")
    assert SessionStore(session.session_key).load() == {}
