"""What the record says already, and what a row says beyond it: neither is taken for the other."""

from pathlib import Path

import pytest
from django.utils import translation

from tests import factories
from tests.integration.test_import_rows import GIVEN, ORIGIN, checked, one
from tests.integration.test_import_write import brought_in, kept
from tracker.models import FollowUp, Implementation, Organization, User
from tracker.statuses import OrganizationKind, Visibility

OTHER = f"{ORIGIN}/2"
HEADER = ["Number", "State", "Status", "Sources", "Date"]


@pytest.fixture(autouse=True)
def _a_meeting(db: None) -> None:
    factories.make_meeting(12)


@pytest.fixture
def told(implementation: Implementation, editor: User) -> Implementation:
    """In progress, by one source."""
    factories.record(implementation, editor, [ORIGIN], status="in_progress")
    implementation.refresh_from_db()
    return implementation


def more(tmp_path: Path, by: User, *rows: list[str]) -> int:
    """How many entries come of these rows."""
    return brought_in(kept(tmp_path, [HEADER, *rows]), by).entries


# --- A status that stands


def test_a_status_that_stands_by_these_sources_is_known(
    tmp_path: Path, editor: User, told: Implementation
) -> None:
    since = told.status_since.isoformat() if told.status_since else ""
    assert more(tmp_path, editor, ["1", "ML", "in_progress", ORIGIN, since]) == 0
    assert more(tmp_path, editor, ["1", "ML", "in_progress", ORIGIN, ""]) == 0


def test_another_source_of_it_is_recorded(
    tmp_path: Path, editor: User, told: Implementation
) -> None:
    assert more(tmp_path, editor, ["1", "ML", "in_progress", f"{ORIGIN} {OTHER}", ""]) == 1


def test_another_day_of_it_is_recorded(tmp_path: Path, editor: User, told: Implementation) -> None:
    assert more(tmp_path, editor, ["1", "ML", "in_progress", ORIGIN, "2020-02-02"]) == 1


@pytest.mark.parametrize("kind", ["internal", "retracted"])
def test_a_source_that_readers_do_not_see_is_recorded(
    tmp_path: Path, editor: User, told: Implementation, kind: str
) -> None:
    internal = {"visibility": Visibility.INTERNAL} if kind == "internal" else {}
    entry = factories.record(told, editor, [OTHER], **internal)
    if kind == "retracted":
        factories.retract(entry, editor)
    assert more(tmp_path, editor, ["1", "ML", "in_progress", OTHER, ""]) == 1


def test_what_stood_before_an_earlier_row_is_said_anew(
    tmp_path: Path, editor: User, told: Implementation
) -> None:
    rows = [["1", "ML", status, ORIGIN, ""] for status in ("implemented", "in_progress")]
    assert more(tmp_path, editor, *rows) == 2
    told.refresh_from_db()
    assert told.status == "in_progress"


# --- Rows that differ in one thing


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("Position", ("Supported", "Noted")),
        ("Organization", ("Le Quotidien", "La Gazette")),
        ("Status", ("in_progress", "implemented")),
        ("Note", ("A bill.", "A law.")),
        ("Sources", (ORIGIN, OTHER)),
        ("Date", ("2026-01-01", "2026-01-02")),
    ],
)
def test_rows_that_differ_in_one_thing_are_two_entries(
    tmp_path: Path, editor: User, column: str, said: tuple[str, str]
) -> None:
    for name in ("Le Quotidien", "La Gazette"):
        factories.make_organization(name, OrganizationKind.OTHER, None)
    same = {"Status": "in_progress", "Note": "x", "Sources": ORIGIN}
    header = ["Reference", "Text", "State", *(same | {column: ""})]
    rows = [["1", "Un texte", "ML", *(same | {column: value}).values()] for value in said]
    assert brought_in(kept(tmp_path, [header, *rows]), editor, GIVEN).entries == 2
    assert FollowUp.objects.count() == 2


# --- Whose it is


def test_a_reference_of_another_meeting_is_a_problem(tmp_path: Path, editor: User) -> None:
    elsewhere = factories.make_meeting(13, body="som-12")  # som-12-13
    factories.make_recommendation(1, elsewhere)
    table = [["Reference", "Text", "State"], ["13-1", "Un texte", "ML"]]
    with translation.override("en"):
        _wanted, broken = checked(tmp_path, editor, table)
    assert [row.problems for row in broken] == [
        [("Reference", "This reference belongs to another meeting.")]
    ]


def reported(tmp_path: Path, by: User, name: str) -> Organization:
    """Who says it, where the row says that the State itself reported it."""
    said = {"status": "in_progress", "sources": ORIGIN, "organization": name}
    statement = one(tmp_path, by, GIVEN, **said, basis="reported").statement
    assert statement is not None
    assert statement.organization is not None
    return statement.organization


@pytest.mark.parametrize(
    ("kind", "state"), [(OrganizationKind.OTHER, None), (OrganizationKind.GOVERNMENT, "NE")]
)
def test_what_a_state_reported_is_not_put_down_to_another(
    tmp_path: Path, editor: User, kind: str, state: str | None
) -> None:
    factories.make_organization("Le Quotidien", kind, state)
    found = reported(tmp_path, editor, "Le Quotidien")
    assert found.pk is None
    assert found.governs("ML")


def test_what_a_state_reported_is_of_its_own_government(tmp_path: Path, editor: User) -> None:
    factories.make_organization("Ministère", OrganizationKind.GOVERNMENT, "NE")
    own = factories.make_organization("Ministère", OrganizationKind.GOVERNMENT, "ML")
    assert reported(tmp_path, editor, "Ministère") == own
