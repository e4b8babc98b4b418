"""Who reads the copy of the database, and who the database itself."""

from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from tracker.models import Implementation
from tracker.replicas import ReadersReadTheReplica, ReplicaMiddleware, reading


def read_by(request: HttpRequest) -> str:
    """The database that a view reads which answers this request."""
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(ReadersReadTheReplica().db_for_read(Implementation))
        return HttpResponse()

    ReplicaMiddleware(view)(request)
    return seen[0]


@pytest.fixture
def with_replica(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.replicas.has_replica", lambda: True)


def test_a_reader_reads_the_copy(with_replica: None, rf: RequestFactory) -> None:
    assert read_by(rf.get("/recommendations/")) == "replica"


def test_afterwards_the_database_itself_is_read(with_replica: None, rf: RequestFactory) -> None:
    read_by(rf.get("/"))
    assert reading() == "default"


def test_what_is_sent_as_it_is_read_is_of_the_copy_to_its_end(
    with_replica: None, rf: RequestFactory
) -> None:
    closed = []

    def rows() -> Iterator[str]:
        try:
            yield reading()
            yield reading()
        finally:
            closed.append(reading())

    response = ReplicaMiddleware(lambda _request: StreamingHttpResponse(rows()))(rf.get("/"))
    parts = []
    for part in response:
        parts.append(part)
        assert reading() == "default"
    assert parts == [b"replica", b"replica"]
    assert closed == ["replica"]


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


def test_everything_is_written_to_the_database_itself() -> None:
    router = ReadersReadTheReplica()
    assert router.db_for_write(Implementation) == "default"
    assert not router.allow_migrate("replica", "tracker")
