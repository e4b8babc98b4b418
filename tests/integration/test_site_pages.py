"""What any page says or keeps to itself: languages, internal words, policies, the queries that it asks."""

import re
from itertools import product

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import cast, factories
from tests.htmx import parse, refs
from tracker.actions.ledger import together
from tracker.actions.sources import CitedSource
from tracker.history.digest import timestamp
from tracker.models import Implementation, Root, User
from tracker.statuses import Visibility

LIST = "/recommendations/"
PAGE = "/recommendations/som-12-1/"
pytestmark = pytest.mark.usefixtures("shared_cast")
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
    with together():
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


@pytest.mark.parametrize("path", [LIST, "/recommendations.csv", "/recommendations.json"])
def test_search_that_cannot_be_made_says_what_to_type(client: Client, db: None, path: str) -> None:
    response = client.get(f"/en{path}?q=-douane")
    assert response.status_code == 400
    assert "exclusions alone find nothing" in response.content.decode()


def test_internal_words_are_found_by_those_who_may_read_them(
    client: Client, implementation: Implementation, contributor: User
) -> None:
    said = {"visibility": Visibility.INTERNAL, "note": "Le mot caché"}
    factories.record(implementation, contributor, **said)
    assert refs(client.get(f"{LIST}?q=caché")) == []
    client.force_login(contributor)
    assert set(refs(client.get(f"{LIST}?q=caché"))) == {"som-12-1"}


Seen = list[tuple[User | None, str, str]]


@pytest.fixture(scope="module")
def writer_and_readers(shared_cast: None) -> tuple[User, list[User | None]]:
    """Who writes, and who is not of that organization: nobody, a reader with an account, a contributor of
    another State, one of another organization of the same State."""
    writer = factories.make_user("contributor", factories.make_organization("Ministère"))
    other = factories.make_user("contributor", factories.make_organization("Autre"))
    return writer, [None, factories.make_user("reader"), cast.foreign_contributor(), other]


@pytest.fixture(scope="module")
def before(writer_and_readers: tuple[User, list[User | None]]) -> Seen:
    return seen_by(writer_and_readers[1])


@settings(max_examples=4)
@given(
    note=st.text(alphabet="abcdef", min_size=6, max_size=12),
    status=st.sampled_from(["", "implemented", "in_progress"]),
    has_source=st.booleans(),
    correction=st.sampled_from(["none", "amended", "retracted"]),
)
def test_no_internal_text_in_any_response_to_a_reader(
    db: None,
    writer_and_readers: tuple[User, list[User | None]],
    before: Seen,
    note: str,
    status: str,
    has_source: bool,
    correction: str,
) -> None:
    secret = f"zq{note}qz"
    writer, readers = writer_and_readers
    with transaction.atomic():
        cited = CitedSource(f"https://example.org/{secret}", secret, secret, None, secret)
        said = {"note": secret, "status": status, "visibility": Visibility.INTERNAL}
        sources = [cited] if has_source else []
        entry = factories.record(cast.implementation(), writer, sources, **said)
        if correction == "amended":
            factories.amend(entry, writer, [cited], reason=secret, note=secret)
        if correction == "retracted":
            factories.retract(entry, by=writer, reason=secret)
        after = seen_by(readers)
        lookups = [
            body(f"/sources/known/?url=https://example.org/{secret}", client_of(who))
            for who in readers
        ]
        transaction.set_rollback(True)
    assert not [(who, path) for who, path, text in after if secret in text]
    assert after == before
    assert not [text for text in lookups if "Déjà connue" in text]


def seen_by(readers: list[User | None]) -> Seen:
    clients = [(who, client_of(who)) for who in readers]
    return [(who, path, body(path, client)) for who, client in clients for path in FOR_READERS]


def client_of(who: User | None) -> Client:
    client = Client()
    if who is not None:
        client.force_login(who)
    return client


def body(path: str, client: Client) -> str:
    """What somebody gets, less what differs each time: a feed's times, a form's tokens, and the digest of
    the whole record with its time, which internal entries move as all do."""
    response = client.get(path)
    content = getattr(response, "streaming_content", None)
    text = (b"".join(content) if content else response.content).decode()
    root = Root.objects.order_by("-id")[0]
    for volatile in (root.digest, timestamp(root.at), root.at.isoformat()):
        text = text.replace(volatile, "")
    text = re.sub("<updated>.*?</updated>", "", text)
    return re.sub('name="(csrfmiddlewaretoken|submission|author)" value="[^"]*"', "", text)


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
    told = cast.implementation()
    first = told.recommendation
    for n in range(1, number + 1):
        recommendation = first if n == 1 else factories.make_recommendation(number=n)
        implementation = told if n == 1 else factories.make_implementation(recommendation)
        factories.record(implementation, editor, [f"https://example.org/{n}"], note="x")
    for n in range(number):
        entry = factories.record(told, editor, [f"https://a.org/{n}"], note=f"y{n}")
        factories.amend(entry, editor, [f"https://a.org/{n}"], note=f"z{n}")
    for code in ("BJ", "NE", "TG")[: 3 if number > 1 else 1]:
        factories.make_implementation(first, state=code)


@pytest.fixture(scope="module")
def queries_for(shared_by_module: None) -> dict[tuple[str, bool], list[int]]:
    """How many queries each page asks, signed in or not, with one row and with twelve."""
    counts: dict[tuple[str, bool], list[int]] = {}
    for rows in (1, 12):
        with transaction.atomic():
            with together():
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
    one, twelve = queries_for[path, signed_in]
    assert one == twelve


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
