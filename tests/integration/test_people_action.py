"""Accounts: who makes them, and the links by which people come in."""

import datetime as dt

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import PASSWORD, make_user
from tracker.actions.people import (
    change_password,
    find_link,
    has_administrator,
    issue_link,
    redeem_link,
    save_user,
)
from tracker.exceptions import Invalid, LinkSpent, NotAllowed
from tracker.models import Organization, SignInLink, User
from tracker.statuses import Role

pytestmark = pytest.mark.django_db
LIFE = dt.timedelta(hours=settings.SIGN_IN_LINK_HOURS)


def link_for(user: User | None) -> str:
    return issue_link(by=None, user=user)[1]


def redeem(secret: str, username: str = "ada", password: str = PASSWORD) -> User:
    return redeem_link(secret=secret, username=username, name="Ada Traoré", password=password)


def spent(secret: str) -> bool:
    """Whether the link lets nobody in, neither to its form nor through it."""
    with pytest.raises(LinkSpent):
        redeem(secret)
    try:
        find_link(secret)
    except LinkSpent:
        return True
    return False


# --- The first administrator ----------------------------------------------------------------------


def test_the_first_link_makes_an_administrator() -> None:
    user = redeem(link_for(None))
    assert (user.role, user.username, user.name) == (Role.ADMINISTRATOR, "ada", "Ada Traoré")
    assert User.objects.get().check_password(PASSWORD)
    assert has_administrator()


def test_the_first_link_works_only_while_there_is_no_administrator() -> None:
    secret = link_for(None)
    make_user(Role.EDITOR)
    assert find_link(secret)
    make_user(Role.ADMINISTRATOR)
    assert spent(secret)


def test_an_administrator_who_never_chose_a_password_is_none_yet(administrator: User) -> None:
    User.objects.update(password="")
    assert not has_administrator()
    User.objects.update(password="x", is_active=False)
    assert not has_administrator()


def test_a_name_that_is_taken_is_refused_and_the_link_stays() -> None:
    make_user(Role.EDITOR, username="Ada")
    secret = link_for(None)
    with pytest.raises(Invalid):
        redeem(secret, username="ada")
    assert redeem(secret, username="traore").is_staff


# --- Links ----------------------------------------------------------------------------------------


def test_a_link_works_once(editor: User) -> None:
    secret = link_for(editor)
    assert redeem(secret, password="another horse entirely") == editor
    editor.refresh_from_db()
    assert editor.check_password("another horse entirely")
    assert spent(secret)


def test_a_link_changes_nothing_but_the_password(editor: User) -> None:
    before = User.objects.values("username", "name", "role", "organization", "is_active").get()
    redeem(link_for(editor), username="somebody")
    assert User.objects.values(*before).get() == before


def test_a_link_expires(editor: User) -> None:
    secret = link_for(editor)
    with time_machine.travel(timezone.now() + LIFE - dt.timedelta(minutes=1)):
        assert find_link(secret).user == editor
    with time_machine.travel(timezone.now() + LIFE + dt.timedelta(minutes=1)):
        assert spent(secret)


def test_a_newer_link_replaces_the_older_one(editor: User, administrator: User) -> None:
    others, older = link_for(administrator), link_for(editor)
    newer = link_for(editor)
    assert spent(older)
    assert find_link(newer).user == editor
    assert find_link(others).user == administrator


def test_a_newer_first_link_replaces_the_older_one() -> None:
    older, newer = link_for(None), link_for(None)
    assert spent(older)
    assert find_link(newer).user is None


@pytest.mark.parametrize("secret", ["", "guessed", "é"])
def test_a_link_that_never_was(secret: str) -> None:
    assert spent(secret)


def test_only_the_digest_of_a_secret_is_kept(editor: User) -> None:
    secret = link_for(editor)
    assert secret not in str(SignInLink.objects.values().get())


def test_who_is_not_active_is_let_in_by_no_link(editor: User) -> None:
    secret = link_for(editor)
    User.objects.update(is_active=False)
    assert spent(secret)
    editor.refresh_from_db()
    with pytest.raises(Invalid):
        link_for(editor)


WEAK = ["", "short", "123456789012", "password1234", "sofia-keller"]


@pytest.mark.parametrize("password", WEAK)
def test_a_weak_password_is_refused_and_the_link_stays(editor: User, password: str) -> None:
    secret = link_for(editor)
    with pytest.raises(Invalid) as refused:
        redeem(secret, password=password)
    assert list(refused.value.errors) == ["password"]
    assert find_link(secret)
    editor.refresh_from_db()
    assert editor.check_password(PASSWORD)


def test_a_first_password_like_the_name_is_refused() -> None:
    secret = link_for(None)
    with pytest.raises(Invalid):
        redeem(secret, username="ada-traore-99", password="ada-traore-99")
    assert not User.objects.exists()


# --- Who manages people ---------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["editor", "contributor", "foreign_contributor", "reader"])
def test_only_administrators_manage_people(request: pytest.FixtureRequest, who: str) -> None:
    by = request.getfixturevalue(who)
    count = User.objects.count()
    with pytest.raises(NotAllowed):
        save_user(by=by, user=User(username="new", name="New"))
    with pytest.raises(NotAllowed):
        issue_link(by=by, user=None)
    assert (User.objects.count(), SignInLink.objects.count()) == (count, 0)


def test_nobody_promotes_themselves(editor: User) -> None:
    editor.role = Role.ADMINISTRATOR
    stored = User.objects.get(pk=editor.pk)
    with pytest.raises(NotAllowed):
        save_user(by=stored, user=editor, changed=["role"])


def test_an_account_is_made_without_a_password(
    administrator: User, government: Organization
) -> None:
    new = User(username="awa", name="Awa", role=Role.CONTRIBUTOR, organization=government)
    save_user(by=administrator, user=new)
    assert User.objects.get(username="awa").password == ""
    assert redeem(issue_link(by=administrator, user=new)[1]).check_password(PASSWORD)


BAD: list[tuple[str, dict[str, str]]] = [
    ("", {"username": "ADMIN"}),
    ("username", {"username": "a/b"}),
    ("username", {"username": ""}),
    ("email", {"email": "nowhere"}),
    ("role", {"role": "king"}),
    ("", {"role": "contributor"}),
    ("name", {"name": ""}),
]


@pytest.mark.parametrize(("field", "change"), BAD)
def test_what_is_wrong_is_said_on_its_field(
    administrator: User, field: str, change: dict[str, str]
) -> None:
    new = User(**{"username": "awa", "name": "Awa", **change})
    with pytest.raises(Invalid) as refused:
        save_user(by=administrator, user=new)
    assert field in refused.value.errors
    assert User.objects.count() == 1


def test_only_what_changed_is_written(administrator: User, editor: User) -> None:
    User.objects.filter(pk=editor.pk).update(email="sofia@example.org")
    editor.name = "Sofia K."
    save_user(by=administrator, user=editor, changed=["name"])
    editor.refresh_from_db()
    assert (editor.name, editor.email) == ("Sofia K.", "sofia@example.org")


@pytest.mark.parametrize(
    ("field", "value"), [("role", Role.EDITOR), ("role", Role.READER), ("is_active", False)]
)
def test_the_last_administrator_stays(administrator: User, field: str, value: object) -> None:
    setattr(administrator, field, value)
    by = User.objects.get()
    with pytest.raises(Invalid) as refused:
        save_user(by=by, user=administrator, changed=[field])
    assert list(refused.value.errors) == [field]
    assert User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exists()


def test_an_administrator_goes_where_another_stays(administrator: User) -> None:
    other = make_user(Role.ADMINISTRATOR)
    administrator.role = Role.READER
    save_user(by=other, user=administrator, changed=["role"])
    assert User.objects.get(role=Role.ADMINISTRATOR) == other


@pytest.mark.parametrize(
    "other", [{"password": ""}, {"is_active": False}, {"role": Role.EDITOR}], ids=str
)
def test_who_cannot_sign_in_and_manage_people_is_no_other_administrator(
    administrator: User, other: dict[str, object]
) -> None:
    User.objects.filter(pk=make_user(Role.ADMINISTRATOR).pk).update(**other)
    for field, value in (("role", Role.EDITOR), ("is_active", False)):
        leaving = User.objects.get(pk=administrator.pk)
        setattr(leaving, field, value)
        with pytest.raises(Invalid) as refused:
            save_user(by=administrator, user=leaving, changed=[field])
        assert list(refused.value.errors) == [field]
    assert User.objects.get(pk=administrator.pk).is_staff


def test_an_administrator_without_a_password_may_go(administrator: User) -> None:
    new = User(username="awa", name="Awa", role=Role.ADMINISTRATOR)
    save_user(by=administrator, user=new)
    new.role = Role.READER
    save_user(by=administrator, user=new, changed=["role"])
    assert User.objects.get(role=Role.ADMINISTRATOR) == administrator


@pytest.mark.skipif("not connection.features.has_select_for_update", reason="only PostgreSQL")
def test_administrators_are_locked_before_one_goes(administrator: User) -> None:
    other = make_user(Role.ADMINISTRATOR)
    other.role = Role.READER
    with CaptureQueriesContext(connection) as captured:
        save_user(by=administrator, user=other, changed=["role"])
    asked = [q["sql"] for q in captured if q["sql"].startswith(("SELECT", "UPDATE"))]
    assert 'FROM "tracker_user"' in asked[0]
    assert asked[0].endswith("ORDER BY 1 ASC FOR UPDATE")


# --- The organization of a contributor ------------------------------------------------------------


def test_a_contributor_is_of_an_organization_that_has_a_state(
    administrator: User, newspaper: Organization
) -> None:
    new = User(username="awa", name="Awa", role=Role.CONTRIBUTOR, organization=newspaper)
    with pytest.raises(Invalid) as refused:
        save_user(by=administrator, user=new)
    assert list(refused.value.errors) == ["organization"]
    assert User.objects.get() == administrator


@pytest.mark.parametrize("changed", [None, ["organization"], ["role"]])
def test_nobody_becomes_a_contributor_without_a_state(
    administrator: User,
    contributor: User,
    newspaper: Organization,
    changed: list[str] | None,
) -> None:
    before = User.objects.filter(pk=contributor.pk).values().get()
    contributor.organization = newspaper
    with pytest.raises(Invalid) as refused:
        save_user(by=administrator, user=contributor, changed=changed)
    assert list(refused.value.errors) == ["organization"]
    assert User.objects.filter(pk=contributor.pk).values().get() == before


@pytest.mark.parametrize("role", [Role.READER, Role.EDITOR, Role.ADMINISTRATOR])
def test_everybody_else_is_of_any_organization(newspaper: Organization, role: Role) -> None:
    assert make_user(role, newspaper).organization == newspaper


def test_a_password_is_changed(editor: User) -> None:
    change_password(by=editor, password="another horse entirely")
    assert User.objects.get().check_password("another horse entirely")


def test_names_are_one_whatever_their_case(editor: User) -> None:
    assert User.objects.get_by_natural_key("SOFIA") == editor
