"""The same words said of several implementations at once: all of them are recorded, or none is."""

import uuid
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from tracker.actions.edits import together
from tracker.actions.followups import Recorded, record_followup
from tracker.actions.statements import Statement
from tracker.exceptions import Invalid, Meanwhile
from tracker.models import FollowUp, Implementation, User

SEVERAL = 100
"""How many at most: they are locked together, and others wait meanwhile."""


def record_for_several(
    *,
    by: User,
    implementations: Sequence[Implementation],
    statement: Statement,
    channel: str,
    submission: uuid.UUID,
    seen: Mapping[int, int],
) -> list[Recorded]:
    """Append one entry to the history of each implementation, in one transaction.

    ``submission`` names the form that was sent; each entry's own name follows from it, so that a
    form sent twice is recorded once. ``seen`` maps an implementation's id to the sequence of the
    newest entry that the person had read. Raises as ``record_followup`` does; ``Meanwhile`` holds
    the entries of all.
    """
    with together():
        return _record(by, implementations, statement, channel, submission, seen)


def _record(
    by: User,
    implementations: Sequence[Implementation],
    statement: Statement,
    channel: str,
    submission: uuid.UUID,
    seen: Mapping[int, int],
) -> list[Recorded]:
    if not 0 < len(implementations) <= SEVERAL:
        raise Invalid({"": [_("Choose at least one and at most %(n)s.") % {"n": SEVERAL}]})
    recorded: list[Recorded] = []
    others: list[FollowUp] = []
    # All locked first, in one order, so that two people who do this at once do not block each other.
    ordered = sorted(implementations, key=lambda i: i.pk)
    rows = Implementation.objects.select_for_update().filter(pk__in=[i.pk for i in ordered])
    list(rows.order_by("pk").values_list("pk"))
    for implementation in ordered:
        try:
            recorded.append(
                record_followup(
                    by=by,
                    implementation=implementation,
                    statement=statement,
                    channel=channel,
                    submission=uuid.uuid5(submission, implementation.key),
                    seen=seen.get(implementation.pk),
                )
            )
        except Meanwhile as meanwhile:
            others += meanwhile.entries
        except Invalid as invalid:
            raise _named(invalid, implementation) from invalid
    if others:
        raise Meanwhile(sorted(others, key=lambda e: e.recorded_at, reverse=True))
    return recorded


def _named(invalid: Invalid, implementation: Implementation) -> Invalid:
    which = _("Refused first for %(which)s; nothing was recorded for any.") % {
        "which": implementation.key
    }
    return Invalid({**invalid.errors, "": [*invalid.errors.get("", []), which]})
