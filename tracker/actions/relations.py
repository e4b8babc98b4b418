"""Links between recommendations of several meetings, which an editor confirms, removes or says not to be."""

from django.db.models import F, Q
from django.utils.translation import gettext as _

from tracker.actions.edits import together, touch_recommendation
from tracker.exceptions import Invalid
from tracker.models import Meeting, Recommendation, Relation, User
from tracker.permissions import check_can_edit
from tracker.statuses import Channel, LinkKind


def link_recommendations(
    *,
    by: User,
    later: Recommendation,
    earlier: Recommendation,
    kind: str,
    channel: str = Channel.SITE,
) -> Relation:
    """Confirm what ``later`` is to ``earlier``; the link that is there already, if it says the same.

    Sealed in the history of both. Raises ``NotAllowed``, or ``Invalid`` with messages for ``other`` and
    ``kind``.
    """
    check_can_edit(by)
    if kind not in LinkKind.values:
        raise Invalid({"kind": [_("Choose what one is to the other.")]})
    if later.pk == earlier.pk:
        raise Invalid({"other": [_("Give another recommendation: none is linked to itself.")]})
    with together(by=by, channel=channel):
        _lock(later, earlier)
        if known := _known(later, earlier):
            if (known.kind, known.later_id) == (kind, later.pk):
                return known
            raise Invalid({"other": [_already(known)]})
        _check_order(later, earlier)
        if kind == LinkKind.REPLACES:
            _check_no_circle(later, earlier)
        relation = Relation(later=later, earlier=earlier, kind=kind)
        relation.save()
        _touch(by, relation, channel)
    return relation


def unlink_recommendations(
    *, by: User, one: Recommendation, other: Recommendation, channel: str = Channel.SITE
) -> bool:
    """Take the link between two away, whichever way it goes; whether there was one. The history of both
    keeps it."""
    check_can_edit(by)
    with together(by=by, channel=channel):
        _lock(one, other)
        if relation := _known(one, other):
            _touch(by, relation, channel)
            relation.delete()
        return relation is not None


def _lock(*pair: Recommendation) -> None:
    """In one order for all: two editors link the same pair one after the other, no day of their meetings
    moves meanwhile, and neither is deleted; what was read of them before may be old."""
    meetings = _locked(*(recommendation.meeting_id for recommendation in pair))
    rows = Recommendation.objects.select_for_update(of=("self",)).order_by("pk")
    there = set(rows.filter(pk__in=[r.pk for r in pair]).values_list("pk", flat=True))
    for recommendation in pair:
        if recommendation.pk not in there:
            message = _("No recommendation has the reference %(ref)s: copy it from its address.")
            raise Invalid({"other": [message % {"ref": recommendation.ref}]})
        recommendation.meeting = meetings[recommendation.meeting_id]


def _locked(*meetings: int) -> dict[int, Meeting]:
    rows = Meeting.objects.select_for_update(no_key=True).order_by("pk")
    return {meeting.pk: meeting for meeting in rows.filter(pk__in=meetings)}


def _known(one: Recommendation, other: Recommendation) -> Relation | None:
    rows = Relation.objects.select_related("later", "earlier")
    pair = [one.pk, other.pk]
    return rows.filter(later__in=pair, earlier__in=pair).first()


def _already(known: Relation) -> str:
    said = {
        "later": known.later.ref,
        "kind": str(LinkKind(known.kind).label).lower(),
        "earlier": known.earlier.ref,
    }
    return (
        _("These two are linked already (%(later)s: %(kind)s %(earlier)s): remove that link first.")
        % said
    )


def _check_order(later: Recommendation, earlier: Recommendation) -> None:
    """The later one is of the later meeting."""
    if later.meeting.starts_on < earlier.meeting.starts_on:
        said = {"later": later.ref, "earlier": earlier.ref}
        message = _("%(earlier)s is of a later meeting than %(later)s: turn the link round.")
        raise Invalid({"kind": [message % said]})


def check_dates(meeting: Meeting) -> None:
    """Raises ``Invalid`` for ``starts_on`` if, at its new day, a link that was confirmed would point
    forward in time. The database still has the old day."""
    _locked(meeting.pk)  # whoever confirms one meanwhile waits, and then sees the new day
    turned = Relation.objects.filter(
        Q(later__meeting=meeting, earlier__meeting__starts_on__gt=meeting.starts_on)
        | Q(earlier__meeting=meeting, later__meeting__starts_on__lt=meeting.starts_on)
    ).exclude(later__meeting=F("earlier__meeting"))
    if found := turned.select_related("later", "earlier").first():
        said = {"later": found.later.ref, "earlier": found.earlier.ref}
        message = _(
            "%(later)s is linked to %(earlier)s as to an earlier one: remove that link first."
        )
        raise Invalid({"starts_on": [message % said]})


def _check_no_circle(later: Recommendation, earlier: Recommendation) -> None:
    """What replaces cannot be replaced, over however many steps, by what it replaces. Steps go back in
    time, so that only meetings of the same day can close a circle."""
    same_day = Relation.objects.filter(
        kind=LinkKind.REPLACES, earlier__meeting__starts_on=later.meeting.starts_on
    )
    seen, ahead = {earlier.pk}, {earlier.pk}
    while ahead:
        found = set(same_day.filter(later__in=ahead).values_list("earlier_id", flat=True))
        ahead = found - seen
        seen |= found
    if later.pk in seen:
        said = {"later": later.ref, "earlier": earlier.ref}
        message = _("%(earlier)s replaces %(later)s already, directly or over others.")
        raise Invalid({"other": [message % said]})


def _touch(by: User, relation: Relation, channel: str) -> None:
    """Both say something new, or nothing more, of each other."""
    touch_recommendation(by=by, recommendation=relation.later, channel=channel)
    touch_recommendation(by=by, recommendation=relation.earlier, channel=channel)
