"""History that the database itself keeps: append-only tables, permanent references."""

from typing import Any

from django.db import migrations

from tracker.models import triggers


def install(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001
    triggers.install(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("tracker", "0005_added_at")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
