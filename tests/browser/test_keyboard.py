"""By keyboard alone: everything is reached, in order, and one sees where one is."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.site import Site
from tests.browser.steps import DECREE, FIRST, entries, note_of

pytestmark = pytest.mark.browser

# What has the focus: its name, whether it is outlined or otherwise set off, and whether it can be seen.
FOCUSED = """() => {
  const element = document.activeElement, style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const x = box.left + Math.min(box.width, 20) / 2, y = box.top + Math.min(box.height, 20) / 2;
  const top = document.elementFromPoint(x, y);
  return {
    name: element.id || element.name || element.textContent.trim().slice(0, 40) || element.tagName,
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    seen: box.width > 0 && box.height > 0 && top !== null
      && (element.contains(top) || top.contains(element) || element.labels?.[0]?.contains(top)),
  };
}"""


def tab(page: Page, key: str = "Tab") -> str:
    """Go on by one; the name of what has the focus then, which must be seen to have it."""
    page.keyboard.press(key)
    now = page.evaluate(FOCUSED)
    assert now["outlined"], f"{now['name']} does not show that it has the focus"
    assert now["seen"], f"{now['name']} has the focus and cannot be seen"
    return str(now["name"])


def tab_to(page: Page, name: str, most: int = 60) -> list[str]:
    """Go on until that has the focus; the names of what was passed."""
    passed: list[str] = []
    for _ in range(most):
        passed.append(tab(page))
        if passed[-1] == name:
            return passed
    raise AssertionError(f"{name} was not reached, but {passed}")


def test_record_by_keyboard_alone(site: Site, enter: Enter) -> None:
    page = enter("contributor", FIRST)
    before = entries(page).count()
    assert tab(page) == "Skip to the content"
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()

    passed = tab_to(page, "id_note")
    assert "find" not in passed  # the head of the page was skipped
    page.keyboard.type("By keyboard alone.")
    tab_to(page, "id_url_1", 2)  # past the corner by which the field above is made larger
    page.keyboard.type(DECREE)
    tab_to(page, "status", 12)
    for _ in range(3):  # from "no change" to "in progress"
        tab(page, "ArrowDown")
    expect(page.locator("[name=status][value=in_progress]")).to_be_checked()
    tab_to(page, "send", 16)
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_contain_text("in progress")
    expect(entries(page)).to_have_count(before + 1)
    newest = entries(page).first
    expect(newest.locator("h3")).to_be_focused()
    tab_to(page, "Amend", 6)
    page.keyboard.press("Enter")
    expect(newest.locator("form [name=reason]")).to_be_focused()
    page.keyboard.type("A slip of the pen")
    tab_to(page, "Cancel", 40)
    page.keyboard.press("Enter")
    expect(newest.get_by_role("link", name="Amend")).to_be_focused()
    tab_to(page, "Retract", 2)
    page.keyboard.press("Enter")
    expect(newest.locator("form [name=reason]")).to_be_focused()
    page.keyboard.type("Only to try")
    tab_to(page, "send", 2)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Retracted")
    expect(entries(page).first.locator("h3")).to_be_focused()


def test_everything_on_the_overview_and_the_list(site: Site, enter: Enter) -> None:
    page = enter("contributor")
    passed = tab_to(page, "Atom")
    assert passed.count("Record") == 6
    page.goto("/en/recommendations/")
    tab_to(page, "id_q", 14)
    page.keyboard.type("awareness")
    expect(page.locator("#results .row")).to_have_count(1)
    expect(page.locator("#id_q")).to_be_focused()
    tab_to(page, "Prevention and awareness-raising", 16)
    page.keyboard.press("Enter")
    expect(note_of(page)).to_be_visible()
