"""How an imported table begins is kept with it: its file is not read again to be shown."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0012_meeting_without_number"),
    ]

    operations = [
        migrations.AddField(
            model_name="importfile",
            name="begins",
            field=models.JSONField(default=dict),
        ),
    ]
