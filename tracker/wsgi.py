"""The door for the application server."""

import os
from collections.abc import Mapping
from typing import Any

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")


class Utf8Request(WSGIRequest):
    """Reads what comes as UTF-8, whatever charset the client names: Django would follow it before any
    middleware can refuse (``ReadableMiddleware`` does, with a 400)."""

    def _set_content_type_params(self, meta: Mapping[str, Any]) -> None:
        parsed = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        self.content_type, self.content_params = parsed


class Handler(WSGIHandler):
    request_class = Utf8Request


django.setup(set_prefix=False)
application = Handler()
