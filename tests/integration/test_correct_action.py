"""Amending and retracting: a later entry with a reason; the original stays as it was."""

import datetime as dt
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import time_machine
from django.utils import translation

from tests.factories import URL, amend, cited, make_implementation, make_user, record, retract
from tracker.actions.followups import Recorded, amend_followup, retract_followup
from tracker.actions.sources import CitedSource
from tracker.actions.statements import REASON_LENGTH, Statement
from tracker.exceptions import AlreadyRecorded, Invalid, Meanwhile, NotAllowed
from tracker.models import FollowUp, Implementation, Organization, Source, User
from tracker.permissions import can_correct
from tracker.statuses import Basis, Channel, Kind, Role, Status, Visibility

pytestmark = pytest.mark.usefixtures("shared_cast")

INTERNAL = Visibility.INTERNAL


@pytest.fixture
def entry(implementation: Implementation, contributor: User) -> FollowUp:
    return record(implementation, contributor, [URL], status="in_progress", note="Un décret")


def send_amendment(entry: FollowUp, by: User, said: Statement, **more: Any) -> Recorded:
    given = {"reason": "Une coquille", "channel": Channel.SITE, **more}
    return amend_followup(by=by, entry=entry, statement=said, **given)


def send_retraction(entry: FollowUp, by: User, **more: Any) -> Recorded:
    given = {"reason": "Une erreur", "channel": Channel.SITE, **more}
    return retract_followup(by=by, entry=entry, **given)


# --- Who may, beyond the cast of test_record_action -----------------------------------------------


def test_a_contributor_corrects_what_their_organization_recorded_only(
    implementation: Implementation, editor: User, contributor: User, newspaper: Organization
) -> None:
    for other in (newspaper, None):
        entry = record(implementation, editor, organization=other)
        assert not can_correct(contributor, entry)
        with pytest.raises(NotAllowed):
            amend(entry, contributor, organization=contributor.organization)
        with pytest.raises(NotAllowed):
            retract(entry, contributor)
    assert FollowUp.objects.count() == 2


def test_a_contributor_corrects_what_an_editor_recorded_for_them(
    implementation: Implementation, editor: User, contributor: User
) -> None:
    entry = record(implementation, editor, organization=contributor.organization)
    assert amend(entry, contributor).recorded_by == contributor


def test_a_retraction_stays(entry: FollowUp, editor: User, contributor: User) -> None:
    gone = retract(entry, contributor)
    assert not can_correct(editor, gone)
    for correct in (amend, retract):
        with pytest.raises(NotAllowed):
            correct(gone, editor)


# --- What is refused ------------------------------------------------------------------------------

LONG = "a" * (REASON_LENGTH + 1)


@pytest.mark.parametrize("reason", ["", " \n", LONG])
@pytest.mark.parametrize("correct", [amend, retract])
def test_a_reason_is_needed(entry: FollowUp, editor: User, reason: str, correct: Any) -> None:
    with pytest.raises(Invalid) as refused:
        correct(entry, editor, reason=reason)
    assert list(refused.value.errors) == ["reason"]
    assert FollowUp.objects.count() == 1


@pytest.mark.parametrize("correct", [amend, retract])
@pytest.mark.parametrize("reason", ["a\x00b", "a\ud800b"])
def test_a_reason_is_text(entry: FollowUp, editor: User, reason: str, correct: Any) -> None:
    with pytest.raises(Invalid) as refused:
        correct(entry, editor, reason=reason)
    assert list(refused.value.errors) == ["reason"]


def test_all_that_is_wrong_is_said_at_once(entry: FollowUp, editor: User) -> None:
    bad = Statement(status="done", sources=cited("nowhere"))
    with pytest.raises(Invalid) as refused:
        send_amendment(entry, editor, bad, reason="")
    assert sorted(refused.value.errors) == ["reason", "status", "url"]
    assert FollowUp.objects.count() == 1


def test_an_amendment_says_something(entry: FollowUp, editor: User) -> None:
    with pytest.raises(Invalid) as refused:
        send_amendment(entry, editor, Statement())
    assert list(refused.value.errors) == ["note"]


def test_an_amended_status_needs_a_source_as_a_new_one_does(
    entry: FollowUp, editor: User, newspaper: Organization
) -> None:
    with pytest.raises(Invalid) as refused:
        send_amendment(entry, editor, Statement("implemented", organization=newspaper))
    assert list(refused.value.errors) == ["url"]


# --- What comes of it -----------------------------------------------------------------------------


def test_the_original_stays_as_it_was(entry: FollowUp, contributor: User) -> None:
    before = FollowUp.objects.filter(pk=entry.pk).values().get()
    later = amend(entry, contributor, note="Un projet de décret", reason=" Une coquille ")
    assert FollowUp.objects.filter(pk=entry.pk).values().get() == before
    assert (later.kind, later.target, later.reason) == (Kind.AMENDMENT, entry, "Une coquille")
    assert (later.sequence, later.previous_digest) == (2, entry.digest)


def test_an_amendment_takes_its_place(
    entry: FollowUp, contributor: User, implementation: Implementation
) -> None:
    newer = record(implementation, contributor, note="Un atelier")
    later = amend(entry, contributor, status="not_started")
    implementation.refresh_from_db()
    assert (implementation.status, implementation.status_entry) == (Status.NOT_STARTED, later)
    assert (implementation.entry_count, implementation.last_entry) == (2, newer)
    assert implementation.source_count == 0


def test_amending_an_old_status_does_not_make_it_current(
    entry: FollowUp, contributor: User, implementation: Implementation
) -> None:
    newer = record(implementation, contributor, status="implemented")
    amend(entry, contributor, status="not_started")
    implementation.refresh_from_db()
    assert (implementation.status, implementation.status_entry) == (Status.IMPLEMENTED, newer)


def test_an_amendment_on_behalf_of_others_changes_the_basis(
    entry: FollowUp, editor: User, newspaper: Organization, implementation: Implementation
) -> None:
    later = amend(entry, editor, [URL], status="in_progress", organization=newspaper)
    implementation.refresh_from_db()
    assert later.basis == Basis.VERIFIED
    assert (implementation.reported_status, implementation.verified_status) == ("", "in_progress")


def test_a_retraction_says_only_why(entry: FollowUp, contributor: User) -> None:
    gone = retract(entry, contributor, reason="Une erreur")
    assert (gone.kind, gone.reason, gone.organization) == (
        Kind.RETRACTION,
        "Une erreur",
        entry.organization,
    )
    assert (gone.status, gone.note, gone.happened_on, gone.citation_count) == ("", "", None, 0)


def test_a_public_retraction_is_on_behalf_of_who_retracts(
    implementation: Implementation,
    editor: User,
    contributor: User,
    government: Organization,
    newspaper: Organization,
) -> None:
    of_the_press = make_user(Role.EDITOR, newspaper)
    for by, whose in ((editor, None), (of_the_press, newspaper), (contributor, government)):
        gone = retract(record(implementation, contributor), by)
        assert (gone.organization, gone.organization_as) == (whose, str(whose or ""))


def test_an_internal_retraction_is_on_behalf_of_who_recorded(
    implementation: Implementation,
    editor: User,
    contributor: User,
    government: Organization,
    newspaper: Organization,
) -> None:
    of_the_press = make_user(Role.EDITOR, newspaper)
    for by in (editor, of_the_press, contributor):
        gone = retract(record(implementation, contributor, visibility=INTERNAL), by)
        assert (gone.organization, gone.organization_as) == (government, str(government))
        assert FollowUp.objects.visible_to(contributor).filter(pk=gone.pk).exists()


def test_an_internal_amendment_stays_on_behalf_of_who_recorded(
    implementation: Implementation,
    editor: User,
    contributor: User,
    government: Organization,
    newspaper: Organization,
) -> None:
    for other in (newspaper, None):
        entry = record(implementation, contributor, visibility=INTERNAL)
        later = amend(entry, editor, organization=other)
        assert (later.organization, later.organization_as) == (government, str(government))
        assert FollowUp.objects.visible_to(contributor).filter(pk=later.pk).exists()


def test_an_amendment_of_a_public_entry_is_on_behalf_of_whom_it_says(
    entry: FollowUp, editor: User, newspaper: Organization
) -> None:
    later = amend(entry, editor, organization=newspaper)
    assert (later.organization, later.organization_as) == (newspaper, "L’Essor")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_correction_is_in_the_language_of_what_it_corrects(
    implementation: Implementation, contributor: User, language: str
) -> None:
    with translation.override(language):
        entry = record(implementation, contributor)
    with translation.override("fr" if language == "en" else "en"):
        later = amend(entry, contributor)
        gone = retract(later, contributor)
    assert [e.language for e in (entry, later, gone)] == [language] * 3


def test_since_when_a_status_stands(
    implementation: Implementation, contributor: User, editor: User
) -> None:
    last: FollowUp | None = None

    def since(recorded_on: dt.date, write: Callable[[], FollowUp]) -> tuple[str, dt.date | None]:
        nonlocal last
        moment = dt.datetime.combine(recorded_on, dt.time(12), dt.UTC)
        with time_machine.travel(moment, tick=False):
            last = write()
        implementation.refresh_from_db()
        return implementation.status, implementation.status_since

    def day(n: int) -> dt.date:  # later than the fixtures: times in the record only go forward
        return dt.date(2099, 2, n)

    told = partial(record, implementation, contributor)
    verified = partial(record, implementation, editor, [URL])
    assert since(day(1), lambda: told(status="in_progress")) == ("in_progress", day(1))
    first = last
    assert first is not None
    # Mending a word is no new status, nor is saying it again, whoever does so and of whatever day.
    assert since(day(3), lambda: amend(first, contributor, status="in_progress")) == (
        "in_progress",
        day(1),
    )
    mended = last
    assert mended is not None
    assert since(day(4), lambda: told(status="in_progress")) == ("in_progress", day(1))
    again = partial(verified, status="in_progress", happened_on=day(2))
    assert since(day(5), again) == ("in_progress", day(1))
    assert since(day(6), lambda: told(note="Un atelier")) == ("in_progress", day(1))
    # A day that the amendment gives is the day.
    moved = partial(amend, mended, contributor, status="in_progress", happened_on=day(2))
    assert since(day(7), moved) == ("in_progress", day(2))
    done = partial(told, status="implemented", happened_on=day(6))
    assert since(day(8), done) == ("implemented", day(6))
    gone = last
    assert gone is not None
    assert since(day(9), lambda: told(status="in_progress")) == ("in_progress", day(9))
    assert since(day(10), lambda: retract(gone, contributor)) == ("in_progress", day(2))


def test_what_is_retracted_stands_no_more(
    entry: FollowUp, contributor: User, implementation: Implementation
) -> None:
    gone = retract(entry, contributor)
    implementation.refresh_from_db()
    assert (implementation.status, implementation.status_since) == (Status.NO_INFORMATION, None)
    assert (implementation.entry_count, implementation.source_count) == (0, 0)
    assert (implementation.last_entry, implementation.last_activity_at) == (None, gone.recorded_at)


def test_retracting_brings_back_the_status_before(
    entry: FollowUp, contributor: User, implementation: Implementation
) -> None:
    retract(record(implementation, contributor, status="implemented"), contributor)
    implementation.refresh_from_db()
    assert (implementation.status, implementation.status_entry) == (Status.IN_PROGRESS, entry)


def test_an_amendment_is_amended_and_retracted_in_its_turn(
    entry: FollowUp, contributor: User, implementation: Implementation
) -> None:
    first = amend(entry, contributor, status="not_started")
    second = amend(first, contributor, status="implemented")
    implementation.refresh_from_db()
    assert (implementation.status, implementation.entry_count) == (Status.IMPLEMENTED, 1)
    retract(second, contributor)
    implementation.refresh_from_db()
    assert (implementation.status, implementation.entry_count) == (Status.NO_INFORMATION, 0)


@pytest.mark.parametrize("visibility", Visibility.values)
def test_a_correction_is_as_visible_as_what_it_corrects(
    implementation: Implementation, contributor: User, visibility: str
) -> None:
    other = next(v for v in Visibility.values if v != visibility)
    entry = record(implementation, contributor, visibility=visibility)
    later = amend(entry, contributor, visibility=other)
    assert later.visibility == visibility
    assert retract(later, contributor).visibility == visibility


def test_an_amended_internal_title_does_not_become_public(
    implementation: Implementation, contributor: User
) -> None:
    entry = record(implementation, contributor, visibility=INTERNAL)
    amend(entry, contributor, [CitedSource(URL, title="Note secrète")])
    record(implementation, contributor, [URL])
    assert Source.objects.get(url=URL).title == ""


# --- Sent twice, and meanwhile --------------------------------------------------------------------


def test_a_correction_that_is_sent_twice_is_recorded_once(entry: FollowUp, editor: User) -> None:
    form, said = uuid.uuid4(), Statement(note="Un projet")
    first = send_amendment(entry, editor, said, submission=form)
    again = send_amendment(entry, editor, said, submission=form)
    assert (first.is_new, again.is_new, again.entry) == (True, False, first.entry)
    form, amended = uuid.uuid4(), first.entry
    first = send_retraction(amended, editor, submission=form)
    again = send_retraction(amended, editor, submission=form)
    assert (first.is_new, again.is_new, again.entry) == (True, False, first.entry)
    assert FollowUp.objects.count() == 3


@pytest.mark.parametrize("more", [{"reason": "Une autre raison"}, {"said": Statement(note="Non")}])
def test_the_same_form_with_other_words_is_not_recorded(
    entry: FollowUp, editor: User, more: dict[str, Any]
) -> None:
    form: dict[str, Any] = {"submission": uuid.uuid4(), "said": Statement(note="Un projet")}
    first = send_amendment(entry, editor, **form)
    with pytest.raises(AlreadyRecorded) as refused:
        send_amendment(entry, editor, **{**form, **more})
    assert refused.value.entry == first.entry


@pytest.mark.parametrize("correct", [amend, retract])
def test_an_entry_is_corrected_once(
    entry: FollowUp, editor: User, contributor: User, correct: Any
) -> None:
    theirs = amend(entry, contributor)
    for by in (editor, contributor):
        with pytest.raises(Meanwhile) as asked:
            correct(entry, by)
        assert list(asked.value.entries) == [theirs]
    assert FollowUp.objects.count() == 2


@pytest.mark.parametrize("visibility", Visibility.values)
@pytest.mark.parametrize("first", [amend, retract])
@pytest.mark.parametrize("correct", [amend, retract])
def test_whoever_corrects_what_others_corrected_unseen_is_told(
    implementation: Implementation,
    editor: User,
    contributor: User,
    visibility: str,
    first: Any,
    correct: Any,
) -> None:
    entry = record(implementation, contributor, visibility=visibility)
    theirs = first(entry, editor)
    with pytest.raises(Meanwhile) as asked:
        correct(entry, contributor)
    assert list(asked.value.entries) == [theirs]
    assert FollowUp.objects.visible_to(contributor).filter(pk=theirs.pk).exists()
    assert FollowUp.objects.count() == 2


def test_an_entry_read_before_is_corrected_in_its_own_history(
    entry: FollowUp, contributor: User, implementation: Implementation
) -> None:
    other = make_implementation()
    record(implementation, contributor)
    stale = FollowUp.objects.get(pk=entry.pk)
    assert amend(stale, contributor).implementation == implementation
    other.refresh_from_db()
    assert other.head_sequence == 0
