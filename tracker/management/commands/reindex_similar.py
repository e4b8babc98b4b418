"""``manage.py reindex_similar``: the index of texts that are worded alike, made anew."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tracker.actions.similar import reindex


class Command(BaseCommand):
    help = "Compares the index of texts that are worded alike with all texts, and puts it right."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; exit 1 if anything differs"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        total, differed = reindex(check=options["check"])
        self.stdout.write(f"{total} recommendations read, {differed} differed.")
        if differed and options["check"]:
            sys.exit(1)
