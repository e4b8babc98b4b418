"""``manage.py verify_history``: whether every entry is what was sealed."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Exists, OuterRef

from tracker.history.verify import first_fault
from tracker.models import FollowUp, Implementation


class Command(BaseCommand):
    help = "Checks the digests of every history; names the first entry of each that fails, and exits 1."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = total = 0
        rows = Implementation.objects.select_related("recommendation").order_by("pk")
        for implementation in rows.iterator():
            history = FollowUp.objects.filter(implementation=implementation).with_details()
            entries = list(history.order_by("sequence"))
            total += len(entries)
            if fault := first_fault(implementation, entries):
                faults += 1
                self.stdout.write(str(fault))
        orphans = FollowUp.objects.filter(~Exists(rows.filter(pk=OuterRef("implementation_id"))))
        for entry in orphans.order_by("pk"):
            faults += 1
            self.stdout.write(
                f"entry {entry.pk} (number {entry.sequence}): its implementation is gone"
            )
        self.stdout.write(f"{total} entries read, {faults} histories with a fault.")
        if faults:
            sys.exit(1)
