"""What can go wrong, said in the words of the record; no HTTP here."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.utils.functional import Promise

if TYPE_CHECKING:
    from tracker.models import FollowUp

Message = str | Promise


class DomainError(Exception):
    """The base of all that ``actions`` and ``permissions`` raise on purpose."""


class NotAllowed(DomainError):
    """Somebody may not do this. ``str()`` says who may."""


class Invalid(DomainError):
    """What was typed cannot be recorded: a message for each field, with the remedy.

    ``errors`` maps a field's name to its messages; ``""`` stands for the whole.
    """

    def __init__(self, errors: Mapping[str, Sequence[Message]]) -> None:
        super().__init__("; ".join(str(m) for messages in errors.values() for m in messages))
        self.errors = errors


class Meanwhile(DomainError):
    """Somebody else recorded while this was being typed; nothing was written.

    ``entries`` are those entries, newest first.
    """

    def __init__(self, entries: "Sequence[FollowUp]") -> None:
        super().__init__("recorded meanwhile")
        self.entries = entries


class AlreadyRecorded(DomainError):
    """This form was recorded before with other words; nothing was written. ``entry`` is what stands."""

    def __init__(self, entry: "FollowUp") -> None:
        super().__init__("already recorded")
        self.entry = entry


class BadDay(DomainError):
    """A day whose pages cannot be shown, or on which nothing can be recorded. ``str()`` says what to do."""


class BadPlace(DomainError):
    """A place in the address from which a page cannot go on. ``str()`` says how one is written."""


class UnknownState(DomainError):
    """No State, or more than one, has a name. ``str()`` says what to write instead."""


class LinkSpent(DomainError):
    """A sign-in link that was used, has expired, was replaced by a newer one, or never existed."""
