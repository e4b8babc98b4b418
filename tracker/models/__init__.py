"""What is kept, and what can never be false about it."""

from tracker.models.edits import Edit
from tracker.models.facets import Facet
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
from tracker.models.relations import Band, Relation, Wording
from tracker.models.search import Document
from tracker.models.sources import Source

__all__ = [
    "Band",
    "Body",
    "Citation",
    "Difficulty",
    "Document",
    "Edit",
    "Facet",
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
    "Relation",
    "Root",
    "SignInLink",
    "Source",
    "Standing",
    "State",
    "Theme",
    "Translation",
    "User",
    "Wording",
]
