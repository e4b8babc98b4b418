"""States that somebody names where words are sought."""

from tracker.models import Implementation, State
from tracker.names.understood import named
from tracker.requests import Request


def states_named(request: Request, words: str) -> list[State]:
    """The States of which the words, all of them, are a name, and for which something is tracked on the day
    that is shown: one, or several where they share the name."""
    codes = named(words)
    if not codes:
        return []
    moment = request.past.moment if request.past else None
    rows = Implementation.objects.visible_to(request.user).tracked(moment)
    found = rows.filter(state__in=codes).order_by("state").values_list("state", flat=True)
    return [State(code=code) for code in found.distinct()]
