"""Where searches look: derived from the record like its projections, and made anew by ``reindex``."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tracker.models.base import one_of
from tracker.models.implementations import Implementation
from tracker.models.people import Organization
from tracker.statuses import Visibility


class Document(models.Model):
    """The words of a recommendation, and of a stretch of what was recorded about carrying it out.

    A public one has what anybody may read; an internal one has, besides, what is internal of one
    organization. ``visibility`` and ``organization`` are named as those of entries, so that
    ``permissions.readable_entries`` is the rule here too. ``said`` and ``told`` have a line for each text,
    with its words stemmed; ``parts`` says where each line is from.
    """

    implementation = models.ForeignKey(
        Implementation, models.CASCADE, related_name="documents", editable=False, db_index=False
    )
    stretch = models.PositiveIntegerField(editable=False)
    visibility = models.CharField(max_length=10, choices=Visibility, editable=False)
    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="+", null=True, editable=False
    )
    said = models.TextField(editable=False)
    told = models.TextField(editable=False)
    parts = models.TextField(editable=False)

    class Meta:
        verbose_name = _("document of the search")
        verbose_name_plural = _("documents of the search")
        constraints = [
            models.UniqueConstraint(
                fields=["implementation", "stretch", "visibility", "organization"],
                name="document_once",
            ),
            models.UniqueConstraint(
                fields=["implementation", "stretch", "visibility"],
                condition=Q(organization=None),
                name="document_once_of_nobody",
            ),
            models.CheckConstraint(
                condition=~Q(visibility=Visibility.PUBLIC) | Q(organization__isnull=True),
                name="document_public_is_nobodys",
            ),
            one_of("visibility", Visibility, "document_visibility_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.implementation_id}/{self.stretch} {self.visibility}"
