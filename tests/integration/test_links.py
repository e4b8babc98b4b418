"""Links that an editor confirms: who may, what is refused, and that they are part of the history."""

import datetime as dt
import json
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tests.factories import (
    make_earlier,
    make_implementation,
    make_meeting,
    make_recommendation,
    on_its_day,
)
from tests.htmx import parse
from tracker.actions.records import delete_record, save_record
from tracker.actions.relations import link_recommendations, unlink_recommendations
from tracker.edited import edits_of
from tracker.exceptions import Invalid, NotAllowed
from tracker.history.audit import Audit
from tracker.models import Edit, Implementation, Meeting, Recommendation, Relation, User
from tracker.statuses import Channel, LinkKind

pytestmark = pytest.mark.django_db
PAGE = "/en/recommendations/som-12-1/"
LINKS = f"{PAGE}links/"


@pytest.fixture(scope="module", autouse=True)
def _alike(shared_cast: None) -> None:
    """The 12th meeting says in other words what the 11th had said."""
    make_earlier()


@pytest.fixture
def now(implementation: Implementation) -> Recommendation:
    return implementation.recommendation


@pytest.fixture
def then(db: None) -> Recommendation:
    return Recommendation.objects.select_related("meeting").get(ref="som-11-1")


def link(
    by: User, later: Recommendation, earlier: Recommendation, kind: str = "repeats"
) -> Relation:
    return link_recommendations(by=by, later=later, earlier=earlier, kind=kind)


def test_what_is_no_reference_removes_nothing(
    client: Client, editor: User, now: Recommendation, then: Recommendation
) -> None:
    link(editor, now, then)
    client.force_login(editor)
    response = client.post(LINKS, {"remove": "som-11-4\x00"}, follow=True)
    assert "There was no such link" in response.content.decode()
    assert Relation.objects.count() == 1


def sealed(ref: str) -> Any:
    """What the last edit of a recommendation says of its links."""
    last = Edit.objects.filter(key=ref).order_by("sequence").last()
    assert last is not None
    return (last.snapshot or {}).get("links")


def faults() -> list[str]:
    return [str(fault) for fault in Audit().faults()]


def refused(
    by: User, later: Recommendation, earlier: Recommendation, kind: str = "repeats"
) -> dict[str, Any]:
    with pytest.raises(Invalid) as error:
        link(by, later, earlier, kind)
    return dict(error.value.errors)


# --- The actions


@pytest.mark.parametrize("who", ["contributor", "reader"])
def test_only_editors_link(
    now: Recommendation, then: Recommendation, who: str, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        link(user, now, then)
    with pytest.raises(NotAllowed):
        unlink_recommendations(by=user, one=now, other=then)


def test_both_histories_say_it(now: Recommendation, then: Recommendation, editor: User) -> None:
    link(editor, now, then)
    assert sealed("som-12-1") == [{"kind": "repeats", "ref": "som-11-1"}]
    assert sealed("som-11-1") == [{"kind": "repeated_by", "ref": "som-12-1"}]
    last = Edit.objects.latest("sequence")
    assert (last.recorded_by, last.channel) == (editor, Channel.SITE)
    assert faults() == []


def test_a_double_click_links_once(now: Recommendation, then: Recommendation, editor: User) -> None:
    link(editor, now, then)
    before = Edit.objects.count()
    link(editor, now, then)
    assert (Relation.objects.count(), Edit.objects.count()) == (1, before)


def test_a_pair_has_one_link_whichever_way(
    now: Recommendation, then: Recommendation, editor: User
) -> None:
    link(editor, now, then)
    assert "other" in refused(editor, now, then, kind="replaces")
    same_day = make_earlier(text="Autre")
    link(editor, then, same_day, "follows_from")
    assert "other" in refused(editor, same_day, then, kind="follows_from")


def test_none_is_linked_to_itself(now: Recommendation, editor: User) -> None:
    assert "other" in refused(editor, now, now)


def test_what_is_later_comes_first(now: Recommendation, then: Recommendation, editor: User) -> None:
    assert "kind" in refused(editor, then, now)


def test_a_kind_is_of_the_list(now: Recommendation, then: Recommendation, editor: User) -> None:
    assert "kind" in refused(editor, now, then, kind="repeated_by")


def test_nothing_replaces_what_replaces_it(editor: User) -> None:
    first, second, third = (make_recommendation(text=f"Texte {n}") for n in range(3))
    link(editor, first, second, "replaces")
    link(editor, second, third, "replaces")
    assert "other" in refused(editor, third, first, kind="replaces")
    link(editor, third, first, "follows_from")


def test_a_meeting_whose_recommendations_are_linked_stays_before_or_after(
    now: Recommendation, then: Recommendation, editor: User
) -> None:
    link(editor, now, then)
    years = dt.timedelta(days=5 * 365)
    for meeting, by in ((now.meeting, -years), (then.meeting, years)):
        moved = Meeting.objects.get(pk=meeting.pk)
        moved.starts_on += by
        moved.ends_on += by
        with pytest.raises(Invalid) as told:
            save_record(by=editor, record=moved, changed=["starts_on", "ends_on"])
        assert str(told.value.errors["starts_on"][0]).startswith("som-12-1 est liée à som-11-1")
        assert Meeting.objects.get(pk=meeting.pk).starts_on == meeting.starts_on


def test_the_day_that_counts_is_the_one_the_meeting_has_now(
    now: Recommendation, then: Recommendation, editor: User
) -> None:
    """Somebody moved the meeting after the page was opened."""
    assert then.meeting.starts_on < now.meeting.starts_on
    day = now.meeting.ends_on + dt.timedelta(days=1)
    Meeting.objects.filter(pk=then.meeting_id).update(starts_on=day, ends_on=day)
    refused(editor, now, then)
    assert not Relation.objects.exists()


def test_a_meeting_may_move_where_no_link_is_turned(
    now: Recommendation, then: Recommendation, editor: User
) -> None:
    link(editor, now, then)
    now.meeting.starts_on = now.meeting.ends_on
    save_record(by=editor, record=now.meeting, changed=["starts_on"])
    assert Meeting.objects.get(pk=now.meeting.pk).starts_on == now.meeting.ends_on


def test_a_link_is_taken_away_and_the_history_keeps_it(
    now: Recommendation, then: Recommendation, editor: User
) -> None:
    link(editor, now, then)
    assert unlink_recommendations(by=editor, one=then, other=now)
    assert (sealed("som-12-1"), sealed("som-11-1")) == (None, None)
    assert not unlink_recommendations(by=editor, one=then, other=now)
    with translation.override("en"):
        told = [(line.heading, line.changes[0].after) for line in edits_of(["som-12-1"])]
    assert told == [("Links changed", ""), ("Links changed", "repeats som-11-1")]
    assert faults() == []


@pytest.mark.parametrize("deleted", ["now", "then"])
def test_what_is_deleted_takes_its_links_along(
    now: Recommendation, then: Recommendation, editor: User, deleted: str
) -> None:
    make_meeting(12)
    alone = make_recommendation(text="Seule")
    pair = (alone, then) if deleted == "now" else (now, then)
    link(editor, *pair)
    gone, stays = pair if deleted == "now" else pair[::-1]
    with on_its_day(gone):
        delete_record(by=editor, record=gone)
    assert Relation.objects.count() == 0
    assert sealed(stays.ref) is None
    assert faults() == []


# --- What was sealed before there could be links


def test_a_record_without_links_says_what_it_said_before(now: Recommendation, editor: User) -> None:
    first = Edit.objects.filter(key="som-12-1").latest("sequence")
    assert "links" not in (first.snapshot or {})
    now.locator = "page 3"
    save_record(by=editor, record=now, changed=["locator"])
    before = Edit.objects.count()
    save_record(by=editor, record=now, changed=["locator"])
    assert Edit.objects.count() == before
    assert faults() == []


# --- Pages


def test_both_pages_show_it_to_everybody(
    client: Client, now: Recommendation, then: Recommendation, editor: User
) -> None:
    link(editor, now, then, "replaces")
    found = []
    for ref in ("som-12-1", "som-11-1"):
        page = parse(client.get(f"/en/recommendations/{ref}/"))
        margin = page.find_class("margin")[0]
        assert not page.xpath("//*[@id='similar']")
        found.append([margin.xpath(".//dt")[-1].text, margin.xpath(".//dd[last()]/a/@href")[0]])
    assert found == [
        ["Replaces", "/en/recommendations/som-11-1/"],
        ["Replaced by", "/en/recommendations/som-12-1/"],
    ]


def test_the_timeline_tells_it(
    client: Client, now: Recommendation, then: Recommendation, editor: User
) -> None:
    link(editor, now, then)
    told = parse(client.get(PAGE)).find_class("edit")[0].text_content()
    assert "Links changed" in told
    assert "repeats som-11-1" in told
    assert "Sofia Keller" in told


def test_what_is_not_related_is_neither_shown_nor_suggested(
    client: Client, now: Recommendation, then: Recommendation, editor: User
) -> None:
    assert b'id="similar"' in client.get(PAGE).content
    link(editor, now, then, LinkKind.UNRELATED)
    page = parse(client.get(PAGE))
    assert not page.xpath("//*[@id='similar']")
    assert not page.find_class("margin")[0].xpath(".//a[contains(@href, 'som-11-1')]")
    unlink_recommendations(by=editor, one=now, other=then)
    assert b'id="similar"' in client.get(PAGE).content


def test_a_past_page_shows_the_links_of_its_day(
    client: Client, now: Recommendation, then: Recommendation, editor: User
) -> None:
    days = [dt.datetime(2099, 1, day, 12, tzinfo=dt.UTC) for day in (1, 2, 3)]
    with time_machine.travel(days[0], tick=False):
        make_implementation(make_recommendation(2), state="NE")
    with time_machine.travel(days[1], tick=False):
        link(editor, now, then)
    with time_machine.travel(days[2], tick=False):
        unlink_recommendations(by=editor, one=now, other=then)
        shown = {}
        for ref in ("som-12-1", "som-11-1"):
            for day in (1, 2, 3):
                address = f"/en/recommendations/{ref}/?as_of=2099-01-0{day}"
                margin = parse(client.get(address)).find_class("margin")[0]
                shown[ref, day] = margin.xpath(".//dd/a[contains(@href, 'recommendations')]/text()")
    assert {key for key, links in shown.items() if links} == {("som-12-1", 2), ("som-11-1", 2)}
    assert shown["som-12-1", 2] == ["som-11-1"]
    assert shown["som-11-1", 2] == ["som-12-1"]


def test_as_many_queries_with_many_links(client: Client, now: Recommendation, editor: User) -> None:
    counts = []
    for session in (11, 10, 9, 8):
        other = make_earlier("Former les juges", session=session)
        link(editor, now, other)
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        counts.append(len(queries))
    assert len(set(counts)) == 1


def test_the_export_has_them_in_json_alone(
    client: Client, now: Recommendation, then: Recommendation, editor: User
) -> None:
    link(editor, now, then)
    make_implementation(then, state="NE")
    answer = b"".join(client.get("/recommendations.json"))
    rows = json.loads(answer)["recommendations"]
    assert {row["reference"]: row["links"] for row in rows} == {
        "som-12-1": [{"kind": "repeats", "reference": "som-11-1"}],
        "som-11-1": [{"kind": "repeated_by", "reference": "som-12-1"}],
    }
    csv = b"".join(client.get("/recommendations.csv")).decode()
    assert "links" not in csv.splitlines()[0]


# --- The page on which an editor confirms

CAST = {"administrator": 200, "editor": 200, "contributor": 403, "foreign_contributor": 403}


@pytest.mark.parametrize("who", [*CAST, "reader"])
def test_who_may_confirm(
    client: Client,
    now: Recommendation,
    then: Recommendation,
    who: str,
    request: pytest.FixtureRequest,
) -> None:
    user = request.getfixturevalue(who)
    if isinstance(user, User):
        client.force_login(user)
    offered = f'href="{LINKS}"'.encode() in client.get(PAGE).content
    shown = client.get(LINKS)
    sent = client.post(LINKS, {"other": "som-11-1", "kind": "repeats"})
    may = CAST.get(who) == 200
    assert (offered, Relation.objects.count()) == (may, may)
    if who == "reader":
        assert shown["Location"].startswith("/en/accounts/login/")
        assert sent["Location"].startswith("/en/accounts/login/")
    else:
        assert (shown.status_code, sent.status_code) == (CAST[who], 302 if may else 403)


@pytest.fixture
def client_of_editor(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


def test_a_suggestion_is_confirmed_and_taken_back(
    client_of_editor: Client, now: Recommendation, then: Recommendation
) -> None:
    client = client_of_editor
    form = parse(client.get(LINKS)).get_element_by_id("link-som-11-1")
    kinds = form.xpath(".//input[@name='kind']/@value")
    assert kinds == ["repeats", "replaces", "follows_from", "unrelated"]
    client.post(LINKS, {"other": "som-11-1", "kind": "follows_from"})
    assert Relation.objects.get().kind == "follows_from"
    page = parse(client.get(LINKS))
    assert page.xpath("//input[@name='remove']/@value") == ["som-11-1"]
    assert not page.xpath("//*[@id='link-som-11-1']")
    client.post(LINKS, {"remove": "som-11-1"})
    assert Relation.objects.count() == 0


def test_from_the_earlier_page_the_kinds_are_turned_round(
    client_of_editor: Client, now: Recommendation, then: Recommendation
) -> None:
    client, address = client_of_editor, "/en/recommendations/som-11-1/links/"
    form = parse(client.get(address)).get_element_by_id("link-som-12-1")
    kinds = form.xpath(".//input[@name='kind']/@value")
    assert kinds == ["repeated_by", "replaced_by", "followed_by", "unrelated"]
    client.post(address, {"other": "som-12-1", "kind": "replaced_by"})
    relation = Relation.objects.get()
    assert (relation.later, relation.kind, relation.earlier) == (now, "replaces", then)


def test_a_suggestion_is_dismissed_from_either_page(
    client_of_editor: Client, now: Recommendation, then: Recommendation
) -> None:
    address = "/en/recommendations/som-11-1/links/"
    client_of_editor.post(address, {"other": "som-12-1", "kind": "unrelated"})
    relation = Relation.objects.get()
    assert (relation.later, relation.kind) == (now, "unrelated")


@pytest.mark.parametrize(
    ("sent", "field", "said"),
    [
        ({"other": "som-9-9", "kind": "repeats"}, "other", "No recommendation has the reference"),
        ({"other": "", "kind": "repeats"}, "other", "Give its reference, such as som-11-4."),
        ({"other": "x" * 81, "kind": "repeats"}, "other", "80"),
        ({"other": "a\0b", "kind": "repeats"}, "other", "Null characters"),
        ({"other": "som-12-1", "kind": "repeats"}, "other", "none is linked to itself"),
        ({"other": "som-11-2", "kind": ""}, "kind", "Choose what one is to the other."),
        ({"other": "som-11-2", "kind": "cites"}, "kind", "Choose what one is to the other."),
        ({"other": "som-11-2", "kind": "repeated_by"}, "kind", "turn the link round"),
        ({}, "kind", "Choose what one is to the other."),
    ],
)
def test_what_cannot_be_read_is_named(
    client_of_editor: Client,
    now: Recommendation,
    then: Recommendation,
    sent: dict[str, str],
    field: str,
    said: str,
) -> None:
    make_earlier("Former les juges")
    response = client_of_editor.post(LINKS, sent)
    page = parse(response)
    assert response.status_code == 422
    assert said in page.get_element_by_id(f"{field}_error").text_content()
    assert page.xpath(f"//*[@id='problems']//a[@href='#{field}']")
    assert Relation.objects.count() == 0


def test_a_refused_suggestion_has_its_errors_with_it(
    client_of_editor: Client, now: Recommendation, then: Recommendation
) -> None:
    response = client_of_editor.post(LINKS, {"other": "som-11-1"})
    page = parse(response)
    assert response.status_code == 422
    form = page.get_element_by_id("link-som-11-1")
    assert form.xpath(".//*[@id='kind-som-11-1_error']")
    assert not page.xpath("//*[@id='kind_error']")


def test_removing_what_is_not_there_says_so(client_of_editor: Client, now: Recommendation) -> None:
    """As a warning: nothing was done."""
    client_of_editor.post(LINKS, {"remove": "som-9-9"})
    response = client_of_editor.get(LINKS)
    assert "There was no such link." in response.content.decode()
    assert [message.level_tag for message in response.context["messages"]] == ["warning"]


def test_links_are_made_today(client_of_editor: Client, now: Recommendation) -> None:
    day = now.added_at.date()
    assert client_of_editor.get(f"{LINKS}?as_of={day}")["Location"] == LINKS
    assert client_of_editor.post(f"{LINKS}?as_of={day}", {}).status_code == 400


def test_the_administration_shows_them(
    client_of_editor: Client, now: Recommendation, then: Recommendation, editor: User
) -> None:
    link(editor, now, then)
    page = client_of_editor.get(f"/en/admin/tracker/recommendation/{now.pk}/change/")
    said = parse(page).find_class("field-links_told")[0].text_content()
    assert "Repeats som-11-1" in " ".join(said.split())
