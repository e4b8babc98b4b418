"""A table that somebody sends, and what its columns are."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tracker.actions.sources import normalised
from tracker.exceptions import Invalid
from tracker.filters import UNKNOWN
from tracker.imports.columns import FIELDS, check_columns, language_of
from tracker.imports.rows import DAY_FIRST, MONTH_FIRST
from tracker.imports.sheets import LARGEST, Beginning
from tracker.models import ImportFile, Meeting
from tracker.names.shown import choices
from tracker.statuses import Language, Stage

ALL_ROWS = ("meeting", "state", "language", "origin", "stage", "days")
DAYS = [
    ("", gettext_lazy("Ask about days that can be two")),
    (DAY_FIRST, gettext_lazy("The day: 3 April")),
    (MONTH_FIRST, gettext_lazy("The month: March 4")),
]


class UploadForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.ods"}),
        help_text=gettext_lazy("CSV, XLSX or ODS, at most 50 MB."),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "missing": gettext_lazy("Choose a file."),
            "invalid": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("This file is empty: choose another."),
        },
        allow_empty_file=False,
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("Send at most 50 MB: divide the file."))
        return file

    def refuse(self, invalid: Invalid) -> None:
        """Show what cannot be read on the file."""
        for messages in invalid.errors.values():
            for message in messages:
                self.add_error("file", str(message))


class ColumnsForm(forms.Form):
    """For each field, the column that holds it; and what holds for all rows where no column says it."""

    meeting = forms.ModelChoiceField(
        Meeting.objects.select_related("body"),
        label=gettext_lazy("Meeting"),
        required=False,
        to_field_name="slug",
        empty_label=gettext_lazy("A column names it"),
        error_messages=UNKNOWN,
    )
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the texts"),
        choices=[("", gettext_lazy("A column names it")), *Language.choices],
        required=False,
    )
    origin = forms.CharField(
        label=gettext_lazy("Address of the document quoted from"),
        required=False,
        max_length=2000,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )
    stage = forms.ChoiceField(label=gettext_lazy("Stage"), choices=Stage, required=False)
    days = forms.ChoiceField(
        label=pgettext_lazy("of 03/04/2026", "First in 03/04/2026"), choices=DAYS, required=False
    )

    def __init__(
        self,
        data: Any,
        *,
        file: ImportFile,
        table: Beginning,
    ) -> None:
        super().__init__(data, initial=_initial(file, language_of(table.headers)))
        state: Any = self.fields["state"]
        state.choices = [("", _("A column names it")), *choices()]
        columns = [("", _("not in the table"))]
        columns += [(str(i), _shown(i, table)) for i in range(len(table.headers))]
        for field in FIELDS:
            self.fields[f"column_{field.name}"] = forms.ChoiceField(
                label=str(field.label),
                choices=columns,
                required=False,
                help_text=str(field.help),
            )

    @property
    def for_columns(self) -> list[Any]:
        return [self[f"column_{field.name}"] for field in FIELDS]

    @property
    def for_all_rows(self) -> list[Any]:
        return [self[name] for name in ALL_ROWS]

    def clean_origin(self) -> str:
        url = self.cleaned_data["origin"]
        try:
            return normalised(url, "origin") if url else ""
        except Invalid as invalid:
            raise forms.ValidationError([str(m) for m in invalid.errors["origin"]]) from invalid

    def clean(self) -> dict[str, Any]:
        try:
            check_columns(self.columns(), bool(self.cleaned_data.get("state")))
        except Invalid as invalid:
            for name, messages in invalid.errors.items():
                for message in messages:
                    self.add_error(f"column_{name}", str(message))
        is_known = self.cleaned_data.get("meeting") or "meeting" in self.columns()
        if not is_known and "meeting" not in self.errors:
            self.add_error("meeting", _("Choose the meeting, or the column that names it."))
        return self.cleaned_data

    def refuse(self, invalid: Invalid) -> None:
        """Show what the check of the rows asks for all of them."""
        for name, messages in invalid.errors.items():
            for message in messages:
                self.add_error(name if name in self.fields else None, str(message))

    def columns(self) -> dict[str, int]:
        """The column of each field, by its place in the table."""
        chosen = {f.name: self.cleaned_data.get(f"column_{f.name}", "") for f in FIELDS}
        return {name: int(place) for name, place in chosen.items() if place}

    def given(self) -> dict[str, str]:
        """What holds for all rows, as ``rows.Given`` has it."""
        said = {name: self.cleaned_data.get(name) or "" for name in ALL_ROWS}
        meeting = said["meeting"]
        return {**said, "meeting": meeting.slug if isinstance(meeting, Meeting) else ""}


def _initial(file: ImportFile, language: str) -> dict[str, Any]:
    chosen = {f"column_{name}": str(place) for name, place in file.columns.items()}
    return {"language": language, "stage": Stage.DISCUSSION, **file.given, **chosen}


def _shown(place: int, table: Beginning) -> str:
    """A column as it is chosen: its header, and what the first row has there."""
    cells = (row[place] for row in table.rows if place < len(row))
    first = next((cell for cell in cells if cell.strip()), "")
    name = table.headers[place].strip()[:40] or _("Column %(n)s") % {"n": place + 1}
    return f"{name} ({first.strip()[:30]})" if first else name
