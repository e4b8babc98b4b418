"""A meeting from its text: what is found, corrected and accepted; nothing is saved before."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.htmx import form_data, parse
from tests.unit.test_proposal_texts import docx, pdf
from tests.unit.test_proposals import SIX, VIENNA
from tracker import middleware
from tracker.actions import meetings
from tracker.actions.meetings import Named, Proceedings, Recommended, add_meeting
from tracker.exceptions import Invalid, NotAllowed
from tracker.forms.rows import ON_A_PAGE
from tracker.models import (
    Body,
    Difficulty,
    Edit,
    Implementation,
    Meeting,
    Recommendation,
    Root,
    Source,
    State,
    User,
)
from tracker.statuses import Channel

ADD = "/en/meetings/add/"
THREE = "Les recommandations suivantes : agir ; réagir ; partir."
FACTS = {
    "body_name_fr": "Groupe de travail",
    "body_slug": "som",
    "session": "12",
    "slug": "som-12",
    "starts_on": "2025-10-09",
    "ends_on": "2025-10-10",
    "place_fr": "Vienne",
    "country": "AT",
    "other_states": "Mali, ne",
    "origin_url": "https://www.example.org/communique?utm_source=x",
    "origin_title": "Communiqué",
}


@pytest.fixture
def mine(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


def propose(client: Client, text: str = THREE) -> Any:
    return client.post(ADD, {"pasted": text, "read": "1"})


def sent(response: Any, **more: Any) -> dict[str, Any]:
    """What a browser would send from the page that came, with ``more`` typed or pressed."""
    data = form_data(parse(response), "meeting")
    data.pop("country", None)
    return {**data, **more}


def texts(response: Any) -> list[str]:
    return [(t.text or "").removeprefix("\n") for t in parse(response).cssselect("[name=text]")]


def numbers(response: Any) -> list[str]:
    return [field.get("value", "") for field in parse(response).cssselect("[name=number]")]


def problems(response: Any) -> str:
    assert response.status_code == 422
    return " ".join(parse(response).get_element_by_id("problems").text_content().split())


def nothing_is_saved() -> bool:
    tables = (Meeting, Body, Recommendation, Source, State, Difficulty, Implementation, Edit, Root)
    return not any(table._default_manager.exists() for table in tables)


def never(*_given: object) -> None:
    pytest.fail("A file was read.")


def upload(client: Client, data: bytes, name: str) -> Any:
    return client.post(ADD, {"file": SimpleUploadedFile(name, data), "read": "1"})


# --- Who may


@pytest.mark.parametrize(
    "who", ["administrator", "editor", "contributor", "foreign_contributor", "reader"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_add_a_meeting(
    client: Client, db: None, who: str, method: str, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(who)
    if isinstance(user, User):
        client.force_login(user)
    response = getattr(client, method)(ADD, {"pasted": THREE, "read": "1"})
    expected = {"reader": 302, "editor": 200, "administrator": 200}.get(who, 403)
    assert response.status_code == expected
    page = client.get("/en/").content.decode()
    assert (">Add a meeting<" in page) == (expected == 200)


def test_the_administration_leads_to_it(mine: Client) -> None:
    assert f'href="{ADD}"' in mine.get("/en/admin/tracker/meeting/").content.decode()


def test_the_action_asks_too(contributor: User) -> None:
    said = Proceedings({"url": factories.URL}, "fr", ["ML"], [Recommended(1, "agir")])
    with pytest.raises(NotAllowed):
        add_meeting(by=contributor, meeting=Meeting(body=Body()), said=said)


# --- What is sent, before anything of it is read


def test_the_file_of_who_may_not_is_never_read(
    client: Client, contributor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(contributor)
    monkeypatch.setattr("tracker.forms.rows.text_of", pytest.fail)
    monkeypatch.setattr(MemoryFileUploadHandler, "new_file", never)
    assert upload(client, b"x", "a.txt").status_code == 403
    assert upload(client, b"x" * 2_200_000, "a.txt").status_code == 413
    client.logout()
    assert upload(client, b"x" * 2_200_000, "a.txt").status_code == 413


def test_no_other_form_reads_files_even_of_an_editor(
    mine: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MemoryFileUploadHandler, "new_file", never)
    answer = mine.post("/notes/preview/", {"note": "x", "file": SimpleUploadedFile("a.txt", b"x")})
    assert answer.status_code == 200
    assert mine.post("/notes/preview/", {"note": "x" * 2_200_000}).status_code == 413


def test_an_editor_sends_at_most_ten_megabytes(mine: Client) -> None:
    assert upload(mine, b"a" * 2_200_000, "a.txt").status_code == 422  # read, and too long a text
    answer = upload(mine, b"a" * (middleware.LARGER["add_meeting"] + 1), "a.txt")
    assert answer.status_code == 413
    assert "at most 10 MB" in answer.content.decode()


# --- The text, and what is found in it


def test_the_six_of_vienna_are_proposed_and_nothing_is_saved(mine: Client) -> None:
    response = propose(mine, VIENNA)
    assert texts(response) == SIX
    assert numbers(response) == ["1", "2", "3", "4", "5", "6"]
    page = parse(response)
    assert "6 recommendations were found." in page.get_element_by_id("found").text_content()
    marks = [mark.text_content() for mark in page.cssselect("#given mark")]
    assert marks[0] == f"1 {SIX[0]}"
    assert len(marks) == 7  # and the difficulty
    assert page.cssselect("[name=language] option[selected]")[0].get("value") == "fr"
    assert nothing_is_saved()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (THREE.encode("cp1252"), "a.txt"),
        (f"<p>{THREE}</p>".encode(), "a.html"),
        (docx((THREE, "Normal")), "a.docx"),
        (pdf("Les recommandations suivantes : agir ; r\351agir ; partir."), "a.pdf"),
    ],
    ids=["txt", "html", "docx", "pdf"],
)
def test_a_file_is_read_like_a_text(mine: Client, data: bytes, name: str) -> None:
    assert texts(upload(mine, data, name)) == ["agir", "réagir", "partir"]


def test_where_nothing_is_found_it_says_so_and_gives_the_empty_form(mine: Client) -> None:
    response = propose(mine, "Il faisait beau.")
    assert "No recommendations were found" in response.content.decode()
    assert texts(response) == [""]
    assert "Il faisait beau." in parse(response).get_element_by_id("given").text_content()


def test_one_may_start_with_an_empty_form(mine: Client) -> None:
    response = mine.post(ADD, {"empty": "1"})
    assert texts(response) == [""]
    assert not parse(response).cssselect("#given")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "The text of the communiqué or report: Paste a text"),
        ({"pasted": "x" * 200_001}, "The text of the communiqué or report: This text has 200001"),
        ({"pasted": "a", "file": SimpleUploadedFile("a.txt", b"b")}, "Or a file: Give the text or"),
        ({"file": SimpleUploadedFile("a.xls", b"b")}, "Or a file: Choose a .txt, .html"),
        ({"file": SimpleUploadedFile("a.txt", b"")}, "Or a file: There is no text"),
        ({"file": SimpleUploadedFile("a.txt", b"b" * 200_001)}, "Or a file: The text of this file"),
    ],
)
def test_a_text_that_cannot_be_read_names_the_field(
    mine: Client, given: dict[str, Any], said: str
) -> None:
    if "file" in given:
        given["file"].seek(0)
    assert said in problems(mine.post(ADD, {**given, "read": "1"}))


# --- To correct what was found


def test_merge_split_number_and_leave_out(mine: Client) -> None:
    response = mine.post(ADD, sent(propose(mine), merge="2"))
    assert texts(response) == ["agir", "réagir ; partir"]
    assert parse(response).cssselect("[autofocus]")[0].get("id") == "id_text_2"
    response = mine.post(ADD, sent(response, split="2"))
    assert texts(response) == ["agir", "réagir", "partir"]
    response = mine.post(ADD, sent(response, up="3"))
    assert texts(response) == ["agir", "partir", "réagir"]
    assert numbers(response) == ["1", "2", "3"]
    response = mine.post(ADD, sent(response, out="2", renumber="1"))
    assert numbers(response) == ["1", "", "2"]
    response = mine.post(ADD, sent(response, add="1", add_difficulty="1"))
    assert len(texts(response)) == 4
    assert parse(response).cssselect("[name=out][checked]")[0].get("value") == "2"
    assert parse(response).get_element_by_id("id_title_1") is not None
    assert nothing_is_saved()


def test_words_that_are_not_in_the_text_are_said_to_differ(mine: Client) -> None:
    data = sent(propose(mine), check="1")
    data["text"] = ["Agir", "réagir vite", "partir"]
    said = [p.text_content() for p in parse(mine.post(ADD, data)).cssselect(".likeness")]
    assert "but for capitals" in said[0]
    assert "These words differ" in said[1]
    assert "As in the text." in said[2]


@pytest.mark.parametrize(
    ("button", "value"), [("merge", "99"), ("split", "x"), ("up", "9" * 30), ("down", "²")]
)
def test_a_button_of_no_row_changes_nothing(mine: Client, button: str, value: str) -> None:
    response = mine.post(ADD, sent(propose(mine), **{button: value}))
    assert response.status_code == 200
    assert texts(response) == ["agir", "réagir", "partir"]


def test_a_step_keeps_all_that_was_typed(mine: Client) -> None:
    data = sent(propose(mine), **FACTS, merge="1", language="es", stage="adopted")
    again = form_data(parse(mine.post(ADD, data)), "meeting")
    kept = {name: value for name, value in FACTS.items() if again.get(name) != value}
    assert kept == {}
    assert (again["language"], again["stage"]) == ("es", "adopted")


# --- To accept it


def test_it_is_accepted_whole(mine: Client) -> None:
    data = sent(propose(mine, VIENNA), **FACTS, accept="1")
    data |= {"title": "Données biométriques", "bears_on": "2, 5 6", "locator": ["§ 3", *[""] * 5]}
    response = mine.post(ADD, data, follow=True)
    assert response.redirect_chain == [("/en/meetings/som-12/", 302)]
    assert "Added: the meeting and its 6 recommendations." in response.content.decode()
    meeting = Meeting.objects.get()
    assert (str(meeting.body), meeting.session, str(meeting.country)) == (
        "Groupe de travail",
        12,
        "AT",
    )
    rows = list(meeting.recommendations.order_by("number"))
    assert [row.text for row in rows] == SIX
    assert [row.ref for row in rows] == [f"som-12-{n}" for n in range(1, 7)]
    assert rows[0].locator == "§ 3"
    assert {row.origin.url for row in rows} == {"https://www.example.org/communique"}
    states = Implementation.objects.values_list("state", flat=True)
    assert sorted(set(states)) == ["ML", "NE"]
    assert len(states) == 12
    difficulty = meeting.difficulties.get()
    assert difficulty.title_fr == "Données biométriques"
    assert difficulty.summary_fr.startswith("La gestion et le partage")
    assert [r.number for r in difficulty.bears_on.order_by("number")] == [2, 5, 6]


def test_it_is_sealed_as_one_step_by_the_site(mine: Client) -> None:
    mine.post(ADD, sent(propose(mine), **FACTS, accept="1"))
    assert Root.objects.count() == 1
    edits = Edit.objects.all()
    assert {edit.channel for edit in edits} == {Channel.SITE}
    assert {str(edit.recorded_by) for edit in edits} == {"Sofia Keller"}
    assert edits.count() == 3 + 6  # recommendations, and their carrying-out by two States


def test_one_left_out_is_not_saved(mine: Client) -> None:
    data = sent(propose(mine), **FACTS, out="2", accept="1")
    data["text"] = ["agir", "", "partir"]
    mine.post(ADD, data)
    assert sorted(Recommendation.objects.values_list("text", flat=True)) == ["agir", "partir"]


def test_a_body_and_states_that_are_known_are_chosen(mine: Client) -> None:
    known = factories.make_meeting(session=11)
    factories.make_state("ML")
    page = propose(mine)
    more = {**FACTS, "body": "som", "body_slug": "", "body_name_fr": "", "other_states": ""}
    mine.post(ADD, sent(page, **more, states=["ML"], accept="1"))
    assert Meeting.objects.get(slug="som-12").body == known.body
    assert Implementation.objects.count() == 3


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("Holy See, Russian Federation", ["RU", "VA"]),
        ("Korea, Republic of", ["KR"]),
        ("République-Unie de Tanzanie; UK\nBurma", ["GB", "MM", "TZ"]),
    ],
)
def test_other_states_have_any_of_their_names(mine: Client, typed: str, codes: list[str]) -> None:
    mine.post(ADD, sent(propose(mine), **{**FACTS, "other_states": typed}, accept="1"))
    assert sorted(State.objects.values_list("code", flat=True)) == codes


def test_known_states_stand_by_name(mine: Client) -> None:
    for code in ("ZA", "CH", "TD"):
        factories.make_state(code)
    labels = parse(propose(mine)).xpath("//input[@name='states']/..")
    assert [label.text_content().strip() for label in labels] == [
        "Chad",
        "South Africa",
        "Switzerland",
    ]


def test_a_known_source_stays_as_it_is_described(mine: Client) -> None:
    factories.make_source("https://www.example.org/communique", title="As known")
    mine.post(ADD, sent(propose(mine), **FACTS, accept="1"))
    assert Source.objects.get().title == "As known"


PROPOSED = {
    "given": THREE,
    "text": ["agir", "réagir", "partir"],
    "number": ["1", "2", "3"],
    "locator": ["", "", ""],
    "language": "fr",
    "stage": "discussion",
}
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"slug": ""}, "Short address:"),
    ({"slug": "é"}, "Short address:"),
    ({"slug": "add"}, "Short address: “add” is the address"),
    ({"session": "0"}, "Session:"),
    ({"session": "x"}, "Session:"),
    ({"starts_on": "soon"}, "First day: Give a day"),
    ({"ends_on": "2025-10-01"}, "Last day: The last day is before the first"),
    ({"discussed_on": "2025-10-11"}, "Day of the discussion: The meeting was over"),
    ({"place_fr": ""}, "Place in French: Say where it met"),
    ({"body_name_fr": ""}, "Body: Choose the body that met"),
    ({"body_slug": ""}, "Short address of the new body: Give"),
    ({"body": "nope"}, "Body: Choose one of those listed"),
    ({"country": "ZZ"}, "Country:"),
    ({"other_states": ""}, "States that they address: Choose at least one State"),
    ({"other_states": "Atlantis"}, "Other States: No State is called Atlantis"),
    ({"other_states": "Mali, Korea"}, "Other States: Korea can be more than one State"),
    ({"states": ["zz"]}, "States that they address: Choose one"),
    ({"origin_url": ""}, "Address (URL):"),
    ({"origin_url": "ftp://example.org"}, "Address (URL): Give an address that begins"),
    ({"language": "xx"}, "Language:"),
    ({"number": ["1", "1", "2"]}, "Recommendation 2, Number: Number 1 is given twice"),
    ({"number": ["1", "x", "2"]}, "Recommendation 2, Number:"),
    ({"text": ["a", " ", "b"]}, "Recommendation 2, Exact quotation: Give the words"),
    ({"locator": ["x" * 121, "", ""]}, "Recommendation 1, Where in it:"),
    ({"out": ["1", "2", "3"]}, "Give at least one recommendation"),
    ({"title": "", "summary": "x", "bears_on": ""}, "Difficulty 1, Title: Give it a short title"),
    ({"title": "t", "summary": "", "bears_on": "4"}, "There is no recommendation 4"),
    ({"title": "t", "summary": "", "bears_on": "x"}, "Difficulty 1, Bears on the recommendations:"),
    ({"title": "t", "bears_on": "3-1"}, "Difficulty 1, Bears on the recommendations:"),
    ({"title": "t", "bears_on": "1-99999"}, "Difficulty 1, Bears on the recommendations:"),
]


@pytest.mark.parametrize(("typed", "said"), WRONG, ids=[said for _typed, said in WRONG])
def test_what_is_wrong_names_its_field_and_nothing_is_saved_or_lost(
    mine: Client, typed: dict[str, Any], said: str
) -> None:
    response = mine.post(ADD, {**PROPOSED, **FACTS, **typed, "accept": "1"})
    assert said in problems(response)
    assert nothing_is_saved()
    if "text" not in typed:
        assert texts(response) == ["agir", "réagir", "partir"]
    again = form_data(parse(response), "meeting")
    assert again["given"] == THREE
    assert again["origin_title"] == "Communiqué"


def test_all_that_is_missing_is_said_at_once(mine: Client) -> None:
    facts = dict.fromkeys(FACTS, "")
    said = problems(mine.post(ADD, {**PROPOSED, **facts, "accept": "1"}))
    for field in (
        "Body",
        "Short address",
        "First day",
        "Last day",
        "Place in French",
        "Address (URL)",
    ):
        assert f"{field}: " in said


def test_what_must_be_given_is_marked(mine: Client) -> None:
    labels = [label.text_content() for label in parse(propose(mine)).cssselect(".facts label")]
    marked = [label.split(" (")[0] for label in labels if label.endswith("(required)")]
    assert marked == ["Short address", "First day", "Last day", "Address", "Language", "Stage"]


def test_a_meeting_without_a_number(mine: Client) -> None:
    accepted = sent(propose(mine), **{**FACTS, "session": ""}, accept="1")
    page = mine.post(ADD, accepted, follow=True).content.decode()
    assert "meeting no." not in page
    another = {"body": "som", "slug": "som-xiii", "session": ""}
    assert mine.post(ADD, {**accepted, **another}).status_code == 302
    first, second = Meeting.objects.order_by("id")
    assert first.session is second.session is None
    assert str(first) == "Groupe de travail 2025 (Vienne)"
    cited = mine.get(f"/en/recommendations/{first.slug}-1/cite/").content.decode()
    assert "None" not in cited
    assert mine.get("/en/admin/tracker/meeting/").status_code == 200
    changed = mine.get(f"/en/admin/tracker/meeting/{first.pk}/change/").content.decode()
    assert "None" not in changed


@pytest.mark.parametrize("typed", ["1, 2-3", "1–3", "1 2 - 3", "1;2;3", "1-1,2-3"])
def test_a_difficulty_bears_on_a_range(mine: Client, typed: str) -> None:
    data = sent(propose(mine), **FACTS, accept="1", title="Moyens", summary="", bears_on=typed)
    assert mine.post(ADD, data).status_code == 302
    bears_on = Difficulty.objects.get().bears_on
    assert sorted(bears_on.values_list("number", flat=True)) == [1, 2, 3]


SPANISH = (
    "Los participantes de la reunión formularon las siguientes recomendaciones:\n1. Actuar\n2. Cooperar\n\n"
    "Los principales desafíos de la lucha son los que siguen:\n- la falta de medios en la frontera."
)


def test_words_of_another_language_are_no_title(mine: Client) -> None:
    response = propose(mine, SPANISH)
    data = sent(response, **FACTS, accept="1")
    assert (data["language"], data["title"], data["summary"]) == ("es", "", "")
    page = parse(response)
    assert page.cssselect("blockquote[lang=es]")[0].text == "la falta de medios en la frontera"
    assert page.cssselect("#row-3 .likeness")[0].text_content().startswith("As in the text.")
    assert "Difficulty 1, Title: Give it" in problems(mine.post(ADD, data))
    mine.post(ADD, {**data, "title": "Lack of means"})
    difficulty = Difficulty.objects.get()
    assert (difficulty.title_en, difficulty.title_fr, difficulty.summary_en) == (
        "Lack of means",
        "",
        "",
    )


def test_the_words_of_a_difficulty_are_kept_from_step_to_step(mine: Client) -> None:
    again = mine.post(ADD, sent(propose(mine, SPANISH), check="1"))
    assert parse(again).cssselect("blockquote")[0].text == "la falta de medios en la frontera"


def test_all_or_nothing(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    said = Proceedings(
        origin={"url": factories.URL},
        language="fr",
        states=["ML"],
        recommendations=[Recommended(1, "agir"), Recommended(2, "réagir", "x" * 121)],
        difficulties=[Named({"title_fr": "moyens"}, [1])],
    )
    meeting = Meeting(
        body=Body(slug="som", name_fr="Groupe"),
        slug="som-12",
        session=12,
        place_fr="Vienne",
        starts_on=factories.LAST_DAY,
        ends_on=factories.LAST_DAY,
    )
    with pytest.raises(Invalid) as refused:
        add_meeting(by=editor, meeting=meeting, said=said)
    assert list(refused.value.errors) == ["recommendations-2-locator"]
    assert nothing_is_saved()


def test_sent_twice_it_is_saved_once(mine: Client) -> None:
    data = sent(propose(mine), **FACTS, accept="1")
    assert mine.post(ADD, data).status_code == 302
    assert "Short address: There is a meeting with this short address already" in problems(
        mine.post(ADD, {**data, "body": "som"})
    )
    assert Meeting.objects.count() == 1


def test_a_session_is_added_once(mine: Client) -> None:
    factories.make_meeting(session=12)
    more = {**FACTS, "body": "som", "slug": "som-xii"}
    response = mine.post(ADD, {**PROPOSED, **more, "accept": "1"})
    assert "Session: This session of the body is known already" in problems(response)


def test_saved_by_somebody_else_at_the_same_moment(
    mine: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def collide(*_given: object) -> None:
        raise IntegrityError

    monkeypatch.setattr(meetings, "_save", collide)
    response = mine.post(ADD, sent(propose(mine), **FACTS, accept="1"))
    assert "at the same moment" in problems(response)


def test_too_many_at_once(mine: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meetings, "PAIRS", 5)
    response = mine.post(ADD, sent(propose(mine), **FACTS, accept="1"))
    assert "Choose fewer States" in problems(response)


# --- Nothing typed is lost


def test_an_expired_session_gives_the_form_back(mine: Client, editor: User) -> None:
    data = sent(propose(mine), **FACTS, accept="1")
    mine.logout()
    assert mine.post(ADD, data)["Location"].startswith("/en/accounts/login/")
    mine.post("/en/accounts/login/", {"username": editor.username, "password": factories.PASSWORD})
    response = mine.get(ADD)
    assert texts(response) == ["agir", "réagir", "partir"]
    assert form_data(parse(response), "meeting")["slug"] == "som-12"
    assert nothing_is_saved()


@pytest.mark.parametrize("step", ["text", "review"])
def test_a_stale_page_gives_the_form_back(mine: Client, editor: User, step: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    page = mine.get(ADD) if step == "text" else propose(mine)
    author = parse(page).cssselect("[name=author]")[0].get("value")
    given = {"pasted": THREE, "author": author} if step == "text" else sent(page, accept="1")
    response = strict.post(ADD, {**given, "csrfmiddlewaretoken": "x" * 64})
    assert response.status_code == 403
    assert "réagir" in response.content.decode()
    assert "Nothing was recorded" in response.content.decode()


# --- What it costs


def counted(client: Client, data: dict[str, Any] | None = None) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.post(ADD, data or {}).status_code == 200
    return len(captured)


def test_queries_do_not_grow_with_rows_bodies_or_states(mine: Client) -> None:
    few = counted(mine, sent(propose(mine), check="1"))
    for number, code in enumerate(("ML", "NE", "BF", "SN", "TD"), 1):
        factories.make_meeting(body=f"b{number}")
        factories.make_state(code)
    many = "Recommandations :\n" + "\n".join(f"{n}. agir {n}" for n in range(1, 60))
    assert counted(mine, sent(propose(mine, many), check="1")) == few


def test_a_form_of_a_thousand_rows_is_not_built(mine: Client) -> None:
    response = mine.post(ADD, {"given": "", "text": ["x"] * 980, "check": "1"})
    assert len(texts(response)) == ON_A_PAGE


def test_the_text_is_never_markup(mine: Client) -> None:
    response = propose(mine, "Recommandations :\n- <img src=x onerror=alert(1)>\n- b")
    assert "<img" not in response.content.decode()


def test_docx_of_word_is_accepted_end_to_end(mine: Client) -> None:
    data = docx(("Recommandations", "Heading 1"), ("agir", "List Number"), ("fuir", "List Number"))
    file = io.BytesIO(data)
    file.name = "rapport.docx"
    mine.post(ADD, sent(mine.post(ADD, {"file": file, "read": "1"}), **FACTS, accept="1"))
    assert list(Recommendation.objects.order_by("number").values_list("text", flat=True)) == [
        "agir",
        "fuir",
    ]
