"""Writes what searches look in: at the end of each step, in its transaction, and anew by ``reindex``."""

from collections.abc import Collection, Iterable, Iterator

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from tracker.actions.facets import words_changed
from tracker.actions.ledger import CHUNK, Batch, chunks, wait_for_writers
from tracker.models import Citation, Document, FollowUp, Implementation, Source, Translation
from tracker.search.documents import DocumentKey, documents_of, key_of, stretch_of
from tracker.search.engine import engine
from tracker.statuses import Subject

ENTRIES = 10_000
"""Read at once, unless one history is longer."""
SAYS = ("said", "told", "parts")


def index(batch: Batch) -> None:
    """Bring into step what one step of the record has written."""
    whole = {pk for (about, _k), pk in batch.touched.items() if about == Subject.IMPLEMENTATION}
    texts = {pk for (about, _k), pk in batch.touched.items() if about == Subject.RECOMMENDATION}
    texts |= set(_recommendations_from(batch.sources))
    whole |= set(_carried_out(texts))
    index_implementations(whole)
    index_entries(batch.written | set(_citing(batch.sources)), apart_from=whole)
    if batch.is_redacting:
        engine().forget(connection)


def index_implementations(pks: Iterable[int]) -> None:
    """Renew all documents of these implementations."""
    for part in _portions(sorted(set(pks))):
        _renew(part, None)


def index_entries(pks: Iterable[int], apart_from: Collection[int] = ()) -> None:
    """Renew what is found by the words of these entries and of those that they correct or redact;
    ``apart_from`` are implementations that were renewed whole."""
    for part in chunks(sorted(set(pks))):
        rows = FollowUp.objects.filter(pk__in=part)
        columns = ("implementation_id", "sequence", "target__sequence", "redacts__sequence")
        at: dict[int, set[int]] = {}
        for implementation, *sequences in rows.values_list(*columns):
            if implementation in apart_from:
                continue
            known = at.setdefault(implementation, set())
            known |= {stretch_of(number) for number in sequences if number is not None}
        if at:
            _renew(list(at), {n for numbers in at.values() for n in numbers})


def index_missing() -> int:
    """Index what has no document yet, as after an upgrade; the number of documents made."""
    documents = Document.objects.filter(implementation=OuterRef("pk"))
    rows = Implementation.objects.filter(~Exists(documents)).order_by("pk")
    made = 0
    for part in _portions(list(rows.values_list("pk", flat=True))):
        with transaction.atomic():
            wait_for_writers()
            made += len(_renew(part, None))
    return made


def reindex(*, is_check: bool = False) -> Iterator[str]:
    """Make everything anew from the record, or only compare; the names of documents that differed."""
    for part in _portions(list(Implementation.objects.order_by("pk").values_list("pk", flat=True))):
        with transaction.atomic():
            wait_for_writers()
            differed = _renew(part, None)
            if is_check:
                transaction.set_rollback(True)
        yield from differed
    if not engine().is_whole(connection):
        yield "index"
    if not is_check:
        engine().rebuild(connection)


def _renew(implementations: list[int], stretches: Collection[int] | None) -> list[str]:
    """Write the documents that differ from what they should be; their names."""
    made = documents_of(implementations, stretches)
    rows = Document.objects.filter(implementation__in=implementations)
    if stretches is not None:
        rows = rows.filter(stretch__in=stretches)
    known = {key_of(row): row for row in rows}
    gone = [known[key].pk for key in known.keys() - made.keys()]
    changed = []
    for key in made.keys() & known.keys():
        if any(getattr(made[key], name) != getattr(known[key], name) for name in SAYS):
            made[key].pk = known[key].pk
            changed.append(made[key])
    new = [made[key] for key in sorted(made.keys() - known.keys(), key=_in_order)]
    if gone:
        Document.objects.filter(pk__in=gone).delete()
    if changed:
        Document.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["id"], update_fields=SAYS
        )
    if new:
        Document.objects.bulk_create(new)
    if gone or changed or new:
        words_changed()
    differed = {*(made.keys() ^ known.keys()), *(key_of(document) for document in changed)}
    return [
        f"{p.implementation}/{p.stretch} {p.visibility}" for p in sorted(differed, key=_in_order)
    ]


def _in_order(key: DocumentKey) -> tuple[int, int, str, int]:
    return (key.implementation, key.stretch, key.visibility, key.organization or 0)


def _carried_out(recommendations: Collection[int]) -> Iterator[int]:
    for part in chunks(sorted(recommendations)):
        rows = Implementation.objects.filter(recommendation__in=part)
        yield from rows.values_list("pk", flat=True)


def _recommendations_from(sources: Collection[int]) -> Iterator[int]:
    """Those whose quotation, or a translation of it, is from one of these sources."""
    if sources:
        yield from Source.objects.filter(pk__in=sources, recommendations__isnull=False).values_list(
            "recommendations", flat=True
        )
        rows = Translation.objects.filter(origin__in=sources)
        yield from rows.values_list("recommendation_id", flat=True)


def _citing(sources: Collection[int]) -> Iterator[int]:
    if sources:
        rows = Citation.objects.filter(source__in=sources)
        yield from rows.values_list("followup_id", flat=True)


def _portions(pks: list[int]) -> Iterator[list[int]]:
    """Implementations whose entries are read at once: so many that memory stays small."""
    portion: list[int] = []
    entries = 0
    for part in chunks(pks):
        for pk, count in Implementation.objects.filter(pk__in=part).values_list(
            "pk", "head_sequence"
        ):
            if portion and (entries + count > ENTRIES or len(portion) == CHUNK):
                yield portion
                portion, entries = [], 0
            portion.append(pk)
            entries += count
    if portion:
        yield portion
