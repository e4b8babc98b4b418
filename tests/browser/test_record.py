"""Recording, amending and retracting in place, with htmx."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.site import Site
from tests.browser.steps import (
    DECREE,
    FIRST,
    entries,
    fill,
    form_in,
    kinds,
    note_of,
    record,
    send,
)

pytestmark = pytest.mark.browser

TWICE = """() => {
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  return ids.filter((id, place) => ids.indexOf(id) !== place);
}"""
"""The ids that more than one element has."""


def test_record_and_undo(site: Site, enter: Enter) -> None:
    page = enter("contributor", FIRST)
    before = entries(page).count()
    page.get_by_role("main").get_by_role("link", name="Record a follow-up").click()
    form = fill(page, note="A **decree** was signed.", url=DECREE, status="in_progress")
    expect(form.locator(".known").first).to_contain_text("New source")
    expect(form.locator("button.main")).to_have_text(re.compile("In progress"))
    form.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview strong")).to_have_text("decree")
    send(form)

    status = page.get_by_role("status")
    expect(status).to_contain_text("Recorded, with the status “in progress”.")
    expect(entries(page)).to_have_count(before + 1)
    newest = entries(page).first
    expect(newest).to_have_attribute("data-entry-status", "in_progress")
    expect(newest).to_contain_text("A decree was signed.")
    expect(newest.locator("h3")).to_be_focused()
    expect(page).to_have_url(re.compile(r"/en/recommendations/som-12-1/\?state=ML$"))
    expect(newest.get_by_role("link", name=DECREE)).to_be_visible()
    expect(page.locator("#standing [data-status]")).to_have_attribute("data-status", "in_progress")
    expect(page.locator("#counts")).to_contain_text(f"{before + 1} follow-ups")
    expect(page.locator("#sources")).to_contain_text(DECREE)
    expect(note_of(page)).to_have_value("")
    expect(form_in(page).locator("[name=status][value='']")).to_be_checked()

    status.get_by_role("button", name="Undo").click()
    expect(status).to_contain_text("Retracted")
    expect(page.locator("#standing [data-status]")).to_have_attribute(
        "data-status", "no_information"
    )
    expect(entries(page)).to_have_count(before + 2)
    assert kinds(page)[:2] == ["retraction", "follow_up"]
    expect(entries(page).nth(1).locator("del")).to_contain_text("A decree was signed.")
    expect(page.locator("#sources")).not_to_contain_text(DECREE)

    swapped = page.locator("#recommendation").inner_text()
    page.reload()
    assert page.locator("#recommendation").inner_text() == swapped


def test_record_on_the_overview(site: Site, enter: Enter) -> None:
    page = enter("contributor")
    row = page.locator(".row", has=page.locator(".number", has_text="3"))
    row.get_by_role("link", name="Record a follow-up").click()
    expect(page).to_have_url(re.compile("/en/$"))
    form = form_in(row)
    expect(form.locator("[name=note]")).to_be_focused()
    send(fill(row, note="Ten shelters have opened.", url=DECREE, status="partly_implemented"))

    expect(page.get_by_role("status")).to_contain_text("partly implemented")
    expect(form).to_have_count(0)
    expect(page.locator("#sentence")).to_contain_text("One is partly implemented")
    expect(page.locator("#strip li").nth(2)).to_have_class("partly_implemented")
    expect(row.locator("[data-status]")).to_have_attribute("data-status", "partly_implemented")
    expect(page.locator("#lately li").first).to_contain_text("Ten shelters have opened.")
    expect(page.locator("#overview h1")).to_be_focused()

    row.get_by_role("link", name="Record a follow-up").click()
    form.get_by_role("link", name="Cancel").click()
    expect(form).to_have_count(0)
    expect(row.get_by_role("link", name="Record a follow-up")).to_be_focused()
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("Retracted")
    expect(page.locator("#strip li").nth(2)).to_have_class("no_information")


def test_two_forms_on_the_overview(site: Site, enter: Enter) -> None:
    """A wrong field in one must not touch what was typed in the other."""
    page = enter("contributor")
    first, second = page.locator(".row").first, page.locator(".row").nth(1)
    first.get_by_role("link", name="Record a follow-up").click()
    first.locator("[name=note]").fill("Of the first.")
    second.get_by_role("link", name="Record a follow-up").click()
    expect(second.locator("[name=note]")).to_be_focused()
    assert page.evaluate(TWICE) == []
    second.locator("[name=url]").first.fill("nothing of the kind")
    send(second)
    expect(second.locator(".summary")).to_be_focused()
    if first.locator("form").count() == 0:
        first.get_by_role("link", name="Record a follow-up").click()
    expect(first.locator("[name=note]")).to_have_value("Of the first.")


def test_wrong_field_keeps_all(site: Site, enter: Enter) -> None:
    page = enter("contributor", FIRST)
    form = fill(page, note="Kept as *typed*.", url="ftp://example.org/x", status="implemented")
    page.locator("details summary", has_text="Title").first.click()
    form.locator("[name=title]").first.fill("The title")
    form.locator("[name=happened_on]").fill("2999-01-01")
    send(form)

    problems = page.locator("#problems")
    expect(problems).to_be_focused()
    expect(problems.get_by_role("listitem")).to_have_count(1)
    expect(note_of(page)).to_have_value("Kept as *typed*.")
    url = form.locator("[name=url]").first
    expect(url).to_have_value("ftp://example.org/x")
    expect(url).to_have_attribute("aria-invalid", "true")
    expect(form.locator("[name=title]").first).to_have_value("The title")
    expect(form.locator("[name=happened_on]")).to_have_value("2999-01-01")
    expect(form.locator("[name=status][value=implemented]")).to_be_checked()
    expect(form.locator("button.main")).to_have_text(re.compile("Implemented"))
    problems.get_by_role("link").first.click()
    expect(url).to_be_focused()

    url.fill(DECREE)
    send(form)
    expect(problems.get_by_role("link")).to_have_text(re.compile("When it happened"))
    form.locator("[name=happened_on]").fill("2026-01-02")
    send(form)
    expect(page.get_by_role("status")).to_contain_text("implemented")
    expect(entries(page).first).to_contain_text("Kept as typed.")
    expect(entries(page).first.get_by_role("link", name="The title")).to_be_visible()


def test_amend_and_retract(site: Site, enter: Enter) -> None:
    page = enter("contributor", FIRST)
    record(page, note="Forty posts.", url=DECREE)
    entry = page.locator(f"#{entries(page).first.get_attribute('id')}")
    entry.get_by_role("link", name="Amend").click()
    form = entry.locator("form.record")
    expect(form.locator("[name=reason]")).to_be_focused()
    expect(form.locator("[name=note]")).to_have_value("Forty posts.")
    expect(form.locator("[name=url]").first).to_have_value(DECREE)
    form.locator("[name=note]").fill("Fourteen posts.")
    send(form)  # without a reason
    expect(form.locator("[id^=problems]")).to_be_focused()
    expect(form.locator("[name=note]")).to_have_value("Fourteen posts.")
    form.locator("[name=reason]").fill("A slip of the pen")
    send(form)
    status = page.get_by_role("status")
    expect(status).to_contain_text("Amended")
    expect(status.get_by_role("button", name="Undo")).to_have_count(0)
    expect(entries(page).first.locator("h3")).to_be_focused()
    assert kinds(page)[:2] == ["amendment", "follow_up"]
    expect(entries(page).nth(1).locator("del")).to_contain_text("Forty posts.")
    expect(entries(page).nth(1)).to_contain_text("A slip of the pen")

    amendment = page.locator(f"#{entries(page).first.get_attribute('id')}")
    amendment.get_by_role("link", name="Retract").click()
    form = amendment.locator("form.record")
    expect(form.locator("[name=reason]")).to_be_focused()
    form.get_by_role("link", name="Cancel").click()
    expect(form).to_have_count(0)
    expect(amendment.get_by_role("link", name="Amend")).to_be_focused()
    amendment.get_by_role("link", name="Retract").click()
    form.locator("[name=reason]").fill("Nothing of it was right")
    send(form)
    expect(status).to_contain_text("Retracted")
    expect(status.get_by_role("button", name="Undo")).to_have_count(0)
    expect(entries(page).first).to_have_attribute("data-kind", "retraction")
    expect(entries(page).first).to_contain_text("Nothing of it was right")


def test_two_corrections_open_at_once(site: Site, enter: Enter) -> None:
    """A wrong field in one must not touch what was typed in the other."""
    page = enter("contributor", FIRST)
    record(page, note="The first.")
    record(page, note="The second.")
    second, first = (page.locator(f"#{e.get_attribute('id')}") for e in entries(page).all()[:2])
    first.get_by_role("link", name="Amend").click()
    first.locator("[name=reason]").fill("Of the first")
    second.get_by_role("link", name="Retract").click()
    expect(second.locator("[name=reason]")).to_be_focused()
    assert page.evaluate(TWICE) == []
    send(second.locator("form.record"))  # without a reason
    expect(second.locator(".summary")).to_be_focused()
    if first.locator("form").count() == 0:
        first.get_by_role("link", name="Amend").click()
    expect(first.locator("[name=reason]")).to_have_value("Of the first")


def test_several_sources(site: Site, enter: Enter) -> None:
    page = enter("editor", FIRST)
    form = fill(page, note="Seen in three places.")
    urls = form.locator("[name=url]")
    expect(urls.nth(1)).to_be_hidden()
    for number in range(3):
        urls.nth(number).fill(f"https://example.org/{number}")
    known = "https://www.lepays.ml/lutte-contre-le-trafic-illicite-de-migrants"
    urls.nth(3).fill(known)
    send(form)
    expect(page.get_by_role("status")).to_contain_text("Recorded")
    expect(entries(page).first.locator(".cite")).to_have_count(4)


def test_double_click_records_once(site: Site, enter: Enter) -> None:
    page = enter("contributor", FIRST)
    before = entries(page).count()
    fill(page, note="Once.").locator("button.main").dblclick()
    expect(page.get_by_role("status")).to_contain_text("ecorded")
    expect(entries(page)).to_have_count(before + 1)
    page.reload()
    expect(entries(page)).to_have_count(before + 1)


def test_internal(site: Site, enter: Enter) -> None:
    page = enter("contributor", FIRST)
    send(fill(page, note="For us alone.", status="implemented", internal=True))
    expect(page.get_by_role("status")).to_contain_text("Recorded internally")
    expect(entries(page).first.locator(".internal")).to_be_visible()
    expect(page.locator("#standing [data-status]")).to_have_attribute(
        "data-status", "no_information"
    )
    other: Page = enter(path=FIRST)
    expect(other.locator("body")).not_to_contain_text("For us alone.")


def test_foreign_contributor_reads_only(site: Site, enter: Enter) -> None:
    page = enter("foreign", FIRST)
    expect(page.locator("#timeline")).to_be_visible()
    expect(page.locator("form.record")).to_have_count(0)
    expect(page.get_by_role("link", name="Amend")).to_have_count(0)
    page.goto("/en/")
    expect(page.get_by_role("link", name="Record a follow-up")).to_have_count(0)
