"""The search: what is found by whom, always in step with the record."""

import datetime as dt
from collections.abc import Iterable
from contextlib import suppress
from io import StringIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import connection
from django.db.models import Q
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import (
    amend,
    make_implementation,
    make_meeting,
    make_organization,
    make_recommendation,
    make_source,
    make_theme,
    make_user,
    on_its_day,
    record,
    retract,
)
from tests.htmx import parse
from tracker import search
from tracker.actions.records import delete_record, save_record
from tracker.actions.redactions import redact_entry
from tracker.actions.sources import CitedSource
from tracker.actions.themes import save_theme
from tracker.actions.upgrades import take_over
from tracker.exceptions import Invalid
from tracker.models import (
    Document,
    FollowUp,
    Implementation,
    Organization,
    Source,
    Translation,
    User,
)
from tracker.permissions import AnyUser
from tracker.search import Excerpt, find
from tracker.search.documents import STRETCH
from tracker.search.engine import engine
from tracker.search.matches import condition, matching
from tracker.search.query import parse as parse_words
from tracker.statuses import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shared_cast")]
MARK = "Zanzibar"


def found(words: str, user: AnyUser | None = None) -> list[int]:
    return find(words, user=user or AnonymousUser()).implementations


def is_found(words: str, user: AnyUser | None = None) -> bool:
    return bool(found(words, user))


def excerpts(words: str, user: AnyUser | None = None) -> list[Excerpt]:
    told = find(words, user=user or AnonymousUser())
    shown = told.excerpts(list(Implementation.objects.all()))
    return [excerpt for rows in shown.values() for excerpt in rows]


def marks(given: Iterable[Excerpt]) -> list[str]:
    return [piece for excerpt in given for piece, is_match in excerpt.pieces if is_match]


def differences() -> str:
    said = StringIO()
    try:
        call_command("reindex", check=True, stdout=said)
    except SystemExit:
        return said.getvalue()
    assert " 0 differed" in said.getvalue()
    return said.getvalue()


# --- What is found --------------------------------------------------------------------------------


def test_words_of_different_texts_are_found_together(
    implementation: Implementation, editor: User
) -> None:
    record(implementation, editor, note="Un atelier à Koulouba")
    record(implementation, editor, [CitedSource("https://example.org/1", "Le sommet")])
    assert found("frontières Koulouba sommet") == [implementation.pk]


def test_a_translation_is_found_in_its_language(implementation: Implementation) -> None:
    words = Translation(
        recommendation=implementation.recommendation, language="en", text="They smuggled migrants"
    )
    save_record(by=None, record=words)
    assert is_found("smuggling")
    assert [e.kind for e in excerpts("smuggling")] == ["translation"]


@pytest.mark.parametrize(
    ("language", "text", "typed"),
    [
        ("ar", "تهريب المهاجرين عبر الحدود", "الحدود"),
        ("ru", "Незаконный ввоз мигрантов", "мигранты"),
        ("zh", "偷运移民问题工作组", "工作组"),
        ("es", "El tráfico de migrantes", "TRAFICO"),
        ("pt", "A cooperação regional", "cooperacao"),
    ],
)
def test_other_languages(
    implementation: Implementation, language: str, text: str, typed: str
) -> None:
    recommendation = implementation.recommendation
    words = Translation(recommendation=recommendation, language=language, text=text)
    save_record(by=None, record=words)
    assert is_found(typed)
    assert marks(excerpts(typed))


def test_a_source_is_found_by_all_that_is_said_of_it(
    implementation: Implementation, editor: User
) -> None:
    source = make_source("https://journal.example.org/1", summary_en="A seizure at the harbour")
    said = CitedSource(source.url, "Saisie record", "Le Quotidien", None, "des caravanes entières")
    record(implementation, editor, [said])
    for words in ("saisies", "quotidien", '"caravane entière"', "harbours", "journal.example.org"):
        assert found(words) == [implementation.pk], words


def test_exclusion_leaves_out_what_says_it_anywhere(
    implementation: Implementation, editor: User
) -> None:
    for _n in range(STRETCH):
        record(implementation, editor, note="Un atelier")
    record(implementation, editor, note=f"Une visite à {MARK}")
    assert Document.objects.count() == 2
    other = make_implementation()
    assert found("frontières") == [other.pk, implementation.pk]
    assert found(f"frontières -{MARK}") == [other.pk]


def test_the_newest_come_first_among_equals(implementation: Implementation) -> None:
    rows = [implementation.pk, *(make_implementation().pk for _n in range(2))]
    assert found("frontières") == rows[::-1]


def test_very_many_are_cut(implementation: Implementation, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [implementation.pk, *(make_implementation().pk for _n in range(3))]
    monkeypatch.setattr(search, "LIMIT", 3)
    told = find("frontières", user=AnonymousUser())
    assert (told.implementations, told.is_cut) == (rows[:0:-1], True)
    monkeypatch.setattr(search, "LIMIT", 4)
    assert not find("frontières", user=AnonymousUser()).is_cut


def test_exclusions_alone_are_refused() -> None:
    with pytest.raises(Invalid):
        found("-frontières")


TYPED = st.text(max_size=60) | st.text(alphabet="ab\"'*:()-^{}«» \\&|!<>%\0é工", max_size=40)


@given(TYPED)
def test_nothing_typed_is_an_error_of_the_database(typed: str) -> None:
    with suppress(Invalid):
        found(typed)


# --- Always in step -------------------------------------------------------------------------------


def test_in_step(implementation: Implementation, editor: User, administrator: User) -> None:
    """The whole way of one word: recorded, amended, retracted, redacted; and of the texts."""
    entry = record(implementation, editor, note=f"Une visite à {MARK}")
    assert is_found(MARK)
    amended = amend(entry, editor, note="Une visite à Dakar")
    assert (is_found(MARK), is_found("Dakar")) == (False, True)
    retract(amended, editor)
    assert not is_found("Dakar")
    said = CitedSource(f"https://example.org/{MARK}", f"Titre {MARK}", "", None, f"« {MARK} »")
    entry = record(implementation, editor, [said], note=f"Encore {MARK}")
    assert is_found(MARK)
    redact_entry(by=administrator, entry=entry, reason="Un jugement", channel="site")
    assert not is_found(MARK)
    assert not is_found("Titre")
    assert "0 differed" in differences()


def test_words_of_long_ago_that_were_corrected_are_found_no_more(
    implementation: Implementation, editor: User, administrator: User
) -> None:
    """The document of an earlier stretch is renewed, though the correction is in a later one."""
    words = ["Zanzibar", "Lomé", "Cotonou"]
    amended, retracted, redacted = (record(implementation, editor, note=word) for word in words)
    for n in range(STRETCH):
        record(implementation, editor, note=f"Suite {n}")
    amend(amended, editor, note="Mopti")
    assert (is_found("Zanzibar"), is_found("Mopti")) == (False, True)
    retract(retracted, editor)
    assert not is_found("Lomé")
    redact_entry(by=administrator, entry=redacted, reason="Un jugement", channel="site")
    assert not is_found("Cotonou")


def test_what_the_record_says_is_in_step(implementation: Implementation, editor: User) -> None:
    recommendation = implementation.recommendation
    recommendation.text = f"La coopération avec {MARK}"
    save_record(by=editor, record=recommendation, changed=["text"])
    assert is_found(MARK)
    recommendation.text = "La coopération"
    save_record(by=editor, record=recommendation, changed=["text"])
    assert not is_found(MARK)
    words = Translation(recommendation=recommendation, language="en", text=f"In {MARK}")
    save_record(by=editor, record=words)
    assert is_found(MARK)
    delete_record(by=editor, record=words)
    assert not is_found(MARK)
    assert "0 differed" in differences()


def test_a_renamed_theme_is_in_step(editor: User) -> None:
    theme = make_theme()
    make_implementation(make_recommendation(themes=[theme]))
    theme.name_fr = MARK
    save_theme(by=editor, theme=theme, changed=["name_fr"])
    assert is_found(MARK)


def test_a_source_that_is_described_anew_is_in_step(
    implementation: Implementation, editor: User
) -> None:
    cited = "https://example.org/1"
    record(implementation, editor, [cited])
    other = make_implementation()
    record(other, editor, [CitedSource(cited, f"Titre {MARK}")])
    assert set(found(MARK)) == {implementation.pk, other.pk}
    source = Source.objects.get(url=cited)
    source.title = "Autre"
    save_record(by=editor, record=source, changed=["title"])
    assert set(found("Autre")) == {implementation.pk, other.pk}
    origin = implementation.recommendation.origin
    origin.publisher = "Chancellerie"
    save_record(by=editor, record=origin, changed=["publisher"])
    assert is_found("chancelleries")


def test_what_is_deleted_is_found_no_more(implementation: Implementation, editor: User) -> None:
    with on_its_day(implementation):
        delete_record(by=editor, record=implementation)
    assert not is_found("frontières")
    assert "0 documents, 0 differed" in differences()


def test_what_fails_leaves_no_words(implementation: Implementation, editor: User) -> None:
    with pytest.raises(Invalid):
        record(implementation, editor, note=MARK, happened_on=dt.date(2199, 1, 1))
    assert not is_found(MARK)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL overwrites rows by itself")
def test_a_redaction_leaves_no_word_in_the_index(
    implementation: Implementation, editor: User, administrator: User
) -> None:
    def holds() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT block FROM search_public_data")
            blocks = b"".join(bytes(block) for (block,) in cursor.fetchall())
        return MARK.lower().encode() in blocks

    entry = record(implementation, editor, note=MARK)
    record(implementation, editor, note="Un atelier")
    assert holds()
    redact_entry(by=administrator, entry=entry, reason="Un jugement", channel="site")
    assert not holds()


def test_reindex_says_and_mends_what_differs(implementation: Implementation) -> None:
    Document.objects.update(said=f" {MARK.lower()} ")
    assert f"differed: {implementation.pk}/0 public" in differences()
    assert is_found(MARK)
    call_command("reindex", stdout=StringIO())
    assert (is_found(MARK), is_found("frontières")) == (False, True)
    assert "0 differed" in differences()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL derives its index itself")
def test_reindex_finds_an_index_that_differs(implementation: Implementation) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO search_public(search_public) VALUES ('delete-all')")
    assert "differed: index" in differences()
    call_command("reindex", stdout=StringIO())
    assert is_found("frontières")


def test_the_index_stays_where_the_triggers_of_the_record_go(without_triggers: None) -> None:
    assert make_implementation().pk in found("frontières")


def test_an_upgrade_indexes_what_was_there(implementation: Implementation) -> None:
    Document.objects.all().delete()
    assert not is_found("frontières")
    take_over()
    assert is_found("frontières")


# --- The read rule --------------------------------------------------------------------------------


@pytest.fixture
def internal(implementation: Implementation, contributor: User, editor: User) -> FollowUp:
    record(implementation, editor, note="Un atelier public")
    said = CitedSource(f"https://example.org/{MARK}", f"Titre {MARK}")
    return record(implementation, contributor, [said], note=f"Note {MARK}", visibility="internal")


def test_each_finds_what_they_may_read(
    internal: FollowUp,
    reader: AnonymousUser,
    contributor: User,
    foreign_contributor: User,
    editor: User,
    administrator: User,
    newspaper: Organization,
) -> None:
    """For everybody of the cast: found by an entry's words, just when the entry is theirs to read."""
    of_nobody = record(internal.implementation, editor, note="Chuchoté", visibility="internal")
    of_news = record(
        internal.implementation,
        editor,
        note="Murmuré",
        visibility="internal",
        organization=newspaper,
    )
    member = make_user(Role.READER, internal.organization)
    cast = (reader, member, contributor, foreign_contributor, editor, administrator)
    words = {internal: MARK, of_nobody: "chuchoté", of_news: "murmuré"}
    for user in cast:
        for entry, word in words.items():
            may = FollowUp.objects.visible_to(user).filter(pk=entry.pk).exists()
            assert is_found(word, user) == may, (user, word)
            shown = {e.entry for e in excerpts(word, user)}
            assert (entry in shown) == may


@pytest.fixture
def careless(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that finds all there is, whoever asks."""
    for name in ("public", "internal"):
        monkeypatch.setattr(
            type(engine()), name, lambda *_asked: ("SELECT id FROM tracker_document", [])
        )


def test_what_the_engine_finds_is_read_through_the_read_rule(
    internal: FollowUp, careless: None, contributor: User, foreign_contributor: User
) -> None:
    assert is_found(MARK, contributor)
    assert not is_found(MARK, foreign_contributor)
    assert not is_found(MARK)


def test_all_that_match_are_read_through_the_read_rule(
    internal: FollowUp, careless: None, contributor: User, foreign_contributor: User
) -> None:
    """Where an internal document is all there is: public ones would be found by a careless engine anyway."""
    Document.objects.filter(visibility="public").delete()
    query, rows = parse_words(MARK), Implementation.objects
    assert internal.implementation_id in matching(query, contributor)
    assert rows.filter(condition(query, contributor))
    for reader in (foreign_contributor, AnonymousUser()):
        assert not matching(query, reader)
        assert not rows.filter(condition(query, reader))


def test_excerpts_are_read_through_the_read_rule(
    internal: FollowUp, careless: None, contributor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even of a document that slipped through."""
    monkeypatch.setattr(search, "readable_entries", lambda _user: Q())
    assert is_found(MARK)
    assert internal in {excerpt.entry for excerpt in excerpts(MARK, contributor)}
    assert excerpts(MARK) == []


def test_internal_and_public_words_are_found_together(
    internal: FollowUp, contributor: User
) -> None:
    assert is_found(f"frontières public {MARK}", contributor)
    assert not is_found(f"frontières public {MARK}")


@pytest.mark.parametrize(
    "words", ["frontières", "public frontières", f"frontières -{MARK}", "front"]
)
def test_internal_words_move_nothing_for_readers(
    implementation: Implementation, contributor: User, words: str
) -> None:
    make_implementation()
    record(implementation, contributor, note="Un atelier public")
    before = find(words, user=AnonymousUser())
    shown = before.excerpts(list(Implementation.objects.all()))
    for _n in range(3):
        record(implementation, contributor, note=f"{words} {MARK}", visibility="internal")
    after = find(words, user=AnonymousUser())
    assert (after.implementations, after.is_cut) == (before.implementations, before.is_cut)
    assert after.excerpts(list(Implementation.objects.all())) == shown


def test_an_exclusion_of_internal_words_is_for_those_who_read_them(
    internal: FollowUp, contributor: User
) -> None:
    assert is_found(f"frontières -{MARK}")
    assert not is_found(f"frontières -{MARK}", contributor)


# --- Excerpts -------------------------------------------------------------------------------------


def test_excerpts_say_where_the_words_are(implementation: Implementation, editor: User) -> None:
    entry = record(implementation, editor, note="Une **visite** à *Koulouba*, puis rien")
    told = excerpts("koulouba frontières")
    assert [e.kind for e in told] == ["text", "entry"]
    assert [e.entry for e in told] == [None, entry]
    assert marks(told) == ["frontières", "Koulouba"]


@pytest.mark.parametrize("tongue", ["fr", "en"])
def test_a_text_in_which_words_were_found_is_shown_once(client: Client, tongue: str) -> None:
    make_implementation(make_recommendation(text="Le cacao du Mali", english="Cocoa of Mali"))
    word, path = {"fr": ("cacao", "/"), "en": ("cocoa", "/en/")}[tongue]
    page = parse(client.get(f"{path}recommendations/?q={word}"))
    row = page.xpath("//ol[@class='rows']/li")[0]
    assert row.text_content().lower().count(word) == 1
    assert [mark.text.lower() for mark in row.iter("mark")] == [word]


def test_excerpts_are_escaped_and_marked(implementation: Implementation, editor: User) -> None:
    record(implementation, editor, note="Le code `<script>` de Koulouba & Cie")
    found = find("koulouba", user=editor).excerpts([implementation])
    tag = Template("{% load suivi %}{% excerpts row row.recommendation %}")
    page = tag.render(Context({"excerpts": found, "row": implementation}))
    assert "<mark>Koulouba</mark> &amp; Cie" in page
    assert "&lt;script&gt;" in page
    assert "<script>" not in page


def test_the_number_of_queries_does_not_grow(editor: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            find("frontières Koulouba", user=editor).excerpts(list(rows))
        return len(captured)

    def more(count: int) -> None:
        for _n in range(count):
            row = make_implementation(make_recommendation(english="Border"))
            record(row, editor, [f"https://example.org/{row.pk}"], note="Koulouba")

    make_organization()
    make_meeting()
    more(1)
    rows = Implementation.objects.all()
    one = queries()
    more(5)
    rows = Implementation.objects.all()
    assert queries() == one <= 7


def test_the_index_can_be_taken_away_and_made_again(implementation: Implementation) -> None:
    """As the migration does, in both directions."""
    connection.check_constraints()  # PostgreSQL alters no table of which checks are still to be made
    engine().uninstall(connection)
    engine().install(connection)
    engine().rebuild(connection)
    assert is_found("frontières")
