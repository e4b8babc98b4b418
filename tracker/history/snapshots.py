"""What a recommendation, or its carrying-out by a State, says: all that edits seal, as plain data."""

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from tracker.models import Implementation, Recommendation

Snapshot = dict[str, Any]


def of_recommendation(recommendation: "Recommendation") -> Snapshot:
    """Its words and all that is tied to them; loaded ``with_details``.

    Themes are kept with their names, which are its heading; provisions, difficulties and the
    recommendations to which an editor linked it by their permanent references.
    """
    difficulties = cast(Any, recommendation).difficulties  # the manager of the other side
    links = sorted((link.kind.value, link.to.ref) for link in recommendation.links())
    # Only where there are any: what was sealed before there could be links says the same as before.
    linked = {"links": [{"kind": kind, "ref": ref} for kind, ref in links]} if links else {}
    return {
        "ref": recommendation.ref,
        "meeting": recommendation.meeting.slug,
        "number": recommendation.number,
        "text": recommendation.text,
        "language": recommendation.language,
        "origin": recommendation.origin.url,
        "locator": recommendation.locator,
        "stage": recommendation.stage,
        "translations": [
            {
                "language": translation.language,
                "text": translation.text,
                "is_official": translation.is_official,
                "origin": translation.origin.url if translation.origin else None,
            }
            for translation in sorted(recommendation.translations.all(), key=lambda t: t.language)
        ],
        "themes": [
            {
                "slug": link.theme.slug,
                "name_fr": link.theme.name_fr,
                "name_en": link.theme.name_en,
                "is_editorial": link.is_editorial,
            }
            for link in recommendation.theme_links.all()
        ],
        "provisions": [
            {
                "instrument": link.provision.instrument.slug,
                "kind": link.provision.kind,
                "number": link.provision.number,
                "is_editorial": link.is_editorial,
            }
            for link in recommendation.provision_links.all()
        ],
        "difficulties": sorted(d.slug for d in difficulties.all()),
        **linked,
    }


def of_implementation(implementation: "Implementation") -> Snapshot:
    """Who leads and until when; loaded with its recommendation and lead."""
    lead = implementation.lead
    return {
        "recommendation": implementation.recommendation.ref,
        "state": implementation.state_id,
        "lead": lead.pk if lead else None,
        "lead_as": str(lead) if lead else "",
        "due_on": implementation.due_on.isoformat() if implementation.due_on else None,
    }


def theme_slugs(snapshot: Snapshot | None) -> str:
    """The short addresses of its themes, each between blanks, so that one is found by its own."""
    slugs = [theme["slug"] for theme in (snapshot or {}).get("themes", [])]
    return f" {' '.join(slugs)} " if slugs else ""


def same(one: Snapshot | None, other: Snapshot | None) -> bool:
    """Whether both say the same; an organization that was renamed leads as before."""
    return _without_names(one) == _without_names(other)


def _without_names(snapshot: Snapshot | None) -> Snapshot | None:
    return {k: v for k, v in snapshot.items() if k != "lead_as"} if snapshot else None
