"""What a newer version keeps that an older one did not, derived once after its migrations."""

from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Concat

from tracker.actions.edits import seal_all
from tracker.actions.ledger import together
from tracker.actions.projections import rebuild
from tracker.actions.search import index_missing
from tracker.actions.similar import is_behind, reindex
from tracker.models import Edit, Implementation
from tracker.statuses import Channel


def take_over() -> int:
    """Index what searches and suggestions of alike texts do not find yet; then seal what no edit says and
    derive where everything stood, if anything is unsealed; the number of edits that this took."""
    index_missing()
    if is_behind():
        reindex()
    named = Concat("recommendation__ref", Value(":"), "state_id")
    sealed = Edit.objects.filter(key=OuterRef("named"))
    if not Implementation.objects.annotate(named=named).filter(~Exists(sealed)).exists():
        return 0
    with together(channel=Channel.COMMAND):
        rows = Implementation.objects.select_related("recommendation").order_by("pk")
        for implementation in rows.iterator(chunk_size=500):
            rebuild(implementation)
        return seal_all()
