"""The fixed cast: each is found where a module has made it already, and made where not."""

from tests.factories import (
    make_implementation,
    make_organization,
    make_recommendation,
    make_user,
)
from tracker.actions.ledger import together
from tracker.models import Implementation, Organization, User
from tracker.statuses import OrganizationKind, Role


def government(name: str = "Gouvernement du Mali", state: str = "ML") -> Organization:
    """A State's own government: what it says of its status is reported."""
    found = Organization.objects.filter(name_fr=name).first()
    return found or make_organization(name, state=state)


def newspaper() -> Organization:
    """Of no State: what it says of a status is verified, by the source that it needs."""
    found = Organization.objects.filter(name_fr="L’Essor").first()
    return found or make_organization("L’Essor", OrganizationKind.MEDIA, state=None)


def contributor() -> User:
    """Of Mali's government: the right State."""
    return _known("awa") or make_user(Role.CONTRIBUTOR, government(), "awa", "Awa Diarra")


def foreign_contributor() -> User:
    """Of the government of another State."""
    if found := _known("ibrahim"):
        return found
    niger = government("Gouvernement du Niger", "NE")
    return make_user(Role.CONTRIBUTOR, niger, "ibrahim", "Ibrahim Moussa")


def editor() -> User:
    return _known("sofia") or make_user(Role.EDITOR, None, "sofia", "Sofia Keller")


def administrator() -> User:
    return _known("admin") or make_user(Role.ADMINISTRATOR, None, "admin", "Ada Traoré")


def everybody() -> None:
    """All who have an account."""
    for person in (contributor, foreign_contributor, editor, administrator):
        person()


def implementation() -> Implementation:
    """Mali's carrying-out of ``som-12-1``, of which nothing was reported."""
    rows = Implementation.objects.select_related("recommendation__meeting", "state")
    if found := rows.filter(recommendation__ref="som-12-1", state="ML").first():
        return found
    with together():
        return make_implementation(make_recommendation(number=1))


def _known(username: str) -> User | None:
    return User.objects.select_related("organization").filter(username=username).first()
