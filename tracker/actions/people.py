"""Accounts: made, changed and let in by administrators; the first one by who starts the server."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.exceptions import Invalid, LinkSpent
from tracker.models import SignInLink, User
from tracker.permissions import check_can_manage_people
from tracker.statuses import Role


@transaction.atomic
def save_user(*, by: User, user: User, changed: Iterable[str] | None = None) -> User:
    """Create an account (without a password: its person chooses one by a link) or change one."""
    check_can_manage_people(by)
    _check_somebody_stays(user)
    if user.role == Role.CONTRIBUTOR and user.organization and not user.organization.state_id:
        message = _(
            "A contributor records for a State, and this organization has none: choose another one."
        )
        raise Invalid({"organization": [message]})
    return _save(user, changed)


@transaction.atomic
def issue_link(*, by: User | None, user: User | None) -> tuple[SignInLink, str]:
    """A link that signs ``user`` in once, and its secret, which is shown now and never again.

    ``user`` None is for the first administrator; ``by`` None is the person at the server's own console.
    A newer link replaces the older ones.
    """
    if by is not None:
        check_can_manage_people(by)
    if user is not None and not user.is_active:
        raise Invalid({"": [_("This account is not active: activate it first.")]})
    now = timezone.now()
    SignInLink.objects.filter(user=user, used_at=None).delete()
    secret = secrets.token_urlsafe(32)
    link = SignInLink(
        secret_digest=_digest(secret),
        user=user,
        created_at=now,
        expires_at=now + dt.timedelta(hours=settings.SIGN_IN_LINK_HOURS),
    )
    link.save()
    return link, secret


def find_link(secret: str) -> SignInLink:
    """The link of that secret, if it can still be used; ``LinkSpent`` if not."""
    links = SignInLink.objects.select_related("user").filter(used_at=None)
    link = links.filter(secret_digest=_digest(secret), expires_at__gt=timezone.now()).first()
    if link is None or (link.user is None and has_administrator()):
        raise LinkSpent
    if link.user is not None and not link.user.is_active:
        raise LinkSpent
    return link


@transaction.atomic
def redeem_link(*, secret: str, username: str, name: str, password: str) -> User:
    """Use a link up: its person chooses a password (the first administrator a name too) and is let in."""
    # Locked, so that of two requests with one link the second finds it used.
    list(SignInLink.objects.select_for_update().filter(secret_digest=_digest(secret)))
    link = find_link(secret)
    user = link.user or User(username=username, name=name or username, role=Role.ADMINISTRATOR)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid({"password": error.messages}) from error
    user.set_password(password)
    _save(user, None if link.user is None else ["password"])
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])
    return user


def has_administrator() -> bool:
    """Whether anybody can sign in who manages people."""
    active = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True)
    return active.exclude(password="").exists()


@transaction.atomic
def change_password(*, by: User, password: str) -> User:
    """Change one's own password. The form has asked for the old one and judged the new one."""
    by.set_password(password)
    by.save(update_fields=["password"])
    return by


def _administrators() -> QuerySet[User]:
    """Those who can sign in and manage people: active, and with a password."""
    active = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True)
    return active.exclude(password="").order_by("pk")


def _check_somebody_stays(user: User) -> None:
    """The last administrator keeps the role: otherwise nobody could manage people any more."""
    stays = user.role == Role.ADMINISTRATOR and user.is_active
    # Locked, so that two who demote each other do so one after the other.
    administrators = set(_administrators().select_for_update().values_list("pk", flat=True))
    if not stays and administrators == {user.pk}:
        message = _("This is the last administrator: give the role to somebody else first.")
        raise Invalid({"is_active" if not user.is_active else "role": [message]})


def _save(user: User, changed: Iterable[str] | None) -> User:
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        errors = {("" if k == "__all__" else k): v for k, v in error.message_dict.items()}
        raise Invalid(errors) from error
    if user._state.adding or changed is None:
        user.save()
    elif changed:
        user.save(update_fields=list(changed))
    return user


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
