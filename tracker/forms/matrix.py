"""Which recommendations the table of recommendations and States shows."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tracker.filters import UNKNOWN
from tracker.models import Body, Meeting


class MatrixForm(forms.Form):
    """A body and a meeting. An address without a meeting means the newest one (of that body); with an
    empty one, all of them."""

    body = forms.ModelChoiceField(
        Body.objects.all(),
        label=_("Body"),
        required=False,
        to_field_name="slug",
        empty_label=_("Any body"),
        error_messages=UNKNOWN,
    )
    meeting = forms.ModelChoiceField(
        Meeting.objects.select_related("body"),
        label=_("Meeting"),
        required=False,
        to_field_name="slug",
        empty_label=_("All meetings"),
        error_messages=UNKNOWN,
    )

    def __init__(self, asked: QueryDict, newest: Any) -> None:
        """``newest`` gives the meeting that is meant where none is named, of a body's slug."""
        given = {name: str(asked[name]).strip() for name in ("body", "meeting") if name in asked}
        if "meeting" not in given:
            found: Meeting | None = newest(given.get("body", ""))
            given["meeting"] = found.slug if found else ""
        super().__init__(given)

    @property
    def is_of_another_body(self) -> bool:
        """Whether the meeting is none of the body's: somebody chose another body beside it."""
        body, meeting = self.cleaned_data["body"], self.cleaned_data["meeting"]
        return bool(body and meeting and meeting.body_id != body.pk)

    def offer_meetings_of_the_body(self) -> None:
        """Offer no meetings of other bodies than the chosen one."""
        if body := self.cleaned_data.get("body"):
            meetings: Any = self.fields["meeting"]
            meetings.queryset = meetings.queryset.filter(body=body)

    @property
    def query(self) -> dict[str, str]:
        """What is chosen, as it stands in an address."""
        body, meeting = self.cleaned_data["body"], self.cleaned_data["meeting"]
        chosen = {"body": body.slug} if body else {}
        return {**chosen, "meeting": meeting.slug if meeting else ""}
