"""``manage.py reindex``: what searches look in, made anew from the record."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tracker.actions.search import reindex
from tracker.models import Document


class Command(BaseCommand):
    help = "Makes everything that searches look in anew from the record, and says what differed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; exit 1 if anything differs"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        differed = 0
        for name in reindex(is_check=options["check"]):
            differed += 1
            self.stdout.write(f"differed: {name}")
        self.stdout.write(f"{Document.objects.count()} documents, {differed} differed.")
        if differed and options["check"]:
            sys.exit(1)
