"""What one recommendation is to another: chosen for a suggestion, or with a reference that is typed."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.exceptions import Invalid
from tracker.models import Recommendation
from tracker.statuses import SEEN_FROM_EARLIER, LinkedBy, LinkKind

KINDS = {kind.value: kind.label for kind in (*LinkKind, *LinkedBy)}
CHOOSE = gettext_lazy("Choose what one is to the other.")
FROM_EARLIER = {inverse.value: kind for kind, inverse in SEEN_FROM_EARLIER.items()}


class LinkForm(forms.Form):
    """``about`` is the recommendation whose page it is on; ``other`` the one suggested, or None where its
    reference is to be typed. Kinds are read from ``about``: "repeats som-11-4", "repeated by som-13-2"."""

    other = forms.CharField(
        label=gettext_lazy("Reference of the other"),
        max_length=80,
        widget=forms.TextInput({"autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Give its reference, such as som-11-4.")},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What one is to the other"),
        choices=list(KINDS.items()),
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    suffix = ""
    suggested: Recommendation | None

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        about: Recommendation,
        suggested: Recommendation | None = None,
    ) -> None:
        self.about, self.suggested = about, None
        super().__init__(data, auto_id="%s")
        if suggested:
            self.suggest(suggested)

    def suggest(self, other: Recommendation) -> None:
        """Be the form of this suggestion, with ids of its own."""
        self.suggested, self.suffix = other, f"-{other.ref}"
        self.auto_id = f"%s{self.suffix}"

    def clean_other(self) -> Recommendation:
        ref = self.cleaned_data["other"]
        either = {ref, ref.lower()}  # "SOM-11-4", as it is printed in some documents
        found = Recommendation.objects.select_related("meeting").filter(ref__in=either).first()
        if found is None:
            message = _("No recommendation has the reference %(ref)s: copy it from its address.")
            raise forms.ValidationError(message % {"ref": ref})
        return found

    def kinds(self) -> list[tuple[str, str, bool]]:
        """Code, name and whether it is chosen, of those that can be true."""
        chosen = self.data.get("kind", "") if self.is_bound else ""
        codes: list[str] = [*LinkKind.values[:3], *LinkedBy.values[:3]]
        if self.suggested:
            is_later = self.suggested.meeting.starts_on > self.about.meeting.starts_on
            codes = LinkedBy.values if is_later else LinkKind.values
        return [(code, KINDS[code], code == chosen) for code in codes]

    def pair(self) -> tuple[Recommendation, Recommendation, str]:
        """The later one, the earlier one, and what the later is to the earlier."""
        other, kind = self.cleaned_data["other"], self.cleaned_data["kind"]
        forward, backward = (self.about, other), (other, self.about)
        if kind == LinkKind.UNRELATED:
            is_later = other.meeting.starts_on > self.about.meeting.starts_on
            return *(backward if is_later else forward), kind
        if kind in FROM_EARLIER:
            return *backward, FROM_EARLIER[kind]
        return *forward, kind

    def refuse(self, error: Invalid) -> None:
        """Show what an action refused on the fields that it names."""
        for name, messages in error.errors.items():
            for message in messages:
                self.add_error(name if name in self.fields else None, str(message))

    @property
    def problems(self) -> list[tuple[str, Any, str]]:
        """Each error, with the field to go to and its label."""
        return [
            (f"{name}{self.suffix}", self.fields[name].label, str(message))
            for name, messages in self.errors.items()
            if name in self.fields
            for message in messages
        ]
