"""Commands: what they print, and the code that they leave."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.factories import URL, drop_triggers, make_user, record
from tracker.actions.people import find_link
from tracker.history.digest import timestamp
from tracker.models import (
    FollowUp,
    Implementation,
    Organization,
    Recommendation,
    Root,
    SignInLink,
    User,
)
from tracker.statuses import Role

pytestmark = pytest.mark.django_db


def run(command: str, *args: str) -> tuple[str, int]:
    """What it says, and its exit code."""
    said = StringIO()
    try:
        call_command(command, *args, stdout=said)
    except SystemExit as stop:
        return said.getvalue(), int(stop.code or 0)
    return said.getvalue(), 0


@pytest.fixture
def told(implementation: Implementation, editor: User, government: Organization) -> Any:
    """An implementation of which something is known."""
    record(implementation, editor, [URL], status="in_progress", organization=government)
    return Implementation.objects.filter(pk=implementation.pk)


# --- seed -----------------------------------------------------------------------------------------


def test_seed_loads_once_and_says_so() -> None:
    first, again = run("seed"), run("seed")
    assert first == ("Initial data vienna-2025: loaded.\n", 0)
    assert again == ("Initial data vienna-2025: was loaded before: nothing changed.\n", 0)
    assert Recommendation.objects.count() == 6


# --- first_signin and signin_link -----------------------------------------------------------------


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("HOST", "PORT"):
        monkeypatch.delenv(variable, raising=False)


def secret_in(said: str) -> str:
    """The secret in the address that was printed."""
    (line,) = [line for line in said.splitlines() if line.startswith("Sign in: ")]
    return line.rstrip("/").rsplit("/", 1)[1]


def test_the_first_way_in() -> None:
    said, code = run("first_signin")
    assert said.startswith("Sign in: http://127.0.0.1:8000/")
    assert code == 0
    assert find_link(secret_in(said)).user is None


def test_the_first_way_in_at_another_address() -> None:
    said, _code = run("first_signin", "--origin", "https://suivi.example.org/")
    assert said.startswith("Sign in: https://suivi.example.org/")
    assert "org//" not in said


def test_the_first_way_in_again_replaces_the_one_before() -> None:
    first, second = run("first_signin")[0], run("first_signin")[0]
    assert first != second
    assert SignInLink.objects.get() == find_link(secret_in(second))


def test_no_first_way_in_where_there_is_an_administrator(administrator: User) -> None:
    assert run("first_signin") == ("", 0)
    assert not SignInLink.objects.exists()


def test_a_way_in_for_somebody_who_lost_theirs(editor: User) -> None:
    said, code = run("signin_link", "SOFIA")
    assert (find_link(secret_in(said)).user, code) == (editor, 0)


@pytest.mark.usefixtures("editor")
def test_no_way_in_for_nobody() -> None:
    with pytest.raises(CommandError, match="user name") as refused:
        run("signin_link", "nobody")
    assert refused.value.returncode == 2


def test_no_way_in_for_who_is_not_active() -> None:
    gone = make_user(Role.EDITOR, is_active=False)
    with pytest.raises(CommandError) as refused:
        run("signin_link", gone.username)
    assert refused.value.returncode == 2
    assert not SignInLink.objects.exists()


# --- rebuild_projection ---------------------------------------------------------------------------


@pytest.mark.usefixtures("told")
def test_nothing_to_rebuild() -> None:
    for args in ((), ("--check",)):
        assert run("rebuild_projection", *args) == ("1 implementations read, 0 differed.\n", 0)


def test_what_was_tampered_with_is_found_and_left(told: Any) -> None:
    told.update(status="implemented", source_count=7)
    said, code = run("rebuild_projection", "--check")
    assert said.splitlines() == [
        "som-12-1:ML: status, source_count",
        "1 implementations read, 1 differed.",
    ]
    assert code == 1
    assert told.get().status == "implemented"


def test_what_was_tampered_with_is_mended(told: Any) -> None:
    before = told.values().get()
    told.update(status="implemented", source_count=7, head_digest="0" * 64)
    said, code = run("rebuild_projection")
    assert (said.splitlines()[0], code) == ("som-12-1:ML: status, source_count, head_digest", 0)
    assert told.values().get() == before


# --- verify_history -------------------------------------------------------------------------------


def verified() -> tuple[list[str], int]:
    """What it says, without the last line, which is the head digest; and its exit code."""
    said, code = run("verify_history")
    *lines, head = said.splitlines()
    root = Root.objects.at()
    assert root is not None
    assert head == f"Head digest: {root.digest}, {timestamp(root.at)}"
    return lines, code


@pytest.mark.usefixtures("told")
def test_a_history_that_is_whole() -> None:
    assert verified() == (["1 entries and 2 edits read, 0 histories with a fault."], 0)


@pytest.mark.usefixtures("told")
def test_a_history_that_was_changed() -> None:
    drop_triggers()
    FollowUp.objects.update(note="Rien")
    lines, code = verified()
    assert lines == [
        "som-12-1:ML entry 1: its content is not what was sealed",
        "1 entries and 2 edits read, 1 histories with a fault.",
    ]
    assert code == 1


def test_a_head_that_was_changed(told: Any) -> None:
    told.update(head_digest="0" * 64)
    assert verified()[1] == 1


@pytest.mark.usefixtures("seeded")
def test_the_initial_data_is_whole() -> None:
    assert verified() == (["26 entries and 12 edits read, 0 histories with a fault."], 0)
    assert run("rebuild_projection", "--check")[1] == 0
