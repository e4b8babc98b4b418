"""The vocabulary is whole: what stands in it has a label, a definition, and an order."""

import pytest
from django.db.models import TextChoices
from django.utils.translation import override

from tracker import statuses
from tracker.models import Implementation
from tracker.statuses import CORRECTIONS, DEFINITIONS, SAYING, Kind, Role, Status

LISTS = [
    value
    for value in vars(statuses).values()
    if isinstance(value, type) and issubclass(value, TextChoices) and value is not TextChoices
]


def test_statuses_are_in_the_order_in_which_people_think_of_them() -> None:
    assert Status.values == [
        "no_information",
        "not_started",
        "in_progress",
        "partly_implemented",
        "implemented",
        "no_longer_applicable",
    ]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_status_has_a_definition_of_its_own(language: str) -> None:
    with override(language):
        words = [str(DEFINITIONS[status]) for status in Status]
    assert len(set(words)) == len(Status) == len(DEFINITIONS)
    assert all(text.endswith(".") and "\n" not in text for text in words)


def test_everything_starts_where_nothing_was_reported() -> None:
    assert Implementation().status == Status.NO_INFORMATION


def test_each_role_may_do_all_that_the_ones_before_it_may() -> None:
    assert Role.values == ["reader", "contributor", "editor", "administrator"]


def test_each_kind_says_something_or_corrects_another_or_neither() -> None:
    assert set(SAYING) & set(CORRECTIONS) == {Kind.AMENDMENT}
    neither = {Kind.CONFIRMATION, Kind.REDACTION}
    assert set(Kind) - set(SAYING) - set(CORRECTIONS) == neither


@pytest.mark.parametrize("choices", LISTS, ids=lambda choices: choices.__name__)
def test_codes_are_plain_and_labels_distinct(choices: type[TextChoices]) -> None:
    assert all(code.replace("_", "").isalpha() and code.islower() for code in choices.values)
    assert len({str(label) for label in choices.labels}) == len(choices)
