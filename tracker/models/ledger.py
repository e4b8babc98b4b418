"""The ledger: a Merkle tree over the heads of all chains, so that one digest stands for the whole record."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

EDITS = "edits"
"""The key of leaf 0, the chain of edits; keys of implementations hold a colon."""


class Leaf(models.Model):
    """The head of one chain: of the edits (leaf 0), or of an implementation, in the order they began."""

    position = models.PositiveBigIntegerField(primary_key=True)
    key = models.CharField(max_length=90, unique=True)
    entries = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        verbose_name = _("head of a chain")
        verbose_name_plural = _("heads of chains")
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.position} {self.key}"


class Node(models.Model):
    """A digest of the tree; ``place`` is its level (leaves: 0) and its position there in one number."""

    place = models.PositiveBigIntegerField(primary_key=True)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("node of the ledger")
        verbose_name_plural = _("nodes of the ledger")

    def __str__(self) -> str:
        return str(self.place)


class RootQuerySet(models.QuerySet["Root"]):
    def at(self, moment: dt.datetime | None = None) -> "Root | None":
        """The digest of the record as it was at a moment; as it is now where that is None."""
        rows = self if moment is None else self.filter(at__lte=moment)
        return rows.order_by("-at", "-id").first()


class Root(models.Model):
    """The digest of the whole record after a write, with the number of entries and edits in it."""

    at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    leaves = models.PositiveBigIntegerField()
    entries = models.PositiveBigIntegerField()

    objects = RootQuerySet.as_manager()

    class Meta:
        verbose_name = _("digest of the record")
        verbose_name_plural = _("digests of the record")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="root_by_time"),
            models.Index(fields=["digest"], name="root_by_digest"),
        ]

    def __str__(self) -> str:
        return self.digest
