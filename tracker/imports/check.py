"""Rows against the record and against each other: what each asks for, and whatever is in its way."""

import json
import re
import unicodedata
import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from struct import Struct

from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.actions.imports import Wanted
from tracker.actions.sources import CitedSource
from tracker.actions.sources import normalised as _normalised
from tracker.actions.statements import Draft, Statement, checked
from tracker.exceptions import Invalid
from tracker.folding import fold, tidy
from tracker.imports.known import Known, load
from tracker.imports.names import Organizations, Themes
from tracker.imports.rows import Row
from tracker.imports.scripts import may_be_in
from tracker.models import Implementation, Meeting, Recommendation, User
from tracker.ordering import LARGEST_NUMBER
from tracker.statuses import Channel, Language, Status

REF_LENGTH = 80
SLUG = re.compile(r"[-a-zA-Z0-9_]+\Z")
# Names the entries of tables, so that the same row is known again whoever sends it.
NAMESPACE = uuid.UUID("0b3c1c5e-7a0f-5f5c-8b4e-1d9f3a6e2c47")
FIELD_OF = {"url": "sources", "happened_on": "date", "": "note"}
SAME = ("text", "paragraph", "themes", "number", "language", "stage", "origin", "reference")
"""What rows of one recommendation must agree on, where they say it."""
PACKED = Struct(f"{len(SAME)}q")
"""Hashes of that, in that order: many rows are remembered."""
normalised = lru_cache(maxsize=4096)(_normalised)  # many rows name the same document


class Checker:
    """Checks one file, some rows at a time, and remembers of each good row what later ones may repeat."""

    def __init__(self, by: User, is_export: bool) -> None:
        self.by, self.is_export = by, is_export
        self.meetings = {m.slug: m for m in Meeting.objects.only("slug")}
        self.themes, self.organizations = Themes(), Organizations()
        self.seen: dict[str, tuple[int, bytes]] = {}
        self.numbers: defaultdict[int, dict[int, str]] = defaultdict(dict)
        self.rows: dict[bytes, int] = {}
        self.told: set[int] = set()
        self.now = timezone.now()

    def check(self, rows: Sequence[Row]) -> list[Wanted]:
        """What the good rows ask for; the others have their problems in them."""
        named = [(row, self._meeting(row)) for row in rows]
        refs, numbers = set[str](), defaultdict[int, set[int]](set)
        for row, meeting in named:
            if meeting is not None:
                refs |= {row.reference, self._ref(row, meeting)}
                if number := row.numbered or self._number_in(row, meeting):
                    numbers[meeting.pk].add(number)
        known = load(refs - {""}, numbers)
        found = []
        for row, meeting in named:
            wanted = self._wanted(row, meeting, known) if meeting is not None else None
            if wanted is not None and not row.problems and self._is_first(row, wanted):
                found.append(wanted)
        return found

    # --- Which recommendation

    def _meeting(self, row: Row) -> Meeting | None:
        meeting = self.meetings.get(row.meeting)
        if meeting is None and row.meeting:
            message = _("No meeting has the short address %(slug)s: add it in the administration.")
            row.wrong("meeting", message % {"slug": row.meeting[:80]})
        elif meeting is None:
            row.wrong("meeting", _("Say which meeting this was recommended at."))
        return meeting

    def _ref(self, row: Row, meeting: Meeting) -> str:
        """The reference as the record's addresses have it: the meeting's short address before it."""
        given = row.reference
        if not given:
            return f"{meeting.slug}-{row.numbered}" if row.numbered else ""
        if SLUG.match(given) and (self.is_export or given.startswith(f"{meeting.slug}-")):
            return given
        letters = unicodedata.normalize("NFKD", given).encode("ascii", "ignore").decode()
        tail = re.sub(r"[^A-Za-z0-9_]+", "-", letters).strip("-")
        return f"{meeting.slug}-{tail}" if tail else ""

    def _number_in(self, row: Row, meeting: Meeting) -> int | None:
        """The number that a reference ends in, where it says nothing else: 14, or som-12-14."""
        digits = self._ref(row, meeting).removeprefix(f"{meeting.slug}-")
        is_number = digits.isdecimal() and digits.isascii() and len(digits) <= 9
        number = int(digits) if is_number else 0
        return number if 0 < number <= LARGEST_NUMBER else None

    def _known_as(self, row: Row, meeting: Meeting, known: Known) -> str:
        """The reference under which it is, or will be, in the record."""
        as_given = known.recommendations.get(row.reference)
        if as_given is not None and as_given.meeting_id == meeting.pk:
            return row.reference
        if not row.reference and row.numbered:
            place = (meeting.pk, row.numbered)
            there = known.numbers.get(place) or self.numbers[meeting.pk].get(row.numbered)
            if there:
                return there
        return self._ref(row, meeting)

    def _wanted(self, row: Row, meeting: Meeting, known: Known) -> Wanted | None:
        ref = self._known_as(row, meeting, known)
        if not ref or len(ref) > REF_LENGTH:
            message = _("Write a reference of letters from a to z and figures, or a number.")
            if row.reference or not row.is_wrong("number"):  # which is all that is wrong, else
                row.wrong("reference", message)
            if not row.reference:  # else it may be a known one, and need no text
                _need_text(row)
            return None
        wanted = Wanted(row.number, meeting, ref, row.numbered, row.state, tidy(row.text))
        wanted.language, wanted.stage = row.language, row.stage
        wanted.locator = row.paragraph
        self._name_themes(row, wanted)
        recommendation = known.recommendations.get(ref)
        if recommendation is not None:
            self._compare(row, wanted, recommendation)
            place = (recommendation.pk, row.state)
            wanted.implementation = known.implementations.get(place)
        else:
            self._begin(row, wanted, known)
        self._say(row, wanted, known)
        return wanted

    def _name_themes(self, row: Row, wanted: Wanted) -> None:
        try:
            # The export names themes in the language of its page, whatever that of the text.
            wanted.themes = self.themes.of(row.themes, "" if self.is_export else row.language)
        except Invalid as invalid:
            _wrong(row, invalid)

    def _compare(self, row: Row, wanted: Wanted, known: Recommendation) -> None:
        """What the record has stays: a table that says otherwise is not heard, and not passed over."""
        wanted.recommendation = known.pk
        if known.meeting_id != wanted.meeting.pk:
            message = _("This reference belongs to another meeting.")
            row.wrong("reference", message)
            return
        pairs = {
            "text": (wanted.text, tidy(known.text)),
            "paragraph": (wanted.locator, tidy(known.locator)),
            "number": (str(row.numbered or known.number), str(known.number)),
            "language": (row.language, known.language),
            "stage": (row.stage, known.stage),
        }
        if "origin" in row.stated:
            pairs["origin"] = (_normal(row), known.origin.url)
        themes = {link.theme.pk for link in known.theme_links.all()}
        if "themes" in row.stated and {theme.pk for theme in wanted.themes} != themes:
            pairs["themes"] = (row.themes, known.heading)
        for name, (said, stands) in pairs.items():
            if name in row.stated and said != stands and not row.is_wrong(name):
                row.wrong(name, _differs(stands))

    def _begin(self, row: Row, wanted: Wanted, known: Known) -> None:
        """What a new recommendation needs; a later row of the same one may leave it empty."""
        if earlier := self.seen.get(wanted.ref):
            self._agree(row, wanted, *earlier)
            return
        if not wanted.locator and row.reference and SLUG.match(row.reference) is None:
            wanted.locator = row.reference[:120]  # as it is written there: 148.23
        wanted.number = row.numbered or self._free_number(row, wanted, known)
        _need_text(row)
        place = (wanted.meeting.pk, row.numbered or 0)
        other = known.numbers.get(place) or self.numbers[wanted.meeting.pk].get(place[1])
        if row.numbered and other not in (None, wanted.ref):
            message = _("%(ref)s has this number already.")
            row.wrong("number", message % {"ref": other})
        _check_given(row)
        _check_language(row)
        if not row.origin:
            message = _("Say which document this is quoted from, here or for all rows.")
            row.wrong("origin", message)
            return
        try:
            wanted.origin = normalised(row.origin, "origin")
        except Invalid as invalid:
            _wrong(row, invalid)

    def _agree(self, row: Row, wanted: Wanted, first: int, its: bytes) -> None:
        """A later row of what an earlier one makes says the same, or nothing: see ``_compare``."""
        pair = (PACKED.unpack(self._same(row, wanted)), PACKED.unpack(its))
        said = dict(zip(SAME, zip(*pair, strict=True), strict=True))
        mine, other = said.pop("reference")
        if mine and other and mine != other:
            message = _(
                "This is written otherwise in row %(row)s, and both have the short address %(ref)s: write "
                "both alike, or, if they are two recommendations, with other letters or figures."
            )
            row.wrong("reference", message % {"row": first, "ref": wanted.ref})
        message = _("This differs from row %(row)s, which has the same reference.") % {"row": first}
        for name, (mine, other) in said.items():
            if name in row.stated and mine != other and not row.is_wrong(name):
                row.wrong(name, message)

    def _same(self, row: Row, wanted: Wanted) -> bytes:
        """What the row says of its recommendation; its reference as it is written, 0 where it has none or
        the whole address."""
        is_address = not row.reference or row.reference == wanted.ref
        said = {
            "text": wanted.text,
            "paragraph": wanted.locator,
            "themes": frozenset(theme.slug for theme in wanted.themes),
            "number": wanted.number,
            "language": wanted.language,
            "stage": wanted.stage,
            "origin": _normal(row),
        }
        written = 0 if is_address else hash(row.reference)
        return PACKED.pack(*(hash(said[name]) for name in SAME[:-1]), written)

    def _free_number(self, row: Row, wanted: Wanted, known: Known) -> int | None:
        """The number that its reference ends in, unless another has it."""
        number = self._number_in(row, wanted.meeting)
        if number is None:
            return None
        there = known.numbers.get((wanted.meeting.pk, number))
        there = there or self.numbers[wanted.meeting.pk].get(number)
        return number if there in (None, wanted.ref) else None

    # --- What is said about it

    def _say(self, row: Row, wanted: Wanted, known: Known) -> None:
        """The entry that this row asks for, unless the record has it."""
        nothing = row.status == Status.NO_INFORMATION and not row.basis  # where everything starts
        status = "" if nothing else row.status
        if not (status or row.note or row.position or row.sources):
            if row.date and not row.problems:
                message = _("Say what happened on this day: a status, a note or a source.")
                row.wrong("date", message)
            return
        try:
            urls = [normalised(url) for url in row.sources]
            wanted.submission = _submission(wanted, row, status, urls)
            if not self._is_known(row, wanted, known, urls, bool(status)):
                wanted.statement = self._checked(row, status)
        except Invalid as invalid:
            _wrong(row, invalid)

    def _is_known(
        self, row: Row, wanted: Wanted, known: Known, urls: Sequence[str], has_status: bool
    ) -> bool:
        """Whether the record says this already: as an entry of this row, or as the status that stands."""
        there = wanted.implementation
        if there is None:
            return False
        if (there.pk, wanted.submission) in known.submissions:
            return True
        is_only_status = has_status and not (row.note or row.position)
        is_first = hash((wanted.ref, wanted.state)) not in self.told
        return is_only_status and is_first and _stands(there, row, known, urls)

    def _checked(self, row: Row, status: str) -> Statement:
        """The statement, checked as one that somebody typed is."""
        organization = self.organizations.of(row.organization, row.state, row.basis, row.language)
        position = _("Position of the State: %(said)s") % {"said": row.position}
        note = "\n\n".join(filter(None, [position if row.position else "", row.note]))
        statement = Statement(
            status=status,
            note=note,
            sources=tuple(CitedSource(url=url) for url in row.sources),
            organization=organization,
            happened_on=row.date,
        )
        about = Implementation(state_id=row.state)
        draft = Draft(self.by, about, statement, NAMESPACE, Channel.IMPORT, now=self.now)
        if row.basis and status and draft.basis != row.basis:
            message = _("Name the State’s own government beside a status that it reported itself.")
            if draft.basis != "verified":
                message = _("Its own government says this: it is reported, not verified.")
            row.wrong("basis", message)
        return replace(checked(draft).statement, organization=organization)

    def _is_first(self, row: Row, wanted: Wanted) -> bool:
        """A row that says what an earlier one said is a slip; else it is remembered for later ones."""
        name = wanted.submission or uuid.uuid5(NAMESPACE, f"{wanted.ref}:{wanted.state}")
        earlier = self.rows.setdefault(name.bytes, row.number)
        if earlier != row.number:
            row.problems.append(("", _("This repeats row %(row)s.") % {"row": earlier}))
            return False
        if wanted.recommendation is None and wanted.ref not in self.seen:
            self.seen[wanted.ref] = (row.number, self._same(row, wanted))
        if wanted.number:
            self.numbers[wanted.meeting.pk].setdefault(wanted.number, wanted.ref)
        if wanted.statement is not None:
            self.told.add(hash((wanted.ref, wanted.state)))
        return True


def _wrong(row: Row, invalid: Invalid) -> None:
    for name, messages in invalid.errors.items():
        for message in messages:
            row.wrong(FIELD_OF.get(name, name), message)


def _normal(row: Row) -> str:
    try:
        return normalised(row.origin)
    except Invalid:
        return row.origin


def _need_text(row: Row) -> None:
    """Say that it has none, unless something was wrong with what stands there."""
    if not row.text and "text" not in row.stated:
        row.wrong("text", _("Write the text of the recommendation."))


def _check_given(row: Row) -> None:
    """What no column is for has to be given for all rows: said once, as ``Invalid``, and not of each row."""
    errors: dict[str, list[str]] = {}
    if not row.language and "language" not in row.headers:
        message = _("No column gives the language of the texts: choose it, or one for all rows.")
        errors["language"] = [message]
    if not row.origin and "origin" not in row.headers:
        message = _(
            "No column gives the address of the document that the texts are quoted from: choose it, or "
            "give one address for all rows."
        )
        errors["origin"] = [message]
    if errors:
        raise Invalid(errors)


def _check_language(row: Row) -> None:
    if not row.language and "language" not in row.stated:
        row.wrong("language", _("Say which language the text is in."))
    elif row.language and not may_be_in(row.text, row.language):
        message = _("This text is not in %(language)s, going by its letters: name its language.")
        row.wrong("language", message % {"language": Language(row.language).label})


def _differs(stands: str) -> str:
    if not stands:
        return _(
            "Nothing is recorded here: empty the cell, or add this to the record in the administration."
        )
    message = _(
        "This differs from what is recorded, “%(text)s”: empty the cell, or change the record in "
        "the administration."
    )
    return message % {"text": _short(stands)}


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:119]}…"


def _submission(wanted: Wanted, row: Row, status: str, urls: Collection[str]) -> uuid.UUID:
    """The name of the entry, which follows from what it says."""
    said = {
        "implementation": f"{wanted.ref}:{wanted.state}",
        "status": status,
        "position": row.position,
        "note": row.note,
        "sources": list(urls),
        "on": row.date.isoformat() if row.date else None,
        "for": fold(row.organization),
    }
    return uuid.uuid5(NAMESPACE, json.dumps(said, sort_keys=True))


def _stands(there: Implementation, row: Row, known: Known, urls: Collection[str]) -> bool:
    """Whether the record says already that it has this status, since then and by these sources."""
    stood: Mapping[str, str] = {
        "": there.status,
        "reported": there.reported_status,
        "verified": there.verified_status,
    }
    same_day = row.date is None or row.date == there.status_since
    is_there = there.status == row.status == stood[row.basis]
    return is_there and same_day and set(urls) <= known.cited[there.pk]
