"""Since when what was there already has been there: its first entry, else the initial data, else now."""

from typing import Any

from django.db import migrations
from django.db.models import Min
from django.utils import timezone


def date(apps: Any, schema_editor: Any) -> None:
    using = schema_editor.connection.alias
    entries = apps.get_model("tracker", "FollowUp").objects.using(using)
    loaded = (
        apps.get_model("tracker", "LoadedSeed")
        .objects.using(using)
        .aggregate(at=Min("loaded_at"))["at"]
    )
    otherwise = loaded or timezone.now()
    firsts = dict(
        entries.order_by().values_list("implementation").annotate(first=Min("recorded_at"))
    )
    earliest: dict[int, Any] = {}
    for implementation in (
        apps.get_model("tracker", "Implementation").objects.using(using).iterator()
    ):
        implementation.added_at = firsts.get(implementation.pk, otherwise)
        implementation.save(update_fields=["added_at"])
        known = earliest.get(implementation.recommendation_id, implementation.added_at)
        earliest[implementation.recommendation_id] = min(known, implementation.added_at)
    for recommendation in (
        apps.get_model("tracker", "Recommendation").objects.using(using).iterator()
    ):
        recommendation.added_at = earliest.get(recommendation.pk, otherwise)
        recommendation.save(update_fields=["added_at"])


class Migration(migrations.Migration):
    dependencies = [("tracker", "0004_past")]
    operations = [migrations.RunPython(date, migrations.RunPython.noop)]
