"""Writes of the facets: of which implementations each thing is true that the list filters by.

An entry moves its implementation from one set to another (``shift``); what editors do to a recommendation
puts its implementations into all sets anew (``put``). Both wait for the end of the step, when the lock on
the ledger is held: two writers never change one set at once.
"""

from collections import defaultdict
from collections.abc import Iterable
from secrets import token_hex

from django.db.models import QuerySet
from pyroaring import BitMap

from tracker.actions.ledger import Batch, chunks, together, wait_for_writers
from tracker.facets import ALL, WORDS, Key, standing_in, token_of
from tracker.history.projection import Projection
from tracker.models import Facet, Implementation, Meeting, RecommendationTheme
from tracker.statuses import Subject

Sets = dict[Key, BitMap]


def shift(*, implementation: Implementation, before: Projection) -> None:
    """Something was recorded: what was true ``before`` gives way to what the columns say now."""
    old = standing_in(before, implementation.added_at)
    new = standing_in(implementation, implementation.added_at)
    if old == new:
        return
    with together() as batch:
        first, _last = batch.shifted.get(implementation.pk, (old, new))
        batch.shifted[implementation.pk] = (first, new)


def renew(batch: Batch) -> None:
    """Write what the step changed; called once, with the lock held."""
    moves: dict[Key, tuple[BitMap, BitMap]] = defaultdict(lambda: (BitMap(), BitMap()))
    for pk, (before, after) in batch.shifted.items():
        for key in before - after:
            moves[key][0].add(pk)
        for key in after - before:
            moves[key][1].add(pk)
    if moves:
        _move(moves)
    if ids := _touched(batch):
        put(ids)
    # Only now: who added a recommendation and who moved its meeting meanwhile did not see each other.
    for part in chunks(list(ids)):
        reorder(Implementation.objects.filter(pk__in=part))
    if batch.meetings:
        reorder(Implementation.objects.filter(recommendation__meeting__in=batch.meetings))


def put(ids: Iterable[int]) -> None:
    """Put these implementations into the sets where they belong, and out of all others."""
    touched = BitMap(ids)
    belong = facets_of(touched)
    wanted: Sets = {}
    for key, members in _kept():
        now = (members - touched) | belong.pop(key, BitMap())
        if now != members:
            wanted[key] = now
    _save(wanted | belong)


def words_changed() -> None:
    """What searches look in says something new: what they found before is not to be remembered."""
    name, value = WORDS
    Facet.objects.bulk_create(
        [Facet(name=name, value=value, token=token_hex(8), members=b"")],
        update_conflicts=True,
        unique_fields=["name", "value"],
        update_fields=["token"],
    )


def rebuild() -> list[str]:
    """Derive all sets and places anew; save and name what differed (nothing, if all is well)."""
    wait_for_writers()  # whoever changed a set since it was read here would be overwritten
    moved = reorder(Implementation.objects.all())
    ids = BitMap(Implementation.objects.values_list("pk", flat=True).iterator())
    wanted, known = facets_of(ids), dict(_kept())
    wrong = {
        key: wanted.get(key, BitMap())
        for key in sorted(wanted.keys() | known.keys())
        if wanted.get(key, BitMap()) != known.get(key, BitMap())
    }
    _save(wrong)
    return [*(["place in the list"] if moved else []), *(" ".join(key).strip() for key in wrong)]


def reorder(rows: QuerySet[Implementation]) -> int:
    """Give each its place in the list after its meeting's day or its number was changed; how many moved."""
    count = 0
    some: list[Implementation] = []
    for row in rows.select_related("recommendation__meeting").iterator(chunk_size=500):
        if row.place == (place := row.in_list()):
            continue
        row.place = place
        some.append(row)
        if len(some) == 200:
            count += Implementation.objects.bulk_update(some, ["place"])
            some.clear()
    return count + Implementation.objects.bulk_update(some, ["place"])


def facets_of(ids: BitMap) -> Sets:
    """The sets to which these implementations belong, by what the record says."""
    sets: Sets = defaultdict(BitMap)
    slugs = dict(Meeting.objects.values_list("pk", "slug"))
    for part in chunks(list(ids)):
        rows = Implementation.objects.filter(pk__in=part).select_related("recommendation")
        of: dict[int, list[int]] = defaultdict(list)
        for row in rows:
            meeting = ("meeting", slugs[row.recommendation.meeting_id])
            for key in (ALL, meeting, ("state", row.state_id), *standing_in(row, row.added_at)):
                sets[key].add(row.pk)
            of[row.recommendation_id].append(row.pk)
        links = RecommendationTheme.objects.filter(recommendation__in=of).order_by()
        for recommendation, slug in links.values_list("recommendation", "theme__slug"):
            sets["theme", slug].update(of[recommendation])
    return dict(sets)


def _touched(batch: Batch) -> BitMap:
    """Implementations that editors wrote, or whose recommendation they wrote."""
    about: dict[str, list[int]] = defaultdict(list)
    for (subject, _key), pk in batch.touched.items():
        about[subject].append(pk)
    ids = BitMap([*about[Subject.IMPLEMENTATION], *batch.placed])
    for part in chunks(about[Subject.RECOMMENDATION]):
        rows = Implementation.objects.filter(recommendation__in=part)
        ids.update(rows.values_list("pk", flat=True))
    return ids


def _move(moves: dict[Key, tuple[BitMap, BitMap]]) -> None:
    names = {name for name, _value in moves}
    known = dict(_kept(names, {value for _name, value in moves}))
    _save({key: (known.get(key, BitMap()) - gone) | come for key, (gone, come) in moves.items()})


def _kept(names: Iterable[str] = (), values: Iterable[str] = ()) -> Iterable[tuple[Key, BitMap]]:
    rows = Facet.objects.order_by().exclude(name=WORDS[0])
    if names:
        rows = rows.filter(name__in=names, value__in=values)
    for name, value, members in rows.values_list("name", "value", "members").iterator(100):
        yield (name, value), BitMap.deserialize(bytes(members))


def _save(sets: Sets) -> None:
    rows = []
    for (name, value), members in sets.items():
        members.run_optimize()
        kept = members.serialize()
        rows.append(Facet(name=name, value=value, token=token_of(kept), members=kept))
    Facet.objects.bulk_create(
        rows,
        batch_size=100,
        update_conflicts=True,
        unique_fields=["name", "value"],
        update_fields=["token", "members"],
    )
