"""Past days, confirming, comparing and checking, as people do it in a browser."""

import datetime as dt
import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.site import Site
from tests.browser.steps import FIRST, entries, kinds
from tests.browser.test_accessibility import audit
from tests.browser.test_keyboard import tab_to

pytestmark = pytest.mark.browser


@cache
def today() -> str:
    """The same day for all tests, though midnight come between them: the site begins from before."""
    return dt.datetime.now(dt.UTC).date().isoformat()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_date_picker_leads_to_a_past_page(told: Site, enter: Enter, scripts: bool) -> None:
    page = enter(java_script_enabled=scripts)
    page.locator(".as-of summary").click()
    page.locator("#as_of").fill(today())
    page.locator(".as-of").get_by_role("button").click()
    expect(page.locator(".past")).to_contain_text("Nothing can be recorded here")
    page.locator(".row a").first.click()
    expect(page).to_have_url(re.compile(rf"/recommendations/som-12-1/\?as_of={today()}$"))
    expect(page.locator(".past")).to_be_visible()
    page.locator(".past a").first.click()
    expect(page).to_have_url(re.compile(r"/recommendations/som-12-1/$"))
    expect(page.locator(".past")).to_have_count(0)


def test_the_date_picker_is_reached_by_keyboard(told: Site, enter: Enter) -> None:
    page = enter()
    tab_to(page, "as of another day", 20)
    page.keyboard.press("Enter")
    tab_to(page, "as_of", 2)


def test_filters_keep_the_day(told: Site, enter: Enter) -> None:
    page = enter(path=f"/en/recommendations/?as_of={today()}")
    page.locator("#id_status").select_option("in_progress")
    expect(page.locator("#results .row")).to_have_count(4)
    expect(page).to_have_url(re.compile(rf"as_of={today()}"))
    expect(page.locator("#results .row a").first).to_have_attribute(
        "href", re.compile(rf"as_of={today()}")
    )


def test_confirm_and_undo(site: Site, enter: Enter) -> None:
    page = enter("contributor", FIRST)
    before = entries(page).count()
    page.get_by_role("button", name="Confirmed, no change").click()
    expect(page.get_by_role("status")).to_contain_text("Confirmed")
    expect(entries(page)).to_have_count(before + 1)
    expect(entries(page).first.locator("h3")).to_be_focused()
    expect(page.locator("#looked")).to_contain_text("last confirmed")
    assert audit(page, "confirmed") == []
    page.get_by_role("button", name="Undo").click()
    expect(entries(page)).to_have_count(before + 2)
    assert kinds(page)[:2] == ["retraction", "confirmation"]
    expect(page.locator("#looked")).not_to_contain_text("last confirmed")


def test_confirm_by_keyboard(site: Site, enter: Enter) -> None:
    page = enter("contributor", FIRST)
    tab_to(page, "Confirmed, no change", 40)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Confirmed")


def test_confirm_without_javascript(site: Site, enter: Enter) -> None:
    page = enter("contributor", FIRST, java_script_enabled=False)
    page.get_by_role("button", name="Confirmed, no change").click()
    expect(page.get_by_role("status")).to_contain_text("Confirmed")
    assert kinds(page)[0] == "confirmation"


@pytest.mark.parametrize("language", ["/"])
def test_what_is_new_is_accessible(told: Site, enter: Enter, language: str) -> None:
    page = enter(path="")
    found = []
    for path in (
        f"?as_of={today()}",
        "?as_of=1999-01-01",
        "meetings/som-12/",
        f"recommendations/som-12-4/?as_of={today()}",
        "recommendations/som-12-4/?show=edits",
        "recommendations/som-12-4/cite/",
        "changes/",
        "changes/?from=tomorrow",
        "changes/cite/",
        "verify/",
        "verify/?digest=nothing",
    ):
        page.goto(language + path)
        # Every page in both languages, each of them in one of the colour schemes: the style is the same.
        found += audit(page, language + path, ["light" if language == "/" else "dark"])
    assert found == []


def test_nothing_is_wider_than_a_phone(told: Site, enter: Enter) -> None:
    page = enter(path="")
    page.set_viewport_size({"width": 360, "height": 800})
    wide = {}
    for path in ("changes/", "verify/", "recommendations/som-12-4/cite/", f"?as_of={today()}"):
        page.goto(f"/en/{path}")
        wide[path] = page.evaluate("document.documentElement.scrollWidth")
    assert max(wide.values()) <= 360, wide


def test_one_link_prints_the_comparison(told: Site, enter: Enter) -> None:
    page = enter(path="/en/changes/")
    page.evaluate("() => { window.print = () => { document.title = 'printed'; }; }")
    page.get_by_role("link", name="Print").click()
    expect(page).to_have_title("printed")


def test_without_javascript_there_is_no_link_that_does_nothing(told: Site, enter: Enter) -> None:
    page = enter(path="/en/changes/", java_script_enabled=False)
    expect(page.get_by_role("link", name="Print")).to_have_count(0)


def test_printed_pages_carry_the_digest(told: Site, enter: Enter) -> None:
    page = enter(path="/en/verify/")
    digest = page.locator(".digest").first.inner_text()
    for path in ("/en/", "/en/changes/", "/en/recommendations/som-12-4/"):
        page.goto(path)
        page.emulate_media(media="print")
        expect(page.locator("#record-digest")).to_be_visible()
        expect(page.locator("#record-digest")).to_contain_text(digest)


def test_the_ledger_checks_offline(told: Site, enter: Enter, tmp_path: Path) -> None:
    """As the page says: both files in one folder, one command."""
    page = enter(path="/en/verify/")
    for name in ("suivi-ledger.jsonl", "suivi_verify.py"):
        with page.expect_download() as waiting:
            page.get_by_role("link", name=name).click()
        waiting.value.save_as(tmp_path / name)
    command = page.locator("pre").first.inner_text().split()
    done = subprocess.run(
        [sys.executable, *command[1:]], cwd=tmp_path, capture_output=True, text=True
    )
    head = json.loads((tmp_path / "suivi-ledger.jsonl").read_text().splitlines()[0])
    assert done.returncode == 0, done.stdout + done.stderr
    assert head["digest"] in done.stdout


def tells(page: Page) -> str:
    return page.locator("main").inner_text()


def test_the_changes_are_those_of_the_stage(told: Site, enter: Enter) -> None:
    page = enter(path="/en/changes/")
    assert "changed" in tells(page)
    page.goto(f"/en/changes/?from={today()}&to={today()}")
    assert "nothing" in tells(page).lower()
