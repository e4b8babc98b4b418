"""What a newer version keeps that an older one did not, derived once after its migrations."""

from tracker.actions.edits import seal_all
from tracker.actions.ledger import together
from tracker.actions.projections import rebuild
from tracker.models import Implementation, Leaf
from tracker.statuses import Channel


def take_over() -> int:
    """Seal what is there and derive where it stood, if no ledger was ever begun; the number of edits."""
    if Leaf.objects.exists():
        return 0
    with together(channel=Channel.COMMAND):
        rows = Implementation.objects.select_related("recommendation").order_by("pk")
        for implementation in rows.iterator(chunk_size=500):
            rebuild(implementation)
        return seal_all()
