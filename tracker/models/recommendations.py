"""What was recommended: the exact words, where they are from, and what they are about."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tracker.models.base import one_of
from tracker.models.meetings import Difficulty, Meeting, Provision, Theme
from tracker.models.sources import Source
from tracker.ordering import LARGEST_NUMBER
from tracker.statuses import SEEN_FROM_EARLIER, Language, LinkedBy, LinkKind, Stage


@dataclass(frozen=True)
class Place:
    """A place in the order of lists: by meeting, newest first, then number. In an address, ``som-12/3``."""

    meeting: Meeting
    number: int

    def __str__(self) -> str:
        return f"{self.meeting.slug}/{self.number}"

    def followed_by(self) -> Q:
        """The recommendations that come after it."""
        same_day = Q(meeting__starts_on=self.meeting.starts_on, meeting__gt=self.meeting.pk)
        in_it = Q(meeting=self.meeting, number__gt=self.number)
        return Q(meeting__starts_on__lt=self.meeting.starts_on) | same_day | in_it


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    def tracked(self, moment: dt.datetime | None) -> "RecommendationQuerySet":
        """Those that were tracked at a past moment; all of them where it is None."""
        return self if moment is None else self.filter(added_at__lte=moment)

    def for_list(self) -> "RecommendationQuerySet":
        """With all that a row about it shows, in a number of queries that does not grow."""
        return self.select_related("meeting__body").prefetch_related(
            models.Prefetch("theme_links", RecommendationTheme.objects.select_related("theme")),
            "translations",
        )

    def with_details(self) -> "RecommendationQuerySet":
        """With all that its own page shows, in a number of queries that does not grow."""
        return (
            self.with_links()
            .select_related("meeting__body", "origin")
            .prefetch_related(
                models.Prefetch("theme_links", RecommendationTheme.objects.select_related("theme")),
                models.Prefetch(
                    "provision_links",
                    RecommendationProvision.objects.select_related("provision__instrument"),
                ),
                "difficulties",
                models.Prefetch("translations", Translation.objects.select_related("origin")),
            )
        )

    def with_links(self) -> "RecommendationQuerySet":
        """With what an editor linked each to, in two queries."""
        return self.prefetch_related(*link_lookups())


def link_lookups() -> list["models.Prefetch[str]"]:
    """What ``Recommendation.links`` reads, to be loaded for many."""
    from tracker.models.relations import Relation

    earlier = Relation.objects.select_related("earlier__meeting")
    later = Relation.objects.select_related("later__meeting")
    return [models.Prefetch("earlier_links", earlier), models.Prefetch("later_links", later)]


class Link(NamedTuple):
    """What one recommendation is to another."""

    kind: LinkKind | LinkedBy
    to: "Recommendation"


class Recommendation(models.Model):
    """One numbered text from a meeting, quoted exactly, in its original language."""

    ref = models.SlugField(
        _("reference"),
        unique=True,
        max_length=80,
        help_text=_("Its permanent address: som-12-1. Cannot be changed later."),
    )
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="recommendations", verbose_name=_("meeting")
    )
    number = models.PositiveIntegerField(
        _("number"), validators=[MaxValueValidator(LARGEST_NUMBER)]
    )
    text = models.TextField(_("exact quotation"))
    language = models.CharField(
        _("language"), max_length=8, choices=Language, default=Language.FRENCH
    )
    origin = models.ForeignKey(
        Source,
        models.PROTECT,
        related_name="recommendations",
        verbose_name=_("where the quotation is from"),
    )
    locator = models.CharField(
        _("where in it"), max_length=120, blank=True, help_text=_("As in: paragraph 14")
    )
    stage = models.CharField(_("stage"), max_length=20, choices=Stage, default=Stage.DISCUSSION)
    added_at = models.DateTimeField(_("tracked since"), default=timezone.now, editable=False)
    folded = models.TextField(editable=False, default="", blank=True)
    themes = models.ManyToManyField(
        Theme, through="RecommendationTheme", related_name="recommendations"
    )
    provisions = models.ManyToManyField(
        Provision, through="RecommendationProvision", related_name="recommendations"
    )
    difficulties: models.Manager[Difficulty]

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        ordering = ["-meeting__starts_on", "meeting_id", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "number"], name="recommendation_number_once_a_meeting"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1), name="recommendation_number_positive"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="recommendation_has_a_text"),
            models.CheckConstraint(condition=~Q(ref=""), name="recommendation_has_a_reference"),
            one_of("stage", Stage, "recommendation_stage_is_known"),
            one_of("language", Language, "recommendation_language_is_known"),
        ]

    def __str__(self) -> str:
        return self.ref

    def get_absolute_url(self) -> str:
        return reverse("recommendation", args=[self.ref])

    @property
    def place_in_lists(self) -> Place:
        """From where a page goes on after it."""
        return Place(self.meeting, self.number)

    @property
    def heading(self) -> str:
        """Its themes, in the reader's language; recommendations have no titles of their own."""
        return " · ".join(link.theme.name for link in self.theme_links.all())

    def rendering(self) -> "Recommendation | Translation":
        """The text for the reader: a translation in their language if there is one, else the original."""
        preferred = (get_language() or "")[:2]
        if preferred == self.language:
            return self
        return next((t for t in self.translations.all() if t.language == preferred), self)

    def links(self) -> list[Link]:
        """What an editor said that it is to others, with what it is not related to; by kind, those of the
        newest meetings first. Loaded ``with_links``."""
        me = cast(Any, self)  # with the managers of the other side
        found = [Link(LinkKind(row.kind), row.earlier) for row in me.earlier_links.all()]
        found += [Link(SEEN_FROM_EARLIER[row.kind], row.later) for row in me.later_links.all()]
        kinds = [*LinkKind.values, *LinkedBy.values]
        found.sort(key=lambda link: link.to.ref)
        found.sort(key=lambda link: link.to.meeting.starts_on, reverse=True)
        return sorted(found, key=lambda link: kinds.index(link.kind))


class EditorialLink(models.Model):
    """A tie that a person drew and that the quoted text does not state: it is labelled so."""

    is_editorial = models.BooleanField(
        _("editorial reading"),
        default=True,
        help_text=_("Untick only if the quoted document itself says so."),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=1)

    class Meta:
        abstract = True


class RecommendationTheme(EditorialLink):
    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="theme_links")
    theme = models.ForeignKey(
        Theme, models.PROTECT, related_name="recommendation_links", verbose_name=_("theme")
    )

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["recommendation", "theme"], name="theme_once_a_recommendation"
            )
        ]

    def __str__(self) -> str:
        return str(self.theme)


class RecommendationProvision(EditorialLink):
    recommendation = models.ForeignKey(
        Recommendation, models.CASCADE, related_name="provision_links"
    )
    provision = models.ForeignKey(
        Provision, models.PROTECT, related_name="recommendation_links", verbose_name=_("provision")
    )

    class Meta:
        verbose_name = _("provision")
        verbose_name_plural = _("provisions")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["recommendation", "provision"], name="provision_once_a_recommendation"
            )
        ]

    def __str__(self) -> str:
        return str(self.provision)


class Translation(models.Model):
    """A recommendation in another language, official or not."""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="translations")
    language = models.CharField(_("language"), max_length=8, choices=Language)
    text = models.TextField(_("text"))
    is_official = models.BooleanField(_("official"), default=False)
    origin = models.ForeignKey(
        Source,
        models.PROTECT,
        related_name="translations",
        null=True,
        blank=True,
        verbose_name=_("where it is from"),
        help_text=_("An official translation says where it was published."),
    )

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(
                fields=["recommendation", "language"], name="translation_once_a_language"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="translation_has_a_text"),
            one_of("language", Language, "translation_language_is_known"),
            models.CheckConstraint(
                condition=Q(is_official=False) | Q(origin__isnull=False),
                name="translation_official_says_where_from",
                violation_error_message=_(
                    "An official translation says where it was published: choose its source."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recommendation_id} {self.language}"
