"""A State's name typed as the words of the list leads to the page of that State."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests import factories
from tests.htmx import parse
from tracker.past import today

pytestmark = pytest.mark.django_db
LIST = "/en/recommendations/"
LATER = dt.datetime(2099, 3, 1, 9, tzinfo=dt.UTC)


def led_to(client: Client, query: str, **headers: Any) -> list[str]:
    page = parse(client.get(f"{LIST}?{query}", **headers))
    return list(page.xpath("//*[@id='results']//a[contains(@href, '/states/')]/@href"))


@pytest.fixture(autouse=True)
def _kenya(db: None) -> None:
    factories.make_implementation(state="KE")


@pytest.mark.parametrize("words", ["Kenya", "kenya", "Republic of Kenya", "Кения", " Kenya "])
def test_a_states_name_leads_to_its_page(client: Client, words: str) -> None:
    assert led_to(client, f"q={words}") == ["/en/states/KE/"]


def test_so_it_does_where_the_list_is_renewed_in_place(client: Client) -> None:
    assert led_to(client, "q=Kenya", headers={"HX-Request": "true"}) == ["/en/states/KE/"]


def test_a_past_day_leads_to_that_day(client: Client) -> None:
    day = today().isoformat()
    assert led_to(client, f"q=Kenya&as_of={day}") == [f"/en/states/KE/?as_of={day}"]


def test_a_day_before_it_was_tracked_does_not(client: Client) -> None:
    with time_machine.travel(LATER, tick=False):
        factories.make_implementation(state="SN")
    with time_machine.travel(LATER + dt.timedelta(days=1), tick=False):
        assert led_to(client, "q=Senegal") == ["/en/states/SN/"]
        assert led_to(client, "q=Kenya&as_of=2099-02-28") == ["/en/states/KE/?as_of=2099-02-28"]
        assert led_to(client, "q=Senegal&as_of=2099-02-28") == []


def test_a_name_of_several_leads_to_each(client: Client) -> None:
    for code in ("KR", "KP"):
        factories.make_implementation(state=code)
    assert led_to(client, "q=Korea") == ["/en/states/KP/", "/en/states/KR/"]


@pytest.mark.parametrize("words", ["Senegal", "frontières Kenya", "KE", "", "Atlantis"])
def test_other_words_do_not(client: Client, words: str) -> None:
    assert led_to(client, f"q={words}") == []
