"""Django's admin as the editors' side of the site.

Importing it makes every kind of object known to it.
"""

from tracker.admin import (
    edits,
    followups,
    implementations,
    meetings,
    people,
    recommendations,
    sources,
)

__all__ = [
    "edits",
    "followups",
    "implementations",
    "meetings",
    "people",
    "recommendations",
    "sources",
]
