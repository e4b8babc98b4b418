"""``manage.py import_table``: recommendations from a CSV, XLSX or ODS file, all of its rows or none."""

from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError
from django.utils.translation import gettext as _

from tracker.actions.imports import Imported, import_rows
from tracker.busy import SAID, is_busy
from tracker.exceptions import Invalid, NotAllowed, UnknownState
from tracker.folding import fold
from tracker.imports.columns import check_columns, guess, language_of
from tracker.imports.reports import first_of, rejected
from tracker.imports.rows import Given, labels, languages
from tracker.imports.table import Found, Reading, Table, headers_in
from tracker.models import Meeting, User
from tracker.names.understood import code_of
from tracker.statuses import Stage

SHOWN = 50
Faults = dict[int, list[tuple[str, str]]]


class Command(BaseCommand):
    help = (
        "Imports recommendations, States and what was done from a table. Columns are known by their "
        "headers, in six languages. All rows are written, or none; the same file again doubles nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="CSV, XLSX or ODS")
        parser.add_argument("--by", required=True, help="the user name of an editor")
        parser.add_argument("--meeting", default="", help="the short address of the meeting")
        parser.add_argument("--state", default="", help="the State, where no column names it")
        parser.add_argument("--language", default="", help="of the texts; else that of the headers")
        parser.add_argument("--origin", default="", help="address of the document quoted from")
        parser.add_argument(
            "--stage", default=Stage.DISCUSSION.value, help="how far they have come"
        )
        parser.add_argument(
            "--days", default="", choices=["", "day", "month"], help="which is first in 03/04/2026"
        )
        parser.add_argument(
            "--skip-broken", action="store_true", help="leave out the rows that have problems"
        )
        parser.add_argument("--rejected", help="write the rows with problems to this CSV file")
        parser.add_argument("--dry-run", action="store_true", help="check, and import nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username__iexact=options["by"], is_active=True).first()
        if user is None:
            _refuse(_("No account has this user name: see the list of people."))
        try:
            self._import(user, Path(options["file"]), options)
        except Invalid as invalid:
            _refuse(" ".join(str(m) for messages in invalid.errors.values() for m in messages))
        except (NotAllowed, OSError) as error:
            _refuse(str(error))
        except OperationalError as error:
            if not is_busy(error):
                raise
            _refuse(str(SAID))

    def _import(self, user: User, path: Path, options: dict[str, Any]) -> None:
        given = _given(options)
        headers = headers_in(path)
        columns = guess(headers)
        given = replace(given, language=given.language or language_of(headers))
        check_columns(columns, bool(given.state))
        table = Table(path, columns, given)
        found, faults = self._check(table, user)
        self.stdout.write(_told(found))
        if faults:
            self._show(path, faults, options["rejected"])
            if not options["skip_broken"]:
                _refuse(_("Nothing was imported: mend these rows, or leave them out."))
        if options["dry_run"]:
            self.stdout.write(_("Nothing was imported: this was a check."))
            return
        done: list[Imported] = []
        steps = import_rows(
            by=user,
            chunks=lambda: Reading(table, user, faults.keys()).fit(),
            meetings=found.highest,
            total=found.rows - found.broken,
            highest=found.highest,
            finish=done.append,
        )
        for step in steps:
            saying = _("sealed") if step.is_sealing else _("rows") if step.total else _("checked")
            of = f"/{step.total}" if step.total else ""
            self.stderr.write(f"{saying} {step.done}{of}\r", ending="")
        self.stderr.write("")
        said = _(
            "Imported: %(recommendations)s recommendations, %(implementations)s for a State, "
            "%(entries)s entries."
        )
        self.stdout.write(said % done[0].__dict__)

    def _check(self, table: Table, user: User) -> tuple[Found, Faults]:
        reading, faults = Reading(table, user), Faults()
        for _wanted, broken in reading.chunks():
            faults |= {row.number: row.problems for row in broken}
            self.stderr.write(f"{_('checked')} {reading.found.rows}\r", ending="")
        self.stderr.write("")
        return reading.found, faults

    def _show(self, path: Path, faults: Faults, to: str | None) -> None:
        for line in first_of(faults.items(), SHOWN):
            self.stderr.write(line)
        if len(faults) > SHOWN:
            more = _("… and %(n)s more rows; --rejected writes all to a file.")
            self.stderr.write(more % {"n": len(faults) - SHOWN})
        if to:
            with Path(to).open("w", encoding="utf-8", newline="") as file:
                file.writelines(rejected(path, faults))


def _given(options: dict[str, Any]) -> Given:
    """What holds for all rows. ``Invalid`` where an option names nothing that is known."""
    slug = options["meeting"]
    if slug and not Meeting.objects.filter(slug=slug).exists():
        message = _("No meeting has the short address %(slug)s: add it in the administration.")
        raise Invalid({"meeting": [message % {"slug": slug}]})
    found = {"meeting": slug, "origin": options["origin"], "days": options["days"]}
    known = {"language": languages(), "stage": labels(Stage)}
    for name, codes in known.items():
        code = codes.get(fold(options[name]), "")
        if options[name] and not code:
            message = _("--%(option)s is not known: %(text)s")
            raise Invalid({name: [message % {"option": name, "text": options[name]}]})
        found[name] = code
    try:
        found["state"] = code_of(options["state"]) if options["state"] else ""
    except UnknownState as unknown:
        raise Invalid({"state": [f"--state: {unknown}"]}) from unknown
    return Given(**found)


def _told(found: Found) -> str:
    said = _(
        "%(rows)s rows: %(recommendations)s new recommendations, %(implementations)s new for a State, "
        "%(entries)s entries, %(unchanged)s unchanged, %(broken)s with problems."
    )
    return said % found.__dict__


def _refuse(message: str) -> NoReturn:
    raise CommandError(message, returncode=2)
