"""``manage.py take_over``: after an upgrade, begin to keep what the version before did not."""

from typing import Any

from django.core.management.base import BaseCommand

from tracker.actions.upgrades import take_over


class Command(BaseCommand):
    help = "Seals texts that an older version kept unsealed; does nothing where that was done."

    def handle(self, *args: Any, **options: Any) -> None:
        if sealed := take_over():
            self.stdout.write(f"{sealed} texts and carrying-outs sealed for the first time.")
