"""The same journeys in a browser that runs no script."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.site import Prepared, Site
from tests.browser.steps import DECREE, FIRST, entries, fill, kinds, note_of, send
from tests.browser.test_nothing_lost import MINE, sign_in_again

pytestmark = pytest.mark.browser


@pytest.fixture
def page(site: Site, enter: Enter) -> Page:
    return enter("contributor", FIRST, java_script_enabled=False)


def test_record_preview_amend_retract(page: Page) -> None:
    before = entries(page).count()
    form = fill(page, note="A **decree** was signed.", url=DECREE, status="in_progress")
    form.locator("[name=url]").nth(1).fill(f"{DECREE}/2")
    form.locator("[name=url]").nth(2).fill(f"{DECREE}/3")
    form.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview strong")).to_have_text("decree")
    expect(entries(page)).to_have_count(before)
    expect(form.locator("[name=url]").nth(2)).to_have_value(f"{DECREE}/3")
    send(form)
    expect(page).to_have_url(re.compile(r"/en/recommendations/som-12-1/\?state=ML#entry-\d+$"))
    status = page.get_by_role("status")
    expect(status).to_contain_text("Recorded, with the status “in progress”.")
    newest = entries(page).first
    expect(newest.locator(".cite")).to_have_count(3)
    expect(page.locator("#standing [data-status]")).to_have_attribute("data-status", "in_progress")
    expect(note_of(page)).to_have_value("")

    newest.get_by_role("link", name="Amend").click()
    form = page.locator("form.record")
    expect(form.locator("[name=note]")).to_have_value("A **decree** was signed.")
    form.locator("[name=note]").fill("Two decrees were signed.")
    send(form)
    expect(page.locator("[id^=problems]")).to_contain_text("Why is it amended?")
    expect(form.locator("[name=note]")).to_have_value("Two decrees were signed.")
    form.locator("[name=reason]").fill("There were two")
    send(form)
    expect(status).to_contain_text("Amended")
    expect(entries(page).nth(1).locator("del")).to_contain_text("A decree was signed.")

    entries(page).first.get_by_role("link", name="Retract").click()
    form.locator("[name=reason]").fill("There was none")
    send(form)
    expect(status).to_contain_text("Retracted")
    assert kinds(page)[:3] == ["retraction", "amendment", "follow_up"]
    expect(page.locator("#standing [data-status]")).to_have_attribute(
        "data-status", "no_information"
    )


def test_undo_and_the_way_from_the_overview(page: Page) -> None:
    page.goto("/en/")
    page.get_by_role("link", name="Record a follow-up to recommendation 3").click()
    expect(page).to_have_url(re.compile(r"/som-12-3/\?state=ML#record$"))
    send(fill(page, note="By mistake."))
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("Retracted")
    expect(entries(page).nth(1).locator("del")).to_contain_text("By mistake.")


def test_wrong_field(page: Page) -> None:
    form = fill(page, note=MINE, url="ftp://example.org/x", status="implemented")
    form.locator("[name=happened_on]").fill("2999-01-01")
    send(form)
    expect(page.locator("#problems a").first).to_be_visible()
    expect(note_of(page)).to_have_value(MINE)
    expect(form.locator("[name=url]").first).to_have_value("ftp://example.org/x")
    expect(form.locator("[name=happened_on]")).to_have_value("2999-01-01")
    expect(form.locator("[name=status][value=implemented]")).to_be_checked()


def test_conflict(page: Page, enter: Enter) -> None:
    other = enter("editor", FIRST, java_script_enabled=False)
    send(fill(other, note="Theirs, meanwhile."))
    expect(other.get_by_role("status")).to_contain_text("Recorded")
    before = entries(page).count()
    send(fill(page, note=MINE))
    expect(page.locator("[data-meanwhile]")).to_contain_text("Sofia Keller")
    expect(page.locator("[data-meanwhile]")).to_contain_text("Theirs, meanwhile.")
    expect(note_of(page)).to_have_value(MINE)
    page.get_by_role("button", name="Record all the same").click()
    expect(page.get_by_role("status")).to_contain_text("Recorded")
    expect(entries(page)).to_have_count(before + 2)


def test_somebody_else_amended_meanwhile(page: Page, enter: Enter) -> None:
    send(fill(page, note="Forty posts."))
    entries(page).first.get_by_role("link", name="Amend").click()
    form = page.locator("form.record")
    form.locator("[name=note]").fill(MINE)
    form.locator("[name=reason]").fill("Fourteen it was")
    colleague = enter("editor", page.url, java_script_enabled=False)
    colleague.locator("[name=note]").fill("Fifteen posts.")
    colleague.locator("[name=reason]").fill("Counted again")
    send(colleague.locator("form.record"))
    expect(colleague.get_by_role("status")).to_contain_text("Amended")
    expect(colleague.get_by_role("status").get_by_role("button", name="Undo")).to_have_count(0)

    send(form)
    meanwhile = page.locator("[data-meanwhile]")
    expect(meanwhile).to_contain_text("Fifteen posts.")
    expect(form.locator("[name=note]")).to_have_value(MINE)
    expect(form.locator("[name=reason]")).to_have_value("Fourteen it was")
    meanwhile.get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"/som-12-1/\?state=ML#entry-\d+$"))
    expect(entries(page).first).to_contain_text("Fifteen posts.")


def test_expired_session(page: Page, prepared: Prepared) -> None:
    form = fill(page, note=MINE, url=DECREE, status="in_progress")
    page.context.clear_cookies(name="suivi_session")
    send(form)
    expect(page.get_by_role("main")).to_contain_text("What you typed is kept")
    sign_in_again(page, prepared)
    expect(note_of(page)).to_have_value(MINE)
    expect(form.locator("[name=url]").first).to_have_value(DECREE)
    expect(form.locator("[name=status][value=in_progress]")).to_be_checked()
    send(form)
    expect(page.get_by_role("status")).to_contain_text("in progress")


def test_double_click_records_once(page: Page) -> None:
    before = entries(page).count()
    fill(page, note="Once.").locator("button.main").dblclick()
    expect(page.get_by_role("status")).to_contain_text("ecorded")
    expect(entries(page)).to_have_count(before + 1)


def test_filters(page: Page) -> None:
    page.goto("/en/recommendations/")
    page.locator("#id_q").fill("evaluation")
    page.locator("#id_status").select_option("no_information")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile(r"q=evaluation&status=no_information"))
    expect(page.locator("#results .row")).to_have_count(1)
    expect(page.locator("#id_q")).to_have_value("evaluation")
    page.goto(FIRST)
    page.locator("#show").get_by_role("link", name="notes").click()
    expect(page).to_have_url(re.compile("show=notes"))
    expect(page.locator("#timeline")).to_contain_text("No entry says this.")
