"""The one form that records: on the site, in the admin, and (with a reason) to amend."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.core import signing
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tracker.actions.sources import CitedSource
from tracker.actions.statements import (
    NOTE_LENGTH,
    PUBLISHER_LENGTH,
    QUOTATION_LENGTH,
    REASON_LENGTH,
    SOURCES,
    TITLE_LENGTH,
    Statement,
)
from tracker.exceptions import Invalid, Message
from tracker.links.urls import BadURL, normalise
from tracker.models import FollowUp, Implementation, Organization, State, User
from tracker.permissions import is_editor, organizations_to_speak_for
from tracker.statuses import DEFINITIONS, Status, Visibility

ROWS = 4
SIGNER = signing.TimestampSigner(salt="tracker.forms.author")
AUTHOR_AGE = dt.timedelta(days=30)
"""How long a form remembers for whom it was made."""


class DayInput(forms.DateInput):
    """The browser's own date field: its value is ISO 8601 in every language."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class DayField(forms.DateField):
    widget = DayInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%d/%m/%Y"])
        kwargs.setdefault("error_messages", {"invalid": _("Give a day, such as 2025-10-22.")})
        super().__init__(**kwargs)


class SourceForm(forms.Form):
    """One source of an entry. The field names repeat from row to row; the ids are numbered."""

    url = forms.CharField(label=_("Address (URL)"), required=False, max_length=8000)
    title = forms.CharField(label=_("Title"), required=False, max_length=TITLE_LENGTH)
    publisher = forms.CharField(label=_("Publisher"), required=False, max_length=PUBLISHER_LENGTH)
    published_on = DayField(label=_("Published on"), required=False)
    quotation = forms.CharField(
        label=_("Quotation"),
        required=False,
        max_length=QUOTATION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        if url:
            try:
                normalise(url)
            except BadURL as error:
                raise forms.ValidationError(str(error)) from error
        return url

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if not self.errors and not said["url"] and any(said.values()):
            self.add_error("url", _("Give the address of this source, or empty its other fields."))
        return said

    @property
    def has_errors(self) -> bool:
        """Whether it was found wrong, without asking now: a blank row is not asked."""
        return bool(self.__dict__.get("_errors"))

    @property
    def is_blank(self) -> bool:
        return not any(str(value).strip() for value in self.data.values())

    def cited(self) -> CitedSource:
        return CitedSource(**self.cleaned_data)


class FollowUpForm(forms.Form):
    """What happened, where it can be seen, whether the status changes; when, for whom, to whom."""

    note = forms.CharField(
        label=_("What happened?"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    status = forms.ChoiceField(
        label=_("Does the status change?"),
        required=False,
        choices=[("", _("No change")), *Status.choices],
        widget=forms.RadioSelect,
    )
    happened_on = DayField(label=_("When it happened"), required=False)
    organization = forms.ModelChoiceField(
        label=_("On behalf of"),
        required=False,
        queryset=Organization.objects.none(),
        empty_label=_("No organization"),
    )
    visibility = forms.ChoiceField(
        label=_("Who may read it"),
        required=False,
        choices=Visibility.choices,
        widget=forms.RadioSelect,
    )
    submission = forms.UUIDField(required=False, widget=forms.HiddenInput)
    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    author = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        user: User,
        implementation: Implementation,
        entry: FollowUp | None = None,
        seen: int = 0,
        place: str = "",
        **kwargs: Any,
    ) -> None:
        """``entry``, if given, is the one to amend: the form begins with its words. ``place`` is where it
        stands, if not on the recommendation's page; ids differ where several forms can be open."""
        first = _words_of(entry) if entry else {"organization": user.organization_id}
        first = {"visibility": Visibility.PUBLIC, "status": "", **first}
        kwargs["initial"] = {
            **first,
            "submission": uuid.uuid4(),
            "seen": seen,
            "author": SIGNER.sign(str(user.pk)),
        }
        self.place = place
        self.suffix = f"-e{entry.pk}" if entry else f"-{implementation.pk}" if place else ""
        kwargs.setdefault("auto_id", f"id_%s{self.suffix}")
        super().__init__(data, **kwargs)
        self.user, self.implementation = user, implementation
        organizations = Organization.objects.filter(organizations_to_speak_for(user))
        choice = self.fields["organization"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = organizations.order_by("name_fr", "id")
        choice.error_messages["invalid_choice"] = _(
            "You may not record on behalf of this organization: choose one that is listed."
        )
        if not is_editor(user):
            choice.empty_label = None
        self.rows = self._rows(data, entry)

    def _rows(self, data: QueryDict | None, entry: FollowUp | None) -> list[SourceForm]:
        names = list(SourceForm.base_fields)
        cited: list[Mapping[str, Any]] = []
        if data is not None:
            columns = {name: data.getlist(name) for name in names}
            count = min(max(len(column) for column in columns.values()), 3 * SOURCES)
            cited = [
                {n: (c[i] if i < len(c) else "") for n, c in columns.items()} for i in range(count)
            ]
            cited = [row for row in cited if any(str(v).strip() for v in row.values())]
        elif entry:
            cited = [_cited(c) for c in entry.citations.select_related("source")]
        blank = [dict.fromkeys(names, "")] * max(ROWS - len(cited), 1)
        auto = self.auto_id or "id_%s"
        return [
            SourceForm({**row}, auto_id=f"{auto}_{number}")
            for number, row in enumerate([*cited, *blank], 1)
        ]

    def is_valid(self) -> bool:
        filled = [row.is_valid() for row in self.rows if not row.is_blank]
        return super().is_valid() and all(filled)

    def clean_visibility(self) -> str:
        return self.cleaned_data["visibility"] or Visibility.PUBLIC

    def clean_organization(self) -> Organization | None:
        """Who is no editor speaks for their own organization, said or not; an editor's form that does not
        ask means theirs too."""
        given: Organization | None = self.cleaned_data["organization"]
        if given is None and (not is_editor(self.user) or "organization" not in self.data):
            return self.user.organization
        return given

    def statement(self) -> Statement:
        """What was typed, for ``actions``; call it on a valid form."""
        said = {name: self.cleaned_data[name] for name in STATEMENT}
        sources = tuple(row.cited() for row in self.rows if not row.is_blank)
        return Statement(sources=sources, **said)

    def refuse(self, invalid: Invalid) -> None:
        """Show what an action refused, each message on its field; those on sources at the first row."""
        on_sources = {name: said for name, said in invalid.errors.items() if name == "url"}
        if on_sources:
            self.rows[0].is_valid()
            _refuse(self.rows[0], on_sources)
        _refuse(self, {n: said for n, said in invalid.errors.items() if n not in on_sources})

    @cached_property
    def state(self) -> State | None:
        """For which State it records, where several carry out the same."""
        several = self.implementation.recommendation.implementations.all()[:2]
        return self.implementation.state if len(several) > 1 else None

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        """Every problem as ``(id of the field, its label, message)``, for the summary on top."""
        rows = [row for row in self.rows if not row.is_blank or row.has_errors]
        return [problem for form in (self, *rows) for problem in _problems(form)]

    @property
    def statuses(self) -> list[dict[str, Any]]:
        """The choices with their definitions, for the template."""
        chosen = self["status"].value() or ""
        rows = [{"code": "", "label": _("No change"), "definition": "", "checked": not chosen}]
        for code, label in Status.choices:
            rows.append(
                {
                    "code": code,
                    "label": label,
                    "definition": DEFINITIONS[code],
                    "checked": code == chosen,
                }
            )
        return rows


class AmendForm(FollowUpForm):
    """The words of an entry, to be replaced, and why."""

    reason = forms.CharField(
        label=_("Why is it amended?"),
        required=False,
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RetractForm(forms.Form):
    """Why an entry is taken back."""

    reason = forms.CharField(
        label=_("Why is it retracted?"),
        required=False,
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    submission = forms.UUIDField(required=False, widget=forms.HiddenInput)
    author = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, user: User, entry: FollowUp) -> None:
        initial = {"submission": uuid.uuid4(), "author": SIGNER.sign(str(user.pk))}
        self.suffix = f"-e{entry.pk}"
        super().__init__(data, initial=initial, auto_id=f"id_%s{self.suffix}")

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        """Every problem as ``(id of the field, its label, message)``, for the summary on top."""
        return _problems(self)

    def refuse(self, invalid: Invalid) -> None:
        """Show what the action refused, each message on its field."""
        _refuse(self, invalid.errors)


STATEMENT = ("status", "note", "organization", "happened_on", "visibility")


def author_of(data: QueryDict) -> int | None:
    """The id of the person for whom the form was made; None if that cannot be told."""
    try:
        return int(SIGNER.unsign(data.get("author", ""), max_age=AUTHOR_AGE))
    except (signing.BadSignature, ValueError):
        return None


def _refuse(form: forms.Form, errors: Mapping[str, Sequence[Message]]) -> None:
    for name, messages in errors.items():
        for message in messages:
            form.add_error(name if name in form.fields else None, str(message))


def _problems(form: forms.Form) -> list[tuple[str, str, str]]:
    found = []
    for name, messages in form.errors.items():
        bound = form[name] if name in form.fields else None
        target = (bound.id_for_label or bound.auto_id) if bound else ""
        label = str(bound.label) if bound else ""
        found += [(target, label, str(message)) for message in messages]
    return found


def _words_of(entry: FollowUp) -> dict[str, Any]:
    return {
        "note": entry.note,
        "status": entry.status,
        "happened_on": entry.happened_on,
        "organization": entry.organization_id,
        "visibility": entry.visibility,
    }


def _cited(citation: Any) -> dict[str, Any]:
    source = citation.source
    day = citation.published_on or source.published_on
    published_on = day.isoformat() if day else ""
    return {
        "url": source.address,
        "title": citation.title or source.title,
        "publisher": citation.publisher or source.publisher,
        "published_on": published_on,
        "quotation": citation.quotation,
    }
