"""What a column may hold: fields, and which of them a header means."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from tracker.exceptions import Invalid
from tracker.imports.headers import ENOUGH, HEADERS, LOOKED, key


@dataclass(frozen=True)
class Field:
    """One field: its code, what it is called, and what to put there. ``headers`` has the words for it."""

    name: str
    label: str | Promise
    help: str | Promise


FIELDS = (
    Field(
        "reference",
        _("Reference"),
        _(
            "Its number or address in the meeting: 14, 148.23 or som-12-1. It names the row for good."
        ),
    ),
    Field(
        "number",
        _("Number"),
        _("A whole number, once a meeting; the next free one where there is none."),
    ),
    Field(
        "paragraph", _("Paragraph"), _("Where in the document the quotation stands: paragraph 14.")
    ),
    Field("text", _("Text"), _("The recommendation, quoted exactly.")),
    Field("language", _("Language"), _("Of the text: fr, en, ar, zh, ru, es or pt, or its name.")),
    Field(
        "themes",
        _("Themes"),
        _(
            "Several are parted by ; or |; a name that has one of these in it stands in quotation marks. "
            "New ones are added."
        ),
    ),
    Field(
        "position",
        _("Position"),
        _("What the State said to it: supported, noted. It becomes a note of its history."),
    ),
    Field(
        "state",
        _("State"),
        _("Who carries it out: a name in one of six languages, or an ISO 3166-1 code."),
    ),
    Field(
        "meeting", _("Meeting"), _("Its short address, as in som-12, where rows belong to several.")
    ),
    Field("origin", _("Document"), _("The address of the document that the text is quoted from.")),
    Field(
        "stage",
        _("Stage"),
        _("How far it has come in its body: discussion, adopted, forwarded, endorsed."),
    ),
    Field(
        "status",
        _("Status"),
        _(
            "not_started, in_progress, partly_implemented, implemented or no_longer_applicable, or its name."
        ),
    ),
    Field(
        "basis",
        _("Basis"),
        _("reported where the State’s own government says it, verified where others do."),
    ),
    Field("note", _("Note"), _("What happened, in words.")),
    Field(
        "sources",
        _("Sources"),
        _("Addresses of pages that show it, parted by blanks, line ends or |."),
    ),
    Field("date", _("Date"), _("The day on which it happened: 2026-02-12 or 13/02/2026.")),
    Field(
        "organization",
        _("Organization"),
        _(
            "On whose behalf status, note and sources are given: the name of one that is known here."
        ),
    ),
)
BY_NAME = {field.name: field for field in FIELDS}

# Our own list in CSV: some of its headers mean something else there (how many sources, not which).
EXPORTED = {
    "reference": "reference",
    "state": "state",
    "meeting": "meeting",
    "number": "number",
    "paragraph": "paragraph",
    "themes": "themes",
    "text": "text",
    "language": "language",
    "origin": "origin",
    "stage": "stage",
    "status": "status",
    "status_since": "date",
    "status_basis": "basis",
    "status_organization": "organization",
    "status_sources": "sources",
}
MARKS = {"reference", "state", "status_since", "status_basis", "record_digest"}
PROBLEMS = pgettext_lazy("column of a table", "Problems")
"""The last column of the file of rejected rows: not imported when it comes back."""


@cache
def _known() -> dict[str, tuple[str, set[str]]]:
    """The field that each header means, and the languages in which it is a word for it."""
    found: dict[str, tuple[str, set[str]]] = {}

    def add(header: str, name: str, language: str) -> None:
        field, languages = found.setdefault(key(header), (name, set()))
        if field == name:
            languages.add(language)

    for field in FIELDS:
        found.setdefault(key(field.name), (field.name, set()))  # a code: of no language
        for language, words in HEADERS[field.name].items():
            for header in words.split(" | "):
                add(header, field.name, language)
    for language, _name in settings.LANGUAGES:  # as templates have them
        with override(language):
            for field in FIELDS:
                add(str(field.label), field.name, language)
    return found


def known_headers() -> list[str]:
    """All headers that are known, as ``headers.key`` has them."""
    return list(_known())


def field_named(header: str) -> str | None:
    """The field that a header means, in any of six languages; None if it is not known."""
    known = _known().get(key(header))
    return known[0] if known else None


def count_known(cells: Sequence[str]) -> int:
    """How many fields these cells name, if they are headers."""
    return len({field_named(cell) for cell in cells} - {None})


def place_of_headers(rows: Sequence[Sequence[str]]) -> int:
    """Which of the first rows has the headers: the first in which some are known, else the first of all."""
    places = range(min(len(rows), LOOKED))
    return next((i for i in places if count_known(rows[i]) >= ENOUGH), 0)


def language_of(headers: Sequence[str]) -> str:
    """The language in which most of these headers are words; "" where that is none, or several."""
    known = [_known().get(key(header), ("", set())) for header in headers]
    times = Counter(language for _field, languages in known for language in languages)
    (best, most), (_second, next_most) = [*times.most_common(2), ("", 0), ("", 0)][:2]
    return best if most > next_most else ""


def is_export(headers: Sequence[str]) -> bool:
    """Whether these are the columns of our own list."""
    return set(headers) >= MARKS


def guess(headers: Sequence[str]) -> dict[str, int]:
    """Which column each field is in, as far as headers tell; each column is one field, the first of two."""
    if is_export(headers):
        return {EXPORTED[h]: i for i, h in enumerate(headers) if h in EXPORTED}
    found: dict[str, int] = {}
    for index, header in enumerate(headers):
        name = field_named(header)
        if name is not None:
            found.setdefault(name, index)
    return found


def check_columns(columns: dict[str, int], has_state: bool) -> None:
    """``Invalid`` where a column is chosen twice, or what no row can do without is nowhere."""
    errors: dict[str, list[str | Promise]] = {}
    taken: dict[int, str] = {}
    for name, index in columns.items():
        if index in taken:
            said = _("This column is chosen twice: choose it for one of both.")
            errors.setdefault(name, []).append(said)
        taken[index] = name
    if "text" not in columns:
        errors.setdefault("text", []).append(_("Say which column holds the text."))
    if not {"reference", "number"} & set(columns):
        said = _("Say which column holds the reference, or the number: rows are known again by it.")
        errors.setdefault("reference", []).append(said)
    if "state" not in columns and not has_state:
        said = _("Say which column holds the State, or choose one for all rows.")
        errors.setdefault("state", []).append(said)
    if errors:
        raise Invalid(errors)
