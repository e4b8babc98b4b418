"""The request as our middleware hands it to a view."""

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from tracker.past import Past


class Request(HttpRequest):
    """With what django-htmx adds: whether, and from where, htmx is asking; and, where a view is marked
    ``may_be_past``, the past day that the address asks for."""

    htmx: HtmxDetails
    past: "Past | None" = None
