"""``manage.py signin_link NAME``: a way in for somebody who lost theirs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tracker.actions.people import issue_link
from tracker.addresses import sign_in_address, site_origin
from tracker.exceptions import Invalid
from tracker.models import User


class Command(BaseCommand):
    help = "Prints a one-time link by which a person chooses a new password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--origin", default=site_origin())

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username__iexact=options["username"]).first()
        if user is None:
            raise CommandError(
                "No account has this user name: see the list of people.", returncode=2
            )
        try:
            _link, secret = issue_link(by=None, user=user)
        except Invalid as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(f"Sign in: {sign_in_address(options['origin'], secret)}")
