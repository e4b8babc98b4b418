"""Where the words are, for the rows of one page: read from the record itself, through the read rule."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Prefetch

from tracker.models import Citation, FollowUp, Recommendation, Source, Translation
from tracker.notes import plain
from tracker.permissions import AnyUser
from tracker.search.documents import texts_of_entry, texts_of_source
from tracker.search.marks import Pieces, found_in, marked
from tracker.search.query import Query
from tracker.search.scoring import Text, best_lines


@dataclass(frozen=True)
class Excerpt:
    """A part of one text. ``kind`` is text, translation, origin or entry; the last has its ``entry``."""

    kind: str
    pieces: Pieces
    language: str
    entry: FollowUp | None = None


@dataclass(frozen=True)
class _Texts:
    """The texts that one page shows parts of, by the name of the part."""

    found: dict[str, list[tuple[str, str]]]
    entries: dict[str, FollowUp]


def excerpts_of(
    documents: Mapping[int, Text], query: Query, user: AnyUser
) -> dict[int, list[Excerpt]]:
    """For each implementation the one or two texts of its document that hold most of the words."""
    wanted = {pk: _parts(document, query) for pk, document in documents.items()}
    texts = _texts(documents, {part for parts in wanted.values() for part in parts}, user)
    return {
        pk: [
            _excerpt(name, texts, query)
            for part in parts
            if (name := _name(pk, part)) in texts.found
        ]
        for pk, parts in wanted.items()
    }


def _parts(document: Text, query: Query) -> list[str]:
    """The parts of a document to show: its names and themes stand in the row anyway."""
    lines = [
        line for column in (document.said, document.told) for line in column.split("\n") if line
    ]
    names = document.parts.split()
    parts = [names[line.number] for line in best_lines(query, lines)]
    return [part for part in dict.fromkeys(parts) if part not in ("name", "theme")]


def _name(pk: int, part: str) -> str:
    """The quotation is the only part that has no number of its own."""
    return f"text:{pk}" if part == "text" else part


def _texts(documents: Mapping[int, Text], parts: set[str], user: AnyUser) -> _Texts:
    of_kind: dict[str, list[int]] = {"translation": [], "origin": [], "entry": []}
    for part in parts:
        kind, _colon, number = part.partition(":")
        if number:
            of_kind[kind].append(int(number))
    found: dict[str, list[tuple[str, str]]] = {}
    entries: dict[str, FollowUp] = {}
    if "text" in parts:
        quoted = Recommendation.objects.filter(implementations__in=documents).order_by()
        for pk, text, language in quoted.values_list("implementations", "text", "language"):
            found[f"text:{pk}"] = [(text, language)]
    if of_kind["translation"]:
        translations = Translation.objects.filter(pk__in=of_kind["translation"]).order_by()
        for pk, text, language in translations.values_list("pk", "text", "language"):
            found[f"translation:{pk}"] = [(text, language)]
    if of_kind["origin"]:
        for source in Source.objects.filter(
            pk__in=of_kind["origin"]
        ):  # the record names it: public
            found[f"origin:{source.pk}"] = texts_of_source(source)
    if of_kind["entry"]:
        cited = Prefetch("citations", Citation.objects.select_related("source"))
        rows = FollowUp.objects.visible_to(user).standing().filter(pk__in=of_kind["entry"])
        for entry in rows.select_related("organization").prefetch_related(cited):
            entries[f"entry:{entry.pk}"] = entry
            found[f"entry:{entry.pk}"] = texts_of_entry(entry)
    return _Texts(found, entries)


def _excerpt(name: str, texts: _Texts, query: Query) -> Excerpt:
    kind = name.partition(":")[0]
    shown = [
        (plain(text) if kind == "entry" else text, tongue) for text, tongue in texts.found[name]
    ]
    best = max(shown, key=lambda pair: found_in(pair[0], query, pair[1]), default=("", ""))
    return Excerpt(kind, marked(best[0], query, best[1]), best[1], texts.entries.get(name))
