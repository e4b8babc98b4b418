"""Edits of the record itself: what a recommendation said, and who leads it until when, at any time."""

import datetime as dt
from collections.abc import Iterable

from django.db import models
from django.db.models import Exists, Max, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from tracker.models.base import one_of
from tracker.models.people import User
from tracker.statuses import Act, Channel, Subject


class EditQuerySet(models.QuerySet["Edit"]):
    def until(self, moment: dt.datetime | None) -> "EditQuerySet":
        """Edits recorded up to a moment; all of them where it is None."""
        return self if moment is None else self.filter(recorded_at__lte=moment)

    def of_records(self) -> "EditQuerySet":
        """Those that say what something was: all but redactions."""
        return self.exclude(act=Act.REDACTION)

    def last_of_each(
        self, keys: Iterable[str], moment: dt.datetime | None = None
    ) -> dict[str, "Edit"]:
        """The last edit of each key up to a moment, in one query."""
        found = self.of_records().showing(moment).filter(key__in=list(keys))
        newest = found.order_by().values("key").annotate(newest=Max("sequence")).values("newest")
        return {edit.key: edit for edit in self.filter(sequence__in=newest)}

    def showing(self, moment: dt.datetime | None) -> "EditQuerySet":
        """Edits up to a moment; where an upgrade took a record over since, what it said then stands for
        the days before."""
        if moment is None:
            return self
        return self.filter(Q(recorded_at__lte=moment) | Q(act=Act.TAKEN_OVER))

    def in_force(self, moment: dt.datetime) -> "EditQuerySet":
        """Edits that no later one of the same key had followed at that moment."""
        later = Edit.objects.of_records().until(moment)
        later = later.filter(key=OuterRef("key"), sequence__gt=OuterRef("sequence"))
        return self.of_records().showing(moment).filter(~Exists(later))


class Edit(models.Model):
    """One edit: who changed what and when, and all that it says after. Never changed itself.

    Edits of the whole record are one chain, sealed like the entries of a history. ``key`` names what was
    edited: ``som-12-1`` a recommendation, ``som-12-1:ML`` its carrying-out by a State. ``snapshot`` is all
    of it (``tracker.history.snapshots``), None once it is gone; what was before is the edit before.
    ``folded`` and ``themes`` are where searches of the past look; they follow from ``snapshot``.
    """

    sequence = models.PositiveBigIntegerField(_("number in the history"), unique=True)
    subject = models.CharField(_("kind of record"), max_length=20, choices=Subject)
    key = models.CharField(_("reference"), max_length=90)
    act = models.CharField(_("what was done"), max_length=20, choices=Act)
    snapshot = models.JSONField(_("after"), null=True)
    redacts = models.OneToOneField(
        "self", models.PROTECT, related_name="redaction", null=True, verbose_name=_("redacts")
    )
    reason = models.TextField(_("reason"), blank=True, default="")
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(
        User, models.PROTECT, related_name="edits", null=True, verbose_name=_("recorded by")
    )
    recorded_as = models.CharField(_("name at the time"), max_length=150, blank=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    is_redacted = models.BooleanField(_("redacted"), default=False)
    folded = models.TextField(blank=True, default="")
    themes = models.TextField(blank=True, default="")
    salt = models.CharField(max_length=32, blank=True)
    content_digest = models.CharField(_("digest of its content"), max_length=64)
    previous_digest = models.CharField(_("digest before it"), max_length=64, blank=True)
    digest = models.CharField(_("digest"), max_length=64, unique=True)

    objects = EditQuerySet.as_manager()

    class Meta:
        verbose_name = _("edit")
        verbose_name_plural = _("edits")
        ordering = ["-sequence"]
        indexes = [
            models.Index(fields=["key", "sequence"], name="edit_by_key"),
            models.Index(fields=["recorded_at"], name="edit_by_time"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(sequence=1, previous_digest="")
                | (Q(sequence__gt=1) & ~Q(previous_digest="")),
                name="edit_only_the_first_has_no_previous",
            ),
            models.CheckConstraint(
                condition=Q(act=Act.REDACTION, redacts__isnull=False) & ~Q(reason="")
                | Q(redacts__isnull=True, reason="") & ~Q(act=Act.REDACTION),
                name="edit_redaction_says_what_and_why",
            ),
            models.CheckConstraint(
                condition=Q(is_redacted=False) | Q(snapshot__isnull=True, folded="", salt=""),
                name="edit_redacted_has_no_words",
            ),
            one_of("subject", Subject, "edit_subject_is_known"),
            one_of("act", Act, "edit_act_is_known"),
            one_of("channel", Channel, "edit_channel_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.key}"

    @property
    def anchor(self) -> str:
        """The id of its ``<article>``."""
        return f"edit-{self.sequence}"
