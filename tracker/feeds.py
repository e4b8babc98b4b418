"""Recent activity as Atom: public entries only, whoever asks, and what nobody has looked at lately."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.exports.head import RecordFeed, record_head
from tracker.folding import tidy
from tracker.models import FollowUp, Implementation, Recommendation
from tracker.notes import plain
from tracker.statuses import Kind
from tracker.templatetags.suivi import written

LENGTH = 50


@dataclass(frozen=True)
class Stale:
    """That nobody has looked at something for ``STALE_DAYS``."""

    implementation: Implementation

    @property
    def recorded_at(self) -> dt.datetime:
        """When it became so."""
        return self.implementation.looked_at + dt.timedelta(days=settings.STALE_DAYS)


Item = FollowUp | Stale

if TYPE_CHECKING:
    _Feed = Feed[Item, Recommendation | None]
else:
    _Feed = Feed  # Django's own class takes no type parameters at run time


class Activity(_Feed):
    """All recent entries, or those of one recommendation.

    It is the same for everybody, signed in or not: feed readers keep and pass on what they fetch.
    """

    feed_type = RecordFeed

    def get_object(self, request: HttpRequest, ref: str = "") -> Recommendation | None:  # noqa: ARG002
        return get_object_or_404(Recommendation, ref=ref) if ref else None

    def feed_extra_kwargs(self, obj: Recommendation | None) -> dict[str, Any]:  # noqa: ARG002
        return {"record": record_head()}

    def title(self, obj: Recommendation | None) -> str:
        return f"Suivi · {obj.ref}" if obj else f"Suivi · {_('Recent activity')}"

    def subtitle(self, obj: Recommendation | None) -> str:
        return tidy(obj.text) if obj else _("What was recorded lately about all recommendations")

    def link(self, obj: Recommendation | None) -> str:
        return obj.get_absolute_url() if obj else reverse("overview")

    def feed_url(self, obj: Recommendation | None) -> str:
        return reverse("activity_of", args=[obj.ref]) if obj else reverse("activity")

    def items(self, obj: Recommendation | None) -> list[Item]:
        entries = FollowUp.objects.public().with_details()
        entries = entries.select_related("implementation__recommendation", "organization", "target")
        if obj:
            entries = entries.filter(implementation__recommendation=obj)
        found: list[Item] = list(entries.order_by("-recorded_at", "-id")[:LENGTH])
        stale = Implementation.objects.stale().select_related("recommendation", "state")
        if obj:
            stale = stale.filter(recommendation=obj)
        looked_at = Coalesce("last_activity_at", "added_at")
        found += [Stale(i) for i in stale.order_by(looked_at.desc(), "-id")[:LENGTH]]
        return sorted(found, key=lambda item: item.recorded_at, reverse=True)[:LENGTH]

    def item_title(self, item: Item) -> str:
        if isinstance(item, Stale):
            said = ngettext(
                "nobody has looked for %(count)s day",
                "nobody has looked for %(count)s days",
                settings.STALE_DAYS,
            )
            of = item.implementation
            return (
                f"{of.recommendation.ref} · {of.state_id} · {said % {'count': settings.STALE_DAYS}}"
            )
        said = item.get_status_display() if item.status else item.get_kind_display()
        return f"{item.implementation.recommendation.ref} · {item.implementation.state_id} · {said}"

    def item_description(self, item: Item) -> str:
        if isinstance(item, Stale):
            since = written(item.implementation.looked_at.astimezone(dt.UTC).date())
            return escape(_("Last looked at: %(day)s") % {"day": since})
        cited = [f"{c.described()} <{c.source.url}>" for c in item.citations.all()]
        said = "\n".join(part for part in (item.reason, plain(item.note), *cited) if part)
        return escape(tidy(said))  # Atom readers take a summary for HTML

    def item_link(self, item: Item) -> str:
        if isinstance(item, Stale):
            return item.implementation.get_absolute_url()
        return reverse("entry", args=[item.pk])

    def item_guid(self, item: Item) -> str:
        if isinstance(item, Stale):
            of = item.implementation
            return f"tag:suivi,2026:stale:{of.key}:{of.looked_at:%Y-%m-%dT%H:%M:%S.%fZ}"
        return f"urn:sha256:{item.digest}"

    def item_author_name(self, item: Item) -> str:
        if isinstance(item, Stale):
            return "Suivi"
        return tidy(item.said_for or item.recorded_as or _("Initial data"))

    def item_pubdate(self, item: Item) -> dt.datetime:
        return item.recorded_at

    def item_updateddate(self, item: Item) -> dt.datetime:
        return item.recorded_at

    def item_categories(self, item: Item) -> list[str]:
        if isinstance(item, Stale):
            return ["stale"]
        return [Kind(item.kind).value, *([item.status] if item.status else [])]
