"""Floor (b): what Python and SQLite cost. Hand-written WSGI, ``sqlite3``, pages made of strings.

Served by ``gunicorn tests.load.bare_sqlite:application`` on the file that BENCH_DATABASE names. One
connection a thread, kept open, with our settings. ``?count`` answers with the number of queries.
"""

import datetime as dt
import os
import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterable
from html import escape
from typing import Any
from urllib.parse import parse_qs

STATUSES = {
    "no_information": "Aucune information",
    "not_started": "Pas commencée",
    "in_progress": "En cours",
    "partly_implemented": "Partiellement mise en œuvre",
    "implemented": "Mise en œuvre",
    "no_longer_applicable": "N’est plus applicable",
}
HEAD = (
    '<!doctype html>\n<html lang="fr"><head><meta charset="utf-8"><title>%s</title></head>\n<body>'
)
ROWS = """
    SELECT i.id, r.number, r.ref, r.text, i.status, i.status_since, i.source_count,
           COALESCE(e.happened_on, substr(e.recorded_at, 1, 10)),
           (SELECT group_concat(t.name_fr, ' · ') FROM tracker_recommendationtheme l
            JOIN tracker_theme t ON t.id = l.theme_id WHERE l.recommendation_id = r.id)
    FROM tracker_implementation i
    JOIN tracker_recommendation r ON r.id = i.recommendation_id
    JOIN tracker_meeting m ON m.id = r.meeting_id
    LEFT JOIN tracker_followup e ON e.id = i.last_entry_id
    ORDER BY m.starts_on DESC, r.meeting_id, r.number, i.state_id LIMIT 50
"""
PAGE = """
    SELECT r.id, r.number, r.ref, r.text, o.url, o.title, b.name_fr, m.session, m.starts_on,
           i.id, i.status, i.status_since, i.entry_count, i.source_count, i.state_id, i.due_on,
           (SELECT group_concat(t.name_fr, ' · ') FROM tracker_recommendationtheme l
            JOIN tracker_theme t ON t.id = l.theme_id WHERE l.recommendation_id = r.id)
    FROM tracker_recommendation r JOIN tracker_source o ON o.id = r.origin_id
    JOIN tracker_meeting m ON m.id = r.meeting_id JOIN tracker_body b ON b.id = m.body_id
    JOIN tracker_implementation i ON i.recommendation_id = r.id
    WHERE r.ref = ? ORDER BY i.state_id LIMIT 1
"""
PROVISIONS = """
    SELECT n.short_fr, p.kind, p.number FROM tracker_recommendationprovision l
    JOIN tracker_provision p ON p.id = l.provision_id
    JOIN tracker_instrument n ON n.id = p.instrument_id
    WHERE l.recommendation_id = ? ORDER BY l.position, l.id
"""
DIFFICULTIES = """
    SELECT d.title_fr, d.summary_fr FROM tracker_difficulty d
    JOIN tracker_difficulty_bears_on l ON l.difficulty_id = d.id WHERE l.recommendation_id = ?
"""
ENTRIES = """
    SELECT e.id, COALESCE(e.happened_on, substr(e.recorded_at, 1, 10)), e.status, e.note,
           e.recorded_at, e.recorded_as, o.name_fr, s.url, s.title, s.publisher,
           s.published_on, c.quotation
    FROM (SELECT * FROM tracker_followup WHERE implementation_id = ? AND visibility = 'public'
          ORDER BY sequence DESC LIMIT 50) e
    LEFT JOIN tracker_organization o ON o.id = e.organization_id
    LEFT JOIN tracker_citation c ON c.followup_id = e.id
    LEFT JOIN tracker_source s ON s.id = c.source_id
    ORDER BY e.sequence DESC, c.position
"""
SOURCES = """
    SELECT DISTINCT s.id, s.url, s.title, s.publisher, s.published_on, s.summary_fr
    FROM tracker_source s JOIN tracker_citation c ON c.source_id = s.id
    JOIN tracker_followup e ON e.id = c.followup_id
    WHERE e.implementation_id = ? AND e.visibility = 'public' AND e.kind <> 'retraction'
      AND NOT EXISTS (SELECT 1 FROM tracker_followup x WHERE x.target_id = e.id)
    ORDER BY s.published_on DESC, s.id DESC LIMIT 100
"""
LATELY = """
    SELECT e.id, e.recorded_at, e.status, e.note, e.recorded_as, r.number, r.ref,
           (SELECT s.title FROM tracker_citation c JOIN tracker_source s ON s.id = c.source_id
            WHERE c.followup_id = e.id LIMIT 1)
    FROM tracker_followup e JOIN tracker_implementation i ON i.id = e.implementation_id
    JOIN tracker_recommendation r ON r.id = i.recommendation_id
    WHERE e.visibility = 'public' ORDER BY e.recorded_at DESC, e.id DESC LIMIT 5
"""
local = threading.local()


def database() -> sqlite3.Connection:
    """This thread's connection."""
    if not hasattr(local, "connection"):
        connection = sqlite3.connect(os.environ["BENCH_DATABASE"], timeout=20, isolation_level=None)
        connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            "PRAGMA mmap_size=134217728; PRAGMA cache_size=-16000"
        )
        local.connection = connection
    connection = local.connection
    assert isinstance(connection, sqlite3.Connection)
    return connection


def text(value: object) -> str:
    return escape(str(value)) if value is not None else ""


def rows_of(found: Iterable[tuple[Any, ...]]) -> list[str]:
    page = ["<ol>"]
    for key, number, ref, words, status, since, sources, last, themes in found:
        short = words if len(words) <= 150 else words[:149] + "…"
        page.append(
            f'<li id="row-{key}">{number} <a href="/recommendations/{ref}/">{text(themes)}</a>\n'
            f"<p>{text(short)}</p>\n<p>{STATUSES[status]}, {text(since)} · {sources} sources"
            f" · {text(last)}</p></li>\n"
        )
    return [*page, "</ol>"]


def listed() -> str:
    found = database().execute(ROWS).fetchall()
    return "".join([HEAD % "Recommandations", *rows_of(found), "</body></html>"])


def overview() -> str:
    db = database()
    body, session, place, starts = db.execute(
        "SELECT b.name_fr, m.session, m.place_fr, m.starts_on FROM tracker_meeting m "
        "JOIN tracker_body b ON b.id = m.body_id ORDER BY m.starts_on DESC LIMIT 1"
    ).fetchone()
    counted = db.execute(
        "SELECT status, COUNT(*) FROM tracker_implementation GROUP BY 1"
    ).fetchall()
    page = [HEAD % "Suivi", f"<h1>{text(body)}, {session}, {text(place)}, {starts}</h1><p>"]
    page += [f"{STATUSES[status]}: {count} " for status, count in counted]
    page += ["</p>", *rows_of(db.execute(ROWS).fetchall()), "<ol>"]
    for key, at, status, note, who, number, ref, source in db.execute(LATELY).fetchall():
        page.append(
            f'<li>{at} <a href="/recommendations/{ref}/#entry-{key}">{number}</a> {text(status)} '
            f"{text(note)} {text(source)} {text(who)}</li>\n"
        )
    return "".join([*page, "</ol></body></html>"])


def detail(ref: str) -> str:
    db = database()
    found = db.execute(PAGE, [ref]).fetchone()
    key, number, ref, words, url, title, body, session, starts, implementation = found[:10]
    status, since, entries, sources, state, due, themes = found[10:]
    page = [
        HEAD % ref,
        f"<h1>{number} {text(themes)}</h1><p>{text(body)}, {session}, {starts}</p>",
        f'<blockquote>{text(words)}</blockquote><p><a href="{text(url)}">{text(title)}</a></p>',
    ]
    query = "SELECT language, text FROM tracker_translation WHERE recommendation_id = ?"
    for language, translated in db.execute(query, [key]):
        page.append(f'<p lang="{language}">{text(translated)}</p>')
    for instrument, kind, article in db.execute(PROVISIONS, [key]):
        page.append(f"<li>{text(instrument)} {kind} {article}</li>")
    for name, summary in db.execute(DIFFICULTIES, [key]):
        page.append(f"<li>{text(name)}: {text(summary)}</li>")
    page.append(
        f"<p>{state} {text(due)}</p>"
        f"<p>{STATUSES[status]}, {text(since)} · {entries} · {sources}</p>"
    )
    before = None
    for row in db.execute(ENTRIES, [implementation]):
        entry, day, said, note, at, who, organization = row[:7]
        if entry != before:
            page.append(
                f'{"</article>" if before else ""}<article id="entry-{entry}"><h3>{day} '
                f"{STATUSES.get(said, '')}</h3><p>{text(note)}</p><p>{at} {text(who)} "
                f"{text(organization)}</p>"
            )
            before = entry
        if row[7]:
            url, title, publisher, published, quotation = map(text, row[7:])
            page.append(
                f'<p><a href="{url}">{title}</a>, {publisher}, {published} <q>{quotation}</q></p>'
            )
    page.append("</article><ul>")
    for _id, url, title, publisher, published, summary in db.execute(SOURCES, [implementation]):
        page.append(
            f'<li><a href="{text(url)}">{text(title)}</a>, {text(publisher)}, {text(published)} '
            f"{text(summary)}</li>\n"
        )
    return "".join([*page, "</ul></body></html>"])


def write(said: dict[str, list[str]]) -> str:
    """One entry and what follows from it, on the disk when this returns where it is."""
    db = database()
    day = said.get("happened_on", [""])[0]
    db.execute("BEGIN IMMEDIATE")
    try:
        (count,) = db.execute("SELECT entry_count FROM bench_standing WHERE id = 1").fetchone()
        entry = db.execute(
            "INSERT INTO bench_entry (implementation_id, sequence, note, status, source_id,"
            " happened_on, recorded_at, recorded_by, submission)"
            " VALUES (1, ?, ?, ?, 1, ?, ?, 1, ?)",
            [
                count + 1,
                said["note"][0],
                said["status"][0],
                dt.date.fromisoformat(day).isoformat() if day else None,
                dt.datetime.now(dt.UTC).isoformat(" "),
                uuid.UUID(said["submission"][0]).hex,
            ],
        ).lastrowid
        db.execute(
            "UPDATE bench_standing SET status = ?, last_entry = ?, entry_count = entry_count + 1 "
            "WHERE id = 1",
            [said["status"][0], entry],
        )
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise
    return f"/recommendations/som-12-1/#entry-{entry}"


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    path: str = environ["PATH_INFO"]
    headers = [("Content-Type", "text/html; charset=utf-8")]
    seen: list[str] = []
    if environ.get("QUERY_STRING") == "count":
        database().set_trace_callback(seen.append)
    if path == "/write":
        length = int(environ["CONTENT_LENGTH"])
        said = parse_qs(environ["wsgi.input"].read(length).decode())
        status, body = "302 Found", b""
        headers.append(("Location", write(said)))
    elif path == "/":
        status, body = "200 OK", overview().encode()
    elif path == "/recommendations/":
        status, body = "200 OK", listed().encode()
    else:
        status, body = "200 OK", detail(path.strip("/").rpartition("/")[2]).encode()
    if environ.get("QUERY_STRING") == "count":
        database().set_trace_callback(None)
        headers.append(("X-Queries", str(len(seen))))
    start_response(status, [*headers, ("Content-Length", str(len(body)))])
    return [body]
