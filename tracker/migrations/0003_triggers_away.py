"""SQLite cannot rebuild a table that triggers mention: they return in 0006."""

from django.db import migrations

from tracker.models import triggers
from tracker.operations import OnTheConnection, nothing


class Migration(migrations.Migration):
    dependencies = [("tracker", "0002_triggers")]
    operations = [OnTheConnection(triggers.uninstall, nothing)]
