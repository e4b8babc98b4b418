"""Many States carry out the same: each recommendation stands there once, and one's own State above."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.site import Site
from tests.browser.steps import FIRST, fill, send
from tests.browser.test_accessibility import audit
from tests.browser.test_states import WIDER

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
@pytest.mark.parametrize("language", ["/", "/en/"])
def test_nothing_is_in_the_way(
    many_states: Site, enter: Enter, width: int, scheme: str, language: str
) -> None:
    page = enter("contributor", "", viewport={"width": width, "height": 800})
    page.goto(language)
    expect(page.locator(".counts")).to_have_count(6)
    found = audit(page, f"overview {width}", [scheme])
    assert page.evaluate(WIDER) <= 0
    page.goto(language + "recommendations/som-12-1/")
    page.locator(".states summary").click()
    found += audit(page, f"states {width}", [scheme])
    assert page.evaluate(WIDER) <= 0
    assert found == []


def test_record_for_ones_own_state_above_the_others(many_states: Site, enter: Enter) -> None:
    page = enter("contributor")
    rows = page.locator(".row", has=page.locator(".act"))
    expect(rows).to_have_count(6)
    rows.first.get_by_role("link", name="Record").click()
    send(fill(rows.first, note="All of it is done.", status="implemented"))
    expect(page.get_by_role("status")).to_contain_text("Recorded")
    expect(rows.first.locator("[data-status]")).to_have_attribute("data-status", "implemented")
    expect(page.locator("#lately li").first).to_contain_text("Mali")
    expect(page.locator(".counts")).to_have_count(6)


@pytest.mark.parametrize("with_scripts", [True, False])
def test_choose_a_state_by_keyboard(many_states: Site, enter: Enter, with_scripts: bool) -> None:
    page = enter(path=FIRST, java_script_enabled=with_scripts)
    page.locator(".states summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("navigation", name="States").get_by_role("link").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/recommendations/som-12-1/?state=DZ")
