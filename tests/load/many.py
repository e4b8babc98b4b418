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
from contextlib import contextmanager
from typing import Any

from tests.load.client import Answer, Connection, request
from tests.load.floors import ROOT, running, site_of_its_own
from tests.load.search import word

FEW, MANY = 1_000, 100_000
ENTRIES, A_MEETING, THEMES, STATES = 10, 500, 40, 190
VOCABULARY, SAID, TOLD = 30_000, 40, 12
ROUNDS = 60
AIM = 1.3
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
PLANTED = 20
"""Recommendations that hold what is sought, however large the record: the same page is then timed."""
REPEATED, EARLIER = 500, 10
"""A recommendation that has the words of an earlier one, so that its page suggests the same at any size."""
FLOORS = {"suivi": None, "sqlite3": "tests.load.bare_many:application"}
PAGES = {
    "list": "/recommendations/",
    "list, a later page": "/recommendations/?after=upr-500:{state}",
    "list of a status": "/recommendations/?status=in_progress",
    "list of a status and a theme": "/recommendations/?status=in_progress&theme=theme-0",
    "search, two words": "/recommendations/?q=quagga+okapi",
    "search, a word nearly everywhere": f"/recommendations/?q={word(0)}",
    "detail": f"/recommendations/upr-{REPEATED}/",
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
    texts[REPEATED] = texts[EARLIER]
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
            # The first theme has half of all, so that it fills a page at any size.
            rows(lambda n, pk: (pk, themes[n // 2 % (THEMES - 1) + 1 if n % 2 else 0], True, 1)),
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


def time_of(port: int, prepared: bytes, connection: Connection) -> tuple[float, Answer]:
    began = time.perf_counter()
    answer = connection.ask(prepared)
    if answer.status != 200:
        raise RuntimeError(f"port {port} answers with {answer.status}: {prepared[:80]!r}")
    return (time.perf_counter() - began) * 1000, answer


def medians(asked: dict[str, tuple[int, str]]) -> dict[str, tuple[float, int]]:
    """Milliseconds, and bytes of the page before compression; asked in turns, so that what else the
    machine does meets all alike."""
    connections = {name: Connection(port) for name, (port, _path) in asked.items()}
    prepared = {name: request("GET", path) for name, (_port, path) in asked.items()}
    took: dict[str, list[float]] = {name: [] for name in asked}
    size = {}
    for number in range(ROUNDS + 10):
        for name, (port, _path) in asked.items():
            milliseconds, answer = time_of(port, prepared[name], connections[name])
            if number >= 10:  # each thread has connected and remembers what it keeps
                took[name].append(milliseconds)
            size[name] = len(content(answer))
    for connection in connections.values():
        connection.close()
    return {name: (statistics.median(took[name]), size[name]) for name in asked}


def content(answer: Answer) -> bytes:
    packed = answer.header("Content-Encoding") == "gzip"
    return gzip.decompress(answer.body) if packed else answer.body


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
    """Fill a site and serve it with its floors, until nobody listens any more."""
    began = time.perf_counter()
    with site_of_its_own():
        from django.test.utils import setup_test_environment

        from tracker.models import Implementation

        fill(count)
        filled = time.perf_counter() - began
        setup_test_environment()
        of_repeated = Implementation.objects.filter(recommendation__ref=f"upr-{REPEATED}")
        state = of_repeated.values_list("state", flat=True).get()
        paths = {name: path.format(state=state) for name, path in PAGES.items()}
        queries = {name: queries_of(path) for name, path in paths.items()}
        with running(FLOORS) as (site, by_hand):
            told = {"filled": filled, "paths": paths, "queries": queries}
            print(json.dumps({**told, "site": site.port, "by_hand": by_hand.port}), flush=True)
            sys.stdin.read()


@contextmanager
def serving(count: int) -> Iterator[dict[str, Any]]:
    """In a process of its own, since settings are read once."""
    command = [sys.executable, "-m", "tests.load.many", "--one", str(count)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        line = next((line for line in process.stdout if line.startswith("{")), None)
        if line is None:
            raise RuntimeError(f"no site with {count} recommendations")
        told: dict[str, Any] = json.loads(line)
        print(f"{count:,} recommendations: filled in {told['filled']:.0f} s", flush=True)
        yield told  # on leaving, its standard input closes, and it ends


def main(many: int = MANY) -> list[dict[str, Any]]:
    """Print the table; return it as rows, each with whether its aim is reached."""
    print(f"\nMany: {FEW:,} and {many:,} recommendations with {ENTRIES} entries each, by HTTP")
    with serving(FEW) as small, serving(many) as large:
        print(f"{'':<34}{FEW:>10,}{many:>12,}      ×  queries    sqlite3      fixed")
        found = [measured(name, small, large) for name in PAGES]
    print(f"Aim: at most {AIM} times as long as with {FEW:,}, and no more queries.")
    return found


def measured(name: str, small: dict[str, Any], large: dict[str, Any]) -> dict[str, Any]:
    path, by_hand = large["paths"][name], large["by_hand"]
    asked = {
        "few": (small["site"], small["paths"][name]),
        "many": (large["site"], path),
        "sqlite3": (by_hand, BY_HAND.get(name, path)),
    }
    found = medians(asked)
    fixed = medians({"fixed": (by_hand, f"/fixed/{found['many'][1]}")})
    took = {name: median for name, (median, _size) in (found | fixed).items()}
    before, queries = small["queries"][name], large["queries"][name]
    ratio = took["many"] / took["few"]
    is_reached = ratio <= AIM and queries <= before
    asked_for = f"{queries}" if queries == before else f"{before}→{queries}"
    print(
        f"{name:<34}{took['few']:>7.1f} ms{took['many']:>9.1f} ms{ratio:>7.2f}{asked_for:>9}"
        f"{took['sqlite3']:>8.1f} ms{took['fixed']:>8.1f} ms{'' if is_reached else '  not reached'}",
        flush=True,
    )
    return {
        "page": name,
        "ratio": ratio,
        "queries": queries,
        "reached": is_reached,
        **{f"{which}_ms": median for which, median in took.items()},
    }


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(int(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else MANY)
