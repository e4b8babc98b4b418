"""Light: what a first visit costs on a slow and dear line, as it comes over the wire."""

import gzip
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Enter
from tests.browser.site import Site

pytestmark = pytest.mark.browser

KB = 1024
HEADERS = 400
PATHS = ["recommendations/", *(f"recommendations/som-12-{number}/" for number in range(1, 7))]
NEW = [
    "meetings/som-12/",
    "states/",
    "states/ML/",
    "matrix/",
    "changes/",
    "verify/",
    "recommendations/som-12-1/cite/",
]
SIGNED_IN = ["", *PATHS[:2], "accounts/password/"]
PAGES = {
    "reader": ["", *PATHS, *NEW, "accounts/login/", "nothing/is/here/"],
    "contributor": SIGNED_IN,
    "editor": SIGNED_IN,
}


@dataclass
class Visit:
    """What came for one page, headers included."""

    requests: int = 0
    received: int = 0


def weigh(page: Page, path: str) -> Visit:
    cost = Visit()

    def finished(event: dict[str, Any]) -> None:
        if size := int(event["encodedDataLength"]):  # none for the browser's own pictures
            cost.requests += 1
            cost.received += size
            counted.append(addresses.get(event["requestId"], ""))

    def answered(event: dict[str, Any]) -> None:
        addresses[event["requestId"]] = event["response"]["url"]

    addresses: dict[str, str] = {}
    counted: list[str] = []
    client = page.context.new_cdp_session(page)
    client.on("Network.loadingFinished", finished)
    client.on("Network.responseReceived", answered)
    client.send("Network.enable")
    page.goto(path)
    client.send("Network.disable")  # by its answer, all that came before was told
    # Chromium without a window may ask for no icon, or later, or for one that it kept of another visit:
    # it is counted as with one.
    icon = page.locator("link[rel=icon]").get_attribute("href") or ""
    if not any(address.endswith(icon) for address in counted):
        cost.requests += 1
        cost.received += int(page.request.get(icon).headers["content-length"]) + HEADERS
    return cost


@pytest.mark.parametrize("who", ["reader", "contributor", "editor"])
def test_first_visit(site: Site, enter: Enter, who: str) -> None:
    """Of any page: at most 30 KB in at most 6 requests. In French, which takes more letters."""
    heavy = {}
    for path in PAGES[who]:
        page = enter(who, path="")
        cost = weigh(page, f"/{path}")
        page.context.close()
        assert cost.requests > 2
        if cost.requests > 6 or cost.received > 30 * KB:
            heavy[path] = cost
    assert heavy == {}


@pytest.mark.parametrize("language", ["/", "/en/"])
def test_list_and_detail(site: Site, enter: Enter, language: str) -> None:
    """The HTML of list and detail, for the six: at most 5 KB compressed."""
    page = enter(path="")
    large = {}
    for path in (language + path for path in PATHS):
        answer = page.request.get(path, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["content-encoding"] == "gzip"
        sent = len(gzip.compress(answer.body(), 6))  # the body comes to us unpacked
        if sent > 5 * KB:
            large[path] = sent
    assert large == {}
