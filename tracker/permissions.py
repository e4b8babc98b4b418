"""Who may do and read what.

Each rule is a pair: ``check_can_x`` raises ``NotAllowed`` and says who may; ``can_x`` asks it. Actions call
the former and buttons the latter, so the two cannot differ.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import ParamSpec, TypeGuard

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils.translation import gettext as _

from tracker.exceptions import NotAllowed
from tracker.models import FollowUp, Implementation, Organization, User
from tracker.statuses import Kind, Role, Visibility

AnyUser = User | AnonymousUser
P = ParamSpec("P")


def _asks(check: Callable[P, None]) -> Callable[P, bool]:
    @wraps(check)
    def can(*args: P.args, **kwargs: P.kwargs) -> bool:
        try:
            check(*args, **kwargs)
        except NotAllowed:
            return False
        return True

    return can


def _has_role(user: AnyUser, *roles: Role) -> bool:
    return isinstance(user, User) and user.is_active and user.role in roles


def is_editor(user: AnyUser) -> TypeGuard[User]:
    """Editors, and administrators, who may do all that editors may."""
    return _has_role(user, Role.EDITOR, Role.ADMINISTRATOR)


def is_administrator(user: AnyUser) -> TypeGuard[User]:
    return _has_role(user, Role.ADMINISTRATOR)


def is_contributor(user: AnyUser) -> TypeGuard[User]:
    return _has_role(user, Role.CONTRIBUTOR)


def state_of(user: AnyUser) -> str | None:
    """The State that a contributor records for; None for everybody else."""
    if not is_contributor(user) or user.organization is None:
        return None
    return user.organization.state_id


def readable_entries(user: AnyUser, prefix: str = "") -> Q:
    """The one read rule: public entries; internal ones for editors and for the organization they are by.

    ``prefix`` is the path from the queried model to the entry, such as ``"followup__"``.
    """
    return entries_readable_with(reads_internal_of(user), prefix)


def entries_readable_with(owners: Iterable[int | None] | None, prefix: str = "") -> Q:
    """The same for whoever reads what is internal of these organizations (None: of all)."""
    if owners is None:
        return Q()
    readable = Q(**{f"{prefix}visibility": Visibility.PUBLIC})
    for owner in owners:
        readable |= Q(**{f"{prefix}organization": owner})
    return readable


def reads_internal_of(user: AnyUser) -> list[int | None] | None:
    """The organizations whose internal text somebody may read, of ``readable_entries``; None for all."""
    if is_editor(user):
        return None
    return [user.organization_id] if is_contributor(user) else []


def check_can_record(user: AnyUser, implementation: Implementation) -> None:
    """Editors for every State; contributors for the State of their organization."""
    if is_editor(user):
        return
    if not is_contributor(user):
        raise NotAllowed(_("Only contributors and editors record follow-ups: sign in as one."))
    if state_of(user) != implementation.state_id:
        raise NotAllowed(_("You record for the State of your organization only."))


def check_can_speak_for(user: AnyUser, organization: Organization | None) -> None:
    """Editors on behalf of anybody; contributors on behalf of their own organization."""
    if is_editor(user):
        return
    if organization is None or not is_contributor(user) or user.organization_id != organization.pk:
        raise NotAllowed(_("You record on behalf of your own organization only."))


def check_can_correct(user: AnyUser, entry: FollowUp) -> None:
    """Amend or retract: editors; contributors what was recorded on behalf of their organization."""
    check_can_record(user, entry.implementation)
    if entry.kind in (Kind.RETRACTION, Kind.REDACTION):
        raise NotAllowed(_("A retraction stays: record a new follow-up instead."))
    if is_editor(user):
        return
    if not isinstance(user, User) or entry.organization_id != user.organization_id:
        raise NotAllowed(_("You amend and retract what your own organization recorded only."))


def check_can_edit(user: AnyUser) -> None:
    """Everything about the record but people: editors."""
    if not is_editor(user):
        raise NotAllowed(_("Only editors change the record itself."))


def check_can_redact(user: AnyUser) -> None:
    """Take words away where the law requires it: administrators."""
    if not is_administrator(user):
        raise NotAllowed(_("Only administrators redact entries."))


def check_can_manage_people(user: AnyUser) -> None:
    if not is_administrator(user):
        raise NotAllowed(_("Only administrators manage people."))


can_record = _asks(check_can_record)
can_speak_for = _asks(check_can_speak_for)
can_correct = _asks(check_can_correct)
can_edit = _asks(check_can_edit)
can_redact = _asks(check_can_redact)
can_manage_people = _asks(check_can_manage_people)


def organizations_to_speak_for(user: AnyUser) -> Q:
    """Which organizations the form offers to somebody: the same rule as ``check_can_speak_for``."""
    if is_editor(user):
        return Q()
    return Q(pk=user.organization_id) if is_contributor(user) else Q(pk=None)


def has_django_permission(user: User, permission: str) -> bool:
    """Django's ``app.action_model`` question, answered by the rules above.

    Entries, citations and sign-in links are never edited by a form of the admin.
    """
    app, _dot, code = permission.partition(".")
    action, _underscore, model = code.partition("_")
    if app != "tracker":
        return False
    if model in ("user", "signinlink"):
        return can_manage_people(user) and model == "user" and action != "delete"
    if model in ("followup", "citation", "edit"):
        return can_edit(user) and action == "view"
    return can_edit(user)
