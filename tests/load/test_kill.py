"""Whatever was acknowledged is there, once, also when the server is killed while ten people record."""

import http.client
import re
import threading
import urllib.parse
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.browser.site import Prepared, Site, running

pytestmark = pytest.mark.load

CLIENTS = 10
REQUESTS = 100
KILL_AFTER = 40
"""Acknowledged requests before the server is killed."""
LOGIN = "/en/accounts/login/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
COUNT = "SELECT submission, COUNT(*), MIN(id) FROM tracker_followup GROUP BY submission"


@dataclass(frozen=True)
class Request:
    """One form, sent: ``number`` of the recommendation, what it says, its id."""

    number: int
    note: str
    submission: uuid.UUID = field(default_factory=uuid.uuid4)


@dataclass
class Client:
    """A browser's part: it keeps cookies, and sends forms with their token."""

    site: Site
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def ask(self, path: str, form: dict[str, str] | None = None) -> http.client.HTTPResponse:
        """The whole answer, or ``OSError``/``HTTPException`` where the line broke."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=30)
        try:
            if form is None:
                connection.request("GET", path, headers={"Cookie": cookies})
            else:
                body = urllib.parse.urlencode({**form, "csrfmiddlewaretoken": self.token})
                kind = "application/x-www-form-urlencoded"
                headers = {"Cookie": cookies, "Content-Type": kind}
                connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            self.page = answer.read().decode()
        finally:
            connection.close()
        for header in answer.headers.get_all("Set-Cookie", []):
            name, _, value = header.partition(";")[0].partition("=")
            if name in ("suivi_csrf", "suivi_session"):
                self.cookies[name] = value
        return answer

    def read(self, path: str) -> None:
        """Open a page with a form, and take its token."""
        assert self.ask(path).status == 200
        found = TOKEN.search(self.page)
        assert found, self.page
        self.token = found[1]

    def sign_in(self, username: str, password: str) -> None:
        self.read(LOGIN)
        answer = self.ask(LOGIN, {"username": username, "password": password})
        assert answer.status == 302, self.page
        self.read("/en/recommendations/som-12-1/")

    def record(self, request: Request) -> str:
        """Send it; the address of the entry if it was acknowledged, empty if the line broke."""
        form = {
            "note": request.note,
            "url": f"https://example.org/{request.number}",
            "status": "in_progress" if request.number % 2 else "",
            "visibility": "public",
            "submission": str(request.submission),
        }
        try:
            answer = self.ask(f"/en/recommendations/som-12-{request.number}/", form)
        except (OSError, http.client.HTTPException):
            return ""
        assert answer.status == 302, self.page
        return answer.headers["Location"]


@pytest.fixture
def site(prepared: Prepared, tmp_path: Path):
    with running(prepared, tmp_path / "site", workers=2) as site:
        yield site


@pytest.fixture
def clients(site: Site, prepared: Prepared) -> list[Client]:
    """Twenty browsers, of three people, signed in through the form."""

    def sign_in(number: int) -> Client:
        client = Client(site)
        person = prepared.cast[("contributor", "editor", "administrator")[number % 3]]
        client.sign_in(person["username"], person["password"])
        return client

    return together(sign_in, range(CLIENTS))


def together(act: Callable, things) -> list:
    """Do that with all of them at once."""
    with ThreadPoolExecutor(CLIENTS) as threads:
        return list(threads.map(act, things))


def check(site: Site) -> None:
    """Every digest verifies, what is derived is what the history says, the database is whole."""
    for command in (["verify_history"], ["rebuild_projection", "--check"]):
        done = site.manage(*command)
        assert done.returncode == 0, done.stdout + done.stderr
    assert site.store.is_whole()


def counted(site: Site) -> dict[uuid.UUID, tuple[int, str]]:
    """How often each submission was recorded, and the anchor of its entry."""
    found = site.store.rows(COUNT)
    return {uuid.UUID(str(name)): (times, f"entry-{pk}") for name, times, pk in found}


def test_killed_while_recording(site: Site, clients: list[Client]) -> None:
    share = REQUESTS // CLIENTS
    forms = [
        [Request(1 + (c + n) % 6, f"By {c}, the {n}th: « é »") for n in range(share)]
        for c in range(CLIENTS)
    ]
    for own in forms:  # one form in ten is sent twice
        own[-1] = own[0]
    acknowledged: dict[tuple[int, int], str] = {}
    enough = threading.Event()

    def send_all(number: int) -> None:
        for place, request in enumerate(forms[number]):
            if (number, place) not in acknowledged and (address := clients[number].record(request)):
                acknowledged[number, place] = address
                if len(acknowledged) >= KILL_AFTER:
                    enough.set()

    def kill_in_the_middle() -> None:
        assert enough.wait(60)
        site.kill()

    killing = threading.Thread(target=kill_in_the_middle)
    killing.start()
    together(send_all, range(CLIENTS))
    killing.join()
    before = dict(acknowledged)
    assert KILL_AFTER <= len(before) < REQUESTS

    def check_acknowledged() -> None:
        found = counted(site)
        assert {times for times, _anchor in found.values()} == {1}
        for (number, place), address in acknowledged.items():
            times, anchor = found[forms[number][place].submission]
            assert (times, anchor) == (1, urllib.parse.urlsplit(address).fragment)

    site.start()
    check_acknowledged()
    check(site)

    together(send_all, range(CLIENTS))
    assert len(acknowledged) == REQUESTS
    check_acknowledged()
    check(site)
    ours = {request.submission for own in forms for request in own}
    assert len(ours) == REQUESTS - CLIENTS
    assert ours <= set(counted(site))
    reader = Client(site)
    for number in range(1, 7):
        reader.ask(f"/en/recommendations/som-12-{number}/")
        assert "By " in reader.page


def test_one_form_sent_ten_times_at_once(site: Site, clients: list[Client]) -> None:
    same = Request(2, "Once, from everywhere.")
    one_person = [
        clients[0],
        *(Client(site, dict(clients[0].cookies), clients[0].token) for _ in range(19)),
    ]
    addresses = together(lambda client: client.record(same), one_person)
    assert len(set(addresses)) == 1
    assert addresses[0]
    assert counted(site)[same.submission][0] == 1
    check(site)
