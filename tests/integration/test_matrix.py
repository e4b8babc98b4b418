"""Recommendations and States in one table: a part of it at a time, alphabetical, at any day."""

import datetime as dt
import gzip
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests import cast, factories
from tests.factories import make_implementation, make_meeting, make_recommendation, record
from tests.htmx import parse
from tracker import matrix
from tracker.actions.ledger import together
from tracker.models import Implementation, User
from tracker.models.iso import CODES

pytestmark = pytest.mark.django_db
LATER = dt.datetime(2099, 3, 1, 9, tzinfo=dt.UTC)
NEWER: dict[str, Any] = {"starts_on": dt.date(2026, 1, 5), "ends_on": dt.date(2026, 1, 5)}


def table(client: Client, path: str) -> Any:
    response = client.get(path)
    assert response.status_code == 200
    return parse(response).xpath("//table")[0]


def columns(client: Client, path: str = "/en/matrix/") -> list[str]:
    return [a.text for a in table(client, path).xpath("./thead//th[@scope='col']/a")]


def rows(client: Client, path: str = "/en/matrix/") -> list[str]:
    links = table(client, path).xpath("./tbody//th[@scope='row']/a/@href")
    return [link.split("?")[0].split("/")[-2] for link in links]


def cells(client: Client, path: str = "/en/matrix/") -> list[list[str]]:
    found = table(client, path).xpath("./tbody/tr[td]")
    return [[td.text_content().strip() for td in row.xpath("./td")] for row in found]


# --- On records of their own: these come first, for the others share one


def test_nothing_to_show(client: Client) -> None:
    assert "No recommendation is here." in client.get("/en/matrix/").content.decode()
    make_recommendation()
    assert "No State is tracked for these" in client.get("/en/matrix/").content.decode()


def test_as_it_was_at_the_end_of_a_day(client: Client, editor: User) -> None:
    with time_machine.travel(LATER, tick=False):
        mali = make_implementation(make_recommendation())
    with time_machine.travel(LATER + dt.timedelta(days=1), tick=False):
        record(mali, editor, [factories.URL], status="in_progress")
        make_implementation(mali.recommendation, "NE")
        make_implementation(make_recommendation(meeting=make_meeting(13, **NEWER)))
    with time_machine.travel(LATER + dt.timedelta(days=2), tick=False):
        assert rows(client) == ["som-13-1"]
        then = "/en/matrix/?as_of=2099-03-01"
        assert rows(client, then) == ["som-12-1"]
        assert (columns(client, then), cells(client, then)) == (
            ["Mali"],
            [["No information reported"]],
        )
        next_day = "/en/matrix/?meeting=som-12&as_of=2099-03-02"
        assert cells(client, next_day) == [["In progress", "No information reported"]]
        links = table(client, next_day).xpath(".//td/a/@href")
        assert links[0] == "/en/recommendations/som-12-1/?as_of=2099-03-02&state=ML"
        assert client.get(links[0]).status_code == 200


def test_a_full_table_is_light(client: Client, editor: User) -> None:
    """25 recommendations and 30 States of 195: with what else a first visit gets, below 30 KB."""
    with together():
        made = [make_recommendation() for _ in range(25)]
    states = [factories.make_state(code) for code in CODES[:31]]
    Implementation.objects.bulk_create(
        [Implementation(recommendation=one, state=state) for one in made for state in states]
    )
    page = client.get("/en/matrix/").content
    assert page.count(b'<td role="cell"><a') == 25 * 30
    assert len(gzip.compress(page, 6)) < 12 * 1024


# --- What is in it


def test_a_cell_leads_to_what_that_state_did(
    client: Client, implementation: Implementation, contributor: User
) -> None:
    make_implementation(make_recommendation(), "NE")
    record(implementation, contributor, status="in_progress")
    assert columns(client) == ["Mali", "Niger"]
    assert cells(client) == [["In progress", ""], ["", "No information reported"]]
    links = table(client, "/en/matrix/").xpath(".//td/a/@href")
    assert links == [
        f"/en/recommendations/som-12-{n}/?state={s}" for n, s in ((1, "ML"), (2, "NE"))
    ]
    assert {client.get(link).status_code for link in links} == {200}


def test_the_glyph_says_whether_it_is_reported(
    client: Client, implementation: Implementation, contributor: User, editor: User
) -> None:
    niger = make_implementation(implementation.recommendation, "NE")
    record(implementation, contributor, status="in_progress")
    record(niger, editor, [factories.URL], status="in_progress")
    glyphs = table(client, "/en/matrix/").xpath(".//td//*[local-name()='svg']/@class")
    assert glyphs == ["glyph in_progress reported", "glyph in_progress verified"]


def test_it_is_a_table_that_names_itself(client: Client, implementation: Implementation) -> None:
    found = table(client, "/en/matrix/")
    region = found.getparent()
    assert region.attrib == {
        "class": "matrix",
        "role": "region",
        "tabindex": "0",
        "aria-labelledby": "matrix-h",
    }
    assert found.find("caption").get("id") == "matrix-h"
    assert "An empty cell: not addressed to this State." in found.find("caption").text_content()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/matrix/", ["Allemagne", "Égypte", "Espagne", "Mali"]),
        ("/en/matrix/", ["Egypt", "Germany", "Mali", "Spain"]),
    ],
)
def test_states_stand_in_the_order_of_the_readers_language(
    client: Client, implementation: Implementation, path: str, expected: list[str]
) -> None:
    for code in ("ES", "DE", "EG"):
        make_implementation(implementation.recommendation, code)
    assert columns(client, path) == expected


# --- Which part of it


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("body=x", "id_body_error"),
        ("meeting=x", "id_meeting_error"),
        ("from=ZZ", ""),
        ("from=ml", ""),
    ],
)
def test_what_cannot_be_read_is_named(
    client: Client, implementation: Implementation, query: str, where: str
) -> None:
    response = client.get(f"/en/matrix/?{query}")
    page = parse(response)
    assert response.status_code == 400
    assert page.get_element_by_id(where).text_content() if where else True
    assert where or "from in the address" in page.text_content()


def test_many_states_are_shown_in_parts(
    client: Client, implementation: Implementation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matrix, "COLUMNS", 2)
    for code in ("EG", "NE", "DE", "TG"):
        make_implementation(implementation.recommendation, code)
    page = parse(client.get("/en/matrix/"))
    ways = page.xpath("//nav[@class='parts']/a")
    assert [a.text for a in ways] == ["Egypt – Germany", "Mali – Niger", "Togo"]
    assert [a.get("aria-current") for a in ways] == ["true", None, None]
    shown = [columns(client, a.get("href")) for a in ways]
    assert shown == [["Egypt", "Germany"], ["Mali", "Niger"], ["Togo"]]
    # An address stays good for a State that is not, or no longer, among them.
    assert columns(client, "/en/matrix/?from=LY") == ["Mali", "Niger"]
    assert columns(client, "/en/matrix/?from=ZM") == ["Togo"]
    assert columns(client, "/en/matrix/?from=AF") == ["Egypt", "Germany"]


@pytest.fixture(scope="module")
def three_meetings(shared_by_module: None) -> None:
    """The 12th and the 13th of one body, the 1st of another; of each, a recommendation to one State."""
    cast.implementation()
    for session, body, state in ((13, "som", "NE"), (1, "cop", "TG")):
        meeting = make_meeting(session, body, **(NEWER if body == "som" else {}))
        make_implementation(make_recommendation(meeting=meeting), state)


@pytest.mark.parametrize(
    ("query", "found", "states"),
    [
        ("", ["som-13-1"], ["Niger"]),
        ("?body=som", ["som-13-1"], ["Niger"]),
        ("?body=cop", ["cop-1-1"], ["Togo"]),
        ("?meeting=som-12", ["som-12-1"], ["Mali"]),
        ("?body=som&meeting=", ["som-13-1", "som-12-1"], ["Mali", "Niger"]),
        ("?meeting=", ["som-13-1", "som-12-1", "cop-1-1"], ["Mali", "Niger", "Togo"]),
    ],
)
def test_body_and_meeting(
    client: Client, three_meetings: None, query: str, found: list[str], states: list[str]
) -> None:
    assert rows(client, f"/en/matrix/{query}") == found
    assert columns(client, f"/en/matrix/{query}") == states


def test_several_meetings_are_named_in_it(client: Client, three_meetings: None) -> None:
    heads = table(client, "/en/matrix/?meeting=").xpath(".//th[@scope='rowgroup']")
    assert ["13" in heads[0].text_content(), "12" in heads[1].text_content()] == [True, True]
    assert {head.get("colspan") for head in heads} == {"4"}


def test_another_body_chosen_beside_a_meeting_has_its_newest(
    client: Client, three_meetings: None
) -> None:
    response = client.get("/en/matrix/?body=cop&meeting=som-12")
    assert (response.status_code, response["Location"]) == (302, "/en/matrix/?body=cop")


def test_meetings_of_the_chosen_body_are_offered(client: Client, three_meetings: None) -> None:
    page = parse(client.get("/en/matrix/?body=cop"))
    assert page.xpath("//*[@id='id_meeting']/option/@value") == ["", "cop-1"]
    assert page.xpath("//*[@id='id_meeting']/option[@selected]/@value") == ["cop-1"]


def test_rows_go_on_after_a_place(
    client: Client, three_meetings: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matrix, "ROWS", 2)
    twelfth = make_meeting(12)
    for _ in range(2):
        make_implementation(make_recommendation(meeting=twelfth), "NE")
    path, found = "/en/matrix/?meeting=", []
    while path:
        found.append(rows(client, path))
        path = next(iter(parse(client.get(path)).xpath("//a[@rel='next']/@href")), "")
    assert found == [["som-13-1", "som-12-1"], ["som-12-2", "som-12-3"], ["cop-1-1"]]
