"""Once installed the triggers; the last migration that needs them does (today 0006)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tracker", "0001_record")]
    operations = []
