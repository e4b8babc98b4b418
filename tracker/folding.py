"""Text as searches compare it: without case, accents and typographic variants."""

import unicodedata

_SAME = str.maketrans(
    {"’": "'", "‘": "'", "\u00a0": " ", "\u202f": " ", "œ": "oe", "æ": "ae", "–": "-"}
)


def fold(text: str) -> str:
    """``"L’Évaluation"`` → ``"l'evaluation"``: the same for all ways of typing the same words."""
    # Twice, as taking a letter apart can show a capital (ℌ), and folding a capital can show an accent (İ).
    folded = _without_marks(_without_marks(text).casefold())
    return " ".join(folded.split())


def _without_marks(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.translate(_SAME))
    return "".join(c for c in apart if not unicodedata.combining(c)).translate(_SAME)
