"""What a version before kept unsealed is taken over once, and proved from then on."""

import pytest
from django.core.management import call_command

from tests.factories import record, retract
from tracker.actions.upgrades import take_over
from tracker.history.audit import Audit
from tracker.models import Edit, Implementation, Leaf, Node, Root, Standing, User
from tracker.statuses import Act, Channel


@pytest.fixture
def older(implementation: Implementation, editor: User, without_triggers: None) -> None:
    """The record as the version before would have left it."""
    entry = record(implementation, editor, ["https://example.org/1"], status="in_progress")
    retract(entry, editor)
    for model in (Edit, Leaf, Node, Root, Standing):
        model.objects.all().delete()
    Implementation.objects.update(last_changed_at=None, last_activity_at=None)


@pytest.mark.usefixtures("older")
def test_texts_are_sealed_as_they_are() -> None:
    take_over()
    found = Edit.objects.order_by("sequence").values_list("key", "act", "channel")
    taken = (Act.TAKEN_OVER, Channel.COMMAND)
    assert list(found) == [("som-12-1", *taken), ("som-12-1:ML", *taken)]


@pytest.mark.usefixtures("older")
def test_where_it_stood_is_derived_from_the_entries() -> None:
    take_over()
    stood = Standing.objects.order_by("since").values_list("status", "source_count")
    assert list(stood) == [("in_progress", 1), ("no_information", 0)]
    assert Implementation.objects.get().last_changed_at is not None


@pytest.mark.usefixtures("older")
def test_everything_verifies_after() -> None:
    take_over()
    assert list(Audit().faults()) == []


@pytest.mark.usefixtures("older")
def test_once_is_enough(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("take_over")
    call_command("take_over")
    assert capsys.readouterr().out.count("sealed") == 1


@pytest.mark.usefixtures("seeded")
def test_a_record_of_this_version_needs_none() -> None:
    assert take_over() == 0
