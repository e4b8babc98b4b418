"""Imported tables between their steps, and the door by which their entries come in.

SQLite cannot rebuild a table that triggers mention: they are away meanwhile.
"""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from tracker.models import triggers
from tracker.operations import OnTheConnection


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0009_relations"),
    ]

    operations = [
        OnTheConnection(triggers.uninstall, triggers.install),
        migrations.CreateModel(
            name="ImportFault",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("row", models.PositiveIntegerField(verbose_name="row")),
                ("problems", models.JSONField(default=list)),
                ("left_out", models.BooleanField(default=False, verbose_name="left out")),
            ],
            options={
                "verbose_name": "row that cannot be imported",
                "verbose_name_plural": "rows that cannot be imported",
                "ordering": ["row"],
            },
        ),
        migrations.CreateModel(
            name="ImportFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("size", models.PositiveBigIntegerField(verbose_name="size")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("columns", models.JSONField(default=dict)),
                ("given", models.JSONField(default=dict)),
                ("checked_at", models.DateTimeField(null=True)),
                ("found", models.JSONField(default=dict)),
                ("imported_at", models.DateTimeField(null=True)),
                ("report", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "imported table",
                "verbose_name_plural": "imported tables",
                "ordering": ["-created_at"],
            },
        ),
        migrations.CreateModel(
            name="ImportPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
            ],
            options={
                "verbose_name": "part of an imported table",
                "verbose_name_plural": "parts of imported tables",
                "ordering": ["position"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="edit",
            name="edit_channel_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="followup",
            name="followup_channel_is_known",
        ),
        migrations.AlterField(
            model_name="edit",
            name="channel",
            field=models.CharField(
                choices=[
                    ("site", "the site"),
                    ("admin", "the administration"),
                    ("seed", "initial data"),
                    ("command", "the command line"),
                    ("import", "an imported table"),
                ],
                max_length=10,
                verbose_name="channel",
            ),
        ),
        migrations.AlterField(
            model_name="followup",
            name="channel",
            field=models.CharField(
                choices=[
                    ("site", "the site"),
                    ("admin", "the administration"),
                    ("seed", "initial data"),
                    ("command", "the command line"),
                    ("import", "an imported table"),
                ],
                max_length=10,
                verbose_name="channel",
            ),
        ),
        migrations.AddConstraint(
            model_name="edit",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ["site", "admin", "seed", "command", "import"])),
                name="edit_channel_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ["site", "admin", "seed", "command", "import"])),
                name="followup_channel_is_known",
            ),
        ),
        migrations.AddField(
            model_name="importfile",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="owner",
            ),
        ),
        migrations.AddField(
            model_name="importfault",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="faults",
                to="tracker.importfile",
            ),
        ),
        migrations.AddField(
            model_name="importpart",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="parts",
                to="tracker.importfile",
            ),
        ),
        migrations.AddConstraint(
            model_name="importfault",
            constraint=models.UniqueConstraint(
                fields=("file", "row"), name="import_fault_once_a_row"
            ),
        ),
        migrations.AddConstraint(
            model_name="importpart",
            constraint=models.UniqueConstraint(
                fields=("file", "position"), name="import_part_once_a_file"
            ),
        ),
        OnTheConnection(triggers.install, triggers.uninstall),
    ]
