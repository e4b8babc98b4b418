"""A State's carrying-out of a recommendation, and where it stands now."""

import datetime as dt
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from tracker.models.base import one_of
from tracker.models.iso import CODES
from tracker.models.people import Organization
from tracker.models.recommendations import Place, Recommendation, RecommendationTheme
from tracker.ordering import LARGEST_NUMBER, place_of
from tracker.statuses import Basis, Status

if TYPE_CHECKING:
    from tracker.permissions import AnyUser


class State(models.Model):
    """A State, by its ISO 3166-1 alpha-2 code. How it is called, ``names`` says."""

    code = models.CharField(_("code"), max_length=2, primary_key=True)

    class Meta:
        verbose_name = _("State")
        verbose_name_plural = _("States")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(code__in=CODES), name="state_code_is_iso_3166_1"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return str(countries.name(self.code)) or self.code


DIFFERS = ~Q(reported_status="") & ~Q(verified_status="") & ~Q(reported_status=F("verified_status"))
"""As ``Projected.disagrees`` says it of a row."""


class ImplementationQuerySet(models.QuerySet["Implementation"]):
    def visible_to(self, user: "AnyUser") -> "ImplementationQuerySet":  # noqa: ARG002
        """Implementations that somebody may see: all. What their columns say comes from public entries
        alone, so nothing of an internal one shows in a status, a date or a count."""
        return self

    def for_list(self) -> "ImplementationQuerySet":
        """With all that a row of a list shows, in a number of queries that does not grow."""
        return self.select_related(
            "recommendation__meeting__body", "state", "last_entry"
        ).prefetch_related(
            models.Prefetch(
                "recommendation__theme_links", RecommendationTheme.objects.select_related("theme")
            ),
            "recommendation__translations",
        )

    def tracked(self, moment: dt.datetime | None) -> "ImplementationQuerySet":
        """Those that were tracked at a past moment; all of them where it is None."""
        return self if moment is None else self.filter(added_at__lte=moment)

    def with_status(
        self, status: str, moment: dt.datetime | None = None
    ) -> "ImplementationQuerySet":
        """Those with that status, now or at a past moment."""
        if moment is None:
            return self.filter(status=status)
        stood = Standing.objects.at(moment)
        if status == Status.NO_INFORMATION:  # where everything starts, before any entry
            return self.exclude(pk__in=stood.exclude(status=status).values("implementation"))
        return self.filter(pk__in=stood.filter(status=status).values("implementation"))

    def by_status(self, moment: dt.datetime | None = None) -> dict[str, int]:
        """How many of these have each status, now or at a past moment (those that none has left out)."""
        if moment is None:
            return dict(self.order_by().values_list("status").annotate(models.Count("pk")))
        stood = Standing.objects.at(moment).filter(implementation__in=self.order_by().values("pk"))
        counted = dict(stood.order_by().values_list("status").annotate(models.Count("pk")))
        silent = self.count() - sum(counted.values())  # before its first entry, nothing is kept
        if silent:
            none = Status.NO_INFORMATION.value
            counted[none] = counted.get(none, 0) + silent
        return counted

    def by_state(self, moment: dt.datetime | None = None) -> dict[str, dict[str, int]]:
        """How many of each State have a status, now or at a past moment: ``{"ML": {"not_started": 1}}``."""
        return self._counted_by("state", moment)

    def by_recommendation(self, moment: dt.datetime | None = None) -> dict[int, dict[str, int]]:
        """How many of each recommendation have a status, likewise, by its id."""
        return self._counted_by("recommendation", moment)

    def _counted_by(self, column: str, moment: dt.datetime | None) -> dict[Any, dict[str, int]]:
        rows, status = self.order_by(), cast(F | Coalesce, F("status"))
        if moment is not None:
            at = Q(standings__since__lte=moment, standings__until__gt=moment)
            rows = rows.alias(stood=FilteredRelation("standings", condition=at))
            nothing = Value(Status.NO_INFORMATION.value)  # before its first entry, nothing is kept
            status = Coalesce("stood__status", nothing)
        found: dict[Any, dict[str, int]] = {}
        counted = rows.values_list(column, status).annotate(models.Count("pk"))
        for key, said, count in counted:
            found.setdefault(key, {})[said] = count
        return found

    def with_sources(
        self, some: bool, moment: dt.datetime | None = None
    ) -> "ImplementationQuerySet":
        """Those for which sources stand, or none does, now or at a past moment."""
        if moment is None:
            return self.filter(source_count__gt=0) if some else self.filter(source_count=0)
        stood = Standing.objects.at(moment).filter(source_count__gt=0).values("implementation")
        return self.filter(pk__in=stood) if some else self.exclude(pk__in=stood)

    def stale(self, moment: dt.datetime | None = None) -> "ImplementationQuerySet":
        """Those that nobody had looked at for ``STALE_DAYS``, now or at a past moment."""
        limit = (moment or timezone.now()) - dt.timedelta(days=settings.STALE_DAYS)
        if moment is None:
            never = Q(last_activity_at=None, added_at__lt=limit)
            return self.filter(Q(last_activity_at__lt=limit) | never)
        stood = Standing.objects.at(moment).filter(last_activity_at__gte=limit)
        return self.filter(added_at__lt=limit).exclude(pk__in=stood.values("implementation"))

    def differing(self, moment: dt.datetime | None = None) -> "ImplementationQuerySet":
        """Those of which the State's government and others say different things, now or at a past moment."""
        if moment is None:
            return self.filter(DIFFERS)
        return self.filter(
            pk__in=Standing.objects.at(moment).filter(DIFFERS).values("implementation")
        )

    def have_several_states(self) -> bool:
        """Whether more than one State carries something out: then each row says which."""
        tracked = Exists(self.filter(state=OuterRef("pk")))
        return len(State.objects.filter(tracked)[:2]) > 1

    def in_order(self) -> "ImplementationQuerySet":
        """By meeting, newest first, then number, then State."""
        return self.order_by("place")

    def after(self, place: Place) -> "ImplementationQuerySet":
        """Those that follow that place in ``in_order``, for pages of one State."""
        meeting, number = place.meeting, min(place.number, LARGEST_NUMBER)
        return self.filter(place__gt=place_of(meeting.starts_on, meeting.pk, number, "ZZ"))


def _entry() -> Any:
    """An entry that something follows from; not looked up by, so without an index."""
    entry = "tracker.FollowUp"
    return models.ForeignKey(
        entry, models.PROTECT, related_name="+", null=True, editable=False, db_index=False
    )


def basis_of(status_entry: int | None, reported_entry: int | None) -> str:
    """Whether a status is reported or verified, by the entries of both; empty where there is none."""
    if status_entry is None:
        return ""
    return Basis.REPORTED if status_entry == reported_entry else Basis.VERIFIED


class Projected(models.Model):
    """What follows from an implementation's public entries, as a row of the database keeps it."""

    status = models.CharField(
        _("status"), max_length=24, choices=Status, default=Status.NO_INFORMATION, editable=False
    )
    status_since = models.DateField(_("since"), null=True, editable=False)
    status_entry = _entry()
    reported_status = models.CharField(
        max_length=24, choices=Status, blank=True, default="", editable=False
    )
    reported_entry = _entry()
    verified_status = models.CharField(
        max_length=24, choices=Status, blank=True, default="", editable=False
    )
    verified_entry = _entry()
    last_entry = _entry()
    last_activity_at = models.DateTimeField(_("last looked at"), null=True, editable=False)
    last_changed_at = models.DateTimeField(_("last changed"), null=True, editable=False)
    last_confirmed_at = models.DateTimeField(_("last confirmed"), null=True, editable=False)
    entry_count = models.PositiveIntegerField(_("follow-ups"), default=0, editable=False)
    source_count = models.PositiveIntegerField(_("sources"), default=0, editable=False)

    seen_at: dt.datetime | None = None
    """The past moment whose columns it shows; None for now. Not a column."""

    class Meta:
        abstract = True

    @property
    def status_basis(self) -> str:
        """Whether the status that stands is reported or verified; empty where there is none."""
        return basis_of(self.status_entry_id, self.reported_entry_id)

    @property
    def disagrees(self) -> bool:
        """Whether the State's government and others say different things."""
        both = self.reported_status and self.verified_status
        return bool(both) and self.reported_status != self.verified_status


class Implementation(Projected):
    """One State's carrying-out of one recommendation: what has a status, a lead and a history.

    What it has of ``Projected`` is a projection of the public entries, written with them in one
    transaction and made anew by ``manage.py rebuild_projection``; ``head_*`` is the end of the chain of
    all entries.
    """

    recommendation = models.ForeignKey(
        Recommendation,
        models.PROTECT,
        related_name="implementations",
        verbose_name=_("recommendation"),
    )
    state = models.ForeignKey(
        State, models.PROTECT, related_name="implementations", verbose_name=_("State")
    )
    lead = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="leads",
        null=True,
        blank=True,
        verbose_name=_("lead"),
        help_text=_("Who carries it out in this State"),
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)

    place = models.BigIntegerField(null=True, editable=False)
    added_at = models.DateTimeField(_("tracked since"), default=timezone.now, editable=False)
    head_sequence = models.PositiveIntegerField(default=0, editable=False)
    head_digest = models.CharField(max_length=64, blank=True, default="", editable=False)

    objects = ImplementationQuerySet.as_manager()

    class Meta:
        verbose_name = _("implementation")
        verbose_name_plural = _("implementations")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["status"], name="implementation_by_status"),
            models.Index(fields=["-last_activity_at"], name="implementation_by_activity"),
            models.Index(fields=["place"], name="implementation_by_place"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["recommendation", "state"], name="implementation_once_a_state"
            ),
            one_of("status", Status, "implementation_status_is_known"),
            one_of("reported_status", Status, "implementation_reported_is_known", blank=True),
            one_of("verified_status", Status, "implementation_verified_is_known", blank=True),
            models.CheckConstraint(
                condition=Q(head_sequence=0, head_digest="")
                | (Q(head_sequence__gte=1) & ~Q(head_digest="")),
                name="implementation_head_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(status_entry__isnull=False, status_since__isnull=False)
                | Q(
                    status=Status.NO_INFORMATION,
                    status_entry__isnull=True,
                    status_since__isnull=True,
                ),
                name="implementation_status_comes_from_an_entry",
            ),
            models.CheckConstraint(
                condition=Q(reported_status="", reported_entry__isnull=True)
                | (~Q(reported_status="") & Q(reported_entry__isnull=False)),
                name="implementation_reported_comes_from_an_entry",
            ),
            models.CheckConstraint(
                condition=Q(verified_status="", verified_entry__isnull=True)
                | (~Q(verified_status="") & Q(verified_entry__isnull=False)),
                name="implementation_verified_comes_from_an_entry",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self.place = self.in_list()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Its recommendation's page, which shows one State at a time."""
        return f"{self.recommendation.get_absolute_url()}?state={self.state_id}"

    def in_list(self) -> int:
        """Where it stands in the list, by its meeting, number and State."""
        recommendation = self.recommendation
        meeting = recommendation.meeting
        return place_of(meeting.starts_on, meeting.pk, recommendation.number, self.state_id)

    @property
    def looked_at(self) -> dt.datetime:
        """When somebody last recorded or confirmed something; else since when it is tracked."""
        return self.last_activity_at or self.added_at

    @property
    def is_stale(self) -> bool:
        """Whether nobody has looked at it for ``STALE_DAYS``."""
        at = self.seen_at or timezone.now()
        return self.looked_at < at - dt.timedelta(days=settings.STALE_DAYS)

    @property
    def key(self) -> str:
        """Its permanent name, over which its entries are sealed: ``som-12-1:ML``."""
        return f"{self.recommendation.ref}:{self.state_id}"


FOREVER = dt.datetime.max.replace(tzinfo=dt.UTC, microsecond=0)
"""Until when the standing stands that nothing has followed yet."""


class StandingQuerySet(models.QuerySet["Standing"]):
    def at(self, moment: dt.datetime) -> "StandingQuerySet":
        """The one of each implementation at that moment (none where it had no public entry yet)."""
        return self.filter(since__lte=moment, until__gt=moment)


class Standing(Projected):
    """Where an implementation stood from one public entry to the next; derived, like what stands now.

    The newest one says the same as the implementation's own columns.
    """

    implementation = models.ForeignKey(
        Implementation, models.CASCADE, related_name="standings", editable=False
    )
    since = models.DateTimeField(editable=False)
    until = models.DateTimeField(default=FOREVER, editable=False)

    objects = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        ordering = ["implementation", "since"]
        indexes = [
            # With whom it is about, a list filtered by a past status is read from the index alone.
            models.Index(
                fields=["status", "until", "since", "implementation"], name="standing_by_status"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["implementation", "since"], name="standing_once"),
            models.UniqueConstraint(
                fields=["implementation"],
                condition=Q(until=FOREVER),
                name="standing_one_is_the_newest",
            ),
            models.CheckConstraint(
                condition=Q(until__gt=F("since")), name="standing_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.implementation_id} {self.since:%Y-%m-%d}"
