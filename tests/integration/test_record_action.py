"""Recording a follow-up: who may, what is refused and where it says so, and what comes of it."""

import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from tests.factories import (
    amend,
    cited,
    make_implementation,
    make_source,
    make_user,
    record,
    retract,
)
from tracker.actions.followups import Recorded, record_followup
from tracker.actions.records import save_record
from tracker.actions.several import record_for_several
from tracker.actions.sources import CitedSource
from tracker.actions.statements import NOTE_LENGTH, QUOTATION_LENGTH, SOURCES, Statement
from tracker.exceptions import AlreadyRecorded, Invalid, Meanwhile, NotAllowed
from tracker.history.verify import first_fault
from tracker.models import Citation, FollowUp, Implementation, Organization, Source, User
from tracker.permissions import can_correct, can_record, can_speak_for
from tracker.statuses import Basis, Channel, Kind, Role, Status, Visibility

pytestmark = pytest.mark.usefixtures("shared_cast")

URL = "https://example.org/decret"
WORKSHOP = Statement(note="Un atelier")
INTERNAL = Visibility.INTERNAL


def send(implementation: Implementation, by: User | None, said: Statement, **more: Any) -> Recorded:
    """Record with all that a form may give."""
    return record_followup(
        by=by, implementation=implementation, statement=said, channel=Channel.SITE, **more
    )


def nothing_written() -> bool:
    heads = Implementation.objects.exclude(head_sequence=0).exists()
    return not (heads or any(m.objects.exists() for m in (FollowUp, Citation))) and (
        not Source.objects.filter(url=URL).exists()
    )


def wrong(implementation: Implementation, by: User, said: Statement) -> list[str]:
    """The fields that are refused; nothing was written."""
    with pytest.raises(Invalid) as refused:
        send(implementation, by, said)
    assert nothing_written()
    assert all(str(m) for messages in refused.value.errors.values() for m in messages)
    return sorted(refused.value.errors)


# --- Who may: the same cases for every write ------------------------------------------------------

CAST = [
    ("editor", True),
    ("administrator", True),
    ("contributor", True),
    ("foreign_contributor", False),
    ("reader", False),
    ("account_of_a_reader", False),
    ("former_editor", False),
]
Write = Callable[[Any, FollowUp], object]
SAY: dict[str, Callable[[Any, FollowUp, Organization | None], object]] = {
    "record": lambda by, entry, whose: record(
        entry.implementation, by, note="Oui", organization=whose
    ),
    "amend": lambda by, entry, whose: amend(entry, by, note="Oui", organization=whose),
}
WRITES: dict[str, Write] = {
    "record": lambda by, entry: SAY["record"](by, entry, entry.organization),
    "amend": lambda by, entry: SAY["amend"](by, entry, entry.organization),
    "retract": lambda by, entry: retract(entry, by),
}


@pytest.fixture
def account_of_a_reader(government: Organization) -> User:
    return make_user(Role.READER, government)


@pytest.fixture
def former_editor(db: None) -> User:
    return make_user(Role.EDITOR, is_active=False)


@pytest.fixture
def entry(
    implementation: Implementation, government: Organization, administrator: User
) -> FollowUp:
    """On behalf of Mali's government."""
    return record(implementation, administrator, note="Un atelier", organization=government)


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize(("who", "may"), CAST)
def test_who_may(
    request: pytest.FixtureRequest, entry: FollowUp, who: str, may: bool, write: str
) -> None:
    by = request.getfixturevalue(who)
    can = can_record(by, entry.implementation) if write == "record" else can_correct(by, entry)
    assert can is may
    if may:
        WRITES[write](by, entry)
    else:
        with pytest.raises(NotAllowed, match=r"\w+"):
            WRITES[write](by, entry)
    assert FollowUp.objects.count() == (2 if may else 1)


@pytest.mark.parametrize("write", SAY)
def test_a_contributor_speaks_for_their_own_organization(
    entry: FollowUp, contributor: User, newspaper: Organization, write: str
) -> None:
    for other in (newspaper, None):
        assert not can_speak_for(contributor, other)
        with pytest.raises(NotAllowed):
            SAY[write](contributor, entry, other)
    assert FollowUp.objects.count() == 1


def test_an_editor_speaks_for_anybody(
    implementation: Implementation, editor: User, newspaper: Organization
) -> None:
    assert record(implementation, editor, organization=newspaper).organization == newspaper
    assert record(implementation, editor, organization=None).organization is None


@pytest.mark.usefixtures("government")
def test_who_may_not_is_told_before_what_is_wrong(
    implementation: Implementation, reader: AnonymousUser
) -> None:
    by: Any = reader
    with pytest.raises(NotAllowed):
        send(implementation, by, Statement(status="done"))


# --- What is refused ------------------------------------------------------------------------------


NOW = timezone.now()
TOMORROW = NOW.date() + dt.timedelta(days=1)


@pytest.fixture
def today() -> Iterator[None]:
    """Midnight does not come between the cases and their tests."""
    with time_machine.travel(NOW, tick=False):
        yield


REFUSED: list[tuple[str, Statement]] = [
    ("note", Statement()),
    ("note", Statement(note=" \n\t ")),
    ("note", Statement(note="a" * (NOTE_LENGTH + 1))),
    ("note", Statement(note="a\x00b")),
    ("note", Statement(note="a\ud800b")),
    ("status", Statement(status="done", sources=cited(URL))),
    ("visibility", Statement(note="Oui", visibility="secret")),
    ("happened_on", Statement(note="Oui", happened_on=TOMORROW)),
    ("url", Statement(status=Status.IMPLEMENTED)),
    ("url", Statement(status=Status.IMPLEMENTED, note="Sans source")),
    ("url", Statement(sources=cited("ftp://example.org"))),
    ("url", Statement(sources=cited(""))),
    ("url", Statement(sources=cited("javascript:alert(1)"))),
    ("url", Statement(sources=cited(URL, URL + "#part"))),
    ("url", Statement(sources=cited(*(f"{URL}/{n}" for n in range(SOURCES + 1))))),
    ("url", Statement(sources=(CitedSource(URL, quotation="a" * (QUOTATION_LENGTH + 1)),))),
    ("url", Statement(sources=(CitedSource(URL, published_on=TOMORROW),))),
    ("url", Statement(sources=(CitedSource(URL, quotation="a\x00b"),))),
    ("url", Statement(sources=(CitedSource(URL, title="a\x00b"),))),
    ("url", Statement(sources=(CitedSource(URL, title="a" * 501),))),
    ("url", Statement(sources=(CitedSource(URL, publisher="a" * 201),))),
]


@pytest.mark.parametrize(
    ("field", "said"), REFUSED, ids=[f"{field}-{i}" for i, (field, _said) in enumerate(REFUSED)]
)
def test_refused_on_its_field(
    implementation: Implementation, editor: User, today: None, field: str, said: Statement
) -> None:
    assert wrong(implementation, editor, said) == [field]


def test_all_that_is_wrong_is_said_at_once(
    implementation: Implementation, editor: User, today: None
) -> None:
    said = Statement(
        status="done",
        note="a" * (NOTE_LENGTH + 1),
        sources=cited("nowhere", "ftp://example.org"),
        happened_on=TOMORROW,
        visibility="secret",
    )
    fields = wrong(implementation, editor, said)
    assert fields == ["happened_on", "note", "status", "url", "visibility"]
    with pytest.raises(Invalid) as refused:
        send(implementation, editor, said)
    assert len(refused.value.errors["url"]) == 2


def test_a_source_that_is_known_is_not_made_by_an_entry_that_is_refused(
    implementation: Implementation, editor: User
) -> None:
    said = Statement(sources=cited(URL, "nowhere"))
    assert wrong(implementation, editor, said) == ["url"]


def test_refusals_speak_the_language_of_the_reader(
    implementation: Implementation, editor: User
) -> None:
    with translation.override("en"), pytest.raises(Invalid, match="one of them is needed"):
        send(implementation, editor, Statement())


def test_the_longest_that_is_taken(implementation: Implementation, editor: User) -> None:
    quotation = CitedSource(
        URL, title="t" * 500, publisher="p" * 200, quotation="q" * QUOTATION_LENGTH
    )
    others = cited(*(f"{URL}/{n}" for n in range(SOURCES - 1)))
    said = Statement(note="n" * NOTE_LENGTH, sources=(quotation, *others))
    assert send(implementation, editor, said).entry.citation_count == SOURCES


# --- What comes of it -----------------------------------------------------------------------------


def test_an_entry_says_who_when_and_by_which_door(
    implementation: Implementation, contributor: User, government: Organization
) -> None:
    moment = dt.datetime(2099, 2, 12, 9, 30, tzinfo=dt.UTC)  # later than the fixtures
    with time_machine.travel(moment, tick=False):
        made = record(implementation, contributor, happened_on=dt.date(2026, 2, 12))
    entry = FollowUp.objects.get(pk=made.pk)
    assert (entry.recorded_by, entry.recorded_as) == (contributor, "Awa Diarra")
    assert (entry.organization, entry.recorded_at) == (government, moment)
    assert (entry.kind, entry.channel, entry.sequence) == (Kind.FOLLOW_UP, Channel.SITE, 1)


def test_today_ends_with_the_day_of_utc(implementation: Implementation, editor: User) -> None:
    with time_machine.travel(dt.datetime(2026, 2, 12, 23, 59, tzinfo=dt.UTC), tick=False):
        record(implementation, editor, happened_on=dt.date(2026, 2, 12))
        with pytest.raises(Invalid) as refused:
            record(implementation, editor, happened_on=dt.date(2026, 2, 13))
    assert list(refused.value.errors) == ["happened_on"]


def test_a_note_is_tidied_and_no_more(implementation: Implementation, editor: User) -> None:
    entry = record(implementation, editor, note="  # Titre\r\n\r\n* a <b>b</b>  \n")
    assert entry.note == "# Titre\n\n* a <b>b</b>"


def test_the_language_is_that_of_the_page(implementation: Implementation, editor: User) -> None:
    with translation.override("en"):
        assert record(implementation, editor).language == "en"
    with translation.override("de"):
        assert record(implementation, editor).language == "fr"


def test_a_chain_of_digests(implementation: Implementation, editor: User) -> None:
    first, second = (record(implementation, editor) for _n in range(2))
    implementation.refresh_from_db()
    assert (first.previous_digest, second.previous_digest) == ("", first.digest)
    assert (implementation.head_sequence, implementation.head_digest) == (2, second.digest)
    assert first.salt != second.salt


def test_the_government_of_the_state_reports(
    implementation: Implementation, contributor: User
) -> None:
    entry = record(implementation, contributor, status=Status.IN_PROGRESS)
    implementation.refresh_from_db()
    assert entry.basis == implementation.status_basis == Basis.REPORTED
    assert (implementation.status, implementation.reported_status) == ("in_progress", "in_progress")
    assert implementation.verified_status == ""


def test_anybody_else_verifies_with_a_source(
    implementation: Implementation, editor: User, newspaper: Organization
) -> None:
    entry = record(
        implementation, editor, status="implemented", organization=newspaper, sources=[URL]
    )
    implementation.refresh_from_db()
    assert entry.basis == implementation.status_basis == Basis.VERIFIED
    assert (implementation.status, implementation.verified_status) == ("implemented", "implemented")
    assert implementation.reported_status == ""


def test_the_government_of_another_state_only_verifies(
    implementation: Implementation, editor: User, foreign_contributor: User
) -> None:
    other = foreign_contributor.organization
    said = Statement(status="implemented", organization=other)
    assert wrong(implementation, editor, said) == ["url"]
    entry = record(implementation, editor, [URL], status="implemented", organization=other)
    assert entry.basis == Basis.VERIFIED


def test_both_stand_side_by_side(
    implementation: Implementation, contributor: User, editor: User
) -> None:
    record(implementation, editor, [URL], status="not_started")
    record(implementation, contributor, status="implemented")
    implementation.refresh_from_db()
    assert implementation.disagrees
    assert (implementation.verified_status, implementation.status) == ("not_started", "implemented")


def test_a_note_alone_moves_no_status(implementation: Implementation, editor: User) -> None:
    entry = record(implementation, editor, note="Un atelier")
    implementation.refresh_from_db()
    assert (implementation.status, entry.basis) == (Status.NO_INFORMATION, "")
    assert (implementation.entry_count, implementation.last_entry) == (1, entry)


@pytest.mark.parametrize("status", [*Status.values, ""])
def test_internal_entries_do_not_move_what_the_public_sees(
    implementation: Implementation, contributor: User, status: str
) -> None:
    columns: Any = Implementation.objects.values()
    before = columns.get()
    record(implementation, contributor, [URL], status=status, visibility=INTERNAL)
    after = columns.get()
    heads = {"head_sequence", "head_digest"}
    assert {name for name in before if before[name] != after[name]} == heads


def test_corrections_of_internal_entries_do_not_either(
    implementation: Implementation, contributor: User
) -> None:
    record(implementation, contributor, status="not_started")
    shown = Implementation.objects.values(
        "status", "entry_count", "source_count", "last_activity_at"
    )
    before = shown.get()
    hidden = record(implementation, contributor, [URL], status="implemented", visibility=INTERNAL)
    retract(amend(hidden, contributor, [URL], status="in_progress"), contributor)
    assert shown.get() == before


def test_recording_takes_as_many_queries_however_long_the_history_is(
    implementation: Implementation, editor: User
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            record(implementation, editor, [URL], note="Oui")
        return len(captured)

    record(implementation, editor, [URL])
    counts = [queries() for _n in range(12)]
    assert len(set(counts)) == 1


# --- Sources --------------------------------------------------------------------------------------


def test_a_source_that_nobody_knew_is_made(implementation: Implementation, editor: User) -> None:
    given = CitedSource(
        "HTTPS://Example.ORG/decret?utm_source=x#art-2",
        title="Décret",
        publisher="Journal officiel",
        published_on=dt.date(2026, 1, 2),
        quotation="« Article premier »",
    )
    citation = record(implementation, editor, [given]).citations.get()
    source = citation.source
    assert (source.url, source.title, source.publisher) == (URL, "Décret", "Journal officiel")
    assert (source.published_on, citation.quotation) == (dt.date(2026, 1, 2), "« Article premier »")


def test_a_source_is_known_once(implementation: Implementation, editor: User) -> None:
    first = record(implementation, editor, [CitedSource(URL, title="Décret")])
    again = CitedSource(f"{URL}#fin", title="Autre titre", publisher="Journal officiel")
    second = record(implementation, editor, [again])
    implementation.refresh_from_db()
    assert first.citations.get().source == second.citations.get().source
    source = Source.objects.get(url=URL)
    assert (source.title, source.publisher) == ("Décret", "Journal officiel")
    assert implementation.source_count == 1


def test_sources_are_made_in_the_order_of_their_urls_and_cited_in_the_order_given(
    implementation: Implementation, editor: User
) -> None:
    urls = [f"{URL}/{name}" for name in "cab"]
    given = [CitedSource(f"{url}#fin", title=f"Titre {url[-1]}", quotation=url[-1]) for url in urls]
    entry = record(implementation, editor, given)
    made = Source.objects.filter(url__startswith=f"{URL}/").order_by("pk")
    assert [(s.url, s.title) for s in made] == [(url, f"Titre {url[-1]}") for url in sorted(urls)]
    citations = list(entry.citations.all())
    assert [c.source.url for c in citations] == urls
    assert [c.position for c in citations] == [1, 2, 3]
    assert [(c.title, c.quotation) for c in citations] == [
        (f"Titre {name}", name) for name in "cab"
    ]


SECRET = CitedSource(
    URL, title="Note secrète", publisher="Cabinet", published_on=dt.date(2026, 1, 2)
)


def test_an_internal_title_does_not_become_public(
    implementation: Implementation, editor: User
) -> None:
    record(implementation, editor, [SECRET], visibility=INTERNAL)
    record(implementation, editor, [CitedSource(URL, title="Décret")])
    source = Source.objects.get(url=URL)
    assert (source.title, source.publisher, source.published_on) == ("Décret", "", None)


def test_an_internal_title_does_not_become_public_without_another(
    implementation: Implementation, editor: User
) -> None:
    record(implementation, editor, [SECRET], visibility=INTERNAL)
    record(implementation, editor, [URL])
    source = Source.objects.get(url=URL)
    assert (source.title, source.publisher, source.published_on) == ("", "", None)


def test_an_internal_entry_adds_nothing_to_a_public_source(
    implementation: Implementation, editor: User
) -> None:
    record(implementation, editor, [URL])
    record(implementation, editor, [SECRET], visibility=INTERNAL)
    assert Source.objects.get(url=URL).title == ""


def test_internal_words_never_reach_the_source_and_stay_on_the_citation(
    implementation: Implementation, editor: User
) -> None:
    again = CitedSource(URL, title="Autre titre", publisher="Autre cabinet")
    said = [
        record(implementation, editor, [cited], visibility=INTERNAL).citations.get()
        for cited in (SECRET, again)
    ]
    source = Source.objects.get(url=URL)
    assert (source.title, source.publisher, source.published_on) == ("", "", None)
    assert [(c.title, c.publisher, c.published_on) for c in said] == [
        ("Note secrète", "Cabinet", dt.date(2026, 1, 2)),
        ("Autre titre", "Autre cabinet", None),
    ]


def test_each_public_citation_adds_what_nobody_had_said(
    implementation: Implementation, editor: User
) -> None:
    day, other = dt.date(2026, 1, 2), dt.date(2026, 1, 3)
    record(implementation, editor, [SECRET], visibility=INTERNAL)
    record(implementation, editor, [CitedSource(URL, title="Décret")])
    record(implementation, editor, [CitedSource(URL, title="Loi", published_on=day)])
    record(implementation, editor, [CitedSource(URL, publisher="Journal", published_on=other)])
    source = Source.objects.get(url=URL)
    assert (source.title, source.publisher, source.published_on) == ("Décret", "Journal", day)


def test_a_citation_keeps_what_it_said_whatever_the_source_is_called(
    implementation: Implementation, editor: User
) -> None:
    record(implementation, editor, [CitedSource(URL, title="Décret")])
    second = CitedSource(URL, title="Loi", publisher="Journal", published_on=dt.date(2026, 1, 2))
    citation = record(implementation, editor, [second]).citations.get()
    assert (citation.source.title, citation.title) == ("Décret", "Loi")
    assert (citation.publisher, citation.published_on) == ("Journal", dt.date(2026, 1, 2))


def test_a_citation_shows_the_words_of_the_record_and_else_its_own(
    implementation: Implementation, editor: User
) -> None:
    entry = record(implementation, editor, [SECRET], visibility=INTERNAL)
    shown = entry.citations.get().described()
    assert (shown.title, shown.publisher, shown.published_on) == (
        "Note secrète",
        "Cabinet",
        dt.date(2026, 1, 2),
    )
    record(implementation, editor, [CitedSource(URL, title="Décret")])
    shown = entry.citations.get().described()
    assert (shown.url, shown.title, shown.publisher) == (URL, "Décret", "Cabinet")
    source = Source.objects.get(url=URL)
    assert (source.title, source.publisher, source.published_on) == ("Décret", "", None)


def test_a_source_that_the_record_names_is_described_by_no_internal_entry(
    implementation: Implementation, editor: User
) -> None:
    known = make_source(URL)
    record(implementation, editor, [SECRET], visibility=INTERNAL)
    known.refresh_from_db()
    assert (known.title, known.publisher, known.published_on) == ("", "", None)


def test_what_an_editor_says_of_a_source_stays(
    implementation: Implementation, editor: User
) -> None:
    record(implementation, editor, [SECRET], visibility=INTERNAL)
    source = Source.objects.get(url=URL)
    source.title = "Décret n° 5"
    save_record(by=editor, record=source, changed=["title"])
    record(implementation, editor, [CitedSource(URL, title="Décret")])
    assert Source.objects.get(url=URL).title == "Décret n° 5"


def test_a_source_of_internal_entries_is_not_known_to_readers(
    implementation: Implementation, editor: User, reader: AnonymousUser
) -> None:
    record(implementation, editor, [URL], visibility=INTERNAL)
    known = Source.objects.filter(url=URL)
    assert not known.visible_to(reader).exists()
    assert known.visible_to(editor).exists()


def test_a_retracted_public_entry_keeps_its_source_as_the_public_knew_it(
    implementation: Implementation, editor: User
) -> None:
    retract(record(implementation, editor, [CitedSource(URL, title="Décret")]), editor)
    record(implementation, editor, [SECRET], visibility=INTERNAL)
    assert Source.objects.get(url=URL).title == "Décret"


# --- On behalf of whom, as it was called then ----------------------------------------------------


def test_an_entry_keeps_the_name_that_its_organization_had(
    implementation: Implementation, contributor: User, editor: User
) -> None:
    government = contributor.organization
    assert government
    old = record(implementation, contributor)
    assert (old.organization_as, old.said_for) == ("Gouvernement du Mali", "Gouvernement du Mali")
    government.name_fr = "Gouvernement de transition"
    save_record(by=editor, record=government, changed=["name_fr"])
    new = record(implementation, contributor)
    old, new = (FollowUp.objects.get(pk=entry.pk) for entry in (old, new))
    assert (old.organization, old.said_for) == (government, "Gouvernement du Mali")
    assert (new.organization, new.said_for) == (government, "Gouvernement de transition")
    history = list(implementation.entries.with_details().order_by("sequence"))
    assert first_fault(Implementation.objects.get(), history) is None


def test_who_it_is_for_is_said_in_the_language_of_the_reader(
    implementation: Implementation, contributor: User, editor: User
) -> None:
    government = contributor.organization
    assert government
    government.name_en = "Government of Mali"
    save_record(by=editor, record=government, changed=["name_en"])
    in_french = FollowUp.objects.get(pk=record(implementation, contributor).pk)
    with translation.override("en"):
        in_english = FollowUp.objects.get(pk=record(implementation, contributor).pk)
        assert in_english.organization_as == "Government of Mali"
        assert in_french.said_for == in_english.said_for == "Government of Mali"
    assert in_french.said_for == in_english.said_for == "Gouvernement du Mali"


def test_on_behalf_of_nobody(implementation: Implementation, editor: User) -> None:
    entry = record(implementation, editor, organization=None)
    assert (entry.organization, entry.organization_as, entry.said_for) == (None, "", "")


# --- For several ----------------------------------------------------------------------------------


def test_all_rows_are_locked_first_and_in_one_order(
    implementation: Implementation, editor: User
) -> None:
    three = [implementation, *(make_implementation() for _n in range(2))]
    with CaptureQueriesContext(connection) as captured:
        made = record_for_several(
            by=editor,
            implementations=three[::-1],
            statement=WORKSHOP,
            channel=Channel.ADMIN,
            submission=uuid.uuid4(),
            seen={},
        )
    asked = [q["sql"] for q in captured if q["sql"].startswith(("SELECT", "INSERT", "UPDATE"))]
    assert 'FROM "tracker_implementation"' in asked[0]
    _before, ids, order = re.split(r" IN \(|\) ORDER BY ", asked[0])
    assert {int(pk) for pk in ids.split(", ")} == {i.pk for i in three}
    assert order.startswith("1 ASC")  # the one column that it reads: the id
    assert ("FOR UPDATE" in asked[0]) is connection.features.has_select_for_update
    assert [r.entry.implementation for r in made] == three


# --- Sent twice, and meanwhile --------------------------------------------------------------------


def test_a_form_that_is_sent_twice_is_recorded_once(
    implementation: Implementation, editor: User
) -> None:
    form = uuid.uuid4()
    said = Statement(note="Oui ", sources=cited(URL), happened_on=dt.date(2026, 1, 2))
    first = send(implementation, editor, said, submission=form)
    again = send(implementation, editor, said, submission=form, seen=0)
    assert (first.is_new, again.is_new, again.entry) == (True, False, first.entry)
    assert FollowUp.objects.count() == 1


OTHER_WORDS = [
    Statement(note="Non", sources=cited(URL)),
    Statement(note="Oui"),
    Statement(note="Oui", sources=cited(URL), visibility=INTERNAL),
    Statement(note="Oui", sources=cited(URL), status="implemented"),
    Statement(note="Oui", sources=cited(URL), happened_on=dt.date(2026, 1, 2)),
    Statement(note="Oui", sources=(CitedSource(URL, quotation="« Oui »"),)),
    Statement(note="Oui", sources=(CitedSource(URL, title="Le décret"),)),
    Statement(note="Oui", sources=(CitedSource(URL, published_on=dt.date(2026, 1, 2)),)),
]


@pytest.mark.parametrize("other", OTHER_WORDS)
def test_the_same_form_with_other_words_is_not_recorded(
    implementation: Implementation, editor: User, other: Statement
) -> None:
    form = uuid.uuid4()
    first = send(implementation, editor, Statement("", "Oui", cited(URL)), submission=form)
    with pytest.raises(AlreadyRecorded) as refused:
        send(implementation, editor, other, submission=form)
    assert refused.value.entry == first.entry
    assert FollowUp.objects.count() == 1


def test_a_form_belongs_to_one_implementation_and_one_person(
    implementation: Implementation, editor: User, administrator: User
) -> None:
    form = uuid.uuid4()
    send(implementation, editor, WORKSHOP, submission=form)
    assert send(implementation, administrator, WORKSHOP, submission=form).is_new
    with pytest.raises(AlreadyRecorded):
        send(make_implementation(), editor, WORKSHOP, submission=form)


def test_who_recorded_meanwhile_is_said_and_nothing_is_written(
    implementation: Implementation, editor: User, contributor: User
) -> None:
    record(implementation, editor)
    theirs = [record(implementation, contributor) for _n in range(2)]
    with pytest.raises(Meanwhile) as asked:
        send(implementation, editor, WORKSHOP, seen=1)
    assert list(asked.value.entries) == theirs[::-1]
    assert FollowUp.objects.count() == 3
    assert send(implementation, editor, WORKSHOP, seen=3).is_new


def test_ones_own_entries_and_those_that_were_read_are_no_surprise(
    implementation: Implementation, editor: User, contributor: User
) -> None:
    record(implementation, contributor)
    record(implementation, editor)
    assert send(implementation, editor, WORKSHOP, seen=1).is_new


def test_what_one_may_not_read_does_not_hold_one_up(
    implementation: Implementation, editor: User, contributor: User
) -> None:
    record(implementation, editor, visibility=INTERNAL)
    said = Statement(note="Oui", organization=contributor.organization)
    assert send(implementation, contributor, said, seen=0).is_new


def test_initial_data_recorded_meanwhile_counts_too(
    implementation: Implementation, editor: User
) -> None:
    record(implementation)
    with pytest.raises(Meanwhile):
        send(implementation, editor, WORKSHOP, seen=0)


def test_what_is_wrong_is_said_before_what_others_did(
    implementation: Implementation, editor: User, contributor: User
) -> None:
    record(implementation, contributor)
    with pytest.raises(Invalid):
        send(implementation, editor, Statement(), seen=0)


def test_a_row_read_before_others_recorded_does_no_harm(
    implementation: Implementation, editor: User
) -> None:
    stale = Implementation.objects.get()
    record(implementation, editor, [URL], status="in_progress")
    assert record(stale, editor).sequence == 2
    implementation.refresh_from_db()
    assert (implementation.status, implementation.entry_count) == ("in_progress", 2)
