"""What is kept, and what can never be false about it."""

from tracker.models.edits import Edit
from tracker.models.followups import Citation, FollowUp
from tracker.models.implementations import Implementation, Standing, State
from tracker.models.imports import ImportFault, ImportFile, ImportPart
from tracker.models.ledger import Leaf, Node, Root
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
    "Edit",
    "FollowUp",
    "Implementation",
    "ImportFault",
    "ImportFile",
    "ImportPart",
    "Instrument",
    "Leaf",
    "LoadedSeed",
    "Meeting",
    "Node",
    "Organization",
    "Provision",
    "Recommendation",
    "RecommendationProvision",
    "RecommendationTheme",
    "Root",
    "SignInLink",
    "Source",
    "Standing",
    "State",
    "Theme",
    "Translation",
    "User",
]
