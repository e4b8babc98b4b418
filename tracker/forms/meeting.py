"""A meeting by hand or from its text: what the text says, to be corrected and accepted."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import validate_slug
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tracker.actions.meetings import Named, Proceedings, Recommended
from tracker.exceptions import Invalid, UnknownState
from tracker.filters import UNKNOWN
from tracker.folding import alphabetical, tidy
from tracker.forms.followup import SIGNER, DayField
from tracker.forms.rows import (
    ON_A_PAGE,
    DifficultyRow,
    RecommendationRow,
    first_on_page,
    packed,
    problems_of,
    row_form,
)
from tracker.links.urls import BadURL, normalise
from tracker.models import Body, Meeting, State, User
from tracker.names.shown import choices
from tracker.names.understood import code_of, meant
from tracker.proposals import spans
from tracker.proposals.language import language_of
from tracker.proposals.sheet import Sheet
from tracker.statuses import Language, Stage

MEETING = (
    *("slug", "session", "place_fr", "place_en", "country", "starts_on", "ends_on"),
    *("discussed_on", "subject_fr", "subject_en"),
)
FACTS = (
    *("session", "slug", "starts_on", "ends_on", "discussed_on", "place_fr", "place_en", "country"),
    *("subject_fr", "subject_en"),
)
ORIGIN = (
    *("origin_url", "origin_title", "origin_publisher", "origin_published_on"),
    *("language", "stage"),
)
PLACES = {"body-slug": "body_slug", "body-name_fr": "body_name_fr", "body-name_en": "body_name_en"}
"""Fields of the form that what an action names by another name is shown on."""


class MeetingForm(forms.Form):
    """The second step: the meeting's own fields. Its rows are beside it, in ``sheet``."""

    body = forms.ModelChoiceField(
        Body.objects.all(),
        label=gettext_lazy("Body"),
        required=False,
        to_field_name="slug",
        empty_label=gettext_lazy("A new body, named below"),
        error_messages=UNKNOWN,
    )
    body_slug = forms.CharField(
        label=gettext_lazy("Short address of the new body"),
        required=False,
        max_length=50,
        validators=[validate_slug],
    )
    body_name_fr = forms.CharField(
        label=gettext_lazy("Name in French"), required=False, max_length=300
    )
    body_name_en = forms.CharField(
        label=gettext_lazy("Name in English"), required=False, max_length=300
    )
    session = forms.IntegerField(
        label=gettext_lazy("Session"),
        required=False,
        min_value=1,
        max_value=32_767,
        help_text=gettext_lazy("12 for the 12th meeting; empty where meetings have no number"),
    )
    slug = forms.CharField(
        label=gettext_lazy("Short address"),
        max_length=50,
        validators=[validate_slug],
        help_text=gettext_lazy("Begins the address of its recommendations: som-12"),
    )
    starts_on = DayField(label=gettext_lazy("First day"))
    ends_on = DayField(label=gettext_lazy("Last day"))
    discussed_on = DayField(label=gettext_lazy("Day of the discussion"), required=False)
    place_fr = forms.CharField(
        label=gettext_lazy("Place in French"), required=False, max_length=120
    )
    place_en = forms.CharField(
        label=gettext_lazy("Place in English"), required=False, max_length=120
    )
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    subject_fr = forms.CharField(
        label=gettext_lazy("Subject in French"), required=False, max_length=300
    )
    subject_en = forms.CharField(
        label=gettext_lazy("Subject in English"), required=False, max_length=300
    )
    states = forms.ModelMultipleChoiceField(
        State.objects.all(),
        label=gettext_lazy("States that they address"),
        required=False,
        error_messages=UNKNOWN,
    )
    other_states = forms.CharField(
        label=gettext_lazy("Other States"),
        required=False,
        max_length=2_000,
        help_text=gettext_lazy("Names or ISO codes, with commas between: NE, BF"),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=Language.choices)
    stage = forms.ChoiceField(label=gettext_lazy("Stage"), choices=Stage.choices)
    origin_url = forms.CharField(label=gettext_lazy("Address (URL)"), max_length=8000)
    origin_title = forms.CharField(label=gettext_lazy("Title"), required=False, max_length=500)
    origin_publisher = forms.CharField(
        label=gettext_lazy("Publisher"), required=False, max_length=200
    )
    origin_published_on = DayField(label=gettext_lazy("Published on"), required=False)
    given = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    author = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict,
        *,
        user: User,
        sheet: Sheet,
        check: bool = False,
        focus: str = "",
        at: int = 0,
    ) -> None:
        """``check``: what was typed is to be accepted; else it is shown again as it is, without errors.
        ``focus`` is the id of the field to go on with, ``at`` a row (from 0) to be shown."""
        self.sheet, self.focus, self.suffix = sheet, focus, ""
        self.at = min(at, max(len(sheet.rows) - 1, 0))
        if check:
            super().__init__(data)
        else:
            typed: dict[str, Any] = {name: data[name] for name in self.base_fields if name in data}
            typed["states"] = data.getlist("states")
            first = {
                "language": language_of(sheet.given) or get_language(),
                "stage": Stage.DISCUSSION,
            }
            super().__init__(initial={**first, **typed})
        self.initial.update(author=SIGNER.sign(str(user.pk)), given=sheet.given)
        choice: Any = self.fields["country"]
        choice.choices = [("", "—"), *choices()]
        self.rows = [
            row_form(RecommendationRow, row, n, check) for n, row in enumerate(sheet.rows, 1)
        ]
        for row in self.rows[-1:]:
            row.is_last = True
        self.obstacles = [
            row_form(DifficultyRow, row, n, check) for n, row in enumerate(sheet.obstacles, 1)
        ]

        for row, name in ((self.rows, "text"), (self.obstacles, "title")):
            for one in row:
                if focus and one[name].id_for_label == focus:
                    one.fields[name].widget.attrs["autofocus"] = True

    def is_valid(self) -> bool:
        rows = [row.is_valid() for row in self._accepted()]
        return super().is_valid() and all(rows)

    def clean_origin_url(self) -> str:
        url: str = self.cleaned_data["origin_url"]
        try:
            normalise(url)
        except BadURL as error:
            raise forms.ValidationError(str(error)) from error
        return url

    def clean_other_states(self) -> list[str]:
        found = []
        for part in re.split(r"[;\n]", self.cleaned_data["other_states"]):
            names = [part] if meant(part) else part.split(",")  # "Korea, Republic of" is one
            for words in filter(None, map(str.strip, names)):
                try:
                    found.append(code_of(words))
                except UnknownState as unknown:
                    raise forms.ValidationError(str(unknown)) from unknown
        return found

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if not said.get("body") and "body" not in self.errors:
            if not said.get("body_name_fr") and not said.get("body_name_en"):
                self.add_error("body", _("Choose the body that met, or name a new one."))
            elif not said.get("body_slug") and "body_slug" not in self.errors:
                self.add_error("body_slug", _("Give the new body a short address, such as som."))
        # The action says so too, but only once all else is right.
        places = ("place_fr", "place_en")
        if not any(said.get(name) or name in self.errors for name in places):
            self.add_error("place_fr", _("Say where it met, in French or in English."))
        return said

    # --- For the action

    def meeting(self) -> Meeting:
        """The meeting, not saved; call it on a valid form."""
        said = self.cleaned_data
        new = {name: said[f"body_{name}"] for name in ("slug", "name_fr", "name_en")}
        body = said["body"] or Body(**new)
        return Meeting(body=body, **{name: said[name] for name in MEETING})

    def proceedings(self) -> Proceedings:
        """What it said, of the rows that are not left out."""
        said = self.cleaned_data
        origin = {n: said[f"origin_{n}"] for n in ("url", "title", "publisher", "published_on")}
        codes = [state.pk for state in said["states"]]
        column = self.column
        return Proceedings(
            origin={**origin, "language": said["language"]},
            language=said["language"],
            stage=said["stage"],
            states=list(dict.fromkeys([*codes, *said["other_states"]])),
            recommendations=[Recommended(**row.cleaned_data) for row in self._kept(self.rows)],
            difficulties=[
                Named(
                    labels={
                        f"title_{column}": row.cleaned_data["title"],
                        f"summary_{column}": tidy(row.cleaned_data["summary"]),
                    },
                    bears_on=row.cleaned_data["bears_on"],
                )
                for row in self._kept(self.obstacles)
            ],
        )

    def refuse(self, invalid: Invalid) -> None:
        """Show what the action refused, each message on its field."""
        for name, messages in invalid.errors.items():
            form, field = self._named(name)
            for message in messages:
                form.add_error(field if field in form.fields else None, str(message))

    def _named(self, name: str) -> tuple[forms.Form, str]:
        kind, _dash, rest = name.partition("-")
        if kind in ("recommendations", "difficulties"):
            place, _dash, field = rest.partition("-")
            kept = self._kept(self.rows if kind == "recommendations" else self.obstacles)
            field = "title" if field.startswith("title") or field in ("slug", "") else field
            return kept[int(place) - 1], "summary" if field.startswith("summary") else field
        if kind == "origin":
            return self, f"origin_{rest}"
        return self, PLACES.get(name, kind)

    def _kept(self, rows: Sequence[Any]) -> list[Any]:
        return [row for row in rows if not row.out]

    def _accepted(self) -> list[forms.Form]:
        return [*self._kept(self.rows), *self._kept(self.obstacles)]

    # --- For the page

    @property
    def page(self) -> range:
        """The places (from 0) of the rows that are shown: those about the first with an error, or ``at``."""
        wrong = (
            n for n, row in enumerate(self.rows) if not row.out and row.is_bound and row.errors
        )
        first = first_on_page(next(wrong, self.at))
        return range(first, min(first + ON_A_PAGE, len(self.rows)))

    @property
    def shown(self) -> list[Any]:
        return self.rows[self.page.start : self.page.stop]

    def pages(self) -> list[tuple[int, int, bool]]:
        """The first and last number of each page, and whether it is this one; none if all are on one."""
        many = len(self.rows)
        starts = range(0, many, ON_A_PAGE) if many > ON_A_PAGE else ()
        here = self.page.start
        return [(at + 1, min(at + ON_A_PAGE, many), at == here) for at in starts]

    def carried(self) -> list[tuple[str, str]]:
        """What travels in the form unseen, by name."""
        sheet, page = self.sheet, self.page
        return [
            ("before", packed(sheet.rows[: page.start])),
            ("after", packed(sheet.rows[page.stop :])),
            ("rest", str(sheet.rest)),
            ("rest_difficulties", str(sheet.rest_obstacles)),
        ]

    @property
    def found(self) -> int:
        """How many recommendations were found, with those that are not here."""
        return len(self.rows) + self.sheet.rest

    @property
    def found_difficulties(self) -> int:
        return len(self.obstacles) + self.sheet.rest_obstacles

    def new_body(self) -> list[forms.BoundField]:
        return [self[name] for name in ("body_name_fr", "body_name_en", "body_slug")]

    def facts(self) -> list[forms.BoundField]:
        return [self[name] for name in FACTS]

    def origin(self) -> list[forms.BoundField]:
        return [self[name] for name in ORIGIN]

    def known_states(self) -> list[tuple[State, bool]]:
        """The States that the record knows, by name, and whether each is chosen."""
        chosen = {str(code) for code in self["states"].value() or ()}
        states = sorted(State.objects.all(), key=lambda state: alphabetical(state.name))
        return [(state, state.pk in chosen) for state in states]

    @property
    def column(self) -> str:
        """The language of our own labels (titles of difficulties) that the text's language gives."""
        chosen = str(self["language"].value() or "")
        return chosen if chosen in ("fr", "en") else (get_language() or "fr")[:2]

    @property
    def column_name(self) -> str | Promise:
        return Language(self.column).label

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        """Every problem as ``(id of the field, its label, message)``, for the summary on top."""
        found, page = list(problems_of(self)) if self.is_bound else [], self.page
        for words, rows in (
            (_("Recommendation %(n)s"), self.rows),
            (_("Difficulty %(n)s"), self.obstacles),
        ):
            for n, row in enumerate(rows, 1):
                if not row.out and row.is_bound:
                    is_here = rows is not self.rows or n - 1 in page
                    said = problems_of(row, words % {"n": n})
                    found += [(to if is_here else "", label, text) for to, label, text in said]
        return found

    def marked(self) -> list[spans.Piece]:
        """The text given, with what is quoted set apart; also says at each row how it compares."""
        rows, obstacles = self.sheet.places()
        pieces = spans.pieces(self.sheet.given, [*rows, *obstacles])
        shown = {piece.of for piece in pieces}
        for n, (row, place) in enumerate(
            zip([*self.rows, *self.obstacles], [*rows, *obstacles], strict=True), 1
        ):
            said = any(
                row[name].value()
                for name in ("text", "words", "summary", "title")
                if name in row.fields
            )
            row.likeness = place.likeness.value if self.sheet.given and said else ""
            row.mark, row.anchor = (n if n in shown else 0), n
        return pieces

    @property
    def anchors(self) -> set[int]:
        """The numbers of what is quoted and can be gone to on this page."""
        return {row.anchor for row in (*self.shown, *self.obstacles)}
