"""The page on which an editor links recommendations: by keyboard alone, and axe finds nothing."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.site import Site
from tests.browser.test_accessibility import audit
from tests.browser.test_keyboard import tab, tab_to

pytestmark = pytest.mark.browser
LINKS = "/en/recommendations/som-12-2/links/"


def test_a_link_is_confirmed_and_removed_by_keyboard(site: Site, enter: Enter) -> None:
    page = enter("editor", LINKS)
    found = audit(page, "nothing yet")
    tab_to(page, "other")
    page.keyboard.type("som-12-1")
    page.keyboard.press("Enter")
    expect(page.locator("#problems")).to_contain_text("Choose what one is to the other.")
    found += audit(page, "422")
    tab_to(page, "kind")
    page.keyboard.press("Space")
    tab(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Recorded")
    expect(page.locator(".linked")).to_contain_text("Repeats som-12-1")
    found += audit(page, "confirmed")
    page.get_by_role("button", name="Remove the link to som-12-1").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Removed")
    assert found == []
