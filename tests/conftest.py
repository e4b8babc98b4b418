"""The fixed cast, and settings under which tests are quick and say the same each time."""

import gc
import os
from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, Phase, settings
from pytest_django import DjangoDbBlocker

from tests import cast, factories
from tracker.actions.seeds import load_seed
from tracker.models import Implementation, Organization, User

settings.register_profile(
    "suivi",
    deadline=None,  # two busy cores are no reason to fail
    max_examples=10 if os.environ.get("CI") == "true" else 25,
    derandomize=os.environ.get("CI") == "true",
    database=None,
    # To explain and to shrink a failure of tests that write takes minutes; it is printed as it is.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    # Examples that write begin with a record of their own: see the tests.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("suivi")


def pytest_configure() -> None:
    """What makes tests slow, or needs `collectstatic`, is replaced; the rest is as on the site."""
    # What was imported stays, and one test in twenty is spent looking through it again.
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    django_settings.STORAGES = {**django_settings.STORAGES, "staticfiles": plain}
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    django_settings.CACHES = {"default": memory}
    # WhiteNoise reads `static/` itself.
    django_settings.WHITENOISE_AUTOREFRESH = True
    django_settings.WHITENOISE_USE_FINDERS = True


@pytest.fixture(autouse=True)
def _as_at_the_start() -> Iterator[None]:
    """No language and no cached value is left over from another test."""
    cache.clear()
    with translation.override("fr"):
        yield


# --- The cast -------------------------------------------------------------------------------------


@pytest.fixture
def government(db: None) -> Organization:
    return cast.government()


@pytest.fixture
def newspaper(db: None) -> Organization:
    return cast.newspaper()


@pytest.fixture
def reader() -> AnonymousUser:
    """Anybody, without an account."""
    return AnonymousUser()


@pytest.fixture
def contributor(db: None) -> User:
    return cast.contributor()


@pytest.fixture
def foreign_contributor(db: None) -> User:
    return cast.foreign_contributor()


@pytest.fixture
def editor(db: None) -> User:
    return cast.editor()


@pytest.fixture
def administrator(db: None) -> User:
    return cast.administrator()


@pytest.fixture
def implementation(db: None) -> Implementation:
    return cast.implementation()


@pytest.fixture
def seeded(db: None) -> None:
    """The initial data: the meeting of Vienna, its six recommendations, Mali."""
    load_seed(name="vienna-2025")


@pytest.fixture
def without_triggers(db: None) -> None:
    """The database as somebody left it who had its password; the test's rollback puts it right."""
    factories.drop_triggers()


@pytest.fixture(scope="module")
def shared_by_module(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """For what takes long to make and what many tests of one module read.

    A module's own fixture asks for this one, then writes. What a test changes is rolled back
    after it, and all of it after the module.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def shared_cast(shared_by_module: None) -> None:
    """The cast and what it speaks of, made once for a module that changes none of it for the next test."""
    cast.implementation()
    cast.everybody()


@pytest.fixture(scope="module")
def shared_seed(shared_by_module: None) -> None:
    """``seeded``, once for a module."""
    load_seed(name="vienna-2025")
