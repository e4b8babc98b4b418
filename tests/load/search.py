"""How long a search takes with 1,000 recommendations (10,000 entries) and with 100,000 (1,000,000).

``python -m tests.load.search [MANY]``. Documents are written straight into a database of their own: words of
a seeded vocabulary in which few are frequent and most are rare, as in any language; so are the stems. It is
``find`` and the excerpts of one page that are timed, in this process. The aim is that a page with a search,
of which the rest takes ``REST``, takes at most ``AIM`` times as long in the larger record.
"""

import itertools
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator

from tests.load.floors import ROOT, site_of_its_own

FEW, MANY = 1_000, 100_000
ENTRIES = 10
VOCABULARY = 30_000
SAID, TOLD = 80, 25
"""Words of a recommendation with its translation, and of an entry with what it cites."""
REST, AIM = 15.0, 1.3
QUERIES = 6
"""At most, as many kinds of texts as hold the words: they do not grow with the record."""
ROUNDS = 15
PAGE = 50
LETTERS = "bcdfghklmnprtv"


def word(rank: int) -> str:
    """A word of its own for each rank, with no ending that a stemmer would take away."""
    number, text = rank, "x"
    while True:
        text += LETTERS[number % len(LETTERS)] + "o"
        number //= len(LETTERS)
        if not number:
            return text + "k"


PLANTED = 20
"""Documents that hold what is sought, however large the record: what is timed is then the same page."""


def questions() -> dict[str, str]:
    return {
        "a rare word": "zebu",
        "two words": "quagga okapi",
        "a phrase": '"caribu bongo"',
        "one word without another": f"lynx -{word(400)}",
        "the beginning of a word": "ornithorhy",
        "a word nearly everywhere": word(0),
        "three words nearly everywhere": f"{word(0)} {word(1)} {word(2)}",
        "nothing": "zzzzzz",
    }


def planted(count: int, draw: random.Random) -> dict[int, list[str]]:
    """Words for some documents, by their numbers: both of a pair in ``PLANTED``, one alone in 1 of 50."""
    found: dict[int, list[str]] = {}
    for text in ("zebu", "quagga okapi", "caribu bongo", "lynx", "ornithorhynx"):
        together = draw.sample(range(count), PLANTED)
        for number in together:
            found.setdefault(number, []).append(text)
        first, *rest = text.split()
        for number in set(draw.sample(range(count), count // 50)) - set(together) if rest else ():
            alone = draw.choice([first, *rest])
            found.setdefault(number, []).append(alone)
    return found


def fill(recommendations: int) -> None:
    from django.db import connection, transaction

    from tests.factories import make_meeting, make_source, make_state
    from tracker.models import Document

    make_state("ML")
    meeting, origin = make_meeting().pk, make_source().pk
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tracker_recommendation (id, ref, meeting_id, number, text, folded, language, "
            "locator, stage, origin_id, added_at) "
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s) "
            "SELECT i + 1000, 'upr-' || i, %s, i + 1000, 'Un texte', '', 'fr', '', 'adopted', %s, "
            "'2026-01-01' FROM n",
            [recommendations, meeting, origin],
        )
        cursor.execute(
            "INSERT INTO tracker_implementation (id, recommendation_id, state_id, added_at, status, "
            "reported_status, verified_status, entry_count, source_count, head_sequence, head_digest) "
            "SELECT id, id, 'ML', added_at, 'no_information', '', '', 0, 0, 0, '' "
            "FROM tracker_recommendation WHERE id > 1000"
        )
    rows = _documents(recommendations)
    while part := list(itertools.islice(rows, 500)):
        Document.objects.bulk_create(part)


def _documents(count: int) -> Iterator[object]:
    from tracker.models import Document
    from tracker.search.words import stems

    draw = random.Random(22)  # noqa: S311 - the same each time
    words = [word(rank) for rank in range(VOCABULARY)]
    weights = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(VOCABULARY)))

    def line(length: int) -> str:
        return f" {' '.join(draw.choices(words, cum_weights=weights, k=length))} "

    more = planted(count, draw)
    for pk in range(1001, count + 1001):
        said, told = line(SAID), [line(TOLD) for _ in range(ENTRIES)]
        told += [f" {' '.join(stems(text, 'fr'))} " for text in more.get(pk - 1001, [])]
        parts = ["text", *(f"entry:{pk * ENTRIES + n}" for n in range(len(told)))]
        yield Document(
            implementation_id=pk,
            stretch=0,
            visibility="public",
            said=said,
            told="\n".join(told),
            parts=" ".join(parts),
        )


def asked(words: str) -> tuple[float, int, int]:
    """Milliseconds of the quickest round, queries, and how many were found."""
    from django.contrib.auth.models import AnonymousUser
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tracker.models import Implementation
    from tracker.search import find

    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        found = find(words, user=AnonymousUser())
        rows = [Implementation(pk=pk) for pk in found.implementations[:PAGE]]
        found.excerpts(rows)
        took.append((time.perf_counter() - began) * 1000)
    with CaptureQueriesContext(connection) as captured:
        find(words, user=AnonymousUser()).excerpts(rows)
    return min(took), len(captured), len(found.implementations)


def anew(words: str) -> float:
    """Milliseconds until all that match are known, the quickest round, nothing being remembered: what a page
    takes more than the table says, the first time that somebody looks for such words after a write."""
    from django.contrib.auth.models import AnonymousUser

    from tracker.search import find
    from tracker.search.matches import _remembered

    found, took = find(words, user=AnonymousUser()), []
    for _ in range(ROUNDS):
        _remembered.cache_clear()
        found.__dict__.pop("all", None)
        began = time.perf_counter()
        len(found.all)
        took.append((time.perf_counter() - began) * 1000)
    return min(took)


def one(recommendations: int) -> None:
    with site_of_its_own():
        began = time.perf_counter()
        fill(recommendations)
        filled = time.perf_counter() - began
        found = {name: asked(words) for name, words in questions().items()}
        everywhere = anew(word(0))
        began = time.perf_counter()
        from django.db import connection

        from tracker.search.engine import engine

        engine().forget(connection)
        forgot = time.perf_counter() - began
    told = {"filled": filled, "forgot": forgot, "found": found, "everywhere": everywhere}
    print(json.dumps(told))


def measured(recommendations: int) -> dict[str, tuple[float, int, int]]:
    command = [sys.executable, "-m", "tests.load.search", "--one", str(recommendations)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    answer = json.loads(done.stdout.splitlines()[-1])
    print(
        f"{recommendations:,} recommendations: filled in {answer['filled']:.0f} s, "
        f"index merged in {answer['forgot']:.1f} s, "
        f"all of a word nearly everywhere read in {answer['everywhere']:.0f} ms"
    )
    return {name: tuple(figures) for name, figures in answer["found"].items()}


def main(many: int = MANY) -> bool:
    small, large = measured(FEW), measured(many)
    print(f"{'':<32}{FEW:>10,}{many:>12,}   page ×   queries   found")
    is_reached = True
    for name, (late, queries, found) in large.items():
        early, _queries, _found = small[name]
        ratio = (REST + late) / (REST + early)
        is_reached &= ratio <= AIM and queries <= QUERIES
        print(f"{name:<32}{early:>7.1f} ms{late:>9.1f} ms{ratio:>9.2f}{queries:>10}{found:>8}")
    print(f"Aim: a page at most {AIM} times as long: {'reached' if is_reached else 'not reached'}.")
    return is_reached


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(int(sys.argv[2]))
    else:
        sys.exit(not main(int(sys.argv[1]) if len(sys.argv) > 1 else MANY))
