"""What a stranger may try: each is refused, counted, or does no harm."""

import logging

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory
from lxml import etree

from tests import factories
from tests.htmx import HTMX, form_data, parse
from tracker.actions.ledger import together
from tracker.addresses import MaskSecrets, client_address
from tracker.middleware import ReadableMiddleware
from tracker.models import FollowUp, Implementation, User

pytestmark = pytest.mark.usefixtures("shared_cast")
LOGIN = "/accounts/login/"
PAGE = "/recommendations/som-12-1/"


def test_wrong_passwords_are_counted_whatever_the_case_of_the_name(
    client: Client, editor: User
) -> None:
    names = [editor.username.upper(), editor.username.title(), editor.username]
    for turn in range(settings.AXES_FAILURE_LIMIT):
        response = client.post(LOGIN, {"username": names[turn % 3], "password": "wrong"})
    assert response.status_code == 429
    right = {"username": editor.username, "password": factories.PASSWORD}
    assert client.post(LOGIN, right).status_code == 429


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "latin-1", "hex"])
def test_only_utf_8_is_read(charset: str) -> None:
    request = RequestFactory().get("/")
    request.content_params = {"charset": charset}
    answer = ReadableMiddleware(lambda request: HttpResponse())(request)
    assert answer.status_code == 400


def test_nul_in_an_address_is_refused(client: Client, db: None) -> None:
    assert client.get("/recommendations/?q=%00").status_code == 400


def test_a_huge_request_is_refused_before_it_is_read(client: Client, db: None) -> None:
    assert client.post("/notes/preview/", {"note": "x" * 2_100_000}).status_code == 413


def test_the_address_counted_is_the_one_that_our_proxy_saw(settings: object) -> None:
    request = RequestFactory().get(
        "/", HTTP_X_FORWARDED_FOR="6.6.6.6, 2.2.2.2", REMOTE_ADDR="10.0.0.1"
    )
    settings.BEHIND_PROXY = True  # type: ignore[attr-defined]
    assert client_address(request) == "2.2.2.2"
    settings.BEHIND_PROXY = False  # type: ignore[attr-defined]
    assert client_address(request) == "10.0.0.1"


def test_a_control_character_does_not_break_the_feed(
    client: Client, implementation: Implementation, contributor: User
) -> None:
    client.force_login(contributor)
    client.post(PAGE, {"note": "coll\x0bé de\x01puis un document"})
    assert FollowUp.objects.get().note == "collé depuis un document"
    assert etree.fromstring(client.get("/activity.atom").content) is not None


def test_a_feed_carries_no_html_of_a_note(
    client: Client, implementation: Implementation, contributor: User
) -> None:
    factories.record(implementation, contributor, note="<img src=x onerror=alert(1)>")
    summary = etree.fromstring(client.get("/activity.atom").content).findtext(
        ".//{*}entry/{*}summary"
    )
    assert summary is not None
    assert "<img" not in summary
    assert "&lt;img" in summary


def test_the_secret_of_a_link_stays_out_of_the_log() -> None:
    record = logging.LogRecord(
        "x", 30, "", 1, "Forbidden: %s", ("/accounts/link/abc-DEF_1/",), None
    )
    MaskSecrets().filter(record)
    assert record.getMessage() == "Forbidden: /accounts/link/…/"


def test_a_wrong_host_is_refused_by_a_page_of_the_product(client: Client, db: None) -> None:
    response = client.get("/", headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert parse(response).get_element_by_id("main") is not None


def test_a_preview_is_for_those_who_write(client: Client, db: None) -> None:
    assert client.post("/notes/preview/", {"note": "x"}).status_code == 302


def test_a_form_of_a_thousand_sources_is_not_built(
    client: Client, implementation: Implementation, contributor: User
) -> None:
    client.force_login(contributor)
    data = form_data(parse(client.get(PAGE)))
    response = client.post(PAGE, {**data, "url": [f"https://example.org/{n}" for n in range(900)]})
    assert response.status_code == 422
    assert len(parse(response).cssselect("#record [name=url]")) < 100


def test_signing_in_does_not_turn_in_a_circle(client: Client, editor: User) -> None:
    client.force_login(editor)
    assert client.get(f"{LOGIN}?next={LOGIN}").status_code == 302


def test_an_expired_session_leaves_the_page_instead_of_nesting_in_it(
    client: Client, implementation: Implementation
) -> None:
    response = client.get(
        f"{PAGE}record/", headers={**HTMX, "HX-Current-URL": "http://testserver/"}
    )
    assert response["HX-Redirect"] == f"{LOGIN}?next=/"


def test_a_stale_page_gives_an_amendment_back(
    implementation: Implementation, contributor: User
) -> None:
    entry = factories.record(implementation, contributor, note="Avant")
    client = Client(enforce_csrf_checks=True)
    client.force_login(contributor)
    address = f"/entries/{entry.pk}/retract/"
    page = parse(client.get(address))
    sent = {
        "reason": "Mon motif",
        "author": page.xpath("//input[@name='author']/@value")[0],
        "csrfmiddlewaretoken": "x" * 64,
    }
    response = client.post(address, sent)
    assert response.status_code == 403
    assert "Mon motif" in response.content.decode()


def test_an_entry_has_a_permanent_address(
    client: Client, implementation: Implementation, contributor: User
) -> None:
    first = factories.record(implementation, contributor, note="La première")
    with together():
        for number in range(51):
            factories.record(implementation, contributor, note=f"{number}")
    address = client.get(f"/entries/{first.pk}/")["Location"]
    assert parse(client.get(address)).get_element_by_id(first.anchor) is not None


def test_an_internal_entry_has_no_address_for_a_reader(
    client: Client, implementation: Implementation, contributor: User
) -> None:
    entry = factories.record(implementation, contributor, note="x", visibility="internal")
    assert client.get(f"/entries/{entry.pk}/").status_code == 404


def test_a_corrected_entry_leads_to_its_correction(
    client: Client, implementation: Implementation, contributor: User
) -> None:
    entry = factories.record(implementation, contributor, note="Avant")
    later = factories.amend(entry, contributor, note="Après")
    client.force_login(contributor)
    assert client.get(f"/entries/{entry.pk}/amend/")["Location"] == f"/entries/{later.pk}/"


def test_undo_is_not_offered_for_an_amendment(
    client: Client, implementation: Implementation, contributor: User
) -> None:
    entry = factories.record(implementation, contributor, note="Avant")
    client.force_login(contributor)
    data = {"note": "Après", "reason": "Faute"}
    answer = client.post(f"/entries/{entry.pk}/amend/", data, headers=HTMX)
    assert 'class="undo"' not in answer.content.decode()


def test_each_state_has_its_own_page_and_links(
    client: Client, implementation: Implementation, editor: User
) -> None:
    niger = factories.make_implementation(implementation.recommendation, state="NE")
    entry = factories.record(niger, editor, note="Au Niger")
    assert "state=NE" in client.get(f"/entries/{entry.pk}/")["Location"]
    links = parse(client.get("/recommendations/?state=NE")).cssselect(".rows .what a")
    assert [link.get("href") for link in links] == [f"{PAGE}?state=NE"]
    assert "Au Niger" in client.get(f"{PAGE}?state=NE").content.decode()
    assert "Au Niger" not in client.get(f"{PAGE}?state=ML").content.decode()


@pytest.mark.parametrize("path", ["/", "/en/", PAGE])
def test_pages_vary_by_what_they_depend_on(
    client: Client, implementation: Implementation, path: str
) -> None:
    assert {"Accept-Language", "HX-Request"} <= set(client.get(path)["Vary"].split(", "))
