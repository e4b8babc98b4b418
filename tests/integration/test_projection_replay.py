"""Whatever people do, what is current is what the history says: random series of real actions."""

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories import amend, make_implementation, record, retract
from tracker.actions.projections import entries_of, rebuild, stored
from tracker.history.projection import project
from tracker.history.verify import first_fault
from tracker.models import FollowUp, Implementation, Organization, User
from tracker.statuses import Kind, Status, Visibility

URLS = [f"https://example.org/{n}" for n in range(4)]
SAID = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["", *Status.values]),
        "sources": st.lists(st.sampled_from(URLS), unique=True, min_size=1, max_size=3),
        "visibility": st.sampled_from([*Visibility.values, Visibility.PUBLIC]),
        "happened_on": st.none()
        | st.dates(min_value=dt.date(2025, 1, 1), max_value=dt.date(2025, 12, 31)),
    }
)
STEP = st.tuples(
    st.sampled_from(["record", "record", "amend", "retract"]), SAID, st.integers(0, 99)
)


def history(implementation: Implementation) -> list[FollowUp]:
    return list(implementation.entries.with_details().order_by("sequence"))


def take(
    implementation: Implementation, by: User, speaker: Organization | None, step: tuple[Any, ...]
) -> None:
    """One write; a correction is of any entry that stands."""
    what, said, number = step
    rows = implementation.entries.filter(correction=None).exclude(kind=Kind.RETRACTION)
    standing = list(rows.order_by("sequence"))
    if what == "record" or not standing:
        record(implementation, by, organization=speaker, **said)
    elif what == "amend":
        amend(standing[number % len(standing)], by, organization=speaker, **said)
    else:
        retract(standing[number % len(standing)], by)


@settings(max_examples=20)
@given(steps=st.lists(STEP, min_size=1, max_size=8), data=st.data())
def test_after_each_write_what_is_kept_is_what_the_history_says(
    editor: User, government: Organization, newspaper: Organization, steps: Any, data: Any
) -> None:
    implementation = make_implementation()
    for step in steps:
        speaker = data.draw(st.sampled_from([government, newspaper, None]))
        take(implementation, editor, speaker, step)
        implementation.refresh_from_db()
        entries = history(implementation)
        assert stored(implementation) == project(entries_of(entries))
        assert first_fault(implementation, entries) is None
    assert rebuild(implementation) == []


@settings(max_examples=5)
@given(steps=st.lists(STEP, min_size=3, max_size=8))
def test_the_commands_find_nothing_to_mend(editor: User, steps: Any) -> None:
    implementation = make_implementation()
    for step in steps:
        take(implementation, editor, None, step)
    said = StringIO()
    call_command("rebuild_projection", "--check", stdout=said)
    call_command("verify_history", stdout=said)
    assert said.getvalue().count(" 0 ") == 2


@pytest.mark.parametrize("column", ["status_since", "entry_count", "source_count", "head_digest"])
def test_what_is_kept_is_made_anew_where_it_differs(
    implementation: Implementation, editor: User, column: str
) -> None:
    record(implementation, editor, URLS, status="in_progress")
    rows = Implementation.objects.all()
    before = rows.values().get()
    other = {"status_since": dt.date(2000, 1, 1), "head_digest": "0"}
    rows.update(**{column: other.get(column, 99)})
    assert rebuild(rows.get()) == [column]
    assert rows.values().get() == before
