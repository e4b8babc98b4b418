"""Recording in the administration: for one implementation and for several, by the site's action."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from tests import factories
from tests.integration.test_admin_access import CASES, signed_in_reader  # noqa: F401 - a fixture
from tracker.history.verify import first_fault
from tracker.models import FollowUp, Implementation, Organization, User
from tracker.statuses import Channel, Status

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shared_cast")]


@pytest.fixture
def by_editor(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


def record_page(implementation: Implementation) -> str:
    return reverse("admin:tracker_implementation_record", args=[implementation.pk])


def several_page(*implementations: Implementation) -> str:
    query = "&".join(f"of={i.pk}" for i in implementations)
    return reverse("admin:tracker_implementation_several") + f"?{query}"


def hidden(client: Client, address: str) -> dict[str, Any]:
    """The fields of the form at this address that nobody types in."""
    tree = html.fromstring(client.get(address).content.decode())
    return hidden_of(tree)


def hidden_of(tree: Any) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for field in tree.cssselect("#record input[type=hidden]"):
        data.setdefault(field.get("name"), []).append(field.get("value") or "")
    return data


def text_of(response: Any) -> str:
    return str(html.fromstring(response.content.decode()).text_content())


def verifies(implementation: Implementation) -> bool:
    implementation.refresh_from_db()
    entries = implementation.entries.prefetch_related("citations__source").order_by("sequence")
    return first_fault(implementation, list(entries)) is None


# --- One


def test_an_entry_is_appended_by_the_action(
    by_editor: Client, editor: User, implementation: Implementation, newspaper: Organization
) -> None:
    typed = {
        "status": "in_progress",
        "note": "Décret adopté.",
        "url": ["https://example.org/decret", "", "https://example.org/2#x"],
        "title": ["Le décret", "", ""],
        "publisher": ["Journal officiel", "", ""],
        "published_on": ["2025-11-01", "", ""],
        "quotation": ["Article premier", "", ""],
        "organization": newspaper.pk,
        "happened_on": "2025-11-02",
        "visibility": "public",
    }
    address = record_page(implementation)
    response = by_editor.post(address, {**hidden(by_editor, address), **typed})
    assert response.status_code == 302, text_of(response)
    assert response["Location"] == reverse(
        "admin:tracker_implementation_change", args=[implementation.pk]
    )
    entry = FollowUp.objects.get()
    assert (entry.channel, entry.recorded_by) == (Channel.ADMIN, editor)
    assert (entry.status, entry.note, entry.basis) == ("in_progress", "Décret adopté.", "verified")
    assert [c.source.url for c in entry.citations.all()] == [
        "https://example.org/decret",
        "https://example.org/2",
    ]
    implementation.refresh_from_db()
    assert implementation.status == Status.IN_PROGRESS
    assert verifies(implementation)


@pytest.mark.parametrize(("who", "status", "_people"), CASES)
def test_who_records(
    client: Client,
    request: pytest.FixtureRequest,
    implementation: Implementation,
    who: str,
    status: int,
    _people: int,
) -> None:
    if who != "reader":
        client.force_login(request.getfixturevalue(who))
    may = status == 200
    for number, address in enumerate(
        (record_page(implementation), several_page(implementation)), start=1
    ):
        typed = {"note": "Un fait", "of": f"{implementation.pk}:{number - 1 if may else 0}"}
        assert client.post(address, typed).status_code == (302 if may else status)
        assert FollowUp.objects.count() == (number if may else 0)


def test_a_double_click_records_once(by_editor: Client, implementation: Implementation) -> None:
    address = record_page(implementation)
    typed = {**hidden(by_editor, address), "note": "Un fait"}
    assert by_editor.post(address, typed).status_code == 302
    assert by_editor.post(address, typed).status_code == 302
    assert FollowUp.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"note": " "}, "note"),
        ({"status": "implemented", "note": "À garder"}, "url_1"),
        ({"note": "À garder", "happened_on": "2999-01-01"}, "happened_on"),
        ({"note": "À garder", "url": "pas une adresse"}, "url_1"),
        ({"note": "À garder", "status": "fini"}, ""),
    ],
)
def test_what_is_refused_is_said_and_kept(
    by_editor: Client, implementation: Implementation, typed: dict[str, str], field: str
) -> None:
    address = record_page(implementation)
    response = by_editor.post(address, {**hidden(by_editor, address), **typed})
    assert response.status_code == 422
    tree = html.fromstring(response.content.decode())
    linked = [a.get("href") for a in tree.cssselect(".errornote a")]
    assert tree.cssselect(".errornote li")
    assert not field or any(href.startswith(f"#id_{field}") for href in linked)
    for href in linked:
        assert tree.cssselect(href), f"nothing to go to at {href}"
    if typed["note"].strip():
        assert tree.cssselect("[name=note]")[0].value.strip() == "À garder"
    assert not FollowUp.objects.exists()


def test_somebody_else_recorded_meanwhile(
    by_editor: Client, contributor: User, implementation: Implementation
) -> None:
    address = record_page(implementation)
    typed = {**hidden(by_editor, address), "note": "Le mien"}
    factories.record(implementation, contributor, note="Celui d’Awa")
    asked = by_editor.post(address, typed)
    assert asked.status_code == 409
    assert "Celui d’Awa" in text_of(asked)
    assert "Awa Diarra" in text_of(asked)
    assert FollowUp.objects.count() == 1
    tree = html.fromstring(asked.content.decode())
    again = {**hidden_of(tree), "note": tree.cssselect("[name=note]")[0].value.strip()}
    assert again["note"] == "Le mien"
    assert by_editor.post(address, again).status_code == 302
    assert [e.note for e in implementation.entries.order_by("sequence")] == [
        "Celui d’Awa",
        "Le mien",
    ]
    assert verifies(implementation)


def test_the_same_form_with_other_words(by_editor: Client, implementation: Implementation) -> None:
    address = record_page(implementation)
    first = {**hidden(by_editor, address), "note": "Un"}
    by_editor.post(address, first)
    asked = by_editor.post(address, {**first, "note": "Deux"})
    assert asked.status_code == 409
    tree = html.fromstring(asked.content.decode())
    again = {**hidden_of(tree), "note": tree.cssselect("[name=note]")[0].value.strip()}
    assert by_editor.post(address, again).status_code == 302
    assert FollowUp.objects.count() == 2


def test_an_expired_session_comes_back_to_the_filled_form(
    by_editor: Client, editor: User, implementation: Implementation
) -> None:
    for address, to in (
        (record_page(implementation), f"{record_page(implementation)}"),
        (several_page(implementation), several_page(implementation)),
    ):
        typed = {**hidden(by_editor, address), "note": "À garder"}
        session = by_editor.session
        session.flush()
        away = by_editor.post(address, typed)
        assert away.status_code == 302
        assert away["Location"].startswith(reverse("login"))
        # Signing in keeps the anonymous session's data, as Django's own sign-in does.
        by_editor.force_login(editor)
        back = by_editor.get(to)
        tree = html.fromstring(back.content.decode())
        assert tree.cssselect("[name=note]")[0].value.strip() == "À garder"
    assert not FollowUp.objects.exists()


def test_no_list_of_all_organizations(by_editor: Client, implementation: Implementation) -> None:
    for number in range(3):
        factories.make_organization(f"Organisation {number}")
    tree = html.fromstring(by_editor.get(record_page(implementation)).content.decode())
    (choice,) = tree.cssselect("select[name=organization]")
    assert [option.get("value") for option in choice.cssselect("option")] == [""]
    assert "admin-autocomplete" in choice.get("class")


def test_an_unknown_implementation_is_not_found(by_editor: Client) -> None:
    address = reverse("admin:tracker_implementation_record", args=[404])
    assert by_editor.get(address).status_code == 404
    for query in ("", "?of=404", "?of=x", "?of=1:x", f"?of={'9' * 30}"):
        several = reverse("admin:tracker_implementation_several") + query
        assert by_editor.get(several).status_code == 404


# --- The history on the page of an implementation


def test_the_history_is_shown_with_its_digests(
    by_editor: Client, editor: User, contributor: User, implementation: Implementation
) -> None:
    first = factories.record(implementation, contributor, note="Premier", status="in_progress")
    factories.amend(first, editor, note="Mieux dit", reason="Une coquille")
    secret = factories.record(implementation, editor, note="Entre nous", visibility="internal")
    page = by_editor.get(reverse("admin:tracker_implementation_change", args=[implementation.pk]))
    tree = html.fromstring(page.content.decode())
    rows = tree.cssselect("#history tbody tr")
    digests = [row.cssselect("code")[0] for row in rows]
    entries = implementation.entries.order_by("-sequence")
    assert [code.get("title") for code in digests] == [e.digest for e in entries]
    assert all(code.text == code.get("title")[:12] for code in digests)
    shown = tree.cssselect("#history")[0].text_content()
    for words in ("Premier", "Mieux dit", "Une coquille", "Entre nous", "Awa Diarra"):
        assert words in shown
    assert rows[2].cssselect("s")
    entry = by_editor.get(reverse("admin:tracker_followup_change", args=[secret.pk]))
    assert secret.digest in text_of(entry)
    assert secret.previous_digest in text_of(entry)
    assert not html.fromstring(entry.content.decode()).cssselect("[name=_save]")


def test_the_history_has_an_end(
    by_editor: Client, editor: User, implementation: Implementation, monkeypatch: Any
) -> None:
    from tracker.admin import recording

    monkeypatch.setattr(recording, "SHOWN", 2)
    for number in range(3):
        factories.record(implementation, editor, note=f"Fait {number}")
    address = reverse("admin:tracker_implementation_change", args=[implementation.pk])
    tree = html.fromstring(by_editor.get(address).content.decode())
    assert len(tree.cssselect("#history tbody tr")) == 2
    link = reverse("admin:tracker_followup_changelist") + f"?implementation={implementation.pk}"
    assert tree.cssselect(f'#history a[href="{link}"]')
    other = factories.make_implementation()
    factories.record(other, editor, note="Ailleurs")
    listed = text_of(by_editor.get(link))
    assert "Fait 0" in listed
    assert "Ailleurs" not in listed


# --- Several


@pytest.fixture
def three() -> list[Implementation]:
    return [factories.make_implementation() for _number in range(3)]


def test_the_action_leads_to_the_page(by_editor: Client, three: list[Implementation]) -> None:
    address = reverse("admin:tracker_implementation_changelist")
    chosen = {"action": "record_same_status", "_selected_action": [i.pk for i in three]}
    response = by_editor.post(address, {**chosen, "index": 0})
    assert response.status_code == 302
    page = text_of(by_editor.get(response["Location"]))
    for implementation in three:
        assert implementation.recommendation.ref in page


def test_the_action_on_recommendations(by_editor: Client, three: list[Implementation]) -> None:
    factories.make_implementation(three[0].recommendation, "NE")
    address = reverse("admin:tracker_recommendation_changelist")
    ids = [i.recommendation_id for i in three[:2]]
    chosen = {"action": "record_same_status", "_selected_action": ids, "index": 0}
    response = by_editor.post(address, chosen)
    assert response["Location"].count("of=") == 3


def test_the_action_on_too_many(
    by_editor: Client, three: list[Implementation], monkeypatch: Any
) -> None:
    from tracker.admin import bulk

    monkeypatch.setattr(bulk, "SEVERAL", 2)
    address = reverse("admin:tracker_implementation_changelist")
    chosen = {"action": "record_same_status", "select_across": 1, "index": 0}
    typed = {**chosen, "_selected_action": [three[0].pk]}
    response = by_editor.post(address, typed, follow=True)
    assert (
        "2"
        in html.fromstring(response.content.decode()).cssselect(".messagelist")[0].text_content()
    )


def test_the_same_is_recorded_for_several_once(
    by_editor: Client, editor: User, three: list[Implementation]
) -> None:
    address = several_page(*three)
    form = hidden(by_editor, address)
    typed = {**form, "status": "not_started", "note": "Rien", "url": factories.URL}
    for _click in range(2):
        response = by_editor.post(address, typed)
        assert response.status_code == 302, text_of(response)
    assert FollowUp.objects.count() == 3
    for implementation in three:
        assert verifies(implementation)
        assert implementation.status == Status.NOT_STARTED
        entry = implementation.entries.get()
        assert entry.channel == Channel.ADMIN
        assert entry.submission == uuid.uuid5(uuid.UUID(form["submission"][0]), implementation.key)


def test_several_all_or_nothing(
    by_editor: Client, government: Organization, three: list[Implementation]
) -> None:
    """Mali's government reports for Mali without a source; for Niger it needs one."""
    niger = factories.make_implementation(three[0].recommendation, "NE")
    address = several_page(*three, niger)
    typed = {**hidden(by_editor, address), "status": "not_started", "organization": government.pk}
    response = by_editor.post(address, typed)
    assert response.status_code == 422
    assert niger.key in text_of(response)
    assert not FollowUp.objects.exists()
    tree = html.fromstring(response.content.decode())
    assert tree.cssselect("input[name=status][value=not_started]")[0].get("checked") is not None
    chosen = tree.cssselect("select[name=organization] option[selected]")
    assert [option.get("value") for option in chosen] == [str(government.pk)]


def test_several_with_others_meanwhile(
    by_editor: Client, contributor: User, three: list[Implementation]
) -> None:
    address = several_page(*three)
    typed = {**hidden(by_editor, address), "note": "Le mien"}
    factories.record(three[0], contributor, note="Celui d’Awa")
    factories.record(three[2], contributor, note="Un autre d’Awa")
    asked = by_editor.post(address, typed)
    assert asked.status_code == 409
    assert "Celui d’Awa" in text_of(asked)
    assert "Un autre d’Awa" in text_of(asked)
    assert FollowUp.objects.count() == 2
    again = {**hidden_of(html.fromstring(asked.content.decode())), "note": "Le mien"}
    assert by_editor.post(address, again).status_code == 302
    assert FollowUp.objects.filter(note="Le mien").count() == 3


def test_several_the_same_form_with_other_words(
    by_editor: Client, three: list[Implementation]
) -> None:
    address = several_page(*three)
    form = hidden(by_editor, address)
    by_editor.post(address, {**form, "note": "Un"})
    asked = by_editor.post(address, {**form, "note": "Deux"})
    assert asked.status_code == 409
    again = {**hidden_of(html.fromstring(asked.content.decode())), "note": "Deux"}
    assert by_editor.post(address, again).status_code == 302
    assert FollowUp.objects.filter(note="Deux").count() == 3
