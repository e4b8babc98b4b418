"""Which kinds of object the administration edits, and by which class.

Django's own decorator asks for the site, whose class is in this package, while the package is being
imported: what is registered then is lost. So the classes are collected here, and the site takes all
of them when it is made.
"""

from collections.abc import Callable
from typing import TypeVar

from django.db.models import Model

from tracker.admin.generic import ModelAdmin

C = TypeVar("C", bound=type[ModelAdmin])
REGISTERED: dict[type[Model], type[ModelAdmin]] = {}


def register(model: type[Model]) -> Callable[[C], C]:
    """Class decorator: this class edits objects of ``model``."""

    def keep(model_admin: C) -> C:
        REGISTERED[model] = model_admin
        return model_admin

    return keep
