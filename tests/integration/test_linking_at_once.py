"""Editors who link, move and delete at the same moment: each waits for the other, then sees what is.

In a process and a database of their own, as in ``test_concurrency``. SQLite lets one write at a time anyway.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from threading import current_thread
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from tests import databases, factories
from tracker.actions import records, relations
from tracker.actions.records import delete_record, save_record
from tracker.actions.relations import link_recommendations
from tracker.exceptions import Invalid
from tracker.models import Edit, Meeting, Recommendation, Relation, User
from tracker.statuses import Role

PATIENCE = 30.0  # seconds


@pytest.mark.skipif(not databases.on_postgresql(), reason="SQLite lets one write at a time")
def test_what_editors_do_at_once(tmp_path: Path) -> None:
    """Every check of ``work`` is said by name, so that a missing one is seen."""
    said = databases.work(__name__, tmp_path)
    assert said.split() == [check.__name__ for check in CHECKS]


# --- In that process ----------------------------------------------------------------------------------


def two_link_the_same_pair(editor: User) -> None:
    now, then = pair()
    with meanwhile(relations, "_check_order", lambda: link(editor, now, then)) as other:
        first = link(editor, now, then)
    assert other[0].result().pk == first.pk
    assert Relation.objects.count() == 1


def two_say_other_things_of_a_pair(editor: User) -> None:
    now, then = pair()
    with meanwhile(relations, "_check_order", lambda: link(editor, now, then, "replaces")) as other:
        link(editor, now, then)
    assert list(refusal(other[0]).errors) == ["other"]
    assert [relation.kind for relation in Relation.objects.all()] == ["repeats"]


def one_moves_the_meeting_and_one_links(editor: User) -> None:
    now, then = pair()
    meeting = Meeting.objects.get(pk=now.meeting_id)
    meeting.starts_on = meeting.ends_on = then.meeting.starts_on.replace(year=2001)
    with meanwhile(records, "check_dates", lambda: link(editor, now, then)) as other:
        save_record(by=editor, record=meeting, changed=["starts_on", "ends_on"])
    assert list(refusal(other[0]).errors) == ["kind"], "later and earlier have changed places"
    assert not Relation.objects.exists()


def one_deletes_and_one_links(editor: User) -> None:
    now, then = pair()
    ref = now.ref
    linked = Recommendation.objects.select_related("meeting").get(pk=now.pk)
    with (
        meanwhile(records, "_tied_to", lambda: link(editor, linked, then)) as other,
        factories.on_its_day(now),
    ):
        delete_record(by=editor, record=now)
    assert ref in str(refusal(other[0]).errors["other"][0])
    last = Edit.objects.filter(key=then.ref).latest("sequence")
    assert "links" not in (last.snapshot or {})


CHECKS = [
    two_link_the_same_pair,
    two_say_other_things_of_a_pair,
    one_moves_the_meeting_and_one_links,
    one_deletes_and_one_links,
]


def work() -> None:
    call_command("migrate", interactive=False, verbosity=0)
    editor = factories.make_user(Role.EDITOR)
    for check in CHECKS:
        check(editor)
        Relation.objects.all().delete()
        print(check.__name__)


def pair() -> tuple[Recommendation, Recommendation]:
    """A new recommendation and one of some years before."""
    made = factories.make_recommendation().pk, factories.make_earlier().pk
    found = Recommendation.objects.select_related("meeting").in_bulk(made)
    return found[made[0]], found[made[1]]


def link(
    by: User, later: Recommendation, earlier: Recommendation, kind: str = "repeats"
) -> Relation:
    return link_recommendations(by=by, later=later, earlier=earlier, kind=kind)


def refusal(outcome: "Future[Any]") -> Invalid:
    error = outcome.exception(PATIENCE)
    assert isinstance(error, Invalid), repr(error)
    return error


@contextmanager
def meanwhile(module: Any, name: str, other: Callable[[], Any]) -> Iterator[list["Future[Any]"]]:
    """Where the first one has just called ``name``, ``other`` begins on another connection. The first goes
    on as soon as that one has ended or waits for a lock."""
    real, begun, first = getattr(module, name), list["Future[Any]"](), current_thread()

    def and_then(*given: Any) -> Any:
        result = real(*given)
        if current_thread() is first and not begun:
            begun.append(_start(pool, other))
        return result

    with ThreadPoolExecutor(1) as pool, pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, name, and_then)
        yield begun
    assert begun, f"{name} was not called"


def _start(pool: ThreadPoolExecutor, work: Callable[[], Any]) -> "Future[Any]":
    pids: Queue[int] = Queue()

    def begin() -> Any:
        try:
            pids.put(_asked("SELECT pg_backend_pid()"))
            return work()
        finally:
            connection.close()

    begun = pool.submit(begin)
    pid = pids.get(timeout=PATIENCE)
    until = time.monotonic() + PATIENCE
    while not (begun.done() or _asked(f"SELECT cardinality(pg_blocking_pids({pid}))")):
        assert time.monotonic() < until, "neither done nor waiting"
        time.sleep(0.01)
    return begun


def _asked(question: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(question)
        answer: int = cursor.fetchone()[0]
    return answer
