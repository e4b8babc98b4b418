"""Pages and documents that are cited."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tracker.links.urls import display
from tracker.models.base import Localized, one_of
from tracker.statuses import Language, OrganizationKind

if TYPE_CHECKING:
    from tracker.permissions import AnyUser


class SourceQuerySet(models.QuerySet["Source"]):
    def visible_to(self, user: "AnyUser") -> "SourceQuerySet":
        """Sources that somebody may know of: cited in an entry they may read, or named by the record."""
        from tracker.models.followups import Citation
        from tracker.models.meetings import Difficulty
        from tracker.models.recommendations import Recommendation, Translation

        me = OuterRef("pk")
        cited = Citation.objects.visible_to(user).filter(source=me)
        return self.filter(
            Exists(cited)
            | Exists(Recommendation.objects.filter(origin=me))
            | Exists(Translation.objects.filter(origin=me))
            | Exists(Difficulty.objects.filter(origin=me))
        )


class Source(models.Model):
    """A public page or document, known by its URL once, cited by many entries."""

    url = models.CharField(
        _("address"),
        max_length=2000,
        unique=True,
        help_text=_("Cannot be changed once it is known: entries are sealed over it."),
    )
    title = models.CharField(_("title"), max_length=500, blank=True)
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    author = models.CharField(_("author"), max_length=200, blank=True)
    kind = models.CharField(
        _("kind of publisher"), max_length=20, choices=OrganizationKind, blank=True
    )
    language = models.CharField(_("language"), max_length=8, choices=Language, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    summary_fr = models.TextField(_("summary in French"), blank=True)
    summary_en = models.TextField(_("summary in English"), blank=True)
    added_at = models.DateTimeField(_("known since"), default=timezone.now, editable=False)
    summary = Localized("summary")

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(url__startswith="http://") | Q(url__startswith="https://"),
                name="source_is_a_web_address",
            ),
            one_of("kind", OrganizationKind, "source_kind_is_known", blank=True),
            one_of("language", Language, "source_language_is_known", blank=True),
        ]

    def __str__(self) -> str:
        return self.title or self.address

    @property
    def address(self) -> str:
        """The URL as a person reads it."""
        return display(self.url)
