"""Forms of the administration: they write what was changed in them, and overwrite nobody."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, cast

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from tracker.admin.generic import ModelForm
from tracker.exceptions import Invalid, Message


class Refused(Invalid):
    """``Invalid``, and the form in which it was typed (``prefix`` None: the page's main form)."""

    def __init__(self, errors: Mapping[str, Sequence[Message]], prefix: str | None = None) -> None:
        super().__init__(errors)
        self.prefix = prefix


@contextmanager
def typed_in(prefix: str | None) -> Iterator[None]:
    """Says of an ``Invalid`` raised inside which form to show it in."""
    try:
        yield
    except Invalid as invalid:
        raise Refused(invalid.errors, prefix) from invalid


class PlainTextField(forms.CharField):
    """Long text as it was typed: browsers send line ends as CR LF, which is not a change."""

    def to_python(self, value: Any) -> str:
        text = value.replace("\r\n", "\n") if isinstance(value, str) else value
        return str(super().to_python(text))


class RecordForm(ModelForm):
    """A form that knows what its person had before them.

    Each field carries beside it what it held when the page was opened. A field that its person left
    alone is not written, whatever somebody else has made of it meanwhile; one that both changed is
    asked about.
    """

    refused: ClassVar[Refused | None] = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.show_hidden_initial = not self.instance._state.adding and (
                not self.is_bound or self.add_initial_prefix(name) in self.data
            )

    def _post_clean(self) -> None:
        if not self.instance._state.adding:
            for name, field in self.fields.items():
                if field.show_hidden_initial:
                    self._compare(self[name])
        super()._post_clean()  # type: ignore[misc]
        if self.refused and self.refused.prefix == self.prefix:
            for name, messages in self.refused.errors.items():
                for message in messages:
                    self.add_error(name if name in self.fields else None, str(message))

    def _compare(self, bound: BoundField) -> None:
        hidden = bound.field.hidden_widget()
        was = hidden.value_from_datadict(self.data, self.files, bound.html_initial_name)
        if not bound.field.has_changed(bound.initial, was):
            return
        if bound.name not in self.changed_data:
            self.cleaned_data[bound.name] = getattr(self.instance, bound.name)
        elif bound.field.has_changed(bound.initial, bound.data):
            self._ask(bound)

    def _ask(self, bound: BoundField) -> None:
        """Both changed this field: say what it holds now; saving again replaces it."""
        now = bound.field.prepare_value(bound.initial)
        shown = Truncator(_in_words(bound.field, now)).chars(300) or _("nothing")
        message = _("Somebody changed this meanwhile to: %(now)s. To replace it, save again.")
        self.add_error(bound.name, message % {"now": shown})
        values = now if isinstance(now, list | tuple) else [now]
        strings = ["" if value is None else str(value) for value in values]
        self.data = data = cast(QueryDict, self.data).copy()
        data.setlist(bound.html_initial_name, strings)


def _in_words(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.ModelChoiceField):
        keys = value if isinstance(value, list | tuple) else [value]
        rows: Any = field.queryset
        return ", ".join(map(str, rows.filter(pk__in=[k for k in keys if k])[:20]))
    if isinstance(field, forms.ChoiceField):
        return str(dict(_flat(field.choices)).get(str(value), ""))
    return "" if value is None else str(value)


def _flat(choices: Any) -> Iterator[tuple[str, Any]]:
    for code, label in choices:
        yield str(code), label
