"""What tests are about, made by the functions that make it on the site: see ``tracker.actions``."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import time_machine
from django.db import connection

from tracker.actions.followups import amend_followup, record_followup, retract_followup
from tracker.actions.ledger import together
from tracker.actions.people import save_user
from tracker.actions.records import address_to, refold, save_record
from tracker.actions.sources import CitedSource, add_source
from tracker.actions.statements import Statement
from tracker.models import (
    Body,
    Difficulty,
    FollowUp,
    Implementation,
    Instrument,
    Meeting,
    Organization,
    Provision,
    Recommendation,
    RecommendationProvision,
    RecommendationTheme,
    Source,
    State,
    Theme,
    Translation,
    User,
    triggers,
)
from tracker.models.meetings import ProvisionKind
from tracker.statuses import Channel, OrganizationKind, Role

PASSWORD = "correct horse battery staple"
"""Of everybody whom ``make_user`` makes."""
NOTE = "Un atelier s’est tenu à Bamako."
URL = "https://example.org/decret"
LAST_DAY = dt.date(2025, 10, 10)


def make_state(code: str = "ML") -> State:
    return State.objects.get_or_create(code=code)[0]


def make_organization(
    name: str = "Ministère des Maliens établis à l’extérieur",
    kind: str = OrganizationKind.GOVERNMENT,
    state: str | None = "ML",
) -> Organization:
    place = make_state(state) if state else None
    return save_record(by=None, record=Organization(name_fr=name, kind=kind, state=place))


@together()
def make_user(
    role: str = Role.READER,
    organization: Organization | None = None,
    username: str = "",
    name: str = "",
    password: str = PASSWORD,
    **fields: Any,
) -> User:
    """An account with ``PASSWORD``, named after its role; a contributor is of Mali's government."""
    if role == Role.CONTRIBUTOR and organization is None:
        organization = make_organization()
    username = username or f"{role}-{User.objects.count() + 1}"
    user = User(role=role, organization=organization, username=username, **fields)
    user.name = name or username.capitalize()
    user.set_password(password)
    return save_user(by=User(role=Role.ADMINISTRATOR), user=user)


@together()
def make_meeting(session: int = 12, body: str = "som", **fields: Any) -> Meeting:
    """The meeting of that session of that body, which is made if it is not there yet."""
    slug = f"{body}-{session}"
    if known := Meeting.objects.filter(slug=slug).first():
        return known
    of = Body.objects.filter(slug=body).first() or save_record(
        by=None, record=Body(slug=body, name_fr="Groupe de travail", name_en="Working Group")
    )
    given = {"place_fr": "Vienne", "place_en": "Vienna", "country": "AT"}
    days = {"starts_on": LAST_DAY - dt.timedelta(days=1), "ends_on": LAST_DAY}
    meeting = Meeting(slug=slug, body=of, session=session, **{**given, **days, **fields})
    return save_record(by=None, record=meeting)


def make_source(url: str = "https://example.org/origine", **details: Any) -> Source:
    return add_source(by=None, url=url, **details)


def make_theme(name: str = "Gestion des frontières", slug: str = "borders") -> Theme:
    known = Theme.objects.filter(slug=slug).first()
    return known or save_record(by=None, record=Theme(slug=slug, name_fr=name, name_en=slug))


@together()
def make_provision(number: str = "6", instrument: str = "smuggling-protocol") -> Provision:
    of = Instrument.objects.filter(slug=instrument).first() or save_record(
        by=None, record=Instrument(slug=instrument, short_fr="Protocole", short_en="Protocol")
    )
    kind = ProvisionKind.ARTICLE
    return Provision.objects.get_or_create(instrument=of, kind=kind, number=number)[0]


@together()
def make_difficulty(*bears_on: Recommendation, slug: str = "biometric-data") -> Difficulty:
    meeting = bears_on[0].meeting if bears_on else make_meeting()
    title = {"title_fr": "Données biométriques", "title_en": "Biometric data"}
    difficulty = save_record(by=None, record=Difficulty(meeting=meeting, slug=slug, **title))
    difficulty.bears_on.set(bears_on)
    return difficulty


@together()
def make_recommendation(
    number: int | None = None,
    meeting: Meeting | None = None,
    text: str = "L’amélioration de la gestion des frontières",
    english: str = "",
    themes: Iterable[Theme] = (),
    provisions: Iterable[Provision] = (),
    **fields: Any,
) -> Recommendation:
    """The next recommendation of the meeting, or the one of that number."""
    meeting = meeting or make_meeting()
    number = number or meeting.recommendations.count() + 1
    fields = {"ref": f"{meeting.slug}-{number}", "origin_id": make_source().pk, **fields}
    made = Recommendation(meeting=meeting, number=number, text=text, **fields)
    recommendation = save_record(by=None, record=made)
    for theme in themes:
        link: Any = RecommendationTheme(recommendation=recommendation, theme=theme)
        save_record(by=None, record=link)
    for provision in provisions:
        link = RecommendationProvision(recommendation=recommendation, provision=provision)
        save_record(by=None, record=link)
    if english:
        words = Translation(recommendation=recommendation, language="en", text=english)
        save_record(by=None, record=words)
    refold(recommendation=recommendation)
    return recommendation


def make_earlier(
    text: str = "Améliorer la gestion des frontières", session: int = 11, **fields: Any
) -> Recommendation:
    """The next recommendation of a meeting of some years before ``LAST_DAY``."""
    day = LAST_DAY - dt.timedelta(days=365 * (12 - session))
    meeting = make_meeting(session, starts_on=day, ends_on=day)
    return make_recommendation(meeting=meeting, text=text, **fields)


@together()
def make_implementation(
    recommendation: Recommendation | None = None, state: str = "ML", **fields: Any
) -> Implementation:
    """A State's carrying-out of a recommendation (a new one, if none is given)."""
    recommendation = recommendation or make_recommendation()
    made = address_to(by=None, recommendation=recommendation, state=make_state(state))
    for name, value in fields.items():
        setattr(made, name, value)
    return save_record(by=None, record=made, changed=fields) if fields else made


@together()
def make_several() -> list[Implementation]:
    """Two meetings, two States, two themes: seven implementations."""
    themes = [make_theme(), make_theme("Coopération", "cooperation")]
    older = make_meeting(11, starts_on=dt.date(2023, 10, 10), ends_on=dt.date(2023, 10, 12))
    made = []
    for meeting, number in ((None, 1), (None, 2), (older, 1), (older, 2)):
        recommendation = make_recommendation(number, meeting, themes=themes[: number % 2 + 1])
        for state in ("ML", "NE")[: 2 if number == 1 else 1]:
            made.append(make_implementation(recommendation, state=state))
    return [*made, make_implementation(make_recommendation(3), state="NE")]


def cited(*sources: str | CitedSource) -> tuple[CitedSource, ...]:
    """Addresses as the form gives them to an action."""
    return tuple(CitedSource(url=s) if isinstance(s, str) else s for s in sources)


def make_statement(sources: Iterable[str | CitedSource] = (), **fields: Any) -> Statement:
    """What somebody says: a note, unless something else is said."""
    said = cited(*sources)
    if not said and not fields.get("status"):
        fields.setdefault("note", NOTE)
    return Statement(sources=said, **fields)


def record(
    implementation: Implementation,
    by: User | None = None,
    sources: Iterable[str | CitedSource] = (),
    **fields: Any,
) -> FollowUp:
    """One more entry, on behalf of the person's organization; without a person, as initial data.

    ``record(implementation, editor, status="in_progress", sources=[URL], visibility="internal")``
    """
    if by is not None:
        fields.setdefault("organization", getattr(by, "organization", None))
    channel = Channel.SEED if by is None else Channel.SITE
    said = make_statement(sources, **fields)
    return record_followup(
        by=by, implementation=implementation, statement=said, channel=channel
    ).entry


def amend(
    entry: FollowUp,
    by: User,
    sources: Iterable[str | CitedSource] = (),
    reason: str = "Une coquille",
    **fields: Any,
) -> FollowUp:
    fields.setdefault("organization", entry.organization)
    said = make_statement(sources, **fields)
    return amend_followup(
        by=by, entry=entry, reason=reason, statement=said, channel=Channel.SITE
    ).entry


def retract(entry: FollowUp, by: User, reason: str = "Une erreur") -> FollowUp:
    return retract_followup(by=by, entry=entry, reason=reason, channel=Channel.SITE).entry


def on_its_day(record: Recommendation | Implementation) -> time_machine.travel:
    """The moment at which it was added: it is deleted on that day or never, whenever a test begins."""
    return time_machine.travel(record.added_at, tick=False)


def entries_of(pks: Iterable[int]) -> list[FollowUp]:
    """Those entries as the database has them, in that order."""
    found = FollowUp.objects.select_related("implementation", "organization").in_bulk(pks)
    return [found[pk] for pk in pks]


def triggers_in_place() -> list[tuple[str, str]]:
    """Name and table of each of our triggers that the database has now."""
    return triggers.in_place(connection)


def drop_triggers() -> None:
    """Inside a transaction that a test rolls back."""
    if connection.vendor == "postgresql":
        # A table with checks still to be made at the end keeps its triggers.
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    triggers.uninstall(connection)
