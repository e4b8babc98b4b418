"""What of a text is compared: the stems of its words, and a short signature that alike texts share.

A MinHash signature of 72 values is cut into 24 bands of 3. Two texts share a band with the third power of
their likeness (the part of their stems that they have in common), so that of texts that are half the same
95 in 100 share at least one, and an index finds them. The values are the same in every process and version.
"""

import re
from collections.abc import Collection
from functools import lru_cache
from hashlib import blake2b
from struct import pack, unpack

from tracker.folding import fold
from tracker.stemming import stemmed

BANDS = 24
ROWS = 3
# Words of three letters and more: shorter ones, and numbers (years, paragraphs), say nothing of a text.
WORD = re.compile(r"[^\W\d_]{3,}")
UNSPACED = re.compile(r"[\u3400-\u9fff]+")
# What stands in most recommendations, whatever they are about; folded.
STOP = frozenset(
    """
    afin ainsi aussi autre autres aux avec car ces cet cette comme dans des dont elle elles entre est etre
    ils les leur leurs lors mais meme notamment nos notre nous ont par pas plus pour que qui sans selon
    ses son sont sous sur tant tel tels telle telles tous tout toute toutes une vers vis
    all also and any are been but can for from has have her his into its may more nor not other others our
    own shall should such than that the their them there these they this those through upon was were
    when where which while who will with within
    convient devrait devraient doit doivent encourage etat etats invite invites partie parties
    recommandation recommandations recommande
    appropriate calls encourages invited invites member party recommendation recommendations recommended
    recommends state states urges
    """.split()  # noqa: SIM905 - as a list, it would fill a page
)


def stems(text: str, language: str) -> frozenset[str]:
    """What a text is about: the stems of its words, without those that stand in any."""
    folded = fold(text)
    if language == "zh":
        runs = UNSPACED.findall(folded)
        return frozenset(run[i : i + 2] for run in runs for i in range(max(1, len(run) - 1)))
    return frozenset(_stem(word, language) for word in set(WORD.findall(folded)) - STOP)


def bands(stems: Collection[str], language: str) -> list[int]:
    """The hashes (of 64 bits, signed) by which an index finds texts that share many of these stems."""
    if not stems:
        return []
    least = [min(values) for values in zip(*map(_values, stems), strict=True)]
    return [_band(f"{language}{i}", least[i * ROWS : (i + 1) * ROWS]) for i in range(BANDS)]


def _band(name: str, values: list[int]) -> int:
    digest = blake2b(pack(f">{ROWS}Q", *values), digest_size=8, person=name.encode()).digest()
    found: int = unpack(">q", digest)[0]
    return found


_stem = lru_cache(maxsize=20_000)(stemmed)


@lru_cache(maxsize=20_000)
def _values(stem: str) -> tuple[int, ...]:
    """One value a row of the signature, eight from each digest."""
    word = stem.encode()
    digests = (blake2b(word, salt=bytes([n])).digest() for n in range(BANDS * ROWS // 8))
    return unpack(f">{BANDS * ROWS}Q", b"".join(digests))
