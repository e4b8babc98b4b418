"""A meeting with all that it recommended, accepted by a person: all of it is saved, or nothing is."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from tracker.actions.edits import together
from tracker.actions.records import address_to, save_record
from tracker.actions.sources import add_source
from tracker.actions.ties import set_ties
from tracker.exceptions import Invalid
from tracker.models import Difficulty, Meeting, Recommendation, Source, State, User
from tracker.permissions import check_can_edit
from tracker.statuses import Channel, Stage

RECOMMENDATIONS = 400
"""How many at most in one step. The record is locked meanwhile: for two States it took 4 seconds with
SQLite and 9 with PostgreSQL on two processors (measured), and others wait for 20."""
DIFFICULTIES = 40
PAIRS = 1_000
"""Recommendations times States: as many implementations begin."""


@dataclass(frozen=True)
class Recommended:
    """One recommendation as a person accepted it."""

    number: int
    text: str
    locator: str = ""


@dataclass(frozen=True)
class Named:
    """A difficulty as a person accepted it: its fields, and the numbers of what it bears on."""

    labels: Mapping[str, str]
    bears_on: Sequence[int] = ()


@dataclass(frozen=True)
class Proceedings:
    """What a meeting said. ``origin`` has the fields of the source that it is quoted from."""

    origin: Mapping[str, Any]
    language: str
    states: Sequence[str]
    recommendations: Sequence[Recommended]
    difficulties: Sequence[Named] = ()
    stage: str = Stage.DISCUSSION


def add_meeting(*, by: User, meeting: Meeting, said: Proceedings) -> Meeting:
    """Save a new meeting (and its body, if that is new), what it recommended and to which States.

    Raises ``NotAllowed``, or ``Invalid``: then nothing is written. Fields of the meeting are named as they
    are; those of the rest by their place: ``body-slug``, ``origin-url``, ``recommendations-3-text``,
    ``difficulties-1-title_fr`` (counted from 1).
    """
    check_can_edit(by)
    _check(meeting, said)
    try:
        with together(by=by, channel=Channel.SITE) as batch:
            _save(by, meeting, said)
            batch.channel = Channel.SITE  # the doors that others come in by are named by ``touch``
    except IntegrityError as error:
        _check_is_new(meeting)
        message = _("Somebody saved the same at the same moment: look at it, then send this again.")
        raise Invalid({"": [message]}) from error
    return meeting


def _check(meeting: Meeting, said: Proceedings) -> None:
    """What no single record can tell, or tells by the name of a constraint only."""
    errors = _of_the_meeting(meeting)
    if not said.recommendations:
        errors[""] = [_("Give at least one recommendation: a meeting is tracked by them.")]
    elif len(said.recommendations) > RECOMMENDATIONS or len(said.difficulties) > DIFFICULTIES:
        most = {"n": RECOMMENDATIONS, "m": DIFFICULTIES}
        errors[""] = [
            _(
                "Accept at most %(n)s recommendations and %(m)s difficulties at once: leave some out, and add"
                " them later, in the administration or as a table."
            )
            % most
        ]
    if not said.states:
        errors["states"] = [_("Choose at least one State: whom is it recommended to?")]
    elif len(said.states) * len(said.recommendations) > PAIRS:
        errors["states"] = [_("Choose fewer States, and add the others in the administration.")]
    known: set[int] = set()
    for place, one in enumerate(said.recommendations, 1):
        if one.number in known:
            message = _("Number %(n)s is given twice: give each its own.") % {"n": one.number}
            errors[f"recommendations-{place}-number"] = [message]
        known.add(one.number)
    for place, named in enumerate(said.difficulties, 1):
        if missing := sorted(set(named.bears_on) - known):
            message = _("There is no recommendation %(n)s: correct the numbers.")
            errors[f"difficulties-{place}-bears_on"] = [message % {"n": missing[0]}]
    if errors:
        raise Invalid(errors)
    _check_is_new(meeting)


def _of_the_meeting(meeting: Meeting) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    first, last, discussed = meeting.starts_on, meeting.ends_on, meeting.discussed_on
    if last < first:
        errors["ends_on"] = [_("The last day is before the first: correct one of them.")]
    elif discussed and not first <= discussed <= last:
        message = _("The meeting was over or had not begun: choose one of its days.")
        errors["discussed_on"] = [message]
    if not meeting.place_fr and not meeting.place_en:
        errors["place_fr"] = [_("Say where it met, in French or in English.")]
    sessions = Meeting.objects.filter(session=meeting.session, body=meeting.body_id)
    if meeting.session and meeting.body_id and sessions.exclude(slug=meeting.slug).exists():
        message = _("This session of the body is known already: give another number.")
        errors["session"] = [message]
    return errors


def _check_is_new(meeting: Meeting) -> None:
    if meeting.slug == "add":
        raise Invalid({"slug": [_("“add” is the address of this page: choose another.")]})
    if Meeting.objects.filter(slug=meeting.slug).exists():
        message = _(
            "There is a meeting with this short address already. If you sent this form twice, it is saved;"
            " else choose another."
        )
        raise Invalid({"slug": [message]})


def _save(by: User, meeting: Meeting, said: Proceedings) -> None:
    with _named("body"):
        if meeting.body.pk is None:
            meeting.body = save_record(by=by, record=meeting.body)
    save_record(by=by, record=meeting)
    with _named("origin"):
        origin = add_source(by=by, **said.origin)
    states = [State.objects.get_or_create(code=code)[0] for code in said.states]
    numbered: dict[int, Recommendation] = {}
    for place, one in enumerate(said.recommendations, 1):
        with _named(f"recommendations-{place}"):
            numbered[one.number] = _recommendation(by, meeting, origin, said, one)
        for state in states:
            address_to(by=by, recommendation=numbered[one.number], state=state)
    taken: set[str] = set()
    for place, named in enumerate(said.difficulties, 1):
        with _named(f"difficulties-{place}"):
            slug = _slug(named, place, taken)
            made = Difficulty(meeting=meeting, origin=origin, slug=slug, **named.labels)
            save_record(by=by, record=made)
        bears_on = [numbered[number] for number in named.bears_on]
        set_ties(by=by, record=made, field="bears_on", to=bears_on)


def _recommendation(
    by: User, meeting: Meeting, origin: Source, said: Proceedings, one: Recommended
) -> Recommendation:
    recommendation = Recommendation(
        ref=f"{meeting.slug}-{one.number}",
        meeting=meeting,
        number=one.number,
        text=one.text,
        language=said.language,
        origin=origin,
        locator=one.locator,
        stage=said.stage,
    )
    return save_record(by=by, record=recommendation)


def _slug(named: Named, place: int, taken: set[str]) -> str:
    """A short address made of its title, once in the meeting."""
    title = next(filter(None, (named.labels.get(f"title_{code}") for code in ("fr", "en"))), "")
    slug = slugify(title)[:40].strip("-") or "difficulty"
    slug = f"{slug}-{place}" if slug in taken else slug
    taken.add(slug)
    return slug


@contextmanager
def _named(place: str) -> Iterator[None]:
    """What is refused inside is refused of this part of the whole."""
    try:
        yield
    except Invalid as invalid:
        raise Invalid({f"{place}-{n}" if n else place: m for n, m in invalid.errors.items()}) from (
            invalid
        )
