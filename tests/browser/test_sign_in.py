"""The way in: the first administrator's link, the form, the way out; and the choice of a language."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.site import Prepared, Site

pytestmark = pytest.mark.browser


def test_first_administrator(server: Site, enter: Enter) -> None:
    server.store.restore("empty")
    done = server.manage("first_signin", "--origin", server.origin)
    link = re.search(r"Sign in: (\S+)", done.stdout)
    assert link, done.stderr
    address = link[1].replace(server.origin, f"{server.origin}/en")

    page = enter(path=address)
    page.get_by_label("User name").fill("ada")
    page.get_by_label("Your name").fill("Ada Lindqvist")
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Save and sign in").click()
    expect(page.locator("[name=password]")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("User name")).to_have_value("ada")
    page.get_by_label("Password").fill("a long and quiet evening")
    page.get_by_role("button", name="Save and sign in").click()
    expect(page.get_by_role("link", name="Ada Lindqvist")).to_be_visible()

    again = enter(path="")
    answer = again.goto(address)
    assert answer is not None
    assert answer.status == 410
    assert server.manage("first_signin").stdout == ""


def test_sign_in_and_out(site: Site, enter: Enter, prepared: Prepared) -> None:
    page = enter(path="/en/recommendations/som-12-3/")
    page.get_by_role("link", name="Sign in").click()
    page.locator("[name=username]").fill("contributor")
    page.get_by_label("Password").fill("not this one")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert").filter(has_text="do not belong together")).to_be_visible()
    page.get_by_label("Password").fill(prepared.cast["contributor"]["password"])
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/en/recommendations/som-12-3/$"))
    expect(page.locator("form#record")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()


def test_password_change(site: Site, enter: Enter, prepared: Prepared) -> None:
    page = enter("editor", "/en/accounts/password/")
    old, new = prepared.cast["editor"]["password"], "a long and quiet evening"
    for name, value in (("old_password", old), ("new_password1", new), ("new_password2", new)):
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("main").get_by_role("button", name="Change").click()
    expect(page.get_by_role("status")).to_contain_text("Your password is changed")
    expect(page.get_by_role("link", name="Sofia Keller")).to_be_visible()


def test_language(site: Site, enter: Enter) -> None:
    page = enter(path="/recommendations/som-12-1/?show=notes")
    offer = page.locator("form.offer")
    expect(offer).to_have_attribute("lang", "en")
    offer.get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"/en/recommendations/som-12-1/\?show=notes$"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(offer).to_have_count(0)

    languages = page.locator("header.top nav")
    languages.get_by_role("link", name="Français").click()
    expect(page).to_have_url(re.compile(r"\d/recommendations/som-12-1/\?show=notes$"))
    expect(languages.locator("[aria-current]")).to_have_text("Français")
    offer.get_by_role("button").click()
    expect(page).to_have_url(re.compile(r"\d/recommendations/som-12-1/\?show=notes$"))
    expect(offer).to_have_count(0)
    page.goto("/")
    expect(offer).to_have_count(0)
