"""What searches look in: documents, and the index of each engine over them. ``take_over`` fills them."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.base import BaseDatabaseWrapper

from tracker.operations import OnTheConnection
from tracker.search.engine import ENGINES


def install(connection: BaseDatabaseWrapper) -> None:
    ENGINES[connection.vendor].install(connection)


def uninstall(connection: BaseDatabaseWrapper) -> None:
    ENGINES[connection.vendor].uninstall(connection)


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0007_facets"),
    ]

    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stretch", models.PositiveIntegerField(editable=False)),
                (
                    "visibility",
                    models.CharField(
                        choices=[("public", "Public"), ("internal", "Internal")],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("said", models.TextField(editable=False)),
                ("told", models.TextField(editable=False)),
                ("parts", models.TextField(editable=False)),
                (
                    "implementation",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="documents",
                        to="tracker.implementation",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tracker.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "document of the search",
                "verbose_name_plural": "documents of the search",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("implementation", "stretch", "visibility", "organization"),
                        name="document_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("organization", None)),
                        fields=("implementation", "stretch", "visibility"),
                        name="document_once_of_nobody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("visibility", "public"), _negated=True),
                            ("organization__isnull", True),
                            _connector="OR",
                        ),
                        name="document_public_is_nobodys",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("visibility__in", ["public", "internal"])),
                        name="document_visibility_is_known",
                    ),
                ],
            },
        ),
        OnTheConnection(install, uninstall),
    ]
