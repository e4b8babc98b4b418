"""Lists of the administration: as quick for 100,000 rows as for fifty."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from tests import cast, factories
from tests.integration.test_admin_access import EDITED
from tracker.actions.ledger import together
from tracker.admin import paging
from tracker.admin.base import RecordAdmin
from tracker.models import FollowUp, Implementation, Source, User

pytestmark = pytest.mark.django_db


def make_entry(number: int) -> None:
    """One more of every kind of object, tied to others as on the site."""
    theme = factories.make_theme(slug=f"theme-{number}")
    recommendation = factories.make_recommendation(
        meeting=factories.make_meeting(number + 1),
        themes=[theme],
        provisions=[factories.make_provision(str(number), instrument=f"instrument-{number}")],
    )
    factories.make_difficulty(recommendation)
    lead = factories.make_organization(f"Organisation {number}")
    implementation = factories.make_implementation(recommendation, lead=lead)
    person = factories.make_user("contributor", lead, f"personne-{number}")
    sources = [f"https://example.org/{number}"]
    factories.record(implementation, person, sources=sources, status="in_progress")


MODELS = [model for model in EDITED if model != "state"] + ["followup", "user"]
"""Those of which there can be any number."""


@pytest.fixture
def queries_of(client: Client, administrator: User) -> Callable[[str], list[str]]:
    client.force_login(administrator)

    def ask(address: str) -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return [query["sql"] for query in captured.captured_queries]

    return ask


def test_as_many_queries_for_one_as_for_many(queries_of: Any) -> None:
    addresses = [reverse(f"admin:tracker_{model}_changelist") for model in MODELS]
    make_entry(0)
    one = {address: queries_of(address) for address in addresses}
    with together():
        for number in range(1, 6):
            make_entry(number)
    for address in addresses:
        many = queries_of(address)
        assert len(many) == len(one[address]), "\n".join(many)


def test_nothing_is_counted_without_a_limit(queries_of: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(RecordAdmin, "list_per_page", 2)
    for number in range(3):
        make_entry(number)
    for model in ("recommendation", "implementation", "followup", "source"):
        for query in ("", "?q=frontières", "?p=2", "?q=https://example.org/1", "?state=ML"):
            if model == "source" and "state" in query:
                continue
            for sql in queries_of(reverse(f"admin:tracker_{model}_changelist") + query):
                assert "COUNT(" not in sql or re.search(r"LIMIT \d+\) subquery", sql), sql
                assert "MIN(" not in sql, sql
                assert "DISTINCT" not in sql, sql


def test_more_than_the_cap_is_said_to_be_more(
    client: Client, editor: User, monkeypatch: Any
) -> None:
    monkeypatch.setattr(paging, "CAP", 3)
    for number in range(5):
        factories.make_source(f"https://example.org/{number}")
    client.force_login(editor)
    address = reverse("admin:tracker_source_changelist")
    page = html.fromstring(client.get(address + "?q=example").content.decode())
    for place in (".paginator", "#toolbar"):
        assert "3+" in page.cssselect(place)[0].text_content()
    assert str(paging.AtLeast(1000)).startswith("1")
    assert str(paging.AtLeast(1000)).endswith("000+")
    assert paging.AtLeast(1000) == 1000


def addresses_of(implementation: Implementation) -> list[str]:
    """The pages with forms about an implementation, and those that add one."""
    recommendation = implementation.recommendation
    changed = {
        "implementation": implementation.pk,
        "recommendation": recommendation.pk,
        "meeting": recommendation.meeting_id,
        "source": recommendation.origin_id,
        "organization": implementation.lead_id,
    }
    models = [*changed, "difficulty", "provision", "user"]
    return [
        *(reverse(f"admin:tracker_{model}_change", args=[pk]) for model, pk in changed.items()),
        *(reverse(f"admin:tracker_{model}_add") for model in models),
        reverse("admin:tracker_implementation_record", args=[implementation.pk]),
        reverse("admin:tracker_implementation_several") + f"?of={implementation.pk}",
    ]


def test_no_select_box_grows(client: Client, administrator: User) -> None:
    for number in range(3):
        make_entry(number)
    client.force_login(administrator)
    for address in addresses_of(Implementation.objects.get(recommendation__ref="som-1-1")):
        page = html.fromstring(client.get(address).content.decode())
        for select in page.cssselect("select"):
            by_search = "admin-autocomplete" in select.get("class", "")
            closed = select.get("name") in CLOSED or select.get("name").endswith("language")
            assert by_search or closed, (address, select.get("name"))
            if by_search:
                assert len(select.cssselect("option")) <= 2


CLOSED = {"kind", "country", "stage", "role", "status", "code"}
"""Lists that do not grow: of the vocabulary, or of the world's States."""


def test_one_chosen_by_search_costs_no_more_for_many(queries_of: Any) -> None:
    address = reverse("admin:autocomplete")
    asked = f"{address}?app_label=tracker&model_name=difficulty&field_name=meeting"
    factories.make_meeting(20)
    one = queries_of(asked)
    for number in range(1, 30):
        factories.make_meeting(number + 20)
    assert len(queries_of(asked)) == len(one)


# --- Searches, filters, dates


def listed(client: Client, model: str, query: str) -> int:
    page = client.get(reverse(f"admin:tracker_{model}_changelist") + query)
    assert page.status_code == 200
    return len(html.fromstring(page.content.decode()).cssselect("#result_list tbody tr"))


# This comes first, for the others share a record.
@pytest.mark.parametrize("model", ["recommendation", "implementation", "followup", "source"])
def test_drill_down_where_there_is_nothing(client: Client, editor: User, model: str) -> None:
    client.force_login(editor)
    assert listed(client, model, "") == 0


@pytest.fixture(scope="module")
def made(shared_by_module: None) -> list[int]:
    """Two implementations, of two meetings and States, with an entry each."""
    editor, contributor = cast.editor(), cast.contributor()
    first = factories.make_recommendation(
        text="L’Évaluation des frontières", themes=[factories.make_theme()]
    )
    second = factories.make_recommendation(text="Autre chose", meeting=factories.make_meeting(13))
    rows = [factories.make_implementation(first), factories.make_implementation(second, "TD")]
    factories.record(rows[0], contributor, status="in_progress", note="Le décret est adopté")
    cited = factories.cited("https://example.org/rapport")
    factories.record(rows[1], editor, sources=cited, visibility="internal")
    return [row.pk for row in rows]


@pytest.fixture
def two(made: list[int], client: Client, editor: User) -> list[Implementation]:
    client.force_login(editor)
    found = Implementation.objects.in_bulk(made)
    return [found[pk] for pk in made]


@pytest.mark.parametrize(
    ("model", "query", "count"),
    [
        ("recommendation", "?q=evaluation", 1),
        ("recommendation", "?q=SOM-13-1", 1),
        ("recommendation", "?q=evaluation+autre", 0),
        ("recommendation", "?state=TD", 1),
        ("recommendation", "?theme=borders", 1),
        ("recommendation", "?stage__exact=adopted", 0),
        ("recommendation", "?meeting__starts_on__year=2025", 2),
        ("recommendation", "?meeting__starts_on__year=2024", 0),
        ("implementation", "?q=tchad", 1),
        ("implementation", "?q=evaluation+mali", 1),
        ("implementation", "?status__exact=in_progress", 1),
        ("implementation", "?state=ML", 1),
        ("implementation", "?theme=borders", 1),
        ("implementation", "?due=none", 2),
        ("implementation", "?due=over", 0),
        ("followup", "?q=adopté", 1),
        ("followup", "?q=example.org/rapport", 1),
        ("followup", "?q=som-13-1", 1),
        ("followup", "?q=Awa", 1),
        ("followup", "?visibility__exact=internal", 1),
        ("followup", "?state=TD", 1),
        ("followup", "?implementation=0", 0),
        ("followup", "?source=0", 0),
        ("followup", "?recorded_by=x", 0),
        ("source", "?q=HTTPS://EXAMPLE.org/rapport%23haut", 1),
        ("source", "?q=origine", 1),
        ("organization", "?kind__exact=government", 1),
        ("organization", "?q=mali", 1),
        ("state", "?q=Mali", 1),
        ("state", "?q=chad", 1),
        ("state", "?q=République+du+Tchad", 1),
        ("state", "?q=TCD", 1),
    ],
)
def test_search_and_filters(
    client: Client, two: list[Implementation], model: str, query: str, count: int
) -> None:
    assert listed(client, model, query) == count


def test_filters_that_links_lead_to(
    client: Client, two: list[Implementation], editor: User
) -> None:
    source = Source.objects.get(url="https://example.org/rapport")
    assert listed(client, "followup", f"?source={source.pk}") == 1
    assert listed(client, "followup", f"?implementation={two[0].pk}") == 1
    assert listed(client, "followup", f"?recorded_by={editor.pk}") == 1
    digest = FollowUp.objects.get(implementation=two[0]).digest
    assert listed(client, "followup", f"?q={digest}") == 1


def test_drill_down_by_date(client: Client, two: list[Implementation]) -> None:
    factories.make_meeting(14, starts_on="2027-03-01", ends_on="2027-03-02")
    address = reverse("admin:tracker_meeting_changelist")

    def choices(query: str) -> list[tuple[str, str]]:
        tree = html.fromstring(client.get(address + query).content.decode())
        links = tree.cssselect(".toplinks a")
        return [(a.text_content().strip("‹ "), a.get("href")) for a in links]

    assert [title for title, _link in choices("")] == ["2025", "2026", "2027"]
    year = choices("")[2][1]
    assert listed(client, "meeting", year) == 1
    months = choices(year)
    assert [title for title, _link in months][1:] == ["Janvier 2027", "Février 2027", "Mars 2027"]
    days = choices(months[-1][1])
    assert [title for title, _link in days] == ["2027", "1 mars"]
    assert listed(client, "meeting", days[-1][1]) == 1
    assert choices(days[-1][1])[0][0] == "Mars 2027"
    assert client.get(address + "?starts_on__year=x").status_code == 302
