"""The public ledger, and the script that checks it without this site."""

import ast
import datetime as dt
import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import cast
from tests.factories import (
    URL,
    amend,
    entries_of,
    make_implementation,
    make_source,
    record,
    retract,
)
from tracker.actions.records import save_record
from tracker.actions.redactions import redact_edit, redact_entry
from tracker.exports import ledger as exported
from tracker.exports import suivi_verify
from tracker.history import merkle
from tracker.history.audit import Audit
from tracker.history.digest import chained, content_of, sha256
from tracker.history.parts import ENTRIES
from tracker.models import (
    Citation,
    Document,
    Edit,
    FollowUp,
    Implementation,
    Leaf,
    Node,
    Root,
    User,
)

pytestmark = pytest.mark.django_db
SECRET = "Zanzibar"
SCRIPT = Path(exported.__file__).with_name("suivi_verify.py")
FILE = "/verify/suivi-ledger.jsonl"


def download(client: Client) -> bytes:
    answer: Any = client.get(FILE)
    return b"".join(answer.streaming_content)


def lines(ledger: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ledger.splitlines()]


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., tuple[int, str]]:
    """``check(ledger, …)``: the exit code of the script, and what it says, in English."""

    def run(ledger: bytes, *args: str, language: str = "C.UTF-8") -> tuple[int, str]:
        path = tmp_path / "suivi-ledger.jsonl"
        path.write_bytes(ledger)
        environment = {"PATH": os.environ["PATH"], "LANG": language, "PYTHONUTF8": "1"}
        command = [sys.executable, "-I", "-X", "utf8", str(SCRIPT), str(path), *args]
        done = subprocess.run(
            command, capture_output=True, env=environment, timeout=30, check=False
        )
        return done.returncode, (done.stdout + done.stderr).decode()

    return run


@pytest.fixture(scope="module")
def history(shared_by_module: None) -> list[int]:
    """Six entries of one history, the fourth internal; one more history, without any."""
    implementation, contributor, editor = cast.implementation(), cast.contributor(), cast.editor()
    first = record(implementation, contributor, [URL], status="in_progress", note="« Un projet »")
    second = record(implementation, editor, note="Un atelier\u2028s’est tenu")
    third = amend(first, contributor, [URL], status="not_started", note="Rien")
    hidden = record(implementation, contributor, note=SECRET, visibility="internal")
    last = record(implementation, editor, [f"{URL}/2"], note="Un décret")
    retracted = retract(last, editor, reason="Une erreur")
    make_implementation()
    return [entry.pk for entry in (first, second, third, hidden, last, retracted)]


@pytest.fixture
def told(history: list[int], db: None) -> list[FollowUp]:
    return entries_of(history)


# --- Before anything was recorded: these come first, for the others share a history --------------


def test_an_empty_record(client: Client, check: Any) -> None:
    assert check(download(client))[1].startswith("All 0 entries of 0 chains are whole.")


# --- What is in it --------------------------------------------------------------------------------


def test_it_says_what_the_record_is(client: Client, told: list[FollowUp]) -> None:
    head, *rest = lines(download(client))
    root = Root.objects.at()
    assert root is not None
    assert head == {
        "type": "head",
        "version": 1,
        "digest": root.digest,
        "at": root.at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "chains": 3,
        "entries": root.entries,
    }
    assert [line["key"] for line in rest if line["type"] == "chain"] == [
        "edits",
        "som-12-1:ML",
        "som-12-2:ML",
    ]


def test_each_chain_is_followed_by_its_entries(client: Client, told: list[FollowUp]) -> None:
    chain = lines(download(client))[-8:-1]
    assert chain[0]["entries"] == 6
    assert [line["sequence"] for line in chain[1:]] == [1, 2, 3, 4, 5, 6]
    assert chain[2]["content"] == content_of(told[1], "som-12-1:ML", None, [])


def test_an_internal_entry_is_its_digests_alone(client: Client, told: list[FollowUp]) -> None:
    hidden = lines(download(client))[-8:-1][4]
    assert hidden == {
        "type": "entry",
        "sequence": 4,
        "previous": told[3].previous_digest,
        "content_digest": told[3].content_digest,
        "digest": told[3].digest,
        "withheld": "internal",
    }


@pytest.mark.parametrize("who", ["reader", "contributor", "editor", "administrator"])
def test_it_is_the_same_for_everybody_and_holds_no_internal_word(
    client: Client, told: list[FollowUp], who: str, request: pytest.FixtureRequest
) -> None:
    before = download(client)
    if who != "reader":
        client.force_login(request.getfixturevalue(who))
    if who == "administrator":
        before = download(client)  # made after the ledger was read
    assert download(client) == before
    assert SECRET.encode() not in before


def test_it_is_a_file_to_keep(client: Client, told: list[FollowUp]) -> None:
    answer = client.get(FILE)
    assert answer["Content-Type"] == "application/jsonl; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="suivi-ledger.jsonl"'


def test_what_is_written_meanwhile_is_not_in_it(
    client: Client, told: list[FollowUp], editor: User, check: Any
) -> None:
    answer: Any = client.get(FILE)
    record(told[0].implementation, editor)
    make_implementation()
    ledger = b"".join(answer.streaming_content)
    assert check(ledger)[0] == 0
    assert lines(ledger)[0]["chains"] == 3


def test_what_is_redacted_meanwhile_cuts_it_off(
    client: Client, told: list[FollowUp], administrator: User
) -> None:
    answer: Any = client.get(FILE)
    redact_entry(by=administrator, entry=told[0], reason="R", channel="site")
    with pytest.raises(exported.RedactedMeanwhileError):
        b"".join(answer.streaming_content)


def test_the_number_of_queries_does_not_grow(
    client: Client, told: list[FollowUp], editor: User
) -> None:
    counts = []
    for _round in (1, 2):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            download(client)
        counts.append(len(queries))
        for _more in range(8):
            record(make_implementation(), editor, [URL])
    assert counts[0] == counts[1]


def test_a_long_history_is_read_in_parts(
    client: Client, told: list[FollowUp], monkeypatch: pytest.MonkeyPatch, check: Any
) -> None:
    assert ENTRIES > 10
    monkeypatch.setattr("tracker.history.parts.ENTRIES", 2)
    assert check(download(client))[0] == 0
    assert [str(fault) for fault in Audit().faults()] == []


# --- What the script says -------------------------------------------------------------------------


def test_a_whole_ledger(client: Client, told: list[FollowUp], check: Any) -> None:
    ledger = download(client)
    head = lines(ledger)[0]
    code, said = check(ledger, "--expect", head["digest"].upper())
    assert code == 0
    assert said.splitlines() == [
        f"All {head['entries']} entries of 3 chains are whole.",
        f"Head digest: {head['digest']}",
        f"By the site’s own account, of {head['at']}.",
        "Of these, as digests alone: 1 internal, 0 redacted.",
        "It is the digest that you expected.",
    ]


def test_it_speaks_french(client: Client, told: list[FollowUp], check: Any) -> None:
    said = check(download(client), language="fr_FR.UTF-8")[1]
    assert "chaînes sont toutes intactes." in said


def test_every_sentence_is_there_in_french() -> None:
    """What the script says is in its text; each has a line of French, with the same names in it."""
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 9))
    spoken = {"say", "fault", "WrongError", "UnreadableError"}
    assigned = {
        node.targets[0].id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    said = set()
    for call in (n for n in ast.walk(tree) if isinstance(n, ast.Call)):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        for value in call.args if name in spoken else []:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                said.add(value.value)
    said |= {
        str(v.value)
        for n, v in assigned.items()
        if n in ("message", "whole", "withheld") and isinstance(v, ast.Constant)
    }
    assert said <= set(suivi_verify.FRENCH)


def test_it_imports_nothing_of_ours() -> None:
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 9))
    imported = {
        (n.module or "") if isinstance(n, ast.ImportFrom) else n.names[0].name
        for n in ast.walk(tree)
        if isinstance(n, ast.Import | ast.ImportFrom)
    }
    assert {name.split(".")[0] for name in imported} <= {*sys.stdlib_module_names}


def test_it_is_given_byte_for_byte(client: Client, db: None) -> None:
    answer = client.get("/verify/suivi_verify.py")
    assert answer.content == SCRIPT.read_bytes()
    assert answer["Content-Type"] == "text/x-python; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="suivi_verify.py"'


@pytest.mark.parametrize("size", range(1, 20))
def test_the_script_builds_the_same_tree(size: int) -> None:
    leaves = [merkle.leaf(f"k{n}", n, "") for n in range(size)]
    assert [suivi_verify.leaf_digest(f"k{n}", n, "") for n in range(size)] == leaves
    tree = suivi_verify.Tree()
    for leaf in leaves:
        tree.add(leaf)
    assert tree.root() == merkle.root(leaves)


def test_redactions_verify(
    client: Client, told: list[FollowUp], editor: User, administrator: User, check: Any
) -> None:
    recommendation = told[0].implementation.recommendation
    recommendation.text = "Un autre texte"
    save_record(by=editor, record=recommendation, changed=["text"])
    for entry in (told[0], told[3], told[5]):
        redact_entry(by=administrator, entry=entry, reason="R", channel="site")
    edit = Edit.objects.filter(key="som-12-1").order_by("sequence")[0]
    redact_edit(by=administrator, edit=edit, reason="R", channel="site")
    code, said = check(download(client))
    assert code == 0
    assert "2 internal, 3 redacted." in said  # the redaction of what is internal is internal


def test_an_older_ledger_is_continued(
    client: Client, told: list[FollowUp], administrator: User, check: Any, tmp_path: Path
) -> None:
    older = tmp_path / "older.jsonl"
    older.write_bytes(download(client))
    redact_entry(by=administrator, entry=told[0], reason="R", channel="site")
    code, said = check(download(client), "--base", str(older))
    assert code == 0
    assert "Nothing of the older ledger was changed." in said


@pytest.mark.parametrize(
    ("ledger", "what"),
    [
        (b"", "no ledger of this version"),
        (b"{}\n", "no ledger of this version"),
        (b'{"type":"head","version":2}\n', "no ledger of this version"),
        (b"[1]\n", "line 1 is no JSON object"),
        (b"\xff\n", "line 1 is no JSON object"),
        (b"[" * 100_000, "line 1 is no JSON object"),
        (b'{"type":"head","version":1}\n{"type":"chain"', "line 2 is no JSON object"),
        (b'{"type":"head","version":1}\n{"type":"chain"}\n', "\u201ckey\u201d is missing"),
        (b'{"type":"head","version":1}\n{"type":"entry"}\n', "neither chain nor entry"),
    ],
)
def test_what_is_no_ledger(check: Any, ledger: bytes, what: str) -> None:
    code, said = check(ledger)
    assert code == 2
    assert what in said


@pytest.mark.parametrize(
    ("args", "what"),
    [
        (["--expect", "12"], "a digest has 64 digits"),
        (["--base", "/nowhere"], "Give the path of a ledger"),
        (["--nothing"], "unrecognized"),
    ],
)
def test_bad_arguments(check: Any, args: list[str], what: str) -> None:
    code, said = check(b"", *args)
    assert code == 2
    assert what in said


# --- Whoever changes the record behind the triggers' back: the database and the ledger both tell -------


tampered = pytest.mark.usefixtures("without_triggers")

COLUMNS = {
    "reason": "x",
    "status": "implemented",
    "basis": "verified",
    "note": "x",
    "language": "en",
    "happened_on": dt.date(2026, 1, 1),
    "citation_count": 3,
    "organization_as": "x",
    "recorded_at": dt.datetime(2030, 1, 1, tzinfo=dt.UTC),
    "recorded_as": "x",
    "channel": "admin",
    "submission": uuid.UUID(int=5),
    "salt": "0" * 32,
    "content_digest": "0" * 64,
    "previous_digest": "0" * 64,
    "digest": "0" * 64,
}


def fails(client: Client, check: Any, where: str) -> None:
    """Both name the entry."""
    found = [str(fault) for fault in Audit().faults()]
    code, said = check(download(client))
    assert [fault for fault in found if fault.startswith(f"{where}: ")]
    assert (code, said.startswith(f"FAILED: {where}: ")) == (1, True), said


REFUSED = {
    # What constraints refuse of a first entry that corrects none, and of a retraction, even so.
    1: {"previous_digest", "reason"},
    6: {"status", "basis", "happened_on", "citation_count", "note"},
}
CASES = [(n, c) for n in (1, 3, 6) for c in COLUMNS if c not in REFUSED.get(n, ())]


@tampered
@pytest.mark.parametrize(("number", "column"), CASES)
def test_a_changed_column(
    client: Client, told: list[FollowUp], check: Any, number: int, column: str
) -> None:
    """Of the first, of the amendment, of the last, which is a retraction."""
    FollowUp.objects.filter(pk=told[number - 1].pk).update(**{column: COLUMNS[column]})
    fails(client, check, f"som-12-1:ML entry {number}")


@tampered
def test_an_internal_entry_is_changed(client: Client, told: list[FollowUp], check: Any) -> None:
    """Its words are in no ledger; the database tells."""
    FollowUp.objects.filter(pk=told[3].pk).update(note="x")
    assert [str(f) for f in Audit().faults()] == [
        "som-12-1:ML entry 4: its content is not what was sealed"
    ]
    assert check(download(client))[0] == 0


@tampered
def test_an_internal_entry_is_made_public(client: Client, told: list[FollowUp], check: Any) -> None:
    FollowUp.objects.filter(pk=told[3].pk).update(visibility="public")
    fails(client, check, "som-12-1:ML entry 4")


@tampered
def test_words_are_blanked_without_a_redaction(
    client: Client, told: list[FollowUp], check: Any
) -> None:
    FollowUp.objects.filter(pk=told[1].pk).update(note="", salt="", is_redacted=True)
    fails(client, check, "som-12-1:ML entry 2")


@tampered
def test_a_redaction_without_blanking(
    client: Client, told: list[FollowUp], administrator: User, check: Any
) -> None:
    redact_entry(by=administrator, entry=told[1], reason="R", channel="site")
    FollowUp.objects.filter(pk=told[1].pk).update(is_redacted=False, note="Mots")
    fails(client, check, "som-12-1:ML entry 2")


@tampered
def test_a_redaction_points_elsewhere(
    client: Client, told: list[FollowUp], administrator: User, check: Any
) -> None:
    redact_entry(by=administrator, entry=told[1], reason="R", channel="site")
    FollowUp.objects.filter(redacts=told[1]).update(redacts=told[0])
    found = [str(fault) for fault in Audit().faults()]
    assert found[0].startswith("som-12-1:ML entry 1: ")
    assert check(download(client))[0] == 1


@tampered
@pytest.mark.parametrize("column", ["quotation", "title", "publisher", "published_on", "position"])
def test_a_citation_is_changed(
    client: Client, told: list[FollowUp], check: Any, column: str
) -> None:
    value: object = {"published_on": dt.date(2026, 1, 1), "position": 9}.get(column, "x")
    Citation.objects.filter(followup=told[4]).update(**{column: value})
    fails(client, check, "som-12-1:ML entry 5")


@tampered
def test_a_citation_moves_to_another_source(
    client: Client, told: list[FollowUp], check: Any
) -> None:
    Citation.objects.filter(followup=told[4]).update(source=make_source(f"{URL}/3"))
    fails(client, check, "som-12-1:ML entry 5")


EDITS: dict[str, object] = {
    "subject": "implementation",
    "key": "som-12-9",
    "act": "changed",
    "snapshot": {"ref": "som-12-1", "text": "x"},
    "recorded_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
    "recorded_as": "x",
    "channel": "site",
    "salt": "0" * 32,
    "content_digest": "0" * 64,
    "previous_digest": "0" * 64,
    "digest": "0" * 64,
}
DERIVED: dict[str, object] = {"folded": "x", "themes": " x "}
BY_HAND = {"id", "sequence", "redacts", "reason", "recorded_by", "is_redacted"}


@tampered
@pytest.mark.parametrize("column", EDITS)
def test_a_changed_column_of_an_edit(
    client: Client, told: list[FollowUp], check: Any, column: str
) -> None:
    Edit.objects.filter(sequence=3).update(**{column: EDITS[column]})
    fails(client, check, "edits entry 3")


@tampered
@pytest.mark.parametrize("column", DERIVED)
def test_what_searches_look_in_is_changed(told: list[FollowUp], column: str) -> None:
    Edit.objects.filter(sequence=3).update(**{column: DERIVED[column]})
    found = [str(fault) for fault in Audit().faults()]
    assert found == ["edits entry 3: searches find it by what it does not say"]


@tampered
def test_who_edited_is_changed(
    client: Client, told: list[FollowUp], editor: User, check: Any
) -> None:
    Edit.objects.filter(sequence=3).update(recorded_by=editor)
    fails(client, check, "edits entry 3")


@tampered
def test_an_edit_is_blanked(client: Client, told: list[FollowUp], check: Any) -> None:
    blank = {"snapshot": None, "folded": "", "salt": "", "is_redacted": True}
    Edit.objects.filter(sequence=2).update(**blank)
    fails(client, check, "edits entry 2")


@tampered
def test_an_edit_is_made_a_redaction(client: Client, told: list[FollowUp], check: Any) -> None:
    first = Edit.objects.get(sequence=1)
    Edit.objects.filter(sequence=3).update(redacts=first, act="redaction", reason="x")
    found = [str(fault) for fault in Audit().faults()]
    assert found[0].startswith("edits entry 1: ")
    assert check(download(client))[0] == 1


def test_no_column_of_an_edit_is_forgotten() -> None:
    columns = {field.name for field in Edit._meta.concrete_fields}
    assert columns == {*EDITS, *DERIVED, *BY_HAND}


@tampered
@pytest.mark.parametrize("sequence", [1, 2, 4])
def test_an_edit_is_dropped(
    client: Client, told: list[FollowUp], check: Any, sequence: int
) -> None:
    Edit.objects.filter(sequence=sequence)._raw_delete(using="default")
    code, said = check(download(client))
    found = [str(fault) for fault in Audit().faults()]
    assert found[0].startswith("edits entry ")
    assert (code, said.startswith(f"FAILED: edits entry {sequence}: is missing")) == (1, True)


def drop(entry: FollowUp) -> None:
    """Take it away, and whatever points to it."""
    derived = [f.name for f in Implementation._meta.fields if f.name.endswith("_entry")]
    nothing = {"status_since": None, "reported_status": "", "verified_status": ""}
    Implementation.objects.update(**dict.fromkeys(derived), status="no_information", **nothing)
    entry.implementation.standings.all().delete()
    rows: Any = (FollowUp.objects.filter(target=entry), Citation.objects.filter(followup=entry))
    rows[0].update(target=None, kind="follow_up", reason="", note="x")
    rows[1]._raw_delete(using="default")
    gone: Any = FollowUp.objects.filter(pk=entry.pk)
    gone._raw_delete(using="default")


@tampered
@pytest.mark.parametrize("number", [1, 2, 6])
def test_an_entry_is_dropped(client: Client, told: list[FollowUp], check: Any, number: int) -> None:
    drop(told[number - 1])
    code, said = check(download(client))
    assert (code, f"som-12-1:ML entry {number}: is missing" in said) == (1, True)
    named = 5 if number == 6 else number  # the last one that is there is not the last one recorded
    assert str(next(Audit().faults())).startswith(f"som-12-1:ML entry {named}: ")


@tampered
def test_two_entries_change_places(client: Client, told: list[FollowUp], check: Any) -> None:
    for pk, sequence in ((told[1].pk, 99), (told[4].pk, 2), (told[1].pk, 5)):
        FollowUp.objects.filter(pk=pk).update(sequence=sequence)
    fails(client, check, "som-12-1:ML entry 2")


def forge(told: list[FollowUp]) -> FollowUp:
    """One more entry, sealed as the actions do, by somebody who knows how."""
    last, forged = told[-1], FollowUp.objects.get(pk=told[1].pk)
    forged.pk, forged.sequence, forged.submission = None, 7, uuid.uuid4()
    forged.recorded_at = last.recorded_at + dt.timedelta(1)
    forged._state.adding = True
    forged.note = "Faux"
    forged.content_digest = sha256(content_of(forged, "som-12-1:ML", None, []))
    forged.previous_digest = last.digest
    forged.digest = chained("som-12-1:ML", 7, last.digest, forged.content_digest)
    forged.save()
    return forged


@tampered
def test_an_entry_is_appended_to_the_old_leaf(
    client: Client, told: list[FollowUp], check: Any
) -> None:
    forge(told)
    assert [str(fault) for fault in Audit().faults()] == [
        "som-12-1:ML entry 7: is not the last one that was recorded"
    ]
    ledger = download(client)
    assert b"Faux" not in ledger
    assert check(ledger)[0] == 0


@tampered
def test_the_head_is_moved_but_not_the_leaf(told: list[FollowUp]) -> None:
    forged = forge(told)
    Implementation.objects.filter(pk=forged.implementation_id).update(
        head_sequence=7, head_digest=forged.digest
    )
    assert [str(f) for f in Audit().faults()] == ["ledger: leaf 1 is not the head of som-12-1:ML"]


@tampered
def test_only_a_published_digest_shows_a_forger_who_rewrites_all(
    client: Client, told: list[FollowUp], check: Any, tmp_path: Path
) -> None:
    """The last entry is replaced, and everything above it made anew: the record agrees with itself."""
    older = tmp_path / "older.jsonl"
    older.write_bytes(download(client))
    published = lines(older.read_bytes())[0]["digest"]
    rows = FollowUp.objects.filter(pk=told[5].pk)
    last = rows.get()
    last.reason = "Une autre raison"
    content = sha256(content_of(last, "som-12-1:ML", 5, []))
    digest = chained("som-12-1:ML", 6, last.previous_digest, content)
    rows.update(reason=last.reason, content_digest=content, digest=digest)
    Implementation.objects.filter(pk=last.implementation_id).update(head_digest=digest)
    Leaf.objects.filter(key="som-12-1:ML").update(head=digest)
    leaves = [merkle.leaf(x.key, x.entries, x.head) for x in Leaf.objects.order_by("position")]
    for place, node in merkle.fold(leaves).items():
        Node.objects.filter(place=place).update(digest=node)
    newest = Root.objects.at()
    assert newest is not None
    Root.objects.filter(pk=newest.pk).update(digest=merkle.root(leaves))
    assert [str(fault) for fault in Audit().faults()] == []
    forged = download(client)
    assert check(forged)[0] == 0
    code, said = check(forged, "--expect", published)
    assert (code, "not the one expected" in said) == (1, True)
    code, said = check(forged, "--base", str(older))
    assert (code, "som-12-1:ML entry 6: is not what the older ledger has" in said) == (1, True)


# --- What the ledger stands over --------------------------------------------------------------------


LEDGER: list[tuple[str, Callable[[], Any]]] = [
    (
        "ledger: leaf 1 is missing, or out of order",
        lambda: Leaf.objects.filter(position=1).delete(),
    ),
    (
        "ledger: som-12-2:ML has no leaf",
        lambda: Leaf.objects.filter(key="som-12-2:ML").delete(),
    ),
    (
        "ledger: leaf 1 is not the head of som-12-1:ML",
        lambda: Leaf.objects.filter(position=1).update(head="0" * 64),
    ),
    (
        "ledger: leaf 1 is not the head of som-12-1:ML",
        lambda: Leaf.objects.filter(position=1).update(entries=5),
    ),
    (
        "ledger: leaf 3 is not the head of som-12-9:ML",
        lambda: Leaf.objects.create(position=3, key="som-12-9:ML", entries=1, head="0" * 64),
    ),
    (
        "ledger: node 0 is not that of its leaves",
        lambda: Node.objects.filter(place=0).update(digest="0" * 64),
    ),
    ("ledger: node 0 is missing", lambda: Node.objects.filter(place=0).delete()),
    (
        "ledger: node 99 is not that of its leaves",
        lambda: Node.objects.create(place=99, digest="0" * 64),
    ),
    (
        "ledger: the digest of the record is not that of its chains",
        lambda: Root.objects.update(digest="0" * 64),
    ),
    (
        "ledger: the digest of the record is not that of its chains",
        lambda: Root.objects.update(entries=1),
    ),
    (
        "ledger: the digest of the record is missing",
        lambda: Root.objects.all()._raw_delete(using="default"),
    ),
    ("ledger: there is none", lambda: Leaf.objects.all().delete()),
]


@tampered
@pytest.mark.parametrize(("what", "tamper"), LEDGER, ids=[w for w, _t in LEDGER])
def test_the_ledger_is_tampered_with(
    told: list[FollowUp], what: str, tamper: Callable[[], Any]
) -> None:
    tamper()
    assert what in [str(fault) for fault in Audit().faults()]


@tampered
def test_a_text_is_changed_and_not_sealed(told: list[FollowUp]) -> None:
    recommendation = told[0].implementation.recommendation
    recommendation.__class__.objects.filter(ref="som-12-1").update(text="Un autre texte")
    (fault,) = Audit().faults()
    assert str(fault).startswith("som-12-1: is not what was last sealed, in edit ")


@tampered
def test_a_due_date_is_changed_and_not_sealed(told: list[FollowUp]) -> None:
    Implementation.objects.filter(pk=told[0].implementation_id).update(due_on="2026-01-01")
    (fault,) = Audit().faults()
    assert str(fault).startswith("som-12-1:ML: is not what was last sealed, in edit ")


@tampered
def test_a_record_that_was_never_sealed(told: list[FollowUp]) -> None:
    rows: Any = Edit.objects.filter(key="som-12-2:ML")
    rows._raw_delete(using="default")
    found = [str(fault) for fault in Audit().faults()]
    assert "som-12-2:ML: was never sealed: see manage.py take_over" in found


@tampered
def test_a_record_that_is_gone(told: list[FollowUp]) -> None:
    rows: Any = Implementation.objects.filter(recommendation__ref="som-12-2")
    Document.objects.filter(implementation__in=rows).delete()
    rows._raw_delete(using="default")
    (fault,) = Audit().faults()
    assert str(fault).startswith("som-12-2:ML: is gone, and was there after edit ")
