"""What can never be false about the record: each constraint, broken behind the actions' back."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from tests import factories
from tracker.models import (
    Band,
    Body,
    Citation,
    Difficulty,
    Document,
    Edit,
    Facet,
    FollowUp,
    Implementation,
    ImportFault,
    ImportFile,
    ImportPart,
    Instrument,
    Meeting,
    Organization,
    Provision,
    Recommendation,
    RecommendationProvision,
    RecommendationTheme,
    Relation,
    SignInLink,
    Source,
    Standing,
    State,
    Theme,
    Translation,
    User,
    Wording,
)
from tracker.models.implementations import FOREVER

pytestmark = pytest.mark.django_db
NOW = timezone.now()
Fields = dict[str, Any]


class World:
    """What is there before: ``valid`` rows rest on it, and some broken ones repeat it."""

    def __init__(self) -> None:
        self.meeting = factories.make_meeting()
        theme, provision = factories.make_theme(), factories.make_provision()
        self.recommendation = factories.make_recommendation(
            1, english="Border management", themes=[theme], provisions=[provision]
        )
        self.untracked = factories.make_recommendation(2)
        self.tracked = factories.make_implementation(self.recommendation)
        self.empty = factories.make_implementation(self.recommendation, state="NE")
        self.government = factories.make_organization()
        self.editor = factories.make_user("editor", username="Sofia")
        self.seeded = factories.record(self.empty, sources=["https://example.org/1"])
        self.entry = factories.record(self.tracked, self.editor, sources=["https://example.org/1"])
        self.cited = self.entry.citations.get().source
        self.source = factories.make_source()
        self.relation = Relation(later=self.recommendation, earlier=self.untracked, kind="repeats")
        self.relation.save()
        self.band = Band.objects.filter(recommendation=self.recommendation)[0]
        self.file = ImportFile.objects.create(owner=self.editor, name="table.csv", size=1)
        ImportPart.objects.create(file=self.file, position=0, content=b"a")
        ImportFault.objects.create(file=self.file, row=2)
        self.edit = Edit.objects.order_by("sequence")[0]


@pytest.fixture(scope="module")
def world(shared_by_module: None) -> World:
    """Constraints hold by themselves, where no trigger comes before them."""
    world = World()
    factories.drop_triggers()
    return world


def valid(world: World, model: type[models.Model]) -> Fields:
    """The fields of a row that breaks nothing."""
    w = world
    rows: dict[type[models.Model], Fields] = {
        Body: {"slug": "gfmd", "name_fr": "Forum"},
        Meeting: {
            "slug": "som-13",
            "body": w.meeting.body,
            "session": 13,
            "place_fr": "Vienne",
            "starts_on": dt.date(2026, 10, 1),
            "ends_on": dt.date(2026, 10, 2),
        },
        Theme: {"slug": "asylum", "name_fr": "Asile"},
        Instrument: {"slug": "gcm", "short_fr": "Pacte"},
        Provision: {
            "instrument": Instrument.objects.get(),
            "kind": "objective",
            "number": "9",
        },
        Difficulty: {"meeting": w.meeting, "slug": "money", "title_fr": "Moyens"},
        Organization: {"name_fr": "L’Essor", "kind": "media"},
        User: {"username": "ines", "name": "Inès", "role": "reader"},
        SignInLink: {
            "secret_digest": "0" * 64,
            "created_at": NOW,
            "expires_at": NOW + dt.timedelta(1),
        },
        State: {"code": "SN"},
        Source: {"url": "https://example.org/2"},
        Recommendation: {
            "ref": "som-12-9",
            "meeting": w.meeting,
            "number": 9,
            "text": "La prévention",
            "origin": w.source,
        },
        RecommendationTheme: {"recommendation": w.untracked, "theme": Theme.objects.get()},
        RecommendationProvision: {
            "recommendation": w.untracked,
            "provision": Provision.objects.get(),
        },
        Relation: {"later": w.untracked, "earlier": w.recommendation, "kind": "follows_from"},
        Facet: {"name": "state", "value": "SN", "token": "0" * 16, "members": b""},
        ImportFile: {"owner": w.editor, "name": "table.csv", "size": 1},
        ImportPart: {"file": w.file, "position": 1, "content": b"a"},
        ImportFault: {"file": w.file, "row": 3},
        Wording: {"recommendation": w.recommendation, "language": "es", "stems": ""},
        Band: {"recommendation": w.untracked, "hash": -(2**63)},
        Translation: {"recommendation": w.recommendation, "language": "es", "text": "La gestión"},
        Implementation: {"recommendation": w.untracked, "state": w.tracked.state},
        Document: {
            "implementation": w.tracked,
            "stretch": 1,
            "visibility": "public",
            "said": " frontier ",
            "told": "",
            "parts": "text",
        },
        FollowUp: {
            "implementation": w.tracked,
            "sequence": 2,
            "note": "Un atelier",
            "language": "fr",
            "recorded_at": NOW,
            "recorded_by": w.editor,
            "channel": "site",
            "submission": uuid.uuid4(),
            "salt": "0" * 32,
            "content_digest": "1" * 64,
            "previous_digest": w.entry.digest,
            "digest": "2" * 64,
        },
        Citation: {"followup": w.entry, "source": w.source, "position": 2},
        Standing: {
            "implementation": w.empty,
            "since": NOW,
            "until": NOW + dt.timedelta(1),
        },
        Edit: {
            "sequence": 999,
            "subject": "recommendation",
            "key": "som-12-1",
            "act": "changed",
            "snapshot": {},
            "recorded_at": NOW,
            "channel": "site",
            "salt": "0" * 32,
            "content_digest": "1" * 64,
            "previous_digest": "0" * 64,
            "digest": "2" * 64,
        },
    }
    return rows[model]


Change = Fields | Callable[[World], Fields]
FIRST = {"followup_kind_is_known": "followup_correction_has_target_and_reason"}
"""Which other one an engine names, where none of its rows breaks one alone."""


def _the_same_pair(world: World) -> Fields:
    return {"later": world.recommendation, "earlier": world.untracked}


def _the_same_band(world: World) -> Fields:
    return {"recommendation": world.recommendation, "hash": world.band.hash}


def _says_why(kind: str) -> Fields:
    return {"kind": kind, "reason": "R", "note": ""}


def _half_told(basis: str) -> list[Change]:
    """A status without its entry, and the other way round."""
    return [{f"{basis}_status": "implemented"}, lambda w: {f"{basis}_entry": w.entry}]


NO_WORDS: Fields = {"is_redacted": True, "note": "", "reason": "", "salt": ""}
NOTHING: Fields = {"note": "", "status": "", "citation_count": 0}

BROKEN: list[tuple[str, type[models.Model], Change]] = [
    ("relation_once_a_pair", Relation, _the_same_pair),
    ("relation_is_of_two", Relation, lambda w: {"later": w.recommendation}),
    ("relation_kind_is_known", Relation, {"kind": "cites"}),
    ("facet_once", Facet, {"value": "ML"}),
    ("import_part_once_a_file", ImportPart, {"position": 0}),
    ("import_fault_once_a_row", ImportFault, {"row": 2}),
    ("wording_once_a_language", Wording, {"language": "fr"}),
    ("wording_language_is_known", Wording, {"language": "xx"}),
    ("band_once_a_recommendation", Band, _the_same_band),
    ("body_has_a_name", Body, {"name_fr": ""}),
    ("document_once", Document, lambda w: _known_document(w)),
    ("document_once_of_nobody", Document, {"stretch": 0}),
    ("document_public_is_nobodys", Document, lambda w: {"organization": w.government}),
    ("document_visibility_is_known", Document, {"visibility": "secret"}),
    ("meeting_session_once_a_body", Meeting, {"session": 12}),
    ("meeting_ends_after_start", Meeting, {"ends_on": dt.date(2026, 9, 30)}),
    ("meeting_discussed_while_it_met", Meeting, {"discussed_on": dt.date(2026, 10, 3)}),
    ("meeting_discussed_while_it_met", Meeting, {"discussed_on": dt.date(2026, 9, 30)}),
    ("meeting_session_positive", Meeting, {"session": 0}),
    ("meeting_has_a_place", Meeting, {"place_fr": ""}),
    ("theme_has_a_name", Theme, {"name_fr": ""}),
    ("instrument_has_a_short_name", Instrument, {"short_fr": ""}),
    ("provision_once_an_instrument", Provision, {"kind": "article", "number": "6"}),
    ("provision_kind_is_known", Provision, {"kind": "chapter"}),
    ("provision_has_a_number", Provision, {"number": ""}),
    ("difficulty_once_a_meeting", Difficulty, lambda w: _named_difficulty(w)),
    ("difficulty_has_a_title", Difficulty, {"title_fr": ""}),
    ("organization_has_a_name", Organization, {"name_fr": ""}),
    ("organization_kind_is_known", Organization, {"kind": "party"}),
    ("organization_kind_is_known", Organization, {"kind": ""}),
    ("organization_government_has_a_state", Organization, {"kind": "government"}),
    ("user_name_once_whatever_its_case", User, {"username": "sOFIA"}),
    ("user_role_is_known", User, {"role": "king"}),
    ("user_has_a_user_name", User, {"username": ""}),
    ("user_has_a_name", User, {"name": ""}),
    ("user_contributor_has_an_organization", User, {"role": "contributor"}),
    ("sign_in_link_expires_after_creation", SignInLink, {"expires_at": NOW}),
    *(("state_code_is_iso_3166_1", State, {"code": code}) for code in ("sn", "S", "", "ZZ", "EU")),
    ("source_is_a_web_address", Source, {"url": "ftp://example.org/2"}),
    ("source_is_a_web_address", Source, {"url": "javascript:https://example.org"}),
    ("source_kind_is_known", Source, {"kind": "rumour"}),
    ("source_language_is_known", Source, {"language": "xx"}),
    ("recommendation_number_once_a_meeting", Recommendation, {"number": 1}),
    ("recommendation_number_positive", Recommendation, {"number": 0}),
    ("recommendation_has_a_text", Recommendation, {"text": ""}),
    ("recommendation_has_a_reference", Recommendation, {"ref": ""}),
    ("recommendation_stage_is_known", Recommendation, {"stage": "imagined"}),
    ("recommendation_language_is_known", Recommendation, {"language": "xx"}),
    ("theme_once_a_recommendation", RecommendationTheme, lambda w: _of(w.recommendation)),
    ("provision_once_a_recommendation", RecommendationProvision, lambda w: _of(w.recommendation)),
    ("translation_once_a_language", Translation, {"language": "en"}),
    ("translation_has_a_text", Translation, {"text": ""}),
    ("translation_language_is_known", Translation, {"language": "xx"}),
    ("translation_official_says_where_from", Translation, {"is_official": True}),
    ("implementation_once_a_state", Implementation, lambda w: _of(w.recommendation)),
    ("implementation_status_is_known", Implementation, lambda w: _stands(w, "done")),
    ("implementation_reported_is_known", Implementation, lambda w: _as_told(w, "reported", "done")),
    ("implementation_verified_is_known", Implementation, lambda w: _as_told(w, "verified", "done")),
    ("implementation_head_is_whole", Implementation, {"head_sequence": 1}),
    ("implementation_head_is_whole", Implementation, {"head_digest": "0" * 64}),
    ("implementation_status_comes_from_an_entry", Implementation, {"status": "implemented"}),
    ("implementation_status_comes_from_an_entry", Implementation, {"status_since": NOW.date()}),
    (
        "implementation_status_comes_from_an_entry",
        Implementation,
        {"status": "implemented", "status_since": NOW.date()},
    ),
    (
        "implementation_status_comes_from_an_entry",
        Implementation,
        lambda w: {"status": "implemented", "status_entry": w.entry},
    ),
    (
        "implementation_status_comes_from_an_entry",
        Implementation,
        lambda w: {"status_entry": w.entry},
    ),
    *(
        (f"implementation_{basis}_comes_from_an_entry", Implementation, change)
        for basis in ("reported", "verified")
        for change in _half_told(basis)
    ),
    ("followup_sequence_once", FollowUp, {"sequence": 1, "previous_digest": ""}),
    ("followup_only_the_first_has_no_previous", FollowUp, {"previous_digest": ""}),
    ("followup_only_the_first_has_no_previous", FollowUp, lambda w: _first(w, "0" * 64)),
    ("followup_recorded_once", FollowUp, lambda w: {"submission": w.entry.submission}),
    ("followup_seeded_once", FollowUp, lambda w: _seeded(w.seeded.submission)),
    ("followup_says_something", FollowUp, {"note": ""}),
    ("followup_says_something", FollowUp, lambda w: _corrects(w, "amendment", note="")),
    ("followup_retraction_says_only_why", FollowUp, lambda w: _corrects(w, "retraction")),
    ("followup_correction_has_target_and_reason", FollowUp, {"reason": "Une coquille"}),
    ("followup_correction_has_target_and_reason", FollowUp, {"kind": "amendment", "reason": "R"}),
    (
        "followup_correction_has_target_and_reason",
        FollowUp,
        lambda w: _corrects(w, "amendment", reason=""),
    ),
    ("followup_status_has_a_basis", FollowUp, {"status": "implemented"}),
    ("followup_status_has_a_basis", FollowUp, lambda w: _said(w, "", "reported")),
    (
        "followup_verified_status_cites_a_source",
        FollowUp,
        lambda w: _said(w, "implemented", "verified"),
    ),
    (
        "followup_reported_status_has_an_organization",
        FollowUp,
        {"status": "implemented", "basis": "reported"},
    ),
    (
        "followup_happened_before_it_was_recorded",
        FollowUp,
        {"happened_on": NOW.date() + dt.timedelta(1)},
    ),
    ("followup_somebody_recorded_it", FollowUp, {"recorded_by": None}),
    ("followup_correction_has_target_and_reason", FollowUp, _says_why("redaction")),
    (
        "followup_correction_has_target_and_reason",
        FollowUp,
        lambda w: _redacts(w, reason=""),
    ),
    (
        "followup_correction_has_target_and_reason",
        FollowUp,
        lambda w: _redacts(w, target=w.entry),
    ),
    ("followup_retraction_says_only_why", FollowUp, lambda w: _redacts(w, citation_count=1)),
    *(
        ("followup_redacted_has_no_words", FollowUp, {**NO_WORDS, column: "Mots"})
        for column in ("note", "salt")
    ),
    ("followup_redacted_has_no_words", FollowUp, lambda w: _blank(_corrects(w, "amendment"))),
    ("followup_kind_is_known", FollowUp, lambda w: _corrects(w, "deletion", **NOTHING)),
    ("followup_status_is_known", FollowUp, lambda w: _said(w, "done", "reported")),
    ("followup_basis_is_known", FollowUp, lambda w: _said(w, "implemented", "guessed")),
    ("followup_visibility_is_known", FollowUp, {"visibility": "secret"}),
    ("followup_channel_is_known", FollowUp, {"channel": "fax"}),
    ("followup_language_is_known", FollowUp, {"language": "xx"}),
    ("citation_once_an_entry", Citation, lambda w: {"source": w.cited}),
    ("citation_position_once", Citation, {"position": 1}),
    ("citation_position_positive", Citation, {"position": 0}),
    ("standing_once", Standing, lambda w: _first_standing(w)),
    ("standing_one_is_the_newest", Standing, {"until": FOREVER}),
    ("standing_ends_after_it_began", Standing, {"until": NOW}),
    ("edit_only_the_first_has_no_previous", Edit, {"previous_digest": ""}),
    ("edit_redaction_says_what_and_why", Edit, {"reason": "R"}),
    ("edit_redaction_says_what_and_why", Edit, {"act": "redaction", "reason": "R"}),
    ("edit_redaction_says_what_and_why", Edit, lambda w: {"redacts": w.edit}),
    (
        "edit_redaction_says_what_and_why",
        Edit,
        lambda w: {"redacts": w.edit, "act": "redaction"},
    ),
    ("edit_redacted_has_no_words", Edit, {"is_redacted": True, "salt": ""}),
    ("edit_redacted_has_no_words", Edit, {"is_redacted": True, "snapshot": None}),
    (
        "edit_redacted_has_no_words",
        Edit,
        {"is_redacted": True, "snapshot": None, "salt": "", "folded": "mots"},
    ),
    ("edit_subject_is_known", Edit, {"subject": "meeting"}),
    ("edit_act_is_known", Edit, {"act": "guessed"}),
    ("edit_channel_is_known", Edit, {"channel": "fax"}),
]

MODELS = list(dict.fromkeys(model for _name, model, _change in BROKEN))


def _named_difficulty(world: World) -> Fields:
    return {"slug": factories.make_difficulty(world.recommendation).slug}


def _known_document(world: World) -> Fields:
    internal = {"visibility": "internal", "organization": world.government}
    Document.objects.bulk_create([Document(**{**valid(world, Document), **internal})])
    return internal


def _of(recommendation: Recommendation) -> Fields:
    return {"recommendation": recommendation}


def _stands(world: World, status: str) -> Fields:
    return {"status": status, "status_entry": world.entry, "status_since": NOW.date()}


def _as_told(world: World, basis: str, status: str) -> Fields:
    return {f"{basis}_status": status, f"{basis}_entry": world.entry}


def _first(world: World, previous: str) -> Fields:
    return {"implementation": _untouched(world), "sequence": 1, "previous_digest": previous}


def _untouched(world: World) -> Implementation:
    return factories.make_implementation(world.untracked)


def _seeded(submission: uuid.UUID) -> Fields:
    return {"recorded_by": None, "channel": "seed", "submission": submission}


def _corrects(world: World, kind: str, **fields: Any) -> Fields:
    return {"kind": kind, "target": world.entry, "reason": "Une coquille", **fields}


def _redacts(world: World, **fields: Any) -> Fields:
    said = {"kind": "redaction", "redacts": world.entry, "reason": "Un jugement", "note": ""}
    return {**said, **fields}


def _blank(fields: Fields) -> Fields:
    """Without its words, but for the reason."""
    return {**fields, "is_redacted": True, "note": "", "salt": ""}


def _first_standing(world: World) -> Fields:
    return {"since": world.empty.standings.get().since}


def _said(world: World, status: str, basis: str) -> Fields:
    return {"status": status, "basis": basis, "organization": world.government}


def named(error: IntegrityError, name: str, model: type[models.Model]) -> bool:
    """Whether the error is about that constraint. SQLite names columns of a plain unique one."""
    message = str(error)
    constraint = next(c for c in model._meta.constraints if c.name == name)
    if connection.vendor == "sqlite" and isinstance(constraint, models.UniqueConstraint):
        fields: list[Any] = [model._meta.get_field(f) for f in constraint.fields]
        columns = ", ".join(f"{model._meta.db_table}.{field.column}" for field in fields)
        index = f"index '{name}'"
        return message == f"UNIQUE constraint failed: {columns or index}"
    return name in message


@pytest.mark.parametrize(
    ("name", "model", "change"), BROKEN, ids=[f"{n}-{i}" for i, (n, _m, _c) in enumerate(BROKEN)]
)
def test_broken(world: World, name: str, model: type[models.Model], change: Change) -> None:
    fields = {**valid(world, model), **(change(world) if callable(change) else change)}
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        model._default_manager.bulk_create([model(**fields)])
    assert named(refused.value, FIRST.get(name, name), model)


@pytest.mark.parametrize("model", MODELS)
def test_the_row_that_is_broken_would_be_valid_otherwise(
    world: World, model: type[models.Model]
) -> None:
    fields = valid(world, model)
    model._default_manager.bulk_create([model(**fields)])


def test_an_implementation_with_all_its_statuses_is_taken(world: World) -> None:
    told = {**_stands(world, "implemented"), **_as_told(world, "reported", "implemented")}
    told |= _as_told(world, "verified", "not_started")
    fields = {**valid(world, Implementation), **told}
    Implementation.objects.bulk_create([Implementation(**fields)])


def test_a_status_of_no_information_may_be_stated(world: World) -> None:
    fields = {**valid(world, Implementation), **_stands(world, "no_information")}
    Implementation.objects.bulk_create([Implementation(**fields)])


@pytest.mark.parametrize("code", ["AD", "CD", "PS", "ZW"])
def test_an_assigned_code_is_taken(world: World, code: str) -> None:
    State.objects.bulk_create([State(code=code)])


def test_no_constraint_is_forgotten() -> None:
    tables = apps.get_app_config("tracker").get_models()
    there = {c.name for model in tables for c in model._meta.constraints}
    assert there == {name for name, _model, _change in BROKEN}


def test_no_two_constraints_share_a_name() -> None:
    names = [
        c.name for m in apps.get_app_config("tracker").get_models() for c in m._meta.constraints
    ]
    assert len(names) == len(set(names))
