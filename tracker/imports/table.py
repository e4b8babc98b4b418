"""A whole table: its header, what it asks for, and every problem in it, some rows at a time."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from tracker.actions.imports import Wanted
from tracker.exceptions import Invalid
from tracker.imports import sheets
from tracker.imports.check import Checker
from tracker.imports.columns import is_export
from tracker.imports.rows import Given, Row, headers_of, parse
from tracker.models import Organization, Theme, User

CHUNK = 500
SHOWN = 200
"""How many new themes and organizations are named; a table with more has them in the wrong column."""


@dataclass(frozen=True)
class Table:
    """A file, which field each column is, and what holds for all rows."""

    path: Path
    columns: Mapping[str, int]
    given: Given


@dataclass
class Found:
    """What a check found: how much of each kind is new, and what the import must know before it begins."""

    rows: int = 0
    recommendations: int = 0
    implementations: int = 0
    entries: int = 0
    unchanged: int = 0
    broken: int = 0
    themes: list[str] = field(default_factory=list)
    organizations: list[str] = field(default_factory=list)
    highest: dict[int, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Found":
        highest = {int(pk): number for pk, number in kept.get("highest", {}).items()}
        return cls(**{**kept, "highest": highest})


def headers_in(path: Path) -> list[str]:
    return next(sheets.read(path))[1]


class Reading:
    """One pass over a table. ``found`` is complete once the pass has ended."""

    def __init__(self, table: Table, by: User, left_out: Collection[int] = frozenset()) -> None:
        self.table, self.by, self.left_out = table, by, left_out
        self.found = Found()
        self.tracked: set[int] = set()
        self.named: set[int] = set()

    def chunks(self) -> Iterator[tuple[list[Wanted], list[Row]]]:
        """What the good rows of each chunk ask for, and the broken rows. Raises ``Invalid``."""
        lines = sheets.read(self.table.path)
        headers = next(lines)[1]
        named = headers_of(self.table.columns, headers)
        checker = Checker(self.by, is_export(headers))
        while part := list(islice(lines, CHUNK)):
            rows = [
                parse(number, cells, self.table.columns, named, self.table.given)
                for number, cells in part
                if number not in self.left_out
            ]
            wanted = checker.check(rows)
            broken = [row for row in rows if row.problems]
            self._count(len(rows), wanted, len(broken), checker)
            yield wanted, broken

    def fit(self) -> Iterator[Sequence[Wanted]]:
        """The chunks of a table that was found fit. ``Invalid`` if it is so no more: all is undone then."""
        for wanted, broken in self.chunks():
            if broken:
                where = {"row": broken[0].number, "problem": broken[0].problems[0][1]}
                message = _("Row %(row)s: %(problem)s Nothing was imported.") % where
                raise Invalid({"": [message]})
            yield wanted

    def _count(self, rows: int, wanted: Sequence[Wanted], broken: int, checker: Checker) -> None:
        found = self.found
        found.rows += rows
        found.broken += broken
        for one in wanted:
            place = hash((one.ref, one.state))
            is_new = one.recommendation is None and checker.seen[one.ref][0] == one.row
            is_tracked = one.implementation is None and place not in self.tracked
            self.tracked.add(place)
            found.recommendations += is_new
            found.implementations += is_tracked
            found.entries += one.statement is not None
            found.unchanged += not (is_new or is_tracked or one.statement is not None)
            said_by = one.statement.organization if one.statement else None
            for theme in one.themes:
                self._name(theme, found.themes)
            if said_by is not None:
                self._name(said_by, found.organizations)
            meeting = one.meeting.pk
            found.highest[meeting] = max(found.highest.get(meeting, 0), one.number or 0)

    def _name(self, new: Theme | Organization, among: list[str]) -> None:
        """A theme or an organization that is to be made, once; the checker keeps it, so its id stays."""
        if new.pk is None and id(new) not in self.named and len(among) < SHOWN:
            self.named.add(id(new))
            among.append(str(new))
