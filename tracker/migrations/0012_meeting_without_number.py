"""Some bodies do not count their meetings."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0011_past_statuses"),
    ]

    operations = [
        migrations.AlterField(
            model_name="meeting",
            name="session",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="12 for the 12th meeting; empty where meetings have no number",
                null=True,
                verbose_name="session",
            ),
        ),
    ]
