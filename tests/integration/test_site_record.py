"""Recording on the site: by htmx in place, by redirect without it, and nothing typed is lost."""

import uuid
from typing import Any

import pytest
from django.test import Client

from tests import factories
from tests.htmx import HTMX, form_data, parse, same, swap
from tracker.models import FollowUp, Implementation, Organization, User

pytestmark = pytest.mark.usefixtures("shared_cast")

PAGE = "/recommendations/som-12-1/"
URL = "https://example.org/decret"


@pytest.fixture
def page_of(client: Client, implementation: Implementation, contributor: User) -> Any:
    client.force_login(contributor)
    return parse(client.get(PAGE))


def send(client: Client, page: Any, **changes: Any) -> Any:
    """Send the form of ``page`` with ``changes``, by htmx."""
    return client.post(PAGE, {**form_data(page), **changes}, headers=HTMX)


def test_the_form_has_the_names_that_others_build_on(page_of: Any) -> None:
    names = {field.name for field in page_of.get_element_by_id("record").inputs if field.name}
    assert {"note", "url", "status", "happened_on", "organization", "visibility"} <= names


def test_without_javascript_recording_leads_to_the_new_entry(client: Client, page_of: Any) -> None:
    response = client.post(PAGE, {**form_data(page_of), "note": "Un décret est signé."})
    entry = FollowUp.objects.get()
    assert (response.status_code, response["Location"]) == (
        302,
        f"{PAGE}?state=ML#entry-{entry.pk}",
    )
    shown = parse(client.get(PAGE))
    assert "Un décret est signé." in shown.get_element_by_id(f"entry-{entry.pk}").text_content()
    assert "Consigné" in shown.get_element_by_id("announce").text_content()


def test_the_swapped_page_equals_a_fresh_reload(client: Client, page_of: Any) -> None:
    answer = send(client, page_of, note="Un décret.", url=URL, status="in_progress")
    swapped = swap(page_of, answer, "recommendation")
    assert same(swapped) == same(parse(client.get(PAGE)))


def test_the_swapped_overview_equals_a_fresh_reload(client: Client, page_of: Any) -> None:
    overview = parse(client.get("/"))
    answer = send(client, page_of, note="Un décret.", status="in_progress", place="overview")
    assert same(swap(overview, answer, "overview")) == same(parse(client.get("/")))


def test_a_refused_form_swaps_itself_alone(client: Client, page_of: Any) -> None:
    before = same(parse(client.get(PAGE)), without=("announce", "record"))
    answer = send(client, page_of, note="", title="Sans adresse")
    assert answer.status_code == 422
    swapped = swap(page_of, answer, "recommendation")
    assert same(swapped, without=("announce", "record")) == before


def test_the_live_region_says_what_happened(client: Client, page_of: Any) -> None:
    answer = send(client, page_of, note="Un décret.", status="implemented")
    region = swap(page_of, answer, "recommendation").get_element_by_id("announce")
    assert "mise en œuvre" in region.text_content()


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["plain", "htmx"])
def test_a_wrong_field_keeps_everything_typed(
    client: Client, page_of: Any, headers: dict[str, str]
) -> None:
    typed = {
        "note": "Ce que j’ai écrit",
        "url": ["pas une adresse", "https://example.org/b"],
        "title": ["Premier", "Second"],
        "quotation": ["« une phrase »", ""],
        "status": "implemented",
        "happened_on": "2025-10-22",
        "visibility": "internal",
    }
    response = client.post(PAGE, {**form_data(page_of), **typed}, headers=headers)
    assert response.status_code == 422
    again = form_data(parse(response))
    assert {
        name: again[name] if isinstance(v, str) else again[name][:2] for name, v in typed.items()
    } == typed
    assert not FollowUp.objects.exists()


def test_an_error_is_tied_to_its_field(client: Client, page_of: Any) -> None:
    form = parse(send(client, page_of, url="javascript:alert(1)")).get_element_by_id("record")
    field = form.get_element_by_id("id_url_1")
    assert field.get("aria-invalid") == "true"
    assert form.get_element_by_id(field.get("aria-describedby")).text_content().strip()


def test_several_sources_are_recorded_with_their_details(client: Client, page_of: Any) -> None:
    send(client, page_of, url=[URL, "https://example.org/b"], title=["Décret", "Compte rendu"])
    cited = [(c.source.url, c.source.title) for c in FollowUp.objects.get().citations.all()]
    assert cited == [(URL, "Décret"), ("https://example.org/b", "Compte rendu")]


def test_a_double_click_records_once(client: Client, page_of: Any) -> None:
    first, second = (send(client, page_of, note="Une fois") for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert FollowUp.objects.count() == 1


def test_the_same_form_sent_with_other_words_asks(client: Client, page_of: Any) -> None:
    send(client, page_of, note="D’abord")
    answer = send(client, page_of, note="Ensuite")
    assert answer.status_code == 409
    assert form_data(parse(answer))["note"] == "Ensuite"
    client.post(PAGE, form_data(parse(answer)), headers=HTMX)
    assert sorted(FollowUp.objects.values_list("note", flat=True)) == ["D’abord", "Ensuite"]


def test_what_somebody_else_recorded_meanwhile_is_shown(
    client: Client, page_of: Any, implementation: Implementation, editor: User
) -> None:
    factories.record(implementation, by=editor, note="J’étais là d’abord")
    answer = send(client, page_of, note="Mes mots")
    text = parse(answer).text_content()
    assert answer.status_code == 409
    assert "J’étais là d’abord" in text
    assert str(editor) in text
    assert form_data(parse(answer))["note"] == "Mes mots"
    assert client.post(PAGE, form_data(parse(answer)), headers=HTMX).status_code == 200


def test_an_internal_entry_of_others_is_not_shown_as_meanwhile(
    client: Client, page_of: Any, implementation: Implementation, editor: User
) -> None:
    factories.record(implementation, by=editor, note="Entre nous", visibility="internal")
    assert send(client, page_of, note="Mes mots").status_code == 200


@pytest.mark.parametrize("htmx", [False, True])
def test_an_expired_session_comes_back_to_the_filled_form(
    client: Client, page_of: Any, contributor: User, htmx: bool
) -> None:
    data = {**form_data(page_of), "note": "Ne me perdez pas"}
    client.logout()
    response = client.post(PAGE, data, headers=HTMX if htmx else {})
    login = response["HX-Redirect"] if htmx else response["Location"]
    assert login.startswith("/accounts/login/?next=")
    credentials = {"username": contributor.username, "password": factories.PASSWORD}
    back = client.post(login, {**credentials, "next": PAGE}, follow=True)
    assert form_data(parse(back))["note"] == "Ne me perdez pas"
    assert not FollowUp.objects.exists()


def test_what_was_kept_is_not_shown_to_somebody_else(
    client: Client, page_of: Any, editor: User
) -> None:
    data = {**form_data(page_of), "note": "Entre nous", "visibility": "internal"}
    client.logout()
    client.post(PAGE, data)
    client.force_login(editor)
    assert "Entre nous" not in client.get(PAGE).content.decode()


def test_a_page_that_is_too_old_gives_the_form_back(
    implementation: Implementation, contributor: User
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(contributor)
    data = {
        **form_data(parse(client.get(PAGE))),
        "note": "Toujours là",
        "csrfmiddlewaretoken": "x" * 64,
    }
    response = client.post(PAGE, data)
    assert response.status_code == 403
    assert form_data(parse(response))["note"] == "Toujours là"
    assert not FollowUp.objects.exists()


def test_the_form_cannot_be_filled_by_another_site(
    implementation: Implementation, contributor: User
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(contributor)
    response = client.post(PAGE, {"note": "Glissé par un autre site"})
    assert response.status_code == 403
    assert "Glissé" not in response.content.decode()


def test_a_preview_records_nothing(client: Client, page_of: Any) -> None:
    answer = client.post(PAGE, {**form_data(page_of), "note": "**gras**", "preview": "1"})
    assert "<strong>gras</strong>" in answer.content.decode()
    assert not FollowUp.objects.exists()


def test_a_status_moves_the_one_that_the_page_shows(client: Client, page_of: Any) -> None:
    send(client, page_of, status="partly_implemented", note="Une part")
    shown = parse(client.get(PAGE)).xpath("//*[@data-status]/@data-status")
    assert shown == ["partly_implemented"]


def test_every_entry_is_an_article_of_its_kind(client: Client, page_of: Any) -> None:
    send(client, page_of, note="Une note")
    entry = FollowUp.objects.get()
    retract = {"reason": "Erreur", "submission": str(uuid.uuid4())}
    client.post(f"/entries/{entry.pk}/retract/", retract)
    articles = parse(client.get(PAGE)).xpath("//article[starts-with(@id, 'entry-')]/@data-kind")
    assert articles == ["retraction", "follow_up"]


def test_bad_bytes_in_a_field_are_refused_not_a_crash(client: Client, page_of: Any) -> None:
    assert send(client, page_of, note="a\x00b").status_code == 422


def test_a_contributor_speaks_for_their_organization_only(
    client: Client, page_of: Any, newspaper: Organization
) -> None:
    assert send(client, page_of, note="x", organization=newspaper.pk).status_code == 422


def test_a_known_source_is_named(
    client: Client, page_of: Any, implementation: Implementation
) -> None:
    send(client, page_of, url=URL, title="Le décret")
    answer = client.get("/sources/known/", {"url": f"{URL}?utm_source=x#y"}, headers=HTMX)
    assert "Le décret" in answer.content.decode()


def test_one_more_source_can_be_asked_for(client: Client, page_of: Any) -> None:
    urls = [f"https://example.org/{n}" for n in range(4)]
    answer = send(client, page_of, url=urls, note="Beaucoup", more="1")
    again = form_data(parse(answer))
    assert (answer.status_code, again["url"], again["note"]) == (200, [*urls, ""], "Beaucoup")
    assert not FollowUp.objects.exists()


def test_two_forms_are_kept_at_once(client: Client, page_of: Any, contributor: User) -> None:
    other = factories.make_implementation(factories.make_recommendation(number=2))
    second = other.recommendation.get_absolute_url()
    pages = {PAGE: page_of, second: parse(client.get(second))}
    client.logout()
    for path, page in pages.items():
        client.post(path, {**form_data(page), "note": f"Gardé de {path}"})
    credentials = {"username": contributor.username, "password": factories.PASSWORD}
    client.post("/accounts/login/", credentials)
    for path in pages:
        assert form_data(parse(client.get(path)))["note"] == f"Gardé de {path}"


def test_enter_in_a_field_sends_the_form(page_of: Any) -> None:
    """A browser takes the first button of a form for it."""
    first = page_of.get_element_by_id("record").cssselect("button:not([type=button])")[0]
    assert first.get("name") == "send"
