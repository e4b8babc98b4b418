"""Where the words are: a part of a text with the sought words marked, in its own spelling. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from tracker.search.query import Query, Term
from tracker.search.words import Token, stem, tokens

LENGTH = 200
Pieces = tuple[tuple[str, bool], ...]
Span = tuple[int, int]


def marked(text: str, query: Query, language: str = "", length: int = LENGTH) -> Pieces:
    """About ``length`` characters round the best place, as (text, whether it was sought).

    Excluded words are never marked; a text without any of the words is shown from its beginning.
    """
    spans = _spans(text, query, language)
    start, end = _window(text, [(first, last) for first, last, _term in spans], length)
    pieces: list[tuple[str, bool]] = [("… ", False)] if start else []
    at = start
    for first, last in _joined(span[:2] for span in spans):
        if first >= start and last <= end:
            pieces += [(text[at:first], False), (text[first:last], True)]
            at = last
    pieces.append((text[at:end], False))
    if end < len(text):
        pieces.append((" …", False))
    return tuple(piece for piece in pieces if piece[0])


def found_in(text: str, query: Query, language: str = "") -> int:
    """How many different terms a text holds."""
    return len({term for _first, _last, term in _spans(text, query, language)})


def _spans(text: str, query: Query, language: str) -> list[tuple[int, int, int]]:
    words = list(tokens(text))
    stems = [stem(word.folded, language) for word in words]
    found = [
        (words[at].start, words[at + term.words - 1].end, number)
        for number, term in enumerate(query.sought)
        for at in _places(term, words, stems)
    ]
    return sorted(found)


def _places(term: Term, words: list[Token], stems: list[str]) -> Iterator[int]:
    for at in range(len(words) - term.words + 1):
        if term.is_begun:
            if stems[at].startswith(term.ways[0][0]):
                yield at
        elif tuple(stems[at : at + term.words]) in term.ways:
            yield at


def _joined(spans: Iterator[Span]) -> Iterator[Span]:
    """Marks that touch or overlap (Chinese is read by twos) as one."""
    first = last = -1
    for start, end in spans:
        if start > last:
            if last > first:
                yield first, last
            first, last = start, end
        else:
            last = max(last, end)
    if last > first:
        yield first, last


def _window(text: str, spans: list[Span], length: int) -> Span:
    """The part with the most marks, cut between words."""
    if len(text) <= length:
        return 0, len(text)
    begin = 0
    if spans:
        room = length * 2 // 3
        begin = max(0, _densest(spans, room) - (length - room))
    begin = min(begin, len(text) - length)
    start = _after_space(text, begin) if begin > 0 else 0
    last = max((la for f, la in spans if f >= start and f < start + length), default=0)
    end = max(start + length, last)
    if end >= len(text):
        return start, len(text)
    cut = text.rfind(" ", start + length // 2, end + 1)
    return start, cut if cut >= last and cut > start else end


def _densest(spans: list[Span], room: int) -> int:
    """The mark from which on most others are within so many characters. Only those near it are looked at:
    somebody may have written one word ten thousand times."""
    firsts = [first for first, _last in spans]

    def near(at: int) -> int:
        some = spans[bisect_left(firsts, at) : bisect_right(firsts, at + room)]
        return sum(last <= at + room for _first, last in some)

    return max(dict.fromkeys(firsts), key=lambda at: (near(at), -at))


def _after_space(text: str, begin: int) -> int:
    space = text.find(" ", begin, begin + 30)
    return space + 1 if space >= 0 else begin
