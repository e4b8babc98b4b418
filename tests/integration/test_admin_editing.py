"""Editing in the administration: by the same actions as the site, and what they refuse is shown."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from tests import factories
from tracker.models import (
    Difficulty,
    Implementation,
    Meeting,
    Recommendation,
    RecommendationTheme,
    Source,
    State,
    Theme,
    Translation,
    User,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shared_cast")]


@pytest.fixture
def by_editor(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


def fields_of(page: bytes) -> dict[str, Any]:
    """What a browser would send of the page's form, untouched."""
    tree = html.fromstring(page.decode())
    form = next(f for f in tree.forms if (f.get("id") or "").endswith("_form"))
    data: dict[str, Any] = {}
    for name, value in form.form_values():
        # A browser drops the line end that begins a text area, and sends the others as CR LF.
        data.setdefault(name, []).append(value.removeprefix("\n").replace("\n", "\r\n"))
    return {k: v for k, v in data.items() if "__prefix__" not in k and not k.startswith("_")}


def change(client: Client, model: str, pk: object, **fields: Any) -> Any:
    """Open the page of an object, change these fields, save."""
    address = reverse(f"admin:tracker_{model}_change", args=[pk])
    return client.post(address, {**fields_of(client.get(address).content), **fields})


def add(client: Client, model: str, **fields: Any) -> Any:
    address = reverse(f"admin:tracker_{model}_add")
    return client.post(address, {**fields_of(client.get(address).content), **fields})


def errors_of(response: Any) -> str:
    tree = html.fromstring(response.content.decode())
    return " ".join(e.text_content() for e in tree.cssselect(".errorlist, .messagelist"))


# --- Recommendations, with all that is on their page


def test_add_a_recommendation_with_everything(by_editor: Client) -> None:
    meeting, source, theme = (
        factories.make_meeting(),
        factories.make_source(),
        factories.make_theme(),
    )
    provision, state = factories.make_provision(), factories.make_state("NE")
    rows: dict[str, dict[str, Any]] = {
        "translations": {"language": "en", "text": "Better borders"},
        "theme_links": {"theme": theme.pk, "position": 1, "is_editorial": "on"},
        "provision_links": {"provision": provision.pk, "position": 1},
        "implementations": {"state": state.pk, "due_on": "31/12/2027"},
    }
    inline = {
        f"{prefix}-{key}": value
        for prefix, row in rows.items()
        for key, value in [("TOTAL_FORMS", 1), *((f"0-{k}", v) for k, v in row.items())]
    }
    response = add(
        by_editor,
        "recommendation",
        ref="som-12-9",
        meeting=meeting.pk,
        number=9,
        text="La gestion\r\ndes frontières",
        origin=source.pk,
        **inline,
    )
    assert response.status_code == 302, errors_of(response)
    made = Recommendation.objects.get(ref="som-12-9")
    assert made.text == "La gestion\ndes frontières"
    assert [t.text for t in made.translations.all()] == ["Better borders"]
    assert [link.theme for link in made.theme_links.all()] == [theme]
    assert made.provision_links.get().is_editorial is False
    assert str(made.implementations.get().due_on) == "2027-12-31"
    assert made.implementations.get().state == state
    for word in ("frontieres", "better", "som-12-9"):
        assert word in made.folded


def test_a_page_saved_untouched_writes_nothing(by_editor: Client, monkeypatch: Any) -> None:
    recommendation = factories.make_recommendation(
        text="Une ligne\nune autre", english="One\ntwo", themes=[factories.make_theme()]
    )
    factories.make_implementation(recommendation)
    saved: list[Any] = []
    for model in (Recommendation, Translation, RecommendationTheme, Implementation):
        monkeypatch.setattr(model, "save", lambda self, **kw: saved.append((self, kw)))
    response = change(by_editor, "recommendation", recommendation.pk)
    assert response.status_code == 302, errors_of(response)
    assert saved == []


def test_only_what_changed_is_written(by_editor: Client) -> None:
    recommendation = factories.make_recommendation(text="Avant")
    address = reverse("admin:tracker_recommendation_change", args=[recommendation.pk])
    typed = {**fields_of(by_editor.get(address).content), "locator": "paragraphe 14"}
    Recommendation.objects.filter(pk=recommendation.pk).update(text="Corrigé par un collègue")
    assert by_editor.post(address, typed).status_code == 302
    recommendation.refresh_from_db()
    assert recommendation.text == "Corrigé par un collègue"
    assert recommendation.locator == "paragraphe 14"


def test_both_changed_the_same_field(by_editor: Client) -> None:
    recommendation = factories.make_recommendation(text="Avant")
    address = reverse("admin:tracker_recommendation_change", args=[recommendation.pk])
    typed = {**fields_of(by_editor.get(address).content), "text": "Le mien"}
    Recommendation.objects.filter(pk=recommendation.pk).update(text="Celui d’un collègue")
    asked = by_editor.post(address, typed)
    assert asked.status_code == 422
    assert "Celui d’un collègue" in errors_of(asked)
    recommendation.refresh_from_db()
    assert recommendation.text == "Celui d’un collègue"
    again = fields_of(asked.content)
    assert again["text"] == ["Le mien"]
    assert by_editor.post(address, again).status_code == 302
    recommendation.refresh_from_db()
    assert recommendation.text == "Le mien"


def test_the_same_change_by_both_is_no_question(by_editor: Client) -> None:
    meeting = factories.make_meeting()
    address = reverse("admin:tracker_meeting_change", args=[meeting.pk])
    typed = {**fields_of(by_editor.get(address).content), "subject_en": "Smuggling"}
    Meeting.objects.filter(pk=meeting.pk).update(subject_en="Smuggling")
    assert by_editor.post(address, typed).status_code == 302


def test_an_inline_is_amended_and_removed(by_editor: Client) -> None:
    recommendation = factories.make_recommendation(english="Old words")
    response = change(
        by_editor, "recommendation", recommendation.pk, **{"translations-0-text": "New words"}
    )
    assert response.status_code == 302, errors_of(response)
    recommendation.refresh_from_db()
    assert "new words" in recommendation.folded
    change(by_editor, "recommendation", recommendation.pk, **{"translations-0-DELETE": "on"})
    recommendation.refresh_from_db()
    assert not recommendation.translations.exists()
    assert "new words" not in recommendation.folded


def test_what_is_wrong_in_an_inline_is_said_there(by_editor: Client) -> None:
    recommendation = factories.make_recommendation(english="Words")
    response = change(
        by_editor, "recommendation", recommendation.pk, **{"translations-0-is_official": "on"}
    )
    assert response.status_code == 422
    assert "traduction officielle" in errors_of(response) or "official" in errors_of(response)
    assert not Translation.objects.get().is_official


def test_a_missing_field_keeps_what_was_typed(
    by_editor: Client, implementation: Implementation
) -> None:
    response = add(by_editor, "recommendation", ref="som-12-9", text="Des mots à garder")
    assert response.status_code == 422
    assert "Des mots à garder" in response.content.decode()
    assert Recommendation.objects.get() == implementation.recommendation


# --- What is permanent


@pytest.mark.parametrize(
    ("model", "field"),
    [
        ("recommendation", "ref"),
        ("source", "url"),
        ("implementation", "recommendation"),
        ("implementation", "state"),
        ("state", "code"),
    ],
)
def test_what_is_permanent_cannot_be_typed(
    by_editor: Client, implementation: Implementation, model: str, field: str
) -> None:
    pk = {
        "recommendation": implementation.recommendation_id,
        "source": implementation.recommendation.origin_id,
        "implementation": implementation.pk,
        "state": implementation.state_id,
    }[model]
    address = reverse(f"admin:tracker_{model}_change", args=[pk])
    assert field not in fields_of(by_editor.get(address).content)
    response = change(by_editor, model, pk, **{field: "other"})
    assert response.status_code == 302
    implementation.refresh_from_db()
    assert implementation.key == "som-12-1:ML"
    assert Source.objects.get().url == "https://example.org/origine"


# --- What actions refuse


def test_a_source_is_known_by_its_one_address(by_editor: Client) -> None:
    factories.make_source("https://example.org/decret")
    known = Source.objects.count()
    response = add(by_editor, "source", url="HTTPS://EXAMPLE.ORG/decret?utm_source=x#top")
    assert response.status_code == 422
    assert "connue" in errors_of(response) or "known already" in errors_of(response)
    assert add(by_editor, "source", url="ftp://example.org/").status_code == 422
    assert Source.objects.count() == known
    assert add(by_editor, "source", url="HTTPS://EXAMPLE.ORG/autre#top").status_code == 302
    assert Source.objects.filter(url="https://example.org/autre").exists()


def test_what_only_the_action_refuses_is_shown_in_the_form(
    by_editor: Client, monkeypatch: Any
) -> None:
    from tracker.admin import base
    from tracker.exceptions import Invalid

    meeting = factories.make_meeting()

    def refuse(**_given: Any) -> None:
        raise Invalid({"session": ["Non."], "slug": ["Pas ainsi."], "": ["Rien."]})

    monkeypatch.setattr(base, "save_record", refuse)
    response = change(by_editor, "meeting", meeting.pk, session=13, subject_fr="À garder")
    assert response.status_code == 422
    for words in ("Non.", "Pas ainsi.", "Rien."):
        assert words in errors_of(response)
    assert fields_of(response.content)["subject_fr"] == ["À garder"]


def test_what_an_action_refuses_of_an_inline_is_shown_in_its_row(
    by_editor: Client, monkeypatch: Any
) -> None:
    from tracker.actions import records
    from tracker.admin import base
    from tracker.exceptions import Invalid

    recommendation = factories.make_recommendation(english="Words")

    def refuse(*, record: Any, **given: Any) -> Any:
        if isinstance(record, Translation):
            raise Invalid({"text": ["Non."]})
        return records.save_record(record=record, **given)

    monkeypatch.setattr(base, "save_record", refuse)
    typed = {"translations-0-text": "Other", "locator": "p. 1"}
    response = change(by_editor, "recommendation", recommendation.pk, **typed)
    assert response.status_code == 422
    tree = html.fromstring(response.content.decode())
    row = tree.cssselect("#translations-0")[0]
    assert "Non." in row.text_content()
    recommendation.refresh_from_db()
    assert recommendation.locator == ""  # all or nothing


def test_a_cited_source_cannot_be_deleted(
    by_editor: Client, editor: User, implementation: Implementation
) -> None:
    entry = factories.record(implementation, editor, sources=[factories.URL])
    source = entry.citations.get().source
    address = reverse("admin:tracker_source_delete", args=[source.pk])
    page = by_editor.get(address).content.decode()
    assert str(entry.citations.get()) in page
    assert 'type="submit" value="Oui' not in page
    by_editor.post(address, {"post": "yes"})
    assert Source.objects.filter(pk=source.pk).exists()


def test_what_comes_to_rest_on_it_meanwhile_is_said(by_editor: Client, monkeypatch: Any) -> None:
    from tracker.admin import base

    recommendation = factories.make_recommendation()
    monkeypatch.setattr(base, "rests_on", lambda record: ([str(record)], []))
    source = recommendation.origin
    address = reverse("admin:tracker_source_delete", args=[source.pk])
    response = by_editor.post(address, {"post": "yes"}, follow=True)
    assert errors_of(response)
    assert Source.objects.filter(pk=source.pk).exists()


def test_what_nothing_rests_on_is_deleted(by_editor: Client) -> None:
    source = factories.make_source("https://example.org/faute-de-frappe")
    recommendation = factories.make_recommendation(english="Words", themes=[factories.make_theme()])
    for model, pk in (("source", source.pk), ("recommendation", recommendation.pk)):
        address = reverse(f"admin:tracker_{model}_delete", args=[pk])
        with factories.on_its_day(recommendation):
            assert by_editor.get(address).status_code == 200
            assert by_editor.post(address, {"post": "yes"}).status_code == 302
    assert not Source.objects.filter(pk=source.pk).exists()
    assert not Translation.objects.exists()


def test_deletion_lists_a_few_of_what_rests_on_it(by_editor: Client) -> None:
    meeting = factories.make_meeting()
    for _number in range(8):
        factories.make_recommendation(meeting=meeting)
    address = reverse("admin:tracker_meeting_delete", args=[meeting.pk])
    tree = html.fromstring(by_editor.get(address).content.decode())
    assert len(tree.cssselect("#deleted-objects li")) == 6


# --- The rest of the record


def test_a_renamed_theme_is_found_by_its_new_name(by_editor: Client) -> None:
    theme = factories.make_theme("Ancien nom")
    recommendation = factories.make_recommendation(themes=[theme])
    response = change(by_editor, "theme", theme.pk, name_fr="Coopération régionale")
    assert response.status_code == 302
    recommendation.refresh_from_db()
    assert "cooperation regionale" in recommendation.folded
    assert Theme.objects.get().name_fr == "Coopération régionale"


def test_a_difficulty_bears_on_recommendations(by_editor: Client) -> None:
    one, two = factories.make_recommendation(), factories.make_recommendation()
    difficulty = factories.make_difficulty(one)
    response = change(by_editor, "difficulty", difficulty.pk, bears_on=[two.pk])
    assert response.status_code == 302, errors_of(response)
    assert [*difficulty.bears_on.all()] == [two]
    assert Difficulty.objects.get().title_fr == "Données biométriques"


def test_lead_and_due_date(
    by_editor: Client, implementation: Implementation, government: Any
) -> None:
    response = change(
        by_editor, "implementation", implementation.pk, lead=government.pk, due_on="2027-01-31"
    )
    assert response.status_code == 302, errors_of(response)
    implementation.refresh_from_db()
    assert implementation.lead == government
    assert str(implementation.due_on) == "2027-01-31"


def test_a_state_is_chosen_by_name_and_addressed(by_editor: Client) -> None:
    page = by_editor.get(reverse("admin:tracker_state_add")).content.decode()
    assert "Tchad" in page
    assert add(by_editor, "state", code="TD").status_code == 302
    recommendation = factories.make_recommendation()
    response = add(by_editor, "implementation", recommendation=recommendation.pk, state="TD")
    assert response.status_code == 302, errors_of(response)
    again = add(by_editor, "implementation", recommendation=recommendation.pk, state="TD")
    assert again.status_code == 422
    assert recommendation.implementations.get().state == State("TD")


def test_a_state_is_found_by_its_name(by_editor: Client) -> None:
    factories.make_state("TD")
    factories.make_state("ML")
    address = reverse("admin:autocomplete")
    asked = {"app_label": "tracker", "model_name": "implementation", "field_name": "state"}
    for term in ("tchad", "Chad", "td"):
        found = by_editor.get(address, {**asked, "term": term}).json()["results"]
        assert [row["id"] for row in found] == ["TD"]


@pytest.mark.parametrize("model", ["recommendation", "implementation", "followup"])
def test_a_link_back_to_the_page_on_the_site(
    by_editor: Client, editor: User, implementation: Implementation, model: str
) -> None:
    entry = factories.record(implementation, editor)
    page = reverse("recommendation", args=[implementation.recommendation.ref])
    pk, expected = {
        "recommendation": (implementation.recommendation_id, page),
        "implementation": (implementation.pk, f"{page}?state=ML"),
        "followup": (entry.pk, reverse("entry", args=[entry.pk])),
    }[model]
    shown = by_editor.get(reverse(f"admin:tracker_{model}_change", args=[pk]))
    tree = html.fromstring(shown.content.decode())
    assert tree.cssselect(".viewsitelink")[0].get("href") == expected
