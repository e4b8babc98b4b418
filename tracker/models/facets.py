"""Of which implementations one thing is true: what the list filters and counts by, at any size."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Facet(models.Model):
    """The implementations of which ``name`` is ``value``, such as ``state`` and ``ML``; derived.

    ``members`` is a Roaring bitmap of their ids (https://github.com/RoaringBitmap/RoaringFormatSpec): at
    100,000 implementations a few hundred bytes for a State, 12 kilobytes at most. ``token`` is the digest of
    it, by which a process knows that it has read it before.
    """

    name = models.CharField(max_length=20)
    value = models.CharField(max_length=80)
    token = models.CharField(max_length=16)
    members = models.BinaryField()

    class Meta:
        verbose_name = _("facet")
        verbose_name_plural = _("facets")
        ordering = ["name", "value"]
        constraints = [models.UniqueConstraint(fields=["name", "value"], name="facet_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.value}"
