"""What an edit of the record changed, in the reader's words."""

import datetime as dt
from typing import Any

import pytest
from django.utils import translation

from tracker.history.edits import changes, headline
from tracker.statuses import Act

SAID: dict[str, Any] = {
    "ref": "som-12-1",
    "meeting": "som-12",
    "number": 1,
    "text": "Renforcer la lutte",
    "language": "fr",
    "origin": "https://example.org/a",
    "locator": "",
    "stage": "discussion",
    "translations": [],
    "themes": [
        {"slug": "b", "name_fr": "Frontières", "name_en": "Borders", "is_editorial": True},
    ],
    "provisions": [],
    "difficulties": [],
}
LED: dict[str, Any] = {
    "recommendation": "som-12-1",
    "state": "ML",
    "lead": 1,
    "lead_as": "Ministère",
    "due_on": None,
}
ENGLISH = {"language": "en", "text": "Fight", "is_official": False, "origin": None}
ARTICLE = {"instrument": "p", "kind": "article", "number": "6", "is_editorial": True}


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("before", "after", "heading", "shown"),
    [
        ({}, {"text": "Renforcer cette lutte"}, "Text edited", "Renforcer cette lutte"),
        ({}, {"language": "es"}, "Language changed", "Spanish"),
        ({}, {"number": 2}, "Number changed", "2"),
        ({}, {"stage": "adopted"}, "Stage changed", "Adopted by the working group"),
        ({}, {"locator": "par. 3"}, "Place in the source changed", "par. 3"),
        ({}, {"origin": "https://b.org/"}, "Origin of the quotation changed", "https://b.org/"),
        ({}, {"translations": [ENGLISH]}, "Translation into English added", "Fight"),
        ({"translations": [ENGLISH]}, {}, "Translation into English removed", ""),
        (
            {"translations": [ENGLISH]},
            {"translations": [{**ENGLISH, "text": "Fights"}]},
            "Translation into English edited",
            "Fights",
        ),
        (
            {"translations": [ENGLISH]},
            {"translations": [{**ENGLISH, "is_official": True}]},
            "Edited: whether the translation into English is official",
            "Official translation",
        ),
        ({}, {"themes": []}, "Themes changed", ""),
        (
            {},
            {"themes": [{**SAID["themes"][0], "is_editorial": False}]},
            "Themes changed",
            "Borders (as the quoted text states)",
        ),
        ({}, {"provisions": [ARTICLE]}, "What it rests on changed", "Protocol art. 6"),
        ({}, {"difficulties": ["d"]}, "Difficulties changed", "Biometric data"),
    ],
)
def test_each_field_is_told(
    before: dict[str, Any], after: dict[str, Any], heading: str, shown: str
) -> None:
    names = {"p": "Protocol", "som-12/d": "Biometric data"}
    found = changes({**SAID, **before}, {**SAID, **after}, names)
    assert [(change.heading, change.after) for change in found] == [(heading, shown)]


@pytest.mark.parametrize(
    ("after", "heading", "shown"),
    [
        ({"lead": 2, "lead_as": "Police"}, "Lead changed", "Police"),
        ({"lead": None, "lead_as": ""}, "Lead changed", ""),
        ({"due_on": "2026-12-01"}, "Due date changed", dt.date(2026, 12, 1)),
    ],
)
def test_who_leads_until_when_is_told(after: dict[str, Any], heading: str, shown: Any) -> None:
    found = changes(LED, {**LED, **after})
    assert [(change.heading, change.after) for change in found] == [(heading, shown)]


def test_a_lead_that_was_renamed_leads_as_before() -> None:
    assert changes(LED, {**LED, "lead_as": "Ministère nouveau"}) == []


def test_nothing_is_told_where_nothing_differs() -> None:
    assert changes(SAID, dict(SAID)) == []


def test_words_are_marked_in_their_own_language() -> None:
    change = changes(SAID, {**SAID, "text": "Renforcer cette lutte"})[0]
    assert change.language == "fr"
    assert ("removed", "la") in change.words


def test_a_translation_that_comes_says_whether_it_is_official() -> None:
    change = changes(SAID, {**SAID, "translations": [ENGLISH]})[0]
    assert change.note == "Unofficial translation"


def test_several_fields_are_named_together() -> None:
    found = changes(SAID, {**SAID, "text": "Autre", "themes": []})
    assert headline(found) == "Edited: text, themes"


def test_themes_are_named_in_the_reader_s_language() -> None:
    with translation.override("fr"):
        assert changes(SAID, {**SAID, "themes": []})[0].before == "Frontières"


def test_what_was_not_there_before_says_all_that_it_says() -> None:
    assert "Renforcer la lutte" in [change.after for change in changes(None, SAID)]


@pytest.mark.parametrize(
    ("act", "said"), [(Act.REDACTION, "Earlier words redacted"), (Act.REMOVED, "Removed")]
)
def test_what_has_no_words_is_told_as_well(act: str, said: str) -> None:
    assert headline([], act) == said
