"""How alike two texts are."""

from collections.abc import Collection, Mapping

THRESHOLD = 0.4
"""From here on two texts are said to be worded alike; tried on pairs that people wrote: see the tests."""

Stems = Mapping[str, Collection[str]]
"""The stems of a text and of its translations, by language."""


def jaccard(one: Collection[str], other: Collection[str]) -> float:
    """The part of their stems that two texts share: 1 where they are the same, 0 where they have none."""
    first, second = set(one), set(other)
    together = first | second
    return len(first & second) / len(together) if together else 0.0


def similarity(one: Stems, other: Stems) -> float:
    """Of the languages in which both exist, the one in which they are most alike."""
    shared = one.keys() & other.keys()
    return max((jaccard(one[language], other[language]) for language in shared), default=0.0)
