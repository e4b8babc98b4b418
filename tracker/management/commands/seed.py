"""``manage.py seed``: the meeting of Vienna, its six recommendations, and Mali."""

from typing import Any

from django.core.management.base import BaseCommand

from tracker.actions.seeds import load_seed

SEEDS = ("vienna-2025",)


class Command(BaseCommand):
    help = "Loads the initial data, once: what people edited or deleted since stays as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        for name in SEEDS:
            done = "loaded" if load_seed(name=name) else "was loaded before: nothing changed"
            self.stdout.write(f"Initial data {name}: {done}.")
