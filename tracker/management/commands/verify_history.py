"""``manage.py verify_history``: whether every entry, edit and record is what was sealed."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from tracker.history.audit import Audit
from tracker.history.digest import timestamp
from tracker.models import Root


class Command(BaseCommand):
    help = (
        "Checks the digests of every history, of the edits and of the ledger; names the first entry of "
        "each that fails, and exits 1."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        audit, faults = Audit(), 0
        for fault in audit.faults():
            faults += 1
            self.stdout.write(str(fault))
        self.stdout.write(
            f"{audit.entries} entries and {audit.edits} edits read, {faults} histories with a fault."
        )
        if root := Root.objects.at():
            self.stdout.write(f"Head digest: {root.digest}, {timestamp(root.at)}")
        if faults:
            sys.exit(1)
