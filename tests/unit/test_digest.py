"""How an entry is sealed: everything that it says counts, and nothing else does."""

import datetime as dt
import hashlib
import json
import uuid
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.history.digest import canonical, chained, content_of, sha256, timestamp
from tracker.models import Citation, FollowUp, Source
from tracker.statuses import Basis, Channel, Kind, Language, Status, Visibility

DERIVED = {
    *("id", "implementation", "target", "redacts"),
    *("content_digest", "previous_digest", "digest", "is_redacted"),
}
"""Columns not sealed as they are: the first four by permanent names instead of numbers; the last by the
redaction that comes after."""

TEXT = st.text(max_size=8)
IDS = st.none() | st.integers(1, 5)
CITED = st.lists(
    st.fixed_dictionaries(
        {
            "url": TEXT,
            "title": TEXT,
            "publisher": TEXT,
            "published_on": st.none() | st.dates(),
            "quotation": TEXT,
            "position": st.integers(1, 3),
        }
    ),
    max_size=3,
)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "key": TEXT,
    "target_sequence": IDS,
    "citations": CITED,
    "sequence": st.integers(1, 5),
    "kind": st.sampled_from(Kind.values),
    "reason": TEXT,
    "status": st.sampled_from(["", *Status.values]),
    "basis": st.sampled_from(["", *Basis.values]),
    "note": TEXT,
    "language": st.sampled_from(Language.values),
    "happened_on": st.none() | st.dates(),
    "citation_count": st.integers(0, 3),
    "visibility": st.sampled_from(Visibility.values),
    "organization_id": IDS,
    "organization_as": TEXT,
    "recorded_at": st.datetimes(timezones=st.just(dt.UTC)),
    "recorded_by_id": IDS,
    "recorded_as": TEXT,
    "channel": st.sampled_from(Channel.values),
    "submission": st.uuids(),
    "salt": TEXT,
}
CONTENTS = st.fixed_dictionaries(FIELDS)


def digest(content: dict[str, Any]) -> str:
    said = dict(content)
    key, target, cited = (said.pop(name) for name in ("key", "target_sequence", "citations"))
    citations = [_citation(**c) for c in cited]
    return sha256(content_of(FollowUp(**said), key, target, citations))


def _citation(url: str, **said: Any) -> Citation:
    """What the record itself says of a source is no part of what was said: it may change."""
    return Citation(source=Source(url=url, title="Décret", publisher="Journal"), **said)


@given(CONTENTS, st.data())
def test_any_change_of_any_field_changes_the_digest(content: dict[str, Any], data: Any) -> None:
    field = data.draw(st.sampled_from(sorted(FIELDS)))
    other = data.draw(FIELDS[field].filter(lambda value: value != content[field]))
    assert digest(content) != digest({**content, field: other})


@pytest.mark.parametrize("field", FIELDS)
@settings(max_examples=8)
@given(data=st.data())
def test_each_field_counts(field: str, data: Any) -> None:
    content = data.draw(CONTENTS)
    other = data.draw(FIELDS[field].filter(lambda value: value != content[field]))
    assert digest(content) != digest({**content, field: other})


def test_every_column_of_an_entry_is_sealed() -> None:
    columns = {field.name for field in FollowUp._meta.concrete_fields}
    sealed = {name.removesuffix("_id") for name in FIELDS} - {"key", "target_sequence", "citations"}
    assert columns == sealed | DERIVED


CITATION: dict[str, Any] = {
    "url": "https://example.org/a",
    "title": "Décret",
    "publisher": "Journal",
    "published_on": dt.date(2026, 1, 2),
    "quotation": "« Oui »",
    "position": 1,
}


@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("url", "https://example.org/b"),
        ("title", ""),
        ("title", "Decret"),
        ("publisher", ""),
        ("published_on", None),
        ("published_on", dt.date(2026, 1, 3)),
        ("quotation", ""),
        ("position", 2),
    ],
)
def test_each_field_of_a_citation_counts(field: str, other: object) -> None:
    changed = {**KNOWN, "citations": [{**CITATION, field: other}]}
    assert digest(changed) != digest({**KNOWN, "citations": [CITATION]})


def test_every_column_of_a_citation_is_sealed() -> None:
    columns = {field.name for field in Citation._meta.concrete_fields}
    assert columns == {*CITATION, "id", "followup", "source"} - {"url"}


@given(CONTENTS)
def test_the_same_content_has_the_same_digest(content: dict[str, Any]) -> None:
    assert digest(content) == digest(dict(reversed(content.items())))


@given(st.dictionaries(TEXT, st.none() | st.integers() | TEXT | st.lists(TEXT, max_size=2)))
def test_one_content_has_one_form_in_which_the_order_of_keys_is_no_difference(
    content: dict[str, Any],
) -> None:
    form = canonical(content)
    assert canonical(dict(reversed(content.items()))) == form
    assert json.loads(form) == content


def test_the_form_is_json_without_spaces_in_utf_8() -> None:
    content = {"b": [1, None], "a": 'L’État « é »\n"/\u2028', "É": {"z": 0, "y": True}}
    expected = '{"a":"L’État « é »\\n\\"/\u2028","b":[1,null],"É":{"y":true,"z":0}}'
    assert canonical(content) == expected.encode()


def test_a_number_that_is_none_has_no_form() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"a": float("nan")})


KNOWN = {
    "key": "som-12-1:ML",
    "target_sequence": None,
    "citations": [
        {
            "url": "https://example.org/a",
            "title": "Décret n° 5",
            "publisher": "",
            "published_on": dt.date(2026, 2, 11),
            "quotation": "« Oui »",
            "position": 1,
        }
    ],
    "sequence": 2,
    "kind": "follow_up",
    "reason": "",
    "status": "in_progress",
    "basis": "reported",
    "note": "Décret signé",
    "language": "fr",
    "happened_on": dt.date(2026, 2, 12),
    "citation_count": 1,
    "visibility": "public",
    "organization_id": 3,
    "organization_as": "Gouvernement du Mali",
    "recorded_at": dt.datetime(2026, 2, 12, 10, 30, tzinfo=dt.timezone(dt.timedelta(hours=1))),
    "recorded_by_id": 7,
    "recorded_as": "Awa",
    "channel": "site",
    "submission": uuid.UUID(int=1),
    "salt": "00",
}
SEALED = (
    '{"basis":"reported","channel":"site","citation_count":1,"citations":[{"position":1,'
    '"published_on":"2026-02-11","publisher":"","quotation":"« Oui »","title":"Décret n° 5",'
    '"url":"https://example.org/a"}],"happened_on":"2026-02-12",'
    '"implementation":"som-12-1:ML","kind":"follow_up","language":"fr","note":"Décret signé",'
    '"organization":3,"organization_as":"Gouvernement du Mali","reason":"","recorded_as":"Awa",'
    '"recorded_at":"2026-02-12T09:30:00.000000Z",'
    '"recorded_by":7,"salt":"00","sequence":2,"status":"in_progress",'
    '"submission":"00000000-0000-0000-0000-000000000001","target":null,"version":1,'
    '"visibility":"public"}'
)


def test_what_was_sealed_in_the_first_version_stays_readable() -> None:
    assert digest(KNOWN) == hashlib.sha256(SEALED.encode()).hexdigest()
    place = '{"content":"c","implementation":"som-12-1:ML","previous":"p","sequence":2,"version":1}'
    assert chained("som-12-1:ML", 2, "p", "c") == hashlib.sha256(place.encode()).hexdigest()


@pytest.mark.parametrize("change", [("k2", 1, "p", "c"), ("k", 2, "p", "c"), ("k", 1, "", "c")])
def test_the_place_in_the_chain_counts(change: tuple[str, int, str, str]) -> None:
    assert chained(*change) != chained("k", 1, "p", "c") != chained("k", 1, "p", "d")


@given(st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(9000, 1, 1), timezones=st.timezones()))
def test_a_moment_is_sealed_as_the_same_moment(moment: dt.datetime) -> None:
    assert dt.datetime.fromisoformat(timestamp(moment)) == moment.astimezone(dt.UTC)
