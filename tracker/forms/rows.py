"""A text that is given, and the rows of what was found in it."""

import json
import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.actions.meetings import DIFFICULTIES, RECOMMENDATIONS
from tracker.exceptions import Invalid
from tracker.folding import tidy
from tracker.forms.followup import SIGNER
from tracker.models import User
from tracker.proposals.documents import text_of
from tracker.proposals.sheet import Obstacle, Row, Sheet
from tracker.proposals.texts import plain

LONGEST = 200_000
"""Characters of a text: some 60 pages. It travels in the form from step to step."""
ROWS = 2 * RECOMMENDATIONS
"""Recommendations that a form may hold: of more than can be accepted at once, some are to be left out."""
ON_A_PAGE = 120
"""Recommendations of which the fields are shown at once: Django takes 1,000 fields, and no form needs more.
The others travel in one field."""
_RANGE = re.compile(r"\s{0,9}[-\u2010-\u2015]\s{0,9}")


class TextForm(forms.Form):
    """The first step: a text, pasted or in a file."""

    pasted = forms.CharField(
        label=gettext_lazy("The text of the communiqué or report"),
        required=False,
        strip=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={
            "max_length": gettext_lazy(
                "This text has %(show_value)d characters, and at most %(limit_value)d are read at once:"
                " paste the part with the recommendations."
            )
        },
    )
    file = forms.FileField(
        label=gettext_lazy("Or a file"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".txt,.html,.htm,.docx,.pdf"}),
        help_text=gettext_lazy("Text, HTML, Word (.docx) or PDF, at most 10 MB."),
    )
    author = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, files: Any = None, *, user: User, pasted: str = ""
    ) -> None:
        """``pasted`` is a text to begin with, which somebody had typed before."""
        first = {"author": SIGNER.sign(str(user.pk)), "pasted": pasted}
        super().__init__(data, files, initial=first)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        pasted, file = plain(given.get("pasted") or ""), given.get("file")
        if pasted and file:
            self.add_error("file", _("Give the text or a file, not both: empty one of them."))
        elif file:
            try:
                pasted = text_of(file.read(), file.name)
            except Invalid as invalid:
                self.add_error("file", [str(m) for m in invalid.errors["file"]])
            if len(pasted) > LONGEST:
                message = _(
                    "The text of this file has %(n)s characters, and at most %(most)s are read at once:"
                    " paste the part with the recommendations."
                )
                self.add_error("file", message % {"n": len(pasted), "most": LONGEST})
        elif not pasted and not self.errors:
            self.add_error("pasted", _("Paste a text, choose a file, or start with an empty form."))
        given["text"] = pasted
        return given

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        return list(problems_of(self))


class RecommendationRow(forms.Form):
    """One recommendation; the names repeat from row to row, the ids are numbered."""

    text = forms.CharField(
        label=gettext_lazy("Exact quotation"),
        strip=True,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={
            "required": gettext_lazy("Give the words of this recommendation, or leave it out.")
        },
    )
    number = forms.IntegerField(
        label=gettext_lazy("Number"),
        min_value=1,
        max_value=99_999,
        error_messages={"required": gettext_lazy("Give its number.")},
    )
    locator = forms.CharField(label=gettext_lazy("Where in it"), required=False, max_length=120)

    def clean_text(self) -> str:
        return tidy(self.cleaned_data["text"])


class DifficultyRow(forms.Form):
    """One difficulty, and what it bears on."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=300,
        error_messages={"required": gettext_lazy("Give it a short title, or leave it out.")},
    )
    summary = forms.CharField(
        label=gettext_lazy("Summary"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    bears_on = forms.CharField(
        label=gettext_lazy("Bears on the recommendations"), required=False, max_length=600
    )
    words = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def clean_bears_on(self) -> list[int]:
        given = _RANGE.sub("-", self.cleaned_data["bears_on"])
        said: set[int] = set()
        for numbers in filter(None, re.split(r"[\s,;]+", given)):
            found = re.fullmatch(r"([0-9]{1,5})(?:-([0-9]{1,5}))?", numbers)
            first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
            if not first <= last <= first + RECOMMENDATIONS:
                raise forms.ValidationError(
                    _("Give numbers of recommendations, such as 1, 3-5, 8.")
                )
            said |= set(range(first, last + 1))
        return sorted(said)


def sheet_of(data: QueryDict) -> Sheet:
    """The sheet that a form sent."""
    before, after = (_packed(data.get(name, "")) for name in ("before", "after"))
    out = set(data.getlist("out"))
    rows = [
        Row(text, number.strip(), locator, str(n) in out)
        for n, (text, number, locator) in enumerate(
            _columns(data, ("text", "number", "locator"), ROWS), len(before) + 1
        )
    ]
    rows = [*before, *rows, *after][:ROWS]
    obstacles = [
        Obstacle(title, summary, bears_on, str(n) in data.getlist("leave"), words)
        for n, (title, summary, bears_on, words) in enumerate(
            _columns(data, ("title", "summary", "bears_on", "words"), DIFFICULTIES), 1
        )
    ]
    given = plain(data.get("given", "")[: 2 * LONGEST])[:LONGEST]
    rest, more = (_count(data.get(name, "")) for name in ("rest", "rest_difficulties"))
    return Sheet(given, rows, obstacles, rest=rest, rest_obstacles=more)


def packed(rows: list[Row]) -> str:
    """Rows that are not shown, as one field: ``_packed`` reads it."""
    said = [[row.text, row.number, row.locator, row.out] for row in rows]
    return json.dumps(said, ensure_ascii=False) if said else ""


def page_of(data: QueryDict) -> int:
    """The place (from 0) of the first row that was shown."""
    return len(_packed(data.get("before", "")))


def _packed(said: str) -> list[Row]:
    """What this site wrote; of anything else, nothing."""
    try:
        rows = json.loads(said or "[]")
        return [
            Row(str(text), str(number), str(locator), out is True)
            for text, number, locator, out in rows[:ROWS]
        ]
    except (TypeError, ValueError, RecursionError):
        return []


def _count(said: str) -> int:
    return int(said) if re.fullmatch(r"[0-9]{1,6}", said) else 0


def first_on_page(at: int) -> int:
    """The first row of the page on which a row is (both counted from 0)."""
    return max(at, 0) // ON_A_PAGE * ON_A_PAGE


def _columns(data: QueryDict, names: tuple[str, ...], most: int) -> Iterator[tuple[str, ...]]:
    columns = [data.getlist(name) for name in names]
    for at in range(min(max(map(len, columns)), most)):
        yield tuple(column[at] if at < len(column) else "" for column in columns)


def row_form(form: type[forms.Form], row: Row | Obstacle, number: int, check: bool) -> Any:
    """The form of one row; bound if it is to be accepted."""
    values = {name: getattr(row, name) for name in form.base_fields}
    given: dict[str, Any] = {"data": values} if check and not row.out else {"initial": values}
    made: Any = form(**given, auto_id=f"id_%s_{number}")
    made.out, made.likeness, made.mark, made.place = row.out, "", 0, number
    made.anchor, made.is_last = number, False
    return made


def problems_of(form: forms.Form, of: str = "") -> Iterator[tuple[str, str, str]]:
    """Every problem of a form as ``(id of the field, its label, message)``, ``of`` a row of that name."""
    for name, messages in form.errors.items():
        bound = form[name] if name in form.fields else None
        target = (bound.id_for_label or bound.auto_id) if bound else ""
        label = ", ".join(filter(None, (of, str(bound.label) if bound else "")))
        yield from ((target, label, str(message)) for message in messages)
