"""What an edit of the record changed, field by field: pure functions over what it said before and after."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from tracker.history.digest import sha256
from tracker.history.snapshots import Snapshot
from tracker.history.words import Piece, difference
from tracker.models.meetings import ProvisionKind
from tracker.statuses import Act, Language, LinkedBy, LinkKind, Stage

Value = str | dt.date
Names = Mapping[str, str]
"""In the reader's language: names of instruments by their slugs, titles of difficulties by those of their
meeting and their own, as in ``som-12/biometric-data``, names of organizations as in ``lead:7``."""

LABELS: dict[str, tuple[Promise, Promise]] = {
    "text": (_("text"), _("Text edited")),
    "language": (_("language"), _("Language changed")),
    "number": (_("number"), _("Number changed")),
    "stage": (_("stage"), _("Stage changed")),
    "origin": (_("where the quotation is from"), _("Origin of the quotation changed")),
    "locator": (_("where in it"), _("Place in the source changed")),
    "themes": (_("themes"), _("Themes changed")),
    "provisions": (_("what it rests on"), _("What it rests on changed")),
    "difficulties": (_("difficulties"), _("Difficulties changed")),
    "links": (_("links"), _("Links changed")),
    "lead": (_("lead"), _("Lead changed")),
    "due_on": (_("due date"), _("Due date changed")),
}
TRANSLATION: dict[Act, Promise] = {
    Act.ADDED: _("Translation into %(language)s added"),
    Act.CHANGED: _("Translation into %(language)s edited"),
    Act.REMOVED: _("Translation into %(language)s removed"),
}

ABOUT: dict[str, Promise] = {
    "translation": _("translation into %(language)s"),
    "official": _("whether the translation into %(language)s is official"),
    "source": _("origin of the translation into %(language)s"),
}


@dataclass(frozen=True)
class Change:
    """One field that differs. ``language`` is that of the words, empty where they are labels of ours;
    ``words`` marks what went and came where the field is a text; ``note`` says whether a translation that
    came or went is official."""

    field: str
    label: str
    heading: str
    before: Value
    after: Value
    language: str = ""
    words: tuple[Piece, ...] = ()
    note: str = ""

    @property
    def is_text(self) -> bool:
        """Whether it is of the words of the recommendation or of a translation."""
        return bool(self.words)

    @property
    def is_day(self) -> bool:
        return isinstance(self.before or self.after, dt.date)


def changes(
    before: Snapshot | None, after: Snapshot | None, names: Names | None = None
) -> list[Change]:
    """What differs, in the order in which a page shows it; labels in the reader's language.

    None is "not there": then every field that says something was added, or removed.
    """
    read = _Reader(names or {})
    one, other = read.fields(before or {}), read.fields(after or {})
    found = []
    for field in [*other, *(f for f in one if f not in other)]:
        was, now = one.get(field, ""), other.get(field, "")
        if was == now and field in ("themes", "provisions"):
            was, now = read.readings(before or {}, field), read.readings(after or {}, field)
        is_new = was != now
        if field == "lead":  # an organization that was renamed leads as before
            is_new = _of(before, "lead") != _of(after, "lead")
        if is_new and not _is_told(field, one, other):
            change = _change(field, was, now, before or {}, after or {})
            name, _colon, of = field.partition(":")
            if name == "translation" and not (was and now):
                change = replace(
                    change, note=str(one.get(f"official:{of}") or other[f"official:{of}"])
                )
            found.append(change)
    return found


def _is_told(field: str, one: Mapping[str, Value], other: Mapping[str, Value]) -> bool:
    """Whether a translation that came or went says it already."""
    name, _colon, of = field.partition(":")
    translation = f"translation:{of}"
    return name in ("official", "source") and (translation in one) != (translation in other)


def headline(found: Iterable[Change], act: str = Act.CHANGED) -> str:
    """What was edited, in words: "Text edited"; of several fields "Edited: text, themes"."""
    if act == Act.REDACTION:
        return gettext("Earlier words redacted")
    if act == Act.REMOVED:
        return gettext("Removed")
    several = list(found)
    if len(several) == 1:
        return several[0].heading
    labels = list(dict.fromkeys(change.label for change in several))
    if not labels:
        return pgettext("an edit of the record", "Edited")
    comma = pgettext("between parts of a list", ", ")
    return gettext("Edited: %(fields)s") % {"fields": comma.join(labels)}


@dataclass(frozen=True)
class Fingerprints:
    """Digests of the words alone (of the recommendation and its translations), of what is said about the
    translations, and of all the rest; ``is_known`` unless the words are gone."""

    words: str
    translations: str
    rest: str
    is_known: bool

    def has_other_details(self, now: "Fingerprints") -> bool:
        """Whether more than the words differs; a translation that came or went is one of words alone."""
        if self.words == now.words:
            return (self.translations, self.rest) != (now.translations, now.rest)
        return self.rest != now.rest and self.is_known and now.is_known


def fingerprints(said: Snapshot | None) -> Fingerprints:
    """What tells whether a text was edited, without keeping it."""
    rest = {name: value for name, value in (said or {}).items() if name != "lead_as"}
    translations = rest.pop("translations", [])
    words = [rest.pop("text", None), *((t["language"], t["text"]) for t in translations)]
    about = [(t["language"], t["is_official"], t["origin"]) for t in translations]
    return Fingerprints(
        words=sha256({"words": words}),
        translations=sha256({"about": about}),
        rest=sha256(rest),
        is_known=said is not None,
    )


def references(
    snapshots: Iterable[Snapshot | None],
) -> tuple[set[str], set[tuple[str, str]], set[int]]:
    """What these refer to: instruments by their slugs, difficulties by those of meeting and difficulty,
    organizations that lead by their ids."""
    instruments: set[str] = set()
    difficulties: set[tuple[str, str]] = set()
    leads: set[int] = set()
    for said in snapshots:
        instruments |= {p["instrument"] for p in (said or {}).get("provisions", [])}
        difficulties |= {(said["meeting"], d) for d in (said or {}).get("difficulties", []) if said}
        leads |= {said["lead"]} if said and said.get("lead") else set()
    return instruments, difficulties, leads


def _of(snapshot: Snapshot | None, field: str) -> Any:
    return (snapshot or {}).get(field)


def _change(field: str, was: Value, now: Value, before: Snapshot, after: Snapshot) -> Change:
    name, _colon, of = field.partition(":")
    language = of if name == "translation" else ""
    if name == "text":
        language = after.get("language") or before.get("language", "")
    is_text = name in ("text", "translation")
    words = tuple(difference(str(was), str(now))) if is_text else ()
    return Change(field, *_labels(name, of, was, now), was, now, language, words)


def _labels(name: str, of: str, was: Value, now: Value) -> tuple[str, str]:
    """The name of a field, and what happened to it."""
    if name in LABELS:
        shown, heading = LABELS[name]
        return str(shown), str(heading)
    given = {"language": _within(of)}
    if name == "translation":
        act = Act.CHANGED if was and now else Act.ADDED if now else Act.REMOVED
        return str(ABOUT[name]) % given, str(TRANSLATION[act]) % given
    label = str(ABOUT[name]) % given
    return label, gettext("Edited: %(fields)s") % {"fields": label}


def _language(code: str) -> str:
    return str(Language(code).label) if code in Language.values else code


def _within(code: str) -> str:
    """A language inside a sentence: French writes it small, English does not."""
    name = _language(code)
    return name.lower() if get_language() == "fr" else name


class _Reader:
    """What snapshots say, as a person reads it."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def fields(self, said: Snapshot) -> dict[str, Value]:
        """What each field says, by its name; empty ones are left out."""
        return {name: value for name, value in self._pairs(said) if value}

    def _pairs(self, said: Snapshot) -> Iterator[tuple[str, Value]]:
        plain: dict[str, Callable[[Any], Value]] = {
            "number": str,
            "text": str,
            "language": _language,
            "stage": lambda code: str(Stage(code).label) if code in Stage.values else str(code),
            "origin": str,
            "locator": str,
        }
        for name, shown in plain.items():
            yield name, shown(said[name]) if said.get(name) else ""
        for translation in said.get("translations", []):
            code = translation["language"]
            yield f"translation:{code}", translation["text"]
            yield f"official:{code}", _official(translation["is_official"])
            yield f"source:{code}", translation["origin"] or ""
        for name in ("themes", "provisions"):
            yield name, _listed(self._tie(name, tie) for tie in said.get(name, []))
        meeting, named = said.get("meeting", ""), said.get("difficulties", [])
        yield "difficulties", _listed(self.names.get(f"{meeting}/{d}", d) for d in named)
        yield "links", _listed(_link(link) for link in said.get("links", []))
        yield "lead", self.names.get(f"lead:{said.get('lead')}", said.get("lead_as") or "")
        yield "due_on", dt.date.fromisoformat(said["due_on"]) if said.get("due_on") else ""

    def readings(self, said: Snapshot, name: str) -> str:
        """Ties with who drew them: where nothing else about them differs."""
        stated, ours = gettext("as the quoted text states"), gettext("editorial reading")
        rows = said.get(name, [])
        return _listed(
            f"{self._tie(name, tie)} ({ours if tie['is_editorial'] else stated})" for tie in rows
        )

    def _tie(self, name: str, tie: Mapping[str, Any]) -> str:
        if name == "themes":
            names = (tie["name_fr"], tie["name_en"])
            first, second = names if get_language() == "fr" else names[::-1]
            return str(first or second or tie["slug"])
        kind = tie["kind"]
        label = ProvisionKind(kind).label if kind in ProvisionKind.values else kind
        return f"{self.names.get(tie['instrument'], tie['instrument'])} {label} {tie['number']}"


def _link(link: Mapping[str, str]) -> str:
    """ "repeats som-11-4": kind and reference."""
    kinds = {kind.value: kind.label for kind in (*LinkKind, *LinkedBy)}
    return f"{str(kinds.get(link['kind'], link['kind'])).lower()} {link['ref']}"


def _official(is_official: bool) -> str:
    return gettext("Official translation") if is_official else gettext("Unofficial translation")


def _listed(parts: Iterable[str]) -> str:
    return " · ".join(parts)
