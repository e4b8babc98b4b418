"""A real Chromium and a real server; every test fails on what a browser complains of."""

import os
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    WebError,
    expect,
    sync_playwright,
)

from tests.browser.site import Prepared, Site, find_browser, prepare, running, shared_folder

FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
    "--disable-gpu",
    "--in-process-gpu",
]
PATIENCE = 10_000  # milliseconds, on two busy cores
OFFLINE = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "^htmx:(sendError|afterRequest)")
"""What Chromium and htmx say when a line drops, for tests that drop it."""
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return prepare(shared_folder(tmp_path_factory))


@pytest.fixture(scope="session")
def server(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(prepared, tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def site(server: Site) -> Site:
    """The site with the initial data and the cast; nothing was recorded."""
    server.store.restore("plain")
    return server


@pytest.fixture
def told(server: Site) -> Site:
    """The site on which things were recorded: see ``stage.tell``."""
    server.store.restore("told")
    return server


@pytest.fixture
def two_states(server: Site) -> Site:
    """The site on which Mali and Niger both carry out the first and the third."""
    server.store.restore("two_states")
    return server


@pytest.fixture
def many_states(server: Site) -> Site:
    """The site on which fourteen more States carry out all six."""
    server.store.restore("many_states")
    return server


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    # Its loop runs in the thread in which later tests of this worker use the database: by connections of
    # their own, which nobody else closes, and PostgreSQL drops no database that one is open to.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        yield playwright
        connections.close_all()


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    path = find_browser()
    if path is None:
        message = "No Chromium: install one, or give its path in BROWSER"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
    yield browser
    browser.close()


class Complaints:
    """What a browser says of our pages. Refused requests (4xx) are told as errors, and are none."""

    expected: tuple[str, ...] = (
        r"Failed to load resource: the server responded with a status of 4\d\d",
    )

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.found: list[str] = []

    def expect(self, *patterns: str) -> None:
        """Let a test bring about what would otherwise be a fault."""
        self.expected = (*self.expected, *patterns)

    def listen(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.found.append(message.text)

    def _error(self, error: WebError) -> None:
        self.found.append(f"uncaught: {error.error}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.origin, "data:", "blob:")):
            self.found.append(f"request to another site: {request.url}")

    @property
    def unexpected(self) -> list[str]:
        return [said for said in self.found if not any(re.search(p, said) for p in self.expected)]


@pytest.fixture
def complaints(server: Site) -> Iterator[Complaints]:
    heard = Complaints(server.origin)
    begin = server.log.stat().st_size
    yield heard
    assert heard.unexpected == []
    log = server.log.read_bytes()[begin:].decode()
    assert "Traceback" not in log, log


Enter = Callable[..., Page]


@pytest.fixture
def enter(chromium: Browser, complaints: Complaints, prepared: Prepared) -> Iterator[Enter]:
    """``enter("contributor", "/en/")``: a page in a browser of somebody's own, signed in unless "reader".

    Options are those of Playwright's ``new_context``. The browser prefers English.
    """
    opened: list[BrowserContext] = []

    def open_browser(who: str = "reader", path: str = "/en/", **options: Any) -> Page:
        defaults = {"locale": "en-GB", "base_url": complaints.origin}
        context = chromium.new_context(**(defaults | options))
        opened.append(context)
        context.set_default_timeout(PATIENCE)
        complaints.listen(context)
        if who != "reader":
            session = prepared.cast[who]["session"]
            cookie = {"name": "suivi_session", "value": session, "url": complaints.origin}
            context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        if path:
            page.goto(path)
        return page

    yield open_browser
    for context in opened:
        context.close()
