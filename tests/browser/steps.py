"""What people do, in the words of the tests."""

from playwright.sync_api import Locator, Page, expect

FIRST = "/en/recommendations/som-12-1/"
DECREE = "https://example.org/decree"


def form_in(where: Page | Locator) -> Locator:
    """The form that records: on a recommendation's page, or in that row of the overview."""
    return where.locator("form.record[id^=record]")


def fill(
    where: Page | Locator,
    *,
    note: str = "",
    url: str = "",
    status: str = "",
    internal: bool = False,
) -> Locator:
    """Fill the form that records; return it."""
    form = form_in(where)
    if status:
        form.locator(f"[name=status][value={status}]").check()
    if internal:
        form.locator("[name=visibility][value=internal]").check()
    if url:
        form.locator("[name=url]").first.fill(url)
    if note:
        form.locator("[name=note]").fill(note)
    return form


def send(form: Locator) -> None:
    form.locator("button.main").click()


def record(page: Page, **said: str) -> None:
    """Record on the page of a recommendation, and wait until the entry is there."""
    before = entries(page).count()
    send(fill(page, **said))  # type: ignore[arg-type]
    expect(entries(page)).to_have_count(before + 1)
    expect(page.locator("#announce")).to_contain_text("Recorded")


def entries(page: Page) -> Locator:
    """The entries of the timeline, newest first."""
    return page.locator("#timeline article.entry")


def kinds(page: Page) -> list[str | None]:
    return [entry.get_attribute("data-kind") for entry in entries(page).all()]


def note_of(page: Page) -> Locator:
    return form_in(page).locator("[name=note]")


def kept_drafts(page: Page) -> int:
    """How many unsent forms this browser keeps."""
    count: int = page.evaluate(
        "() => Object.keys(localStorage).filter(key => key.startsWith('suivi:')).length"
    )
    return count
