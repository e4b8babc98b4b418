"""``manage.py restore``: a backup in the place of the database, once all of it was checked."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tracker.actions.upgrades import take_over
from tracker.backups import BackupError, restore


class Command(BaseCommand):
    help = (
        "Puts a backup in the place of the database, which is kept. Stop the server first. "
        "Everybody signs in again afterwards."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--replace",
            action="store_true",
            help="also where people have recorded follow-ups in the present database",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            done = restore("default", options["file"].absolute(), replace=options["replace"])
        except BackupError as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        take_over()  # what an older version kept unsealed
        self.stdout.write(f"Restored: {done.entries} entries, all verified, all triggers in place.")
        if done.kept:
            self.stdout.write(f"What was there before is kept: {done.kept}")
        self.stdout.write("Start the server (or start it again, if it was not stopped).")
