"""A picture of every page in ``var/screenshots/``, to be looked at; nothing is wider than the screen,
and a finger hits what it aims at."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.site import ROOT, Prepared, Site
from tests.browser.steps import fill, send

pytestmark = pytest.mark.browser

FOLDER = ROOT / "var" / "screenshots"
WIDTHS = (768, 1280)
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
FOURTH = "recommendations/som-12-4/"
FINGER = 44
# The main controls: buttons, fields (or the labels of those that are small), links of the head.
SMALL = """(finger) => {
  const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && e.type !== "hidden";
  const found = document.querySelectorAll("button, input, select, textarea, summary, nav a, a.act");
  return [...found].filter(shown).map((e) => {
    const target = ["radio", "checkbox"].includes(e.type) ? e.closest("label") : e;
    return [target, target.getBoundingClientRect()];
  }).filter(([target, box]) => box.height < finger - 0.5 && box.height > 1).map(([target, box]) =>
    `${target.tagName} ${target.textContent.trim().slice(0, 30) || target.name || target.id}: ${box.height}`);
}"""


def no_action(page: Page) -> None:
    """The page as it opens."""


def open_form(page: Page) -> None:
    page.locator(".row .act").nth(2).click()
    expect(page.locator(".row .open form.record")).to_be_visible()


def wrong_field(page: Page) -> None:
    form = fill(page, note="A decree.", url="nothing of the kind", internal=True)
    form.locator("[name=url]").nth(1).fill("https://example.org/second")
    form.locator("details summary").first.click()
    send(form)
    expect(page.locator("#problems")).to_be_visible()


def wrong_password(page: Page) -> None:
    page.locator("[name=username]").fill("nobody")
    page.locator("[name=password]").fill("nothing")
    page.locator("main button.main").click()
    expect(page.locator("main [role=alert]")).to_be_visible()


PAGES: dict[str, tuple[str, str, Callable[[Page], None]]] = {
    "overview": ("reader", "", no_action),
    "overview-recorder": ("contributor", "", no_action),
    "overview-form": ("contributor", "", open_form),
    "list": ("reader", "recommendations/", no_action),
    "list-empty": ("reader", "recommendations/?q=nothing+of+the+kind", no_action),
    "list-bad-filter": ("reader", "recommendations/?status=unheard-of", no_action),
    "detail": ("reader", FOURTH, no_action),
    "detail-recorder": ("contributor", FOURTH, no_action),
    "detail-wrong-field": ("contributor", FOURTH, wrong_field),
    "detail-editor": ("editor", "recommendations/som-12-1/", no_action),
    "amend": ("contributor", "entries/{amended}/amend/", no_action),
    "retract": ("contributor", "entries/{amended}/retract/", no_action),
    "sign-in": ("reader", "accounts/login/", no_action),
    "sign-in-refused": ("reader", "accounts/login/", wrong_password),
    "link": ("reader", "{link}", no_action),
    "link-spent": ("reader", "accounts/link/spent/", no_action),
    "password": ("contributor", "accounts/password/", no_action),
    "not-found": ("reader", "nothing/is/here/", no_action),
    "not-allowed": ("contributor", "admin/", no_action),
    "admin": ("editor", "admin/", no_action),
}


def picture(page: Page, language: str, name: str, width: int) -> list[str]:
    """Take it, for people to look at; what is wrong with the page at this width."""
    if os.environ.get("CI") != "true":  # where nobody looks at them
        folder = FOLDER / language
        folder.mkdir(parents=True, exist_ok=True)
        # Hiding the caret would set a style, which the pages' policy forbids.
        page.screenshot(path=folder / f"{name}-{width}.png", full_page=True, caret="initial")
    wide = page.evaluate(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return [f"{name} at {width}: {wide} px too wide"] if wide > 0 else []


@pytest.mark.parametrize(
    ("who", "language"), [("reader", "fr"), ("contributor", "en"), ("editor", "fr")]
)
def test_pictures(told: Site, enter: Enter, prepared: Prepared, who: str, language: str) -> None:
    root = "/" if language == "fr" else "/en/"
    locale = {"fr": "fr-FR", "en": "en-GB"}[language]
    link = told.manage("signin_link", "foreign").stdout if who == "reader" else "/accounts/ "
    secret = "accounts/" + link.split("/accounts/")[1].strip()
    desk = enter(who, path="", locale=locale, viewport={"width": WIDTHS[-1], "height": 800})
    phone = enter(who, path="", locale=locale, **PHONE)
    wrong: list[str] = []
    for name, (of, path, act) in PAGES.items():
        if of != who:
            continue
        address = root + path.format(**prepared.entries, link=secret)
        for page in (desk, phone):
            page.goto(address)
            act(page)
        for width in WIDTHS:
            desk.set_viewport_size({"width": width, "height": 800})
            wrong += picture(desk, language, name, width)
        wrong += picture(phone, language, name, 360)
        if name != "admin":
            wrong += [f"{name}: {small}" for small in phone.evaluate(SMALL, FINGER)]
    assert wrong == []


def test_the_six_fit_one_screen(told: Site, enter: Enter) -> None:
    """Of a laptop, with something recorded on them."""
    page = enter(viewport={"width": 1280, "height": 800})
    expect(page.locator(".row")).to_have_count(6)
    last = page.locator(".row").last.bounding_box()
    assert last is not None
    assert last["y"] + last["height"] <= 800
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=Path(FOLDER, "readme.png"), caret="initial")
