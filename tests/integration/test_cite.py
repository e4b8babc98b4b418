"""How the pages say to cite what they show: address, day, digest, as text and as files."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests import cast, factories
from tests.htmx import parse
from tracker.models import FollowUp, Implementation, Root, User
from tracker.past import end_of
from tracker.statuses import Visibility

CITE = "/en/recommendations/som-12-1/cite/"


def on(day: str) -> Any:
    return time_machine.travel(f"2026-{day}T12:00:00+00:00", tick=True)


@pytest.fixture(scope="module")
def tracked(shared_by_module: None) -> None:
    """Tracked since February, by the people of the cast."""
    with on("02-01"):
        cast.implementation()
        cast.everybody()


@pytest.fixture
def told(tracked: None, db: None) -> Iterator[Implementation]:
    """What is ``tracked``; the tests read on 1 April."""
    with on("04-01"):
        yield cast.implementation()


@pytest.fixture
def entry(told: Implementation, contributor: User) -> FollowUp:
    with on("03-05"):
        return factories.record(told, contributor, note="Un décret")


def text(client: Client, path: str) -> str:
    joined = "&" if "?" in path else "?"
    return client.get(f"{path}{joined}format=txt").content.decode()


def test_a_recommendation_is_cited_as_of_the_day_with_the_digest_of_then(
    client: Client, entry: FollowUp
) -> None:
    said = text(client, f"{CITE}?state=ML&as_of=2026-03-01")
    then = Root.objects.at(end_of(dt.date(2026, 3, 1)))
    now = Root.objects.at()
    assert then is not None
    assert now is not None
    assert then.digest != now.digest
    assert "http://testserver/en/recommendations/som-12-1/?state=ML&as_of=2026-03-01" in said
    assert (
        f"Record digest (SHA-256): {then.digest} — verify at http://testserver/en/verify/" in said
    )


def test_without_a_day_it_is_today_and_the_head_of_now(client: Client, entry: FollowUp) -> None:
    said = text(client, CITE)
    now = Root.objects.at()
    assert now is not None
    assert "?state=ML&as_of=2026-04-01" in said
    assert now.digest in said


def test_the_address_cited_is_there(client: Client, entry: FollowUp) -> None:
    page = parse(client.get(f"{CITE}?as_of=2026-03-05"))
    cited = page.xpath("//main//p/a/@href")[0]
    assert client.get(cited.removeprefix("http://testserver")).status_code == 200


def test_an_entry_is_cited_with_its_own_digest(client: Client, entry: FollowUp) -> None:
    said = text(client, f"/en/entries/{entry.pk}/cite/")
    assert f"http://testserver/en/entries/{entry.pk}/" in said
    assert f"Entry digest (SHA-256): {entry.digest}" in said
    assert "Recorded on 5 March 2026" in said


def test_a_comparison_is_cited_with_both_days(client: Client, entry: FollowUp) -> None:
    said = text(client, "/en/changes/cite/?from=2026-02-01&to=2026-03-05")
    then = Root.objects.at(end_of(dt.date(2026, 3, 5)))
    assert then is not None
    assert "What changed between 1 February 2026 and 5 March 2026" in said
    assert "http://testserver/en/changes/?from=2026-02-01&to=2026-03-05" in said
    assert then.digest in said


@pytest.mark.parametrize(
    "path",
    [
        f"{CITE}?as_of=2026-01-31",
        f"{CITE}?as_of=2027-01-01",
        f"{CITE}?as_of=hier",
        "/en/changes/cite/?from=2025-12-01&to=2026-01-31",
    ],
)
def test_a_day_that_is_not_in_the_record_is_refused_with_a_message(
    client: Client, told: Implementation, path: str
) -> None:
    response = client.get(path)
    assert response.status_code == 400
    assert parse(response).get_element_by_id("main").text_content().strip()


def test_a_recommendation_is_not_cited_before_it_was_tracked(
    client: Client, told: Implementation
) -> None:
    with on("03-05"):
        factories.make_recommendation(number=2)
    response = client.get("/en/recommendations/som-12-2/cite/?as_of=2026-03-01")
    assert response.status_code == 400


@pytest.mark.parametrize(
    "path",
    [f"{CITE}?state=ZZ", f"{CITE}?format=doc", "/en/recommendations/no/cite/", "/entries/9/cite/"],
)
def test_what_is_not_there_is_not_cited(client: Client, told: Implementation, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "who", ["administrator", "editor", "contributor", "foreign_contributor", "reader"]
)
def test_an_internal_entry_is_cited_by_who_reads_it_without_its_words(
    client: Client,
    told: Implementation,
    contributor: User,
    who: str,
    request: pytest.FixtureRequest,
) -> None:
    inside = {"note": "Entre nous", "visibility": Visibility.INTERNAL}
    hidden = factories.record(told, contributor, **inside)
    user = request.getfixturevalue(who)
    if isinstance(user, User):
        client.force_login(user)
    response = client.get(f"/entries/{hidden.pk}/cite/")
    reads = who in ("administrator", "editor", "contributor")
    assert response.status_code == (200 if reads else 404)
    assert "Entre nous" not in response.content.decode()


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("txt", "text/plain"),
        ("bib", "application/x-bibtex"),
        ("ris", "application/x-research-info-systems"),
    ],
)
def test_each_way_to_write_it_is_a_file_and_on_the_page(
    client: Client, told: Implementation, code: str, kind: str
) -> None:
    file = client.get(f"{CITE}?as_of=2026-03-01&format={code}")
    page = parse(client.get(f"{CITE}?as_of=2026-03-01"))
    shown = page.get_element_by_id(code)
    assert file["Content-Type"] == f"{kind}; charset=utf-8"
    assert file["Content-Disposition"] == (
        f'attachment; filename="suivi-som-12-1-ML-2026-03-01.{code}"'
    )
    assert shown.text_content().split() == file.content.decode().split()
    assert shown.get("tabindex") == "0"


def test_the_french_page_cites_in_french(client: Client, told: Implementation) -> None:
    said = text(client, "/recommendations/som-12-1/cite/")
    assert "http://testserver/recommendations/som-12-1/?state=ML" in said
