"""Many people record at once: nobody waits in a circle, nothing is lost, and every chain stays whole.

In a process and a database of their own: what the threads of the tests' own process committed could not
be taken away again, as the database refuses it.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier, BrokenBarrierError, Event

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, transaction

from tests import databases, factories
from tracker.actions.ledger import together, wait_for_writers
from tracker.actions.records import save_record
from tracker.actions.several import record_for_several
from tracker.busy import is_busy
from tracker.models import (
    Citation,
    FollowUp,
    Implementation,
    Meeting,
    Recommendation,
    Source,
    User,
)
from tracker.statuses import Channel, Role, Status

WRITERS, ROUNDS = 8, 10


def test_many_record_at_once(tmp_path: Path) -> None:
    said = databases.work(__name__, tmp_path)
    assert "0 histories with a fault." in said
    assert ", 0 differed." in said


# --- In that process ------------------------------------------------------------------------------


class Writing:
    """What one writer is given in one round."""

    def __init__(self, by: User, implementations: list[Implementation], n: int, turn: int) -> None:
        urls = [f"{factories.URL}/{turn}/{name}" for name in "ab"]
        self.by, self.n, self.turn = by, n, turn
        # One half goes forward and the other backward.
        self.implementations = implementations[:: -1 if n % 2 else 1]
        self.sources = factories.cited(*urls[:: -1 if n % 2 else 1])
        self.status = Status.values[(n + turn) % len(Status.values)]


def of_one(writing: Writing) -> None:
    """All to the same implementation."""
    implementation = min(writing.implementations, key=lambda i: i.pk)
    factories.record(implementation, writing.by, writing.sources, status=writing.status)


def of_many(writing: Writing) -> None:
    """To different ones: only the sources are shared."""
    chosen = sorted(writing.implementations, key=lambda i: i.pk)[writing.n % 4]
    factories.record(chosen, writing.by, writing.sources, status=writing.status)


def of_several(writing: Writing) -> None:
    """To all of them in one transaction."""
    record_for_several(
        by=writing.by,
        implementations=writing.implementations,
        statement=factories.make_statement(writing.sources, status=writing.status),
        channel=Channel.ADMIN,
        submission=uuid.uuid4(),
        seen={},
    )


WAYS: list[tuple[Callable[[Writing], None], int]] = [(of_one, 1), (of_many, 1), (of_several, 4)]
"""What all writers do in a round, in turn, and how many entries come of it."""


def work() -> None:
    """Migrate, let the writers write, and check all that they left; an exception ends the process."""
    call_command("migrate", interactive=False, verbosity=0)
    editor = factories.make_user(Role.EDITOR)
    recommendation = factories.make_recommendation()
    states = ["ML", "NE", "SN", "TD"]
    implementations = [factories.make_implementation(recommendation, state) for state in states]
    connection.close()  # the pool has as many as there are writers
    barrier = Barrier(WRITERS, timeout=60)

    def writer(n: int) -> None:
        try:
            for turn in range(ROUNDS):
                barrier.wait()
                write, _entries = WAYS[turn % len(WAYS)]
                write(Writing(editor, implementations, n, turn))
        except BaseException:
            barrier.abort()
            raise
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        wrong = [f.exception() for f in [pool.submit(writer, n) for n in range(WRITERS)]]
    # The barrier that the first one broke is no news.
    for error in sorted(filter(None, wrong), key=lambda e: isinstance(e, BrokenBarrierError)):
        raise error
    _check()
    call_command("verify_history")
    call_command("rebuild_projection", "--check")
    _check_waiting(editor, implementations[0])
    _check_moving(editor, recommendation)
    connection.close()


def _check_moving(editor: User, recommendation: Recommendation) -> None:
    """A State is added while somebody else moves the meeting: it has its place in the list by the new day.

    On PostgreSQL neither waits for the other; on SQLite the second begins when the first has ended.
    """
    begun = Event()

    def move() -> None:
        begun.set()
        meeting = Meeting.objects.get(pk=recommendation.meeting_id)
        meeting.starts_on = meeting.ends_on = meeting.discussed_on = dt.date(2010, 1, 1)
        changed = ["starts_on", "ends_on", "discussed_on"]
        save_record(by=editor, record=meeting, changed=changed)
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        with together(by=editor):
            added = factories.make_implementation(recommendation, "BF")
            moving = pool.submit(move)
            assert begun.wait(60)
            if connection.vendor != "sqlite":
                moving.result(60)
        moving.result(60)
    added = Implementation.objects.select_related("recommendation__meeting").get(pk=added.pk)
    assert added.recommendation.meeting.starts_on.year == 2010
    assert added.place == added.in_list(), "out of its place in the list"


def _check_waiting(editor: User, implementation: Implementation) -> None:
    """Who writes while somebody else does waits for 20 seconds (here a tenth of one), then is told so."""
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        waits = cursor.execute("PRAGMA busy_timeout" if is_sqlite else "SHOW lock_timeout")
        assert (waits or cursor).fetchone() in [(20_000,), ("20s",)]
        cursor.execute("PRAGMA busy_timeout=100" if is_sqlite else "SET lock_timeout='100ms'")
    with ThreadPoolExecutor(1) as pool, _held(pool), pytest.raises(OperationalError) as told:
        factories.record(implementation, editor)
    assert is_busy(told.value), repr(told.value.__cause__)


@contextmanager
def _held(pool: ThreadPoolExecutor) -> Iterator[None]:
    """Another connection holds what every write locks."""
    holds, done = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            wait_for_writers()
            holds.set()
            done.wait(60)
        connection.close()

    holding = pool.submit(hold)
    assert holds.wait(60)
    try:
        yield
    finally:
        done.set()
        holding.result()


def _check() -> None:
    """Everything that was sent is there once, in unbroken numbers, and no source is there twice."""
    count = WRITERS * sum(WAYS[turn % len(WAYS)][1] for turn in range(ROUNDS))
    assert FollowUp.objects.count() == count
    assert Citation.objects.count() == 2 * count
    assert Source.objects.filter(url__startswith=f"{factories.URL}/").count() == 2 * ROUNDS
    for implementation in Implementation.objects.all():
        sequences = implementation.entries.order_by("sequence").values_list("sequence", flat=True)
        assert list(sequences) == list(range(1, implementation.head_sequence + 1))
    assert sum(i.head_sequence for i in Implementation.objects.all()) == count
