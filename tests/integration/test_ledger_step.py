"""One step of the ledger: what was really written is published, once, whatever was tried inside."""

import uuid
from contextlib import suppress

from django.db import transaction

from tests.factories import make_implementation, make_recommendation, make_statement, record
from tracker.actions.edits import together
from tracker.actions.followups import record_followup
from tracker.actions.several import record_for_several
from tracker.history.audit import Audit
from tracker.models import Implementation, Leaf, Root, User
from tracker.statuses import Channel


def test_what_was_rolled_back_inside_is_not_published(
    implementation: Implementation, editor: User
) -> None:
    with together(by=editor):
        record(implementation, editor)
        with suppress(RuntimeError), transaction.atomic():
            record(Implementation.objects.get(), editor, note="Jamais")
            raise RuntimeError
    assert Leaf.objects.get(key=implementation.key).entries == 1
    assert list(Audit().faults()) == []


def test_a_step_that_fails_publishes_nothing(implementation: Implementation, editor: User) -> None:
    before = Root.objects.count()
    with suppress(RuntimeError), together(by=editor):
        record(implementation, editor)
        raise RuntimeError
    assert Root.objects.count() == before
    record(Implementation.objects.get(), editor)
    assert list(Audit().faults()) == []


def test_several_entries_are_one_step(editor: User) -> None:
    several = [make_implementation(make_recommendation()) for _ in range(3)]
    before = Root.objects.count()
    record_for_several(
        by=editor,
        implementations=several,
        statement=make_statement(),
        channel=Channel.ADMIN,
        submission=uuid.uuid4(),
        seen={},
    )
    assert Root.objects.count() == before + 1


def test_a_form_sent_twice_is_no_step(implementation: Implementation, editor: User) -> None:
    given = {"by": editor, "statement": make_statement(), "submission": uuid.uuid4()}
    for _ in range(2):
        record_followup(implementation=implementation, channel=Channel.SITE, **given)  # type: ignore[arg-type]
    assert Leaf.objects.get(key=implementation.key).entries == 1


def test_every_write_has_a_root_of_its_own(implementation: Implementation, editor: User) -> None:
    roots = [Root.objects.order_by("-id")[0].digest]
    for number in range(5):
        record(Implementation.objects.get(), editor, note=f"Note {number}")
        roots.append(Root.objects.order_by("-id")[0].digest)
    assert len(set(roots)) == 6
