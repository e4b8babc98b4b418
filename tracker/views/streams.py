"""Pages that grow while something long is done: without JavaScript, as the server gets on with it."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import OperationalError
from django.http import StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from tracker.actions.imports import Progress
from tracker.busy import SAID, is_busy
from tracker.exceptions import DomainError, Invalid
from tracker.requests import Request

LINES, OUTCOME = "<!-- lines -->", "<!-- outcome -->"


def streamed(
    request: Request, steps: Iterable[Progress], context: dict[str, Any]
) -> StreamingHttpResponse:
    """``imports/progress.html`` with a line for each step, sent at once, and at its end what came of it.

    If the line drops, the server stops at the next step: what was not finished is undone.
    """
    page = render_to_string("imports/progress.html", context, request)
    lines = _lines(steps, context, page, get_language() or "")
    # A compressed page would wait until there is enough of it to compress.
    request.META["HTTP_ACCEPT_ENCODING"] = ""
    response = StreamingHttpResponse(lines)
    response["X-Accel-Buffering"] = "no"  # nginx passes it on line by line
    return response


def _lines(
    steps: Iterable[Progress], context: dict[str, Any], page: str, language: str
) -> Iterator[str]:
    start, rest = page.split(LINES)
    between, end = rest.split(OUTCOME)
    with override(language):
        # At once: the first step may have to wait until somebody else has written.
        yield start + format_html("<li>{}</li>\n", _("It has begun."))
        try:
            for step in steps:
                yield format_html("<li>{}</li>\n", _said(step))
        except Exception as error:
            told = _told(error)
            context["refused"] = told or [_("Something broke on our side, and it has been noted.")]
            yield between + render_to_string("imports/_outcome.html", context) + end
            if not told:
                raise  # into the log; all was undone
        else:
            yield between + render_to_string("imports/_outcome.html", context) + end


def _told(error: Exception) -> list[str]:
    """What people are told of it; nothing where the fault is ours."""
    if isinstance(error, Invalid):
        return [str(message) for messages in error.errors.values() for message in messages]
    if isinstance(error, OperationalError) and is_busy(error):
        return [str(SAID)]
    return [str(error)] if isinstance(error, DomainError) else []


def _said(step: Progress) -> str:
    given = {"done": f"{step.done:,}".replace(",", "\u202f"), "total": f"{step.total:,}"}
    given["total"] = given["total"].replace(",", "\u202f")
    if step.is_sealing:
        return _("Sealed %(done)s of %(total)s") % given
    if step.total:
        return _("Imported %(done)s of %(total)s rows") % given
    return _("Checked %(done)s rows") % given
