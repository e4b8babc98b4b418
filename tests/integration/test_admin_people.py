"""People in the administration: accounts, roles, and the links by which they sign in."""

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from tests import factories
from tests.integration.test_admin_editing import add, change, errors_of, fields_of
from tracker.models import User
from tracker.statuses import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def by_administrator(client: Client, administrator: User) -> Client:
    client.force_login(administrator)
    return client


def test_an_account_is_made_without_a_password(by_administrator: Client) -> None:
    page = by_administrator.get(reverse("admin:tracker_user_add")).content
    assert not [name for name in fields_of(page) if "password" in name]
    response = add(by_administrator, "user", username="moussa", name="Moussa K.", role="editor")
    assert response.status_code == 302, errors_of(response)
    made = User.objects.get(username="moussa")
    assert made.role == Role.EDITOR
    assert not made.password


def test_a_contributor_needs_an_organization(by_administrator: Client) -> None:
    response = add(by_administrator, "user", username="m", name="M", role="contributor")
    assert response.status_code == 422
    assert errors_of(response)
    assert not User.objects.filter(username="m").exists()


def test_the_last_administrator_stays(by_administrator: Client, administrator: User) -> None:
    response = change(by_administrator, "user", administrator.pk, role="editor", name="Ada T.")
    assert response.status_code == 422
    tree = html.fromstring(response.content.decode())
    assert tree.cssselect(".field-role .errorlist"), errors_of(response)
    assert fields_of(response.content)["name"] == ["Ada T."]
    administrator.refresh_from_db()
    assert administrator.role == Role.ADMINISTRATOR
    assert administrator.name == "Ada Traoré"


def test_a_sign_in_link_is_shown_once(
    by_administrator: Client, editor: User, client: Client
) -> None:
    address = reverse("admin:tracker_user_link", args=[editor.pk])
    assert by_administrator.get(address).status_code == 405
    response = by_administrator.post(address)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    shown = html.fromstring(response.content.decode()).cssselect("#link")[0].text_content()
    secret = shown.rstrip("/").rpartition("/")[2]
    assert shown.startswith("http://testserver/")
    assert not [c for c in response.cookies.values() if secret in c.value]
    assert secret not in str(dict(client.session))
    assert editor.sign_in_links.count() == 1
    change_page = reverse("admin:tracker_user_change", args=[editor.pk])
    assert secret not in by_administrator.get(change_page).content.decode()


def test_no_link_for_who_is_not_active(by_administrator: Client) -> None:
    gone = factories.make_user(Role.READER, None, "gone", is_active=False)
    response = by_administrator.post(reverse("admin:tracker_user_link", args=[gone.pk]))
    assert response.status_code == 422
    assert not gone.sign_in_links.exists()


@pytest.mark.parametrize("who", ["editor", "contributor", "foreign_contributor"])
def test_links_are_made_by_administrators(
    client: Client, request: pytest.FixtureRequest, administrator: User, who: str
) -> None:
    client.force_login(request.getfixturevalue(who))
    address = reverse("admin:tracker_user_link", args=[administrator.pk])
    assert client.post(address).status_code == 403
    assert not administrator.sign_in_links.exists()
