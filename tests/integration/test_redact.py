"""Lawful removal: words go, everywhere; what proves the rest stays."""

import sqlite3
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.factories import amend, make_implementation, record, retract
from tracker.actions.records import save_record
from tracker.actions.redactions import redact_edit, redact_entry
from tracker.actions.sources import CitedSource
from tracker.actions.tables import keep_table, note_faults
from tracker.exceptions import Invalid, NotAllowed
from tracker.history.audit import Audit
from tracker.models import (
    Edit,
    FollowUp,
    Implementation,
    ImportFile,
    ImportPart,
    Organization,
    Recommendation,
    Source,
    User,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shared_cast")]
MARK = "Zanzibar"
URL = f"https://example.org/{MARK}"
WHY = "Un jugement du tribunal"


@pytest.fixture
def entry(implementation: Implementation, contributor: User) -> FollowUp:
    said = CitedSource(URL, f"Titre {MARK}", f"Journal {MARK}", None, f"« {MARK} »")
    return record(implementation, contributor, [said], status="in_progress", note=f"Note de {MARK}")


def redact(entry: FollowUp, by: User, **more: Any) -> Any:
    return redact_entry(by=by, entry=entry, reason=WHY, channel="site", **more)


def places_of(word: str) -> set[str]:
    """Every table and column of the database that holds the word."""
    found = set()
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            with connection.cursor() as cursor:
                table, column = model._meta.db_table, field.column
                cursor.execute(
                    f'SELECT COUNT(*) FROM {table} WHERE LOWER(CAST("{column}" AS TEXT)) LIKE %s',  # noqa: S608
                    [f"%{word.lower()}%"],
                )
                if cursor.fetchone()[0]:
                    found.add(f"{table}.{column}")
    return found


def faults() -> list[str]:
    return [str(fault) for fault in Audit().faults()]


def differing() -> str:
    said = StringIO()
    call_command("rebuild_projection", "--check", stdout=said)
    return said.getvalue()


# --- An entry -------------------------------------------------------------------------------------


def test_words_are_found_where_they_are(entry: FollowUp) -> None:
    assert places_of(MARK) == {
        "tracker_followup.note",
        "tracker_citation.quotation",
        "tracker_citation.title",
        "tracker_citation.publisher",
        "tracker_source.url",
        "tracker_document.told",
        "tracker_source.title",
        "tracker_source.publisher",
    }


def test_words_are_gone_from_every_table(entry: FollowUp, administrator: User) -> None:
    redact(entry, administrator)
    assert places_of(MARK) == set()


def test_imported_tables_keep_no_word(entry: FollowUp, editor: User, administrator: User) -> None:
    """Of a table of which rows were left out, all is kept after the import, until the next is sent."""
    keep_table(by=editor, name="table.csv", pieces=[f"Note\n{MARK}".encode()])
    redact(entry, administrator)
    assert ImportPart.objects.count() == 0


def test_what_stays_is_what_was_there(entry: FollowUp, administrator: User) -> None:
    blank = {"note": "", "salt": "", "is_redacted": True}
    before = FollowUp.objects.filter(pk=entry.pk).values().get()
    redact(entry, administrator)
    assert FollowUp.objects.filter(pk=entry.pk).values().get() == {**before, **blank}


def test_the_tables_that_editors_sent_hold_the_words_no_more(
    entry: FollowUp, administrator: User, editor: User
) -> None:
    file = keep_table(by=editor, name=f"{MARK}.csv", pieces=[f"Note\n{MARK}\n".encode()])
    note_faults(by=editor, file=file, faults=[(2, [("Note", MARK)])])
    redact(entry, administrator)
    assert not ImportFile.objects.exists()
    assert places_of(MARK) == set()


def test_a_later_entry_says_so(entry: FollowUp, administrator: User) -> None:
    done = redact(entry, administrator).entry
    said = (done.kind, done.redacts, done.reason, done.recorded_by, done.visibility)
    assert said == ("redaction", entry, WHY, administrator, "public")


def test_the_chain_and_the_ledger_still_verify(
    entry: FollowUp, editor: User, administrator: User
) -> None:
    record(entry.implementation, editor)
    redact(entry, administrator)
    record(entry.implementation, editor)
    assert faults() == []


def test_what_stands_is_what_a_rebuild_derives(
    entry: FollowUp, editor: User, administrator: User
) -> None:
    record(entry.implementation, editor, ["https://example.org/autre"])
    redact(entry, administrator)
    assert differing() == "1 implementations read, 0 differed.\n"
    entry.implementation.refresh_from_db()
    assert (entry.implementation.status, entry.implementation.source_count) == ("in_progress", 1)


def test_the_name_stays_unless_it_has_to_go(entry: FollowUp, administrator: User) -> None:
    redact(entry, administrator)
    entry.refresh_from_db()
    assert entry.recorded_as == "Awa Diarra"


def test_the_name_goes_where_it_has_to(entry: FollowUp, administrator: User) -> None:
    redact(entry, administrator, with_name=True)
    entry.refresh_from_db()
    assert entry.recorded_as == ""
    assert faults() == []


def test_a_source_that_others_cite_stays(
    entry: FollowUp, editor: User, administrator: User
) -> None:
    record(entry.implementation, editor, [URL])
    done = redact(entry, administrator)
    assert (done.gone, done.stay) == ([], [URL])
    assert Source.objects.filter(url=URL).exists()


def test_a_source_that_nobody_else_cites_goes(entry: FollowUp, administrator: User) -> None:
    done = redact(entry, administrator)
    assert (done.gone, done.stay) == ([URL], [])


def test_entries_that_may_repeat_the_words_are_named(
    entry: FollowUp, contributor: User, administrator: User
) -> None:
    later = amend(entry, contributor)
    assert redact(entry, administrator).beside == [later.pk]
    assert redact(later, administrator).beside == []


@pytest.mark.parametrize("correct", [amend, retract])
def test_a_correction_is_redacted_as_well(
    entry: FollowUp, contributor: User, administrator: User, correct: Any
) -> None:
    corrected = correct(entry, contributor, reason=f"À cause de {MARK}")
    redact(corrected, administrator)
    redact(entry, administrator)
    assert places_of(MARK) == set()
    assert faults() == []
    assert differing().endswith(" 0 differed.\n")


def test_twice_is_refused(entry: FollowUp, administrator: User) -> None:
    redact(entry, administrator)
    with pytest.raises(Invalid):
        redact(entry, administrator)
    assert FollowUp.objects.count() == 2


def test_a_redaction_stays(entry: FollowUp, administrator: User) -> None:
    said = redact(entry, administrator).entry
    with pytest.raises(Invalid):
        redact(said, administrator)


def test_no_reason_is_refused(entry: FollowUp, administrator: User) -> None:
    with pytest.raises(Invalid) as refused:
        redact_entry(by=administrator, entry=entry, reason=" \n", channel="site")
    assert list(refused.value.errors) == ["reason"]
    assert "tracker_followup.note" in places_of(MARK)


def test_only_administrators_redact(entry: FollowUp, editor: User) -> None:
    with pytest.raises(NotAllowed):
        redact(entry, editor)
    assert "tracker_followup.note" in places_of(MARK)


def test_an_internal_entry_stays_internal(
    implementation: Implementation,
    contributor: User,
    administrator: User,
    government: Organization,
    newspaper: Organization,
) -> None:
    entry = record(implementation, contributor, note=MARK, visibility="internal")
    done = redact(entry, administrator).entry
    assert (done.visibility, done.organization) == ("internal", government)
    assert not FollowUp.objects.public().exists()
    assert faults() == []


@pytest.mark.usefixtures("without_triggers")
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("status", "implemented"),
        ("organization_as", "Personne"),
        ("recorded_as", "Personne"),
        ("visibility", "internal"),
        ("happened_on", "2026-01-01"),
        ("language", "en"),
    ],
)
def test_what_stays_is_sealed_by_the_redaction(
    entry: FollowUp, administrator: User, column: str, value: str
) -> None:
    redact(entry, administrator)
    FollowUp.objects.filter(pk=entry.pk).update(**{column: value})
    assert faults()[0] == "som-12-1:ML entry 1: what stayed of it is not what was sealed"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite keeps freed bytes in its file")
def test_the_database_is_told_to_overwrite(entry: FollowUp, administrator: User) -> None:
    redact(entry, administrator)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete")
        assert cursor.fetchone() == (1,)


def test_overwriting_leaves_no_byte(tmp_path: Path) -> None:
    """What the pragma is for: without it, SQLite's file keeps what an UPDATE took away."""
    held = {}
    for setting in ("OFF", "ON"):
        path = tmp_path / setting
        with sqlite3.connect(path) as db:
            db.execute("CREATE TABLE t (note TEXT)")
            db.execute("INSERT INTO t VALUES (?)", [f"{MARK} " * 300])
            db.commit()
            db.execute(f"PRAGMA secure_delete = {setting}")
            db.execute("UPDATE t SET note = ''")
            db.commit()
        db.close()
        held[setting] = MARK.encode() in path.read_bytes()
    assert held == {"OFF": True, "ON": False}


# --- An edit of the record ------------------------------------------------------------------------


@pytest.fixture
def edited(implementation: Implementation, editor: User) -> Edit:
    """An edit whose words are shown no more."""
    recommendation = implementation.recommendation
    for words in (f"Le texte de {MARK}", "Le texte"):
        recommendation.text = words
        save_record(by=editor, record=recommendation, changed=["text"])
    return Edit.objects.filter(key="som-12-1").order_by("-sequence")[1]


def cut(edit: Edit, by: User) -> Edit:
    return redact_edit(by=by, edit=edit, reason=WHY, channel="site")


def test_the_words_of_an_edit_are_gone(edited: Edit, administrator: User) -> None:
    before = places_of(MARK)
    cut(edited, administrator)
    assert before == {"tracker_edit.snapshot"} or "tracker_edit.snapshot" in before
    assert places_of(MARK) == set()


def test_the_chain_of_edits_still_verifies(edited: Edit, administrator: User) -> None:
    said = cut(edited, administrator)
    assert (said.act, said.redacts, said.reason) == ("redaction", edited, WHY)
    assert faults() == []


def test_words_that_are_shown_today_are_not_redacted(edited: Edit, administrator: User) -> None:
    last = Edit.objects.last_of_each(["som-12-1"])["som-12-1"]
    with pytest.raises(Invalid):
        cut(last, administrator)


def test_an_edit_is_redacted_once(edited: Edit, administrator: User) -> None:
    said = cut(edited, administrator)
    for again in (edited, said):
        with pytest.raises(Invalid):
            cut(again, administrator)


def test_only_administrators_redact_edits(edited: Edit, editor: User) -> None:
    with pytest.raises(NotAllowed):
        cut(edited, editor)


# --- The command ----------------------------------------------------------------------------------


def command(*args: object) -> str:
    said = StringIO()
    call_command("redact", *map(str, args), stdout=said)
    return said.getvalue()


def test_the_command_redacts(entry: FollowUp, administrator: User) -> None:
    said = command(entry.pk, "--reason", WHY, "--by", "ADMIN", "--name")
    done = FollowUp.objects.get(redacts=entry)
    lines = said.splitlines()
    assert str(entry.pk) in lines[0]
    assert str(done.pk) in lines[0]
    assert URL in lines[1]
    assert done.channel == "command"
    assert places_of(MARK) == set()
    entry.refresh_from_db()
    assert entry.recorded_as == ""


def test_the_command_redacts_an_edit(edited: Edit, administrator: User) -> None:
    command("--edit", edited.sequence, "--reason", WHY, "--by", "admin")
    assert places_of(MARK) == set()


@pytest.mark.parametrize(
    "args",
    [
        ["999", "--reason", WHY, "--by", "admin"],
        ["--edit", "999", "--reason", WHY, "--by", "admin"],
        ["1", "--reason", WHY, "--by", "nobody"],
        ["--reason", WHY, "--by", "admin"],
        ["1", "--edit", "1", "--reason", WHY, "--by", "admin"],
        ["--edit", "1", "--name", "--reason", WHY, "--by", "admin"],
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("administrator")
def test_the_command_refuses(args: list[str]) -> None:
    with pytest.raises(CommandError) as refused:
        command(*args)
    assert refused.value.returncode == 2


@pytest.mark.parametrize(("by", "reason"), [("sofia", WHY), ("admin", " ")])
@pytest.mark.usefixtures("administrator", "editor")
def test_the_command_refuses_what_the_action_refuses(entry: FollowUp, by: str, reason: str) -> None:
    with pytest.raises(CommandError) as refused:
        command(entry.pk, "--reason", reason, "--by", by)
    assert refused.value.returncode == 2
    assert "tracker_followup.note" in places_of(MARK)


# --- The administrators' form ---------------------------------------------------------------------

SENT = {"reason": WHY, "sure": "on"}


def address(record: FollowUp | Edit, page: str = "redact") -> str:
    return reverse(f"admin:tracker_{record._meta.model_name}_{page}", args=[record.pk])


def test_the_form_redacts(client: Client, entry: FollowUp, administrator: User) -> None:
    client.force_login(administrator)
    assert client.get(address(entry)).status_code == 200
    answer = client.post(address(entry), {**SENT, "with_name": "on"}, follow=True)
    assert answer.redirect_chain == [(address(entry, "change"), 302)]
    assert places_of(MARK) <= {"django_session.session_data"}
    assert address(entry) not in answer.content.decode()


def test_the_form_redacts_an_edit(client: Client, edited: Edit, administrator: User) -> None:
    client.force_login(administrator)
    assert client.get(address(edited)).status_code == 200
    answer = client.post(address(edited), SENT)
    assert answer.status_code == 302
    edited.refresh_from_db()
    assert edited.is_redacted


def read(client: Client, record: FollowUp | Edit) -> str:
    return client.get(address(record)).content.decode()


@pytest.mark.parametrize(
    "shown", ["som-12-1, Mali", f"Note de {MARK}", f"Titre {MARK}", URL, f"« {MARK} »"]
)
def test_the_form_shows_what_will_go(
    client: Client, entry: FollowUp, administrator: User, shown: str
) -> None:
    client.force_login(administrator)
    assert shown in read(client, entry)


def test_the_form_shows_the_words_of_an_edit(
    client: Client, edited: Edit, administrator: User
) -> None:
    client.force_login(administrator)
    assert MARK in read(client, edited)


def test_what_is_redacted_has_no_form_but_a_link_back(
    client: Client, entry: FollowUp, administrator: User
) -> None:
    redact(entry, administrator)
    client.force_login(administrator)
    page = read(client, entry)
    assert 'id="record"' not in page
    assert address(entry, "change") in page


@pytest.mark.parametrize("missing", [{"reason": ""}, {"reason": "x" * 2001}, {"sure": ""}], ids=str)
def test_the_form_says_what_is_missing(
    client: Client, entry: FollowUp, administrator: User, missing: dict[str, str]
) -> None:
    client.force_login(administrator)
    answer = client.post(address(entry), {**SENT, **missing})
    assert answer.status_code == 422
    assert "tracker_followup.note" in places_of(MARK)


def test_what_was_redacted_meanwhile_is_said(
    client: Client, entry: FollowUp, administrator: User
) -> None:
    redact(entry, administrator)
    client.force_login(administrator)
    answer = client.post(address(entry), SENT)
    assert answer.status_code == 422


@pytest.mark.parametrize("method", ["get", "post"])
def test_editors_do_not_redact(client: Client, entry: FollowUp, editor: User, method: str) -> None:
    client.force_login(editor)
    assert getattr(client, method)(address(entry), SENT).status_code == 403
    assert getattr(client, method)(address(Edit.objects.all()[0]), SENT).status_code == 403
    assert "tracker_followup.note" in places_of(MARK)


def test_the_link_is_for_administrators(
    client: Client, entry: FollowUp, editor: User, administrator: User
) -> None:
    shown = {}
    for user in (editor, administrator):
        client.force_login(user)
        page = client.get(address(entry, "change")).content.decode()
        shown[user.username] = address(entry).removeprefix("/") in page
    assert shown == {"sofia": False, "admin": True}


def test_nothing_to_redact_is_not_found(client: Client, administrator: User) -> None:
    client.force_login(administrator)
    assert client.get(reverse("admin:tracker_followup_redact", args=[99])).status_code == 404


# --- The list of edits ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=som-12-1", 4),
        ("q=zanzibar", 1),
        ("q=sofia", 2),
        ("key=som-12-1%3AML", 1),
        ("q=nothing", 0),
        ("act__exact=changed", 2),
    ],
)
def test_edits_are_found(
    client: Client, edited: Edit, editor: User, query: str, expected: int
) -> None:
    make_implementation()
    client.force_login(editor)
    answer: Any = client.get(reverse("admin:tracker_edit_changelist") + f"?{query}")
    found = [e for e in answer.context["cl"].result_list if e.key.startswith("som-12-1")]
    assert len(found) == expected


@pytest.mark.parametrize("page", ["add", "delete"])
def test_nobody_edits_edits(client: Client, edited: Edit, administrator: User, page: str) -> None:
    client.force_login(administrator)
    args = [] if page == "add" else [edited.pk]
    assert client.post(reverse(f"admin:tracker_edit_{page}", args=args)).status_code == 403


def test_an_edit_shows_all_that_it_says(client: Client, edited: Edit, editor: User) -> None:
    client.force_login(editor)
    page = client.get(address(edited, "change")).content.decode()
    assert MARK in page
    assert edited.digest in page


def test_words_of_the_recommendation_today_are_untouched(edited: Edit, administrator: User) -> None:
    cut(edited, administrator)
    assert Recommendation.objects.get(ref="som-12-1").text == "Le texte"
