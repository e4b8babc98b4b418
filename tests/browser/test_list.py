"""The list: it filters as one types, and its address says what is shown."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OFFLINE, Complaints, Enter
from tests.browser.site import Site

pytestmark = pytest.mark.browser


def test_filters_as_one_types(told: Site, enter: Enter, complaints: Complaints) -> None:
    page = enter(path="/en/recommendations/")
    rows = page.locator("#results .row")
    expect(rows).to_have_count(6)
    words = page.locator("#id_q")
    words.press_sequentially("evaluation", delay=20)
    expect(page).to_have_url(re.compile(r"\?q=evaluation$"))
    expect(rows).to_have_count(1)
    expect(words).to_be_focused()
    expect(page.locator("#announce")).to_have_text("1 recommendation")
    expect(page.get_by_role("link", name="CSV")).to_have_attribute(
        "href", "/en/recommendations.csv?q=evaluation"
    )
    words.fill("")
    page.locator("#id_status").select_option("in_progress")
    expect(page).to_have_url(re.compile(r"\?status=in_progress$"))
    expect(rows).to_have_count(4)
    words.fill("zebra")
    expect(rows).to_have_count(0)
    expect(page.locator("#results")).to_contain_text("No recommendation matches")
    expect(page.locator("#announce")).to_have_text("0 recommendations")

    page.go_back()
    expect(page).to_have_url(re.compile(r"\?status=in_progress$"))
    expect(rows).to_have_count(4)
    expect(page.locator("#id_status")).to_have_value("in_progress")
    expect(words).to_have_value("")
    page.go_forward()
    expect(rows).to_have_count(0)
    expect(words).to_have_value("zebra")
    page.reload()
    expect(rows).to_have_count(0)
    page.get_by_role("link", name="Show all").click()
    expect(rows).to_have_count(6)


def test_after_going_back_it_still_says_what_went_wrong(
    told: Site, enter: Enter, complaints: Complaints
) -> None:
    complaints.expect(*OFFLINE)
    page = enter(path="/en/recommendations/")
    page.locator("#id_status").select_option("in_progress")
    expect(page.locator("#results .row")).to_have_count(4)
    page.go_back()
    expect(page.locator("#results .row")).to_have_count(6)
    page.context.set_offline(True)
    page.locator("#id_status").select_option("no_information")
    expect(page.get_by_role("alert")).to_contain_text("The line dropped")
    expect(page.locator("#results .row")).to_have_count(6)


def test_search_from_the_head_of_a_page(told: Site, enter: Enter) -> None:
    page = enter()
    page.get_by_role("searchbox").fill("awareness")
    page.get_by_role("searchbox").press("Enter")
    expect(page).to_have_url(re.compile(r"/en/recommendations/\?q=awareness$"))
    expect(page.locator("#results .row")).to_have_count(1)
    expect(page.locator("#id_q")).to_have_value("awareness")
    page.locator("#results .row a").first.click()
    expect(page.locator("#recommendation")).to_be_visible()
    page.go_back()
    expect(page.locator("#results .row")).to_have_count(1)
