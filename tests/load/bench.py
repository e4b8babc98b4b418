"""``make bench``: list, detail, overview and one durable write beside two floors; then past days and long
histories at scale (see ``scale``), pages of a record of any size (``many``), a long import (``imports``).

Floor (a) is a bare Django view with the same queries and a plain template, floor (b) a hand-written
``sqlite3`` program that puts strings together. All three run under the same gunicorn with the same
workers and threads on the same SQLite file, and the same client asks them in turn.
Options: ARGS="--rounds 5 --seconds 2" for steadier figures; ARGS="--recommendations 0 --rows 0" leaves out
what takes most of the half an hour. Results go to ``var/bench.json`` too.
"""

import argparse
import datetime as dt
import gzip
import json
import math
import os
import platform
import re
import sqlite3
import statistics
import tempfile
import time
import uuid
from dataclasses import asdict, dataclass, field
from html import unescape
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.load import imports, many, scale
from tests.load.client import Connection, Make, latencies, request, throughput
from tests.load.floors import ROOT, Server, running, site_of_its_own

ENOUGH = 75.0
"""Seconds after which no further round begins: figures are then of fewer rounds, and it says so."""
AIM = 1.5
"""Times floor (a), for the median: what issue 2 asks for."""
CLIENTS = 8
LATENCY_COUNT = 50
DETAIL = "/recommendations/som-12-1/"
NOTE = (
    "Un atelier de formation s’est tenu à Bamako avec les services de contrôle des frontières. " * 3
)
SOURCE = "https://example.org/communiques/atelier-bamako"


@dataclass
class Figures:
    """Of one page on one server."""

    page: str
    server: str
    milliseconds: list[float] = field(default_factory=list, repr=False)
    rates: list[float] = field(default_factory=list, repr=False)
    processor: list[float] = field(default_factory=list, repr=False)
    size: int = 0
    compressed: int = 0
    queries: int | None = None

    @property
    def median(self) -> float:
        return statistics.median(self.milliseconds)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.milliseconds, n=20)[-1]

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)

    @property
    def cpu(self) -> float:
        """Milliseconds of processor that an answer takes: what other work disturbs least."""
        return statistics.median(self.processor) if self.processor else math.nan

    def as_row(self) -> dict[str, Any]:
        row = asdict(self)
        del row["milliseconds"], row["rates"], row["processor"]
        return row | {
            "cpu_ms": round(self.cpu, 2) if self.processor else None,
            "median_ms": round(self.median, 2),
            "p95_ms": round(self.p95, 2),
            "per_second": round(self.rate, 1),
            "samples": len(self.milliseconds),
        }


@dataclass(frozen=True)
class Page:
    """What is asked of each server: ``makes`` builds the n-th request for it."""

    name: str
    expected: int
    makes: dict[str, Make]


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="of all three in turn (3)")
    parser.add_argument("--seconds", type=float, default=0.8, help="at most, for each figure (0.8)")
    parser.add_argument(
        "--implementations", type=int, default=100_000, help="at scale (100000); 0: leave that out"
    )
    parser.add_argument(
        "--recommendations", type=int, default=100_000, help="many (100000); 0: leave that out"
    )
    parser.add_argument(
        "--rows", type=int, default=100_000, help="to import (100000); 0: leave that out"
    )
    options = parser.parse_args()
    os.environ.setdefault("WEB_CONCURRENCY", "2")
    os.environ.setdefault("THREADS", "4")
    began = time.monotonic()
    with site_of_its_own(), running() as servers:
        header: dict[str, Any] = described(options)
        print(*(f"{key:<9} {value}" for key, value in header.items()), sep="\n", flush=True)
        pages = [*reads(servers), *writes(servers)]
        until = began + ENOUGH * options.rounds * options.seconds / 2.4
        found = [f for page in pages for f in measured(page, servers, options, until)]
    report(found)
    at_scale = scale.main(options.implementations) if options.implementations else []
    of_many = many.main(options.recommendations) if options.recommendations else []
    peaks = imports.measured(options.rows) if options.rows else []
    took = time.monotonic() - began
    print(
        f"Done in {took:.0f} s; load average now {os.getloadavg()[0]:.1f}. Also in var/bench.json."
    )
    result = {**header, "took_s": round(took), "aim": AIM, "figures": [f.as_row() for f in found]}
    result |= {"at_scale": at_scale, "many": of_many, "import_mb": peaks}
    (ROOT / "var" / "bench.json").write_text(
        json.dumps(result, indent=1, ensure_ascii=False) + "\n"
    )


# --- What is asked ---


def always(prepared: bytes) -> Make:
    return lambda _number: prepared


def reads(servers: list[Server]) -> list[Page]:
    paths = {"list": "/recommendations/", "detail": DETAIL, "overview": "/"}
    return [
        Page(name, 200, {s.name: always(request("GET", path)) for s in servers})
        for name, path in paths.items()
    ]


def writes(servers: list[Server]) -> list[Page]:
    """One follow-up by the site's own form, and one row like it on the floors."""
    site = servers[0]
    headers, fields = signed_in_form(site)
    plain = {s.name: posting("/write", {}, {}) for s in servers[1:]}
    return [
        Page("write", 302, {site.name: posting(DETAIL, headers, fields), **plain}),
        Page(
            "write, htmx",
            200,
            {site.name: posting(DETAIL, {**headers, "HX-Request": "true"}, fields)},
        ),
    ]


def posting(path: str, headers: dict[str, str], fields: dict[str, str]) -> Make:
    """The form as somebody fills it in, each time a new submission."""

    def make(number: int) -> bytes:
        said = {
            "note": f"{NOTE}{number}",
            "status": "in_progress",
            "url": SOURCE,
            "happened_on": "2025-11-03",
            "visibility": "public",
            **fields,
            "submission": str(uuid.uuid4()),
        }
        return request("POST", path, headers, urlencode(said).encode())

    return make


def signed_in_form(site: Server) -> tuple[dict[str, str], dict[str, str]]:
    """An editor's cookies, and what the form on the page holds besides what they type."""
    from django.db import connections
    from django.test import Client

    from tests.factories import make_user
    from tracker.statuses import Role

    browser = Client()
    editor = make_user(Role.EDITOR, None, "bench", "Bench")
    browser.force_login(editor, backend="django.contrib.auth.backends.ModelBackend")
    connections.close_all()
    session = f"suivi_session={browser.cookies['suivi_session'].value}"
    connection = Connection(site.port)
    answer = connection.ask(request("GET", DETAIL, {"Cookie": session}))
    connection.close()
    page = gzip.decompress(answer.body).decode()
    cookie = next(c for c in answer.all("Set-Cookie") if c.startswith("suivi_csrf=")).split(";")[0]
    form = page[page.index('id="record"') :]
    fields = {}
    for name in ("csrfmiddlewaretoken", "author", "seen"):
        match = re.search(rf'name="{name}" value="([^"]*)"', form)
        if match is None:
            raise RuntimeError(f"The form on {DETAIL} has no field {name}")
        fields[name] = unescape(match[1])
    return {"Cookie": f"{session}; {cookie}"}, fields


# --- What it costs ---


def measured(
    page: Page, servers: list[Server], options: argparse.Namespace, until: float
) -> list[Figures]:
    asked = [server for server in servers if server.name in page.makes]
    found = {server: Figures(page.name, server.name) for server in asked}
    for server, figures in found.items():
        look_at(page, server, figures)
        # Every worker and thread has imported, connected and parsed its templates.
        throughput(server.port, page.makes[server.name], page.expected, CLIENTS, 0.5)
    for done in range(options.rounds):
        if done and time.monotonic() > until:
            print(f"{page.name}: {done} of {options.rounds} rounds, for want of time")
            break
        for server, figures in found.items():
            given = (server.port, page.makes[server.name], page.expected)
            took = latencies(*given, LATENCY_COUNT, options.seconds)
            figures.milliseconds += [seconds * 1000 for seconds in took]
            before = server.processor_seconds()
            count, seconds = throughput(*given, CLIENTS, options.seconds)
            after = server.processor_seconds()
            figures.rates.append(count / seconds)
            if before is not None and after is not None:
                figures.processor.append((after - before) / count * 1000)
    return list(found.values())


def look_at(page: Page, server: Server, figures: Figures) -> None:
    """Sizes, and the number of queries: floors say it, the site is asked in this process."""
    prepared = page.makes[server.name](0)
    connection = Connection(server.port)
    answer = connection.ask(prepared)
    if answer.status != page.expected:
        raise RuntimeError(
            f"{server.name} answers {page.name} with {answer.status}: {answer.body[:400]!r}"
        )
    body = answer.body
    if answer.header("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    figures.size = len(body)
    figures.compressed = len(gzip.compress(body, 6)) if body is answer.body else len(answer.body)
    figures.compressed = figures.compressed if body else 0
    if server.module:
        counting = re.sub(rb"^(\S+ \S+)", rb"\1?count", page.makes[server.name](0), count=1)
        figures.queries = int(connection.ask(counting).header("X-Queries"))
    else:
        figures.queries = queries_of(prepared)
    connection.close()


def queries_of(prepared: bytes) -> int:
    """The same request again, answered by the site in this process."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    head, _blank, body = prepared.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, path, _protocol = first.split()
    headers = dict(line.split(": ", 1) for line in lines)
    if method == "POST":  # the first one was recorded: another submission
        body = re.sub(rb"submission=[^&]*", f"submission={uuid.uuid4()}".encode(), body)
    browser = Client(headers=headers)
    with CaptureQueriesContext(connection) as captured:
        browser.generic(method, path, body, headers["Content-Type"] if body else "")
    count = len(captured)
    connection.close()
    return count


# --- What is said of it ---


def described(options: argparse.Namespace) -> dict[str, str]:
    """The machine and the versions."""
    system = f"{platform.system()} {platform.release()}"
    workers = "{WEB_CONCURRENCY} workers of {THREADS} threads".format_map(os.environ)
    return {
        "when": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "machine": f"{processor()}, {os.cpu_count()} cores; {system}",
        "load": f"{os.getloadavg()[0]:.1f} (what else runs on the machine disturbs all figures)",
        "disk": f"one fsync takes {fsync_milliseconds():.1f} ms",
        "versions": f"Python {platform.python_version()}, Django {version('django')}, "
        f"SQLite {sqlite3.sqlite_version}, gunicorn {version('gunicorn')}",
        "server": f"gthread, {workers}, keep-alive, 127.0.0.1; SQLite: WAL, synchronous=FULL",
        "asked": f"{options.rounds} rounds in turn, each of at most {LATENCY_COUNT} requests by 1 "
        f"client, then {CLIENTS} clients for {options.seconds:g} s",
    }


def processor() -> str:
    try:
        found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    except OSError:
        found = None
    return found[1] if found else platform.machine()


def fsync_milliseconds() -> float:
    with tempfile.NamedTemporaryFile(dir=ROOT / "var") as file:
        took = []
        for _ in range(15):
            file.write(b"x" * 4096)
            file.flush()
            started = time.perf_counter()
            os.fsync(file.fileno())
            took.append(time.perf_counter() - started)
        return statistics.median(took) * 1000


def report(found: list[Figures]) -> None:
    by_page: dict[str, list[Figures]] = {}
    for figures in found:
        by_page.setdefault(figures.page, []).append(figures)
    columns = ["1 client, median", "p95", "CPU", "8 clients"]
    columns += ["× median", "× CPU", "× rate", "HTML", "gzip", "queries"]
    print("\n" + _line("", "", *columns))
    for rows in by_page.values():
        for row in rows:
            print(_line(row.page if row is rows[0] else "", row.server, *_cells(row, rows[0])))
    print(f"\nAim: at most {AIM:g} times bare Django (median of one client; CPU beside it).")
    for page, rows in by_page.items():
        if len(rows) > 1:
            ours, bare = rows[:2]
            ratio = ours.median / bare.median
            verdict = "reached" if ratio <= AIM else "not reached"
            print(f"  {page:<9} {ratio:.2f} ({ours.cpu / bare.cpu:.2f})  {verdict}")


def _cells(row: Figures, ours: Figures) -> list[str]:
    ratios = ["", "", ""]
    if row is not ours:
        factors = (ours.median / row.median, ours.cpu / row.cpu, row.rate / ours.rate)
        ratios = [f"{factor:.2f}" for factor in factors]
    times = [f"{value:.2f} ms" for value in (row.median, row.p95, row.cpu)]
    sizes = [f"{row.size} B", f"{row.compressed} B"]
    return [*times, f"{row.rate:.0f}/s", *ratios, *sizes, str(row.queries)]


def _line(page: str, server: str, *cells: str) -> str:
    widths = (16, 11, 10, 9, 8, 7, 7, 8, 7, 7)
    aligned = (cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
    return f"{page:<11} {server:<11} {' '.join(aligned)}"


if __name__ == "__main__":
    main()
