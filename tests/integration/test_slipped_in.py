"""Nothing can be slipped into the past, or under an honest redaction, without being found."""

import datetime as dt
import uuid
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.test import Client

from tests.factories import (
    amend,
    make_difficulty,
    make_implementation,
    make_provision,
    make_recommendation,
    make_source,
    make_theme,
    record,
)
from tracker.actions.chain import append
from tracker.actions.edits import append as append_edit
from tracker.actions.edits import together
from tracker.actions.ledger import lock
from tracker.actions.records import delete_record, save_record
from tracker.actions.redactions import redact_edit, redact_entry
from tracker.actions.statements import Draft, Statement
from tracker.actions.themes import save_theme
from tracker.actions.ties import set_ties
from tracker.exceptions import Invalid
from tracker.history.audit import Audit
from tracker.models import (
    Difficulty,
    Edit,
    FollowUp,
    Implementation,
    Recommendation,
    Root,
    User,
)
from tracker.statuses import Act, Channel, Subject

pytestmark = pytest.mark.usefixtures("shared_cast")
SIX_DAYS = dt.timedelta(days=6)
LAST_YEAR = dt.datetime(2025, 11, 1, tzinfo=dt.UTC)


def faults() -> list[str]:
    return [str(fault) for fault in Audit().faults()]


def refused(statement: str, *values: Any) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def reword(recommendation: Recommendation, by: User, text: str) -> None:
    recommendation.text = text
    save_record(by=by, record=recommendation, changed=["text"])


# --- Digests of past days


def test_a_digest_of_a_past_day_is_refused(implementation: Implementation) -> None:
    values = "(at, digest, leaves, entries) VALUES (%s, 'dede', 1, 1)"
    refused(f"INSERT INTO tracker_root {values}", LAST_YEAR)


@pytest.mark.usefixtures("without_triggers")
def test_digests_that_go_back_are_found(implementation: Implementation) -> None:
    Root.objects.create(at=LAST_YEAR, digest="de" * 32, leaves=2, entries=2)
    assert any("out of order" in fault for fault in faults())


@pytest.mark.usefixtures("without_triggers")
def test_an_entry_dated_before_a_digest_that_lacks_it_is_found(
    implementation: Implementation, editor: User
) -> None:
    """It continues its chain, and tree and digest are made anew: only its date is false."""
    other = make_implementation(make_recommendation())
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=9)):
        record(other, editor)
    said = Statement(note="Antidaté")
    draft = Draft(editor, implementation, said, uuid.uuid4(), Channel.SITE)
    later = time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=11))
    with (
        later,
        patch("tracker.actions.chain.after", lambda _last: dt.datetime.now(dt.UTC) - SIX_DAYS),
    ):
        append(draft)
    assert any("was dated before" in fault for fault in faults())


# --- Edits that would stand for the past


def taken_over(editor: User) -> Edit:
    with together(by=editor):
        chain = lock()
        last = Edit.objects.filter(key="som-12-1").order_by("-sequence")[0]
        said = {**(last.snapshot or {}), "text": "Autre chose"}
        edit = Edit(
            subject=Subject.RECOMMENDATION,
            key="som-12-1",
            act=Act.TAKEN_OVER,
            snapshot=said,
            channel=Channel.COMMAND,
        )
        return append_edit(edit, chain)


def test_a_record_is_taken_over_once(implementation: Implementation, editor: User) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        taken_over(editor)


@pytest.mark.usefixtures("without_triggers")
def test_a_second_taking_over_is_found(implementation: Implementation, editor: User) -> None:
    taken_over(editor)
    assert any("takes over what was sealed already" in fault for fault in faults())


@pytest.mark.parametrize("table", ["tracker_recommendation", "tracker_implementation"])
def test_since_when_something_is_tracked_stays(implementation: Implementation, table: str) -> None:
    refused(f"UPDATE {table} SET added_at = %s", LAST_YEAR)  # noqa: S608 - our own names


@pytest.mark.parametrize(
    "table", ["tracker_recommendation", "tracker_implementation", "tracker_source"]
)
def test_ids_stay(implementation: Implementation, table: str) -> None:
    refused(f"UPDATE {table} SET id = id + 1000")  # noqa: S608 - our own names


# --- Redactions


@pytest.mark.usefixtures("without_triggers")
def test_what_was_falsified_is_not_sealed_by_a_redaction(
    implementation: Implementation, editor: User, administrator: User
) -> None:
    entry = record(implementation, editor, note="Mots")
    FollowUp.objects.filter(pk=entry.pk).update(recorded_as="Une autre")
    with pytest.raises(Invalid):
        redact_entry(by=administrator, entry=entry, reason="Arrêt", channel=Channel.ADMIN)


@pytest.mark.usefixtures("without_triggers")
def test_an_edit_that_was_falsified_is_not_sealed_by_a_redaction(
    implementation: Implementation, editor: User, administrator: User
) -> None:
    reword(implementation.recommendation, editor, "Un")
    reword(implementation.recommendation, editor, "Deux")
    edit = Edit.objects.get(snapshot__text="Un")
    Edit.objects.filter(pk=edit.pk).update(recorded_as="Une autre")
    with pytest.raises(Invalid):
        redact_edit(by=administrator, edit=edit, reason="Arrêt", channel=Channel.ADMIN)


FACTS = {"recorded_as": "Une autre", "channel": "seed", "act": "removed", "themes": " x "}


@pytest.mark.parametrize("column", FACTS)
@pytest.mark.usefixtures("without_triggers")
def test_the_facts_of_a_redacted_edit_are_sealed(
    implementation: Implementation, editor: User, administrator: User, column: str
) -> None:
    reword(implementation.recommendation, editor, "Un")
    reword(implementation.recommendation, editor, "Deux")
    edit = Edit.objects.get(snapshot__text="Un")
    redact_edit(by=administrator, edit=edit, reason="Arrêt", channel=Channel.ADMIN)
    assert faults() == []
    Edit.objects.filter(pk=edit.pk).update(**{column: FACTS[column]})
    assert any("what stayed of the edit" in fault for fault in faults())


def test_a_redacted_entry_cites_nothing_any_more(
    implementation: Implementation, editor: User, administrator: User
) -> None:
    entry = record(implementation, editor, ["https://example.org/1"])
    redact_entry(by=administrator, entry=entry, reason="Arrêt", channel=Channel.ADMIN)
    values = (entry.pk, make_source().pk)
    columns = "(followup_id, source_id, position, quotation, title, publisher)"
    refused(f"INSERT INTO tracker_citation {columns} VALUES (%s, %s, 1, '', '', '')", *values)  # noqa: S608


# --- Ordinary work leaves the record whole


def test_deleting_a_difficulty_is_an_edit_of_what_it_bore_on(
    implementation: Implementation, editor: User
) -> None:
    difficulty = make_difficulty()
    tied = [implementation.recommendation]
    set_ties(by=editor, record=difficulty, field="bears_on", to=tied)
    delete_record(by=editor, record=Difficulty.objects.get())
    assert faults() == []


def test_renaming_a_theme_is_an_edit_of_its_recommendations(db: None, editor: User) -> None:
    theme = make_theme()
    for _ in range(2):
        make_recommendation(themes=[theme])
    theme.name_fr = "Autre nom"
    save_theme(by=editor, theme=theme, changed=["name_fr"])
    assert faults() == []


@pytest.fixture(scope="module")
def all_of_it(shared_cast: None) -> None:
    """One of everything that edits refer to."""
    make_recommendation(themes=[make_theme()], provisions=[make_provision()])
    make_difficulty()


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        ("meeting", ["slug"]),
        ("theme", ["slug"]),
        ("instrument", ["slug"]),
        ("difficulty", ["slug"]),
        ("provision", ["number"]),
        ("recommendation", ["ref", "meeting"]),
    ],
)
def test_references_that_edits_use_cannot_be_changed_in_the_administration(
    all_of_it: None, client: Client, editor: User, model: str, fields: list[str]
) -> None:
    client.force_login(editor)
    first = apps.get_model("tracker", model).objects.order_by("pk")[0]
    page = client.get(f"/admin/tracker/{model}/{first.pk}/change/").content.decode()
    assert not [field for field in fields if f'name="{field}"' in page]


# --- Past addresses


@pytest.mark.parametrize("what", ["confirm", "amend", "retract"])
def test_nothing_is_written_from_a_past_address(
    client: Client, implementation: Implementation, editor: User, what: str
) -> None:
    entry = record(implementation, editor)
    client.force_login(editor)
    today = dt.datetime.now(dt.UTC).date()
    path = f"/entries/{entry.pk}/{what}/"
    if what == "confirm":
        path = "/recommendations/som-12-1/confirm/"
    response = client.post(f"{path}?as_of={today}", {"reason": "x", "note": "y", "seen": "1"})
    assert response.status_code == 400
    assert FollowUp.objects.count() == 1


def test_amending_still_works(implementation: Implementation, editor: User) -> None:
    amend(record(implementation, editor), editor, note="Mieux")
    assert faults() == []
