"""What changed between two days, loaded: the scope that somebody asked for, and what it counts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Concat

from tracker.history.compare import Counts, Window
from tracker.history.edits import fingerprints
from tracker.history.snapshots import Snapshot
from tracker.models import (
    Body,
    Citation,
    Edit,
    FollowUp,
    Implementation,
    Meeting,
    Recommendation,
    Standing,
    State,
)
from tracker.models.edits import EditQuerySet
from tracker.models.followups import FollowUpQuerySet
from tracker.permissions import AnyUser
from tracker.statuses import Act, Kind, Status, Subject

NO_EDITS = (Act.ADDED, Act.TAKEN_OVER)
"""How a record began, which is told as that."""


@dataclass(frozen=True)
class Scope:
    """What somebody may see of two days: all, or of one State, meeting or body."""

    user: AnyUser
    window: Window
    state: State | None = None
    meeting: Meeting | None = None
    body: Body | None = None

    def _chosen(self, prefix: str) -> Q:
        """Of the meeting and body; ``prefix`` leads to the recommendation."""
        given: dict[str, Any] = {}
        if self.meeting:
            given[f"{prefix}meeting"] = self.meeting
        if self.body:
            given[f"{prefix}meeting__body"] = self.body
        return Q(**given)

    def within(self, field: str = "recorded_at") -> Q:
        """Later than the first day, up to the end of the second."""
        return Q(**{f"{field}__gt": self.window.start, f"{field}__lte": self.window.end})

    def implementations(self) -> QuerySet[Any, Any]:
        """Those of the scope; ``name`` is what edits call them, as their ``key`` does."""
        rows = Implementation.objects.visible_to(self.user).filter(self._chosen("recommendation__"))
        rows = rows.filter(state=self.state) if self.state else rows
        return rows.annotate(name=Concat("recommendation__ref", Value(":"), "state_id"))

    def recommendations(self) -> QuerySet[Recommendation]:
        rows = Recommendation.objects.filter(self._chosen(""))
        if self.state:
            rows = rows.filter(Exists(self.implementations().filter(recommendation=OuterRef("pk"))))
        return rows

    def entries(self) -> FollowUpQuerySet:
        """Those of the window that this person may read."""
        rows = FollowUp.objects.visible_to(self.user).filter(self.within())
        rows = rows.filter(self._chosen("implementation__recommendation__"))
        return rows.filter(implementation__state=self.state) if self.state else rows

    def edits(self) -> EditQuerySet:
        """Those of the window, but not the beginnings; what they are about is what everybody reads."""
        rows = Edit.objects.filter(self.within()).exclude(act__in=NO_EDITS)
        return rows.filter(
            Q(subject=Subject.RECOMMENDATION, key__in=self.recommendations().values("ref"))
            | Q(subject=Subject.IMPLEMENTATION, key__in=self.implementations().values("name"))
        )

    def changed(self) -> QuerySet[Any, Any]:
        """What has changed, a page in order: ``(…, recommendation, State)``; no State where that is the
        recommendation itself."""
        keys = Edit.objects.filter(self.within()).exclude(act__in=NO_EDITS).order_by().values("key")
        own = self.recommendations().filter(Q(ref__in=keys) | self.within("added_at"))
        carried = self.implementations().filter(
            Q(pk__in=self.entries().order_by().values("implementation"))
            | Q(name__in=keys)
            | self.within("added_at")
        )
        columns = ("held", "gathering", "ranked", "about", "by_state")
        rows = own.order_by().annotate(
            held=F("meeting__starts_on"),
            gathering=F("meeting_id"),
            ranked=F("number"),
            about=F("pk"),
            by_state=Value("", output_field=CharField()),
        )
        others = carried.order_by().annotate(
            held=F("recommendation__meeting__starts_on"),
            gathering=F("recommendation__meeting_id"),
            ranked=F("recommendation__number"),
            about=F("recommendation_id"),
            by_state=F("state_id"),
        )
        both = rows.values_list(*columns).union(others.values_list(*columns), all=True)
        return both.order_by("-held", "gathering", "ranked", "by_state")


def base_of(window: Window) -> EditQuerySet:
    """Edits that say what was on the first day; what an earlier version kept was there before it was
    taken over."""
    known = Q(recorded_at__lte=window.start) | Q(act=Act.TAKEN_OVER)
    return Edit.objects.of_records().until(window.end).filter(known)


def count(scope: Scope) -> Counts:
    """How much changed, in a number of queries that does not grow."""
    entries = scope.entries()
    follow_up, is_redaction = Q(kind=Kind.FOLLOW_UP), Q(kind=Kind.REDACTION)
    counted = entries.aggregate(
        notes=Count("pk", filter=follow_up & ~Q(note="")),
        confirmed=Count("pk", filter=Q(~_taken_back(scope.window), kind=Kind.CONFIRMATION)),
        amended=Count("pk", filter=Q(kind=Kind.AMENDMENT)),
        retracted=Count("pk", filter=Q(kind=Kind.RETRACTION)),
        redacted=Count("pk", filter=is_redaction),
    )
    moved = _moved(scope)
    texts, details = _edited(scope)
    redacted = scope.edits().filter(act=Act.REDACTION).count()
    given = entries.filter(follow_up).exclude(status="")
    return Counts(
        tracked=_tracked(scope),
        status=moved.values("recommendation").distinct().count(),
        sources=_sources(scope),
        idle=given.exclude(implementation__in=moved.values("pk")).count(),
        texts=texts,
        details=details,
        **{**counted, "redacted": counted["redacted"] + redacted},
    )


def _taken_back(window: Window) -> Exists:
    """Whether an entry was retracted by the second day."""
    by_then = FollowUp.objects.until(window.end).filter(kind=Kind.RETRACTION)
    return Exists(by_then.filter(target=OuterRef("pk")))


def _moved(scope: Scope) -> QuerySet[Implementation]:
    """Those whose public status differs between the two days."""
    of = Standing.objects.filter(implementation=OuterRef("pk"))
    none = Value(Status.NO_INFORMATION.value)
    entries = scope.entries().public().order_by().values("implementation")
    moved: QuerySet[Implementation] = (
        scope.implementations()
        .filter(pk__in=entries)
        .annotate(
            then=Coalesce(Subquery(of.at(scope.window.start).values("status")[:1]), none),
            now=Coalesce(Subquery(of.at(scope.window.end).values("status")[:1]), none),
        )
        .exclude(then=F("now"))
        .order_by()
    )
    return moved


def _sources(scope: Scope) -> int:
    """Sources that no entry of the same carrying-out cited before that this person may read."""
    before = Citation.objects.visible_to(scope.user).filter(
        followup__recorded_at__lte=scope.window.start,
        followup__implementation=OuterRef("followup__implementation"),
        source=OuterRef("source"),
    )
    cited = Citation.objects.visible_to(scope.user).filter(
        ~Exists(before), followup__in=scope.entries().order_by().values("pk")
    )
    return cited.values("source").distinct().count()


def _tracked(scope: Scope) -> int:
    """Recommendations newly tracked, or by one more State."""
    newly = scope.implementations().filter(scope.within("added_at"))
    is_new = scope.within("added_at") & Q(implementations=None)
    rows = scope.recommendations().filter(is_new | Q(pk__in=newly.values("recommendation")))
    return rows.distinct().count()


def _edited(scope: Scope) -> tuple[int, int]:
    """Recommendations whose words differ between the two days, and those of which other details do: of
    one recommendation both can."""
    keys = scope.edits().exclude(act=Act.REDACTION).order_by().values("key")
    texts: set[str] = set()
    details: set[str] = set()
    then = {key: fingerprints(said) for key, said in _newest(base_of(scope.window), keys)}
    for key, said in _newest(Edit.objects.of_records().until(scope.window.end), keys):
        if key not in then:  # newly tracked, which is told as that
            continue
        was, now = then.pop(key), fingerprints(said)
        recommendation = key.partition(":")[0]
        if was.words != now.words:
            texts.add(recommendation)
        if was.has_other_details(now):
            details.add(recommendation)
    return len(texts), len(details)


def _newest(rows: QuerySet[Edit], keys: Any) -> Iterator[tuple[str, Snapshot | None]]:
    """The last of these edits of each key, one after another."""
    later = rows.filter(key=OuterRef("key"), sequence__gt=OuterRef("sequence"))
    found = rows.filter(~Exists(later), key__in=keys).order_by()
    return found.values_list("key", "snapshot").iterator(chunk_size=500)
