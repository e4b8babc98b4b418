"""What a search finds on a past day, and that the database is asked one question, whatever was typed."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tracker.models import Implementation

pytestmark = pytest.mark.django_db
LIST = "/en/recommendations/"
MANY = (
    "amélioration gestion frontières "
    + '"de la" "la gestion" "gestion des" "des frontières" -x -y -z'
)


def test_many_words_cost_no_more_questions(client: Client, implementation: Implementation) -> None:
    day = f"{implementation.added_at:%Y-%m-%d}"
    client.get(LIST, {"q": "gestion", "as_of": day})  # what every page keeps is read once
    lengths = []
    for words in ("gestion", MANY):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(LIST, {"q": words, "as_of": day})
        assert response.context["page"].rows
        lengths.append(sum(query["sql"].count("SELECT") for query in queries))
    assert lengths[0] == lengths[1]


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("FRONTIERES gestion,", 1),
        ("frontières absent", 0),
        ('"la gestion des frontières"', 1),
        ('"gestion la"', 0),
        ("gestion -douane", 1),
        ("gestion -frontières", 0),
        ('gestion -"des frontières"', 0),
        ("la gestion", 1),
        ("SOM-12-1", 1),
    ],
)
def test_phrases_and_exclusions_mean_on_a_past_day_what_they_mean_today(
    client: Client, implementation: Implementation, words: str, count: int
) -> None:
    for day in ({}, {"as_of": f"{implementation.added_at:%Y-%m-%d}"}):
        response = client.get(LIST, {"q": words} | day)
        assert len(response.context["page"].rows) == count
