"""Facets of the list and the place of each implementation in it, for what is there already too."""

from collections import defaultdict
from typing import Any

import django.core.validators
from django.db import migrations, models
from pyroaring import BitMap

from tracker.facets import standing_in, token_of
from tracker.ordering import LARGEST_NUMBER, place_of


def fill(apps: Any, schema_editor: Any) -> None:
    using = schema_editor.connection.alias
    implementations = apps.get_model("tracker", "Implementation").objects.using(using)
    facet = apps.get_model("tracker", "Facet")
    themes: dict[int, list[str]] = defaultdict(list)
    links = apps.get_model("tracker", "RecommendationTheme").objects.using(using)
    for recommendation, slug in links.values_list("recommendation", "theme__slug"):
        themes[recommendation].append(slug)
    sets: dict[tuple[str, str], Any] = defaultdict(BitMap)
    rows = implementations.select_related("recommendation__meeting")
    for row in rows.iterator(chunk_size=500):
        recommendation, meeting = row.recommendation, row.recommendation.meeting
        try:
            place = place_of(meeting.starts_on, meeting.pk, recommendation.number, row.state_id)
        except ValueError as error:
            raise RuntimeError(
                f"Recommendation {recommendation.ref} has a number that no list can hold: with the "
                f"former version, give it one of at most {LARGEST_NUMBER}, then upgrade ({error})."
            ) from error
        implementations.filter(pk=row.pk).update(place=place)
        keys = {("all", ""), ("state", row.state_id), ("meeting", meeting.slug)}
        keys |= {("theme", slug) for slug in themes[recommendation.pk]}
        for key in keys | standing_in(row, row.added_at):
            sets[key].add(row.pk)
    for (name, value), members in sets.items():
        kept = members.serialize()
        facet.objects.using(using).create(
            name=name, value=value, token=token_of(kept), members=kept
        )


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0006_triggers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Facet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=20)),
                ("value", models.CharField(max_length=80)),
                ("token", models.CharField(max_length=16)),
                ("members", models.BinaryField()),
            ],
            options={
                "verbose_name": "facet",
                "verbose_name_plural": "facets",
                "ordering": ["name", "value"],
            },
        ),
        migrations.AddField(
            model_name="implementation",
            name="place",
            field=models.BigIntegerField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="recommendation",
            name="number",
            field=models.PositiveIntegerField(
                validators=[django.core.validators.MaxValueValidator(1048575)],
                verbose_name="number",
            ),
        ),
        migrations.AddIndex(
            model_name="implementation",
            index=models.Index(fields=["place"], name="implementation_by_place"),
        ),
        migrations.AddConstraint(
            model_name="facet",
            constraint=models.UniqueConstraint(fields=("name", "value"), name="facet_once"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
