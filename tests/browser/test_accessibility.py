"""axe finds nothing (WCAG 2.2 A and AA): on every page, by day and by night, and after every swap."""

import re
from collections.abc import Iterable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.site import Prepared, Site
from tests.browser.steps import DECREE, FIRST, entries, fill, record, send

pytestmark = pytest.mark.browser

OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"],
    "rules": {"target-size": {"enabled": True}},  # axe leaves it off by itself
    "resultTypes": ["violations"],
}
OF_COLOURS = ["color-contrast", "link-in-text-block"]
FOURTH = "recommendations/som-12-4/"
"""On it, entries of every kind: see ``stage.tell``."""


def audit(page: Page, where: str, schemes: Iterable[str] = ("light", "dark")) -> list[str]:
    """What axe finds on the page as it stands, in both colour schemes, which differ by colours alone."""
    found = []
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        options = OPTIONS if scheme == "light" else OPTIONS | {"runOnly": OF_COLOURS}
        for violation in Axe().run(page, options=options).response["violations"]:
            nodes = [
                f"{node['target']}: {(node['any'] + node['all'] + node['none'])[0]['message']}"
                for node in violation["nodes"][:4]
            ]
            found.append(f"{where} ({scheme}): {violation['id']}: {'; '.join(nodes)}")
    return found


@pytest.mark.parametrize("language", ["/", "/en/"])
def test_pages_of_a_reader(told: Site, enter: Enter, language: str) -> None:
    page = enter(path="", locale="en-GB")  # on French pages, English is offered
    found = []
    for path in (
        "",
        "recommendations/",
        "recommendations/?q=nothing+of+the+kind",
        "recommendations/?status=unheard-of",
        FOURTH,
        f"{FOURTH}?show=notes",
        "accounts/login/",
        "nothing/is/here/",
        "accounts/link/spent/",
        "admin/",
    ):
        page.goto(language + path)
        found += audit(page, language + path)
    assert found == []


@pytest.mark.parametrize("language", ["/"])
def test_pages_of_a_recorder(told: Site, enter: Enter, prepared: Prepared, language: str) -> None:
    page = enter("contributor", path="")
    number = prepared.entries["amended"]
    found = []
    for path in (
        "",
        FOURTH,
        f"entries/{number}/amend/",
        f"entries/{number}/retract/",
        "accounts/password/",
        "admin/",  # 403
    ):
        page.goto(language + path)
        found += audit(page, language + path)
    assert found == []


@pytest.mark.parametrize("language", ["/en/"])
def test_pages_of_an_editor(told: Site, enter: Enter, language: str) -> None:
    page = enter("editor", path="")
    found = []
    for path in ("", FOURTH, "import/", "admin/"):
        page.goto(language + path)
        found += audit(page, language + path)
    assert found == []


def test_link(site: Site, enter: Enter) -> None:
    site.store.restore("empty")
    link = re.search(r"Sign in: (\S+)", site.manage("first_signin", "--origin", site.origin).stdout)
    assert link
    page = enter(path=link[1])
    found = audit(page, "link")
    page.locator("[name=username]").fill("ada")
    page.locator("[name=password]").fill("short")
    page.locator("main button.main").click()
    expect(page.locator("[name=password]")).to_have_attribute("aria-invalid", "true")
    assert found + audit(page, "link, refused") == []


def test_wrong_password(site: Site, enter: Enter) -> None:
    page = enter(path="/en/accounts/login/")
    page.locator("[name=username]").fill("nobody")
    page.locator("[name=password]").fill("nothing")
    page.locator("main button.main").click()
    expect(page.locator("main [role=alert]")).to_be_visible()
    assert audit(page, "wrong password") == []


def test_after_every_swap(site: Site, enter: Enter) -> None:
    page = enter("contributor", FIRST)
    found = []
    form = fill(page, note="A decree.", url="nothing of the kind", internal=True)
    form.locator("details summary").first.click()
    form.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview .note")).to_be_visible()
    found += audit(page, "preview")
    send(form)
    expect(page.locator("#problems")).to_be_visible()
    found += audit(page, "422")
    form.locator("[name=visibility][value=public]").check()
    form.locator("[name=url]").first.fill(DECREE)
    record(enter("editor", FIRST), note="Theirs, meanwhile.")
    send(form)
    expect(page.locator("[data-meanwhile]")).to_be_visible()
    found += audit(page, "409")
    send(form)
    expect(page.get_by_role("status")).to_contain_text("Recorded")
    found += audit(page, "recorded")
    entries(page).first.get_by_role("link", name="Amend").click()
    correction = page.locator("article form.record")
    expect(correction).to_be_visible()
    found += audit(page, "amend")
    send(correction)
    expect(correction.locator("[id^=problems]")).to_be_visible()
    found += audit(page, "amend, 422")
    correction.locator("[name=reason]").fill("A slip of the pen")
    send(correction)
    expect(page.get_by_role("status")).to_contain_text("Amended")
    found += audit(page, "amended")
    entries(page).first.get_by_role("link", name="Retract").click()
    expect(correction).to_be_visible()
    found += audit(page, "retract")
    correction.locator("[name=reason]").fill("A slip of the pen")
    send(correction)
    expect(page.get_by_role("status")).to_contain_text("Retracted")
    found += audit(page, "retracted")
    assert found == []


def test_after_swaps_on_overview_and_list(told: Site, enter: Enter) -> None:
    page = enter("contributor")
    found = []
    page.get_by_role("link", name="Record a follow-up to recommendation 3").click()
    expect(page.locator(".row .open form.record")).to_be_visible()
    found += audit(page, "overview, form")
    send(fill(page, note="A decree."))
    expect(page.get_by_role("status")).to_contain_text("Recorded")
    found += audit(page, "overview, recorded")
    page.goto("/en/recommendations/")
    page.locator("#id_status").select_option("in_progress")
    expect(page.locator("#results .row")).to_have_count(4)
    found += audit(page, "list, filtered")
    page.locator("#id_q").fill("zebra")
    expect(page.locator("#results .row")).to_have_count(0)
    found += audit(page, "list, filtered to nothing")
    assert found == []
