"""One row of a table as typed values, or what is wrong with it: pure, without the record."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from tracker.actions.statements import NOTE_LENGTH, is_text
from tracker.exceptions import Message, UnknownState
from tracker.exports.cells import unsafe_cell
from tracker.folding import fold, tidy
from tracker.imports.columns import BY_NAME
from tracker.imports.sheets import Kept
from tracker.names.understood import code_of
from tracker.ordering import LARGEST_NUMBER
from tracker.statuses import Basis, Language, Stage, Status

POSITION_LENGTH = 500
LOCATOR_LENGTH = 120
LONGEST = {"text": NOTE_LENGTH, "position": POSITION_LENGTH, "paragraph": LOCATOR_LENGTH}
EXACT = ("reference", "paragraph")
ADDRESSES = re.compile(r"[\s|]+|[;,]\s+")
DAY_FIRST, MONTH_FIRST = "day", "month"
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ][\d:.+Z]*)?\Z")
_CHINESE = re.compile(r"(\d{4}) ?年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?[日号]\Z")
_WRITTEN = re.compile(r"(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4})\Z")


ALSO: dict[type, dict[str, str]] = {
    Status: {
        "non commencé": Status.NOT_STARTED,
        "pas commencé": Status.NOT_STARTED,
        "pas commencée": Status.NOT_STARTED,
        "en cours": Status.IN_PROGRESS,
        "ongoing": Status.IN_PROGRESS,
        "partiellement mis en œuvre": Status.PARTLY_IMPLEMENTED,
        "partially implemented": Status.PARTLY_IMPLEMENTED,
        "mis en œuvre": Status.IMPLEMENTED,
        "fully implemented": Status.IMPLEMENTED,
    },
    Basis: {
        "communiquée": Basis.REPORTED,
        "déclaré": Basis.REPORTED,
        "déclarée": Basis.REPORTED,
        "vérifiée": Basis.VERIFIED,
    },
}
"""Other words than our own that people write for the same."""


@dataclass(frozen=True)
class Given:
    """What holds for all rows where no column says it. ``days`` is which comes first in 03/04/2026, where
    somebody said so."""

    meeting: str = ""
    state: str = ""
    language: str = ""
    origin: str = ""
    stage: str = Stage.DISCUSSION
    days: str = ""


@dataclass
class Row:
    """What one row says. ``problems`` are pairs of a column, as the file names it, and a message."""

    number: int
    headers: Mapping[str, str]
    reference: str = ""
    numbered: int | None = None
    paragraph: str = ""
    text: str = ""
    language: str = ""
    themes: str = ""
    position: str = ""
    state: str = ""
    meeting: str = ""
    origin: str = ""
    stage: str = ""
    status: str = ""
    basis: str = ""
    note: str = ""
    sources: tuple[str, ...] = ()
    date: dt.date | None = None
    organization: str = ""
    stated: frozenset[str] = frozenset()
    problems: list[tuple[str, str]] = field(default_factory=list)

    def wrong(self, name: str, message: Message) -> None:
        """Something is wrong in the column of that field."""
        self.problems.append((self._column(name), str(message)))

    def is_wrong(self, name: str) -> bool:
        """Whether something is wrong there already."""
        return self._column(name) in (column for column, _message in self.problems)

    def _column(self, name: str) -> str:
        return self.headers.get(name) or str(BY_NAME[name].label)


def headers_of(columns: Mapping[str, int], headers: Sequence[str]) -> dict[str, str]:
    """What the file calls the column of each field."""
    return {name: headers[i].strip() for name, i in columns.items() if i < len(headers)}


def parse(
    number: int,
    cells: Sequence[str],
    columns: Mapping[str, int],
    headers: Mapping[str, str],
    given: Given,
) -> Row:
    """The row, with every problem that shows in it alone."""
    said = {name: _cell(cells, index) for name, index in columns.items()}
    row = Row(number, headers, stated=frozenset(name for name, text in said.items() if text))
    for name in EXACT:
        _check_as_written(row, name, cells, columns.get(name, len(cells)))
    for name, text in said.items():
        if not is_text(text):
            row.wrong(name, _("Remove the characters that are not text."))
            said[name] = ""
        elif len(text) > LONGEST.get(name, NOTE_LENGTH):
            n = LONGEST.get(name, NOTE_LENGTH)
            row.wrong(name, _("Shorten this to %(n)s characters.") % {"n": n})
            said[name] = ""
    for name in ("reference", "paragraph", "text", "themes", "position", "note", "organization"):
        setattr(row, name, said.get(name, ""))
    row.meeting = said.get("meeting", "") or given.meeting
    row.origin = said.get("origin", "") or given.origin
    row.sources = tuple(url for url in ADDRESSES.split(said.get("sources", "")) if url)
    row.numbered = _number(row, said.get("number", ""))
    row.date = _day(row, said.get("date", ""), given.days)
    row.state = _state(row, said.get("state", "")) or given.state
    row.language = _code(row, "language", said, languages(), NO_LANGUAGE) or given.language
    row.stage = _code(row, "stage", said, labels(Stage), NO_STAGE) or given.stage
    row.status = _code(row, "status", said, labels(Status), NO_STATUS)
    row.basis = _code(row, "basis", said, labels(Basis), NO_BASIS)
    if not row.state and "state" not in row.stated:
        row.wrong("state", _("Say which State carries it out."))
    return row


def _cell(cells: Sequence[str], index: int) -> str:
    return tidy(unsafe_cell(cells[index])) if index < len(cells) else ""


def _check_as_written(row: Row, name: str, cells: Sequence[str], index: int) -> None:
    """A spreadsheet keeps 148.10 as the number 148.1, and 6.10 as a day: nobody knows which was written."""
    if index < len(cells) and isinstance(cells[index], Kept):
        message = _(
            "The spreadsheet keeps this as the number or the day %(text)s, so that 148.10 and 148.1 "
            "are the same: format the column as text, and write it again."
        )
        row.wrong(name, message % {"text": cells[index]})


def _number(row: Row, text: str) -> int | None:
    if not text:
        return None
    if text.isdecimal() and len(text) <= 9 and 0 < int(text) <= LARGEST_NUMBER:
        return int(text)
    message = _(
        "Write a whole number from 1 to %(n)s, or empty the cell; for numbers such as 148.1, choose the "
        "column as the reference."
    )
    row.wrong("number", message % {"n": LARGEST_NUMBER})
    return None


def _day(row: Row, text: str, first: str) -> dt.date | None:
    if not text:
        return None
    try:
        if match := _ISO.match(text) or _CHINESE.match(text):
            return dt.date(*map(int, match.groups()))
        if match := _WRITTEN.match(text):
            one, sign, two, year = int(match[1]), match[2], int(match[3]), int(match[4])
            if first == MONTH_FIRST and sign != ".":
                return dt.date(year, one, two)
            if first == DAY_FIRST or sign == "." or one > 12 or one == two:
                return dt.date(year, two, one)
            if two <= 12:
                message = _(
                    "%(day)s can be two days: write it as year-month-day, or say for all rows "
                    "whether the day or the month comes first."
                )
                row.wrong("date", message % {"day": text})
                return None
    except ValueError:
        pass
    row.wrong("date", _("Write the day as year-month-day, such as 2026-02-12."))
    return None


# --- Words of closed lists, by any name that people give them


def _no_language() -> str:
    return _("No language here is called %(text)s: write fr, en, ar, zh, ru, es or pt.")


def _no_stage() -> str:
    return _("No stage is called %(text)s: write discussion, adopted, forwarded or endorsed.")


def _no_status() -> str:
    return _("No status is called %(text)s. The statuses are: %(names)s.")


def _no_basis() -> str:
    return _("Write reported or verified, not %(text)s.")


NO_LANGUAGE, NO_STAGE, NO_STATUS, NO_BASIS = _no_language, _no_stage, _no_status, _no_basis


def _state(row: Row, text: str) -> str:
    try:
        return code_of(text) if text else ""
    except UnknownState as unknown:
        row.wrong("state", str(unknown))
        return ""


def _code(
    row: Row, name: str, said: Mapping[str, str], known: Mapping[str, str], message: object
) -> str:
    text = said.get(name, "")
    if not text:
        return ""
    code = known.get(_folded(text))
    if code is None:
        assert callable(message)
        shown = {"text": text[:80], "names": ", ".join(str(status.label) for status in Status)}
        row.wrong(name, message() % shown)
        return ""
    return code


_folded = lru_cache(maxsize=4096)(fold)  # columns repeat the same few words


@cache
def languages() -> dict[str, str]:
    found = dict(labels(Language))
    found |= {
        "francais": "fr",
        "english": "en",
        "espanol": "es",
        "русскии": "ru",
        "portugues": "pt",
    }
    return found | {fold("العربية"): "ar", fold("中文"): "zh", fold("русский"): "ru"}


@cache
def labels(
    choices: type[Status] | type[Stage] | type[Basis] | type[Language],
) -> dict[str, str]:
    """Codes by themselves and by their labels in every language of the site, folded."""
    found: dict[str, str] = {}
    for code, label in choices.choices:
        found[fold(code)] = found[fold(code.replace("_", " "))] = code
        for language, _name in settings.LANGUAGES:
            with override(language):
                found.setdefault(fold(str(label)), code)
    for name, code in ALSO.get(choices, {}).items():
        found.setdefault(fold(name), code)
    return found
