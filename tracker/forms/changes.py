"""The two days that are compared, and what of."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tracker.filters import UNKNOWN
from tracker.history.compare import Window
from tracker.models import Body, Implementation, Meeting, State
from tracker.past import end_of, first_day, today

DAY = {
    "invalid": gettext_lazy("Write the day as year-month-day, such as 2026-02-12."),
    "required": gettext_lazy("Choose a day."),
}
LABELS = {
    "from": pgettext_lazy("the first of two days", "From the end of"),
    "to": pgettext_lazy("the second of two days", "To the end of"),
}
CHOICES = ("state", "meeting", "body")


class ChangesForm(forms.Form):
    """``from`` and ``to``, and optionally a State, a meeting or a body; left out, since the last meeting."""

    state = forms.ModelChoiceField(
        State.objects.all(),
        label=gettext_lazy("State"),
        required=False,
        empty_label=gettext_lazy("Any State"),
        error_messages=UNKNOWN,
    )
    meeting = forms.ModelChoiceField(
        Meeting.objects.select_related("body"),
        label=gettext_lazy("Meeting"),
        required=False,
        to_field_name="slug",
        empty_label=gettext_lazy("Any meeting"),
        error_messages=UNKNOWN,
    )
    body = forms.ModelChoiceField(
        Body.objects.all(),
        label=gettext_lazy("Body"),
        required=False,
        to_field_name="slug",
        empty_label=gettext_lazy("Any body"),
        error_messages=UNKNOWN,
    )

    def __init__(self, asked: QueryDict, *, several_states: bool) -> None:
        self.today = today()
        typed = {name: str(asked.get(name, "")).strip() for name in ("from", "to", *CHOICES)}
        given = {name: value for name, value in typed.items() if value}
        given.setdefault("to", self.today.isoformat())
        given.setdefault("from", self._default(given).isoformat())
        super().__init__(given)
        for name, label in LABELS.items():  # "from" cannot be the name of an attribute
            widget = forms.DateInput({"type": "date", "max": self.today}, "%Y-%m-%d")
            self.fields[name] = forms.DateField(
                label=label, widget=widget, input_formats=["%Y-%m-%d"], error_messages=DAY
            )
        tracked = Implementation.objects.filter(state=OuterRef("pk"))
        states: Any = self.fields["state"]
        states.queryset = State.objects.filter(Exists(tracked))
        self.shown = [n for n in CHOICES if n in given or (n == "state" and several_states)]

    def _default(self, given: dict[str, str]) -> dt.date:
        """The last day of the newest meeting that is over; with none, the record's first day."""
        meetings = Meeting.objects.filter(recommendations__isnull=False, ends_on__lt=self.today)
        if "meeting" in given:
            meetings = meetings.filter(slug=given["meeting"][:80])
        if "body" in given:
            meetings = meetings.filter(body__slug=given["body"][:80])
        last = meetings.order_by("-ends_on").values_list("ends_on", flat=True).first()
        return last or first_day() or self.today

    def clean(self) -> dict[str, Any]:
        """Days that have been, in their order; each problem is said at its field, with the remedy."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = found.get("from"), found.get("to")
        until = {"today": date_format(self.today)}
        for name, day in (("from", first), ("to", last)):
            if day and day > self.today:
                message = _("This day is to come: choose one up to %(today)s.")
                self.add_error(name, message % until)
        if first and last and not self.errors and first > last:
            message = _("The first day is after the second: choose %(day)s or an earlier one.")
            self.add_error("from", message % {"day": date_format(last)})
        return found

    def days(self) -> list[forms.BoundField]:
        return [self["from"], self["to"]]

    def choices(self) -> list[forms.BoundField]:
        """Those that are shown: what is set, and the States where there are several."""
        return [self[name] for name in self.shown]

    @property
    def window(self) -> Window:
        first, last = self.cleaned_data["from"], self.cleaned_data["to"]
        return Window(first, last, end_of(first), end_of(last))

    @property
    def query(self) -> str:
        """The comparison as it stands in an address, both days written out."""
        clean = QueryDict(mutable=True)
        for name in ("from", "to", *CHOICES):
            if value := self.data.get(name):
                clean[name] = value
        return clean.urlencode()
