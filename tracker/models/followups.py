"""The history: entries that are added and never changed, and what they cite."""

import datetime as dt
from copy import copy
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tracker.models.base import one_of
from tracker.models.implementations import Implementation
from tracker.models.people import Organization, User
from tracker.models.sources import Source
from tracker.statuses import (
    CORRECTIONS,
    SAYING,
    Basis,
    Channel,
    Kind,
    Language,
    Status,
    Visibility,
)

if TYPE_CHECKING:
    from tracker.permissions import AnyUser

WHY = ~Q(reason="") | Q(is_redacted=True)


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def visible_to(self, user: "AnyUser") -> "FollowUpQuerySet":
        """Entries that somebody may read: the one rule about internal text."""
        from tracker.permissions import readable_entries

        return self.filter(readable_entries(user))

    def public(self) -> "FollowUpQuerySet":
        """What anybody may read, whoever asks: for feeds and exports."""
        return self.filter(visibility=Visibility.PUBLIC)

    def until(self, moment: dt.datetime | None) -> "FollowUpQuerySet":
        """Entries recorded up to a moment; all of them where it is None."""
        return self if moment is None else self.filter(recorded_at__lte=moment)

    def standing(self, moment: dt.datetime | None = None) -> "FollowUpQuerySet":
        """Entries that say something and whose words stand: neither amended nor retracted, now or at a
        past moment."""
        uncorrected = Q(correction=None)
        if moment is not None:
            uncorrected |= Q(correction__recorded_at__gt=moment)
        return self.until(moment).filter(uncorrected, kind__in=SAYING)

    def giving_status(self, moment: dt.datetime | None = None) -> "FollowUpQuerySet":
        """Public entries whose status stands, now or at a past moment."""
        return self.public().standing(moment).exclude(status="")

    def newest_sequence(self) -> int:
        """The sequence of the newest of these entries (of one implementation); 0 if there is none."""
        return self.order_by("-sequence").values_list("sequence", flat=True).first() or 0

    def saying(self, what: str) -> "FollowUpQuerySet":
        """Entries that say something of one kind: ``status``, ``notes``, ``sources``; else all."""
        conditions = {
            "status": ~Q(status=""),
            "notes": ~Q(note=""),
            "sources": Q(citation_count__gt=0),
            "edits": Q(pk=None),  # those of the record itself are no entries
        }
        return self.filter(conditions.get(what, Q()))

    def with_details(self) -> "FollowUpQuerySet":
        """With all that a timeline shows, in a number of queries that does not grow."""
        return self.select_related(
            "organization", "target", "correction", "redacts", "redaction"
        ).prefetch_related(models.Prefetch("citations", Citation.objects.select_related("source")))


class FollowUp(models.Model):
    """One entry in an implementation's history: any of a status, a note, sources.

    Entries are only ever added: triggers in the database refuse UPDATE and DELETE, whoever asks, and an
    entry that does not continue its implementation's chain. An amendment or a retraction is a later entry
    with a ``target`` and a ``reason``.
    """

    implementation = models.ForeignKey(
        Implementation, models.PROTECT, related_name="entries", verbose_name=_("implementation")
    )
    sequence = models.PositiveIntegerField(_("number in the history"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.FOLLOW_UP)
    target = models.OneToOneField(
        "self",
        models.PROTECT,
        related_name="correction",
        null=True,
        verbose_name=_("entry that it corrects"),
    )
    redacts = models.OneToOneField(
        "self",
        models.PROTECT,
        related_name="redaction",
        null=True,
        verbose_name=_("entry that it redacts"),
    )
    reason = models.TextField(_("reason"), blank=True, default="")

    status = models.CharField(_("status"), max_length=24, choices=Status, blank=True, default="")
    basis = models.CharField(_("basis"), max_length=10, choices=Basis, blank=True, default="")
    note = models.TextField(_("note"), blank=True, default="")
    language = models.CharField(_("language of the note"), max_length=8, choices=Language)
    happened_on = models.DateField(_("happened on"), null=True)
    citation_count = models.PositiveSmallIntegerField(_("sources"), default=0)

    visibility = models.CharField(
        _("visibility"), max_length=10, choices=Visibility, default=Visibility.PUBLIC
    )
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="entries",
        null=True,
        verbose_name=_("on behalf of"),
    )
    organization_as = models.CharField(_("its name at the time"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(
        User, models.PROTECT, related_name="entries", null=True, verbose_name=_("recorded by")
    )
    recorded_as = models.CharField(_("name at the time"), max_length=150, blank=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    submission = models.UUIDField(_("submission"))

    is_redacted = models.BooleanField(_("redacted"), default=False)
    salt = models.CharField(max_length=32, blank=True)
    content_digest = models.CharField(_("digest of its content"), max_length=64)
    previous_digest = models.CharField(_("digest before it"), max_length=64, blank=True)
    digest = models.CharField(_("digest"), max_length=64, unique=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["implementation", "-sequence"]
        indexes = [
            models.Index(fields=["-recorded_at", "-id"], name="followup_by_time"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["implementation", "sequence"], name="followup_sequence_once"
            ),
            models.CheckConstraint(
                condition=Q(sequence=1, previous_digest="")
                | (Q(sequence__gt=1) & ~Q(previous_digest="")),
                name="followup_only_the_first_has_no_previous",
            ),
            models.UniqueConstraint(
                fields=["recorded_by", "submission"], name="followup_recorded_once"
            ),
            models.UniqueConstraint(
                fields=["submission"],
                condition=Q(recorded_by__isnull=True),
                name="followup_seeded_once",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=SAYING)
                | Q(is_redacted=True)
                | ~Q(status="", note="", citation_count=0),
                name="followup_says_something",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=SAYING)
                | Q(status="", note="", citation_count=0, happened_on__isnull=True),
                name="followup_retraction_says_only_why",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=(Kind.FOLLOW_UP, Kind.CONFIRMATION),
                    target__isnull=True,
                    redacts__isnull=True,
                    reason="",
                )
                | Q(kind__in=CORRECTIONS, target__isnull=False, redacts__isnull=True) & WHY
                | Q(kind=Kind.REDACTION, target__isnull=True, redacts__isnull=False) & WHY,
                name="followup_correction_has_target_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(is_redacted=False) | Q(note="", reason="", salt=""),
                name="followup_redacted_has_no_words",
            ),
            models.CheckConstraint(
                condition=Q(status="", basis="") | (~Q(status="") & ~Q(basis="")),
                name="followup_status_has_a_basis",
            ),
            models.CheckConstraint(
                condition=~Q(basis=Basis.VERIFIED) | Q(citation_count__gte=1),
                name="followup_verified_status_cites_a_source",
            ),
            models.CheckConstraint(
                condition=~Q(basis=Basis.REPORTED) | Q(organization__isnull=False),
                name="followup_reported_status_has_an_organization",
            ),
            models.CheckConstraint(
                condition=Q(happened_on__isnull=True) | Q(happened_on__lte=F("recorded_at")),
                name="followup_happened_before_it_was_recorded",
            ),
            models.CheckConstraint(
                condition=Q(recorded_by__isnull=False) | Q(channel=Channel.SEED),
                name="followup_somebody_recorded_it",
            ),
            one_of("kind", Kind, "followup_kind_is_known"),
            one_of("status", Status, "followup_status_is_known", blank=True),
            one_of("basis", Basis, "followup_basis_is_known", blank=True),
            one_of("visibility", Visibility, "followup_visibility_is_known"),
            one_of("channel", Channel, "followup_channel_is_known"),
            one_of("language", Language, "followup_language_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.implementation_id}/{self.sequence}"

    @property
    def said_for(self) -> str:
        """The organization's name in the reader's language; the one sealed then, if it was renamed since."""
        organization, then = self.organization, self.organization_as
        if organization is None or then in (organization.name_fr, organization.name_en):
            return str(organization or then)
        return then

    @property
    def anchor(self) -> str:
        """The id of its ``<article>``, and the fragment of its permanent address."""
        return f"entry-{self.pk}"

    @property
    def day(self) -> dt.date:
        """When it happened; where that is not known, the day on which it was recorded (UTC)."""
        return self.happened_on or self.recorded_at.astimezone(dt.UTC).date()


class CitationQuerySet(models.QuerySet["Citation"]):
    def visible_to(self, user: "AnyUser") -> "CitationQuerySet":
        """Citations in entries that somebody may read."""
        from tracker.permissions import readable_entries

        return self.filter(readable_entries(user, prefix="followup__"))


class Citation(models.Model):
    """That an entry cites a source, with an optional quotation. Never changed, like the entry itself."""

    followup = models.ForeignKey(FollowUp, models.PROTECT, related_name="citations")
    source = models.ForeignKey(Source, models.PROTECT, related_name="citations")
    position = models.PositiveSmallIntegerField()
    quotation = models.TextField(_("quotation"), blank=True, default="")
    title = models.CharField(_("title, as cited"), max_length=500, blank=True, default="")
    publisher = models.CharField(_("publisher, as cited"), max_length=200, blank=True, default="")
    published_on = models.DateField(_("published on, as cited"), null=True)

    objects = CitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ["followup", "position"]
        constraints = [
            models.UniqueConstraint(fields=["followup", "source"], name="citation_once_an_entry"),
            models.UniqueConstraint(fields=["followup", "position"], name="citation_position_once"),
            models.CheckConstraint(condition=Q(position__gte=1), name="citation_position_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.followup_id}: {self.source_id}"

    def described(self) -> Source:
        """The source as this citation shows it: what the record says of it, else what was said here."""
        source = copy(self.source)  # for showing alone: nothing of this is the record's
        source.title = source.title or self.title
        source.publisher = source.publisher or self.publisher
        source.published_on = source.published_on or self.published_on
        return source
