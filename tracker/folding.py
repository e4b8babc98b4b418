"""Text as searches compare it: without case, accents and typographic variants."""

import unicodedata

_SAME = str.maketrans(
    {"’": "'", "‘": "'", "\u00a0": " ", "\u202f": " ", "œ": "oe", "æ": "ae", "–": "-"}
)


def fold(text: str) -> str:
    """``"L’Évaluation"`` → ``"l'evaluation"``: the same for all ways of typing the same words."""
    plain = unicodedata.normalize("NFKD", text.translate(_SAME).casefold().translate(_SAME))
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(kept.translate(_SAME).split())
