"""How long a search takes with 1,000 recommendations (10,000 entries) and with 100,000 (1,000,000).

``python -m tests.load.search [MANY]``. Documents are written straight into a database of their own: words of
a seeded vocabulary in which few are frequent and most are rare, as in any language; so are the stems. It is
``find`` and the excerpts of one page that are timed, in this process. The aim is that a page with a search,
of which the rest takes ``REST``, takes at most ``AIM`` times as long in the larger record.
"""

import itertools
import json
import random
import statistics
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
ROUNDS = 9
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


def questions() -> dict[str, str]:
    rare = word(VOCABULARY - 7)
    return {
        "a rare word": rare,
        "two words": f"{word(300)} {word(900)}",
        "a phrase": f'"{word(20)} {word(30)}"',
        "a word nearly everywhere": word(0),
        "three words nearly everywhere": f"{word(0)} {word(1)} {word(2)}",
        "one word without another": f"{word(40)} -{word(3)}",
        "the beginning of a word": word(50)[:-1],
        "nothing": "zzzzzz",
    }


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

    draw = random.Random(22)  # noqa: S311 - the same each time
    words = [word(rank) for rank in range(VOCABULARY)]
    weights = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(VOCABULARY)))

    def line(length: int) -> str:
        return f" {' '.join(draw.choices(words, cum_weights=weights, k=length))} "

    for pk in range(1001, count + 1001):
        said, told = line(SAID), [line(TOLD) for _ in range(ENTRIES)]
        parts = ["text", *(f"entry:{pk * ENTRIES + n}" for n in range(ENTRIES))]
        yield Document(
            implementation_id=pk,
            stretch=0,
            visibility="public",
            said=said,
            told="\n".join(told),
            parts=" ".join(parts),
        )


def asked(words: str) -> tuple[float, int, int]:
    """Milliseconds, queries, and how many were found."""
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
    return statistics.median(took), len(captured), len(found.implementations)


def one(recommendations: int) -> None:
    with site_of_its_own():
        began = time.perf_counter()
        fill(recommendations)
        filled = time.perf_counter() - began
        if "--profile" in sys.argv:
            import cProfile

            cProfile.runctx(
                "asked(questions()['a word nearly everywhere'])", globals(), {}, sort="cumtime"
            )
            cProfile.runctx("asked(questions()['nothing'])", globals(), {}, sort="cumtime")
        found = {name: asked(words) for name, words in questions().items()}
        began = time.perf_counter()
        from django.db import connection

        from tracker.search.engine import engine

        engine().forget(connection)
        forgot = time.perf_counter() - began
    print(json.dumps({"filled": filled, "forgot": forgot, "found": found}))


def measured(recommendations: int) -> dict[str, tuple[float, int, int]]:
    command = [sys.executable, "-m", "tests.load.search", "--one", str(recommendations)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    answer = json.loads(done.stdout.splitlines()[-1])
    print(
        f"{recommendations:,} recommendations: filled in {answer['filled']:.0f} s, "
        f"index merged in {answer['forgot']:.1f} s"
    )
    return {name: tuple(figures) for name, figures in answer["found"].items()}


def main(many: int = MANY) -> bool:
    small, large = measured(FEW), measured(many)
    print(f"{'':<32}{FEW:>10,}{many:>12,}   page ×   queries   found")
    is_reached = True
    for name, (late, queries, found) in large.items():
        early, before, _found = small[name]
        ratio = (REST + late) / (REST + early)
        same = queries == before or not found
        is_reached &= ratio <= AIM and same
        print(f"{name:<32}{early:>7.1f} ms{late:>9.1f} ms{ratio:>9.2f}{queries:>10}{found:>8}")
    print(f"Aim: a page at most {AIM} times as long: {'reached' if is_reached else 'not reached'}.")
    return is_reached


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(int(sys.argv[2]))
    else:
        sys.exit(not main(int(sys.argv[1]) if len(sys.argv) > 1 else MANY))
