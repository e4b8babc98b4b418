"""SQLite cannot rebuild a table that triggers mention: they return in 0006."""

from typing import Any

from django.db import migrations

from tracker.models import triggers


def uninstall(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001
    triggers.uninstall(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("tracker", "0002_triggers")]
    operations = [migrations.RunPython(uninstall, migrations.RunPython.noop)]
