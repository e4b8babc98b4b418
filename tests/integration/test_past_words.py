"""A search in the past asks the database one question, however many words somebody types."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tracker.models import Implementation

pytestmark = pytest.mark.django_db
LIST = "/en/recommendations/"


def test_many_words_cost_no_more_questions(client: Client, implementation: Implementation) -> None:
    day = f"{implementation.added_at:%Y-%m-%d}"
    lengths = []
    for words in ("x", "x " + "a " * 98):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST, {"q": words, "as_of": day}).status_code == 200
        lengths.append(sum(query["sql"].count("SELECT") for query in queries))
    assert lengths[0] == lengths[1]
