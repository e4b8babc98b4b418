"""Any page as of any past day: exactly what a reader saw at its end."""

import contextlib
import datetime as dt
import json
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import cast, factories
from tests.factories import amend, make_implementation, make_recommendation, record, retract
from tests.htmx import parse
from tracker.actions.followups import confirm_implementation
from tracker.actions.records import delete_record, save_record
from tracker.actions.themes import save_theme
from tracker.actions.ties import set_ties
from tracker.exceptions import Invalid
from tracker.models import (
    Edit,
    FollowUp,
    Implementation,
    Organization,
    Recommendation,
    RecommendationProvision,
    RecommendationTheme,
    Translation,
    User,
)
from tracker.statuses import Act, Channel, Kind, Status, Visibility

START = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)
PARTS = ("standing", "timeline", "sources")


def day(number: int) -> dt.date:
    return (START + dt.timedelta(days=number)).date()


def at(number: int, hour: int = 9) -> Any:
    """The clock stands on the day of that number."""
    return time_machine.travel(START.replace(hour=hour) + dt.timedelta(days=number), tick=False)


WHOLE = (
    "/",
    "/en/",
    "/meetings/som-12/",
    "/recommendations/",
    "/recommendations/?sources=with",
    "/states/",
    "/en/states/ML/",
    "/matrix/?meeting=",
)


def listed(client: Client, path: str) -> str:
    """What a page of many says, in words and by its statuses."""
    main = parse(client.get(path)).find("./body/main")
    for element in main.xpath(".//*[@class='as-of'] | .//form | .//p[@class='quiet']"):
        element.drop_tree()  # leads to other days, filters and files
    marks = main.xpath(".//*[@data-status]/@data-status")
    return " ".join(main.text_content().split()) + " ".join(marks)


def as_csv(client: Client, query: str = "") -> str:
    response = client.get(f"/recommendations.csv{query}")
    return b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]


def exported(client: Client, query: str = "") -> dict[str, Any]:
    response = client.get(f"/recommendations.json{query}")
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    return json.loads(content)  # type: ignore[no-any-return]


def shown(client: Client, path: str) -> dict[str, str]:
    """What the page says, part by part: its words, not where its links lead."""
    page = parse(client.get(path))
    found = {part: page.get_element_by_id(part) for part in PARTS}
    for kind in ("quotation", "margin"):
        found[kind] = page.find_class(kind)[0]
    return {name: " ".join(element.text_content().split()) for name, element in found.items()}


# --- Random histories


def _change_text(step: int, target: Implementation, by: User) -> None:
    recommendation = Recommendation.objects.get(pk=target.recommendation_id)
    recommendation.text = f"Le texte du jour {step}"
    save_record(by=by, record=recommendation, changed=["text"])


def _translate(step: int, target: Implementation, by: User) -> None:
    rows = Translation.objects.filter(recommendation=target.recommendation, language="en")
    if known := rows.first():
        known.text = f"The text of day {step}"
        save_record(by=by, record=known, changed=["text"])
    else:
        made: Any = {"recommendation": target.recommendation, "language": "en"}
        save_record(by=by, record=Translation(text="The text", **made))


def _untranslate(step: int, target: Implementation, by: User) -> None:
    for known in Translation.objects.filter(recommendation=target.recommendation):
        delete_record(by=by, record=known)


def _lead(step: int, target: Implementation, by: User) -> None:
    now = Implementation.objects.get(pk=target.pk)
    now.lead = Organization.objects.order_by("pk")[step % Organization.objects.count()]
    now.due_on = day(step)
    save_record(by=by, record=now, changed=["lead", "due_on"])


def _theme(step: int, target: Implementation, by: User) -> None:
    links = RecommendationTheme.objects.filter(recommendation=target.recommendation)
    if link := links.first():
        link.theme.name_fr = f"Thème {step}"
        save_theme(by=by, theme=link.theme, changed=["name_fr"])
    else:
        link = RecommendationTheme(
            recommendation=target.recommendation, theme=factories.make_theme()
        )
        save_record(by=by, record=link)


def _record(step: int, target: Implementation, by: User) -> None:
    url = f"https://example.org/{step % 3}"
    status = Status.values[step % len(Status.values)]
    record(target, by, [url], status=status, note=f"Jour {step}")


def _record_internally(step: int, target: Implementation, by: User) -> None:
    hidden = Visibility.INTERNAL
    record(target, by, ["https://example.org/x"], status="implemented", visibility=hidden)


def _correctable(target: Implementation) -> Any:
    rows = target.entries.filter(correction=None)
    return rows.exclude(kind__in=(Kind.RETRACTION, Kind.REDACTION)).order_by("sequence")


def _amend(step: int, target: Implementation, by: User) -> None:
    rows = list(_correctable(target).exclude(kind=Kind.CONFIRMATION))
    if rows:
        entry = rows[step % len(rows)]
        amend(entry, by, [f"https://example.org/{step}"], status="not_started", note="Rectifié")


def _retract(step: int, target: Implementation, by: User) -> None:
    rows = list(_correctable(target))
    if rows:
        retract(rows[step % len(rows)], by)


def _confirm(step: int, target: Implementation, by: User) -> None:
    confirm_implementation(by=by, implementation=target, channel=Channel.SITE)


def _rest_on(step: int, target: Implementation, by: User) -> None:
    known = RecommendationProvision.objects.filter(recommendation=target.recommendation).first()
    if known:
        delete_record(by=by, record=known)
    else:
        provision = factories.make_provision(str(step))
        made = RecommendationProvision(recommendation=target.recommendation, provision=provision)
        save_record(by=by, record=made)


def _originate(step: int, target: Implementation, by: User) -> None:
    """Another origin; the one before goes, where nothing rests on it any more."""
    recommendation = Recommendation.objects.get(pk=target.recommendation_id)
    before = recommendation.origin
    recommendation.origin = factories.make_source(f"https://example.org/origine/{step}")
    save_record(by=by, record=recommendation, changed=["origin"])
    with contextlib.suppress(Invalid):
        delete_record(by=by, record=before)


def _hinder(step: int, target: Implementation, by: User) -> None:
    recommendation: Any = target.recommendation
    if known := recommendation.difficulties.first():
        set_ties(by=by, record=known, field="bears_on", to=[])
    else:
        made = factories.make_difficulty(slug=f"obstacle-{step}")
        set_ties(by=by, record=made, field="bears_on", to=[target.recommendation])


def _address_another(step: int, target: Implementation, by: User) -> None:
    make_implementation(target.recommendation, ["SN", "BF", "TD"][step % 3])


def _undo_confirmation(step: int, target: Implementation, by: User) -> None:
    _confirm(step, target, by)
    retract(FollowUp.objects.filter(kind=Kind.CONFIRMATION).order_by("-pk")[0], by)


STEPS = [_rest_on, _originate, _hinder, _address_another, _undo_confirmation]
STEPS += [_change_text, _translate, _untranslate, _lead, _theme, _record, _record, _record]
STEPS += [_record_internally, _amend, _retract, _confirm]
DAY = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 2)), max_size=4)


@settings(max_examples=4)
@given(days=st.lists(DAY, min_size=2, max_size=5))
def test_any_day_is_shown_as_a_reader_saw_it(editor: User, government: Any, days: Any) -> None:
    with transaction.atomic():
        _check_each_day(editor, days)
        transaction.set_rollback(True)


def _check_each_day(editor: User, days: Any) -> None:
    reader = Client()
    stored: list[tuple[dict[str, Any], str, dict[str, str], dict[str, dict[str, str]]]] = []
    with at(0):
        common = make_recommendation()
        targets = [make_implementation(common), make_implementation(common, "NE")]
        targets.append(make_implementation(make_recommendation()))
    pages = [t.get_absolute_url() for t in targets]
    for number, steps in enumerate(days):
        with at(number, 10):
            for index, (step, which) in enumerate(steps):
                step(10 * number + index, targets[which], editor)
        with at(number, 23):
            whole = {path: listed(reader, path) for path in WHOLE}
            parts = {page: shown(reader, page) for page in pages}
            stored.append((exported(reader), as_csv(reader), whole, parts))
    with at(len(days) + 1):
        for number, (rows, csv, whole, parts) in enumerate(stored):
            asked = f"as_of={day(number)}"
            assert exported(reader, f"?{asked}") == rows
            assert as_csv(reader, f"?{asked}") == csv
            for path, said in whole.items():
                joint = "&" if "?" in path else "?"
                assert listed(reader, f"{path}{joint}{asked}") == said
            for page in pages:
                assert shown(reader, f"{page}&{asked}") == parts[page]


# --- What filters find there


@pytest.fixture(scope="module")
def told(shared_by_module: None) -> int:
    """Day 0: tracked, and its text says borders. Day 1: in progress, with a source. Day 2: another text,
    not started any more, and no theme."""
    editor = cast.editor()
    with at(0):
        theme = factories.make_theme()
        target = make_implementation(make_recommendation(text="Les frontières", themes=[theme]))
    with at(1):
        entry = record(target, editor, ["https://example.org/1"], status="in_progress")
    with at(2):
        retract(entry, editor)
        _change_text(7, target, editor)
        delete_record(by=editor, record=RecommendationTheme.objects.get())
    return target.pk


@pytest.fixture
def changed(told: int, db: None) -> Implementation:
    return Implementation.objects.select_related("recommendation").get(pk=told)


@pytest.mark.parametrize(
    ("query", "found_on"),
    [
        ("status=in_progress", [1]),
        ("status=no_information", [0, 2]),
        ("sources=with", [1]),
        ("sources=without", [0, 2]),
        ("theme=borders", [0, 1]),
        ("q=frontieres", [0, 1]),
        ("q=texte", [2]),
    ],
)
@pytest.mark.usefixtures("changed")
def test_filters_look_in_the_record_of_the_day(
    client: Client, query: str, found_on: list[int]
) -> None:
    with at(3):
        found = [
            n for n in range(3) if exported(client, f"?{query}&as_of={day(n)}")["recommendations"]
        ]
    assert found == found_on


@pytest.mark.usefixtures("changed")
def test_stale_is_counted_from_the_day(client: Client, settings: Any) -> None:
    settings.STALE_DAYS = 1
    with at(9):
        found = [
            n
            for n in range(9)
            if exported(client, f"?looked_at=stale&as_of={day(n)}")["recommendations"]
        ]
    # Looked at on days 0 (when it was added), 1 and 2; stale when more than a whole day has passed.
    assert found == [3, 4, 5, 6, 7, 8] or found == [4, 5, 6, 7, 8]


def test_what_was_tracked_later_was_not_there(client: Client, changed: Implementation) -> None:
    with at(2):
        make_implementation(changed.recommendation, "NE")
        other = make_recommendation()
        make_implementation(other)
    with at(3):
        rows = exported(client, f"?as_of={day(1)}")["recommendations"]
        assert [(row["reference"], row["state"]) for row in rows] == [("som-12-1", "ML")]
        assert client.get(f"{other.get_absolute_url()}?as_of={day(1)}").status_code == 404
        assert client.get(f"{changed.get_absolute_url()[:-2]}NE&as_of={day(1)}").status_code == 404


# --- Which days, and what cannot be done there


@pytest.mark.parametrize(
    "path", ["/", "/recommendations/", "/meetings/som-12/", "/recommendations.csv"]
)
@pytest.mark.parametrize(
    "value", ["2026-02-28", "2026-03-05", "2026-3-1", "hier", "2026-02-30", "20260301"]
)
@pytest.mark.usefixtures("changed")
def test_a_day_that_cannot_be_shown_is_said(client: Client, path: str, value: str) -> None:
    with at(3):
        response = client.get(f"{path}?as_of={value}")
    assert response.status_code == 400
    assert "as_of" in response.content.decode()
    assert "2026" in response.content.decode()


@pytest.mark.usefixtures("changed")
def test_today_can_be_asked_for(client: Client) -> None:
    with at(3):
        assert client.get(f"/?as_of={day(3)}").status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/recommendations/", "/meetings/som-12/", "/recommendations/som-12-1/"]
)
def test_a_banner_says_so_and_leads_to_today(client: Client, changed: Any, path: str) -> None:
    with at(3):
        page = parse(client.get(f"{path}?show=all&as_of={day(1)}"))
    (banner,) = page.find_class("past")
    assert "2 mars 2026" in banner.text_content()
    assert banner.find("a").get("href") == f"{path}?show=all"


@pytest.mark.parametrize("path", ["/", "/recommendations/som-12-1/"])
def test_nothing_can_be_recorded_there(
    client: Client, editor: User, changed: Implementation, path: str
) -> None:
    client.force_login(editor)
    with at(3):
        page = client.get(f"{path}?as_of={day(1)}").content.decode()
        for control in ('name="note"', "hx-post", "/amend/", "/retract/", "/confirm/", "/record/"):
            assert control not in page
        count = changed.entries.count()
        sent = client.post(f"/recommendations/som-12-1/?as_of={day(1)}", {"note": "Trop tard"})
    assert sent.status_code == 400
    assert changed.entries.count() == count


def test_links_stay_on_the_day(client: Client, changed: Implementation) -> None:
    with at(3):
        page = parse(client.get(f"/?as_of={day(1)}"))
    (row,) = page.find_class("row")
    assert row.xpath(".//a/@href")[0].endswith(f"as_of={day(1)}")


def test_a_theme_that_was_there_is_the_heading(client: Client, changed: Implementation) -> None:
    with at(3):
        page = parse(client.get(f"/recommendations/som-12-1/?as_of={day(1)}"))
    assert "Gestion des frontières" in page.find("./body/main").text_content()


def test_the_number_of_queries_is_the_same_for_one_and_for_many(
    client: Client, changed: Implementation, editor: User, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with at(3):
        client.get(f"/recommendations/?as_of={day(2)}")
        with CaptureQueriesContext(connection) as few:
            client.get(f"/recommendations/?as_of={day(2)}")
    with at(2, 12):
        for number in range(12):
            target = make_implementation(make_recommendation(english=f"Text {number}"))
            record(target, editor, ["https://example.org/9"], status="implemented")
            _lead(number, target, editor) if Organization.objects.exists() else None
    with at(3), django_assert_num_queries(len(few)):
        client.get(f"/recommendations/?as_of={day(2)}")


# --- What an upgrade took over


def test_before_an_upgrade_texts_are_shown_as_they_were_taken_over(
    client: Client, changed: Implementation, without_triggers: None
) -> None:
    """An older version did not keep edits: what it said when it was taken over stands for its past."""
    later = START + dt.timedelta(days=2, hours=3)
    Edit.objects.filter(key="som-12-1", act=Act.ADDED).update(act=Act.TAKEN_OVER, recorded_at=later)
    with at(3):
        rows = exported(client, f"?as_of={day(1)}&q=frontieres")["recommendations"]
    assert [row["text"] for row in rows] == ["Les frontières"]
