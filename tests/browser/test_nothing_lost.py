"""Nothing typed is lost: by a colleague, a session, a line, a proxy, a closed tab."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OFFLINE, Complaints, Enter
from tests.browser.site import Prepared, Site
from tests.browser.steps import (
    DECREE,
    FIRST,
    entries,
    fill,
    form_in,
    kept_drafts,
    note_of,
    record,
    send,
)

pytestmark = pytest.mark.browser

MINE = "Mine: the decree was signed, and this took an hour to write."
RECORDING = re.compile(r"/recommendations/som-12-1/\?")
KNOWN = re.compile(r"/sources/known/")
SAID = {"Amend": "Amended.", "Retract": "Retracted."}


def sign_in_again(page: Page, prepared: Prepared, who: str = "contributor") -> None:
    page.locator("[name=username]").fill(who)
    page.locator("[name=password]").fill(prepared.cast[who]["password"])
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def test_somebody_else_recorded_meanwhile(site: Site, enter: Enter) -> None:
    page = enter("contributor", FIRST)
    record(enter("editor", FIRST), note="Theirs, meanwhile.")
    before = entries(page).count()
    form = fill(page, note=MINE, url=DECREE, status="in_progress")
    send(form)
    meanwhile = page.locator("[data-meanwhile]")
    expect(meanwhile).to_be_focused()
    expect(meanwhile).to_contain_text("Sofia Keller")
    expect(meanwhile).to_contain_text("Theirs, meanwhile.")
    expect(note_of(page)).to_have_value(MINE)
    expect(form.locator("[name=url]").first).to_have_value(DECREE)
    expect(form.locator("[name=status][value=in_progress]")).to_be_checked()
    form.get_by_role("button", name="Record all the same").click()
    expect(page.get_by_role("status")).to_contain_text("Recorded")
    expect(entries(page)).to_have_count(before + 2)
    expect(entries(page).first).to_contain_text("Mine:")
    assert kept_drafts(page) == 0


def test_somebody_else_recorded_meanwhile_on_the_overview(site: Site, enter: Enter) -> None:
    page = enter("contributor")
    row = page.locator(".row").first
    row.get_by_role("link", name="Record a follow-up").click()
    record(enter("editor", FIRST), note="Theirs, meanwhile.")
    form = fill(row, note=MINE, url=DECREE, status="in_progress")
    send(form)
    meanwhile = row.locator("[data-meanwhile]")
    expect(meanwhile).to_be_focused()
    expect(meanwhile).to_contain_text("Theirs, meanwhile.")
    expect(form).to_have_count(1)
    expect(form.locator("[name=note]")).to_have_value(MINE)
    expect(form.locator("[name=url]").first).to_have_value(DECREE)
    expect(form.locator("[name=status][value=in_progress]")).to_be_checked()
    form.get_by_role("button", name="Record all the same").click()
    expect(page.get_by_role("status")).to_contain_text("in progress")
    expect(row.locator("[data-status]")).to_have_attribute("data-status", "in_progress")
    expect(form).to_have_count(0)
    assert kept_drafts(page) == 0


def test_somebody_else_amended_meanwhile(site: Site, enter: Enter) -> None:
    page = enter("contributor", FIRST)
    record(page, note="Forty posts.")
    address = entries(page).first.get_by_role("link", name="Retract").get_attribute("href") or ""
    entries(page).first.get_by_role("link", name="Amend").click()
    form = entries(page).first.locator("form.record")
    form.locator("[name=reason]").fill("Fourteen it was")
    form.locator("[name=note]").fill(MINE)

    colleague = enter("editor", address)
    colleague.locator("[name=reason]").fill("Reported by mistake")
    send(colleague.locator("form.record"))
    expect(colleague.get_by_role("status")).to_contain_text("Retracted")

    send(form)
    expect(page.locator("[data-meanwhile]")).to_contain_text("Reported by mistake")
    expect(page.locator("[data-meanwhile]")).to_be_focused()
    expect(form.locator("[name=note]")).to_have_value(MINE)
    expect(form.locator("[name=reason]")).to_have_value("Fourteen it was")


@pytest.mark.parametrize("with_scripts", [True, False])
@pytest.mark.parametrize("what", ["Amend", "Retract"])
def test_the_way_to_correct_what_was_corrected_already(
    site: Site, enter: Enter, what: str, with_scripts: bool
) -> None:
    """From a page opened before: one is led to what stands now, without an alarm."""
    page = enter("contributor", FIRST, java_script_enabled=with_scripts)
    send(fill(page, note="Forty posts."))
    expect(page.get_by_role("status")).to_contain_text("Recorded")
    link = entries(page).first.get_by_role("link", name=what)
    colleague = enter("editor", (link.get_attribute("href") or "").replace("retract", "amend"))
    colleague.locator("[name=note]").fill("Fourteen posts.")
    colleague.locator("[name=reason]").fill("A slip of the pen")
    send(colleague.locator("form.record"))
    expect(colleague.get_by_role("status")).to_contain_text("Amended")

    link.click()
    expect(page).to_have_url(re.compile(r"/som-12-1/\?state=ML#entry-\d+$"))
    expect(entries(page).first).to_contain_text("Fourteen posts.")
    expect(page.get_by_role("alert")).to_be_empty()


@pytest.mark.parametrize("start", [FIRST, "/en/"])
def test_expired_session(site: Site, enter: Enter, prepared: Prepared, start: str) -> None:
    page = enter("contributor", start)
    if start == "/en/":
        page.get_by_role("link", name="Record a follow-up to recommendation 1").click()
    form = fill(page, note=MINE, url=DECREE, status="in_progress")
    page.context.clear_cookies(name="suivi_session")
    send(form)
    expect(page).to_have_url(re.compile("/en/accounts/login/"))
    expect(page.get_by_role("main")).to_contain_text("What you typed is kept")
    sign_in_again(page, prepared)
    expect(note_of(page)).to_have_value(MINE)
    expect(form.locator("[name=url]").first).to_have_value(DECREE)
    expect(form.locator("[name=status][value=in_progress]")).to_be_checked()
    expect(page.locator("form.record .notice[data-focus]")).to_be_focused()
    send(form)
    expect(page.get_by_role("status")).to_contain_text("in progress")
    expect(entries(page).first).to_contain_text("Mine:")
    page.reload()
    expect(note_of(page)).to_have_value("")


def test_expired_session_and_somebody_else(site: Site, enter: Enter, prepared: Prepared) -> None:
    page = enter("contributor", FIRST)
    form = fill(page, note=MINE)
    page.context.clear_cookies(name="suivi_session")
    send(form)
    sign_in_again(page, prepared, "editor")
    expect(note_of(page)).to_have_value("")
    expect(page.locator("body")).not_to_contain_text("Mine:")


@pytest.mark.parametrize("what", ["Amend", "Retract"])
def test_expired_session_in_a_correction(
    site: Site, enter: Enter, prepared: Prepared, what: str
) -> None:
    page = enter("contributor", FIRST)
    record(page, note="Forty posts.")
    entries(page).first.get_by_role("link", name=what).click()
    form = page.locator("article form.record")
    form.locator("[name=reason]").fill("Fourteen it was")
    page.context.clear_cookies(name="suivi_session")
    send(form)
    sign_in_again(page, prepared)
    expect(page.locator("[name=reason]")).to_have_value("Fourteen it was")
    send(page.locator("main form.record"))
    expect(page.get_by_role("status")).to_contain_text(SAID[what])


def test_signed_in_again_in_another_tab(site: Site, enter: Enter, prepared: Prepared) -> None:
    """The form of the first tab carries a token that the new session does not know."""
    page = enter("contributor", FIRST)
    form = fill(page, note=MINE)
    page.context.clear_cookies()
    other = page.context.new_page()
    other.goto("/en/accounts/login/")
    sign_in_again(other, prepared)
    expect(other.get_by_role("link", name="Awa Diarra")).to_be_visible()
    send(form)
    expect(page.locator("form.record .notice[data-focus]")).to_be_focused()
    expect(note_of(page)).to_have_value(MINE)
    send(form)
    expect(page.get_by_role("status")).to_contain_text("Recorded.")


def test_dropped_line(site: Site, enter: Enter, complaints: Complaints) -> None:
    complaints.expect(*OFFLINE)
    page = enter("contributor", FIRST)
    before = entries(page).count()
    form = fill(page, note=MINE, url=DECREE)
    page.context.set_offline(True)
    send(form)
    expect(page.get_by_role("alert")).to_contain_text("The line dropped")
    expect(note_of(page)).to_have_value(MINE)
    assert kept_drafts(page) == 1
    page.context.set_offline(False)
    send(form)
    expect(page.get_by_role("status")).to_contain_text("Recorded")
    expect(page.get_by_role("alert")).to_be_empty()
    expect(entries(page)).to_have_count(before + 1)


def test_what_was_lost_stays_said(site: Site, enter: Enter, complaints: Complaints) -> None:
    """What the page had asked before, about an address, may be answered after the line dropped."""
    complaints.expect(*OFFLINE)
    page = enter("contributor", FIRST)
    asked: list[Route] = []
    page.route(KNOWN, lambda route: asked.append(route))
    page.route(RECORDING, lambda r: r.abort() if r.request.method == "POST" else r.continue_())
    with page.expect_request(KNOWN):
        form = fill(page, note=MINE, url=DECREE)
    send(form)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The line dropped")
    asked[0].continue_()
    expect(form.locator(".known").first).to_contain_text("New source")
    expect(alert).to_contain_text("The line dropped")
    page.unroute(RECORDING)
    send(form)
    expect(page.get_by_role("status")).to_contain_text("Recorded")
    expect(alert).to_be_empty()


def test_answer_lost_on_the_way(site: Site, enter: Enter, complaints: Complaints) -> None:
    """It was recorded, but the page cannot know; sent again, it is there once."""
    complaints.expect(*OFFLINE)
    page = enter("contributor", FIRST)
    before = entries(page).count()

    def lose(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route(RECORDING, lose)
    form = fill(page, note=MINE)
    send(form)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("line dropped")
    expect(alert).not_to_contain_text("nothing was recorded")
    page.unroute(RECORDING)
    send(form)
    expect(page.get_by_role("status")).to_contain_text("recorded already, once")
    expect(entries(page)).to_have_count(before + 1)
    assert kept_drafts(page) == 0


@pytest.mark.parametrize("status", [502, 413, 200])
def test_a_proxys_page_does_not_take_the_place_of_the_form(
    site: Site, enter: Enter, complaints: Complaints, status: int
) -> None:
    """200 is what the sign-in page of a hotel's network answers."""
    complaints.expect("status of 502")
    page = enter("contributor", FIRST)
    before = entries(page).count()
    body = "<html><body><h1>From a proxy</h1></body></html>"
    page.route(RECORDING, lambda r: r.fulfill(status=status, body=body, content_type="text/html"))
    form = fill(page, note=MINE)
    send(form)
    expect(page.get_by_role("alert")).to_contain_text("What you typed is still here")
    expect(note_of(page)).to_have_value(MINE)
    expect(page.locator("body")).not_to_contain_text("From a proxy")
    assert kept_drafts(page) == 1
    page.unroute(RECORDING)
    send(form)
    expect(page.get_by_role("status")).to_contain_text("Recorded")
    expect(entries(page)).to_have_count(before + 1)


def test_draft_survives_a_closed_tab(site: Site, enter: Enter) -> None:
    page = enter("contributor", FIRST)
    fill(page, note=MINE, url=DECREE, status="in_progress")
    form_in(page).locator("[name=url]").nth(1).fill(f"{DECREE}/2")
    context = page.context
    page.close()

    page = context.new_page()
    page.goto(FIRST)
    restored = page.locator("[data-restored]")
    expect(restored).to_be_visible()
    expect(note_of(page)).to_have_value(MINE)
    form = form_in(page)
    expect(form.locator("[name=url]").nth(1)).to_have_value(f"{DECREE}/2")
    expect(form.locator("[name=status][value=in_progress]")).to_be_checked()
    expect(form.locator("button.main")).to_have_text(re.compile("In progress"))

    page.goto("/en/recommendations/som-12-2/")
    expect(note_of(page)).to_have_value("")
    page.goto(FIRST)
    send(form)
    expect(page.get_by_role("status")).to_contain_text("Recorded")
    expect(note_of(page)).to_have_value("")
    assert kept_drafts(page) == 0
    page.reload()
    expect(note_of(page)).to_have_value("")
    expect(restored).to_be_hidden()

    fill(page, note="Of no use.")
    page.reload()
    page.get_by_role("button", name="Discard it").click()
    expect(note_of(page)).to_have_value("")
    assert kept_drafts(page) == 0


def test_internal_draft_is_kept_only_if_asked(site: Site, enter: Enter) -> None:
    page = enter("contributor", FIRST)
    fill(page, note="For us alone.")
    assert kept_drafts(page) == 1
    form = fill(page, internal=True)
    assert kept_drafts(page) == 0
    page.reload()
    expect(note_of(page)).to_have_value("")

    fill(page, note="For us alone.", internal=True)
    form.get_by_label("Keep the draft on this device").check()
    assert kept_drafts(page) == 1
    page.reload()
    expect(note_of(page)).to_have_value("For us alone.")
    note_of(page).press_sequentially(" More")
    expect(form.get_by_label("Keep the draft on this device")).to_be_checked()
    page.reload()
    expect(note_of(page)).to_have_value(re.compile("More"))
    expect(form.locator("[name=visibility][value=internal]")).to_be_checked()


def test_a_draft_is_its_authors(site: Site, enter: Enter, prepared: Prepared) -> None:
    page = enter("contributor", FIRST)
    fill(page, note=MINE)
    page.get_by_role("button", name="Sign out").click()
    page.goto("/en/accounts/login/?next=" + FIRST)
    sign_in_again(page, prepared, "editor")
    expect(page.locator("form#record")).to_be_visible()
    expect(note_of(page)).to_have_value("")
