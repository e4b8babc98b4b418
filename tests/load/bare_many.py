"""The floors of ``many``: the same query by hand, and a fixed page of the same size.

Hand-written WSGI, ``sqlite3`` and strings, as ``bare_sqlite``. ``/fixed/4000`` is a page of so many bytes.
"""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from tests.load.bare_sqlite import HEAD, STATUSES, database, detail, text

COLUMNS = """
    SELECT i.id, r.number, r.ref, r.text, i.status, i.status_since, i.source_count, i.state_id,
           (SELECT group_concat(t.name_fr, ' · ') FROM tracker_recommendationtheme l
            JOIN tracker_theme t ON t.id = l.theme_id WHERE l.recommendation_id = r.id)
    FROM tracker_implementation i JOIN tracker_recommendation r ON r.id = i.recommendation_id
"""
FOUND = """
    SELECT d.implementation_id FROM search_public JOIN tracker_document d ON d.id = search_public.rowid
    WHERE search_public MATCH ? ORDER BY search_public.rowid DESC LIMIT 50
"""


def rows(query: str, values: list[object]) -> str:
    page = [HEAD % "Recommandations", "<ol>"]
    for key, number, ref, words, status, since, sources, state, themes in database().execute(
        query, values
    ):
        page.append(
            f'<li id="row-{key}">{number} <a href="/recommendations/{ref}/">{text(themes)}</a> {state}'
            f"<p>{text(words[:150])}</p><p>{STATUSES[status]}, {text(since)} · {sources}</p></li>"
        )
    return "".join([*page, "</ol></body></html>"])


def listed(query: dict[str, list[str]]) -> str:
    if "q" in query:
        keys = [key for (key,) in database().execute(FOUND, query["q"])]
        marks = ",".join("?" * len(keys))
        return rows(f"{COLUMNS} WHERE i.id IN ({marks})", keys)
    if "status" in query:
        wanted = query["status"]
        return rows(f"{COLUMNS} WHERE i.status = ? ORDER BY i.place LIMIT 50", [*wanted])
    return rows(f"{COLUMNS} ORDER BY i.place LIMIT 50", [])


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    path: str = environ["PATH_INFO"]
    if fixed := re.fullmatch(r"/fixed/(\d+)", path):
        body = b"x" * int(fixed[1])
    elif path == "/recommendations/":
        body = listed(parse_qs(environ["QUERY_STRING"])).encode()
    else:
        body = detail(path.strip("/").rpartition("/")[2]).encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
    start_response("200 OK", headers)
    return [body]
