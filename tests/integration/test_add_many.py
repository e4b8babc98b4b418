"""A text that recommends hundreds of things: some are shown at a time, all are accepted at once, and what is
beyond comes as a table that an import takes as it is."""

import csv
import io
import time
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import factories
from tests.htmx import form_data, parse
from tests.integration.test_add_meeting import (
    ADD,
    FACTS,
    nothing_is_saved,
    numbers,
    problems,
    propose,
    sent,
    texts,
)
from tracker.actions.meetings import RECOMMENDATIONS
from tracker.forms.rows import ON_A_PAGE, packed
from tracker.models import Implementation, Meeting, Recommendation, User
from tracker.proposals.sheet import Row

WORDS = "renforcer la coopération avec les pays d’origine et de transit, protéger les personnes migrantes"


def text_of(many: int) -> str:
    """As long as those of the Universal Periodic Review."""
    items = (f"6.{n} Article {n} : {WORDS} et {WORDS} (Mali) ;" for n in range(1, many + 1))
    return "Les recommandations suivantes ont été formulées :\n" + "\n".join(items)


@pytest.fixture
def mine(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


def shown(response: Any) -> list[str]:
    page = parse(response)
    return [p.text_content() for p in page.cssselect("[name=show]")]


def rest_of(response: Any) -> str:
    return " ".join(parse(response).get_element_by_id("rest").text_content().split())


def test_all_are_found_and_some_are_shown(mine: Client) -> None:
    response = propose(mine, text_of(340))
    assert "340 recommendations were found." in response.content.decode()
    assert numbers(response) == [str(n) for n in range(1, ON_A_PAGE + 1)]
    assert shown(response)[:2] == ["Show 121 to 240", "Show 241 to 340"]
    assert parse(response).xpath("//*[@id='rest']") == []


def test_others_are_shown_and_nothing_typed_is_lost(mine: Client) -> None:
    data = sent(propose(mine, text_of(340)), **FACTS, show="241", out="2")
    data["text"] = ["Autres mots", *data["text"][1:]]
    response = mine.post(ADD, data)
    assert numbers(response) == [str(n) for n in range(241, 341)]
    assert parse(response).cssselect("[autofocus]")[0].get("id") == "id_text_241"
    response = mine.post(ADD, sent(response, show="1"))
    assert texts(response)[0] == "Autres mots"
    assert parse(response).cssselect("[name=out][checked]")[0].get("value") == "2"
    assert form_data(parse(response), "meeting")["slug"] == "som-12"


def test_rows_move_from_page_to_page(mine: Client) -> None:
    response = mine.post(ADD, sent(propose(mine, text_of(130)), down=str(ON_A_PAGE)))
    assert texts(response)[0].startswith("Article 120 :")
    assert numbers(response)[0] == "121"
    response = mine.post(ADD, sent(response, up="121"))
    assert texts(response)[-1].startswith("Article 120 :")
    response = mine.post(ADD, sent(response, merge=str(ON_A_PAGE)))
    assert "Article 121 :" in texts(response)[-1]


def test_the_text_leads_only_to_what_is_shown(mine: Client) -> None:
    page = parse(mine.post(ADD, sent(propose(mine, text_of(130)), show="121")))
    assert [a.get("href") for a in page.cssselect(".given mark a")] == [
        f"#row-{n}" for n in range(121, 131)
    ]
    assert len(page.cssselect(".given mark")) == 130


def test_all_are_accepted_at_once(mine: Client) -> None:
    response = mine.post(ADD, sent(propose(mine, text_of(340)), show="121"))
    assert mine.post(ADD, sent(response, **FACTS, accept="1")).status_code == 302
    rows = Recommendation.objects.order_by("number")
    assert list(rows.values_list("number", flat=True)) == list(range(1, 341))
    assert rows[339].text.startswith("Article 340 :")
    assert rows[339].locator == "6.340"


def test_what_is_wrong_elsewhere_is_shown(mine: Client) -> None:
    response = mine.post(ADD, sent(propose(mine, text_of(340)), show="241"))
    data = sent(response, **FACTS, show="1")
    data["number"][4] = "x"
    response = mine.post(ADD, data)
    response = mine.post(ADD, sent(response, accept="1"))
    assert "Recommendation 245, Number:" in problems(response)
    assert numbers(response)[4] == "x"
    assert parse(response).cssselect("#problems a")[0].get("href") == "#id_number_245"


def test_a_number_given_twice_on_two_pages_is_shown(mine: Client) -> None:
    data = sent(propose(mine, text_of(130)), **FACTS, accept="1")
    data["number"][0] = "125"
    response = mine.post(ADD, data)
    assert "Recommendation 125, Number: Number 125 is given twice" in problems(response)
    assert "125" in numbers(response)


def test_more_than_can_be_accepted_is_said_and_kept(mine: Client) -> None:
    full = sent(propose(mine, text_of(RECOMMENDATIONS)), **FACTS, add="1")
    response = mine.post(ADD, full)
    assert numbers(response)[-1] == str(RECOMMENDATIONS + 1)
    data = sent(response, accept="1")
    data["text"][-1] = "Une de plus"
    refused = mine.post(ADD, data)
    assert f"Accept at most {RECOMMENDATIONS}" in problems(refused)
    assert texts(mine.post(ADD, sent(refused, show=str(RECOMMENDATIONS + 1))))[-1] == "Une de plus"


@pytest.mark.parametrize("said", ["{", "[1]", '[["a"]]', "7", "[" * 100_000, '{"a": 1}'])
def test_what_this_site_did_not_write_is_no_row(mine: Client, said: str) -> None:
    response = mine.post(
        ADD, {"given": "", "text": ["agir"], "before": said, "rest": said, "check": "1"}
    )
    assert texts(response) == ["agir"]


def test_an_expired_session_gives_hundreds_back(mine: Client, editor: User) -> None:
    data = sent(propose(mine, text_of(RECOMMENDATIONS)), **FACTS, show="121")
    data = sent(mine.post(ADD, data), accept="1")
    mine.logout()
    mine.post(ADD, data)
    mine.post("/en/accounts/login/", {"username": editor.username, "password": factories.PASSWORD})
    response = mine.get(ADD)
    assert numbers(response)[0] == "121"
    assert form_data(parse(response), "meeting")["slug"] == "som-12"


# --- What is beyond


FIRST, BEYOND = RECOMMENDATIONS + 1, RECOMMENDATIONS + 40


def table_of(mine: Client, response: Any, **more: Any) -> list[dict[str, str]]:
    answer = mine.post(ADD, sent(response, table="1", **more))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_what_is_beyond_is_said_until_it_is_accepted(mine: Client) -> None:
    response = propose(mine, text_of(BEYOND))
    assert f"{BEYOND} recommendations were found." in response.content.decode()
    for button in (
        {"merge": "2"},
        {"split": "2"},
        {"check": "1"},
        {"show": "241"},
        {"accept": "1"},
    ):
        assert "The text recommends 40 more" in rest_of(response)
        response = mine.post(ADD, sent(response, **button))
    assert "The text recommends 40 more" in rest_of(response)
    page = mine.post(ADD, sent(response, **FACTS, accept="1"), follow=True).content.decode()
    assert "The text recommends 40 more: import the table" in page


def test_what_is_beyond_comes_as_a_table(mine: Client) -> None:
    rows = table_of(mine, propose(mine, text_of(BEYOND)), **FACTS)
    assert [row["Number"] for row in rows[::2]] == [str(n) for n in range(FIRST, BEYOND + 1)]
    assert {row["State"] for row in rows} == {"ML", "NE"}
    assert rows[0]["Paragraph"] == f"6.{FIRST}"
    assert rows[0]["Text"] in text_of(BEYOND)
    assert nothing_is_saved()


def test_what_is_not_said_yet_is_no_column(mine: Client) -> None:
    rows = table_of(mine, propose(mine, text_of(BEYOND)))
    assert list(rows[0]) == ["Number", "Paragraph", "Text", "Language", "Stage"]
    assert len(rows) == 40


def test_the_table_is_imported_as_it_is(mine: Client) -> None:
    response = propose(mine, text_of(BEYOND))
    facts = {**FACTS, "other_states": "Mali", "origin_url": "https://example.org/a"}
    table = mine.post(ADD, sent(response, **facts, table="1")).content
    mine.post(ADD, sent(response, **facts, accept="1"))
    file = SimpleUploadedFile("recommendations.csv", table)
    columns = mine.post("/en/import/", {"file": file})["Location"]
    described = mine.post(columns, form_data(parse(mine.get(columns)), "columns"))
    assert described.status_code == 302
    address = columns.removesuffix("columns/")
    assert "40 rows were read" in " ".join(mine.get(f"{address}preview/").content.decode().split())
    mine.post(f"{address}run/")
    rows = Meeting.objects.get().recommendations.order_by("number")
    assert list(rows.values_list("number", flat=True)) == list(range(1, BEYOND + 1))
    assert rows[BEYOND - 1].ref == f"som-12-{BEYOND}"
    assert {row.language for row in rows} == {"fr"}
    assert Implementation.objects.count() == BEYOND


# --- What it costs


def seconds(act: Any) -> tuple[float, Any]:
    begin = time.process_time()
    response = act()
    return time.process_time() - begin, response


def test_hundreds_take_less_than_two_seconds_of_the_processor(mine: Client) -> None:
    took, response = seconds(lambda: propose(mine, text_of(RECOMMENDATIONS)))
    assert took < 2
    data = sent(response, **FACTS, merge="3")
    assert seconds(lambda: mine.post(ADD, data))[0] < 2


def test_a_form_stays_within_what_django_takes(mine: Client) -> None:
    data = sent(propose(mine, text_of(RECOMMENDATIONS)), **FACTS)
    data["out"] = [str(n) for n in range(1, ON_A_PAGE + 1)]
    data["states"] = ["ML"] * 195
    data |= dict.fromkeys(("title", "summary", "bears_on", "words", "leave"), ["x"] * 40)
    sent_fields = sum(len(v) if isinstance(v, list) else 1 for v in data.values())
    assert sent_fields < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS


def test_rows_that_are_not_shown_travel_as_they_are() -> None:
    assert packed([Row('é " <', "1", "", out=True)]) == '[["é \\" <", "1", "", true]]'
