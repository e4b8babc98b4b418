"""Where a page of recommendations goes on: after which meeting and number, as the address says it."""

from django.utils.translation import gettext as _

from tracker.exceptions import BadPlace
from tracker.models import Meeting
from tracker.models.recommendations import Place
from tracker.requests import Request


def asked_place(request: Request) -> Place | None:
    """The place after which the address asks to go on; None for the start."""
    given = request.GET.get("after", "")
    if not given:
        return None
    slug, _slash, number = given.rpartition("/")
    is_number = number.isascii() and number.isdigit() and len(number) < 10
    meeting = Meeting.objects.filter(slug=slug).first() if is_number else None
    if meeting is None:
        message = _(
            "Give the place to go on from (after in the address) as meeting/number, such as %(place)s; "
            "or leave it out to begin at the start."
        )
        raise BadPlace(message % {"place": "som-12/25"})
    return Place(meeting, int(number))
