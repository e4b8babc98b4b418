"""``manage.py backup``: the whole record in one file, while the server runs."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from tracker.backups import BackupError, back_up, default_path


class Command(BaseCommand):
    help = (
        "Writes one consistent, checked backup while the server runs. It holds internal notes and "
        "password hashes: keep it as the database is kept. The secret key is not in it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", nargs="?", type=Path, help="where to (var/backups/suivi-<now>… by default)"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        target = options["file"] or default_path(settings.VAR, connection.vendor)
        try:
            back_up("default", target.absolute())
        except BackupError as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        self.stdout.write(f"{target} ({target.stat().st_size / 1024:.0f} KB), checked.")
