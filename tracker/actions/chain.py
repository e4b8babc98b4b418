"""How an entry comes to stand: sealed onto the chain of its implementation, with what follows from it."""

import datetime as dt
import secrets
from collections.abc import Sequence

from django.utils.translation import get_language

from tracker.actions.edits import after
from tracker.actions.ledger import advance, together
from tracker.actions.projections import project_entry, project_history, save_head
from tracker.actions.sources import cite_source, normalised
from tracker.actions.statements import Draft, Statement
from tracker.history.digest import chained, content_of, sha256
from tracker.models import Citation, FollowUp, Implementation, Source
from tracker.statuses import Kind, Language


def append(draft: Draft) -> FollowUp:
    """Seal the entry onto the chain and bring the projection up to date."""
    with together():
        return _append(draft)


def _append(draft: Draft) -> FollowUp:
    statement, implementation = draft.statement, draft.implementation
    sources = _sources(statement)
    before = implementation.entries.filter(sequence=implementation.head_sequence)
    moment = after(before.values_list("recorded_at", flat=True).first())
    entry, citations = sealed(draft, sources, moment)
    entry.save(force_insert=True)
    for citation in citations:
        citation.followup = entry
    new_sources = _new_sources(implementation, sources)
    Citation.objects.bulk_create(citations)
    if draft.kind in (Kind.FOLLOW_UP, Kind.CONFIRMATION):
        project_entry(implementation, entry, sources, new_sources)
    elif draft.kind == Kind.REDACTION:
        save_head(implementation)
    else:
        project_history(implementation, entry)
    advance(entry)
    return entry


def sealed(
    draft: Draft, sources: Sequence[Source], moment: dt.datetime
) -> tuple[FollowUp, list[Citation]]:
    """The entry and its citations as the next of its implementation, whose head moves on; not written."""
    statement, implementation = draft.statement, draft.implementation
    corrected = draft.target or draft.redacts
    entry = FollowUp(
        implementation=implementation,
        sequence=implementation.head_sequence + 1,
        kind=draft.kind,
        target=draft.target,
        redacts=draft.redacts,
        reason=draft.reason,
        status=statement.status,
        basis=draft.basis,
        note=statement.note,
        language=corrected.language if corrected else _language(),
        happened_on=statement.happened_on,
        citation_count=len(sources),
        visibility=statement.visibility,
        organization=statement.organization,
        organization_as=str(statement.organization or ""),
        recorded_at=moment,
        recorded_by=draft.by,
        recorded_as=str(draft.by) if draft.by else "",
        channel=draft.channel,
        submission=draft.submission,
        salt=secrets.token_hex(16),
    )
    citations = [
        Citation(
            source=source,
            position=position,
            quotation=cited.quotation,
            title=cited.title,
            publisher=cited.publisher,
            published_on=cited.published_on,
        )
        for position, (source, cited) in enumerate(zip(sources, statement.sources, strict=True), 1)
    ]
    _seal(entry, citations, before=implementation.head_digest)
    implementation.head_sequence, implementation.head_digest = entry.sequence, entry.digest
    return entry, citations


def _sources(statement: Statement) -> list[Source]:
    """The sources in the order given; made in the order of their URLs, so that two writers who both make
    several wait for each other in turn and never in a circle."""
    urls = [normalised(cited.url) for cited in statement.sources]
    made = {
        url: cite_source(cited=cited, visibility=statement.visibility)
        for url, cited in sorted(
            zip(urls, statement.sources, strict=True), key=lambda pair: pair[0]
        )
    }
    return [made[url] for url in urls]


def _seal(entry: FollowUp, citations: Sequence[Citation], before: str) -> None:
    key = entry.implementation.key
    corrected = entry.target or entry.redacts
    target = corrected.sequence if corrected else None
    entry.content_digest = sha256(content_of(entry, key, target, citations))
    entry.previous_digest = before
    entry.digest = chained(key, entry.sequence, before, entry.content_digest)


def _new_sources(implementation: Implementation, sources: Sequence[Source]) -> int:
    """How many of these no standing public entry of the implementation cites yet."""
    standing = FollowUp.objects.public().standing().filter(implementation=implementation)
    ids = {source.pk for source in sources}
    known = Citation.objects.filter(followup__in=standing, source__in=ids)
    return len(ids) - known.values("source").distinct().count() if ids else 0


def _language() -> str:
    language = (get_language() or "")[:2]
    return language if language in Language.values else Language.FRENCH
