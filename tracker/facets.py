"""Sets of implementations by what is true of them: how the list is filtered, counted and paged at any size.

The sets are kept in the database, renewed with each write (``tracker.actions.facets``). A process remembers
those that it has read by the digest of their content, so a page reads only what changed since: nothing
here can be older than the database.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from django.utils.formats import number_format
from pyroaring import BitMap

from tracker.models import Facet

Key = tuple[str, str]
ALL: Key = ("all", "")
WORDS: Key = ("words", "")
"""No set: its token is another one as soon as something changes that searches look in."""
NONE = BitMap()
BY_NAME = {"theme", "state", "body"}
"""Filters whose choices are offered by their names in the reader's language."""


class Stands(Protocol):
    """What has the columns of ``Projected`` that facets look at."""

    @property
    def status(self) -> str: ...
    @property
    def reported_status(self) -> str: ...
    @property
    def verified_status(self) -> str: ...
    @property
    def source_count(self) -> int: ...
    @property
    def last_activity_at(self) -> dt.datetime | None: ...


def standing_in(row: Stands, added_at: dt.datetime) -> frozenset[Key]:
    """The facets that follow from an implementation's history: its status, whether sources stand, whether
    reported and verified differ, and the month (UTC) in which somebody last looked at it."""
    looked = (row.last_activity_at or added_at).astimezone(dt.UTC)
    both = row.reported_status and row.verified_status
    differ = "yes" if both and row.reported_status != row.verified_status else "no"
    return frozenset(
        (
            ("status", row.status),
            ("sources", "with" if row.source_count else "without"),
            ("differ", differ),
            ("looked", f"{looked:%Y-%m}"),
        )
    )


def token_of(members: bytes) -> str:
    """The digest by which a kept set is known: 16 hexadecimal digits of BLAKE2b."""
    return hashlib.blake2b(members, digest_size=8).hexdigest()


_remembered: dict[str, BitMap] = {}


class Sets:
    """All sets as they are now, read together; not to be changed."""

    def __init__(self) -> None:
        global _remembered
        rows = Facet.objects.order_by().exclude(name=WORDS[0])
        known = dict(_remembered)
        tokens: dict[Key, str] = {}
        unknown: list[int] = []
        for pk, name, value, token in rows.values_list("pk", "name", "value", "token"):
            tokens[name, value] = token
            if token not in known:
                unknown.append(pk)
        if unknown:
            # Others may have written since: what is read now is what counts.
            read = rows.filter(pk__in=unknown).values_list("name", "value", "token", "members")
            for name, value, token, members in read:
                tokens[name, value] = token
                known[token] = BitMap.deserialize(bytes(members))
        self._sets = {key: known[token] for key, token in tokens.items()}
        _remembered = {token: known[token] for token in tokens.values()}

    def __getitem__(self, key: Key) -> BitMap:
        return self._sets.get(key, NONE)

    def of(self, name: str) -> Iterator[tuple[str, BitMap]]:
        """Each value of a facet with its members."""
        return ((value, members) for (one, value), members in self._sets.items() if one == name)


@dataclass(frozen=True)
class Option:
    """One choice of a filter; ``count`` is how many it would leave, the other filters being as they are."""

    value: str
    label: str
    count: int | None
    is_chosen: bool

    def __str__(self) -> str:
        if self.count is None:
            return self.label
        return f"{self.label} ({number_format(self.count, force_grouping=True)})"
