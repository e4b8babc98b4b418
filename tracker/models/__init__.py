"""What is kept, and what can never be false about it."""

from tracker.models.followups import Citation, FollowUp
from tracker.models.implementations import Implementation, State
from tracker.models.meetings import (
    Body,
    Difficulty,
    Instrument,
    LoadedSeed,
    Meeting,
    Provision,
    Theme,
)
from tracker.models.people import Organization, SignInLink, User
from tracker.models.recommendations import (
    Recommendation,
    RecommendationProvision,
    RecommendationTheme,
    Translation,
)
from tracker.models.sources import Source

__all__ = [
    "Body",
    "Citation",
    "Difficulty",
    "FollowUp",
    "Implementation",
    "Instrument",
    "LoadedSeed",
    "Meeting",
    "Organization",
    "Provision",
    "Recommendation",
    "RecommendationProvision",
    "RecommendationTheme",
    "SignInLink",
    "Source",
    "State",
    "Theme",
    "Translation",
    "User",
]
