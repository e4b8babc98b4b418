"""Sources: known once by their URL."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tracker.actions.ledger import described
from tracker.actions.records import save_record
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

    What somebody says of it is sealed with their citation. The source itself is described by public
    citations alone, each adding only what nobody had said yet: words of an internal entry stay in it.
    """
    given: dict[str, Any] = {name: getattr(cited, name) for name in DETAILS}
    said = given if visibility == Visibility.PUBLIC else {}
    source, is_new = Source.objects.get_or_create(url=normalised(cited.url), defaults=said)
    added = [] if is_new else [n for n, v in said.items() if v and not getattr(source, n)]
    for name in added:
        setattr(source, name, given[name])
    if added:
        source.save(update_fields=added)
        described(source)
    return source


def add_source(*, by: User | None, url: str, **details: Any) -> Source:
    """A source of the record itself, such as where a quotation is from; the known one if it is known.

    ``by`` is None for initial data only.
    """
    source = Source(url=normalised(url), **details)
    known = Source.objects.filter(url=source.url).first()
    return known or save_record(by=by, record=source)


def check_dates(cited: CitedSource, today: dt.date) -> list[str]:
    """What is wrong with the dates of a cited source (messages; none if all is well)."""
    if cited.published_on and cited.published_on > today:
        return [_("A source cannot be published in the future: give the day that the page states.")]
    return []
