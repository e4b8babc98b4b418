"""A meeting from its text, by keyboard alone: paste, merge, accept; axe finds nothing on the way."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.site import Site
from tests.browser.test_accessibility import audit
from tests.browser.test_keyboard import tab_to

pytestmark = pytest.mark.browser

TEXT = "Les recommandations suivantes : 1️⃣ agir ; 2️⃣ réagir ; 3️⃣ partir. Les défis restent nombreux."
FACTS = {
    "id_session": "13",
    "id_slug": "som-13",
    "id_starts_on": "2026-10-08",
    "id_ends_on": "2026-10-09",
    "id_place_en": "Vienna",
    "id_origin_url": "https://example.org/communique",
}


def press(page: Page, name: str, most: int = 60) -> None:
    tab_to(page, name, most)
    page.keyboard.press("Enter")


def test_paste_merge_accept(site: Site, enter: Enter) -> None:
    page = enter("editor", "/en/")
    page.get_by_role("link", name="Add a meeting").click()
    expect(page.locator("#id_pasted")).to_be_visible()
    tab_to(page, "id_pasted", 20)
    page.keyboard.insert_text(TEXT)
    found = audit(page, "text")
    press(page, "read", 6)
    expect(page.locator("#found")).to_contain_text("3 recommendations were found.")
    expect(page.locator("#given mark")).to_have_count(4)
    found += audit(page, "review")

    tab_to(page, "id_text_1", 24)
    press(page, "merge", 8)
    expect(page.locator("#id_text_1")).to_have_value("agir ; 2️⃣ réagir")
    expect(page.locator("#id_text_1")).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(" vite")
    press(page, "split", 8)
    expect(page.locator("#row-1 .likeness")).to_contain_text("As in the text.")
    expect(page.locator("#row-2 .likeness")).to_contain_text("These words differ")
    found += audit(page, "merged and split")

    page.locator("[name=accept]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#problems")).to_be_focused()
    found += audit(page, "refused")

    page.locator("#id_body").select_option("som")
    page.locator("#id_title_1").fill("Many challenges")
    page.locator("[name=states]").first.check()
    for field, value in FACTS.items():
        page.locator(f"#{field}").fill(value)
    page.locator("[name=accept]").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Added: the meeting")
    expect(page.locator(".row")).to_have_count(3)
    assert found == []


def test_hundreds_a_page_at_a_time(site: Site, enter: Enter) -> None:
    page = enter("editor", "/en/meetings/add/")
    items = "\n".join(f"6.{n} Agir {n} fois ;" for n in range(1, 432))
    page.locator("#id_pasted").fill(f"Les recommandations suivantes :\n{items}")
    page.locator("[name=read]").click()
    expect(page.locator("#rest")).to_contain_text("31 more")
    found = audit(page, "hundreds")
    with page.expect_download() as table:
        page.locator("[name=table]").click()
    assert table.value.suggested_filename == "recommendations.csv"
    page.get_by_role("button", name="Show 121 to 240").first.click()
    expect(page.locator("#id_text_121")).to_be_focused()
    expect(page.locator("#id_text_121")).to_have_value("Agir 121 fois")
    expect(page.locator("#rest")).to_contain_text("31 more")
    assert found + audit(page, "the second page") == []
