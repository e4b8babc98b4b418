"""What an import writes: what people would have written by hand, all of it or nothing, and once."""

import csv
import gc
import io
import re
import tracemalloc
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import QuerySet
from django.forms.models import model_to_dict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tests import factories
from tests.faults import fail, just_before
from tests.load.imports import HEADERS, table
from tracker.actions import imports, search, similar
from tracker.actions.followups import record_followup
from tracker.actions.imports import Imported, import_rows
from tracker.actions.records import save_record
from tracker.actions.sources import CitedSource
from tracker.actions.statements import Statement
from tracker.exceptions import Invalid, NotAllowed
from tracker.history.digest import content_of
from tracker.imports.columns import guess
from tracker.imports.rows import Given
from tracker.imports.table import Reading, Table, headers_in
from tracker.models import (
    Edit,
    FollowUp,
    Implementation,
    Organization,
    Recommendation,
    Root,
    Source,
    Standing,
    Theme,
    User,
)
from tracker.models.sources import SourceQuerySet
from tracker.statuses import Channel

ORIGIN = "https://example.org/report"
GIVEN = Given(meeting="som-12", origin=ORIGIN, language="en")
HEADER = ["Reference", "Text", "State", "Themes", "Status", "Note", "Sources", "Date"]
ROW = ["1", "Adopt a law", "ML", "Law; Borders", "in_progress", "A bill.", ORIGIN, "2026-01-31"]
OTHER = ["2", "Train judges", "NE", "Law", "", "", "", ""]


def kept(tmp_path: Path, rows: Sequence[Sequence[str]]) -> Path:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    path = tmp_path / "table.csv"
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


def brought_in(
    path: Path, by: User, given: Given = GIVEN, left_out: Sequence[int] = ()
) -> Imported:
    """Import as the page and the command do: check first, then write."""
    known = Table(path, guess(headers_in(path)), given)
    first = Reading(known, by, left_out)
    for _wanted, broken in first.chunks():
        assert [(row.number, row.problems) for row in broken] == []
    done: list[Imported] = []
    highest = first.found.highest
    for _step in import_rows(
        by=by,
        chunks=lambda: Reading(known, by, left_out).fit(),
        meetings=highest,
        total=first.found.rows,
        highest=highest,
        finish=done.append,
    ):
        pass
    return done[0]


def counts() -> dict[str, int]:
    models = (Recommendation, Implementation, FollowUp, Source, Theme, Standing, Edit, Root)
    return {model.__name__: model.objects.count() for model in models}


def whole() -> None:
    """The history is as it was sealed, and what is derived follows from it."""
    call_command("verify_history", stdout=io.StringIO())
    call_command("rebuild_projection", "--check", stdout=io.StringIO())


@pytest.fixture(autouse=True)
def _a_meeting(db: None, request: pytest.FixtureRequest) -> None:
    if "told" not in request.fixturenames:
        factories.make_meeting(12)


# --- As by hand


def test_an_import_writes_what_people_would(tmp_path: Path, editor: User) -> None:
    theme = factories.make_theme("Law", "law")
    borders = factories.make_theme("Borders", "borders")
    brought_in(kept(tmp_path, [HEADER, ROW]), editor)
    made = Implementation.objects.get()
    entry = FollowUp.objects.get()
    origin = made.recommendation.origin
    by_hand = factories.make_recommendation(
        2, text="Adopt a law", language="en", origin_id=origin.pk, themes=[theme, borders]
    )
    same = factories.make_implementation(by_hand)
    said = Statement(
        status="in_progress",
        note="A bill.",
        sources=(CitedSource(url=ORIGIN),),
        happened_on=entry.happened_on,
    )
    record_followup(by=editor, implementation=same, statement=said, channel=Channel.IMPORT)
    same.refresh_from_db()
    differ = {"id", "recommendation", "number", "ref", "place", "head_digest", "folded"}
    differ |= {name for name in model_to_dict(made) if name.endswith("_entry")}
    for mine, its in ((made, same), (made.recommendation, by_hand)):
        values = (_values(mine, differ), _values(its, differ))
        assert values[0] == values[1]
    assert made.recommendation.folded.replace("som-12-1", "som-12-2") == by_hand.folded
    assert _sealed(made) == _sealed(same)
    assert _stood(made) == _stood(same)
    edits = [_edited(made), _edited(same)]
    assert edits[0] == edits[1]


MOMENTS = ("_at", "_id", "digest", "salt", "submission")


def _values(record: Any, differ: set[str]) -> dict[str, Any]:
    columns = (f.attname for f in record._meta.concrete_fields)
    return {c: getattr(record, c) for c in columns if c not in differ and not c.endswith(MOMENTS)}


def _sealed(implementation: Implementation) -> dict[str, Any]:
    entry = implementation.entries.get()
    citations = list(entry.citations.select_related("source"))
    content = content_of(entry, "key", None, citations)
    return {name: v for name, v in content.items() if not name.endswith(MOMENTS)}


def _stood(implementation: Implementation) -> list[dict[str, Any]]:
    return [_values(s, {"id", "since"}) for s in implementation.standings.all()]


def _edited(implementation: Implementation) -> list[Any]:
    """The edits of it and of its recommendation as they were when it was complete."""
    ref = implementation.recommendation.ref
    found = []
    for key in (ref, implementation.key):
        snapshot = Edit.objects.filter(key=key).order_by("-sequence")[0].snapshot or {}
        differ = {"ref": "", "number": 0, "recommendation": ""}
        found.append({**snapshot, **{k: v for k, v in differ.items() if k in snapshot}})
    return found


def test_what_was_imported_is_whole(tmp_path: Path, editor: User) -> None:
    brought_in(kept(tmp_path, [HEADER, ROW, OTHER]), editor)
    whole()
    assert FollowUp.objects.get().channel == Channel.IMPORT
    assert set(Edit.objects.values_list("channel", flat=True)) == {Channel.IMPORT}


def test_what_was_imported_is_found_by_its_words(
    tmp_path: Path, client: Client, editor: User
) -> None:
    brought_in(kept(tmp_path, [HEADER, ROW, OTHER]), editor)
    for words, ref in (("adopt", "som-12-1"), ("bill", "som-12-1"), ("judges", "som-12-2")):
        page = client.get(f"/en/recommendations/?q={words}").content.decode()
        assert re.findall(r"/recommendations/(som-12-\d)/", page)[:1] == [ref]
    assert list(search.reindex(is_check=True)) == []


def test_what_was_imported_is_known_to_be_alike(tmp_path: Path, editor: User) -> None:
    brought_in(kept(tmp_path, [HEADER, ROW, OTHER]), editor)
    assert similar.reindex(check=True) == (2, 0)


def test_it_goes_on_a_history_that_is_there(tmp_path: Path, editor: User) -> None:
    there = factories.make_implementation(factories.make_recommendation(1))
    factories.record(there, editor, [ORIGIN], status="not_started")
    header, row = ["Number", *HEADER[2:]], ["1", *ROW[2:]]
    later = ["1", "ML", "", "implemented", "Adopted.", f"{ORIGIN} {ORIGIN}/2", "2026-03-01"]
    rows = [header, [*row[:2], "", *row[3:]], later]
    assert brought_in(kept(tmp_path, rows), editor).entries == 2
    whole()
    there.refresh_from_db()
    stands = (there.status, there.entry_count, there.source_count, there.head_sequence)
    assert stands == ("implemented", 3, 2, 3)


def test_positions_are_kept_as_notes(tmp_path: Path, editor: User) -> None:
    rows = [["Reference", "Text", "State", "Position"], ["1", "a", "ML", "Supported"]]
    brought_in(kept(tmp_path, rows), editor)
    entry = FollowUp.objects.get()
    assert "Supported" in entry.note
    assert (entry.status, entry.language) == ("", "fr")


def test_numbers_are_the_next_free_ones(tmp_path: Path, editor: User) -> None:
    factories.make_recommendation(4)
    header = ["Reference", "Number", "Text", "State"]
    rows = [header, ["a.1", "", "a", "ML"], ["b", "9", "b", "ML"], ["2024001", "", "c", "ML"]]
    brought_in(kept(tmp_path, rows), editor)
    found = dict(Recommendation.objects.values_list("ref", "number"))
    assert found == {"som-12-4": 4, "som-12-a-1": 10, "som-12-b": 9, "som-12-2024001": 11}


def test_only_editors_import(tmp_path: Path, contributor: User) -> None:
    with pytest.raises(NotAllowed):
        brought_in(kept(tmp_path, [HEADER, ROW]), contributor)
    assert Recommendation.objects.count() == 0


def test_one_new_recommendation_is_carried_out_by_several_states(
    tmp_path: Path, editor: User
) -> None:
    rows = [[*ROW[:2], state, *ROW[3:]] for state in ("ML", "NE", "BF")]
    done = brought_in(kept(tmp_path, [HEADER, *rows]), editor)
    assert (done.recommendations, done.implementations, done.entries) == (1, 3, 3)
    assert Recommendation.objects.get().origin.url == ORIGIN
    whole()


# --- Once, and all or nothing


def test_the_same_file_again_doubles_nothing(
    tmp_path: Path, editor: User, administrator: User
) -> None:
    path = kept(tmp_path, [HEADER, ROW, OTHER])
    brought_in(path, editor)
    before = counts()
    for by in (editor, administrator):  # whoever sends it
        again = brought_in(path, by)
        assert (again.rows, again.recommendations, again.implementations, again.entries) == (
            2,
            0,
            0,
            0,
        )
    assert counts() == before


def test_a_status_that_stands_is_not_recorded_again(tmp_path: Path, editor: User) -> None:
    there = factories.make_implementation(factories.make_recommendation(1))
    factories.record(there, editor, [ORIGIN], status="implemented")
    rows = [["Number", "State", "Status", "Sources"], ["1", "ML", "implemented", ORIGIN]]
    assert brought_in(kept(tmp_path, rows), editor).entries == 0


def steps_of(path: Path, by: User) -> Iterator[Any]:
    known = Table(path, guess(headers_in(path)), GIVEN)
    return import_rows(by=by, chunks=Reading(known, by).fit, meetings=[], total=2)


def test_whoever_stops_before_the_end_undoes_all(tmp_path: Path, editor: User) -> None:
    before = counts()
    steps = steps_of(kept(tmp_path, [HEADER, ROW, OTHER]), editor)
    while not next(steps).total:
        pass
    assert Recommendation.objects.count() == 2
    steps.close()  # type: ignore[attr-defined]
    assert counts() == before


def test_a_row_that_is_broken_by_then_undoes_all(
    tmp_path: Path, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.imports.table.CHUNK", 1)
    before = counts()
    with pytest.raises(Invalid, match="3"):
        list(steps_of(kept(tmp_path, [HEADER, ROW, [*OTHER[:4], "unheard-of"]]), editor))
    assert counts() == before


def test_sources_that_are_missing_by_then_are_made(
    tmp_path: Path, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = imports._make_sources

    def late(_urls: Collection[str]) -> None:
        monkeypatch.setattr(imports, "_make_sources", make)

    monkeypatch.setattr(imports, "_make_sources", late)
    list(steps_of(kept(tmp_path, [HEADER, ROW]), editor))
    assert FollowUp.objects.get().citations.get().source.url == ORIGIN


def test_a_source_that_somebody_else_makes_meanwhile_is_theirs(
    tmp_path: Path, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(queryset: SourceQuerySet, sources: list[Source]) -> list[Source]:
        factories.make_source(ORIGIN)
        return QuerySet.bulk_create(queryset, sources)

    monkeypatch.setattr(SourceQuerySet, "bulk_create", late, raising=False)
    list(steps_of(kept(tmp_path, [HEADER, [*ROW[:6], f"{ORIGIN} {ORIGIN}/2", ROW[7]]]), editor))
    assert FollowUp.objects.get().citations.count() == 2
    assert Source.objects.filter(url__startswith=ORIGIN).count() == 2


def test_somebody_else_was_first(
    tmp_path: Path, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    just_before(monkeypatch, imports._Step, "_recommend", lambda: factories.make_recommendation(1))
    with pytest.raises(Invalid):
        list(steps_of(kept(tmp_path, [HEADER, ROW]), editor))
    assert Recommendation.objects.count() == 0


# --- Our own list comes back


def exported(client: Client, path: str = "/recommendations.csv") -> bytes:
    return b"".join(client.get(path).streaming_content)  # type: ignore[attr-defined]


COMPARED = [
    *("reference", "state", "meeting", "number", "themes", "text", "paragraph", "origin"),
    *("language", "stage", "status", "status_since", "status_basis", "status_organization"),
    *("status_sources", "reported_status", "verified_status"),
]


def compared(file: bytes) -> list[list[str]]:
    rows = csv.DictReader(io.StringIO(file.decode("utf-8-sig")))
    return [[row[name] for name in COMPARED] for row in rows]


@pytest.fixture
def told(seeded: None, editor: User, contributor: User, newspaper: Organization) -> None:
    """Six recommendations; one reported, one verified by a newspaper, one by nobody in particular; one theme
    has all the signs in it that part themes."""
    theme = Theme.objects.order_by("pk")[0]
    theme.name_fr = theme.name_en = 'Law; order | "peace" · seas'
    save_record(by=editor, record=theme)
    first, second, third = Implementation.objects.order_by("pk")[:3]
    factories.record(first, contributor, [ORIGIN, f"{ORIGIN}/2"], status="in_progress")
    factories.record(second, editor, [ORIGIN], status="implemented", organization=newspaper)
    factories.record(third, editor, [ORIGIN], status="not_started", organization=None)


def test_our_own_list_changes_nothing_when_it_comes_back(
    tmp_path: Path, client: Client, told: None, editor: User
) -> None:
    path = tmp_path / "recommendations.csv"
    path.write_bytes(exported(client))
    before = counts()
    again = brought_in(path, editor, Given())
    assert (again.rows, again.entries) == (6, 0)
    assert counts() == before


def test_our_own_list_restores_an_empty_site(
    tmp_path: Path, client: Client, told: None, request: pytest.FixtureRequest
) -> None:
    path = tmp_path / "recommendations.csv"
    path.write_bytes(exported(client))
    with transaction.atomic():
        _empty()
        factories.make_meeting(12)
        editor = factories.make_user("editor", username="new")
        assert brought_in(path, editor, Given()).recommendations == 6
        assert compared(exported(client)) == compared(path.read_bytes())
        whole()
        transaction.set_rollback(True)


def _empty() -> None:
    """A site before anything was recorded; triggers stay away until the rollback."""
    tables = [m._meta.db_table for m in (FollowUp, Recommendation, Implementation, Edit)]
    factories.drop_triggers()
    from django.apps import apps

    names = [m._meta.db_table for m in apps.get_app_config("tracker").get_models(True)]
    assert set(tables) <= set(names)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(names)} CASCADE")
            return
        cursor.execute("PRAGMA defer_foreign_keys = ON")
        for name in names:
            cursor.execute(f"DELETE FROM {name}")  # noqa: S608 - our own names


# --- Long tables

A_ROW = 2048
"""Bytes that may stay of each row: 200 MB of 100,000 rows."""


def test_queries_do_not_grow_with_the_rows(tmp_path: Path, editor: User) -> None:
    found = []
    for number, rows in ((12, 20), (13, 120)):
        factories.make_meeting(number)
        given = replace(GIVEN, meeting=f"som-{number}")
        path = kept(tmp_path, [HEADERS, *table(rows, seed=1)])
        with CaptureQueriesContext(
            connection,
        ) as queries:
            brought_in(path, editor, given)
        # Drivers take so many parameters at a time: only then does a statement become several.
        kinds = {q["sql"].split(" ")[0] for q in queries}
        found.append(sum(q["sql"].startswith("SELECT") for q in queries))
        assert "INSERT" in kinds
    themes = Theme.objects.count()
    assert abs(found[1] - found[0]) <= 3 * themes


def test_memory_does_not_grow_with_the_rows(
    tmp_path: Path, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for size in ("imports.table.CHUNK", "actions.ledger.CHUNK", "actions.ledger.PART"):
        monkeypatch.setattr(f"tracker.{size}", 20)
    kept_of = []
    for number, rows in ((11, 100), (12, 40), (13, 100)):  # the first fills what is cached for good
        factories.make_meeting(number)
        path = kept(tmp_path, [HEADERS, *table(rows, seed=1)])
        given = replace(GIVEN, meeting=f"som-{number}")
        reading = Reading(Table(path, guess(HEADERS), given), editor)
        gc.collect()
        tracemalloc.start()
        most = 0
        for _step in import_rows(by=editor, chunks=reading.fit, meetings=[], total=rows):
            gc.collect()
            most = max(most, tracemalloc.get_traced_memory()[0])
        kept_of.append(most)
        tracemalloc.stop()
    assert kept_of[2] - kept_of[1] < 60 * A_ROW


# --- The command


def run(path: Path, *options: str) -> str:
    out, err = io.StringIO(), io.StringIO()
    given = ["--by", "sofia", "--meeting", "som-12", "--origin", ORIGIN, *options]
    call_command("import_table", str(path), *given, stdout=out, stderr=err)
    return out.getvalue()


def test_the_command_imports(tmp_path: Path, editor: User) -> None:
    run(kept(tmp_path, [HEADER, ROW, OTHER]), "--language", "en")
    assert Recommendation.objects.count() == 2


def test_the_command_knows_a_state_by_its_name(tmp_path: Path, editor: User) -> None:
    run(kept(tmp_path, [HEADER[:2], ROW[:2]]), "--state", "République du Sénégal")
    assert set(Implementation.objects.values_list("state", flat=True)) == {"SN"}


def test_the_command_refuses_a_state_that_it_would_have_to_guess(
    tmp_path: Path, editor: User
) -> None:
    with pytest.raises(CommandError, match="Republic of Korea"), translation.override("en"):
        run(kept(tmp_path, [HEADER[:2], ROW[:2]]), "--state", "Korea")


def test_a_dry_run_writes_nothing(tmp_path: Path, editor: User) -> None:
    run(kept(tmp_path, [HEADER, ROW, OTHER]), "--dry-run")
    assert Recommendation.objects.count() == 0


def test_broken_rows_stop_it_until_they_are_left_out(tmp_path: Path, editor: User) -> None:
    path = kept(tmp_path, [HEADER, ROW, [*OTHER[:2], "Atlantide", *OTHER[3:]]])
    with pytest.raises(CommandError) as refused:
        run(path)
    assert refused.value.returncode == 2
    assert Recommendation.objects.count() == 0
    rejected = tmp_path / "rejected.csv"
    run(path, "--skip-broken", "--rejected", str(rejected))
    assert Recommendation.objects.count() == 1
    _header, row = csv.reader(io.StringIO(rejected.read_text("utf-8-sig")))
    assert row[:3] == ["2", "Train judges", "Atlantide"]
    assert "Atlantide" in row[-2]
    assert row[-1] == "3"


@pytest.mark.parametrize(
    "options",
    [
        ["--by", "nobody"],
        ["--by", "awa"],
        ["--meeting", "som-99"],
        ["--language", "klingon"],
        ["--state", "Atlantide"],
    ],
)
def test_bad_options_are_refused(
    tmp_path: Path, editor: User, contributor: User, options: list[str]
) -> None:
    with pytest.raises(CommandError) as refused:
        run(kept(tmp_path, [HEADER, ROW]), *options)
    assert refused.value.returncode == 2


def test_a_file_that_is_not_there_is_refused(tmp_path: Path, editor: User) -> None:
    with pytest.raises(CommandError) as refused:
        run(tmp_path / "nowhere.csv")
    assert refused.value.returncode == 2


def test_a_command_that_has_to_wait_for_too_long_says_so(
    tmp_path: Path, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(monkeypatch, "tracker.actions.imports._lock")
    with pytest.raises(CommandError, match="Quelqu’un d’autre") as refused:
        run(kept(tmp_path, [HEADER, ROW]))
    assert refused.value.returncode == 2
