"""``manage.py first_signin``: the way in where nobody can sign in yet."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from tracker.actions.people import has_administrator, issue_link
from tracker.addresses import sign_in_address, site_origin


class Command(BaseCommand):
    help = (
        "Prints a one-time sign-in link while there is no administrator; "
        "whoever opens it first becomes the administrator."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--origin", default=site_origin())

    def handle(self, *args: Any, **options: Any) -> None:
        if has_administrator():
            return
        _link, secret = issue_link(by=None, user=None)
        self.stdout.write(f"Sign in: {sign_in_address(options['origin'], secret)}")
        hours = settings.SIGN_IN_LINK_HOURS
        self.stdout.write(
            f"(works once, for {hours} hours: choose the administrator's name and password)"
        )
