"""Ledgers that a clever site could give: every digest in them is right, and the checker still tells."""

import copy
import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests import cast
from tests.factories import URL, entries_of, make_implementation, record
from tracker.actions.records import save_record
from tracker.actions.redactions import redact_edit, redact_entry
from tracker.exports import ledger as exported
from tracker.exports import suivi_verify
from tracker.models import Edit, FollowUp, User

pytestmark = pytest.mark.django_db
SCRIPT = Path(exported.__file__).with_name("suivi_verify.py")
KEY = "som-12-1:ML"
Lines = list[dict[str, Any]]
Check = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def history(shared_by_module: None) -> list[int]:
    """Three entries of one history, the second internal; one more history, without any."""
    implementation, editor = cast.implementation(), cast.editor()
    made = [
        record(implementation, editor, [URL], status="in_progress", note="Un projet"),
        record(implementation, editor, note="Zanzibar", visibility="internal"),
        record(implementation, editor, note="Un atelier"),
    ]
    make_implementation()
    return [entry.pk for entry in made]


@pytest.fixture
def told(history: list[int], db: None) -> list[FollowUp]:
    return entries_of(history)


def download(client: Client) -> Lines:
    answer: Any = client.get("/verify/suivi-ledger.jsonl")
    return [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]


@pytest.fixture
def given(client: Client, told: list[FollowUp]) -> Lines:
    return download(client)


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """``check(lines, older)``: the exit code, and what is said; lines may be bytes."""

    def written(name: str, ledger: Lines | bytes) -> str:
        path = tmp_path / name
        said = ledger if isinstance(ledger, bytes) else written_out(ledger)
        path.write_bytes(said)
        return str(path)

    def run(ledger: Lines | bytes, older: Lines | None = None) -> tuple[int, str]:
        base = ["--base", written("older.jsonl", older)] if older else []
        command = [sys.executable, "-I", "-X", "utf8", str(SCRIPT), written("now.jsonl", ledger)]
        environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        done = subprocess.run(
            [*command, *base], capture_output=True, env=environment, timeout=30, check=False
        )
        return done.returncode, (done.stdout + done.stderr).decode()

    return run


def written_out(ledger: Lines) -> bytes:
    return b"".join(json.dumps(line).encode() + b"\n" for line in ledger)


def place(ledger: Lines, key: str) -> int:
    return next(n for n, line in enumerate(ledger) if line.get("key") == key)


def entry(ledger: Lines, key: str, sequence: int) -> dict[str, Any]:
    return ledger[place(ledger, key) + sequence]


def append(ledger: Lines, chain_key: str, like: int, /, **content: Any) -> None:
    """One more entry of a chain, which says what another says but for ``content``."""
    start = place(ledger, chain_key)
    chain = ledger[start]
    chain["entries"] += 1
    added = copy.deepcopy(ledger[start + like])
    added["sequence"] = chain["entries"]
    added["content"] |= {"sequence": chain["entries"], **content}
    ledger.insert(start + chain["entries"], added)


def sealed(ledger: Lines) -> Lines:
    """Every digest made anew, as the site makes them."""
    tree, entries, chain, count = suivi_verify.Tree(), 0, {}, 0
    heads: dict[int, dict[str, Any]] = {}
    for line in ledger[1:]:
        if line["type"] == "chain":
            chain, heads[count], count, previous = line, line, count + 1, ""
            chain["head"] = ""
            continue
        entries += 1
        if "content" in line and "withheld" not in line:
            line["content_digest"] = suivi_verify.sha256(suivi_verify.canonical(line["content"]))
        line["previous"] = previous
        said = (chain["key"], line["sequence"], previous, line["content_digest"])
        previous = line["digest"] = chain["head"] = suivi_verify.entry_digest(*said)
    for head in heads.values():
        tree.add(suivi_verify.leaf_digest(head["key"], head["entries"], head["head"]))
    ledger[0] |= {"digest": tree.root(), "chains": count, "entries": entries}
    return ledger


def later(moment: str, **by: float) -> str:
    at = dt.datetime.strptime(moment, suivi_verify.FORMAT) + dt.timedelta(**by)
    return at.strftime(suivi_verify.FORMAT)


def test_sealing_anew_changes_nothing(given: Lines, check: Check) -> None:
    older = copy.deepcopy(given)
    assert sealed(given) == older
    assert check(given, older)[0] == 0


# --- Public stays public ----------------------------------------------------------------------------


def hide(line: dict[str, Any]) -> None:
    del line["content"]
    line["withheld"] = "internal"


def test_a_public_entry_is_hidden(given: Lines, check: Check) -> None:
    older = copy.deepcopy(given)
    hide(entry(given, KEY, 3))
    code, said = check(given, older)
    assert (code, f"{KEY} entry 3: was public in the older ledger" in said) == (1, True)


def test_an_internal_entry_becomes_a_redacted_one(
    client: Client, told: list[FollowUp], administrator: User, check: Check
) -> None:
    redact_entry(by=administrator, entry=told[0], reason="R", channel="site")
    given = download(client)
    older = copy.deepcopy(given)
    hide_again = entry(older, KEY, 1)
    hide_again["withheld"] = "internal"
    code, said = check(given, older)
    assert (code, f"{KEY} entry 1: was internal in the older ledger" in said) == (1, True)


def test_what_is_redacted_since_was_not_hidden(
    client: Client, told: list[FollowUp], given: Lines, administrator: User, check: Check
) -> None:
    for number in (0, 1):
        redact_entry(by=administrator, entry=told[number], reason="R", channel="site")
    assert check(download(client), given)[0] == 0


def test_an_edit_is_never_internal(given: Lines, check: Check) -> None:
    hide(entry(given, "edits", 1))
    code, said = check(given)
    assert (code, "edits entry 1: is withheld, and edits are public" in said) == (1, True)


def test_an_older_ledger_that_lacks_entries(given: Lines, check: Check) -> None:
    older = copy.deepcopy(given)
    del older[place(older, KEY) + 2]
    assert check(given, older)[0] == 1


# --- What edits may do ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "what"),
    [
        ("taken_over", "takes over what was there already"),
        ("added", "adds what was there already"),
    ],
)
def test_what_is_there_is_not_added(given: Lines, check: Check, act: str, what: str) -> None:
    count = given[1]["entries"]
    append(given, "edits", count, act=act)
    code, said = check(sealed(given))
    assert (code, f"edits entry {count + 1}: {what}" in said) == (1, True)


def test_what_was_removed_is_not_taken_over(given: Lines, check: Check) -> None:
    for act in ("removed", "taken_over"):
        append(given, "edits", given[1]["entries"], act=act)
    assert check(sealed(given))[0] == 1


def test_what_was_removed_is_added(given: Lines, check: Check) -> None:
    for act in ("removed", "added"):
        append(given, "edits", given[1]["entries"], act=act)
    assert check(sealed(given))[0] == 0


def removed_unseen(given: Lines, key: str) -> Lines:
    """A removal that is redacted later, which says that it was about ``key``; added again between."""
    last = given[1]["entries"]
    edited = entry(given, "edits", last)["content"]["key"]
    append(given, "edits", last, act="removed")
    append(given, "edits", last, act="added")
    told = {"key": key or edited, "redacts": last + 1, "reason": "R", "after": None}
    append(given, "edits", last, act="redaction", **told)
    gone = entry(given, "edits", last + 1)
    del gone["content"]
    gone["withheld"] = "redacted"
    return sealed(given)


def test_its_removal_may_be_redacted(given: Lines, check: Check) -> None:
    assert check(removed_unseen(given, ""))[0] == 0


def test_a_redacted_edit_of_another_record_is_no_removal(given: Lines, check: Check) -> None:
    code, said = check(removed_unseen(given, "som-12-9"))
    assert (code, "adds what was there already" in said) == (1, True)


def test_edits_that_the_site_makes_and_redacts(
    client: Client, told: list[FollowUp], editor: User, administrator: User, check: Check
) -> None:
    recommendation = told[0].implementation.recommendation
    recommendation.text = "Un autre texte"
    save_record(by=editor, record=recommendation, changed=["text"])
    edit = Edit.objects.filter(key="som-12-1").order_by("sequence")[0]
    redact_edit(by=administrator, edit=edit, reason="R", channel="site")
    assert check(download(client))[0] == 0


# --- Dates ------------------------------------------------------------------------------------------


def test_an_entry_is_dated_back(given: Lines, check: Check) -> None:
    append(given, KEY, 3, recorded_at="2020-01-01T00:00:00.000000Z")
    code, said = check(sealed(given))
    assert (code, f"{KEY} entry 4: is dated before the entry before it" in said) == (1, True)


def test_an_edit_is_dated_back(given: Lines, check: Check) -> None:
    count = given[1]["entries"]
    past = "2020-01-01T00:00:00.000000Z"
    append(given, "edits", count, act="changed", recorded_at=past)
    code, said = check(sealed(given))
    assert (code, "is dated before the entry before it" in said) == (1, True)


def test_before_the_first_edit_clocks_were_trusted(given: Lines, check: Check) -> None:
    for sequence, year in ((1, 2019), (3, 2018)):
        at = f"{year}-01-01T00:00:00.000000Z"
        entry(given, KEY, sequence)["content"]["recorded_at"] = at
    assert check(sealed(given))[0] == 0


def test_a_date_is_no_time(given: Lines, check: Check) -> None:
    append(given, KEY, 3, recorded_at="9")
    code, said = check(sealed(given))
    assert (code, f"{KEY} entry 4: its date is no time" in said) == (1, True)


@pytest.mark.parametrize(("minutes", "code"), [(59, 0), (61, 1)])
def test_what_is_new_is_not_dated_before_the_older_ledger(
    given: Lines, check: Check, minutes: int, code: int
) -> None:
    older = copy.deepcopy(given)
    older[0]["at"] = later(entry(given, KEY, 3)["content"]["recorded_at"], minutes=minutes)
    append(given, KEY, 3)
    found, said = check(sealed(given), older)
    assert (found, "entry 4: is dated before the older ledger" in said) == (code, bool(code))


# --- Lines ------------------------------------------------------------------------------------------


def test_words_beside_what_is_withheld(given: Lines, check: Check) -> None:
    entry(given, KEY, 2)["content"] = {"note": "Faux"}
    code, said = check(given)
    assert (code, f"{KEY} entry 2: is withheld, and yet has words" in said) == (1, True)


def test_neither_words_nor_withheld(given: Lines, check: Check) -> None:
    del entry(given, KEY, 2)["withheld"]
    assert check(given)[0] == 1


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_line_says_more(given: Lines, check: Check, number: int) -> None:
    given[number]["note"] = "Faux"
    code, said = check(given)
    assert (code, "is no ledger of this version" in said) == (2, True)


def test_a_key_is_there_twice_in_an_object(given: Lines, check: Check) -> None:
    raw = written_out(given).replace(b'"content": {', b'"content": {}, "content": {', 1)
    code, said = check(raw)
    assert (code, "line 3 is no JSON object" in said) == (2, True)


def test_pairs_are_no_object(check: Check) -> None:
    code, said = check(b'[["type","head"],["version",1]]\n')
    assert (code, "line 1 is no JSON object" in said) == (2, True)


def twice(ledger: Lines) -> Lines:
    again = copy.deepcopy(ledger[place(ledger, "som-12-2:ML")])
    again["position"] = ledger[0]["chains"]
    return sealed([*ledger, again])


def test_a_chain_is_there_twice(given: Lines, check: Check) -> None:
    code, said = check(twice(given))
    assert (code, "chain som-12-2:ML is out of its place" in said) == (1, True)


def test_a_chain_is_there_twice_in_the_older_ledger(given: Lines, check: Check) -> None:
    code, said = check(given, twice(copy.deepcopy(given)))
    assert (code, "chain som-12-2:ML is out of its place" in said) == (1, True)


def test_chains_change_places(given: Lines, check: Check) -> None:
    older = copy.deepcopy(given)
    start = place(given, KEY)
    last = given.pop(place(given, "som-12-2:ML"))
    given.insert(start, last)
    last["position"], given[start + 1]["position"] = 1, 2
    assert check(sealed(given))[0] == 0
    code, said = check(given, older)
    assert (code, "is out of its place" in said) == (1, True)


@pytest.mark.parametrize("at", ["2026-08-20.\nIt is the digest that you expected.", "\x1b[8m", 3])
def test_a_time_that_is_none_is_not_said(given: Lines, check: Check, at: object) -> None:
    given[0]["at"] = at
    code, said = check(given)
    assert (code, "own account" in said) == (0, False)


def test_what_steers_a_terminal_is_not_shown(given: Lines, check: Check) -> None:
    given[2 + given[1]["entries"]] |= {"key": "a\x1b[8m\nAll is whole\u202e", "position": 7}
    code, said = check(given)
    assert (code, "chain a\ufffd[8m\ufffdAll is whole\ufffd is out" in said) == (1, True)
