"""The vocabulary: statuses, and the other closed lists that the record uses.

Statuses are data, not branches: code, label, one-line definition and glyph stand here and nowhere else.
"""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    """Where the carrying-out of a recommendation stands, in the order in which people think of it."""

    NO_INFORMATION = "no_information", _("No information reported")
    NOT_STARTED = "not_started", _("Not started")
    IN_PROGRESS = "in_progress", _("In progress")
    PARTLY_IMPLEMENTED = "partly_implemented", _("Partly implemented")
    IMPLEMENTED = "implemented", _("Implemented")
    NO_LONGER_APPLICABLE = "no_longer_applicable", _("No longer applicable")


DEFINITIONS: dict[str, Promise] = {
    Status.NO_INFORMATION: _("Nobody has said anything yet, or what was said was taken back."),
    Status.NOT_STARTED: _("Known to be still to do: no measure has been taken."),
    Status.IN_PROGRESS: _("A measure has been taken or is being prepared; none has taken effect."),
    Status.PARTLY_IMPLEMENTED: _("Some of what was recommended has taken effect, not all of it."),
    Status.IMPLEMENTED: _("All of what was recommended has taken effect."),
    Status.NO_LONGER_APPLICABLE: _(
        "Circumstances have changed: there is nothing left to carry out."
    ),
}


class Basis(models.TextChoices):
    """Who stands behind a status: the State's own government, or anybody else with a source."""

    REPORTED = "reported", pgettext_lazy("status", "Reported")
    VERIFIED = "verified", pgettext_lazy("status", "Verified")


class Kind(models.TextChoices):
    """What an entry of the history is."""

    FOLLOW_UP = "follow_up", _("Follow-up")
    AMENDMENT = "amendment", _("Amendment")
    RETRACTION = "retraction", _("Retraction")
    CONFIRMATION = "confirmation", _("Confirmed, no change")
    REDACTION = "redaction", _("Redaction")


CORRECTIONS = (Kind.AMENDMENT, Kind.RETRACTION)
SAYING = (Kind.FOLLOW_UP, Kind.AMENDMENT)
"""Kinds that say something of the carrying-out itself: a status, a note, sources."""


class Subject(models.TextChoices):
    """What an edit of the record is about."""

    RECOMMENDATION = "recommendation", _("the recommendation")
    IMPLEMENTATION = "implementation", _("its carrying-out by a State")


class Act(models.TextChoices):
    """What an edit of the record did."""

    ADDED = "added", pgettext_lazy("edit", "Added")
    CHANGED = "changed", pgettext_lazy("edit", "Edited")
    REMOVED = "removed", pgettext_lazy("edit", "Removed")
    TAKEN_OVER = "taken_over", pgettext_lazy("edit", "Taken over")
    REDACTION = "redaction", _("Redaction")


class Visibility(models.TextChoices):
    PUBLIC = "public", _("Public")
    INTERNAL = "internal", _("Internal")


class Channel(models.TextChoices):
    """Which door an entry came in by."""

    SITE = "site", _("the site")
    ADMIN = "admin", _("the administration")
    SEED = "seed", _("initial data")
    COMMAND = "command", _("the command line")
    IMPORT = "import", _("an imported table")


class Stage(models.TextChoices):
    """How far a recommendation has come in its body."""

    DISCUSSION = "discussion", _("Raised in discussion")
    ADOPTED = "adopted", _("Adopted by the working group")
    FORWARDED = "forwarded", _("Forwarded")
    ENDORSED = "endorsed", _("Endorsed by the conference")


class OrganizationKind(models.TextChoices):
    GOVERNMENT = "government", _("Government")
    INTERGOVERNMENTAL = "intergovernmental", _("Intergovernmental organization")
    CIVIL_SOCIETY = "civil_society", _("Civil society")
    MEDIA = "media", _("Media")
    OTHER = "other", pgettext_lazy("organization", "Other")


class Role(models.TextChoices):
    """What an account may do; each role may do all that the ones before it may."""

    READER = "reader", _("Reader")
    CONTRIBUTOR = "contributor", _("Contributor")
    EDITOR = "editor", _("Editor")
    ADMINISTRATOR = "administrator", _("Administrator")


class Language(models.TextChoices):
    """Languages that a text of the record may be in: the six of the United Nations, and Portuguese."""

    FRENCH = "fr", _("French")
    ENGLISH = "en", _("English")
    ARABIC = "ar", _("Arabic")
    CHINESE = "zh", _("Chinese")
    RUSSIAN = "ru", _("Russian")
    SPANISH = "es", _("Spanish")
    PORTUGUESE = "pt", _("Portuguese")


class LinkKind(models.TextChoices):
    """What a later recommendation is to an earlier one, as an editor confirmed it; the last says that a
    suggestion was wrong, so that it is not made again."""

    REPEATS = "repeats", _("Repeats")
    REPLACES = "replaces", _("Replaces")
    FOLLOWS_FROM = "follows_from", _("Follows from")
    UNRELATED = "unrelated", pgettext_lazy("a link", "Not related to")


class LinkedBy(models.TextChoices):
    """The same, seen from the earlier one."""

    REPEATED_BY = "repeated_by", _("Repeated by")
    REPLACED_BY = "replaced_by", _("Replaced by")
    FOLLOWED_BY = "followed_by", _("Followed by")
    UNRELATED = "unrelated", pgettext_lazy("a link", "Not related to")


SEEN_FROM_EARLIER: dict[str, LinkedBy] = dict(zip(LinkKind.values, LinkedBy, strict=True))
