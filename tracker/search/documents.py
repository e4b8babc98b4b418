"""What there is to find: the documents of an implementation, from what the record says. Reads only.

A document has all words of its recommendation and those of ``STRETCH`` entries that follow each other, so
that words are found together which stand in different texts, and that one more entry in a long history
means little work.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.db.models import Prefetch, Q

from tracker.models import (
    Citation,
    Document,
    FollowUp,
    Implementation,
    Recommendation,
    RecommendationTheme,
    Source,
    Translation,
)
from tracker.search.words import stems
from tracker.statuses import Visibility

STRETCH = 16
"""Entries of one document."""
MOST_BYTES = 200_000
"""Of each of ``said`` and ``told``: PostgreSQL keeps no more than 1 MB of words a row."""
Text = tuple[str, str, str]
"""Where a text is from, the text, and its language."""


class DocumentKey(NamedTuple):
    """What makes a document one of its own."""

    implementation: int
    stretch: int
    visibility: str
    organization: int | None


def stretch_of(sequence: int) -> int:
    """The stretch of the history that an entry is in, by its number there."""
    return (sequence - 1) // STRETCH


def documents_of(
    implementations: Collection[int], stretches: Collection[int] | None = None
) -> dict[DocumentKey, Document]:
    """The documents that these implementations should have, in some stretches or in all."""
    rows = Implementation.objects.filter(pk__in=implementations)
    about = dict(rows.order_by("pk").values_list("pk", "recommendation_id"))
    said = _said(set(about.values()))
    told = _told(about, stretches)
    made: dict[DocumentKey, Document] = {}
    for pk, recommendation in about.items():
        if stretches is None or 0 in stretches:
            key = DocumentKey(pk, 0, Visibility.PUBLIC, None)
            made[key] = _document(key, *said[recommendation])
    for key, texts in told.items():
        texts_said, origins = said[about[key.implementation]]
        made[key] = _document(key, texts_said, origins + texts)
    return made


def key_of(document: Document) -> DocumentKey:
    return DocumentKey(
        document.implementation_id,
        document.stretch,
        document.visibility,
        document.organization_id,
    )


def _document(key: DocumentKey, said: list[Text], told: list[Text]) -> Document:
    document = Document(**_columns(key))
    parts = []
    for column, texts in (("said", said), ("told", told)):
        lines, left = [], MOST_BYTES
        for part, text, language in texts:
            line = f" {' '.join(stems(text, language))} "
            left -= len(line.encode()) + 1
            if left < 0:
                break
            lines.append(line)
            parts.append(part)
        setattr(document, column, "\n".join(lines))
    document.parts = " ".join(parts)
    return document


def _columns(key: DocumentKey) -> dict[str, object]:
    return {
        "implementation_id": key.implementation,
        "stretch": key.stretch,
        "visibility": key.visibility,
        "organization_id": key.organization,
    }


def _said(recommendations: Collection[int]) -> dict[int, tuple[list[Text], list[Text]]]:
    """What each recommendation says: its quotation, names and translations; and, as all of a meeting share
    that and it counts for less, where they are from."""
    links = RecommendationTheme.objects.select_related("theme")
    rows = Recommendation.objects.filter(pk__in=recommendations).select_related("origin")
    found = {}
    for row in rows.prefetch_related(
        Prefetch("theme_links", links),
        Prefetch("translations", Translation.objects.select_related("origin")),
    ):
        texts: list[Text] = [("text", row.text, row.language), ("name", row.ref, "")]
        for link in row.theme_links.all():
            texts += [("theme", link.theme.name_fr, "fr"), ("theme", link.theme.name_en, "en")]
        origins = {row.origin_id: row.origin}
        for translation in row.translations.all():
            texts.append((f"translation:{translation.pk}", translation.text, translation.language))
            if translation.origin is not None:
                origins[translation.origin.pk] = translation.origin
        described = [
            (f"origin:{origin.pk}", *text)
            for origin in origins.values()
            for text in texts_of_source(origin, row.language)
        ]
        found[row.pk] = ([text for text in texts if text[1]], described)
    return found


def _told(
    implementations: Iterable[int], stretches: Collection[int] | None
) -> dict[DocumentKey, list[Text]]:
    """The texts of standing entries, by the documents that have them; those of an internal one have the
    public ones too."""
    rows = FollowUp.objects.standing().filter(implementation__in=implementations)
    if stretches is not None:
        within = Q()
        for n in stretches:
            within |= Q(sequence__gt=n * STRETCH, sequence__lte=(n + 1) * STRETCH)
        rows = rows.filter(within)
    cited = Citation.objects.select_related("source")
    rows = rows.order_by("implementation_id", "sequence")
    public: dict[tuple[int, int], list[Text]] = defaultdict(list)
    internal: dict[DocumentKey, list[Text]] = defaultdict(list)
    for entry in rows.prefetch_related(Prefetch("citations", cited)):
        at = (entry.implementation_id, stretch_of(entry.sequence))
        texts = [(f"entry:{entry.pk}", *text) for text in texts_of_entry(entry)]
        if not texts:
            continue
        if entry.visibility == Visibility.PUBLIC:
            public[at] += texts
        else:
            internal[DocumentKey(*at, Visibility.INTERNAL, entry.organization_id)] += texts
    found = {DocumentKey(*at, Visibility.PUBLIC, None): texts for at, texts in public.items()}
    for key, texts in internal.items():
        found[key] = texts + public[key.implementation, key.stretch]
    return found


def texts_of_entry(entry: FollowUp) -> list[tuple[str, str]]:
    """Its note, and its sources as it cites them, each with its language."""
    texts = [(entry.note, entry.language)]
    for citation in entry.citations.all():
        texts.append((citation.quotation, citation.source.language or entry.language))
        texts += texts_of_source(citation.described(), entry.language)
    return [text for text in texts if text[0]]


def texts_of_source(source: Source, otherwise: str = "") -> list[tuple[str, str]]:
    """What the record says of a source; its title and publisher are in its language, if that is known."""
    language = source.language or otherwise
    texts = [
        (source.title, language),
        (source.publisher, language),
        (source.summary_fr, "fr"),
        (source.summary_en, "en"),
        (source.address, ""),
    ]
    return [text for text in texts if text[0]]
