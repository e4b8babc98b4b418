"""What recommendations of several meetings have to do with each other: links that an editor confirmed, and
the index in which texts that are worded alike are found."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tracker.models.base import one_of
from tracker.models.recommendations import Recommendation
from tracker.statuses import Language, LinkKind


class Relation(models.Model):
    """A link from a later recommendation to an earlier one. Who confirmed it and when is in the edits of
    both, which say it."""

    later = models.ForeignKey(Recommendation, models.CASCADE, related_name="earlier_links")
    earlier = models.ForeignKey(Recommendation, models.CASCADE, related_name="later_links")
    kind = models.CharField(max_length=16, choices=LinkKind)

    class Meta:
        verbose_name = _("link between recommendations")
        verbose_name_plural = _("links between recommendations")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["later", "earlier"], name="relation_once_a_pair"),
            models.CheckConstraint(condition=~Q(later=F("earlier")), name="relation_is_of_two"),
            one_of("kind", LinkKind, "relation_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.later} {self.kind} {self.earlier}"


class Wording(models.Model):
    """The stems of a text or of its translation: see ``similar.signature``. Derived; no part of the
    record."""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="+")
    language = models.CharField(max_length=8, choices=Language)
    stems = models.TextField()

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        constraints = [
            models.UniqueConstraint(
                fields=["recommendation", "language"], name="wording_once_a_language"
            ),
            one_of("language", Language, "wording_language_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.recommendation_id} {self.language}"


class Band(models.Model):
    """A part of a text's signature. Texts that share some are worded alike: the index finds them by it."""

    hash = models.BigIntegerField()
    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("part of a signature")
        verbose_name_plural = _("parts of signatures")
        constraints = [
            models.UniqueConstraint(
                fields=["hash", "recommendation"], name="band_once_a_recommendation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.hash} {self.recommendation_id}"
