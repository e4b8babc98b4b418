"""Nothing recorded is rewritten: the database itself refuses, whoever asks."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from tests.factories import (
    amend,
    make_implementation,
    make_recommendation,
    make_source,
    make_state,
    record,
    retract,
    triggers_in_place,
)
from tracker.models import (
    Citation,
    Edit,
    FollowUp,
    Implementation,
    Recommendation,
    Root,
    Source,
    User,
    triggers,
)

pytestmark = pytest.mark.usefixtures("shared_cast")

sqlite_only = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="only SQLite has this")
postgresql_only = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="only PostgreSQL")
KEPT = [FollowUp, Citation, Edit, Root]
WORDS = {FollowUp: "note", Citation: "quotation", Edit: "folded", Root: "digest"}
URL = "https://example.org/decret"


@pytest.fixture
def entry(implementation: Implementation, editor: User) -> FollowUp:
    return record(implementation, editor, note="Un décret est signé", sources=[URL])


def refused(by: str, attempt: Callable[[], Any]) -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        attempt()
    assert by in str(error.value)


def run(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


# --- Changed or removed ---------------------------------------------------------------------------


@pytest.mark.parametrize("model", KEPT)
def test_no_update(entry: FollowUp, model: type[models.Model]) -> None:
    column = WORDS[model]
    rows = model._default_manager.all()
    table = model._meta.db_table
    refused(f"{table}_refuses_update", lambda: rows.update(**{column: models.F(column)}))
    refused(f"{table}_refuses_update", lambda: run(f"UPDATE {table} SET {column} = {column}"))  # noqa: S608


@pytest.mark.parametrize("model", KEPT)
def test_no_delete(entry: FollowUp, model: type[models.Model]) -> None:
    rows: Any = model._default_manager.all()
    table = model._meta.db_table
    refused(f"{table}_refuses_delete", lambda: rows._raw_delete(using="default"))
    refused(f"{table}_refuses_delete", lambda: run(f"DELETE FROM {table}"))  # noqa: S608


def test_an_entry_is_not_saved_again(entry: FollowUp) -> None:
    entry.note = "Rien n’est signé"
    refused("tracker_followup_refuses_update", entry.save)


def test_a_citation_is_not_deleted(entry: FollowUp) -> None:
    refused("tracker_citation_refuses_delete", entry.citations.get().delete)


@postgresql_only
@pytest.mark.parametrize("model", KEPT)
def test_no_truncate(entry: FollowUp, model: type[models.Model]) -> None:
    table = model._meta.db_table
    run("SET CONSTRAINTS ALL IMMEDIATE")
    refused("_refuses_truncate", lambda: run(f"TRUNCATE {table} CASCADE"))


# --- Replaced: SQLite deletes what is in the way without asking triggers, if it was told not to ---


@pytest.fixture(params=[True, False], ids=["our settings", "another client"])
def recursive_triggers(request: pytest.FixtureRequest, db: None) -> Any:
    """Our settings ask the triggers; another client of the same file need not."""
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite has INSERT OR REPLACE")
    run(f"PRAGMA recursive_triggers = {'ON' if request.param else 'OFF'}")
    yield
    run("PRAGMA recursive_triggers = ON")


def replace(model: type[models.Model], pk: int, **changed: object) -> None:
    """The same row, but for some columns, put in the place of whatever is in its way."""
    columns = [str(field.column) for field in model._meta.concrete_fields]
    values = ", ".join("%s" if column in changed else column for column in columns)
    table, names = model._meta.db_table, ", ".join(columns)
    given = [changed[column] for column in columns if column in changed]
    insert = f"INSERT OR REPLACE INTO {table} ({names})"
    run(f"{insert} SELECT {values} FROM {table} WHERE id = {pk}", *given)  # noqa: S608


def next_one(entry: FollowUp) -> dict[str, object]:
    """What continues the chain after that entry."""
    return {"sequence": entry.sequence + 1, "previous_digest": entry.digest}


@pytest.mark.usefixtures("recursive_triggers")
def test_no_entry_is_replaced(entry: FollowUp) -> None:
    pk, new = entry.pk, {"id": entry.pk + 1, "digest": "0" * 64}
    refused("followup_continues_its_chain", lambda: replace(FollowUp, pk))
    refused("followup_continues_its_chain", lambda: replace(FollowUp, pk, note="Rien", **new))
    same = {"digest": entry.digest, "submission": uuid.uuid4().hex, **next_one(entry)}
    refused("followup_continues_its_chain", lambda: replace(FollowUp, pk, id=pk + 1, **same))


@pytest.mark.usefixtures("recursive_triggers")
def test_no_entry_is_replaced_by_one_of_the_same_submission(entry: FollowUp) -> None:
    later = {"id": entry.pk + 1, "digest": "0" * 64, **next_one(entry)}
    with pytest.raises(IntegrityError), transaction.atomic():
        replace(FollowUp, entry.pk, **later)
    assert FollowUp.objects.get() == entry


@pytest.mark.usefixtures("recursive_triggers")
def test_no_seeded_entry_is_replaced_by_one_of_the_same_submission(
    implementation: Implementation,
) -> None:
    seeded = record(implementation)
    later = {"id": seeded.pk + 1, "digest": "0" * 64, **next_one(seeded)}
    with pytest.raises(IntegrityError), transaction.atomic():
        replace(FollowUp, seeded.pk, **later)
    assert FollowUp.objects.get() == seeded


@pytest.mark.usefixtures("recursive_triggers")
def test_no_correction_is_replaced(entry: FollowUp, editor: User) -> None:
    first = amend(entry, editor)
    new = {"id": first.pk + 1, "digest": "0" * 64, "submission": uuid.uuid4().hex}
    refused(
        "followup_corrected_once", lambda: replace(FollowUp, first.pk, **new, **next_one(first))
    )


@pytest.mark.usefixtures("recursive_triggers")
def test_no_citation_is_replaced(entry: FollowUp) -> None:
    citation, other = entry.citations.get(), make_source("https://example.org/autre")
    sealed = "citation_was_sealed_with_its_entry"
    refused(sealed, lambda: replace(Citation, citation.pk, quotation="« Rien »"))
    refused(sealed, lambda: replace(Citation, citation.pk, id=citation.pk + 1, source_id=other.pk))


@pytest.mark.usefixtures("recursive_triggers")
def test_what_is_permanent_is_not_replaced_either(entry: FollowUp) -> None:
    source = entry.citations.get().source
    with pytest.raises(IntegrityError), transaction.atomic():
        replace(Source, source.pk, url="https://example.org/faux")
    source.refresh_from_db()
    assert source.url == URL


# --- Added where it does not belong ---------------------------------------------------------------


def forged(after: FollowUp, **fields: Any) -> FollowUp:
    """An entry that would follow that one."""
    said: dict[str, Any] = {
        "implementation": after.implementation,
        "note": "Un atelier",
        "language": "fr",
        "recorded_at": timezone.now(),
        "recorded_by": after.recorded_by,
        "channel": "site",
        "submission": uuid.uuid4(),
        "salt": "0" * 32,
        "content_digest": "1" * 64,
        "digest": "2" * 64,
        **next_one(after),
    }
    return FollowUp(**{**said, **fields})


def test_an_entry_that_continues_the_chain_is_taken(entry: FollowUp) -> None:
    forged(entry).save()
    assert FollowUp.objects.count() == 2


@pytest.mark.parametrize(
    "broken",
    [
        {"sequence": 3},
        {"sequence": 0},
        {"sequence": 1, "previous_digest": ""},
        {"previous_digest": "3" * 64},
        {"previous_digest": ""},
    ],
)
def test_the_chain_is_not_broken(entry: FollowUp, broken: dict[str, Any]) -> None:
    refused("followup_continues_its_chain", forged(entry, **broken).save)


def test_no_first_entry_continues_another_history(entry: FollowUp) -> None:
    other = make_implementation()
    refused("followup_continues_its_chain", forged(entry, implementation=other, sequence=1).save)


def test_an_entry_of_another_history_is_not_corrected(entry: FollowUp, editor: User) -> None:
    other = record(make_implementation(), editor)
    bad = forged(entry, kind="amendment", target=other, reason="R")
    refused("followup_corrects_in_its_history", bad.save)


def test_a_correction_is_as_visible_as_what_it_corrects(entry: FollowUp) -> None:
    bad = forged(entry, kind="amendment", target=entry, reason="R", visibility="internal")
    refused("followup_corrects_in_its_history", bad.save)


def test_a_retraction_is_not_corrected(entry: FollowUp, editor: User) -> None:
    gone = retract(entry, editor)
    bad = forged(gone, kind="amendment", target=gone, reason="R")
    refused("followup_corrects_in_its_history", bad.save)


def test_an_entry_is_corrected_once(entry: FollowUp, editor: User) -> None:
    first = amend(entry, editor)
    bad = forged(first, kind="amendment", target=entry, reason="R")
    refused("followup_corrected_once", bad.save)


def test_no_citation_is_added_later(entry: FollowUp) -> None:
    late = Citation(followup=entry, source=make_source(), position=2)
    refused("citation_was_sealed_with_its_entry", late.save)


# --- Redacted: by a redaction in the chain, and nothing else with it ------------------------------


def redacted_in_chain(entry: FollowUp) -> FollowUp:
    """A later entry that says so; the words are still there."""
    said = forged(entry, kind="redaction", redacts=entry, reason="Un jugement", note="")
    said.save()
    return said


BLANK: dict[str, Any] = {"note": "", "reason": "", "salt": "", "is_redacted": True}


def test_words_stay_without_a_redaction(entry: FollowUp) -> None:
    rows = FollowUp.objects.filter(pk=entry.pk)
    refused("tracker_followup_refuses_update", lambda: rows.update(**BLANK))


def test_words_go_after_a_redaction(entry: FollowUp) -> None:
    redacted_in_chain(entry)
    assert FollowUp.objects.filter(pk=entry.pk).update(**BLANK, recorded_as="") == 1


@pytest.mark.parametrize(
    "more",
    [
        {"note": "Autre chose"},
        {"reason": "Autre chose"},
        {"salt": "1" * 32},
        {"is_redacted": False},
        {"recorded_as": "Personne"},
        {"status": "implemented", "basis": "verified"},
        {"happened_on": "2026-01-01"},
        {"visibility": "internal"},
        {"organization_as": "Personne"},
        {"recorded_at": "2026-01-01T00:00:00Z"},
        {"digest": "3" * 64},
        {"content_digest": "3" * 64},
        {"citation_count": 0},
        {"kind": "confirmation"},
        {"sequence": 5},
    ],
    ids=str,
)
def test_nothing_else_changes_with_a_redaction(entry: FollowUp, more: dict[str, Any]) -> None:
    redacted_in_chain(entry)
    rows = FollowUp.objects.filter(pk=entry.pk)
    refused("tracker_followup_refuses_update", lambda: rows.update(**{**BLANK, **more}))


def test_a_redaction_blanks_no_other_entry(entry: FollowUp, editor: User) -> None:
    other = record(entry.implementation, editor)
    redacted_in_chain(other).refresh_from_db()
    rows = FollowUp.objects.filter(pk=entry.pk)
    refused("tracker_followup_refuses_update", lambda: rows.update(**BLANK))


def test_a_citation_stays_until_its_entry_is_redacted(entry: FollowUp) -> None:
    citations: Any = Citation.objects.filter(followup=entry)
    redacted_in_chain(entry)
    refused("tracker_citation_refuses_delete", lambda: citations._raw_delete(using="default"))
    FollowUp.objects.filter(pk=entry.pk).update(**BLANK)
    assert citations._raw_delete(using="default") == 1


def test_an_entry_is_redacted_once(entry: FollowUp) -> None:
    first = redacted_in_chain(entry)
    new = {"digest": "4" * 64, "reason": "R", "note": ""}
    bad = forged(first, kind="redaction", redacts=entry, **new)
    refused("followup_corrected_once", bad.save)


def test_a_redaction_is_not_redacted(entry: FollowUp) -> None:
    first = redacted_in_chain(entry)
    new = {"digest": "4" * 64, "reason": "R", "note": ""}
    bad = forged(first, kind="redaction", redacts=first, **new)
    refused("followup_corrects_in_its_history", bad.save)


def test_a_redaction_is_of_the_same_history(entry: FollowUp, editor: User) -> None:
    other = record(make_implementation(), editor)
    bad = forged(entry, kind="redaction", redacts=other, reason="R", note="")
    refused("followup_corrects_in_its_history", bad.save)


def test_a_redaction_is_as_visible_as_what_it_redacts(entry: FollowUp) -> None:
    new = {"reason": "R", "note": "", "visibility": "internal"}
    bad = forged(entry, kind="redaction", redacts=entry, **new)
    refused("followup_corrects_in_its_history", bad.save)


def test_no_entry_is_redacted_from_the_start(entry: FollowUp) -> None:
    refused("followup_continues_its_chain", forged(entry, **BLANK).save)


# --- Edits of the record ------------------------------------------------------------------------


def forged_edit(**fields: Any) -> Edit:
    last = Edit.objects.order_by("-sequence")[0]
    said: dict[str, Any] = {
        "sequence": last.sequence + 1,
        "subject": "recommendation",
        "key": "som-12-1",
        "act": "changed",
        "snapshot": {"ref": "som-12-1"},
        "recorded_at": timezone.now(),
        "channel": "site",
        "salt": "0" * 32,
        "content_digest": "1" * 64,
        "previous_digest": last.digest,
        "digest": uuid.uuid4().hex * 2,
    }
    return Edit(**{**said, **fields})


def first_edit() -> Edit:
    return Edit.objects.filter(key="som-12-1").order_by("sequence")[0]


def redaction_of(edit: Edit, **fields: Any) -> Edit:
    said = {"act": "redaction", "snapshot": None, "redacts": edit, "reason": "Un jugement"}
    return forged_edit(**{**said, **fields})


def test_an_edit_that_continues_the_chain_is_taken(entry: FollowUp) -> None:
    before = Edit.objects.count()
    forged_edit().save()
    assert Edit.objects.count() == before + 1


@pytest.mark.parametrize(
    "broken",
    [
        {"sequence": 99},
        {"sequence": 1, "previous_digest": ""},
        {"previous_digest": "3" * 64},
        {"is_redacted": True, "snapshot": None, "salt": ""},
    ],
)
def test_the_chain_of_edits_is_not_broken(entry: FollowUp, broken: dict[str, Any]) -> None:
    refused("edit_continues_its_chain", forged_edit(**broken).save)


def test_a_redaction_of_an_edit_is_about_the_same_record(entry: FollowUp) -> None:
    other = redaction_of(first_edit(), key="som-12-1:ML")
    refused("edit_continues_its_chain", other.save)


def test_an_edit_is_redacted_once_and_its_redaction_never(entry: FollowUp) -> None:
    said = redaction_of(first_edit())
    said.save()
    refused("edit_continues_its_chain", redaction_of(first_edit()).save)
    refused("edit_continues_its_chain", redaction_of(said).save)


NO_SNAPSHOT: dict[str, Any] = {"snapshot": None, "folded": "", "salt": "", "is_redacted": True}


def test_what_an_edit_said_goes_after_a_redaction_alone(entry: FollowUp) -> None:
    rows = Edit.objects.filter(pk=first_edit().pk)
    refused("tracker_edit_refuses_update", lambda: rows.update(**NO_SNAPSHOT))
    redaction_of(first_edit()).save()
    assert rows.update(**NO_SNAPSHOT) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"snapshot": {"ref": "som-12-9"}},
        {"folded": "mots"},
        {"key": "som-12-9"},
        {"act": "removed"},
        {"recorded_as": "Personne"},
        {"recorded_at": "2026-01-01T00:00:00Z"},
        {"themes": " borders "},
        {"digest": "3" * 64},
    ],
    ids=str,
)
def test_nothing_else_of_an_edit_changes(entry: FollowUp, more: dict[str, Any]) -> None:
    redaction_of(first_edit()).save()
    rows = Edit.objects.filter(pk=first_edit().pk)
    refused("tracker_edit_refuses_update", lambda: rows.update(**{**NO_SNAPSHOT, **more}))


@pytest.mark.usefixtures("recursive_triggers")
def test_no_edit_and_no_digest_of_the_record_is_replaced(entry: FollowUp) -> None:
    edit, root = Edit.objects.all()[0], Root.objects.all()[0]
    refused("edit_continues_its_chain", lambda: replace(Edit, edit.pk, folded="mots"))
    refused("root_is_new", lambda: replace(Root, root.pk, digest="0" * 64))


# --- Permanent names ------------------------------------------------------------------------------


def test_a_reference_is_permanent(implementation: Implementation) -> None:
    rows = Recommendation.objects.all()
    refused("tracker_recommendation_ref_is_permanent", lambda: rows.update(ref="som-12-9"))
    assert rows.update(ref=models.F("ref"), text="La prévention") == 1


def test_what_an_implementation_carries_out_is_permanent(implementation: Implementation) -> None:
    other, niger = make_recommendation(), make_state("NE")
    rows = Implementation.objects.all()
    refused("_recommendation_id_is_permanent", lambda: rows.update(recommendation=other))
    refused("_state_id_is_permanent", lambda: rows.update(state=niger))


def test_the_address_of_a_source_is_permanent(entry: FollowUp) -> None:
    rows = Source.objects.filter(url=URL)
    refused("tracker_source_url_is_permanent", lambda: rows.update(url="https://example.org/x"))
    assert rows.update(title="Décret") == 1


def test_an_implementation_stays_while_it_has_a_history(
    entry: FollowUp, implementation: Implementation
) -> None:
    """Foreign keys say so too, but on SQLite only to clients that ask them."""
    empty = make_implementation()
    rows: Any = Implementation.objects.all()
    kept = rows.filter(pk=implementation.pk)
    refused("tracker_implementation_keeps_its_history", lambda: kept._raw_delete(using="default"))
    empty.documents.all().delete()  # derived: Django takes them along, SQL by itself does not
    assert rows.filter(pk=empty.pk)._raw_delete(using="default") == 1
    assert rows.get() == implementation


# --- They stay quick as the history grows ---------------------------------------------------------


@sqlite_only
@pytest.mark.parametrize("name", triggers.CHECKED_ON_INSERT)
def test_no_trigger_reads_the_whole_history(entry: FollowUp, name: str) -> None:
    """An entry costs as much after a million others: the plan finds rows by indexes alone."""
    table, condition = triggers.CHECKED_ON_INSERT[name]
    (model,) = (m for m in apps.get_models() if m._meta.db_table == table)
    new = ", ".join(f"NULL AS {field.column}" for field in model._meta.concrete_fields)
    asked = f"SELECT 1 FROM (SELECT {new}) AS NEW WHERE {condition}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {asked}")
        plan = [detail for _id, _parent, _unused, detail in cursor.fetchall()]
    assert [step for step in plan if step.startswith("SEARCH")]
    scanned = {step for step in plan if step.startswith("SCAN")}
    assert scanned == {"SCAN CONSTANT ROW", "SCAN NEW"}  # the one row that is added


# --- All of them are there ------------------------------------------------------------------------


@pytest.mark.django_db
def test_all_triggers_are_there_after_the_last_migration() -> None:
    more = {f"{table}_refuses_truncate" for table in triggers.APPEND_ONLY}
    expected = triggers.names() | (more if connection.vendor == "postgresql" else set())
    assert expected <= {name for name, _table in triggers_in_place()}


@pytest.mark.django_db
def test_installing_them_again_changes_nothing() -> None:
    before = triggers_in_place()
    triggers.install(connection)
    assert sorted(triggers_in_place()) == sorted(before)


@sqlite_only
def test_triggers_are_seen_to_be_missing(without_triggers: None) -> None:
    assert not triggers_in_place()
