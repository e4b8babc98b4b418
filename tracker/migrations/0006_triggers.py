"""History that the database itself keeps: append-only tables, permanent references."""

from django.db import migrations

from tracker.models import triggers
from tracker.operations import OnTheConnection, nothing


class Migration(migrations.Migration):
    dependencies = [("tracker", "0005_added_at")]
    operations = [OnTheConnection(triggers.install, nothing)]
