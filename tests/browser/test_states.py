"""States and the matrix, as people use them: by eye, by keyboard, on a phone; axe finds nothing."""

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.browser.conftest import Enter
from tests.browser.site import Site
from tests.browser.test_accessibility import audit

pytestmark = pytest.mark.browser
PATHS = ("states/", "states/ML/", "states/ML/report/", "matrix/")
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def box(of: Locator) -> FloatRect:
    found = of.bounding_box()
    assert found is not None
    return found


def stretch(page: Page) -> Locator:
    """The table as if it had many rows and States: it scrolls both ways."""
    region = page.locator(".matrix")
    page.set_viewport_size({"width": 700, "height": 320})
    region.evaluate(
        """e => { for (const row of e.querySelectorAll("tr")) {
             const last = row.lastElementChild;
             for (let n = 0; n < 28; n++) row.append(last.cloneNode(true)); } }"""
    )
    return region


def test_many_in_a_strip_stay_on_the_page(two_states: Site, enter: Enter) -> None:
    page = enter(path="/en/", viewport={"width": 360, "height": 740})
    page.locator("#strip").evaluate(
        """e => { const one = e.firstElementChild;
             for (let n = 0; n < 60; n++) e.append(one.cloneNode(true)); }"""
    )
    assert page.evaluate(WIDER) <= 0


def test_nothing_is_in_the_way(two_states: Site, enter: Enter) -> None:
    """On a phone by day and on a laptop by night: axe finds nothing, nothing is wider than the page, and
    people come to a cell by keyboard, and see where they are."""
    found, wide = [], []
    for width, scheme in ((360, "light"), (1280, "dark")):
        page = enter(path="", viewport={"width": width, "height": 800})
        for path in PATHS:
            page.goto(f"/en/{path}")
            found += audit(page, f"{path} {width}", [scheme])
            if page.evaluate(WIDER) > 0:
                wide.append((path, width))
        page.locator(".matrix tbody th a").first.focus()
        page.keyboard.press("Tab")
        cell = page.locator(".matrix td a").first
        expect(cell).to_be_focused()
        expect(cell).to_be_in_viewport()
        page.keyboard.press("Enter")
        page.wait_for_url("**/recommendations/som-12-1/?state=ML")
    assert (found, wide) == ([], [])


def test_headings_stay_in_view(two_states: Site, enter: Enter) -> None:
    """Whatever is scrolled, the State and the recommendation of a cell can be read; and by keyboard the
    region scrolls."""
    page = enter(path="/en/matrix/")
    region = stretch(page)
    region.focus()
    expect(region).to_be_focused()
    head, row = page.locator(".matrix thead th").nth(1), page.locator(".matrix tbody th").nth(1)
    region.evaluate("e => e.scrollTo(200, 150)")
    within, top, side = box(region), box(head), box(row)
    assert abs(top["y"] - within["y"]) <= 2
    assert abs(side["x"] - within["x"]) <= 2
    last = page.locator(".matrix td a").last
    last.focus()
    expect(last).to_be_in_viewport()
    assert box(last)["x"] >= side["x"] + side["width"] - 1
    assert box(last)["y"] >= within["y"] + top["height"] - 1


def test_on_a_phone_it_is_a_list(two_states: Site, enter: Enter) -> None:
    page = enter(path="/en/matrix/", viewport={"width": 360, "height": 800})
    links = page.locator(".matrix tbody tr").first.locator("td a")
    first, second = box(links.nth(0)), box(links.nth(1))
    assert second["y"] >= first["y"] + first["height"]
    assert first["height"] >= 44
    shown = page.evaluate(
        "() => getComputedStyle(document.querySelector('td a'), '::before').content"
    )
    assert shown == '"Mali"'
    expect(links.first.locator("span")).to_have_text("In progress")
    assert box(links.first.locator("span"))["width"] > 40
    # It stays a table for who does not see it.
    expect(page.get_by_role("table").get_by_role("rowheader").first).to_be_visible()
    assert page.get_by_role("cell").count() >= 8
