"""The index of texts that are worded alike, in step with the texts: written at the end of the same step.

It is derived, no part of the record, and can be made anew at any time (``manage.py reindex_similar``).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from tracker.actions.ledger import CHUNK, chunks, wait_for_writers
from tracker.models import Band, Recommendation, Translation, Wording
from tracker.similar.signature import bands, stems

ROWS = 5_000
"""Written at once."""
Said = Mapping[str, str]
"""The stems of a text and of its translations, as they are kept: by language, in order, a blank between."""


def index_wordings(*, pks: Iterable[int]) -> int:
    """Renew what the index holds of these, where their words changed; how many of them that were.

    The number of queries does not grow within ``CHUNK`` of them, but for the rows that are written.
    """
    changed = 0
    for part in chunks(sorted(set(pks))):
        said, kept = _said(part), _kept(part)
        wrong = [pk for pk in part if said.get(pk, {}) != kept.get(pk, {})]
        _write(wrong, said)
        changed += len(wrong)
    return changed


def reindex(*, check: bool = False) -> tuple[int, int]:
    """Compare all of the index with all texts, a part at a time, and put right what differs unless
    ``check``; how many recommendations were read, and of how many it differed."""
    total = differed = 0
    for part in _in_parts():
        with transaction.atomic():
            wait_for_writers()
            said, kept = _said(part), _kept(part)
            held: dict[int, set[int]] = {pk: set() for pk in part}
            rows = Band.objects.filter(recommendation__in=part)
            for pk, value in rows.values_list("recommendation_id", "hash").iterator():
                held[pk].add(value)
            wrong = [
                pk
                for pk in part
                if said.get(pk, {}) != kept.get(pk, {}) or _bands(said.get(pk, {})) != held[pk]
            ]
            if not check:
                _write(wrong, said)
        total, differed = total + len(part), differed + len(wrong)
    return total, differed


def is_behind() -> bool:
    """Whether a text was never indexed, as after an upgrade."""
    known = Wording.objects.filter(recommendation=OuterRef("pk"))
    return Recommendation.objects.order_by().filter(~Exists(known)).exists()


def _said(pks: Sequence[int]) -> dict[int, Said]:
    """What the texts say now."""
    texts = Recommendation.objects.filter(pk__in=pks).order_by()
    translated = Translation.objects.filter(recommendation__in=pks).order_by()
    found: dict[int, dict[str, str]] = {}
    for rows in (
        translated.values_list("recommendation_id", "language", "text"),
        texts.values_list("pk", "language", "text"),  # where both are in one language, the original
    ):
        for pk, language, text in rows:
            found.setdefault(pk, {})[language] = " ".join(sorted(stems(text, language)))
    return dict(found)


def _kept(pks: Sequence[int]) -> dict[int, Said]:
    """What the index holds of them."""
    rows = Wording.objects.filter(recommendation__in=pks)
    found: dict[int, dict[str, str]] = {}
    for pk, language, kept in rows.values_list("recommendation_id", "language", "stems"):
        found.setdefault(pk, {})[language] = kept
    return dict(found)


def _bands(said: Said) -> set[int]:
    return {value for language, kept in said.items() for value in bands(kept.split(), language)}


def _write(pks: Sequence[int], said: Mapping[int, Said]) -> None:
    if not pks:
        return
    Wording.objects.filter(recommendation__in=pks).delete()
    Band.objects.filter(recommendation__in=pks).delete()
    Wording.objects.bulk_create(
        [
            Wording(recommendation_id=pk, language=language, stems=kept)
            for pk in pks
            for language, kept in said.get(pk, {}).items()
        ],
        batch_size=ROWS,
    )
    # Dozens of rows for each text: as objects they would take most of the time of a bulk import.
    rows = [(value, pk) for pk in pks for value in sorted(_bands(said.get(pk, {})))]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO tracker_band (hash, recommendation_id) VALUES (%s, %s)", rows
        )


def _in_parts() -> Iterator[list[int]]:
    """The ids of all recommendations, a chunk at a time."""
    last = 0
    rows = Recommendation.objects.order_by("pk").values_list("pk", flat=True)
    while part := list(rows.filter(pk__gt=last)[:CHUNK]):
        yield part
        last = part[-1]
