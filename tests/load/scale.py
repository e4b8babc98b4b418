"""``make bench`` at scale: a day of the past over 100,000 implementations, and a history of 1,000 entries.

A site of its own is filled by a script, the same each time, straight into the tables: digests are of the
right shape but seal nothing. Pages are asked in this process, without a server: it is the ratios and
the numbers of queries that count, and that they stay the same from few rows to many.
"""

import datetime as dt
import json
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

from tests.load.floors import ROOT, site_of_its_own

ENTRIES = 3
"""Of each implementation; the first of all has ``LONG`` of them."""
LONG = 1_000
A_MEETING = 1_000
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
HALF_WAY = START + dt.timedelta(days=2 * 40 - 20)
"""Two of three entries of each implementation had been recorded then."""
ROUNDS = 7
BESIDE = {"list, in progress, as of": "list, in progress"}
"""What a page is measured against, where that is not today's list."""
AIM = 2.0
"""Times today's list: what issue 3 asks for."""


WORDS = ["renforcer", "coopération", "frontières", "données", "victimes", "agents", "lois", "asile"]
# A digest of the right shape for each row; it seals nothing.
FILL = """
INSERT INTO tracker_recommendation (ref, meeting_id, number, text, folded, language, locator, stage,
                                    origin_id, added_at)
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count})
SELECT 'upr-' || i, {meeting} + i / {a_meeting}, i % {a_meeting} + 1, {text}, {text}, 'fr', '', 'adopted',
       {origin}, '{start}' FROM n;

INSERT INTO tracker_implementation (recommendation_id, state_id, place, added_at, status, reported_status,
                                    verified_status, entry_count, source_count, head_sequence, head_digest)
SELECT r.id, 'ML', (((65535 - CAST(julianday(m.starts_on) - julianday('1945-01-01') AS INTEGER)) * 131072
                     + m.id) * 1048576 + r.number) * 1024 + 323, -- as tracker.ordering: ML is 12 * 26 + 11
       '{start}', 'no_information', '', '', 0, 0, 0, ''
FROM tracker_recommendation r JOIN tracker_meeting m ON m.id = r.meeting_id
WHERE r.ref LIKE 'upr-%' ORDER BY r.id;

CREATE TEMP TABLE whose AS
SELECT i.id AS id, r.ref AS ref, i.id - (SELECT MIN(x.id) FROM tracker_implementation x
    JOIN tracker_recommendation y ON y.id = x.recommendation_id WHERE y.ref LIKE 'upr-%') AS nth
FROM tracker_implementation i JOIN tracker_recommendation r ON r.id = i.recommendation_id
WHERE r.ref LIKE 'upr-%';

INSERT INTO tracker_edit (sequence, subject, key, act, snapshot, reason, recorded_at, recorded_as, channel,
                          is_redacted, folded, themes, salt, content_digest, previous_digest, digest)
SELECT {edits} + ROW_NUMBER() OVER (ORDER BY r.id), 'recommendation', r.ref, 'added',
       json_object('ref', r.ref, 'meeting', 'upr', 'number', r.number, 'text', r.text, 'language', 'fr',
                   'origin', '', 'locator', '', 'stage', r.stage, 'translations', json('[]'),
                   'themes', json('[]'), 'provisions', json('[]'), 'difficulties', json('[]')),
       '', '{start}', '', 'seed', 0, r.folded, '', '', printf('%064x', r.id), 'x',
       printf('e%063x', r.id)
FROM tracker_recommendation r WHERE r.ref LIKE 'upr-%';

INSERT INTO tracker_edit (sequence, subject, key, act, snapshot, reason, recorded_at, recorded_as, channel,
                          is_redacted, folded, themes, salt, content_digest, previous_digest, digest)
SELECT {edits} + {count} + ROW_NUMBER() OVER (ORDER BY w.id), 'implementation', w.ref || ':ML', 'added',
       json_object('recommendation', w.ref, 'state', 'ML', 'lead', NULL, 'lead_as', '', 'due_on', NULL),
       '', '{start}', '', 'seed', 0, '', '', '', printf('%064x', w.id), 'x', printf('d%063x', w.id)
FROM whose w;

INSERT INTO tracker_followup (implementation_id, sequence, kind, reason, status, basis, note, language,
    citation_count, visibility, organization_as, recorded_at, recorded_as, channel, submission, salt,
    content_digest, previous_digest, digest, is_redacted)
WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {long})
SELECT w.id, s.n, 'follow_up', '', '', '', 'Une mesure, la ' || s.n || 'e.', 'fr', 0, 'public', '',
       strftime('%Y-%m-%d %H:%M:%S', '{start}', '+' || CASE WHEN w.nth = 0 THEN s.n * 2 ELSE
           57600 * (s.n - 1) + w.nth / 1000 END || ' minutes', '+1 seconds'),
       '', 'seed', printf('%016x%016x', w.id, s.n), '', printf('%064x', w.id),
       CASE WHEN s.n = 1 THEN '' ELSE 'x' END, printf('%032x%032x', w.id, s.n), 0
FROM whose w JOIN s ON s.n <= {entries} OR w.nth = 0 ORDER BY w.id, s.n;

INSERT INTO tracker_standing (implementation_id, since, until, status, status_since, status_entry_id,
    reported_status, verified_status, last_entry_id, last_activity_at, last_changed_at, entry_count,
    source_count)
SELECT f.implementation_id, f.recorded_at,
       LEAD(f.recorded_at, 1, '{forever}') OVER (PARTITION BY f.implementation_id ORDER BY f.sequence),
       CASE WHEN w.nth % 2 AND f.sequence > 1 THEN 'in_progress' ELSE 'no_information' END,
       CASE WHEN w.nth % 2 AND f.sequence > 1 THEN date(f.recorded_at) END,
       CASE WHEN w.nth % 2 AND f.sequence > 1 THEN f.id END,
       '', '', f.id, f.recorded_at, f.recorded_at, f.sequence, 0
FROM tracker_followup f JOIN whose w ON w.id = f.implementation_id;

UPDATE tracker_implementation AS i SET
    (status, status_since, status_entry_id, last_entry_id, last_activity_at, last_changed_at, entry_count)
  = (SELECT status, status_since, status_entry_id, last_entry_id, last_activity_at, last_changed_at,
            entry_count FROM tracker_standing s WHERE s.implementation_id = i.id AND s.until = '{forever}'),
    (head_sequence, head_digest)
  = (SELECT sequence, digest FROM tracker_followup f WHERE f.implementation_id = i.id
     ORDER BY sequence DESC LIMIT 1)
WHERE i.id IN (SELECT id FROM whose);
DROP TABLE whose;
"""


def fill(implementations: int) -> None:
    """Meetings of 1,000 recommendations, each carried out by one State, with ``ENTRIES`` entries each."""
    from django.db import connection

    from tests.factories import make_meeting, make_source, make_state
    from tracker.actions import facets
    from tracker.models import Edit, triggers

    make_state("ML")
    meetings = []
    for number in range((implementations - 1) // A_MEETING + 1):
        day = dt.date(1990, 1, 1) + dt.timedelta(days=30 * number)
        meetings.append(make_meeting(1 + number, "upr", starts_on=day, ends_on=day))
    cases = " ".join(f"WHEN {n} THEN '{word}'" for n, word in enumerate(WORDS))
    text = " || ' ' || ".join(
        f"CASE (i * {7 + k} + i / {k + 1}) % {len(WORDS)} {cases} END" for k in range(24)
    )
    script = FILL.format(
        count=implementations,
        meeting=meetings[0].pk,
        a_meeting=A_MEETING,
        text=text,
        origin=make_source().pk,
        start=f"{START:%Y-%m-%d %H:%M:%S}",
        edits=Edit.objects.count(),
        long=LONG,
        entries=ENTRIES,
        forever="9999-12-31 23:59:59",
    )
    triggers.uninstall(connection)  # they would refuse chains that are not sealed
    with connection.cursor() as cursor:
        for statement in script.split(";\n"):
            if statement.strip():
                cursor.execute(statement)
    triggers.install(connection)
    facets.rebuild()


@dataclass(frozen=True)
class Answer:
    milliseconds: float
    queries: int


def asked(path: str) -> Answer:
    """The median of some rounds, and the number of queries of the last."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client, took = Client(), []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        response = client.get(path)
        took.append((time.perf_counter() - began) * 1000)
        if response.status_code != 200:
            raise RuntimeError(f"{path} answers {response.status_code}")
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return Answer(statistics.median(took), len(captured))


def pages() -> dict[str, str]:
    day = f"{HALF_WAY:%Y-%m-%d}"
    a_few = "/recommendations/upr-1/"
    window = f"from={START:%Y-%m-%d}&to={day}"
    return {
        "list": "/recommendations/",
        "list, as of": f"/recommendations/?as_of={day}",
        "list, in progress": "/recommendations/?status=in_progress",
        "list, in progress, as of": f"/recommendations/?status=in_progress&as_of={day}",
        "history of 3": a_few,
        f"history of {LONG:,}": "/recommendations/upr-0/",
        f"history of {LONG:,}, as of": f"/recommendations/upr-0/?as_of={day}",
        f"history of {LONG:,}, far back": "/recommendations/upr-0/?before=500",
        "changes, as many as fit": f"/changes/?{window}",
    }


def measured(implementations: int) -> dict[str, Answer]:
    """In a process of its own, since settings are read once."""
    command = [sys.executable, "-m", "tests.load.scale", "--one", str(implementations)]
    answer = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    found = json.loads(answer.stdout.splitlines()[-1])
    return {name: Answer(*figures) for name, figures in found.items()}


def one(implementations: int) -> None:
    from django.test.utils import setup_test_environment

    with site_of_its_own():
        setup_test_environment()
        fill(implementations)
        found = {name: asked(path) for name, path in pages().items()}
    print(json.dumps({n: [a.milliseconds, a.queries] for n, a in found.items()}))


def main(many: int = 100_000, few: int = 10) -> list[dict[str, Any]]:
    """Print the table; return it as rows, each with whether its aim is reached."""
    print(f"\nAt scale: {few:,} and {many:,} implementations, asked in this process")
    small, large = measured(few), measured(many)
    print(f"{'':<28}{few:>12,}{many:>12,}   queries   × list")
    rows = []
    for name, answer in large.items():
        before, today = small[name], large[BESIDE.get(name, "list")]
        ratio = answer.milliseconds / today.milliseconds
        same = before.queries == answer.queries
        is_reached = ratio <= AIM and same
        queries = f"{answer.queries}" if same else f"{answer.queries} (of {few}: {before.queries})"
        print(
            f"{name:<28}{before.milliseconds:>9.1f} ms{answer.milliseconds:>9.1f} ms"
            f"{queries:>10}   {ratio:.2f}{'' if is_reached else '  not reached'}"
        )
        row = {"page": name, "few_ms": before.milliseconds, "many_ms": answer.milliseconds}
        rows.append({**row, "queries": answer.queries, "ratio": ratio, "reached": is_reached})
    print(f"Aim: at most {AIM:g} times today's list (of the same filter), and as many queries.")
    return rows


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(int(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
