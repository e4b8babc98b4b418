"""What the pages show, to whom, in which language, and how cheaply."""

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client

from tests import factories
from tests.htmx import HTMX, parse, refs
from tracker.models import Implementation, User

LIST = "/recommendations/"
PAGE = "/recommendations/som-12-1/"
pytestmark = pytest.mark.usefixtures("shared_seed")


def streamed(response: Any) -> bytes:
    return b"".join(response.streaming_content)


# --- What is shown ------------------------------------------------------------------------------------


def test_the_overview_says_in_words_where_they_stand(client: Client) -> None:
    said = parse(client.get("/")).get_element_by_id("sentence").text_content()
    assert said == "Six recommandations. Aucune information n’a été communiquée sur aucune d’elles."


def test_the_sentence_counts_each_status(client: Client, editor: User) -> None:
    first = Implementation.objects.order_by("pk")[0]
    factories.record(first, by=editor, status="in_progress", sources=["https://example.org/a"])
    said = parse(client.get("/en/")).get_element_by_id("sentence").text_content()
    assert said == "Six recommendations. One is in progress; of five, nothing has been reported."


def test_the_strip_shows_the_same_as_the_rows(client: Client) -> None:
    page = parse(client.get("/"))
    strip = page.xpath("//*[@id='strip']/li/@class")
    assert strip == page.xpath("//ol[@class='rows']//*[@data-status]/@data-status")


def test_a_recommendation_shows_its_exact_words_and_where_they_are_from(client: Client) -> None:
    page = parse(client.get("/en/recommendations/som-12-1/"))
    quoted = page.xpath("//blockquote[@lang='fr']/p")[0].text
    assert quoted == (
        "Le renforcement des cadres juridiques et institutionnels, afin d’harmoniser les "
        "législations nationales et criminaliser efficacement le trafic de migrants"
    )
    assert "Malikunafoni" in page.text_content()
    assert "Unofficial translation" in page.text_content()
    assert "editorial reading" in page.text_content()


# --- The list -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [1, 2, 3, 4, 5, 6]),
        ("theme=cooperation", [2]),
        ("state=ML&body=som", [1, 2, 3, 4, 5, 6]),
        ("status=implemented", []),
        ("status=no_information&theme=monitoring", [6]),
        ("sources=without", []),
    ],
)
def test_filters(client: Client, query: str, found: list[int]) -> None:
    assert refs(client.get(f"{LIST}?{query}")) == [f"som-12-{n}" for n in found]


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("q=ÉVALUATION+continus", 6),
        ("q=amelioration+de+la+gestion", 5),
        ("q=border", 5),
        ("q=frontieres", 5),
        ("q=som-12-3", 3),
        ("q=prévention&sources=with", 4),
    ],
)
def test_search_shows_the_best_first(client: Client, query: str, best: int) -> None:
    assert refs(client.get(f"{LIST}?{query}"))[0] == f"som-12-{best}"


def test_search_that_finds_nothing(client: Client) -> None:
    assert refs(client.get(f"{LIST}?q=licorne")) == []


def test_the_words_sought_are_marked_where_they_are(client: Client) -> None:
    page = parse(client.get(f"{LIST}?q=frontieres"))
    assert "frontières" in page.xpath("//li[@class='row'][1]//mark/text()")


@pytest.mark.parametrize(
    "query", ["status=bogus", "theme=bogus", "state=ZZ", "body=x", "sources=x"]
)
@pytest.mark.parametrize("path", [LIST, "/recommendations.csv", "/recommendations.json"])
def test_a_filter_that_cannot_be_read_is_an_error(client: Client, path: str, query: str) -> None:
    response = client.get(f"{path}?{query}")
    assert response.status_code == 400
    assert parse(response).xpath("//*[contains(@class, 'error')] | //h1")


def test_htmx_gets_the_results_alone_and_a_clean_address(client: Client) -> None:
    response = client.get(f"{LIST}?q=frontieres&status=&theme=", headers=HTMX)
    assert response["HX-Push-Url"] == f"{LIST}?q=frontieres"
    assert response.content.decode().lstrip().startswith('<section id="results"')
    assert "HX-Request" in response["Vary"]


def test_the_swapped_list_equals_a_fresh_reload(client: Client) -> None:
    from tests.htmx import same, swap

    typed = f"{LIST}?q=frontieres"
    swapped = swap(parse(client.get(LIST)), client.get(typed, headers=HTMX), "results")
    assert same(swapped.get_element_by_id("results"), ()) == same(
        parse(client.get(typed)).get_element_by_id("results"), ()
    )


# --- Taken away ---------------------------------------------------------------------------------------


def test_csv_and_json_have_the_rows_of_the_page(client: Client) -> None:
    query = "?q=frontieres"
    shown = sorted(set(refs(client.get(f"{LIST}{query}"))))
    assert shown
    text = streamed(client.get(f"/recommendations.csv{query}")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    data = json.loads(streamed(client.get(f"/recommendations.json{query}")))
    assert sorted(r["reference"] for r in rows) == shown
    assert sorted(r["reference"] for r in data["recommendations"]) == shown
    assert {r["status"] for r in data["recommendations"]} == {r["status"] for r in rows}


@pytest.mark.parametrize("path", ["/activity.atom", "/recommendations/som-12-2/activity.atom"])
def test_the_feed_is_atom_with_one_permanent_id_an_entry(client: Client, path: str) -> None:
    from lxml import etree

    feed = etree.fromstring(client.get(path).content)
    ids = feed.xpath("//a:entry/a:id/text()", namespaces={"a": "http://www.w3.org/2005/Atom"})
    assert ids
    assert len(set(ids)) == len(ids)


# --- Internal text never leaves -----------------------------------------------------------------------


# --- Languages ----------------------------------------------------------------------------------------


def test_a_filtered_list_keeps_its_filters_in_the_other_language(client: Client) -> None:
    page = parse(client.get(f"{LIST}?q=frontieres"))
    assert page.xpath("//nav//a[@hreflang='en']/@href") == [f"/en{LIST}?q=frontieres"]


# --- Cheap and closed ---------------------------------------------------------------------------------
