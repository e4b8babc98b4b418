"""``/verify/``, and the digest of the record wherever else it goes."""

import gzip
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.feedgenerator import Atom1Feed

from tests.factories import make_recommendation, record
from tests.htmx import parse
from tracker.exports.head import COLUMNS, RecordFeed, columns_of, record_head
from tracker.history.digest import timestamp
from tracker.models import Edit, FollowUp, Implementation, Root, User

pytestmark = pytest.mark.django_db
PAGE = "/en/verify/"


@pytest.fixture
def entry(implementation: Implementation, editor: User) -> FollowUp:
    return record(implementation, editor)


def answer(client: Client, digest: str) -> Any:
    return parse(client.get(PAGE, {"digest": digest})).get_element_by_id("answer")


def test_it_gives_the_digest_of_the_record(client: Client, entry: FollowUp) -> None:
    root = Root.objects.at()
    assert root is not None
    page = parse(client.get(PAGE))
    (shown,) = page.find_class("digest")
    assert shown.text == root.digest
    assert f"for {root.entries} entries" in page.text_content()


def test_it_offers_the_ledger_the_script_and_the_command(client: Client, entry: FollowUp) -> None:
    page = parse(client.get(PAGE))
    files = page.xpath("//main//a[@download]/@href")
    assert files == ["/verify/suivi-ledger.jsonl", "/verify/suivi_verify.py"]
    for address in files:
        assert client.get(address).status_code == 200
    assert page.xpath("//pre")[0].text_content() == "python3 suivi_verify.py suivi-ledger.jsonl"


def test_it_says_that_there_is_nothing_yet(client: Client) -> None:
    assert "Nothing is recorded yet" in client.get(PAGE).content.decode()


@pytest.mark.parametrize("address", [PAGE, "/verify/"])
def test_it_is_small(client: Client, entry: FollowUp, address: str) -> None:
    assert len(gzip.compress(client.get(address).content, 6)) < 5 * 1024


# --- Looking up a digest --------------------------------------------------------------------------


def test_a_digest_of_the_record(client: Client, entry: FollowUp, editor: User) -> None:
    then = Root.objects.at()
    assert then is not None
    record(entry.implementation, editor)
    found = answer(client, then.digest).text_content()
    assert "digest of the whole record" in found


def test_a_digest_of_a_public_entry_leads_to_it(client: Client, entry: FollowUp) -> None:
    found = answer(client, entry.digest)
    assert "entry 1 of the chain som-12-1:ML" in found.text_content()
    assert found.xpath(".//a/@href") == [f"/en/entries/{entry.pk}/"]


@pytest.mark.parametrize("signed_in", [False, True])
def test_a_digest_of_an_internal_entry_says_no_more_than_the_ledger(
    client: Client, implementation: Implementation, editor: User, signed_in: bool
) -> None:
    entry = record(implementation, editor, note="Secret", visibility="internal")
    if signed_in:
        client.force_login(editor)
    found = answer(client, entry.digest)
    assert "which is not public" in found.text_content()
    assert not found.xpath(".//a")


def test_a_digest_of_an_edit_leads_to_what_it_is_about(client: Client) -> None:
    make_recommendation(1)
    edit = Edit.objects.get(key="som-12-1", act="added")
    found = answer(client, edit.digest)
    assert found.xpath(".//a/@href") == [f"/en/recommendations/som-12-1/#{edit.anchor}"]


def test_a_digest_of_nothing(client: Client, entry: FollowUp) -> None:
    assert "never had this digest" in answer(client, "0" * 64).text_content()


def test_a_digest_as_it_is_copied_from_paper(client: Client, entry: FollowUp) -> None:
    copied = f" {entry.digest[:32].upper()}\n{entry.digest[32:]} "
    assert answer(client, copied).xpath(".//a")


@pytest.mark.parametrize("typed", ["", "12", "g" * 64, "0" * 65, "é" * 64, "0" * 100_000])
def test_what_is_no_digest(client: Client, typed: str) -> None:
    response = client.get(PAGE, {"digest": typed})
    assert response.status_code == 400
    page = parse(response)
    field = page.get_element_by_id("digest")
    assert field.get("aria-describedby") == "digest_error"
    assert page.get_element_by_id("digest_error").text_content().startswith("Digest: ")
    assert len(field.get("value")) <= 200


def test_the_number_of_queries_does_not_grow(client: Client, entry: FollowUp, editor: User) -> None:
    counts = []
    for _round in (1, 2):
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE, {"digest": entry.digest})
        counts.append(len(queries))
        for _more in range(5):
            record(entry.implementation, editor)
    assert counts[0] == counts[1] <= 5


# --- Where it goes --------------------------------------------------------------------------------


def test_the_head_now_and_then(entry: FollowUp, editor: User) -> None:
    then = record_head()
    assert then is not None
    record(entry.implementation, editor)
    now = record_head()
    assert now is not None
    assert now != then
    assert record_head(then.at) == then


def test_the_columns_of_an_export(entry: FollowUp) -> None:
    head = record_head()
    assert head is not None
    assert columns_of(head) == {"record_digest": head.digest, "record_at": timestamp(head.at)}
    assert columns_of(None) == dict.fromkeys(COLUMNS, "")


def test_the_element_of_a_feed(entry: FollowUp) -> None:
    head = record_head()
    assert head is not None
    feed: Atom1Feed = RecordFeed("Suivi", "https://example.org/", "", record=head)
    written = feed.writeString("utf-8")
    assert 'xmlns:suivi="urn:suivi:record"' in written
    assert f'<suivi:record at="{timestamp(head.at)}">{head.digest}</suivi:record>' in written
