"""What changed between two days: every kind of change, to whom it is shown, in which words."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests import cast, factories
from tests.htmx import parse
from tracker.actions.followups import confirm_implementation
from tracker.actions.records import delete_record, save_record
from tracker.actions.redactions import redact_edit, redact_entry
from tracker.actions.sources import CitedSource
from tracker.models import Edit, FollowUp, Implementation, Translation, User
from tracker.statuses import Channel, Visibility

URL = "https://example.org/a"
PERIOD = "from=2026-03-01&to=2026-03-31"
CHANGES = f"/en/changes/?{PERIOD}"
CAST = ("administrator", "editor", "contributor", "foreign_contributor", "reader")


def on(day: str) -> Any:
    """Noon of a day of 2026: ``on("03-05")``."""
    return time_machine.travel(f"2026-{day}T12:00:00+00:00", tick=True)


@pytest.fixture(scope="module")
def tracked(shared_by_module: None) -> None:
    """Mali's carrying-out of ``som-12-1``, tracked since February, and the people who write and read."""
    with on("02-01"):
        recommendation = factories.make_recommendation(number=1, english="Better border management")
        factories.make_implementation(recommendation)
        cast.everybody()


@pytest.fixture
def told(tracked: None, db: None) -> Iterator[Implementation]:
    """What is ``tracked``; the tests read on 1 April."""
    with on("04-01"):
        yield cast.implementation()


def said(client: Client, path: str = CHANGES) -> str:
    """The sentence of the page."""
    text = parse(client.get(path)).get_element_by_id("sentence").text_content()
    return re.sub(r"\s+", " ", text)


def words(client: Client, path: str = CHANGES) -> str:
    """All that the page's main part says."""
    return re.sub(r"\s+", " ", parse(client.get(path)).get_element_by_id("main").text_content())


def reread(record: Any) -> Any:
    return type(record).objects.get(pk=record.pk)


def edit(record: Any, by: User, **fields: Any) -> None:
    found = reread(record)
    for name, value in fields.items():
        setattr(found, name, value)
    save_record(by=by, record=found, changed=fields)


# --- What is said -------------------------------------------------------------------------------------


def test_nothing_changed_is_said_too(client: Client, told: Implementation) -> None:
    assert said(client) == "Nothing changed between 1 March 2026 and 31 March 2026."


def test_a_status_then_and_now_with_every_step(
    client: Client, told: Implementation, contributor: User, editor: User
) -> None:
    with on("02-10"):
        factories.record(told, contributor, status="not_started")
    with on("03-05"):
        first = factories.record(told, contributor, status="in_progress")
    with on("03-20"):
        second = factories.record(told, editor, [URL], status="implemented")
    page = parse(client.get(CHANGES))
    assert page.xpath("//*[@data-then]/@data-then") == ["not_started"]
    assert page.xpath("//*[@data-now]/@data-now") == ["implemented"]
    assert page.xpath("//ol[@class='steps']/li/p[1]/a/@href") == [
        f"/en/entries/{first.pk}/",
        f"/en/entries/{second.pk}/",
    ]


def test_the_sentence_counts_what_changed(
    client: Client, told: Implementation, contributor: User, editor: User
) -> None:
    with on("03-05"):
        entry = factories.record(told, contributor, [URL], status="in_progress", note="Un décret")
        factories.record(told, contributor, ["https://example.org/b"], note="Un atelier")
        factories.amend(entry, contributor, [URL], status="in_progress", note="Le décret")
        edit(told.recommendation, editor, text="La meilleure gestion des frontières")
    assert said(client) == (
        "Between 1 March 2026 and 31 March 2026, the status of one recommendation changed, two notes "
        "and two sources were added, one entry was amended and one text was edited."
    )


def test_an_amendment_says_what_and_why(
    client: Client, told: Implementation, contributor: User
) -> None:
    with on("02-05"):
        entry = factories.record(told, contributor, note="Un décret signé")
    with on("03-05"):
        factories.amend(entry, contributor, note="Un décret", reason="Pas encore signé")
    assert "Un décret signé — reason: Pas encore signé" in words(client)


def test_a_retraction_says_what_and_why(
    client: Client, told: Implementation, contributor: User
) -> None:
    with on("02-05"):
        entry = factories.record(told, contributor, note="Un décret signé")
    with on("03-05"):
        factories.retract(entry, contributor, reason="Erreur de date")
    assert "Un décret signé — reason: Erreur de date" in words(client)
    assert said(client).endswith("one entry was retracted.")


def test_a_confirmation_is_told(client: Client, told: Implementation, contributor: User) -> None:
    with on("03-05"):
        confirm_implementation(by=contributor, implementation=told, channel=Channel.SITE)
    assert "Confirmed, no change" in words(client)
    assert said(client).endswith("it was confirmed once that nothing had moved.")


def test_a_confirmation_that_was_taken_back_is_not_counted(
    client: Client, told: Implementation, contributor: User
) -> None:
    with on("03-05"):
        confirm_implementation(by=contributor, implementation=told, channel=Channel.SITE)
        factories.retract(FollowUp.objects.get(), contributor)
    assert said(client).endswith("31 March 2026, one entry was retracted.")


def test_a_redaction_is_told_and_only_that(
    client: Client, told: Implementation, contributor: User, administrator: User
) -> None:
    with on("02-05"):
        entry = factories.record(told, contributor, note="Un nom")
    with on("03-05"):
        redact_entry(by=administrator, entry=entry, reason="Jugement", channel=Channel.SITE)
    shown = words(client)
    assert "Jugement" in shown
    assert "Un nom" not in shown
    assert said(client).endswith("31 March 2026, one entry was redacted.")


def test_a_new_source_is_written_out_and_a_known_one_is_not_counted(
    client: Client, told: Implementation, contributor: User
) -> None:
    with on("02-05"):
        factories.record(told, contributor, [URL])
    with on("03-05"):
        factories.record(told, contributor, [URL], note="Encore")
    assert said(client).endswith("31 March 2026, one note was added.")
    assert parse(client.get(CHANGES)).xpath("//*[@class='cite']/a/@href") == [URL]


def test_print_repeats_no_address_that_stands_there_already(
    client: Client, told: Implementation, contributor: User
) -> None:
    with on("03-05"):
        titled = CitedSource("https://example.org/b", "Un décret", "", None, "")
        factories.record(told, contributor, [URL, titled])
    assert parse(client.get(CHANGES)).xpath("//*[@class='cite']/a[@class='bare']/@href") == [URL]


def test_a_text_is_shown_with_the_words_that_went_and_came(
    client: Client, told: Implementation, editor: User
) -> None:
    with on("03-05"):
        edit(told.recommendation, editor, text="L’amélioration du contrôle des frontières")
    page = parse(client.get(CHANGES))
    assert [e.text_content() for e in page.xpath("//p[@class='words']/del")] == [
        "removed: de la gestion"
    ]
    assert [e.text_content() for e in page.xpath("//p[@class='words']/ins")] == [
        "added: du contrôle"
    ]


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"due_on": dt.date(2026, 12, 1)}, "Due date: added: 1 December 2026"),
        ({"lead": "?"}, "Lead: added: Police"),
    ],
)
def test_who_leads_until_when_is_told(
    client: Client, told: Implementation, editor: User, fields: dict[str, Any], shown: str
) -> None:
    if "lead" in fields:
        fields = {"lead": factories.make_organization("Police")}
    with on("03-05"):
        edit(told, editor, **fields)
    assert shown in words(client)
    assert said(client).endswith("other details of one recommendation were edited.")


def test_a_text_and_a_due_date_count_both(
    client: Client, told: Implementation, editor: User
) -> None:
    with on("03-05"):
        edit(told.recommendation, editor, text="Autre texte")
        edit(told, editor, due_on=dt.date(2026, 12, 1))
    assert said(client).endswith(
        "one text was edited and other details of one recommendation were edited."
    )


def test_who_leads_is_named_in_the_language_of_the_reader(
    client: Client, told: Implementation, editor: User
) -> None:
    with on("02-05"):
        lead = factories.make_organization("Police nationale")
        edit(lead, editor, name_en="National Police")
    with on("03-05"):
        edit(told, editor, lead=lead)
    assert "Lead: added: National Police" in words(client)
    assert "Police nationale" in words(client, f"/changes/?{PERIOD}")


def test_days_of_edits_are_parted_as_french_parts_them(
    client: Client, told: Implementation, editor: User
) -> None:
    for day in ("03-05", "03-06"):
        with on(day):
            edit(told.recommendation, editor, text=f"Autre texte {day}")
    page = client.get(f"/changes/?{PERIOD}").content.decode()
    assert re.search(r"\S\u00a0; <time", page)


def test_a_translation_that_went_is_told(
    client: Client, told: Implementation, editor: User
) -> None:
    with on("03-05"):
        delete_record(by=editor, record=Translation.objects.get())
    assert "removed: Better border management" in words(client)


def test_what_was_put_back_is_told_and_not_counted(
    client: Client, told: Implementation, editor: User
) -> None:
    with on("03-05"):
        edit(told.recommendation, editor, text="Autre")
        edit(told.recommendation, editor, text=told.recommendation.text)
    assert "in the end put back as it was" in words(client)
    assert said(client).startswith("Nothing changed")


def test_words_redacted_since_are_never_shown_again(
    client: Client, told: Implementation, editor: User, administrator: User
) -> None:
    with on("03-05"):
        edit(told.recommendation, editor, text="Un nom propre")
    with on("03-06"):
        edit(told.recommendation, editor, text="Sans nom")
        gone = Edit.objects.filter(key="som-12-1").order_by("-sequence")[1]
        redact_edit(by=administrator, edit=gone, reason="Jugement", channel=Channel.SITE)
    for period in (PERIOD, "from=2026-03-01&to=2026-03-05", "from=2026-03-05&to=2026-03-06"):
        assert "nom propre" not in words(client, f"/en/changes/?{period}")
    assert "Jugement" in words(client)


def test_what_is_newly_tracked_is_said_once(client: Client, told: Implementation) -> None:
    with on("03-05"):
        factories.make_implementation(factories.make_recommendation(number=2))
    assert said(client).endswith("31 March 2026, one recommendation was newly tracked.")
    assert words(client).count("Newly tracked") == 1
    assert "not tracked yet" in words(client)


def test_a_status_that_came_and_went_is_said_to_have_changed_nothing(
    client: Client, told: Implementation, contributor: User
) -> None:
    with on("02-05"):
        factories.record(told, contributor, status="in_progress")
    with on("03-05"):
        factories.record(told, contributor, status="implemented")
        factories.record(told, contributor, status="in_progress")
    assert said(client).endswith("two statuses were given that changed nothing in the end.")


def test_a_correction_after_the_second_day_does_not_strike_yet(
    client: Client, told: Implementation, contributor: User
) -> None:
    with on("03-05"):
        entry = factories.record(told, contributor, note="Trop tôt")
    factories.retract(entry, contributor)
    assert not parse(client.get(CHANGES)).xpath("//li[@class='struck']")
    after = parse(client.get("/en/changes/?from=2026-03-01&to=2026-04-01"))
    assert after.xpath("//li[@class='struck']//del")


def test_a_day_lasts_until_its_end_in_utc(
    client: Client, told: Implementation, contributor: User
) -> None:
    with time_machine.travel("2026-03-01T23:59:59+00:00", tick=False):
        before = factories.make_implementation(factories.make_recommendation(number=2))
        factories.record(before, contributor, note="La veille")
    with time_machine.travel("2026-03-31T23:59:59+00:00", tick=False):
        factories.record(told, contributor, note="Le soir")
    assert "Le soir" in words(client)
    assert "La veille" not in words(client)


# --- In French ----------------------------------------------------------------------------------------


def test_the_sentence_agrees_in_french(
    client: Client, told: Implementation, contributor: User, editor: User
) -> None:
    with on("03-05"):
        entry = factories.record(told, contributor, [URL], status="in_progress", note="Un décret")
        factories.record(told, contributor, ["https://example.org/b"], note="Un atelier")
        factories.amend(entry, contributor, [URL], status="in_progress", note="Le décret")
        edit(told.recommendation, editor, text="La meilleure gestion des frontières")
    assert said(client, f"/changes/?{PERIOD}") == (
        "Entre le 1er mars 2026 et le 31 mars 2026, l’avancement d’une recommandation a changé, deux "
        "notes et deux sources ont été ajoutées, une entrée a été rectifiée et un texte a été modifié."
    )


def test_nothing_changed_in_french(client: Client, told: Implementation) -> None:
    assert said(client, f"/changes/?{PERIOD}") == (
        "Rien n’a changé entre le 1er mars 2026 et le 31 mars 2026."
    )


# --- To whom ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", CAST)
def test_an_internal_entry_is_told_to_who_may_read_it(
    client: Client,
    told: Implementation,
    contributor: User,
    who: str,
    request: pytest.FixtureRequest,
) -> None:
    with on("03-05"):
        inside = {"note": "Entre nous", "visibility": Visibility.INTERNAL}
        factories.record(told, contributor, [URL], status="implemented", **inside)
    user = request.getfixturevalue(who)
    if isinstance(user, User):
        client.force_login(user)
    reads = who in ("administrator", "editor", "contributor")
    assert ("Entre nous" in words(client)) == reads
    assert said(client).startswith("Nothing changed") != reads
    assert bool(parse(client.get(CHANGES)).xpath("//li//b[@class='internal']")) == reads
    assert bool(parse(client.get(CHANGES)).xpath("//section")) == reads


# --- What is asked ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=hier", "from"),
        ("from=2026-02-30", "from"),
        ("to=2027-01-01", "to"),
        ("from=2026-03-02&to=2026-03-01", "from"),
        ("state=ZZ", "state"),
        ("meeting=nope", "meeting"),
        ("body=nope", "body"),
    ],
)
@pytest.mark.parametrize("path", ["/en/changes/", "/en/changes/cite/"])
def test_what_cannot_be_read_is_said_at_its_field(
    client: Client, told: Implementation, query: str, field: str, path: str
) -> None:
    response = client.get(f"{path}?{query}")
    page = parse(response)
    assert response.status_code == 400
    assert page.get_element_by_id(f"id_{field}").get("aria-describedby") == f"id_{field}_error"
    assert page.get_element_by_id(f"id_{field}_error").text_content()


def test_by_default_since_the_last_meeting(client: Client, told: Implementation) -> None:
    form = parse(client.get("/en/changes/")).forms[1]
    assert dict(form.form_values()) == {"from": "2025-10-10", "to": "2026-04-01"}


def test_before_the_record_began_all_counts_and_the_day_is_named(
    client: Client, told: Implementation
) -> None:
    assert said(client, "/en/changes/") == (
        "Between 10 October 2025 and 1 April 2026, one recommendation was newly tracked."
    )
    assert "At the end of 10 October 2025 nothing had been recorded yet" in words(
        client, "/en/changes/"
    )


@pytest.mark.parametrize(
    ("query", "found"), [("state=ML", 1), ("state=NE", 0), ("meeting=som-12", 1), ("body=som", 1)]
)
def test_one_state_meeting_or_body(
    client: Client, told: Implementation, contributor: User, query: str, found: int
) -> None:
    with on("03-05"):
        factories.record(told, contributor, note="Un atelier")
    factories.make_implementation(told.recommendation, state="NE")
    page = parse(client.get(f"{CHANGES}&{query}"))
    assert len(page.xpath("//ol[@class='steps']/li")) == found
    assert ("was added" in page.get_element_by_id("sentence").text_content()) == bool(found)


# --- Much of it --------------------------------------------------------------------------------------


def test_a_long_history_shows_its_newest_steps_and_says_how_many_more(
    client: Client, told: Implementation, contributor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.compared.STEPS", 3)
    with on("03-05"):
        for number in range(5):
            factories.record(told, contributor, note=f"Note {number}")
    assert "2 earlier steps are not shown" in words(client)
    assert "Note 1" not in words(client)
    assert "Note 2" in words(client)


def test_many_changes_are_read_in_pages(
    client: Client, told: Implementation, contributor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.views.changes.PAGE", 2)
    with on("03-05"):
        factories.record(told, contributor, note="Un atelier")
        for number in (2, 3):
            recommendation = factories.make_recommendation(number=number)
            factories.record(factories.make_implementation(recommendation), contributor)
    page = parse(client.get(CHANGES))
    assert page.xpath("//a[@rel='next']/@href") == [f"?{PERIOD}&page=2"]
    seen = [
        heading
        for n in (1, 2, 3)
        for heading in parse(client.get(f"{CHANGES}&page={n}")).xpath("//section/@aria-labelledby")
    ]
    # The recommendation and its carrying-out, both newly tracked, are two changes.
    assert seen == ["h-som-12-1", "h-som-12-2", "h-som-12-2", "h-som-12-3", "h-som-12-3"]
