"""The one digest of the record, as exports, printed pages and feeds carry it."""

import datetime as dt
from typing import Any

from django.utils.feedgenerator import Atom1Feed

from tracker.history.digest import timestamp
from tracker.models import Root

COLUMNS = ("record_digest", "record_at")
NAMESPACE = "urn:suivi:record"


def record_head(moment: dt.datetime | None = None) -> Root | None:
    """The digest of the whole record now, or as it was at a moment; None before the first write. One query.

    Ask for it before reading what it is to prove: what is read after may be newer, never older.
    """
    return Root.objects.at(moment)


def columns_of(head: Root | None) -> dict[str, str]:
    """``COLUMNS`` of an export: the digest, and since when (UTC, to the microsecond) it is the record's."""
    digest, at = (head.digest, timestamp(head.at)) if head else ("", "")
    return dict(zip(COLUMNS, (digest, at), strict=True))


class RecordFeed(Atom1Feed):
    """Atom with ``<suivi:record at="…">digest</suivi:record>``: a feed may have elements of other
    namespaces (RFC 4287, section 6), which readers that do not know them pass by.

    A ``Feed`` gives it by ``feed_extra_kwargs``: ``{"record": record_head()}``.
    """

    def root_attributes(self) -> dict[str, str]:
        return {**super().root_attributes(), "xmlns:suivi": NAMESPACE}

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        if head := self.feed.get("record"):
            handler.addQuickElement("suivi:record", head.digest, {"at": timestamp(head.at)})
