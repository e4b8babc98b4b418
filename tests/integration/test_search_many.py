"""Words that very many texts hold: some are ranked, all are found, counted and taken away."""

import csv
from io import StringIO
from itertools import chain
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from pyroaring import BitMap

from tests.factories import (
    URL,
    make_implementation,
    make_recommendation,
    record,
    retract,
)
from tests.htmx import parse
from tracker import paging, search
from tracker.actions.ledger import together
from tracker.models import Implementation, User
from tracker.permissions import AnyUser
from tracker.search import find
from tracker.search.matches import BestFirst

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("eight", "few_are_ranked")]
LIST = "/en/recommendations/"
WORD = "koulouba"


@pytest.fixture(scope="module")
def made(shared_cast: None) -> list[int]:
    """Four for Mali, then four for Niger; the words are in all of them, twice in the second and the sixth."""
    with together():
        return [
            make_implementation(
                make_recommendation(text=f"{'Koulouba et ' * (n % 4 == 1)}Koulouba {n}"), s
            ).pk
            for s in ("ML", "NE")
            for n in range(4)
        ]


@pytest.fixture
def eight(made: list[int]) -> list[int]:
    return made


@pytest.fixture
def few_are_ranked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "LIMIT", 3)


def heading(page: Any) -> str:
    return str(page.get_element_by_id("results-h").text_content()).strip()


def shown(page: Any) -> list[int]:
    rows = page.xpath("//ol[@class='rows']/li/@id")
    return [int(row.removeprefix("row-")) for row in rows]


def offered(page: Any, field: str) -> list[str]:
    return [option.text for option in page.get_element_by_id(f"id_{field}").iter("option")][1:]


def test_all_are_counted(client: Client) -> None:
    page = parse(client.get(f"{LIST}?q={WORD}"))
    assert heading(page) == "8 recommendations"
    assert offered(page, "state") == ["Mali (4)", "Niger (4)"]
    assert offered(page, "status") == ["No information reported (8)"]


def test_the_newest_are_ranked_and_the_others_follow_by_age(
    client: Client, eight: list[int]
) -> None:
    *older, sixth, seventh, eighth = eight
    page = parse(client.get(f"{LIST}?q={WORD}"))
    assert shown(page) == [sixth, eighth, seventh, *older[::-1]]


def test_a_filter_is_met_before_it_is_ranked(client: Client, eight: list[int]) -> None:
    """Those of Mali are older than all that are ranked without it."""
    first, second, third, fourth = eight[:4]
    page = parse(client.get(f"{LIST}?q={WORD}&state=ML"))
    assert heading(page) == "4 recommendations"
    assert shown(page) == [second, fourth, third, first]
    assert len(page.xpath("//mark")) > 2


def test_pages_have_each_of_them_once(
    client: Client, eight: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "SIZE", 3)
    address, pages = f"{LIST}?q={WORD}", []
    while address:
        page = parse(client.get(address))
        pages.append(shown(page))
        address = next(iter(page.xpath("//a[@rel='next']/@href")), "")
    assert [len(one) for one in pages] == [3, 3, 2]
    assert sorted(chain(*pages)) == eight
    back = next(iter(page.xpath("//a[@rel='prev']/@href")))
    assert shown(parse(client.get(back))) == pages[1]


def test_a_page_from_a_row_that_is_found_no_more_is_the_first(
    client: Client, implementation: Implementation
) -> None:
    page = parse(client.get(f"{LIST}?q={WORD}&after={implementation.key}"))
    assert len(shown(page)) == 8


def test_all_are_taken_away(client: Client, eight: list[int]) -> None:
    answer: Any = client.get(f"/en/recommendations.csv?q={WORD}")
    rows = csv.DictReader(StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
    taken = {row["reference"] for row in rows}
    assert taken == {i.recommendation.ref for i in Implementation.objects.filter(pk__in=eight)}


@pytest.mark.parametrize("visibility", ["public", "internal"])
def test_what_is_excluded_anywhere_is_left_out(
    client: Client, eight: list[int], editor: User, visibility: str
) -> None:
    """In the same document, or in the one beside it that holds what is internal."""
    first = Implementation.objects.get(pk=eight[0])
    record(first, editor, [URL], note="Un port", visibility=visibility)
    client.force_login(editor)
    page = parse(client.get(f"{LIST}?q={WORD}+-port"))
    assert heading(page) == "7 recommendations"
    answer: Any = client.get(f"/en/recommendations.csv?q={WORD}+-port")
    assert len(b"".join(answer.streaming_content).decode().strip().splitlines()) == 1 + 7


def every(words: str, user: AnyUser | None = None) -> BitMap:
    return find(words, user=user or AnonymousUser()).all


def test_what_was_found_is_not_remembered_longer_than_it_is_true(
    eight: list[int], implementation: Implementation, editor: User
) -> None:
    assert every(WORD) == BitMap(eight)
    entry = record(implementation, editor, [URL], note="Koulouba")
    assert every(WORD) == BitMap([*eight, implementation.pk])
    retract(entry, editor)
    assert every(WORD) == BitMap(eight)


def test_internal_words_are_found_by_their_readers_alone(
    eight: list[int], implementation: Implementation, editor: User, contributor: User
) -> None:
    record(implementation, contributor, note="Koulouba", visibility="internal")
    for reader, is_theirs in ((None, False), (editor, True), (contributor, True)):
        for _again in range(2):
            assert (implementation.pk in every(WORD, reader)) == is_theirs
            found = find(WORD, user=reader or AnonymousUser())
            assert Implementation.objects.filter(found.condition).count() == 8 + is_theirs


def test_the_order_of_a_search_is_a_sequence() -> None:
    order = BestFirst([5, 9, 2], BitMap([1, 2, 3, 5, 8]))
    assert list(order) == [5, 2, 8, 3, 1]
    assert [order.place_of(pk) for pk in order] == [0, 1, 2, 3, 4]
    assert (order[1:4], order[-1]) == ([2, 8, 3], 1)
    assert 9 not in order
