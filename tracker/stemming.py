"""Words without their endings, in the languages of which somebody wrote down the rules. Pure."""

from threading import Lock

import snowballstemmer

STEMMERS = {
    "fr": snowballstemmer.stemmer("french"),
    "en": snowballstemmer.stemmer("english"),
    "es": snowballstemmer.stemmer("spanish"),
    "pt": snowballstemmer.stemmer("portuguese"),
    "ru": snowballstemmer.stemmer("russian"),
    "ar": snowballstemmer.stemmer("arabic"),
}
_one_at_a_time = Lock()  # a stemmer keeps the word that it is at


def stemmed(folded: str, language: str) -> str:
    """A folded word without its endings; as it is, in a language that has no stemmer."""
    if language not in STEMMERS:
        return folded
    with _one_at_a_time:
        return str(STEMMERS[language].stemWord(folded))
