"""Sources: known once by their URL."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tracker.actions.records import published, save_record
from tracker.exceptions import Invalid
from tracker.links.urls import BadURL, normalise
from tracker.models import Source, User
from tracker.statuses import Visibility

DETAILS = ("title", "publisher", "published_on")


@dataclass(frozen=True)
class CitedSource:
    """A source as somebody cites it: its URL as typed, and what they say of it."""

    url: str
    title: str = ""
    publisher: str = ""
    published_on: dt.date | None = None
    quotation: str = ""


def normalised(url: str, field: str = "url") -> str:
    """The one form of a URL, or ``Invalid`` on ``field``."""
    try:
        return normalise(url)
    except BadURL as error:
        raise Invalid({field: [str(error)]}) from error


def cite_source(*, cited: CitedSource, visibility: str) -> Source:
    """The source of that URL, made if nobody knew it. Called inside the transaction of an entry.

    What is already known of a source stays, but for what nobody had said yet. What an internal entry says
    of a source does not become public: it describes only a source that nobody knew, and the first public
    citation puts its own words in place of those.
    """
    given: dict[str, Any] = {name: getattr(cited, name) for name in DETAILS}
    internal = visibility == Visibility.INTERNAL
    source, is_new = Source.objects.get_or_create(
        url=normalised(cited.url), defaults={**given, "is_described_internally": internal}
    )
    if is_new or internal:
        return source
    replaced = source.is_described_internally
    changes = {n: v for n, v in given.items() if replaced or (v and not getattr(source, n))}
    if replaced:
        changes["is_described_internally"] = False
    for name, value in changes.items():
        setattr(source, name, value)
    if changes:
        source.save(update_fields=changes)
    return source


def add_source(*, by: User | None, url: str, **details: Any) -> Source:
    """A source of the record itself, such as where a quotation is from; the known one if it is known.

    ``by`` is None for initial data only.
    """
    source = Source(url=normalised(url), **details)
    known = Source.objects.filter(url=source.url).first()
    if known is None:
        return save_record(by=by, record=source)
    return published(known)


def check_dates(cited: CitedSource, today: dt.date) -> list[str]:
    """What is wrong with the dates of a cited source (messages; none if all is well)."""
    if cited.published_on and cited.published_on > today:
        return [_("A source cannot be published in the future: give the day that the page states.")]
    return []
