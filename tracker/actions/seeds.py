"""Initial data, loaded once: what people then edit or delete stays as they left it."""

import datetime as dt
import json
import uuid
from pathlib import Path
from typing import Any

from django.utils import translation

from tracker.actions.edits import together
from tracker.actions.followups import record_followup
from tracker.actions.records import address_to, refold, save_record
from tracker.actions.sources import CitedSource, add_source
from tracker.actions.statements import Statement
from tracker.models import (
    Body,
    Difficulty,
    Implementation,
    Instrument,
    LoadedSeed,
    Meeting,
    Organization,
    Provision,
    Recommendation,
    RecommendationProvision,
    RecommendationTheme,
    Source,
    State,
    Theme,
    Translation,
)
from tracker.statuses import Channel

FOLDER = Path(__file__).resolve().parent.parent / "seeds"
# Names the submissions of initial entries, so that they are the same on every installation.
NAMESPACE = uuid.UUID("5a6d1ea4-3c0b-5f0e-9a53-2f7c2d0f5a10")
Data = dict[str, Any]


def load_seed(*, name: str) -> bool:
    """Load ``tracker/seeds/<name>.json`` whole; False if it had been loaded before."""
    data = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    with together(), translation.override("fr"):
        if LoadedSeed.objects.filter(name=name).exists():
            return False
        LoadedSeed.objects.create(name=name)
        _load(data)
    return True


def _load(data: Data) -> None:
    states = [State.objects.get_or_create(code=code)[0] for code in data["states"]]
    for fields in data["organizations"]:
        save_record(by=None, record=Organization(**{**fields, "state": State(fields["state"])}))
    meeting = _meeting(data)
    instruments = {i["slug"]: _known(Instrument, i) for i in data["instruments"]}
    origin = add_source(by=None, **data["origin"])
    numbered: dict[int, Recommendation] = {}
    for fields in data["recommendations"]:
        recommendation = _recommendation(meeting, origin, data["stage"], fields)
        _ties(recommendation, fields, instruments)
        refold(recommendation=recommendation)
        numbered[recommendation.number] = recommendation
    for fields in data["difficulties"]:
        bears_on = [numbered[number] for number in fields.pop("bears_on")]
        difficulty = Difficulty(meeting=meeting, origin=origin, **fields)
        save_record(by=None, record=difficulty).bears_on.set(bears_on)
    for state in states:
        tracked = {
            n: address_to(by=None, recommendation=r, state=state) for n, r in numbered.items()
        }
        _follow_ups(data["sources"], tracked)


def _meeting(data: Data) -> Meeting:
    body = _known(Body, data["body"])
    fields = {k: _day(v) if k.endswith("_on") else v for k, v in data["meeting"].items()}
    return save_record(by=None, record=Meeting(body=body, **fields))


def _recommendation(meeting: Meeting, origin: Source, stage: str, fields: Data) -> Recommendation:
    recommendation = save_record(
        by=None,
        record=Recommendation(
            ref=f"{meeting.slug}-{fields['number']}",
            meeting=meeting,
            number=fields["number"],
            text=fields["text"],
            language=fields["language"],
            origin=origin,
            stage=stage,
        ),
    )
    for language, text in fields["translations"].items():
        record = Translation(recommendation=recommendation, language=language, text=text)
        save_record(by=None, record=record)
    return recommendation


def _ties(recommendation: Recommendation, fields: Data, instruments: dict[str, Instrument]) -> None:
    """Its theme and provisions: an editorial reading, and labelled so (the default of these links)."""
    theme = _known(Theme, fields["theme"])
    save_record(by=None, record=RecommendationTheme(recommendation=recommendation, theme=theme))
    for position, (slug, kind, number) in enumerate(fields["provisions"], 1):
        provision, _new = Provision.objects.get_or_create(
            instrument=instruments[slug], kind=kind, number=number
        )
        link = RecommendationProvision(
            recommendation=recommendation, provision=provision, position=position
        )
        save_record(by=None, record=link)


def _follow_ups(sources: list[Data], tracked: dict[int, Implementation]) -> None:
    """Each public source, cited where it bears, oldest event first; no status: software assesses nothing."""
    for fields in sorted(sources, key=lambda s: s["event_on"] or ""):
        details = {k: fields[k] for k in ("title", "publisher", "kind", "language")}
        summaries = {k: fields[k] for k in ("summary_fr", "summary_en")}
        published = _day(fields["published_on"])
        source = add_source(
            by=None, url=fields["url"], published_on=published, **details, **summaries
        )
        for number in fields["bears_on"]:
            statement = Statement(
                sources=(CitedSource(url=source.url),), happened_on=_day(fields["event_on"])
            )
            record_followup(
                by=None,
                implementation=tracked[number],
                statement=statement,
                channel=Channel.SEED,
                submission=uuid.uuid5(NAMESPACE, f"{tracked[number].key} {source.url}"),
            )


def _known(model: type[Any], fields: Data) -> Any:
    """The object of that short address, made if there is none."""
    known = model.objects.filter(slug=fields["slug"]).first()
    fields = {k: _day(v) if k.endswith("_on") else v for k, v in fields.items()}
    return known or save_record(by=None, record=model(**fields))


def _day(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None
