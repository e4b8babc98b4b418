"""Tables that somebody is importing: kept between the steps, no part of the record, gone after a day."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tracker.models.people import User


class ImportFile(models.Model):
    """A file that somebody sent, how it begins, what its columns are, and what came of it.

    It is here and on no disk: the next step may be another machine's.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("owner"))
    name = models.CharField(_("name"), max_length=200)
    size = models.PositiveBigIntegerField(_("size"))
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    begins = models.JSONField(default=dict)
    columns = models.JSONField(default=dict)
    given = models.JSONField(default=dict)
    checked_at = models.DateTimeField(null=True)
    found = models.JSONField(default=dict)
    imported_at = models.DateTimeField(null=True)
    report = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("imported table")
        verbose_name_plural = _("imported tables")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class ImportPart(models.Model):
    """A piece of the file: databases and their drivers keep many small ones better than one of 50 MB."""

    file = models.ForeignKey(ImportFile, models.CASCADE, related_name="parts")
    position = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        verbose_name = _("part of an imported table")
        verbose_name_plural = _("parts of imported tables")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["file", "position"], name="import_part_once_a_file"),
        ]

    def __str__(self) -> str:
        return f"{self.file_id} {self.position}"


class ImportFault(models.Model):
    """A row that cannot be imported as it is: what is wrong, by column, and whether it is left out."""

    file = models.ForeignKey(ImportFile, models.CASCADE, related_name="faults")
    row = models.PositiveIntegerField(_("row"))
    problems = models.JSONField(default=list)
    left_out = models.BooleanField(_("left out"), default=False)

    class Meta:
        verbose_name = _("row that cannot be imported")
        verbose_name_plural = _("rows that cannot be imported")
        ordering = ["row"]
        constraints = [
            models.UniqueConstraint(fields=["file", "row"], name="import_fault_once_a_row"),
        ]

    def __str__(self) -> str:
        return f"{self.file_id} {self.row}"
