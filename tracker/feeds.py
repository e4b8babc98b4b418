"""Recent activity as Atom: public entries only, whoever asks."""

import datetime as dt
from typing import TYPE_CHECKING

from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from tracker.folding import tidy
from tracker.models import FollowUp, Recommendation
from tracker.notes import plain
from tracker.statuses import Kind

LENGTH = 50

if TYPE_CHECKING:
    _Feed = Feed[FollowUp, Recommendation | None]
else:
    _Feed = Feed  # Django's own class takes no type parameters at run time


class Activity(_Feed):
    """All recent entries, or those of one recommendation.

    It is the same for everybody, signed in or not: feed readers keep and pass on what they fetch.
    """

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, ref: str = "") -> Recommendation | None:  # noqa: ARG002
        return get_object_or_404(Recommendation, ref=ref) if ref else None

    def title(self, obj: Recommendation | None) -> str:
        return f"Suivi · {obj.ref}" if obj else f"Suivi · {_('Recent activity')}"

    def subtitle(self, obj: Recommendation | None) -> str:
        return tidy(obj.text) if obj else _("What was recorded lately about all recommendations")

    def link(self, obj: Recommendation | None) -> str:
        return obj.get_absolute_url() if obj else reverse("overview")

    def feed_url(self, obj: Recommendation | None) -> str:
        return reverse("activity_of", args=[obj.ref]) if obj else reverse("activity")

    def items(self, obj: Recommendation | None) -> QuerySet[FollowUp]:
        entries = FollowUp.objects.public().with_details()
        entries = entries.select_related("implementation__recommendation", "organization", "target")
        if obj:
            entries = entries.filter(implementation__recommendation=obj)
        return entries.order_by("-recorded_at", "-id")[:LENGTH]

    def item_title(self, item: FollowUp) -> str:
        said = item.get_status_display() if item.status else item.get_kind_display()
        return f"{item.implementation.recommendation.ref} · {item.implementation.state_id} · {said}"

    def item_description(self, item: FollowUp) -> str:
        cited = [f"{c.described()} <{c.source.url}>" for c in item.citations.all()]
        said = "\n".join(part for part in (item.reason, plain(item.note), *cited) if part)
        return escape(tidy(said))  # Atom readers take a summary for HTML

    def item_link(self, item: FollowUp) -> str:
        return reverse("entry", args=[item.pk])

    def item_guid(self, item: FollowUp) -> str:
        return f"urn:sha256:{item.digest}"

    def item_author_name(self, item: FollowUp) -> str:
        return tidy(item.said_for or item.recorded_as or _("Initial data"))

    def item_pubdate(self, item: FollowUp) -> dt.datetime:
        return item.recorded_at

    def item_updateddate(self, item: FollowUp) -> dt.datetime:
        return item.recorded_at

    def item_categories(self, item: FollowUp) -> list[str]:
        return [Kind(item.kind).value, *([item.status] if item.status else [])]
