"""The language of a text, as far as its commonest words tell."""

from tracker.folding import fold
from tracker.proposals.cues import COMMON

ENOUGH = 4
SAMPLE = 20_000


def language_of(text: str) -> str:
    """``fr``, ``en`` or ``es``; empty where that cannot be told."""
    words = fold(text[:SAMPLE]).replace("'", " ").split()
    counted = {
        code: sum(word in common for word in words)
        for code, common in ((code, set(said.split())) for code, said in COMMON.items())
    }
    best, second = sorted(counted, key=lambda code: -counted[code])[:2]
    return best if counted[best] >= ENOUGH and counted[best] > counted[second] else ""
