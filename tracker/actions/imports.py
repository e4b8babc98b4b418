"""Many recommendations at once, from a table: all of its rows in one transaction, or none.

What is written is what ``save_record``, ``address_to`` and ``record_followup`` would write row by row, some
hundred at a time and in bounded memory. Rows were checked before: see ``tracker.imports.check``.
"""

import datetime as dt
import logging
import uuid
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.actions.broken import told
from tracker.actions.bulk import record_all
from tracker.actions.edits import Moments, seal_added, together
from tracker.actions.ledger import Batch
from tracker.actions.ledger import chunks as in_parts
from tracker.actions.records import folded_of, save_record
from tracker.actions.search import index_implementations
from tracker.actions.similar import index_wordings
from tracker.actions.sources import normalised
from tracker.actions.statements import Draft, Statement
from tracker.exceptions import Invalid
from tracker.models import (
    Implementation,
    Meeting,
    Recommendation,
    RecommendationTheme,
    Source,
    State,
    Theme,
    User,
)
from tracker.ordering import LARGEST_NUMBER, place_of
from tracker.permissions import check_can_edit
from tracker.statuses import Channel, Subject

logger = logging.getLogger(__name__)
IMPORTING = 20
"""The lock of imports in PostgreSQL: the number of their decision, as nothing else has one."""


@dataclass(slots=True)
class Wanted:
    """What one checked row asks for: a recommendation, a State that carries it out, an entry about that.

    ``recommendation`` and ``implementation`` are what is known of it already; themes and the statement's
    organization may be new ones, the same object in every row that names them.
    """

    row: int
    meeting: Meeting
    ref: str
    number: int | None
    state: str
    text: str = ""
    language: str = ""
    stage: str = ""
    origin: str = ""
    locator: str = ""
    themes: tuple[Theme, ...] = ()
    statement: Statement | None = None
    submission: uuid.UUID | None = None
    recommendation: int | None = None
    implementation: Implementation | None = None


@dataclass(frozen=True)
class Progress:
    """How far it has come: of all rows, or (``is_sealing``) of all that they wrote. ``total`` is 0 while it
    only reads."""

    done: int
    total: int
    is_sealing: bool = False


@dataclass
class Imported:
    """What came of it."""

    rows: int = 0
    recommendations: int = 0
    implementations: int = 0
    entries: int = 0
    themes: list[str] = field(default_factory=list)
    organizations: list[str] = field(default_factory=list)


def import_rows(
    *,
    by: User,
    chunks: Callable[[], Iterable[Sequence[Wanted]]],
    meetings: Collection[int],
    total: int,
    highest: dict[int, int] | None = None,
    begin: Callable[[], None] | None = None,
    finish: Callable[[Imported], None] | None = None,
) -> Iterator[Progress]:
    """Write all rows in one transaction, which ends with the last step: whoever stops before undoes all.

    ``chunks`` are read while the transaction is open, so that what they were checked against still holds, and
    twice: first for the sources that they cite, which are made in the order in which everybody makes them;
    ``highest`` is the highest number that the table itself gives, by meeting. ``begin`` is called first and
    ``finish`` last, in the transaction. Raises ``NotAllowed``, and ``Invalid``: also out of ``chunks``, and
    where midnight (UTC) passes.
    """
    check_can_edit(by)
    step = _Step(by, highest or {})
    try:
        with _on_one_day() as day, together(by=by, channel=Channel.IMPORT) as batch:
            if begin:
                begin()
            _lock(meetings)
            urls, read = set[str](), 0
            for chunk in chunks():
                urls |= _cited_in(chunk)
                read += len(chunk)
                yield Progress(read, 0)
                _check_day(day)
            _make_sources(urls)
            del urls  # which may be many
            for chunk in chunks():
                step.write(chunk, batch)
                yield Progress(step.done.rows, total)
                _check_day(day)
            step.place = None
            for sealed in _sealed(step, batch):
                yield sealed
                _check_day(day)
            if finish:
                finish(step.done)
    except IntegrityError as error:  # at the end of the transaction, too
        logger.warning("An import broke a constraint", exc_info=error)
        raise Invalid({"": [told(error, step.place)]}) from error


@contextmanager
def _on_one_day() -> Iterator[dt.date]:
    """A transaction that begins and ends on one day (UTC), or is undone. What it writes bears the times at
    which it wrote them, and is seen at its end alone: of a day that is over by then, readers would be shown
    what nobody could see on it (decision 18)."""
    with transaction.atomic():
        day = timezone.now().astimezone(dt.UTC).date()
        yield day
        if connection.vendor == "postgresql":
            connection.check_constraints()  # of many rows this takes a while, else after the last look
        _check_day(day)


def _check_day(day: dt.date) -> None:
    if timezone.now().astimezone(dt.UTC).date() != day:
        message = _(
            "Midnight (UTC) passed meanwhile, and what a past day showed must not change: nothing was "
            "imported. Import the table again."
        )
        raise Invalid({"": [message]})


def _sealed(step: "_Step", batch: Batch) -> Iterator[Progress]:
    """Seal all that was written: records in the ledger, and the heads of the chains that moved."""
    batch.moved |= step.moved
    count = len(step.recommendations) + len(step.implementations)
    sealed = 0
    for subject, pks in (
        (Subject.RECOMMENDATION, step.recommendations),
        (Subject.IMPLEMENTATION, step.implementations),
    ):
        for more in seal_added(batch, subject, pks):
            sealed += more
            yield Progress(sealed, count, is_sealing=True)
    batch.moved |= set(step.implementations)


def _lock(meetings: Collection[int]) -> None:
    """Other imports, which may name the same new themes in another order; then what may get an entry, in the
    order in which everybody locks. SQLite has one writer at a time."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORTING])
        rows = Implementation.objects.filter(recommendation__meeting__in=meetings)
        list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk"))


def _cited_in(chunk: Sequence[Wanted]) -> set[str]:
    """The addresses of the sources that these rows need."""
    # A later row of a new recommendation has no origin: it only adds a State.
    urls = {w.origin for w in chunk if w.recommendation is None and w.origin}
    for wanted in chunk:
        urls |= {normalised(s.url) for s in (wanted.statement.sources if wanted.statement else ())}
    return urls


def _make_sources(urls: Collection[str]) -> None:
    """Make those that nobody knows, in the order of their addresses: see ``chain``. What somebody else is
    making is waited for, and is theirs."""
    for part in in_parts(sorted(urls)):
        known = set(Source.objects.filter(url__in=part).values_list("url", flat=True))
        missing = [Source(url=url) for url in part if url not in known]
        try:
            with transaction.atomic():
                Source.objects.bulk_create(missing)
        except IntegrityError:  # somebody was first with one of them
            for source in missing:
                Source.objects.get_or_create(url=source.url)


def _sources(chunk: Sequence[Wanted]) -> dict[str, Source]:
    """The sources of these rows by their addresses."""
    urls = _cited_in(chunk)
    found = {s.url: s for s in Source.objects.filter(url__in=urls)}
    if missing := urls - set(found):  # of what somebody took away since the table was read for them
        _make_sources(missing)
        found |= {s.url: s for s in Source.objects.filter(url__in=missing)}
    return found


class _Step:
    """What is known from one chunk to the next."""

    def __init__(self, by: User, highest: dict[int, int]) -> None:
        self.by = by
        self.place: tuple[int, int] | None = None  # the rows that are being written
        self.done = Imported()
        self.moments = Moments()
        self.moved: set[int] = set()
        self.recommendations, self.implementations = array("q"), array("q")
        self.numbers = dict(highest)
        self.numbered: set[int] = set()
        self.states = set(State.objects.values_list("code", flat=True))

    def write(self, chunk: Sequence[Wanted], batch: Batch) -> None:
        self.place = (chunk[0].row, chunk[-1].row) if chunk else None
        for wanted in chunk:
            self._name(wanted)
        sources = _sources(chunk)
        made = self._recommend(chunk, sources)
        before = len(self.implementations)
        tracked = self._track(chunk, made)
        drafts = self._drafts(chunk, tracked)
        entries = record_all(drafts=drafts, sources=sources, moments=self.moments)
        recorded = {draft.implementation.pk for draft in drafts}
        self.moved |= recorded
        self.done.entries += len(entries)
        self.done.rows += len(chunk)
        written = sorted({*self.implementations[before:], *recorded})
        _written(batch, [r.pk for r in made.values()], written)

    def _name(self, wanted: Wanted) -> None:
        """Add themes and organizations that nobody knew, as an editor would."""
        for theme in wanted.themes:
            if theme.pk is None:
                save_record(by=self.by, record=theme)
                self.done.themes.append(str(theme))
        organization = wanted.statement.organization if wanted.statement else None
        for state in {wanted.state, organization.state_id if organization else None}:
            if state and state not in self.states:
                State.objects.get_or_create(code=state)
                self.states.add(state)
        if organization is not None and organization.pk is None:
            save_record(by=self.by, record=organization)
            self.done.organizations.append(str(organization))

    def _recommend(
        self, chunk: Sequence[Wanted], sources: dict[str, Source]
    ) -> dict[str, Recommendation]:
        """Those that are new, by their references; a later row of the same one only adds a State."""
        made: dict[str, Recommendation] = {}
        links: list[RecommendationTheme] = []
        for wanted in chunk:
            if wanted.recommendation is not None or wanted.ref in made:
                continue
            new = made[wanted.ref] = Recommendation(
                ref=wanted.ref,
                meeting=wanted.meeting,
                number=wanted.number or self._next_number(wanted.meeting),
                text=wanted.text,
                language=wanted.language,
                stage=wanted.stage,
                origin=sources[wanted.origin],
                locator=wanted.locator,
                folded=folded_of(wanted.ref, [wanted.text], wanted.themes),
            )
            links += [
                RecommendationTheme(recommendation=new, theme=theme, position=position)
                for position, theme in enumerate(wanted.themes, 1)
            ]
        Recommendation.objects.bulk_create(made.values())
        for link in links:
            link.recommendation_id = link.recommendation.pk
        RecommendationTheme.objects.bulk_create(links)
        self.recommendations.extend(r.pk for r in made.values())
        self.done.recommendations += len(made)
        return made

    def _next_number(self, meeting: Meeting) -> int:
        """The one after the highest of the meeting and of the table."""
        if meeting.pk not in self.numbered:
            known = meeting.recommendations.aggregate(highest=Max("number"))["highest"] or 0
            self.numbers[meeting.pk] = max(known, self.numbers.get(meeting.pk, 0))
            self.numbered.add(meeting.pk)
        if self.numbers[meeting.pk] >= LARGEST_NUMBER:
            message = _("Write a number of at most %(n)s.") % {"n": LARGEST_NUMBER}
            raise Invalid({"number": [message]})
        self.numbers[meeting.pk] += 1
        return self.numbers[meeting.pk]

    def _track(
        self, chunk: Sequence[Wanted], made: dict[str, Recommendation]
    ) -> dict[tuple[str, str], Implementation]:
        """The implementation of each row, made where it is new."""
        found: dict[tuple[str, str], Implementation] = {}
        new: list[Implementation] = []
        known = Recommendation.objects.only("ref", "number").in_bulk(
            {w.recommendation for w in chunk if w.recommendation and not w.implementation}
        )
        for wanted in chunk:
            name = (wanted.ref, wanted.state)
            if name in found:
                continue
            if wanted.implementation is not None:
                found[name] = wanted.implementation
                continue
            about = made.get(wanted.ref) or known[wanted.recommendation or 0]
            day, meeting = wanted.meeting.starts_on, wanted.meeting.pk
            place = place_of(day, meeting, about.number, wanted.state)
            found[name] = Implementation(recommendation=about, state_id=wanted.state, place=place)
            new.append(found[name])
        Implementation.objects.bulk_create(new)
        self.implementations.extend(i.pk for i in new)
        self.done.implementations += len(new)
        return found

    def _drafts(
        self, chunk: Sequence[Wanted], tracked: dict[tuple[str, str], Implementation]
    ) -> list[Draft]:
        return [
            Draft(self.by, tracked[w.ref, w.state], w.statement, w.submission, Channel.IMPORT)
            for w in chunk
            if w.statement is not None and w.submission is not None
        ]


def _written(batch: Batch, recommendations: Sequence[int], implementations: Sequence[int]) -> None:
    """Ids of what a chunk wrote, or wrote about: the one place for what is derived from that."""
    batch.placed.update(implementations)
    index_implementations(implementations)
    index_wordings(pks=recommendations)
