"""Somebody else writes for longer than a write waits: nothing broke, nothing is recorded or lost.

That the engines really say so is seen by ``test_concurrency``.
"""

import sqlite3
import uuid

import psycopg
import pytest
from django.test import Client

from tests.factories import record
from tests.faults import fail, of_sqlite, wrapped
from tests.htmx import HTMX, form_data, parse
from tracker.busy import is_busy
from tracker.models import Implementation, User

pytestmark = pytest.mark.django_db
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
        assert response.status_code == 503
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
