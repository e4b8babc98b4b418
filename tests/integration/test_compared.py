"""Two days compared: on an empty record, cheaply on a large one, and as it stood on those days."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import cast, factories
from tests.integration.test_changes import PERIOD, URL, edit, on
from tests.integration.test_projection_replay import STEP, take
from tracker.actions.followups import confirm_implementation
from tracker.actions.ledger import together
from tracker.actions.redactions import redact_entry
from tracker.compared import compared
from tracker.comparing import Scope
from tracker.forms.changes import ChangesForm
from tracker.models import Implementation, User
from tracker.statuses import Channel


def test_an_empty_record_is_compared_as_well(client: Client, db: None) -> None:
    assert client.get("/changes/").status_code == 200


def grow(number: int, contributor: User, editor: User, administrator: User) -> None:
    """So many recommendations of which everything changed in March."""
    made = []
    with on("02-01"), together():
        for n in range(1, number + 1):
            theme = factories.make_theme()
            provision = factories.make_provision()
            recommendation = factories.make_recommendation(
                number=n, english="Text", themes=[theme], provisions=[provision]
            )
            factories.make_difficulty(recommendation, slug=f"d-{n}")
            implementation = factories.make_implementation(recommendation)
            old = factories.record(implementation, contributor, note="Ancien")
            made.append((implementation, old))
    with on("03-05"), together():
        for n, (implementation, old) in enumerate(made):
            one = f"https://example.org/{n}"
            entry = factories.record(implementation, contributor, [one], status="in_progress")
            factories.amend(entry, contributor, [one], status="implemented")
            factories.retract(old, contributor)
            redact_entry(by=administrator, entry=entry, reason="x", channel=Channel.SITE)
            confirm_implementation(
                by=contributor, implementation=implementation, channel=Channel.SITE
            )
            edit(implementation, editor, due_on=dt.date(2027, 1, 1))
            edit(implementation.recommendation, editor, text=f"Texte {n}")


def test_queries_do_not_grow_with_what_changed(
    client: Client, contributor: User, editor: User, administrator: User
) -> None:
    """Neither up to a past day nor up to today."""
    counts = []
    for number in (1, 5):
        with transaction.atomic(), on("04-01"):
            grow(number, contributor, editor, administrator)
            for until in ("2026-03-31", "2026-04-01"):
                with CaptureQueriesContext(connection) as queries:
                    response = client.get(f"/changes/?from=2026-03-01&to={until}")
                assert response.status_code == 200
                counts.append(len(queries))
            transaction.set_rollback(True)
    assert counts[:2] == counts[2:]


def test_a_comparison_in_which_little_changed_is_small(
    client: Client, seeded: None, editor: User
) -> None:
    import zlib

    first = Implementation.objects.order_by("pk")[0]
    with on("03-05"):
        factories.record(first, editor, [URL], status="in_progress", note="Un décret")
    with on("04-01"):
        content = client.get(f"/changes/?{PERIOD}").content
    assert len(zlib.compress(content, 6)) < 5000


# --- It agrees with what stood ------------------------------------------------------------------------


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def tracked(db: None) -> None:
    with on("02-01"):
        cast.implementation()


@settings(max_examples=15)
@given(days=st.lists(st.lists(STEP, max_size=3), min_size=3, max_size=5), data=st.data())
def test_then_and_now_are_what_stood_on_those_days(
    tracked: None, editor: User, days: list[list[Any]], data: Any
) -> None:
    stood = []
    with undone():
        implementation = cast.implementation()
        for number, steps in enumerate(days, 1):
            with on(f"03-{number:02}"):
                for step in steps:
                    take(implementation, editor, None, step)
            implementation.refresh_from_db()
            stood.append((implementation.status, implementation.status_since))
        first = data.draw(st.integers(1, len(days) - 1))
        last = data.draw(st.integers(first + 1, len(days)))
        with on("04-01"):
            asked: Any = {"from": f"2026-03-{first:02}", "to": f"2026-03-{last:02}"}
            form = ChangesForm(asked, several_states=False)
            assert form.is_valid()
            scope = Scope(editor, form.window)
            found = compared(scope, list(scope.changed()))
    has_entries = any(days[first:last])
    assert bool(found) == has_entries
    for carried in (one for changed in found for one in changed.carried):
        then, now = carried.then, carried.now
        assert (carried.status_then, then and then.status_since) == stood[first - 1]
        assert (carried.status_now, now and now.status_since) == stood[last - 1]
