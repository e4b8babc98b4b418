"""The facets of the list choose what the queries choose, and count with the other filters."""

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests import factories
from tests.htmx import parse
from tracker.faceted import Faceted
from tracker.filters import ImplementationFilter
from tracker.models import Implementation
from tracker.statuses import Status

LIST = "/en/recommendations/"
CHOICES = {
    "status": ["", "in_progress", "no_information"],
    "theme": ["", "borders", "cooperation"],
    "state": ["", "ML", "NE"],
    "meeting": ["", "som-11", "som-12"],
    "body": ["", "som"],
    "sources": ["", "with", "without"],
    "differ": ["", "yes"],
    "looked_at": ["", "stale"],
    "q": ["", "frontières", "som-11"],
}


@pytest.fixture(scope="module")
def told(shared_by_module: None) -> None:
    """The same seven, of which something is told."""
    rows = factories.make_several()
    government, essor = (
        factories.make_organization("Gouvernement"),
        factories.make_organization("L’Essor", "media", state=None),
    )
    editor = factories.make_user("editor")
    said = {"status": Status.IN_PROGRESS, "organization": government}
    factories.record(rows[0], editor, [factories.URL], **said)
    factories.record(rows[2], editor, [factories.URL], **said)
    found = {"status": Status.NOT_STARTED, "organization": essor}
    factories.record(rows[0], editor, [factories.URL], **found)


@given(st.fixed_dictionaries({name: st.sampled_from(values) for name, values in CHOICES.items()}))
def test_sets_and_queries_choose_the_same(told: None, db: None, chosen: dict[str, str]) -> None:
    filters = ImplementationFilter(chosen, queryset=Implementation.objects.all())
    assert filters.is_valid()
    assert set(Faceted(filters).found) == set(filters.qs.values_list("pk", flat=True))


@given(
    st.fixed_dictionaries({name: st.sampled_from(values) for name, values in CHOICES.items()}),
    st.sampled_from([name for name in CHOICES if name != "q"]),
)
def test_a_count_says_how_many_that_choice_would_leave(
    told: None, db: None, chosen: dict[str, str], name: str
) -> None:
    filters = ImplementationFilter(chosen, queryset=Implementation.objects.all())
    assert filters.is_valid()
    for option in Faceted(filters).options(name):
        if option.value:
            other = ImplementationFilter(
                {**chosen, name: option.value}, queryset=Implementation.objects.all()
            )
            assert option.count == other.qs.count()


def test_the_list_can_show_where_reported_and_verified_differ(
    client: Client, told: None, db: None
) -> None:
    page = parse(client.get(f"{LIST}?differ=yes"))
    assert len(page.xpath("//li[@class='row']")) == 1
