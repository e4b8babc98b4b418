"""A long table, as a person sees it come in: the page grows while the server works, whatever runs in it."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.site import Site
from tests.load.imports import table, write

pytestmark = pytest.mark.browser

ROWS = 2000


def seen_on_the_way(page: Page, done: str) -> bool:
    """Whether the page says how far it has come before it says that it has come to its end."""
    line = page.locator("#progress li:last-child")
    expect(line).to_contain_text(done)
    was_on_the_way = page.locator("#outcome").count() == 0
    expect(page.locator("#outcome")).to_be_visible(timeout=60_000)
    return was_on_the_way


@pytest.mark.parametrize("scripts", [True, False])
def test_progress_is_seen(site: Site, enter: Enter, tmp_path: Path, scripts: bool) -> None:
    rows = table(ROWS)
    for row in rows:
        row[0] = f"new.{row[0]}"
        row[7] = ""
    write(tmp_path / "long.csv", rows)
    page = enter("editor", "/en/import/", java_script_enabled=scripts)
    page.locator("#id_file").set_input_files(tmp_path / "long.csv")
    page.get_by_role("button", name="Send the table").click()
    page.locator("#id_meeting").select_option("som-12")
    page.locator("#id_origin").fill("https://example.org/report")
    page.get_by_role("button", name="Check the table").click(no_wait_after=True)
    expect(page.locator("#outcome")).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="See what was found").click()
    page.get_by_role("button", name=f"Import {ROWS} rows").click(no_wait_after=True)
    assert seen_on_the_way(page, "Imported")
    page.get_by_role("link", name="See what was imported").click()
    expect(page.locator("main")).to_contain_text(f"{ROWS} rows were imported")
