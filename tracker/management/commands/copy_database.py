"""``manage.py copy_database``: this site's database into another one, verified on both sides."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connections

from tracker import environment
from tracker.actions.copying import copy
from tracker.backups import BackupError
from tracker.settings import SQLITE_OPTIONS

TARGET = "target"


class Command(BaseCommand):
    help = (
        "Copies the whole database (DATABASE_URL) into another, empty one: from SQLite to "
        "PostgreSQL, or back. Stop the server first, and set DATABASE_URL to the new one afterwards."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--to",
            default=os.environ.get("TARGET_URL", ""),
            metavar="URL",
            help="the empty database; or give it in TARGET_URL, which nobody else on the machine can read",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        config = environment.database_at(options["to"])
        if config is None:
            raise CommandError(f"--to: {environment.DATABASE}", returncode=2)
        defaults = connections.settings["default"]
        given = environment.with_options(config, SQLITE_OPTIONS)
        given["OPTIONS"].pop("pool", None)  # one connection
        connections.databases[TARGET] = {**defaults, **given}
        try:
            connections[TARGET].ensure_connection()
        except OperationalError as error:
            raise CommandError(
                f"--to: the database does not answer: {error}", returncode=2
            ) from error
        try:
            done = copy("default", TARGET, self.stderr.write)
        except BackupError as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        finally:
            connections[TARGET].close()
        self.stdout.write(
            f"Copied {done.rows} rows, {done.entries} entries, the same on both sides, all verified."
        )
        self.stdout.write(f"The digest of the record on both sides: {done.digest}")
        self.stdout.write("Set DATABASE_URL to the new database, and start the server.")
