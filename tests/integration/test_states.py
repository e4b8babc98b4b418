"""The list of States, the page of one, and its report to print."""

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.factories import make_implementation, make_meeting, make_recommendation, record
from tests.htmx import parse
from tracker.actions.ledger import together
from tracker.actions.redactions import redact_entry
from tracker.models import Implementation, User
from tracker.views import states

pytestmark = pytest.mark.django_db
LATER = dt.datetime(2099, 3, 1, 9, tzinfo=dt.UTC)


def main(client: Client, path: str) -> Any:
    return parse(client.get(path)).get_element_by_id("main")


def words(client: Client, path: str) -> str:
    return " ".join(main(client, path).text_content().split())


def report(client: Client, path: str) -> str:
    response: Any = client.get(path)
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode()


def refs(client: Client, path: str) -> list[str]:
    return list(main(client, path).xpath(".//article/@id"))


def names(client: Client, path: str) -> list[str]:
    return [a.text for a in main(client, path).xpath(".//*[@class='of-states']//a")]


def recommend(number: int, state: str = "ML", **fields: Any) -> list[Implementation]:
    meeting = make_meeting(**fields)
    return [make_implementation(make_recommendation(meeting=meeting), state) for _ in range(number)]


# --- All of them


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/states/", ["Allemagne", "Égypte", "Espagne", "Mali"]),
        ("/en/states/", ["Egypt", "Germany", "Mali", "Spain"]),
    ],
)
def test_states_stand_in_the_order_of_the_readers_language(
    client: Client, path: str, expected: list[str]
) -> None:
    for code in ("ML", "ES", "DE", "EG"):
        recommend(1, code)
    assert names(client, path) == expected


def test_each_says_how_many_and_where_they_stand(client: Client, editor: User) -> None:
    first, *_others = recommend(3)
    recommend(1, "NE")
    record(first, editor, [factories.URL], status="in_progress")
    said = [" ".join(e.text_content().split()) for e in main(client, "/en/states/").xpath(".//li")]
    assert said == [
        "Mali Three recommendations. One is in progress; of two, nothing has been reported.",
        "Niger One recommendation. Nothing has been reported on any of them.",
    ]


def test_nobody_is_ranked_or_scored(client: Client, editor: User) -> None:
    record(recommend(2)[0], editor, [factories.URL], status="implemented")
    recommend(1, "AF")
    assert names(client, "/en/states/") == ["Afghanistan", "Mali"]
    for path in ("/en/states/", "/en/states/ML/", "/en/matrix/"):
        assert not re.search(r"%|\brank|\bscore", words(client, path))


def test_letters_head_a_long_list(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for code in ("ML", "EG", "ES"):
        recommend(1, code)
    assert not main(client, "/states/").xpath(".//h2")
    monkeypatch.setattr(states, "MANY", 2)
    assert [h.text for h in main(client, "/states/").xpath(".//h2")] == ["E", "M"]


def test_without_any_it_says_what_would_be_here(client: Client) -> None:
    assert "will be listed here" in words(client, "/en/states/")


# --- One of them


def test_its_recommendations_by_meeting_newest_first(client: Client) -> None:
    recommend(2)
    recommend(1, session=13, starts_on=dt.date(2026, 1, 5), ends_on=dt.date(2026, 1, 5))
    recommend(1, "NE")
    assert refs(client, "/states/ML/") == ["som-13-1", "som-12-1", "som-12-2"]
    meetings = [
        " ".join(h.text_content().split()) for h in main(client, "/states/ML/").xpath(".//h2")
    ]
    assert [re.findall(r"\d+", name)[0] for name in meetings] == ["13", "12"]


def test_what_was_said_and_what_became_of_it(
    client: Client, contributor: User, editor: User
) -> None:
    made = make_implementation(make_recommendation(english="Better management of borders"))
    record(made, editor, [factories.URL], status="not_started", happened_on=dt.date(2025, 11, 2))
    record(made, contributor, ["https://example.org/2"], status="in_progress", note="Un *décret*.")
    article = main(client, "/en/states/ML/").xpath(".//article")[0]
    assert article.xpath(".//blockquote/@lang") == ["en"]
    assert article.xpath(".//@data-status") == ["in_progress"]
    said = " ".join(article.text_content().split())
    assert "Better management of borders" in said
    assert "Unofficial translation" in said
    assert "reported by the government" in said
    assert "The two differ: the government reports “in progress”" in said
    assert "Awa Diarra for Gouvernement du Mali Un décret." in said
    assert article.xpath(".//*[@class='cite']/a/@href") == ["https://example.org/2"]


def test_since_when_it_stands(client: Client, editor: User) -> None:
    made = recommend(1)[0]
    record(made, editor, [factories.URL], status="not_started", happened_on=dt.date(2025, 11, 2))
    assert "since 2 November 2025, verified by others" in words(client, "/en/states/ML/")


@pytest.mark.parametrize("path", ["/en/states/ml/", "/en/states/Ml/report/"])
def test_a_code_in_another_case_leads_to_the_one_address(client: Client, path: str) -> None:
    response = client.get(f"{path}?x=1")
    to = path.replace("ml", "ML").replace("Ml", "ML")
    assert (response.status_code, response["Location"]) == (301, f"{to}?x=1")


@pytest.mark.parametrize("code", ["QQ", "MLI", "%EF%AC%81", "Mali"])
@pytest.mark.parametrize("more", ["", "report/"])
def test_an_unknown_code_is_nowhere(client: Client, code: str, more: str) -> None:
    assert client.get(f"/states/{code}/{more}").status_code == 404


def test_a_state_of_which_nothing_is_tracked_says_so(client: Client) -> None:
    assert "Nothing is tracked for this State yet." in words(client, "/en/states/FR/")
    assert "Nothing is tracked for this State yet." in report(client, "/en/states/FR/report/")


def test_pages_go_on_after_a_place(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(states, "PAGE", 2)
    recommend(3)
    same_day = make_meeting(1, "cop")  # another meeting of the same days
    make_implementation(make_recommendation(meeting=same_day))
    recommend(1, session=11, starts_on=dt.date(2024, 1, 5), ends_on=dt.date(2024, 1, 5))
    path, found = "/states/ML/", []
    while path:
        page = main(client, path)
        found.append(page.xpath(".//article/@id"))
        path = next(iter(page.xpath(".//a[@rel='next']/@href")), "")
    assert found == [["som-12-1", "som-12-2"], ["som-12-3", "cop-1-1"], ["som-11-1"]]


def test_redacted_words_and_sources_are_gone(
    client: Client, contributor: User, administrator: User
) -> None:
    made = recommend(1)[0]
    entry = record(made, contributor, ["https://example.org/zanzibar"], note="Zanzibar")
    redact_entry(by=administrator, entry=entry, reason="Un jugement", channel="site")
    for said in (words(client, "/en/states/ML/"), report(client, "/en/states/ML/report/")):
        assert "The words were redacted." in said
        assert "zanzibar" not in said.lower()


# --- Its report


def test_the_report_has_all_of_it(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(states, "PAGE", 2)
    monkeypatch.setattr(states, "CHUNK", 2)
    recommend(5)
    recommend(1, session=11, starts_on=dt.date(2024, 1, 5), ends_on=dt.date(2024, 1, 5))
    page = report(client, "/en/states/ML/report/")
    assert re.findall(r'<article class="told" id="([^"]+)"', page) == [
        *(f"som-12-{n}" for n in range(1, 6)),
        "som-11-1",
    ]
    assert page.count('<h2 class="of-meeting">') == 2
    assert page.rstrip().endswith("</html>")
    assert "<!--" not in page


def test_the_report_says_who_printed_what_as_of_when(client: Client, editor: User) -> None:
    recommend(1)
    client.force_login(editor)
    page = report(client, "/en/states/ML/report/")
    foot = page[page.index('<p class="print-only">') :]
    assert "Printed from the page of" in foot
    assert "Sofia Keller" in foot
    assert "http://testserver/en/states/ML/report/" in foot
    assert "Digest of the record: " in foot
    assert "All that was recommended, and what became of it, as of" in page


def test_the_report_is_in_one_language_to_its_end(client: Client) -> None:
    recommend(1)
    assert "No information reported" in report(client, "/en/states/ML/report/")
    assert "Aucune information" in report(client, "/states/ML/report/")


# --- As of a past day


def test_as_they_were_at_the_end_of_a_day(client: Client, editor: User) -> None:
    with time_machine.travel(LATER, tick=False):
        made = recommend(1)[0]
    with time_machine.travel(LATER + dt.timedelta(days=1), tick=False):
        record(made, editor, [factories.URL], status="in_progress", note="Le lendemain")
        recommend(1, "NE")
    with time_machine.travel(LATER + dt.timedelta(days=2), tick=False):
        then = "?as_of=2099-03-01"
        assert names(client, "/en/states/") == ["Mali", "Niger"]
        assert names(client, f"/en/states/{then}") == ["Mali"]
        for said in (
            words(client, f"/en/states/ML/{then}"),
            report(client, f"/en/states/ML/report/{then}"),
        ):
            assert "Le lendemain" not in said
            assert "No information reported" in said
        assert 'as of <time datetime="2099-03-01">' in report(
            client, f"/en/states/ML/report/{then}"
        )
        assert "Nothing is tracked for this State yet." in words(client, f"/en/states/NE/{then}")
        links = main(client, f"/en/states/ML/{then}").xpath(".//h3/a/@href")
        assert links == ["/en/recommendations/som-12-1/?state=ML&as_of=2099-03-01"]
        for path in ("/states/", "/states/ML/", "/states/ML/report/", "/matrix/"):
            assert client.get(f"{path}?as_of=2099-03-09").status_code == 400


# --- What it costs


COSTLY = ("/states/", "/states/ML/", "/states/ML/report/", "/matrix/?meeting=")


def queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        response: Any = client.get(path)
        b"".join(getattr(response, "streaming_content", []))
    return len(captured)


def test_queries_do_not_grow(client: Client, editor: User, government: Any) -> None:
    counts = []
    for number in (1, 10):
        with time_machine.travel(LATER, tick=False), transaction.atomic():
            with together():
                for made in recommend(number):
                    said = {"organization": government, "note": "x", "status": "in_progress"}
                    record(made, editor, [f"https://example.org/{made.pk}"], **said)
            for code in ("BJ", "NE", "TG")[: 3 if number > 1 else 0]:
                make_implementation(made.recommendation, code)
            today = [queries(client, path) for path in COSTLY]
            joint = ["&" if "?" in path else "?" for path in COSTLY]
            past = [
                queries(client, f"{path}{j}as_of=2099-03-01")
                for path, j in zip(COSTLY, joint, strict=True)
            ]
            counts.append(today + past)
            transaction.set_rollback(True)
    assert counts[0] == counts[1]
    assert counts[0][0] <= 2  # one for all States, one for the record's digest


# --- Places: these come last, for they share a record


@pytest.fixture(scope="module")
def one(shared_by_module: None) -> None:
    recommend(1)


@pytest.mark.parametrize(
    "after", ["x", "som-12", "som-12/x", "nope/1", "som-12/-1", "som-12/9999999999"]
)
@pytest.mark.parametrize("path", ["/en/states/ML/", "/en/matrix/"])
def test_a_place_that_cannot_be_read_is_named(
    client: Client, one: None, path: str, after: str
) -> None:
    response = client.get(path, {"after": after})
    assert response.status_code == 400
    assert "after in the address" in parse(response).text_content()
