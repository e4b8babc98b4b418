"""Who reads the copy of the database, and who the database itself."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import router
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.utils.connection import ConnectionDoesNotExist

from tracker import alike, replicas
from tracker.models import Implementation
from tracker.replicas import ReplicaMiddleware, reading


def read_by(request: HttpRequest) -> str:
    """The database that a view reads which answers this request."""
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(router.db_for_read(Implementation))
        return HttpResponse()

    ReplicaMiddleware(view)(request)
    return seen[0]


@pytest.fixture
def with_replica(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.replicas.has_replica", lambda: True)


def test_a_reader_reads_the_copy(with_replica: None, rf: RequestFactory) -> None:
    assert read_by(rf.get("/recommendations/")) == "replica"


def test_what_is_sent_in_parts_is_read_from_the_copy_to_its_end(
    with_replica: None, rf: RequestFactory
) -> None:
    """Else the export would say the digest of one database above the rows of another."""

    def parts() -> Iterator[str]:
        yield reading()
        yield reading()

    def view(_request: HttpRequest) -> Any:
        return StreamingHttpResponse(parts())

    response = ReplicaMiddleware(view)(rf.get("/recommendations.csv"))
    assert list(response) == [b"replica", b"replica"]
    assert reading() == "default"


def test_what_is_alike_is_read_from_the_copy(with_replica: None) -> None:
    with replicas._copy(), pytest.raises(ConnectionDoesNotExist, match="replica"):
        alike._sharing({"fr": ["frontier"]}, meeting=1)


def test_afterwards_the_database_itself_is_read(with_replica: None, rf: RequestFactory) -> None:
    read_by(rf.get("/"))
    assert reading() == "default"


def test_who_is_signed_in_sees_at_once_what_they_recorded(
    with_replica: None, rf: RequestFactory
) -> None:
    request = rf.get("/recommendations/")
    request.COOKIES["suivi_session"] = "x"
    assert read_by(request) == "default"


@pytest.mark.parametrize("path", ["/accounts/login/", "/en/accounts/link/abc/"])
def test_signing_in_reads_the_database_itself(
    with_replica: None, rf: RequestFactory, path: str
) -> None:
    assert read_by(rf.get(path)) == "default"


def test_a_form_that_is_sent_reads_the_database_itself(
    with_replica: None, rf: RequestFactory
) -> None:
    assert read_by(rf.post("/recommendations/som-12-1/")) == "default"


def test_without_a_copy_all_read_the_database_itself(rf: RequestFactory) -> None:
    assert read_by(rf.get("/")) == "default"


def test_what_was_read_there_is_written_to_the_database_itself() -> None:
    read = Implementation()
    read._state.db = "replica"
    assert router.db_for_write(Implementation, instance=read) == "default"


def test_what_belongs_to_an_object_is_read_where_the_object_is() -> None:
    checked = Implementation()
    checked._state.db = "a_backup"
    assert router.db_for_read(Implementation, instance=checked) == "a_backup"
    assert router.db_for_write(Implementation, instance=checked) == "a_backup"


def test_the_copy_is_not_migrated() -> None:
    assert not router.allow_migrate("replica", "tracker")
