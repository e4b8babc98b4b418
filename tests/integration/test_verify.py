"""Whoever changes the history behind the triggers' back is found out, entry by entry."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import connection

from tests import cast
from tests.factories import amend, entries_of, make_implementation, make_source, record, retract
from tracker.actions.sources import CitedSource
from tracker.history.digest import chained, content_of, sha256
from tracker.history.verify import Fault, first_fault
from tracker.models import Citation, FollowUp, Implementation, Organization, Source, User

pytestmark = pytest.mark.usefixtures("without_triggers")
URL = "https://example.org/decret"
SEALED = "its content is not what was sealed"
FOLLOWS = "does not follow the entry before it"
PLACE = "is missing, or out of order"


@pytest.fixture(scope="module")
def history(shared_by_module: None) -> list[int]:
    """A status, a note, an amendment of the first, a note with sources, its retraction."""
    implementation, contributor, editor = cast.implementation(), cast.contributor(), cast.editor()
    first = record(implementation, contributor, status="in_progress")
    second = record(implementation, editor, note="Un atelier")
    day = dt.date(2026, 1, 2)
    third = amend(
        first, contributor, [URL], status="not_started", note="Un projet", happened_on=day
    )
    said = CitedSource(URL, "Décret", "Journal officiel", dt.date(2026, 1, 2))
    fourth = record(implementation, editor, [said, f"{URL}/2"], note="Un décret")
    return [entry.pk for entry in (first, second, third, fourth, retract(fourth, editor))]


@pytest.fixture
def chain(history: list[int], db: None) -> list[FollowUp]:
    return entries_of(history)


def fault() -> Fault | None:
    implementation = Implementation.objects.select_related("recommendation").order_by("pk")[0]
    history = FollowUp.objects.filter(implementation=implementation).with_details()
    return first_fault(implementation, list(history.order_by("sequence")))


def check(sequence: int, what: str) -> None:
    assert fault() == Fault("som-12-1:ML", sequence, what)


def rows(entry: FollowUp) -> Any:
    return FollowUp.objects.filter(pk=entry.pk)


@pytest.mark.usefixtures("chain")
def test_a_history_that_nobody_touched_is_whole() -> None:
    assert fault() is None


@pytest.mark.usefixtures("implementation")
def test_an_empty_history_is_whole() -> None:
    assert fault() is None


def test_a_fault_says_where_it_is() -> None:
    assert str(Fault("som-12-1:ML", 3, SEALED)) == f"som-12-1:ML entry 3: {SEALED}"


# --- Each column of the third entry ---------------------------------------------------------------

CHANGED: dict[str, object] = {
    "reason": "Une autre raison",
    "status": "implemented",
    "basis": "verified",
    "note": "Un autre projet",
    "language": "en",
    "happened_on": dt.date(2026, 1, 1),
    "citation_count": 2,
    "visibility": "internal",
    "organization_as": "Gouvernement du Niger",
    "recorded_at": dt.datetime(2030, 1, 1, tzinfo=dt.UTC),
    "recorded_as": "Personne",
    "channel": "admin",
    "submission": uuid.UUID(int=5),
    "salt": "0" * 32,
    "content_digest": "0" * 64,
    "previous_digest": "0" * 64,
    "digest": "0" * 64,
}
REDACTED = {"redacts", "is_redacted"}
"""See also ``test_ledger`` and ``test_redact``."""
BY_HAND = {"id", "implementation", "sequence", "kind", "target", "organization", "recorded_by"}


@pytest.mark.parametrize("column", CHANGED)
def test_a_changed_column(chain: list[FollowUp], column: str) -> None:
    rows(chain[2]).update(**{column: CHANGED[column]})
    words = {"previous_digest": FOLLOWS, "digest": "its digest is not that of its content"}
    check(3, words.get(column, SEALED))


def test_who_said_it_is_changed(
    chain: list[FollowUp], editor: User, newspaper: Organization
) -> None:
    rows(chain[2]).update(recorded_by=editor)
    check(3, SEALED)
    rows(chain[1]).update(organization=newspaper)
    check(2, SEALED)


def test_what_it_corrects_is_changed(chain: list[FollowUp]) -> None:
    rows(chain[2]).update(target=chain[1])
    check(3, SEALED)


def test_it_is_made_to_correct_another_history(chain: list[FollowUp]) -> None:
    rows(chain[2]).update(target=record(make_implementation()))
    check(3, "corrects an entry of another history")


def test_an_amendment_is_made_a_follow_up(chain: list[FollowUp]) -> None:
    rows(chain[2]).update(kind="follow_up", target=None, reason="")
    check(3, SEALED)


def test_no_column_is_forgotten() -> None:
    columns = {field.name for field in FollowUp._meta.concrete_fields}
    assert columns == {*CHANGED, *BY_HAND, *REDACTED}


def test_words_are_gone_and_nobody_says_so(chain: list[FollowUp]) -> None:
    rows(chain[1]).update(is_redacted=True, note="", salt="")
    check(2, "its words are gone, and no later entry redacts it")


def test_an_amendment_is_made_to_redact(chain: list[FollowUp]) -> None:
    """No constraint lets it: here it is told to whoever reads entries that are no rows."""
    entries = [*FollowUp.objects.with_details().order_by("sequence")]
    entries[2].target_id, entries[2].redacts_id = None, entries[1].pk
    implementation = Implementation.objects.select_related("recommendation").order_by("pk")[0]
    said = Fault("som-12-1:ML", 3, "corrects and redacts at once")
    assert first_fault(implementation, entries) == said


def test_an_entry_is_dated_before_the_one_before_it(chain: list[FollowUp]) -> None:
    """By somebody who seals again all that follows; an older version's clock may have been set back."""
    entries = [*FollowUp.objects.with_details().order_by("sequence")]
    last = entries[-1]
    last.recorded_at = entries[-2].recorded_at - dt.timedelta(seconds=1)
    seal(last, entries[-2].digest)
    last.implementation.head_digest = last.digest
    said = Fault("som-12-1:ML", 5, "is dated before the entry before it")
    assert first_fault(last.implementation, entries, entries[0].recorded_at) == said
    assert first_fault(last.implementation, entries, last.recorded_at + dt.timedelta(1)) is None
    assert first_fault(last.implementation, entries) is None


# --- What it cites --------------------------------------------------------------------------------


def citations(chain: list[FollowUp]) -> Any:
    return Citation.objects.filter(followup=chain[3])


CITED: dict[str, object] = {
    "quotation": "« Rien »",
    "title": "Un autre décret",
    "publisher": "Un autre journal",
    "published_on": dt.date(2026, 1, 1),
    "position": 9,
}


@pytest.mark.parametrize("column", CITED)
@pytest.mark.parametrize("position", [1, 2])
def test_a_changed_column_of_a_citation(chain: list[FollowUp], column: str, position: int) -> None:
    """The first was described as it was cited, the second was not."""
    assert citations(chain).filter(position=position).update(**{column: CITED[column]}) == 1
    check(4, SEALED)


@pytest.mark.parametrize(
    ("column", "blank"), [("title", ""), ("publisher", ""), ("published_on", None)]
)
def test_what_was_said_of_a_source_is_blanked(
    chain: list[FollowUp], column: str, blank: str | None
) -> None:
    assert citations(chain).filter(position=1).update(**{column: blank}) == 1
    check(4, SEALED)


def test_no_column_of_a_citation_is_forgotten() -> None:
    columns = {field.name for field in Citation._meta.concrete_fields}
    assert columns == {*CITED, "id", "followup", "source"}


def test_what_the_record_says_of_a_source_is_not_sealed(chain: list[FollowUp]) -> None:
    Source.objects.update(title="Un autre décret", publisher="", published_on=None)
    assert fault() is None


def test_an_organization_that_is_renamed_is_no_fault(chain: list[FollowUp]) -> None:
    Organization.objects.update(name_fr="Gouvernement du Niger")
    assert fault() is None


def test_another_source_is_cited(chain: list[FollowUp]) -> None:
    citations(chain).filter(position=2).update(source=make_source(f"{URL}/3"))
    check(4, SEALED)


def test_a_source_moves_to_another_address(chain: list[FollowUp]) -> None:
    Source.objects.filter(url=f"{URL}/2").update(url=f"{URL}/3")
    check(4, SEALED)


def test_citations_change_places(chain: list[FollowUp]) -> None:
    for before, after in ((1, 9), (2, 1), (9, 2)):
        citations(chain).filter(position=before).update(position=after)
    check(4, SEALED)


def test_a_citation_is_dropped(chain: list[FollowUp]) -> None:
    citations(chain).filter(position=2)._raw_delete(using="default")
    check(4, SEALED)


def test_a_citation_is_added(chain: list[FollowUp]) -> None:
    Citation.objects.create(followup=chain[1], source=make_source(), position=1)
    check(2, SEALED)


# --- The chain ------------------------------------------------------------------------------------


def drop(entry: FollowUp) -> None:
    """Take it away, and whatever points to it."""
    derived = [f.name for f in Implementation._meta.fields if f.name.endswith("_entry")]
    nothing = {"status_since": None, "reported_status": "", "verified_status": ""}
    Implementation.objects.update(**dict.fromkeys(derived), status="no_information", **nothing)
    entry.implementation.standings.all().delete()
    Citation.objects.filter(followup=entry)._raw_delete(using="default")
    rows(entry)._raw_delete(using="default")


def test_an_entry_is_dropped(chain: list[FollowUp]) -> None:
    drop(chain[1])
    check(2, PLACE)


def test_the_last_entry_is_dropped(chain: list[FollowUp]) -> None:
    drop(chain[4])
    check(4, "is not the last one that was recorded")


def test_all_entries_are_dropped(chain: list[FollowUp]) -> None:
    for entry in reversed(chain):
        drop(entry)
    check(0, "is not the last one that was recorded")


def test_two_entries_change_places(chain: list[FollowUp]) -> None:
    for pk, sequence in ((chain[1].pk, 99), (chain[2].pk, 2), (chain[1].pk, 3)):
        FollowUp.objects.filter(pk=pk).update(sequence=sequence)
    check(2, SEALED)


def test_an_entry_moves_to_another_history(chain: list[FollowUp]) -> None:
    rows(chain[4]).update(implementation=make_implementation())
    check(4, "is not the last one that was recorded")


def seal(entry: FollowUp, previous: str) -> None:
    """As the actions do, by somebody who knows how."""
    target = entry.target.sequence if entry.target else None
    cited = list(entry.citations.all()) if entry.pk else []
    entry.content_digest = sha256(content_of(entry, "som-12-1:ML", target, cited))
    entry.previous_digest = previous
    entry.digest = chained("som-12-1:ML", entry.sequence, previous, entry.content_digest)
    entry.save()


def test_an_entry_is_appended_with_digests_that_fit(chain: list[FollowUp]) -> None:
    forged, last = FollowUp.objects.get(pk=chain[1].pk), chain[4]
    forged.pk, forged.sequence, forged.submission = None, 6, uuid.uuid4()
    forged._state.adding = True
    seal(forged, last.digest)
    check(6, "is not the last one that was recorded")


def test_an_entry_is_changed_and_sealed_again(chain: list[FollowUp]) -> None:
    second = FollowUp.objects.get(pk=chain[1].pk)
    second.note = "Un autre atelier"
    seal(second, chain[0].digest)
    check(3, FOLLOWS)


def test_all_is_sealed_again_from_the_change_on(chain: list[FollowUp]) -> None:
    previous = chain[0].digest
    for entry in FollowUp.objects.with_details().order_by("sequence")[1:]:
        entry.note = entry.note.replace("atelier", "décret")
        seal(entry, previous)
        previous = entry.digest
    check(5, "is not the last one that was recorded")


def test_the_name_of_the_implementation_is_changed(chain: list[FollowUp]) -> None:
    recommendation = chain[0].implementation.recommendation
    recommendation.__class__.objects.update(ref="som-12-9")
    assert fault() == Fault("som-12-9:ML", 1, SEALED)


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL keeps text alone in a column of text"
)
def test_bytes_in_place_of_text_are_a_fault(chain: list[FollowUp]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tracker_followup SET note = x'ff00' WHERE id = %s", [chain[1].pk])
    check(2, SEALED)
