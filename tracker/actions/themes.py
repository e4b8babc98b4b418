"""Themes: their names are part of the text in which searches look for recommendations."""

from collections.abc import Iterable

from tracker.actions.edits import together, touch_recommendation
from tracker.actions.records import refold, save_record
from tracker.models import Recommendation, Theme, User

NAMES = {"name_fr", "name_en"}


def save_theme(*, by: User, theme: Theme, changed: Iterable[str] | None = None) -> Theme:
    """Save a theme; where its name changed, its recommendations are found by the new one at once
    and their edit, since it is their heading, is sealed.

    Raises as ``save_record`` does.
    """
    is_new, fields = theme.pk is None, None if changed is None else list(changed)
    with together(by=by):
        save_record(by=by, record=theme, changed=fields)
        if not is_new and (fields is None or NAMES & set(fields)):
            about = Recommendation.objects.filter(theme_links__theme=theme).order_by("pk")
            for recommendation in about.iterator(chunk_size=500):
                refold(recommendation=recommendation)
                touch_recommendation(by=by, recommendation=recommendation)
    return theme
