"""``python -m tests.load.similar``: what suggesting similar recommendations costs among 100,000.

A site of its own is filled, the same each time, straight into the tables: meetings of 100, texts of
25 words in French with English translations of as many, and of ten recommendations one says again, in other
words, what one of the meeting before said. All of them begin with the same phrase, so that parts of
signatures are shared by many. The index is made by ``actions.similar.reindex``, which is timed as well.
"""

import datetime as dt
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from tests.load.floors import ROOT, site_of_its_own

A_MEETING = 100
WORDS = 25
ROUNDS = 5
ASKED = 40
REST = 15.0
"""Milliseconds that the page takes without."""
AIM = 1.3
OPENING = ["renforcer", "coopération", "mesures", "prévention", "trafic", "migrants"]
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def texts(count: int) -> Iterator[tuple[str, str]]:
    """A text and its translation, each; the vocabulary is skewed as that of a language is."""
    chance = random.Random(4)  # noqa: S311 - the same each time
    syllables = [
        "ba",
        "co",
        "di",
        "fo",
        "gra",
        "la",
        "mi",
        "no",
        "pa",
        "ro",
        "sa",
        "ta",
        "ve",
        "zu",
    ]
    known = [a + b + c + "on" for a in syllables for b in syllables for c in syllables]
    weights = [1 / (n + 5) for n in range(len(known))]
    before: list[list[str]] = []
    for number in range(count):
        if number >= A_MEETING and number % 10 == 0:
            words = before[number - A_MEETING][:]
            for _ in range(4):
                words[chance.randrange(len(words))] = chance.choice(known)
        else:
            words = chance.choices(known, weights, k=WORDS)
        before.append(words)
        opening = OPENING if number % 3 else []
        yield " ".join([*opening, *words]), " ".join(f"{word}ing" for word in words)


def fill(count: int) -> None:
    from django.db import connection

    from tests.factories import make_meeting, make_source
    from tracker.models import Recommendation, Translation, triggers

    triggers.uninstall(connection)
    origin, meetings = make_source(), []
    for number in range((count - 1) // A_MEETING + 1):
        day = dt.date(1900, 1, 1) + dt.timedelta(days=30 * number)
        meetings.append(make_meeting(1 + number, "upr", starts_on=day, ends_on=day))
    chunk: list[tuple[Recommendation, str]] = []

    def write() -> None:
        made = Recommendation.objects.bulk_create(row for row, _english in chunk)
        Translation.objects.bulk_create(
            Translation(recommendation=row, language="en", text=english)
            for row, (_row, english) in zip(made, chunk, strict=True)
        )
        chunk.clear()

    for number, (french, english) in enumerate(texts(count)):
        meeting = meetings[number // A_MEETING]
        place = number % A_MEETING + 1
        row = Recommendation(
            meeting=meeting,
            number=place,
            ref=f"{meeting.slug}-{place}",
            text=french,
            origin=origin,
            added_at=START,
        )
        chunk.append((row, english))
        if len(chunk) == 5_000:
            write()
    write()
    triggers.install(connection)


def one(count: int) -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, setup_test_environment

    with site_of_its_own():
        setup_test_environment()
        from tracker.actions.similar import reindex
        from tracker.alike import suggestions
        from tracker.models import Band, Recommendation

        fill(count)
        began = time.perf_counter()
        reindex()
        indexed = time.perf_counter() - began
        pks = list(Recommendation.objects.order_by("pk").values_list("pk", flat=True))
        asked = random.Random(5).sample(pks[-min(count, 10_000) :], ASKED)  # noqa: S311
        rows = list(Recommendation.objects.with_links().filter(pk__in=asked))
        took, found, most = [], 0, 0
        for _ in range(ROUNDS):
            for row in rows:
                began = time.perf_counter()
                found += len(suggestions(row))
                took.append((time.perf_counter() - began) * 1000)
        client, pages = Client(), []
        for row in rows:
            with CaptureQueriesContext(connection) as captured:
                began = time.perf_counter()
                client.get(row.get_absolute_url())
                pages.append((time.perf_counter() - began) * 1000)
            most = max(most, len(captured))
        print(
            json.dumps(
                {
                    "median": statistics.median(took),
                    "p95": statistics.quantiles(took, n=20)[-1],
                    "page": statistics.median(pages),
                    "queries": most,
                    "found": found / ROUNDS,
                    "index": indexed,
                    "bands": Band.objects.count(),
                }
            )
        )


def measured(count: int) -> dict[str, Any]:
    """In a process of its own, since settings are read once."""
    command = [sys.executable, "-m", "tests.load.similar", "--one", str(count)]
    answer = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return found


def main(many: int = 100_000, few: int = 1_000) -> bool:
    """Print what it costs; whether the aim is reached."""
    small, large = measured(few), measured(many)
    for name, label in (
        ("median", "suggestion, median ms"),
        ("p95", "suggestion, 95th percentile ms"),
        ("page", "whole page, median ms"),
        ("queries", "queries of the page, most"),
        ("found", f"suggestions for {ASKED}"),
        ("index", "index made anew, s"),
        ("bands", "rows of the index"),
    ):
        print(f"{label:<34}{small[name]:>12,.1f}{large[name]:>14,.1f}")
    ratio = (REST + large["median"]) / (REST + small["median"])
    print(f"With {REST:g} ms for the rest of the page: {ratio:.2f} times (aim: at most {AIM:g}).")
    return ratio <= AIM


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(int(sys.argv[2]))
    else:
        sys.exit(0 if main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000) else 1)
