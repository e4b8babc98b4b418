"""The public ledger: all that anybody needs to check the record without asking this site.

JSON Lines. A head; then each chain in the order of the leaves, followed by its entries. Entries that are
internal or redacted are there as digests alone. The same bytes for everybody, signed in or not.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import BooleanField, ExpressionWrapper, F, Prefetch, Q
from django.db.models.functions import Coalesce
from django.http import HttpResponse, StreamingHttpResponse

from tracker.history import merkle
from tracker.history.digest import VERSION, content_of, content_of_edit, timestamp
from tracker.history.parts import parts
from tracker.models import Citation, Edit, FollowUp, Implementation, Leaf, Root
from tracker.models.ledger import EDITS
from tracker.permissions import readable_entries

LEDGER, CHECKER = "suivi-ledger.jsonl", "suivi_verify.py"
NEWEST = 100
"""In how many of the newest digests of the record that of the leaves is looked for."""


Fields = dict[str, Any]


class RedactedMeanwhileError(Exception):
    """Words that the ledger's head still counts were taken away while it was sent: it ends there, cut off,
    and whoever asks again gets it with the redaction."""


def as_jsonl() -> StreamingHttpResponse:
    """The ledger as it is when this is called, streamed; what is written meanwhile is not in it."""
    leaves = list(Leaf.objects.order_by("position"))
    response = StreamingHttpResponse(
        (_line(fields) for fields in _fields(leaves)),
        content_type="application/jsonl; charset=utf-8",
    )
    response["Content-Disposition"] = f'attachment; filename="{LEDGER}"'
    return response


def checker() -> HttpResponse:
    """The script that checks the ledger offline, byte for byte."""
    script = Path(__file__).with_name(CHECKER).read_bytes()
    response = HttpResponse(script, content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{CHECKER}"'
    return response


def _line(fields: Fields) -> bytes:
    said = json.dumps(fields, ensure_ascii=False, separators=(",", ":"), default=str)
    return said.encode(errors="backslashreplace") + b"\n"


def _fields(leaves: list[Leaf]) -> Iterator[Fields]:
    yield _head(leaves)
    for part in parts(leaves, lambda leaf: leaf.entries):
        if len(part) == 1:  # it may be long: sent as it is read
            yield _chain(part[0])
            yield from (fields for _key, fields in _entries_of(part))
            continue
        entries: dict[str, list[Fields]] = {leaf.key: [] for leaf in part}
        for key, fields in _entries_of(part):
            entries[key].append(fields)
        for leaf in part:
            yield _chain(leaf)
            yield from entries[leaf.key]


def _head(leaves: list[Leaf]) -> Fields:
    """The digest is made of these very leaves; its time is that of the write that made them."""
    digest = merkle.root(merkle.leaf(leaf.key, leaf.entries, leaf.head) for leaf in leaves)
    newest = Root.objects.order_by("-at", "-id")[:NEWEST]
    at = next((timestamp(root.at) for root in newest if root.digest == digest), None)
    return {
        "type": "head",
        "version": VERSION,
        "digest": digest,
        "at": at,
        "chains": len(leaves),
        "entries": sum(leaf.entries for leaf in leaves),
    }


def _chain(leaf: Leaf) -> Fields:
    return {
        "type": "chain",
        "position": leaf.position,
        "key": leaf.key,
        "entries": leaf.entries,
        "head": leaf.head,
    }


def _entries_of(part: list[Leaf]) -> Iterator[tuple[str, Fields]]:
    """The entries of these chains, each chain in order, with its key; none that is newer than its leaf."""
    counts = {leaf.key: leaf.entries for leaf in part}
    if EDITS in counts:
        yield from ((EDITS, _of_edit(e, counts[EDITS])) for e in _edits(counts[EDITS]))
    keys = _implementations([key for key in counts if key != EDITS])
    if not keys:
        return
    cited = Prefetch("citations", Citation.objects.select_related("source"))
    anybody = ExpressionWrapper(readable_entries(AnonymousUser()), BooleanField())
    entries = FollowUp.objects.filter(implementation__in=keys).annotate(
        is_public=anybody,
        target_sequence=Coalesce("target__sequence", "redacts__sequence"),
        redacted_in=F("redaction__sequence"),
    )
    entries = entries.order_by("implementation_id", "sequence").prefetch_related(cited)
    for entry in entries.iterator(chunk_size=500):
        key = keys[entry.implementation_id]
        if entry.sequence <= counts[key]:
            yield key, _of_entry(entry, key, counts[key])


def _of_entry(entry: Any, key: str, count: int) -> Fields:
    """``entry`` has what ``_entries_of`` annotates."""
    if not entry.is_public:
        return _sealed(entry, {"withheld": "internal"})
    if entry.is_redacted:
        return _redacted(entry, entry.redacted_in, count)
    said = content_of(entry, key, entry.target_sequence, list(entry.citations.all()))
    return _sealed(entry, {"content": said})


def _edits(count: int) -> Iterator[Any]:
    edits = Edit.objects.filter(sequence__lte=count).select_related("redacts").order_by("sequence")
    return edits.annotate(redacted_in=F("redaction__sequence")).iterator(chunk_size=500)


def _of_edit(edit: Any, count: int) -> Fields:
    if edit.is_redacted:
        return _redacted(edit, edit.redacted_in, count)
    return _sealed(edit, {"content": content_of_edit(edit)})


def _redacted(entry: FollowUp | Edit, redacted_in: int | None, count: int) -> Fields:
    if redacted_in is not None and redacted_in > count:
        raise RedactedMeanwhileError
    return _sealed(entry, {"withheld": "redacted"})


def _sealed(entry: FollowUp | Edit, said: Fields) -> Fields:
    return {
        "type": "entry",
        "sequence": entry.sequence,
        "previous": entry.previous_digest,
        "content_digest": entry.content_digest,
        "digest": entry.digest,
        **said,
    }


def _implementations(keys: list[str]) -> dict[int, str]:
    """Which key each implementation of these has, by its id: one query."""
    states: dict[str, list[str]] = {}
    for key in keys:
        ref, _colon, state = key.rpartition(":")
        states.setdefault(state, []).append(ref)
    wanted = Q(pk=None)
    for state, refs in states.items():
        wanted |= Q(state=state, recommendation__ref__in=refs)
    rows = Implementation.objects.filter(wanted).values_list("pk", "recommendation__ref", "state")
    return {pk: f"{ref}:{state}" for pk, ref, state in rows}
