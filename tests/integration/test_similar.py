"""The index of alike texts is in step with the texts; the page suggests what it finds there."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import make_earlier, make_meeting, make_recommendation, on_its_day
from tests.htmx import parse
from tracker import alike
from tracker.actions.records import delete_record, save_record
from tracker.actions.redactions import redact_edit
from tracker.actions.similar import index_wordings, reindex
from tracker.actions.themes import save_theme
from tracker.actions.upgrades import take_over
from tracker.alike import suggestions
from tracker.models import Band, Edit, Recommendation, Theme, Translation, User, Wording
from tracker.similar.compare import THRESHOLD
from tracker.similar.signature import BANDS

pytestmark = pytest.mark.django_db
TEXT = "L’amélioration de la gestion des frontières, avec des bases de données sécurisées"
AGAIN = "Améliorer la gestion des frontières grâce à des bases de données sécurisées"
ELSE = "Former les juges à l’entraide judiciaire et à l’extradition"
ENGLISH = "Improving border management, with secure databases"


def suggested(recommendation: Recommendation) -> list[str]:
    return [one.recommendation.ref for one in suggestions(recommendation)]


def differing() -> int:
    return reindex(check=True)[1]


# --- What is suggested


def test_what_another_meeting_said_in_other_words_is_suggested_to_both() -> None:
    now, then = make_recommendation(text=TEXT), make_earlier(AGAIN)
    make_earlier(ELSE)
    assert (suggested(now), suggested(then)) == (["som-11-1"], ["som-12-1"])
    assert THRESHOLD <= suggestions(now)[0].likeness <= 1


def test_the_same_meeting_is_not_suggested() -> None:
    one = make_recommendation(text=TEXT)
    make_recommendation(text=TEXT)
    assert suggested(one) == []


def test_two_languages_meet_through_a_translation() -> None:
    now = make_recommendation(text=TEXT, english=ENGLISH)
    make_earlier("Improve border management, with secure databases", language="en")
    assert suggested(now) == ["som-11-1"]


def test_the_most_alike_come_first_and_five_are_enough() -> None:
    now = make_recommendation(text=TEXT)
    make_earlier(AGAIN, session=5)
    for session in range(6, 12):
        make_earlier(TEXT, session=session)
    assert suggested(now) == [f"som-{session}-1" for session in range(11, 6, -1)]


def test_what_thousands_share_is_not_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "CROWD", 3)
    monkeypatch.setattr(alike, "SHOWN", 10)
    now = make_recommendation(text=TEXT)
    for _ in range(5):
        make_earlier(TEXT)
    assert suggested(now) == ["som-11-5", "som-11-4", "som-11-3"]


def test_as_many_queries_for_many_as_for_one() -> None:
    now, counts = make_recommendation(text=TEXT), []
    for session in (11, 10, 9, 8, 7, 6, 5):
        make_earlier(AGAIN, session=session, english=ENGLISH)
        with CaptureQueriesContext(connection) as queries:
            suggestions(now)
        counts.append(len(queries))
    assert counts == [5] * 7


# --- In step


def test_a_new_text_is_found_at_once_and_an_edited_one_no_more(editor: User) -> None:
    now, then = make_recommendation(text=TEXT), make_earlier(AGAIN)
    then.text = ELSE
    save_record(by=editor, record=then, changed=["text"])
    assert suggested(now) == []
    assert differing() == 0
    then.text = TEXT
    save_record(by=editor, record=then, changed=["text"])
    assert suggested(now) == ["som-11-1"]
    assert differing() == 0


def test_a_translation_comes_changes_and_goes(editor: User) -> None:
    now = make_recommendation(text=ENGLISH, language="en")
    then = make_earlier(ELSE)
    words = Translation(recommendation=then, language="en", text=ENGLISH)
    save_record(by=editor, record=words)
    assert suggested(now) == ["som-11-1"]
    words.text = "Training judges"
    save_record(by=editor, record=words, changed=["text"])
    assert suggested(now) == []
    delete_record(by=editor, record=words)
    assert list(Wording.objects.filter(recommendation=then).values_list("language")) == [("fr",)]
    assert differing() == 0


def test_what_is_deleted_is_gone(editor: User) -> None:
    now, then = make_recommendation(text=TEXT), make_earlier(AGAIN)
    with on_its_day(then):
        delete_record(by=editor, record=then)
    assert suggested(now) == []
    assert Band.objects.exclude(recommendation=now).count() == 0


def test_a_step_that_fails_leaves_it_as_it_was(editor: User) -> None:
    now, then = make_recommendation(text=TEXT), make_earlier(AGAIN)
    then.text = ELSE
    with transaction.atomic():
        save_record(by=editor, record=then, changed=["text"])
        transaction.set_rollback(True)
    assert suggested(now) == ["som-11-1"]


def test_no_word_stays_that_was_redacted(editor: User, administrator: User) -> None:
    then = make_earlier("Une phrase qui nomme Zanzibar")
    then.text = ELSE
    save_record(by=editor, record=then, changed=["text"])
    edit = Edit.objects.filter(key=then.ref).order_by("sequence")[0]
    redact_edit(by=administrator, edit=edit, reason="Un jugement", channel="site")
    assert not Wording.objects.filter(stems__contains="zanzib").exists()
    assert differing() == 0


def test_a_text_of_stop_words_alone_is_known_to_be_empty() -> None:
    make_recommendation(text="Pour tous les États")
    assert Wording.objects.get().stems == ""
    assert take_over() == 0
    assert differing() == 0


def test_a_theme_that_is_renamed_writes_nothing_of_it(editor: User) -> None:
    theme = save_record(by=None, record=Theme(slug="x", name_fr="Un", name_en="One"))
    make_recommendation(text=TEXT, themes=[theme])
    before = list(Band.objects.order_by("pk").values_list("pk", flat=True))
    theme.name_fr = "Deux"
    save_theme(by=editor, theme=theme, changed=["name_fr"])
    assert list(Band.objects.order_by("pk").values_list("pk", flat=True)) == before


def test_many_are_indexed_in_as_many_queries_as_few() -> None:
    meeting, counts = make_meeting(), []
    for _ in range(10):
        make_recommendation(meeting=meeting, text=TEXT, english=ENGLISH)
    pks = list(Recommendation.objects.values_list("pk", flat=True))
    for part in (pks[:2], pks):
        Wording.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            assert index_wordings(pks=part) == len(part)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- The command, and older sites


def reindexed(*options: str) -> tuple[str, int]:
    said, code = StringIO(), 0
    try:
        call_command("reindex_similar", *options, stdout=said)
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    return said.getvalue().strip(), code


def test_the_command_says_what_differs_and_puts_it_right() -> None:
    make_recommendation(text=TEXT)
    make_earlier(AGAIN)
    Band.objects.filter(pk__in=list(Band.objects.values_list("pk", flat=True)[:1])).delete()
    assert reindexed("--check") == ("2 recommendations read, 1 differed.", 1)
    assert reindexed() == ("2 recommendations read, 1 differed.", 0)
    assert reindexed("--check") == ("2 recommendations read, 0 differed.", 0)
    assert Band.objects.count() == 2 * BANDS


def test_an_older_site_is_taken_over() -> None:
    now = make_recommendation(text=TEXT)
    make_earlier(AGAIN)
    Wording.objects.all().delete()
    Band.objects.all().delete()
    take_over()
    assert suggested(now) == ["som-11-1"]
    assert differing() == 0


# --- The page


def test_the_page_shows_them_labelled_as_what_they_are(client: Client) -> None:
    make_recommendation(text=TEXT)
    make_earlier(AGAIN)
    section = parse(client.get("/en/recommendations/som-12-1/")).get_element_by_id("similar")
    assert "Worded alike; nobody has confirmed a link." in section.text_content()
    assert section.xpath(".//a/@href") == ["/en/recommendations/som-11-1/"]
    assert section.xpath(".//q[@lang='fr']")[0].text == AGAIN
    assert "meeting no. 11 · Vienna" in section.text_content()


def test_without_any_there_is_no_section(client: Client) -> None:
    make_recommendation(text=TEXT)
    assert b'id="similar"' not in client.get("/en/recommendations/som-12-1/").content


def test_a_past_page_suggests_nothing(client: Client) -> None:
    make_recommendation(text=TEXT)
    make_earlier(AGAIN)
    day = Recommendation.objects.latest("pk").added_at.date()
    page: Any = client.get(f"/en/recommendations/som-12-1/?as_of={day}")
    assert b'id="similar"' not in page.content
