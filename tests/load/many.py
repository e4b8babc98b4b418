"""``make bench``, the last part: pages at 1,000 and at 100,000 recommendations (1,000,000 entries).

Sites of their own are filled by a seeded script, straight into the tables: chains are of the right shape but
seal nothing; facets, search and signatures are made by the site's own code or in its form. Each page is asked
of the site under gunicorn, beside two floors under the same server: the same query by hand through
``sqlite3``, and a fixed page of the same size. ``python -m tests.load.many [MANY]`` runs this part alone.
"""

import datetime as dt
import gzip
import itertools
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from tests.load.client import Connection, request
from tests.load.floors import ROOT, Server, running, site_of_its_own
from tests.load.search import word

FEW, MANY = 1_000, 100_000
ENTRIES, A_MEETING, THEMES, STATES = 10, 1_000, 40, 190
VOCABULARY, SAID, TOLD = 30_000, 40, 12
ROUNDS = 60
AIM = 1.3
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
PLANTED = 20
"""Recommendations that hold what is sought, however large the record: the same page is then timed."""
FLOORS = {"suivi": None, "sqlite3": "tests.load.bare_many:application"}
PAGES = {
    "list": "/recommendations/",
    "list, a later page": "/recommendations/?after=upr-500:{state}",
    "list of a status": "/recommendations/?status=in_progress",
    "list of a status and a theme": "/recommendations/?status=in_progress&theme=theme-3",
    "search, two words": "/recommendations/?q=quagga+okapi",
    "search, a word nearly everywhere": f"/recommendations/?q={word(0)}",
    "detail": "/recommendations/upr-500/",
}
BY_HAND = {
    "list, a later page": "/recommendations/",
    "list of a status and a theme": "/recommendations/?status=in_progress",
}


# --- The record ---------------------------------------------------------------------------------------


def fill(count: int) -> None:
    from django.db import connection, transaction

    from tracker.actions import facets
    from tracker.actions.similar import reindex
    from tracker.models import triggers

    triggers.uninstall(connection)  # they would refuse chains that are not sealed
    with transaction.atomic():
        _fill(count)
        facets.rebuild()
    triggers.install(connection)
    reindex()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _fill(count: int) -> None:
    from django.db import connection

    from tests.factories import make_meeting, make_organization, make_source, make_state
    from tracker.models import Theme
    from tracker.models.iso import CODES
    from tracker.ordering import place_of
    from tracker.statuses import Status

    draw = random.Random(4)  # noqa: S311 - the same each time
    states = sorted(CODES)[:STATES]
    for code in states:
        make_state(code)
    for n in range(THEMES):
        Theme(slug=f"theme-{n}", name_fr=f"Thème {n}", name_en=f"Theme {n}").save()
    themes = list(Theme.objects.filter(slug__startswith="theme-").values_list("pk", flat=True))
    origin, government = make_source().pk, make_organization().pk
    days, meetings = [], []
    for n in range((count - 1) // A_MEETING + 1):
        day = dt.date(1990, 1, 1) + dt.timedelta(days=60 * n)
        days.append(day)
        meetings.append(make_meeting(1 + n, "upr", starts_on=day, ends_on=day).pk)

    line = _lines(draw)
    planted = set(draw.sample(range(count), PLANTED))
    statuses = [draw.choice(Status.values) for _ in range(count)]
    texts = [line(SAID) for _ in range(count)]
    for n in planted:
        texts[n] += " quagga okapi"
    where = [draw.choice(states) for _ in range(count)]

    def rows(columns: Any) -> Iterator[Any]:
        return (columns(n, 1001 + n) for n in range(count))

    with connection.cursor() as cursor:
        _insert(
            cursor,
            "tracker_recommendation",
            "id ref meeting_id number text folded language locator stage origin_id added_at",
            rows(
                lambda n, pk: (
                    pk,
                    f"upr-{n}",
                    meetings[n // A_MEETING],
                    n % A_MEETING + 1,
                    texts[n],
                    "",
                    "fr",
                    "",
                    "adopted",
                    origin,
                    START,
                )
            ),
        )
        _insert(
            cursor,
            "tracker_recommendationtheme",
            "recommendation_id theme_id is_editorial position",
            rows(lambda n, pk: (pk, themes[n % THEMES], True, 1)),
        )
        # Entries come before what they are about: where a row waits for an entry, SQLite would look
        # through all implementations for each entry that is written.
        told: dict[int, list[str]] = {}

        def entries() -> Iterator[Any]:
            for n in range(count):
                pk = 1001 + n
                told[n] = [line(TOLD) for _ in range(ENTRIES)]
                for step, note in enumerate(told[n]):
                    status = statuses[n] if step == 0 and statuses[n] != "no_information" else ""
                    yield (
                        pk * ENTRIES + step,
                        pk,
                        step + 1,
                        "follow_up",
                        "",
                        status,
                        "reported" if status else "",
                        note,
                        "fr",
                        0,
                        "public",
                        government if status else None,
                        "",
                        START + dt.timedelta(days=20 * step, seconds=n),
                        "",
                        "seed",
                        f"{pk:016x}{step:016x}",
                        "",
                        "c",
                        "x" if step else "",
                        f"{pk:x}-{step}",
                        False,
                    )

        _insert(
            cursor,
            "tracker_followup",
            "id implementation_id sequence kind reason status basis note language citation_count "
            "visibility organization_id organization_as recorded_at recorded_as channel submission salt "
            "content_digest previous_digest digest is_redacted",
            entries(),
        )
        _insert(
            cursor,
            "tracker_implementation",
            "id recommendation_id state_id place added_at status status_since status_entry_id "
            "reported_status reported_entry_id verified_status last_entry_id last_activity_at "
            "last_changed_at entry_count source_count head_sequence head_digest",
            rows(
                lambda n, pk: (
                    pk,
                    pk,
                    where[n],
                    place_of(
                        days[n // A_MEETING], meetings[n // A_MEETING], n % A_MEETING + 1, where[n]
                    ),
                    START,
                    statuses[n],
                    *(
                        (None, None, "", None)
                        if statuses[n] == "no_information"
                        else (START.date(), pk * ENTRIES, statuses[n], pk * ENTRIES)
                    ),
                    "",
                    pk * ENTRIES + ENTRIES - 1,
                    START,
                    START,
                    ENTRIES,
                    0,
                    ENTRIES,
                    "x",
                )
            ),
        )
        _insert(
            cursor,
            "tracker_document",
            "implementation_id stretch visibility said told parts",
            rows(
                lambda n, pk: (
                    pk,
                    0,
                    "public",
                    f" {texts[n]} ",
                    "\n".join(f" {note} " for note in told[n]),
                    " ".join(["text", *(f"entry:{pk * ENTRIES + s}" for s in range(ENTRIES))]),
                )
            ),
        )


def _lines(draw: random.Random) -> Any:
    """Lines of a vocabulary in which few words are frequent and most are rare."""
    words = [word(rank) for rank in range(VOCABULARY)]
    weights = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(VOCABULARY)))
    return lambda length: " ".join(draw.choices(words, cum_weights=weights, k=length))


def _insert(cursor: Any, table: str, columns: str, rows: Iterator[Any]) -> None:
    names = columns.split()
    marks = ", ".join(["%s"] * len(names))
    query = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - our names
    while part := list(itertools.islice(rows, 10_000)):
        cursor.executemany(query, part)


# --- What it costs ------------------------------------------------------------------------------------


def asked(server: Server, path: str) -> tuple[float, int]:
    """The median in milliseconds, and the bytes of the page before compression."""
    connection, took = Connection(server.port), []
    prepared = request("GET", path)
    for number in range(ROUNDS + 10):
        began = time.perf_counter()
        answer = connection.ask(prepared)
        if answer.status != 200:
            raise RuntimeError(f"{server.name} answers {path} with {answer.status}")
        if number >= 10:  # each thread has connected and remembers what it keeps
            took.append((time.perf_counter() - began) * 1000)
    connection.close()
    body = answer.body
    if answer.header("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    return statistics.median(took), len(body)


def queries_of(path: str) -> int:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    Client().get(path)
    with CaptureQueriesContext(connection) as captured:
        Client().get(path)
    connection.close()
    return len(captured)


def one(count: int) -> None:
    began = time.perf_counter()
    with site_of_its_own():
        from django.test.utils import setup_test_environment

        from tracker.models import Implementation

        fill(count)
        filled = time.perf_counter() - began
        setup_test_environment()
        state = Implementation.objects.values_list("state", flat=True).get(
            recommendation__ref="upr-500"
        )
        found = {}
        with running(FLOORS) as (site, by_hand):
            for name, path in PAGES.items():
                path = path.format(state=state)
                took, size = asked(site, path)
                floor, _size = asked(by_hand, BY_HAND.get(name, path))
                fixed, _size = asked(by_hand, f"/fixed/{size}")
                found[name] = [took, floor, fixed, queries_of(path)]
    print(json.dumps({"filled": filled, "found": found}))


def measured(count: int) -> dict[str, list[float]]:
    """In a process of its own, since settings are read once."""
    command = [sys.executable, "-m", "tests.load.many", "--one", str(count)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    answer = json.loads(done.stdout.splitlines()[-1])
    print(f"{count:,} recommendations: filled in {answer['filled']:.0f} s", flush=True)
    found: dict[str, list[float]] = answer["found"]
    return found


def main(many: int = MANY) -> list[dict[str, Any]]:
    """Print the table; return it as rows, each with whether its aim is reached."""
    print(f"\nMany: {FEW:,} and {many:,} recommendations with {ENTRIES} entries each, by HTTP")
    small, large = measured(FEW), measured(many)
    print(f"{'':<34}{FEW:>10,}{many:>12,}      ×  queries    sqlite3      fixed")
    found = []
    for name, (late, floor, fixed, queries) in large.items():
        early, before = small[name][0], small[name][3]
        ratio = late / early
        is_reached = ratio <= AIM and queries == before
        asked_for = f"{queries:.0f}" if queries == before else f"{before:.0f}→{queries:.0f}"
        print(
            f"{name:<34}{early:>7.1f} ms{late:>9.1f} ms{ratio:>7.2f}{asked_for:>9}{floor:>8.1f} ms"
            f"{fixed:>8.1f} ms{'' if is_reached else '  not reached'}"
        )
        found.append(
            {
                "page": name,
                "few_ms": early,
                "many_ms": late,
                "ratio": ratio,
                "queries": queries,
                "sqlite3_ms": floor,
                "fixed_ms": fixed,
                "reached": is_reached,
            }
        )
    print(f"Aim: at most {AIM} times as long as with {FEW:,}, and as many queries.")
    return found


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(int(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else MANY)
