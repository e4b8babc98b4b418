"""Pages that grow while something long is done: without JavaScript, as the server gets on with it."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from tracker.actions.imports import Progress
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
    yield start
    with override(language):
        try:
            for step in steps:
                yield format_html("<li>{}</li>\n", _said(step))
        except DomainError as error:
            errors = error.errors if isinstance(error, Invalid) else {"": [str(error)]}
            context["refused"] = [str(m) for messages in errors.values() for m in messages]
        except Exception:
            context["refused"] = [_("Something broke on our side, and it has been noted.")]
            yield between + render_to_string("imports/_outcome.html", context) + end
            raise  # into the log; all was undone
        yield between + render_to_string("imports/_outcome.html", context) + end


def _said(step: Progress) -> str:
    given = {"done": f"{step.done:,}".replace(",", "\u202f"), "total": f"{step.total:,}"}
    given["total"] = given["total"].replace(",", "\u202f")
    if step.is_sealing:
        return _("Sealed %(done)s of %(total)s") % given
    if step.total:
        return _("Imported %(done)s of %(total)s rows") % given
    return _("Checked %(done)s rows") % given
