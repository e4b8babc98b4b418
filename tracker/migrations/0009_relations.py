"""Links between recommendations, and the index in which alike texts are found."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0008_search"),
    ]

    operations = [
        migrations.CreateModel(
            name="Band",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("hash", models.BigIntegerField()),
                (
                    "recommendation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tracker.recommendation",
                    ),
                ),
            ],
            options={
                "verbose_name": "part of a signature",
                "verbose_name_plural": "parts of signatures",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("hash", "recommendation"), name="band_once_a_recommendation"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Relation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("repeats", "Repeats"),
                            ("replaces", "Replaces"),
                            ("follows_from", "Follows from"),
                            ("unrelated", "Not related to"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "earlier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="later_links",
                        to="tracker.recommendation",
                    ),
                ),
                (
                    "later",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="earlier_links",
                        to="tracker.recommendation",
                    ),
                ),
            ],
            options={
                "verbose_name": "link between recommendations",
                "verbose_name_plural": "links between recommendations",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("later", "earlier"), name="relation_once_a_pair"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("later", models.F("earlier")), _negated=True),
                        name="relation_is_of_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["repeats", "replaces", "follows_from", "unrelated"])
                        ),
                        name="relation_kind_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Wording",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("fr", "French"),
                            ("en", "English"),
                            ("ar", "Arabic"),
                            ("zh", "Chinese"),
                            ("ru", "Russian"),
                            ("es", "Spanish"),
                            ("pt", "Portuguese"),
                        ],
                        max_length=8,
                    ),
                ),
                ("stems", models.TextField()),
                (
                    "recommendation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tracker.recommendation",
                    ),
                ),
            ],
            options={
                "verbose_name": "wording",
                "verbose_name_plural": "wordings",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("recommendation", "language"), name="wording_once_a_language"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("language__in", ["fr", "en", "ar", "zh", "ru", "es", "pt"])
                        ),
                        name="wording_language_is_known",
                    ),
                ],
            },
        ),
    ]
