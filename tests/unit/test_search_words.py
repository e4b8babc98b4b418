"""Words as searches compare them, and what people type as a question."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.exceptions import Invalid
from tracker.search.documents import STRETCH, stretch_of
from tracker.search.query import LONGEST, MOST, Query, parse
from tracker.search.scoring import Text, occurrences, score
from tracker.search.words import stem, stems, tokens, ways


def folded(text: str) -> list[str]:
    return [token.folded for token in tokens(text)]


def lines(text: str, language: str) -> str:
    return "\n".join(f" {' '.join(stems(line, language))} " for line in text.split("\n"))


def text_of(said: str = "", told: str = "", language: str = "fr") -> Text:
    return Text(1, 1, lines(said, language), lines(told, language), "text")


def finds(typed: str, text: str, language: str = "fr") -> bool:
    return score(parse(typed), text_of(text, language=language)) is not None


# --- Words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("L’évaluation, qu'il faut", ["evaluation", "il", "faut"]),
        ("Mali’s follow-up", ["mali", "follow", "up"]),
        ("som-12-1", ["som", "12", "1"]),
        ("cœur ŒUVRE", ["coeur", "oeuvre"]),
        ("e\u0301te\u0301", ["ete"]),
        ("工作组", ["工作", "作组"]),
        ("组", ["组"]),
        ("2025年", ["2025", "年"]),
        ("…!?", []),
    ],
)
def test_words_of_a_text(text: str, words: list[str]) -> None:
    assert folded(text) == words


@given(st.text(max_size=60))
def test_each_word_is_where_it_says(text: str) -> None:
    ends = 0
    for token in tokens(text):
        assert folded(text[token.start : token.end])[:1] == [token.folded]
        assert token.end > token.start >= ends - 1  # Chinese is read by overlapping twos
        ends = token.end


@given(st.text(max_size=40))
def test_a_stem_is_letters_and_digits(text: str) -> None:
    assert all(word.isalnum() for row in ways(folded(text)) for word in row)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "évalué évaluée évalués évaluées évaluer évaluation"),
        ("fr", "frontière frontières FRONTIERES"),
        ("fr", "national nationale nationaux nationales"),
        ("en", "smuggled smuggling"),
        ("en", "policy policies"),
        ("es", "frontera fronteras"),
        ("ru", "граница границы"),
    ],
)
def test_forms_of_a_word_have_one_stem(language: str, words: str) -> None:
    assert len({stem(word, language) for word in folded(words)}) == 1


def test_a_language_without_a_stemmer_is_folded_only() -> None:
    assert stems("Évaluations", "zh") == ["evaluations"]


# --- Questions ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "text", "language"),
    [
        ("frontières", "la frontière", "fr"),
        ("FRONTIERE", "les frontières", "fr"),
        ("smuggling", "They smuggled goods", "en"),
        ("l'amélioration", "une amélioration", "fr"),
        ('"ligne nationale"', "Une ligne nationale d’assistance", "fr"),
        ("« ligne nationale »", "Une ligne nationale d’assistance", "fr"),
        ("som-12-1", "som-12-1", ""),
        ("plan of action", "Le plan d’action", "fr"),
        ("工作组", "第十二工作组", "zh"),
        ("frontières -douane", "la frontière", "fr"),
        ('"ligne nat', "ligne nat", "fr"),
    ],
)
def test_found(typed: str, text: str, language: str) -> None:
    assert finds(typed, text, language)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ('"nationale ligne"', "Une ligne nationale"),
        ('"ligne nationale"', "Une ligne\nnationale"),
        ("frontières douane", "la frontière"),
        ("som-12-1", "som-1-12"),
    ],
)
def test_not_found(typed: str, text: str) -> None:
    assert not finds(typed, text)


def test_exclusions_are_told_from_hyphens() -> None:
    query = parse('suivi-évaluation -douane -"ligne nationale" –port')
    assert [term.ways[0] for term in query.sought] == [("suivi", "evaluation")]
    assert [term.ways[0] for term in query.excluded] == [
        ("douane",),
        ("ligne", "nationale"),
        ("port",),
    ]


@pytest.mark.parametrize(
    "typed", ["", " ", "-douane", '-"a b"', "!?", '""', "x" * (LONGEST + 1), "«»"]
)
def test_what_asks_nothing_says_so(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse(typed)
    assert list(refused.value.errors) == ["q"]


def test_too_many_words_are_refused() -> None:
    with pytest.raises(Invalid):
        parse(" ".join(f"m{n}" for n in range(MOST + 1)))


def test_words_of_every_text_alone_are_looked_for() -> None:
    assert [term.ways[0] for term in parse("the").sought] == [("the",)]


@given(st.text(max_size=LONGEST))
def test_every_text_is_a_question_or_says_why_not(typed: str) -> None:
    with suppress(Invalid):
        assert isinstance(parse(typed), Query)


def test_own_words_weigh_more_than_what_was_told() -> None:
    query = parse("frontières")
    said, told = text_of("Les frontières"), text_of("Un texte", "Les frontières")
    assert (score(query, said) or 0) > (score(query, told) or 0)


def test_words_side_by_side_weigh_more() -> None:
    query = parse("ligne nationale")
    near, far = text_of("Une ligne nationale"), text_of("Une nationale et une ligne")
    assert (score(query, near) or 0) > (score(query, far) or 0)


def test_the_beginning_of_a_word() -> None:
    begun = parse("renforc").begun()
    assert begun is not None
    assert occurrences(begun.sought[0], text_of("Le renforcement, renforcé").said) == 2


def test_entries_of_a_stretch() -> None:
    assert [stretch_of(n) for n in (1, STRETCH, STRETCH + 1)] == [0, 0, 1]
