"""``manage.py rebuild_projection``: what is derived from the history, derived anew."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from tracker.actions.facets import rebuild as rebuild_facets
from tracker.actions.projections import rebuild
from tracker.models import Implementation


class Command(BaseCommand):
    help = "Derives every status, date and count from the entries anew, and says what differed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; exit 1 if anything differs"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        differed = total = 0
        for pk in Implementation.objects.order_by("pk").values_list("pk", flat=True).iterator():
            with transaction.atomic():
                rows = Implementation.objects.select_for_update(of=("self",))
                implementation = rows.select_related("recommendation").get(pk=pk)
                wrong = rebuild(implementation)
                if options["check"]:
                    transaction.set_rollback(True)
            total += 1
            if wrong:
                differed += 1
                self.stdout.write(f"{implementation.key}: {', '.join(wrong)}")
        if not (differed and options["check"]):  # the list follows from what differed
            differed += self._facets(is_check=options["check"])
        self.stdout.write(f"{total} implementations read, {differed} differed.")
        if differed and options["check"]:
            sys.exit(1)

    def _facets(self, is_check: bool) -> int:
        """The sets by which the list is filtered and its order: how many differed."""
        with transaction.atomic():
            wrong = rebuild_facets()
            if is_check:
                transaction.set_rollback(True)
        for name in wrong:
            self.stdout.write(f"list: {name}")
        return len(wrong)
