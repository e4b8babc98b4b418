"""The initial data: the exact words, and nothing that software would have assessed."""

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db.models import Model

from tracker.actions.records import delete_record, save_record
from tracker.actions.seeds import load_seed
from tracker.history.verify import first_fault
from tracker.models import (
    Citation,
    Difficulty,
    FollowUp,
    Implementation,
    LoadedSeed,
    Meeting,
    Organization,
    Recommendation,
    RecommendationProvision,
    RecommendationTheme,
    Source,
    State,
    Translation,
    User,
)
from tracker.search import find
from tracker.statuses import Channel, Kind, Stage, Status, Visibility

pytestmark = pytest.mark.usefixtures("shared_seed", "db")


FRENCH = {
    "som-12-1": (
        "Le renforcement des cadres juridiques et institutionnels, afin d’harmoniser les "
        "législations nationales et criminaliser efficacement le trafic de migrants"
    ),
    "som-12-2": (
        "La coopération internationale et régionale accrue, par le partage d’informations sur les "
        "itinéraires et modes opératoires des réseaux criminels"
    ),
    "som-12-3": (
        "La protection des droits humains, garantissant une assistance humanitaire, médicale et "
        "juridique aux migrants victimes"
    ),
    "som-12-4": (
        "La prévention et la sensibilisation, grâce à des campagnes d’information dans les pays "
        "d’origine et de transit"
    ),
    "som-12-5": (
        "L’amélioration de la gestion des frontières, avec des systèmes de contrôle modernisés et "
        "des bases de données sécurisées"
    ),
    "som-12-6": (
        "Le suivi et l’évaluation continus, reposant sur la collecte de données fiables pour "
        "adapter les politiques publiques"
    ),
}
ORIGIN = (
    "https://www.malikunafoni.net/post/vienne-le-mali-plaide-pour-une-coop%C3%A9ration-renforc%C3%A9e-"
    "contre-le-trafic-illicite-de-migrants"
)
BEARS_ON = {
    "gouvernement.ml": [1, 5, 6],
    "www.lessor.ml": [1, 3, 6],
    "lepays.ml": [1],
    "www.echosmedias.org": [1, 4],
    "csdmf.org": [1, 2, 3, 4, 5, 6],
    "le-mali-plaide-%C3%A0-vienne": [1, 2, 3, 5],
    "www.letjikan.info": [2],
    "mali-migration-cap-sur": [1, 3, 6],
    "migration-le-mali-et-l-oim": [1, 3, 6],
}


def everything() -> dict[str, list[dict[str, Any]]]:
    """All rows of the record."""
    tables: list[type[Model]] = [
        *(Meeting, Recommendation, Translation, Difficulty, Source, Organization, State),
        *(Implementation, FollowUp, Citation, RecommendationTheme, RecommendationProvision),
        LoadedSeed,
    ]
    return {t.__name__: list(t._default_manager.order_by("pk").values()) for t in tables}


# --- What was recommended -------------------------------------------------------------------------


@pytest.mark.parametrize("ref", FRENCH)
def test_quoted_to_the_character(ref: str) -> None:
    recommendation = Recommendation.objects.get(ref=ref)
    assert recommendation.text == FRENCH[ref]
    assert (recommendation.language, recommendation.stage) == ("fr", Stage.DISCUSSION)
    assert recommendation.origin.url == ORIGIN


def test_six_of_one_meeting() -> None:
    meeting = Meeting.objects.get()
    numbers = meeting.recommendations.order_by("number").values_list("ref", "number")
    assert list(numbers) == [(ref, n) for n, ref in enumerate(FRENCH, 1)]
    assert (meeting.slug, meeting.place_fr, str(meeting.country)) == ("som-12", "Vienne", "AT")
    assert (meeting.starts_on, meeting.recommended_on) == (
        dt.date(2025, 10, 9),
        dt.date(2025, 10, 10),
    )


def test_english_texts_are_unofficial() -> None:
    texts = Translation.objects.all()
    assert texts.count() == 6
    assert not texts.exclude(language="en", is_official=False).exists()


def test_themes_and_provisions_are_labelled_as_an_editorial_reading() -> None:
    for links in (RecommendationTheme.objects.all(), RecommendationProvision.objects.all()):
        assert links.filter(is_editorial=True).count() == links.count() >= 6
    assert RecommendationTheme.objects.count() == 6
    assert RecommendationProvision.objects.count() == 4 + 5 + 3 + 3 + 4 + 4


def test_provisions_are_in_the_order_of_the_reading() -> None:
    links = RecommendationProvision.objects.filter(recommendation__ref="som-12-6")
    found = [(link.provision.instrument.slug, link.provision.number) for link in links]
    assert found == [("untoc", "28"), ("untoc", "32"), ("gcm", "1"), ("sdg", "17.18")]


def test_one_difficulty_bears_on_three() -> None:
    difficulty = Difficulty.objects.get()
    assert difficulty.slug == "biometric-data"
    assert [r.number for r in difficulty.bears_on.order_by("number")] == [2, 5, 6]
    assert difficulty.origin is not None
    assert difficulty.origin.url == ORIGIN


def test_searches_find_them_without_accents() -> None:
    found = Recommendation.objects.filter(folded__contains="gestion des frontieres")
    assert [r.ref for r in found] == ["som-12-5"]
    assert Recommendation.objects.filter(folded__contains="border management").exists()


# --- Where they stand -----------------------------------------------------------------------------


def test_all_six_start_where_nothing_was_reported() -> None:
    rows = Implementation.objects.filter(state="ML")
    assert rows.count() == Implementation.objects.count() == 6
    start = {"status": Status.NO_INFORMATION, "reported_status": "", "verified_status": ""}
    assert rows.filter(**start, status_entry=None, status_since=None).count() == 6


def test_nothing_is_assessed_by_software() -> None:
    entries = FollowUp.objects.all()
    bare = entries.filter(kind=Kind.FOLLOW_UP, status="", note="", citation_count=1)
    by_nobody = bare.filter(channel=Channel.SEED, recorded_by=None, organization=None)
    assert by_nobody.filter(visibility=Visibility.PUBLIC).count() == entries.count() == 26


def test_twenty_six_citations_where_they_bear() -> None:
    assert Citation.objects.count() == FollowUp.objects.count() == 26
    for part, numbers in BEARS_ON.items():
        cited = Citation.objects.filter(source__url__contains=part)
        on = cited.values_list("followup__implementation__recommendation__number", flat=True)
        assert sorted(on) == numbers, part
    assert sum(len(numbers) for numbers in BEARS_ON.values()) == 26


def test_nine_public_sources_and_the_origin() -> None:
    assert Source.objects.count() == 10
    assert Citation.objects.values("source").distinct().count() == 9
    origin = Source.objects.get(url=ORIGIN)
    assert (origin.publisher, origin.author) == ("Malikunafoni", "Oura KANTÉ")
    assert not origin.citations.exists()
    assert sorted(set(Source.objects.values_list("kind", "language"))) == [
        ("government", "fr"),
        ("media", "fr"),
    ]
    assert not Source.objects.filter(summary_fr="").exclude(pk=origin.pk).exists()


def test_counts_are_what_the_list_shows() -> None:
    counts = Implementation.objects.in_order().values_list("source_count", "entry_count")
    assert list(counts) == [(n, n) for n in (8, 3, 5, 2, 3, 5)]


def test_each_says_when_it_happened_where_that_is_known() -> None:
    days = dict(FollowUp.objects.values_list("citations__source__url", "happened_on"))
    known = {next(part for part in BEARS_ON if part in url): day for url, day in days.items()}
    assert known["csdmf.org"] == dt.date(2025, 10, 10)
    assert known["www.letjikan.info"] == dt.date(2025, 10, 22)
    assert known["lepays.ml"] is None


def test_histories_are_whole() -> None:
    for implementation in Implementation.objects.select_related("recommendation"):
        entries = implementation.entries.with_details().order_by("sequence")
        assert first_fault(implementation, list(entries)) is None


# --- Again ----------------------------------------------------------------------------------------


def test_loading_it_again_changes_nothing() -> None:
    before = everything()
    assert load_seed(name="vienna-2025") is False
    assert everything() == before


def test_what_a_person_edits_or_deletes_stays_so(editor: User) -> None:
    theme = Recommendation.objects.get(ref="som-12-1").theme_links.get()
    words = Translation.objects.get(recommendation__ref="som-12-2")
    place = Meeting.objects.get()
    words.text, place.place_fr = "Better cooperation", "Vienne (Autriche)"
    save_record(by=editor, record=words, changed=["text"])
    save_record(by=editor, record=place, changed=["place_fr"])
    for gone in (
        theme,
        Difficulty.objects.get(),
        Translation.objects.get(recommendation__number=3),
    ):
        delete_record(by=editor, record=gone)
    before = everything()
    call_command("seed", stdout=StringIO())
    assert everything() == before


def test_it_is_the_same_on_every_installation() -> None:
    first = FollowUp.objects.get(implementation__recommendation__ref="som-12-2", sequence=1)
    assert str(first.submission) == "658388f5-b06d-5863-9fda-1d62d5059155"


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("RENFORCEMENT", 1),
        ("EVALUATION continus", 6),
        ("l'amelioration", 5),
        ("frontieres", 5),
        ("frontière", 5),
        ("border", 5),
        ("som-12-3", 3),
        ('"gestion des frontières"', 5),
        ("renforc", 1),
    ],
)
def test_the_best_of_the_initial_data(words: str, first: int) -> None:
    best = Implementation.objects.get(pk=find(words, user=AnonymousUser()).implementations[0])
    assert best.recommendation.number == first


def test_nothing_is_found_by_what_nobody_said() -> None:
    assert not find("licorne", user=AnonymousUser()).implementations
