"""The short addresses of meetings and themes: given once, as facets, sealed edits and links say them."""

import pytest

from tests.factories import make_meeting, make_theme
from tracker.actions.records import save_record
from tracker.actions.themes import save_theme
from tracker.exceptions import Invalid
from tracker.models import Meeting, Theme, User

pytestmark = pytest.mark.django_db


def test_that_of_a_meeting_stays(editor: User) -> None:
    meeting = make_meeting(12)
    meeting.slug = "som-1200"
    for changed in (None, ["slug"]):
        with pytest.raises(Invalid) as refused:
            save_record(by=editor, record=meeting, changed=changed)
        assert "som-12" in str(refused.value.errors["slug"][0])
    assert Meeting.objects.get().slug == "som-12"


def test_that_of_a_theme_stays(editor: User) -> None:
    theme = make_theme(slug="borders")
    theme.slug = "frontiers"
    with pytest.raises(Invalid) as refused:
        save_theme(by=editor, theme=theme, changed=["slug"])
    assert list(refused.value.errors) == ["slug"]
    assert Theme.objects.get().slug == "borders"


def test_all_else_of_them_changes(editor: User) -> None:
    theme, meeting = make_theme(), make_meeting(12)
    theme.name_fr, meeting.place_fr = "Droits", "Genève"
    save_theme(by=editor, theme=theme)
    save_record(by=editor, record=meeting)
    assert (Theme.objects.get().name_fr, Meeting.objects.get().place_fr) == ("Droits", "Genève")
