"""People write while a table comes in: whoever has to waits, nobody waits in a circle, and all is whole.

In a process and a database of their own: see ``test_concurrency``.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

from django.core.management import call_command
from django.db import OperationalError, connection, transaction

from tests import databases, factories
from tests.integration import test_import_twice as tables
from tracker.actions.imports import Progress
from tracker.imports import table
from tracker.imports.steps import check_file, import_file
from tracker.models import FollowUp, Implementation, Recommendation, Source, Theme, User
from tracker.statuses import Role

HEADER = ["Reference", "Text", "State", "Status", "Sources", "Themes", "Meeting"]
EARLY, LATE = "https://example.org/aa", "https://example.org/zz"


def test_people_write_while_a_table_comes_in(tmp_path: Path) -> None:
    assert "0 histories with a fault." in databases.work(__name__, tmp_path)


# --- In that process


def work() -> None:
    """Each of them in turn, one row at a time; an exception ends the process."""
    call_command("migrate", interactive=False, verbosity=0)
    editor = factories.make_user(Role.EDITOR)
    table.CHUNK = 1
    here = factories.make_implementation(factories.make_recommendation(1))
    elsewhere = factories.make_implementation(factories.make_earlier())
    with ThreadPoolExecutor(1) as pool:
        _in_the_same_order(pool, editor, elsewhere)
        _one_after_the_other(pool, editor)
        if connection.vendor == "postgresql":  # SQLite has one writer at a time
            _waits_for_a_source(pool, editor)
            _holds_what_may_get_an_entry(pool, editor, here, elsewhere)
    call_command("verify_history")
    call_command("rebuild_projection", "--check")
    connection.close()


def importing(by: User, *rows: list[str]) -> Iterator[Progress]:
    file = tables.sent(by, *rows, header=HEADER)
    list(check_file(by=by, file=file))
    assert not file.faults.exists(), list(file.faults.values_list("problems", flat=True))
    return import_file(by=by, file=file)


def _in_the_same_order(pool: ThreadPoolExecutor, by: User, elsewhere: Implementation) -> None:
    """The first row cites what comes last: somebody who cites both waits for it, and holds neither."""
    rows = [["8", "a", "ML", "in_progress", LATE], ["9", "b", "ML", "in_progress", EARLY]]
    steps = importing(by, *rows)
    while not next(steps).total:
        pass
    recorded = aside(
        pool, lambda: factories.record(elsewhere, by, [EARLY, LATE], status="in_progress")
    )
    wait_until_blocked(recorded)
    list(steps)
    recorded.result(60)
    assert Recommendation.objects.filter(number__in=[8, 9]).count() == 2
    assert FollowUp.objects.count() == 3


def _one_after_the_other(pool: ThreadPoolExecutor, by: User) -> None:
    """Two tables name the same new themes in another order."""
    one, other = [
        importing(by, *([theme, "a", "ML", "", "", theme, meeting] for theme in themes))
        for meeting, themes in (("som-12", ["Law", "Sea"]), ("som-11", ["Sea", "Law"]))
    ]
    while not next(one).total:
        pass
    done = aside(pool, lambda: list(other))
    wait_until_blocked(done)
    list(one)
    done.result(60)
    assert Recommendation.objects.filter(themes__slug__in=["law", "sea"]).count() == 4
    assert Theme.objects.count() == 2


def _waits_for_a_source(pool: ThreadPoolExecutor, by: User) -> None:
    """Somebody makes two sources that the table cites, too; in their order the table holds neither yet."""
    first, last = "https://example.org/both/1", "https://example.org/both/2"
    made, may_go_on = Event(), Event()

    def make() -> None:
        with transaction.atomic():
            factories.make_source(first)
            made.set()
            may_go_on.wait(60)
            factories.make_source(last)

    making = aside(pool, make)
    assert made.wait(60)
    steps = importing(by, ["10", "a", "ML", "in_progress", f"{last} {first}"])
    with ThreadPoolExecutor(1) as other:
        done = aside(other, lambda: list(steps))
        wait_until_blocked(done)
        may_go_on.set()
        making.result(60)
        done.result(60)
    for url in (first, last):
        assert Source.objects.get(url=url).citations.count() == 1


def _holds_what_may_get_an_entry(
    pool: ThreadPoolExecutor, by: User, here: Implementation, elsewhere: Implementation
) -> None:
    """From before it reads what stands until it has written: of its own meeting alone."""
    steps = importing(by, ["som-12-1", "", "ML", "in_progress", EARLY])
    next(steps)
    assert is_held(pool, here)
    assert not is_held(pool, elsewhere)
    list(steps)
    assert not is_held(pool, here)


def is_held(pool: ThreadPoolExecutor, implementation: Implementation) -> bool:
    """Whether somebody else has it locked."""

    def take() -> bool:
        try:
            with transaction.atomic():
                Implementation.objects.select_for_update(nowait=True).get(pk=implementation.pk)
        except OperationalError:
            return True
        return False

    return bool(aside(pool, take).result(60))


def aside(pool: ThreadPoolExecutor, act: Callable[[], Any]) -> Future[Any]:
    """Do it by another connection."""

    def do() -> Any:
        try:
            return act()
        finally:
            connection.close()

    return pool.submit(do)


def wait_until_blocked(future: Future[Any]) -> None:
    """Until it waits for a lock. SQLite does not say so: a while."""
    ends = time.monotonic() + (60 if connection.vendor == "postgresql" else 0.5)
    while time.monotonic() < ends and not future.done():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                if cursor.fetchone() != (0,):
                    return
        time.sleep(0.05)
    assert not future.done(), "it did not wait"
