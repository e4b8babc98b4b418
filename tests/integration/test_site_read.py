"""What the pages show, to whom, in which language, and how cheaply."""

import csv
import io
import json
import re
from itertools import product
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import factories
from tests.htmx import HTMX, parse
from tracker.actions.sources import CitedSource
from tracker.history.digest import timestamp
from tracker.models import Implementation, Root, User
from tracker.statuses import Visibility

LIST = "/recommendations/"
PAGE = "/recommendations/som-12-1/"
FOR_READERS = (
    "/",
    "/en/",
    LIST,
    PAGE,
    f"{PAGE}?show=notes",
    "/recommendations.csv",
    "/recommendations.json",
    "/changes/",
    "/states/",
    "/states/ML/report/",
    "/matrix/",
    "/activity.atom",
    f"{PAGE}activity.atom",
)


def streamed(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def refs(response: Any) -> list[str]:
    links = parse(response).xpath("//ol[@class='rows']//a/@href")
    return [link.split("/")[-2] for link in links]


# --- What is shown ------------------------------------------------------------------------------------


def test_the_overview_says_in_words_where_they_stand(client: Client, seeded: None) -> None:
    said = parse(client.get("/")).get_element_by_id("sentence").text_content()
    assert said == "Six recommandations. Aucune information n’a été communiquée sur aucune d’elles."


def test_the_sentence_counts_each_status(client: Client, seeded: None, editor: User) -> None:
    first = Implementation.objects.order_by("pk")[0]
    factories.record(first, by=editor, status="in_progress", sources=["https://example.org/a"])
    said = parse(client.get("/en/")).get_element_by_id("sentence").text_content()
    assert said == "Six recommendations. One is in progress; of five, nothing has been reported."


def test_the_strip_shows_the_same_as_the_rows(client: Client, seeded: None) -> None:
    page = parse(client.get("/"))
    strip = page.xpath("//*[@id='strip']/li/@class")
    assert strip == page.xpath("//ol[@class='rows']//*[@data-status]/@data-status")


def test_a_recommendation_shows_its_exact_words_and_where_they_are_from(
    client: Client, seeded: None
) -> None:
    page = parse(client.get("/en/recommendations/som-12-1/"))
    quoted = page.xpath("//blockquote[@lang='fr']/p")[0].text
    assert quoted == (
        "Le renforcement des cadres juridiques et institutionnels, afin d’harmoniser les "
        "législations nationales et criminaliser efficacement le trafic de migrants"
    )
    assert "Malikunafoni" in page.text_content()
    assert "Unofficial translation" in page.text_content()
    assert "editorial reading" in page.text_content()


def test_reported_and_verified_stand_side_by_side(
    client: Client, implementation: Implementation, contributor: User, editor: User
) -> None:
    factories.record(implementation, by=contributor, status="implemented")
    factories.record(
        implementation, by=editor, status="in_progress", sources=["https://example.org/a"]
    )
    standing = parse(client.get("/en" + PAGE)).get_element_by_id("standing").text_content()
    assert "The two differ: the government reports “implemented”" in " ".join(standing.split())


def test_a_struck_entry_stays_with_its_reason(
    client: Client, implementation: Implementation, contributor: User
) -> None:
    entry = factories.record(implementation, by=contributor, note="Trop tôt")
    factories.retract(entry, by=contributor, reason="Pas encore signé")
    article = parse(client.get(PAGE)).get_element_by_id(entry.anchor)
    assert article.xpath(".//del")[0].text_content().strip() == "Trop tôt"
    assert "Pas encore signé" in article.text_content()


def test_the_timeline_is_read_in_pages(
    client: Client, implementation: Implementation, contributor: User
) -> None:
    for number in range(52):
        factories.record(implementation, by=contributor, note=f"Note {number}")
    page = parse(client.get(PAGE))
    older = page.xpath("//*[@id='timeline']//a[@rel='next']/@href")[0]
    assert len(page.xpath("//article")) == 50
    assert len(parse(client.get(older)).xpath("//article")) == 2


@pytest.mark.parametrize(
    "path",
    ["/recommendations/nope/", f"{PAGE}?state=ZZ", f"{PAGE}?show=x", f"{PAGE}?before=x", "/x"],
)
def test_what_is_not_there_is_a_page_of_the_product(
    client: Client, implementation: Implementation, path: str
) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert parse(response).get_element_by_id("main") is not None


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
def test_filters(client: Client, seeded: None, query: str, found: list[int]) -> None:
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
def test_search_shows_the_best_first(client: Client, seeded: None, query: str, best: int) -> None:
    assert refs(client.get(f"{LIST}?{query}"))[0] == f"som-12-{best}"


def test_search_that_finds_nothing(client: Client, seeded: None) -> None:
    assert refs(client.get(f"{LIST}?q=licorne")) == []


@pytest.mark.parametrize("path", [LIST, "/recommendations.csv", "/recommendations.json"])
def test_search_that_cannot_be_made_says_what_to_type(client: Client, db: None, path: str) -> None:
    response = client.get(f"/en{path}?q=-douane")
    assert response.status_code == 400
    assert "exclusions alone find nothing" in response.content.decode()


def test_the_words_sought_are_marked_where_they_are(client: Client, seeded: None) -> None:
    page = parse(client.get(f"{LIST}?q=frontieres"))
    assert "frontières" in page.xpath("//li[@class='row'][1]//mark/text()")


def test_internal_words_are_found_by_those_who_may_read_them(
    client: Client, implementation: Implementation, contributor: User
) -> None:
    said = {"visibility": Visibility.INTERNAL, "note": "Le mot caché"}
    factories.record(implementation, contributor, **said)
    assert refs(client.get(f"{LIST}?q=caché")) == []
    client.force_login(contributor)
    assert set(refs(client.get(f"{LIST}?q=caché"))) == {"som-12-1"}


@pytest.mark.parametrize(
    "query", ["status=bogus", "theme=bogus", "state=ZZ", "body=x", "sources=x"]
)
@pytest.mark.parametrize("path", [LIST, "/recommendations.csv", "/recommendations.json"])
def test_a_filter_that_cannot_be_read_is_an_error(
    client: Client, seeded: None, path: str, query: str
) -> None:
    response = client.get(f"{path}?{query}")
    assert response.status_code == 400
    assert parse(response).xpath("//*[contains(@class, 'error')] | //h1")


def test_htmx_gets_the_results_alone_and_a_clean_address(client: Client, seeded: None) -> None:
    response = client.get(f"{LIST}?q=frontieres&status=&theme=", headers=HTMX)
    assert response["HX-Push-Url"] == f"{LIST}?q=frontieres"
    assert response.content.decode().lstrip().startswith('<section id="results"')
    assert "HX-Request" in response["Vary"]


def test_the_swapped_list_equals_a_fresh_reload(client: Client, seeded: None) -> None:
    from tests.htmx import same, swap

    typed = f"{LIST}?q=frontieres"
    swapped = swap(parse(client.get(LIST)), client.get(typed, headers=HTMX), "results")
    assert same(swapped.get_element_by_id("results"), ()) == same(
        parse(client.get(typed)).get_element_by_id("results"), ()
    )


# --- Taken away ---------------------------------------------------------------------------------------


def test_csv_and_json_have_the_rows_of_the_page(client: Client, seeded: None) -> None:
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
def test_the_feed_is_atom_with_one_permanent_id_an_entry(
    client: Client, seeded: None, path: str
) -> None:
    from lxml import etree

    feed = etree.fromstring(client.get(path).content)
    ids = feed.xpath("//a:entry/a:id/text()", namespaces={"a": "http://www.w3.org/2005/Atom"})
    assert ids
    assert len(set(ids)) == len(ids)


# --- Internal text never leaves -----------------------------------------------------------------------


@settings(max_examples=4)
@given(
    note=st.text(alphabet="abcdef", min_size=6, max_size=12),
    status=st.sampled_from(["", "implemented", "in_progress"]),
    has_source=st.booleans(),
    correction=st.sampled_from(["none", "amended", "retracted"]),
)
def test_no_internal_text_in_any_response_to_a_reader(
    db: None, note: str, status: str, has_source: bool, correction: str
) -> None:
    """Whoever reads that is not of the organization: nobody, a reader with an account, a contributor of
    another State, one of another organization of the same State."""
    secret = f"zq{note}qz"
    with transaction.atomic():
        implementation = factories.make_implementation(factories.make_recommendation(number=1))
        ministry, others = (
            factories.make_organization("Ministère"),
            factories.make_organization("Autre"),
        )
        writer = factories.make_user("contributor", ministry)
        abroad = factories.make_organization("Ailleurs", state="NE")
        readers = [
            None,
            factories.make_user("reader"),
            factories.make_user("contributor", abroad),
            factories.make_user("contributor", others),
        ]
        before = [(who, path, body(path, who)) for who in readers for path in FOR_READERS]
        cited = CitedSource(f"https://example.org/{secret}", secret, secret, None, secret)
        said = {"note": secret, "status": status, "visibility": Visibility.INTERNAL}
        entry = factories.record(implementation, writer, [cited] if has_source else [], **said)
        if correction == "amended":
            factories.amend(entry, writer, [cited], reason=secret, note=secret)
        if correction == "retracted":
            factories.retract(entry, by=writer, reason=secret)
        after = [(who, path, body(path, who)) for who in readers for path in FOR_READERS]
        lookups = [
            body(f"/sources/known/?url=https://example.org/{secret}", who) for who in readers
        ]
        transaction.set_rollback(True)
    assert not [(who, path) for who, path, text in after if secret in text]
    assert after == before
    assert not [text for text in lookups if "Déjà connue" in text]


def body(path: str, who: User | None = None) -> str:
    """What somebody gets, less what differs each time: a feed's times, a form's tokens, and the digest of
    the whole record with its time, which internal entries move as all do."""
    client = Client()
    if who is not None:
        client.force_login(who)
    response = client.get(path)
    content = getattr(response, "streaming_content", None)
    text = (b"".join(content) if content else response.content).decode()
    root = Root.objects.order_by("-id")[0]
    for volatile in (root.digest, timestamp(root.at), root.at.isoformat()):
        text = text.replace(volatile, "")
    text = re.sub("<updated>.*?</updated>", "", text)
    return re.sub('name="(csrfmiddlewaretoken|submission|author)" value="[^"]*"', "", text)


# --- Languages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", LIST, PAGE, "/accounts/login/"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_page_names_itself_in_both_languages(
    client: Client, implementation: Implementation, path: str, language: str
) -> None:
    page = parse(client.get(path if language == "fr" else f"/en{path}"))
    assert page.get("lang") == language
    links = {
        e.get("hreflang"): e.get("href") for e in page.xpath("//link[@rel='alternate'][@hreflang]")
    }
    expected = {"fr": f"http://testserver{path}", "en": f"http://testserver/en{path}"}
    assert links == {**expected, "x-default": expected["fr"]}


def test_another_language_is_offered_in_that_language(
    client: Client, implementation: Implementation
) -> None:
    response = client.get("/", headers={"Accept-Language": "en-GB,fr;q=0.5"})
    offer = parse(response).xpath("//form[@class='offer']")[0]
    assert response.status_code == 200
    assert offer.get("lang") == "en"
    assert "This page is also in English." in offer.text_content()
    assert "Accept-Language" in response["Vary"]


def test_the_offer_is_made_no_more_once_refused(
    client: Client, implementation: Implementation
) -> None:
    client.post("/language/", {"back": PAGE})
    response = client.get("/", headers={"Accept-Language": "en"})
    assert not parse(response).xpath("//form[@class='offer']")


def test_refusing_leads_back_to_this_site_only(client: Client, db: None) -> None:
    assert client.post("/language/", {"back": "https://evil.example/"})["Location"] == "/"


def test_a_filtered_list_keeps_its_filters_in_the_other_language(
    client: Client, seeded: None
) -> None:
    page = parse(client.get(f"{LIST}?q=frontieres"))
    assert page.xpath("//nav//a[@hreflang='en']/@href") == [f"/en{LIST}?q=frontieres"]


# --- Cheap and closed ---------------------------------------------------------------------------------


GROWING = (
    "/",
    LIST,
    f"{PAGE}?state=ML",
    "/activity.atom",
    "/recommendations.csv",
    "/recommendations.json",
)


def grow(number: int) -> None:
    """So many recommendations; and of the first one as many entries, sources, corrections and States."""
    editor = factories.make_user("editor")
    first = factories.make_recommendation(number=1)
    for n in range(1, number + 1):
        recommendation = first if n == 1 else factories.make_recommendation(number=n)
        implementation = factories.make_implementation(recommendation)
        factories.record(implementation, editor, [f"https://example.org/{n}"], note="x")
    told = first.implementations.get()
    for n in range(number):
        entry = factories.record(told, editor, [f"https://a.org/{n}"], note=f"y{n}")
        factories.amend(entry, editor, [f"https://a.org/{n}"], note=f"z{n}")
    for code in ("BJ", "NE", "TG")[: 3 if number > 1 else 1]:
        factories.make_implementation(first, state=code)


@pytest.fixture(scope="module")
def queries_for(shared_by_module: None) -> dict[tuple[str, bool], list[int]]:
    """How many queries each page asks, signed in or not, with one row and with fifty."""
    counts: dict[tuple[str, bool], list[int]] = {}
    for rows in (1, 50):
        with transaction.atomic():
            grow(rows)
            editor = factories.make_user("editor", username="who")
            for path, signed_in in product(GROWING, (False, True)):
                client = Client()
                if signed_in:
                    client.force_login(editor)
                client.get(path)  # fills what is cached for good, such as content types
                with CaptureQueriesContext(connection) as queries:
                    response = client.get(path)
                    b"".join(getattr(response, "streaming_content", []))
                counts.setdefault((path, signed_in), []).append(len(queries))
            transaction.set_rollback(True)
    return counts


@pytest.mark.parametrize("path", GROWING)
@pytest.mark.parametrize("signed_in", [False, True])
def test_queries_do_not_grow_with_the_rows(
    db: None, queries_for: dict[tuple[str, bool], list[int]], path: str, signed_in: bool
) -> None:
    one, fifty = queries_for[path, signed_in]
    assert one == fifty


@pytest.mark.parametrize("path", [*FOR_READERS, "/accounts/login/", "/nope", "/healthz"])
def test_every_answer_has_the_strict_policy_and_no_cookie(
    client: Client, implementation: Implementation, path: str
) -> None:
    response = client.get(path)
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    if path != "/accounts/login/":
        assert not response.cookies


@pytest.mark.parametrize("path", ["/", LIST, PAGE, "/accounts/login/"])
def test_no_page_has_inline_script_or_style(
    client: Client, implementation: Implementation, editor: User, path: str
) -> None:
    client.force_login(editor)
    page = parse(client.get(path, follow=True))
    handlers = page.xpath("//@*[starts-with(name(), 'on') or starts-with(name(), 'hx-on')]")
    assert not page.xpath("//script[not(@src)] | //style | //@style")
    assert not handlers


def test_health(client: Client, db: None) -> None:
    assert client.get("/healthz").status_code == 200


def test_ill_health(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import DatabaseError

    from tracker.views import service

    class Broken:
        def cursor(self) -> None:
            raise DatabaseError

    monkeypatch.setattr(service, "connection", Broken())
    assert client.get("/healthz").status_code == 503
