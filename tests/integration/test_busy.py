"""Somebody else writes for longer than a write waits: nothing broke, nothing is recorded or lost.

That the engines really say so is seen by ``test_concurrency``, and what SQLite says of a session by ``work``,
in a process of its own.
"""

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import setup_test_environment

from tests import databases, factories
from tests.conftest import pytest_configure
from tests.factories import PASSWORD, record
from tests.faults import fail, of_sqlite, wrapped
from tests.htmx import HTMX, form_data, parse
from tracker.busy import is_busy
from tracker.models import Implementation, User
from tracker.statuses import Role

pytestmark = pytest.mark.django_db
SAVE = "django.contrib.sessions.models.Session.save"
NOTE = "Un décret est signé."
PAGE = "/recommendations/som-12-1/"
SAID = "Quelqu’un d’autre"


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        (of_sqlite(sqlite3.SQLITE_BUSY), True),
        (of_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT), True),
        (of_sqlite(sqlite3.SQLITE_LOCKED), True),
        (of_sqlite(sqlite3.SQLITE_FULL), False),
        (psycopg.errors.LockNotAvailable(), True),
        (psycopg.errors.DeadlockDetected(), True),
        (psycopg.errors.SerializationFailure(), True),
        (psycopg.errors.DiskFull(), False),
        (psycopg.OperationalError("no connection"), False),
        (OSError("no engine at all"), False),
    ],
)
def test_only_what_passes_by_waiting_is_busy(cause: Exception, expected: bool) -> None:
    assert is_busy(wrapped(cause)) is expected


def test_what_was_typed_comes_back(
    client: Client,
    contributor: User,
    implementation: Implementation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client.force_login(contributor)
    given = form_data(parse(client.get(PAGE))) | {"note": "Un décret est signé."}
    fail(monkeypatch, "tracker.views.record.record_followup")
    for headers in ({}, HTMX):
        response = client.post(PAGE, given, headers=headers)
        assert (response.status_code, response["Retry-After"]) == (503, "60")
        page = parse(response)
        assert page.get_element_by_id("id_note").value.strip() == "Un décret est signé."
        assert SAID in page.get_element_by_id("problems").text_content()
    assert not implementation.entries.exists()


def test_another_fault_of_the_database_is_a_fault(
    client: Client,
    contributor: User,
    implementation: Implementation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client.force_login(contributor)
    given = form_data(parse(client.get(PAGE))) | {"note": "Un décret est signé."}
    full = wrapped(of_sqlite(sqlite3.SQLITE_FULL))
    fail(monkeypatch, "tracker.views.record.record_followup", full)
    client.raise_request_exception = False
    assert client.post(PAGE, given).status_code == 500


def test_an_undo_that_has_to_wait_is_not_called_done(
    client: Client,
    contributor: User,
    implementation: Implementation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry = record(implementation, contributor, status="implemented")
    client.force_login(contributor)
    fail(monkeypatch, "tracker.views.corrections.retract_followup")
    given = {"undo": str(uuid.uuid4()), "reason": "Une erreur de saisie"}
    response = client.post(f"/entries/{entry.pk}/retract/", given, headers=HTMX)
    assert (response.status_code, response["HX-Retarget"]) == (503, "#problem")
    assert SAID in response.content.decode()


def test_a_page_without_a_form_of_ours_says_so(
    client: Client,
    administrator: User,
    implementation: Implementation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client.force_login(administrator)
    fail(monkeypatch, "tracker.admin.base.save_record")
    page = f"/admin/tracker/recommendation/{implementation.recommendation_id}/change/"
    given = form_data(parse(client.get(page)), "recommendation_form")
    response = client.post(page, given)
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert SAID in response.content.decode()


# --- Sessions, which are saved after the view


@pytest.fixture
def typed(client: Client, contributor: User, implementation: Implementation) -> dict[str, Any]:
    """What somebody typed before their session expired."""
    client.force_login(contributor)
    given = form_data(parse(client.get(PAGE))) | {"note": NOTE}
    client.logout()
    return given


def sign_in(client: Client, user: User) -> Any:
    """By the form: a browser keeps its session, and what is in it."""
    given = {"username": user.username, "password": PASSWORD, "next": PAGE}
    return client.post("/accounts/login/", given)


def is_told(response: Any) -> bool:
    """By the page that says when to come again."""
    said = (response.status_code, response["Retry-After"], SAID in response.content.decode())
    return said == (503, "60", True)


def test_a_form_that_cannot_be_kept_is_asked_for_again(
    client: Client, typed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        fail(patch, SAVE)
        assert is_told(client.post(PAGE, typed))
        answer = client.post(PAGE, typed, headers=HTMX)
        # The page stays as it is, with all that was typed: only a message comes in.
        assert (is_told(answer), answer["HX-Retarget"]) == (True, "#problem")
    assert client.post(PAGE, typed).status_code == 302


def test_a_kept_form_that_cannot_be_given_back_stays_kept(
    client: Client, typed: dict[str, Any], contributor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post(PAGE, typed)
    sign_in(client, contributor)
    with monkeypatch.context() as patch:
        fail(patch, SAVE)
        assert is_told(client.get(PAGE))
    assert form_data(parse(client.get(PAGE)))["note"] == NOTE


def test_a_session_that_ended_meanwhile_is_no_busy_record(
    client: Client, typed: dict[str, Any], contributor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post(PAGE, typed)
    sign_in(client, contributor)
    fail(monkeypatch, SAVE, DatabaseError("no row was updated"))
    assert client.get(PAGE).status_code == 400


def test_another_fault_of_the_database_with_a_session_is_a_fault(
    client: Client, typed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(monkeypatch, SAVE, wrapped(of_sqlite(sqlite3.SQLITE_FULL)))
    client.raise_request_exception = False
    assert client.post(PAGE, typed).status_code == 500


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL locks no sessions")
def test_while_somebody_else_writes_to_the_file(tmp_path: Path) -> None:
    """The same, as SQLite says it."""
    databases.work(__name__, tmp_path)


# --- In that process


def work() -> None:
    setup_test_environment()  # pages answer as to tests …
    pytest_configure()  # … and need no collected files
    call_command("migrate", interactive=False, verbosity=0)
    contributor = factories.make_user(Role.CONTRIBUTOR)
    factories.make_implementation(factories.make_recommendation(1))
    client = Client()
    client.force_login(contributor)
    given = form_data(parse(client.get(PAGE))) | {"note": NOTE}
    client.logout()
    with held():
        assert is_told(client.post(PAGE, given)), "a form to be kept"
    client.post(PAGE, given)
    sign_in(client, contributor)
    with held():
        assert is_told(client.get(PAGE)), "a form to be given back"
    assert form_data(parse(client.get(PAGE)))["note"] == NOTE


@contextmanager
def held() -> Iterator[None]:
    """Another program holds the one lock there is, for longer than a write waits."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout=100")
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
