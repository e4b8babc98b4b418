"""Two States carry out one recommendation: each has its own row, page, form, drafts and history."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Enter
from tests.browser.site import Site
from tests.browser.steps import DECREE, FIRST, entries, fill, form_in, kept_drafts, record, send
from tests.browser.test_record import TWICE

pytestmark = pytest.mark.browser


def row_of(page: Page, state: str, number: int = 1) -> Locator:
    """The row of the overview on which that State's part in that recommendation is."""
    named = page.locator(".row", has=page.locator(".number", has_text=str(number)))
    return named.filter(has=page.locator(".what > span", has_text=state))


def address(state: str, after: str = "$") -> re.Pattern[str]:
    return re.compile(rf"/en/recommendations/som-12-1/\?state={state}{after}")


def test_record_for_the_second_state(two_states: Site, enter: Enter) -> None:
    page = enter("editor")
    expect(page.locator(".row")).to_have_count(8)
    row_of(page, "Niger").locator(".what a").click()
    expect(page).to_have_url(address("NE"))
    states = page.get_by_role("navigation", name="States")
    expect(states.locator("[aria-current]")).to_have_text("Niger")
    expect(entries(page)).to_have_count(0)

    record(page, note="Niger has done all of it.", status="implemented", url=DECREE)
    expect(page).to_have_url(address("NE"))
    expect(states.locator("[aria-current]")).to_have_text("Niger")
    expect(page.locator("#standing [data-status]")).to_have_attribute("data-status", "implemented")
    page.locator("#show").get_by_role("link", name="notes").click()
    expect(page).to_have_url(address("NE", "&show=notes#timeline$"))
    expect(entries(page)).to_have_count(1)

    states.get_by_role("link", name="Mali").click()
    expect(page).to_have_url(address("ML"))
    expect(page.locator("#standing [data-status]")).to_have_attribute("data-status", "in_progress")
    expect(page.locator("#timeline")).not_to_contain_text("Niger has done all of it.")

    page.goto("/en/")
    niger, mali = row_of(page, "Niger"), row_of(page, "Mali")
    expect(niger.locator("[data-status]")).to_have_attribute("data-status", "implemented")
    expect(mali.locator("[data-status]")).to_have_attribute("data-status", "in_progress")
    newest = page.locator("#lately li").first
    expect(newest).to_contain_text("Niger has done all of it.")
    newest.get_by_role("link").click()
    expect(page).to_have_url(address("NE", r"#entry-\d+$"))
    expect(entries(page).first).to_contain_text("Niger has done all of it.")
    page.get_by_role("navigation", name="Languages").get_by_role("link", name="Français").click()
    expect(page).to_have_url(re.compile(r"\d/recommendations/som-12-1/\?state=NE$"))


def test_each_records_for_their_own(two_states: Site, enter: Enter) -> None:
    page = enter("foreign", FIRST)
    states = page.get_by_role("navigation", name="States")
    expect(states.locator("[aria-current]")).to_have_text("Niger")
    expect(form_in(page)).to_be_visible()
    states.get_by_role("link", name="Mali").click()
    expect(page).to_have_url(address("ML"))
    expect(entries(page).first).to_be_visible()
    expect(form_in(page)).to_have_count(0)

    page.goto("/en/")
    niger, mali = row_of(page, "Niger", 3), row_of(page, "Mali", 3)
    expect(mali.get_by_role("link", name="Record")).to_have_count(0)
    niger.get_by_role("link", name="Record").click()
    send(fill(niger, note="A first shelter has opened in Agadez.", status="in_progress"))
    expect(page.get_by_role("status")).to_contain_text("in progress")
    expect(niger.locator("[data-status]")).to_have_attribute("data-status", "in_progress")
    expect(mali.locator("[data-status]")).to_have_attribute("data-status", "no_information")
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("Retracted")
    expect(niger.locator("[data-status]")).to_have_attribute("data-status", "no_information")


def test_both_forms_open_at_once(two_states: Site, enter: Enter) -> None:
    """Of one recommendation: neither takes what was typed in the other, nor its draft."""
    page = enter("editor")
    niger, mali = row_of(page, "Niger"), row_of(page, "Mali")
    for row in (mali, niger):
        row.get_by_role("link", name="Record").click()
        expect(row.locator("[name=note]")).to_be_focused()
    assert page.evaluate(TWICE) == []
    fill(mali, note="Of Mali.")
    form = fill(niger, note="Of Niger.")
    assert kept_drafts(page) == 2
    form.get_by_role("button", name="Preview").click()
    expect(niger.locator(".preview")).to_contain_text("Of Niger.")
    expect(mali.locator(".preview")).to_have_count(0)
    send(form)
    expect(page.get_by_role("status")).to_contain_text("Recorded")
    expect(page.locator("#lately li").first).to_contain_text("Of Niger.")
    assert kept_drafts(page) == 1
    if form_in(mali).count() == 0:
        mali.get_by_role("link", name="Record").click()
    expect(mali.locator("[name=note]")).to_have_value("Of Mali.")
    niger.get_by_role("link", name="Record").click()
    expect(niger.locator("[name=note]")).to_have_value("")


def test_without_javascript(two_states: Site, enter: Enter) -> None:
    page = enter("editor", java_script_enabled=False)
    row_of(page, "Niger").get_by_role("link", name="Record").click()
    expect(page).to_have_url(address("NE", "#record$"))
    send(fill(page, note="Of Niger.", status="in_progress", url=DECREE))
    expect(page).to_have_url(address("NE", r"#entry-\d+$"))
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("Retracted")
    expect(page).to_have_url(address("NE", r"#entry-\d+$"))
    expect(entries(page)).to_have_count(2)
