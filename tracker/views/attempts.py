"""What can come of sending a form that writes, the same for every view."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from django.db import OperationalError

from tracker import busy
from tracker.exceptions import AlreadyRecorded, Invalid, Meanwhile

T = TypeVar("T")


class Refusable(Protocol):
    """A form that can show what an action refused."""

    def is_valid(self) -> bool: ...
    def refuse(self, invalid: Invalid) -> None: ...


@dataclass(frozen=True)
class Refusal:
    """Nothing was written: the status of the answer, and what the page says beside the form."""

    status: int
    said: dict[str, Any] = field(default_factory=dict)


def attempt(form: Refusable, write: Callable[[], T]) -> T | Refusal:
    """Call ``write`` if the form is valid; its errors, and those of the action, are shown on the form."""
    if not form.is_valid():
        return Refusal(422)
    try:
        return write()
    except Invalid as invalid:
        form.refuse(invalid)
        return Refusal(422)
    except OperationalError as error:
        if not busy.is_busy(error):
            raise
        form.refuse(Invalid({"": [busy.SAID]}))
        return Refusal(busy.STATUS)
    except Meanwhile as meanwhile:
        return Refusal(409, {"meanwhile": list(meanwhile.entries)})
    except AlreadyRecorded as already:
        return Refusal(409, {"already": already.entry})
