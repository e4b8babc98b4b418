"""``manage.py redact``: takes the words of one entry away, where a court or a person's rights require it."""

from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from tracker.actions.redactions import redact_edit, redact_entry, reminder
from tracker.exceptions import Invalid, NotAllowed
from tracker.models import Edit, FollowUp, User
from tracker.statuses import Channel


class Command(BaseCommand):
    help = (
        "Blanks the words of one entry (by the number in its address) or of one edit of the record, for "
        "good. Its digest stays, and a later entry says who did it and why."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("entry", nargs="?", type=int, help="its number in /entries/NUMBER/")
        parser.add_argument("--edit", type=int, help="an edit of the record instead, by its number")
        parser.add_argument("--reason", required=True, help="why; it is public where the entry is")
        parser.add_argument("--by", required=True, help="the user name of an administrator")
        parser.add_argument(
            "--name", action="store_true", help="also the name of the person who recorded it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if (options["entry"] is None) == (options["edit"] is None):
            _refuse(
                _("Give the number of an entry, or --edit and the number of an edit: one of both.")
            )
        if options["edit"] is not None and options["name"]:
            _refuse(_("--name is for entries: of an edit, the name stays."))
        user = User.objects.filter(username__iexact=options["by"], is_active=True).first()
        if user is None:
            _refuse(_("No account has this user name: see the list of people."))
        try:
            if options["edit"] is not None:
                self._redact_edit(user, options["edit"], options["reason"])
            else:
                self._redact_entry(user, options)
        except (NotAllowed, Invalid) as error:
            _refuse(str(error))
        self.stdout.write(reminder())

    def _redact_edit(self, user: User, sequence: int, reason: str) -> None:
        edit = Edit.objects.filter(sequence=sequence).first()
        if edit is None:
            _refuse(_("There is no edit of this number: see the list of edits."))
        redact_edit(by=user, edit=edit, reason=reason, channel=Channel.COMMAND)
        said = _("Edit %(n)s of %(key)s is redacted.")
        self.stdout.write(said % {"n": edit.sequence, "key": edit.key})

    def _redact_entry(self, user: User, options: dict[str, Any]) -> None:
        entry = FollowUp.objects.filter(pk=options["entry"]).first()
        if entry is None:
            _refuse(_("There is no entry of this number: see its address."))
        done = redact_entry(
            by=user,
            entry=entry,
            reason=options["reason"],
            channel=Channel.COMMAND,
            with_name=options["name"],
        )
        said = _("Entry %(pk)s is redacted; entry %(by)s says so.")
        self.stdout.write(said % {"pk": entry.pk, "by": done.entry.pk})
        for line in done.told():
            self.stdout.write(line)


def _refuse(message: str) -> NoReturn:
    raise CommandError(message, returncode=2)
