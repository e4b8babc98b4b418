"""The request as our middleware hands it to a view."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class Request(HttpRequest):
    """With what django-htmx adds: whether, and from where, htmx is asking."""

    htmx: HtmxDetails
