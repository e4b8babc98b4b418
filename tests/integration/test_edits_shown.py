"""Edits of the record, loaded for a timeline: what was before, who, when, and what is gone."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tests.htmx import parse
from tracker.actions.records import save_record
from tracker.actions.redactions import redact_edit
from tracker.edited import EditLine, edits_of
from tracker.models import Edit, Implementation, Recommendation, User
from tracker.statuses import Channel
from tracker.views import recommendation

pytestmark = pytest.mark.usefixtures("shared_cast")
KEYS = ("som-12-1", "som-12-1:ML")


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with translation.override("en"):
        yield


def reword(recommendation: Recommendation, by: User, text: str) -> None:
    recommendation.text = text
    save_record(by=by, record=recommendation, changed=["text"])


def shown(line: EditLine) -> str:
    return " ".join(render_to_string("entries/_edit.html", {"line": line}).split())


def test_how_the_record_began_is_no_edit(implementation: Implementation) -> None:
    assert edits_of(KEYS) == []


def test_edits_are_told_newest_first_with_what_changed(
    implementation: Implementation, editor: User
) -> None:
    reword(implementation.recommendation, editor, "Autre texte")
    implementation.due_on = dt.date(2026, 12, 1)
    save_record(by=editor, record=implementation, changed=["due_on"])
    assert [line.heading for line in edits_of(KEYS)] == ["Due date changed", "Text edited"]


def test_each_edit_is_compared_with_the_one_before(
    implementation: Implementation, editor: User
) -> None:
    for text in ("Un", "Deux", "Trois"):
        reword(implementation.recommendation, editor, text)
    told = [(line.changes[0].before, line.changes[0].after) for line in edits_of(KEYS)][:2]
    assert told == [("Deux", "Trois"), ("Un", "Deux")]


def test_a_window_of_time_has_its_own_edits(implementation: Implementation, editor: User) -> None:
    for text in ("Un", "Deux", "Trois"):
        reword(implementation.recommendation, editor, text)
    times = [line.edit.recorded_at for line in edits_of(KEYS)]
    chosen = edits_of(KEYS, after=times[2], until=times[1])
    assert [line.changes[0].after for line in chosen] == ["Deux"]


def test_the_article_marks_words_not_by_colour_alone(
    implementation: Implementation, editor: User
) -> None:
    recommendation = implementation.recommendation
    reword(recommendation, editor, recommendation.text.replace("gestion", "garde"))
    html = shown(edits_of(KEYS)[0])
    assert '<span class="unseen" lang="en">removed: </span>gestion</del>' in html
    assert '<span class="unseen" lang="en">added: </span>garde</ins>' in html
    assert "Sofia Keller" in html


def test_a_redacted_edit_says_so_with_reason_and_who(
    implementation: Implementation, editor: User, administrator: User
) -> None:
    reword(implementation.recommendation, editor, "Un nom propre")
    reword(implementation.recommendation, editor, "Sans nom")
    edit = Edit.objects.filter(key=KEYS[0]).order_by("-sequence")[1]
    redact_edit(by=administrator, edit=edit, reason="Jugement", channel=Channel.SITE)
    redaction, after, gone = edits_of(KEYS)
    assert redaction.heading == "Earlier words redacted"
    assert after.is_blind
    assert "by Ada Traoré" in shown(gone)
    assert "Jugement" in shown(gone)
    assert not [line for line in (redaction, after, gone) if "nom propre" in shown(line)]


def test_two_queries_however_many_edits(implementation: Implementation, editor: User) -> None:
    counts = []
    for texts in (["Un"], [f"Texte {n}" for n in range(5)]):
        for text in texts:
            reword(implementation.recommendation, editor, text)
        with CaptureQueriesContext(connection) as queries:
            [shown(line) for line in edits_of(KEYS)]
        counts.append(len(queries))
    assert counts == [2, 2]


def test_edits_by_themselves_are_read_in_pages(
    client: Client, implementation: Implementation, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recommendation, "LIMIT", 4)
    for number in range(6):
        reword(implementation.recommendation, editor, f"Texte {number}")
    page = parse(client.get("/recommendations/som-12-1/?show=edits"))
    assert len(page.xpath("//article")) == 4
    older = page.xpath("//*[@id='timeline']//a[@rel='next']/@href")[0]
    rest = parse(client.get(older))
    assert [a.get("id") for a in rest.xpath("//article")] == ["edit-4", "edit-3"]
