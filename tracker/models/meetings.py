"""Where recommendations come from, what they rest on, and what stands in their way."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from tracker.models.base import Localized, either_language, one_of


class Body(models.Model):
    """An international body that recommends."""

    slug = models.SlugField(_("short address"), unique=True)
    name_fr = models.CharField(_("name in French"), max_length=300, blank=True)
    name_en = models.CharField(_("name in English"), max_length=300, blank=True)
    parent_fr = models.CharField(_("part of, in French"), max_length=300, blank=True)
    parent_en = models.CharField(_("part of, in English"), max_length=300, blank=True)
    symbol = models.CharField(
        _("symbol of its documents"), max_length=60, blank=True, help_text=_("As in CTOC/COP/WG.7")
    )
    name = Localized("name")
    parent = Localized("parent")

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        ordering = ["slug"]
        constraints = [either_language("name", "body_has_a_name")]

    def __str__(self) -> str:
        return str(self.name)


class Meeting(models.Model):
    """A session of a body."""

    slug = models.SlugField(
        _("short address"),
        unique=True,
        help_text=_("Begins the address of its recommendations: som-12"),
    )
    body = models.ForeignKey(Body, models.PROTECT, related_name="meetings", verbose_name=_("body"))
    session = models.PositiveSmallIntegerField(
        _("session"),
        null=True,
        blank=True,
        help_text=_("12 for the 12th meeting; empty where meetings have no number"),
    )
    place_fr = models.CharField(_("place in French"), max_length=120, blank=True)
    place_en = models.CharField(_("place in English"), max_length=120, blank=True)
    country = CountryField(_("country"), blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    discussed_on = models.DateField(
        _("day of the discussion"),
        null=True,
        blank=True,
        help_text=_("The day on which the recommendations were made, where it is known"),
    )
    subject_fr = models.CharField(_("subject in French"), max_length=300, blank=True)
    subject_en = models.CharField(_("subject in English"), max_length=300, blank=True)
    place = Localized("place")
    subject = Localized("subject")

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["body", "session"], name="meeting_session_once_a_body"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="meeting_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(discussed_on__isnull=True)
                | models.Q(
                    discussed_on__gte=models.F("starts_on"), discussed_on__lte=models.F("ends_on")
                ),
                name="meeting_discussed_while_it_met",
            ),
            models.CheckConstraint(
                condition=models.Q(session__gte=1), name="meeting_session_positive"
            ),
            either_language("place", "meeting_has_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.session or self.starts_on.year} ({self.place})"

    @property
    def told_apart(self) -> str:
        """What tells it from others first, for lists that show the beginning alone."""
        where = f"{self.place} {self.starts_on.year}, {self.body}"
        return f"{self.session} · {where}" if self.session else where

    @property
    def recommended_on(self) -> dt.date:
        """The day from which something can be a follow-up."""
        return self.discussed_on or self.ends_on


class Theme(models.Model):
    """What a recommendation is about."""

    slug = models.SlugField(_("short address"), unique=True)
    name_fr = models.CharField(_("name in French"), max_length=200, blank=True)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    name = Localized("name")

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["slug"]
        constraints = [either_language("name", "theme_has_a_name")]

    def __str__(self) -> str:
        return str(self.name)


class Instrument(models.Model):
    """A treaty, compact or agenda that provisions belong to."""

    slug = models.SlugField(_("short address"), unique=True)
    short_fr = models.CharField(_("short name in French"), max_length=80, blank=True)
    short_en = models.CharField(_("short name in English"), max_length=80, blank=True)
    name_fr = models.CharField(_("name in French"), max_length=300, blank=True)
    name_en = models.CharField(_("name in English"), max_length=300, blank=True)
    adopted_on = models.DateField(_("adopted on"), null=True, blank=True)
    short = Localized("short")
    name = Localized("name")

    class Meta:
        verbose_name = _("instrument")
        verbose_name_plural = _("instruments")
        ordering = ["slug"]
        constraints = [either_language("short", "instrument_has_a_short_name")]

    def __str__(self) -> str:
        return str(self.short)


class ProvisionKind(models.TextChoices):
    ARTICLE = "article", _("art.")
    OBJECTIVE = "objective", _("objective")
    TARGET = "target", _("target")


class Provision(models.Model):
    """An article, objective or target that a recommendation rests on."""

    instrument = models.ForeignKey(
        Instrument, models.PROTECT, related_name="provisions", verbose_name=_("instrument")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=ProvisionKind)
    number = models.CharField(_("number"), max_length=20, help_text=_("As in 6, or 17.18"))

    class Meta:
        verbose_name = _("provision")
        verbose_name_plural = _("provisions")
        ordering = ["instrument__slug", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "kind", "number"], name="provision_once_an_instrument"
            ),
            one_of("kind", ProvisionKind, "provision_kind_is_known"),
            models.CheckConstraint(condition=~models.Q(number=""), name="provision_has_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} {self.get_kind_display()} {self.number}"


class Difficulty(models.Model):
    """An obstacle named in the discussion, bearing on several recommendations."""

    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="difficulties", verbose_name=_("meeting")
    )
    slug = models.SlugField(_("short address"))
    title_fr = models.CharField(_("title in French"), max_length=300, blank=True)
    title_en = models.CharField(_("title in English"), max_length=300, blank=True)
    summary_fr = models.TextField(_("summary in French"), blank=True)
    summary_en = models.TextField(_("summary in English"), blank=True)
    origin = models.ForeignKey(
        "tracker.Source",
        models.PROTECT,
        related_name="difficulties",
        null=True,
        blank=True,
        verbose_name=_("where it was named"),
    )
    bears_on = models.ManyToManyField(
        "tracker.Recommendation",
        related_name="difficulties",
        blank=True,
        verbose_name=_("bears on"),
    )
    title = Localized("title")
    summary = Localized("summary")

    class Meta:
        verbose_name = _("difficulty")
        verbose_name_plural = _("difficulties")
        ordering = ["meeting", "id"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "slug"], name="difficulty_once_a_meeting"),
            either_language("title", "difficulty_has_a_title"),
        ]

    def __str__(self) -> str:
        return str(self.title)


class LoadedSeed(models.Model):
    """That a set of initial data was loaded: once, so that what people then edit or delete stays so."""

    name = models.CharField(max_length=100, unique=True)
    loaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("initial data")
        verbose_name_plural = _("initial data")

    def __str__(self) -> str:
        return self.name
