"""What several models share."""

from typing import Any

from django.db.models import CheckConstraint, Q, TextChoices
from django.utils.translation import get_language


class Localized:
    """Reads ``<field>_<language>`` in the reader's language, or in another where that one is empty.

    Labels of our own (themes, names of bodies) have one column a language, as they are edited side by
    side. Quotations are not labels: their translations are records of their own.
    """

    def __init__(self, field: str, languages: tuple[str, ...] = ("fr", "en")) -> None:
        self.field = field
        self.languages = languages

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        return self.of(instance)[1]

    def of(self, instance: Any) -> tuple[str, str]:
        """The language that was found, and the text in it (both empty where there is none)."""
        preferred = (get_language() or "")[:2]
        for language in sorted(self.languages, key=lambda code: code != preferred):
            text: str = getattr(instance, f"{self.field}_{language}")
            if text:
                return language, text
        return "", ""


def one_of(
    field: str, choices: type[TextChoices], name: str, blank: bool = False
) -> CheckConstraint:
    """A named constraint: the column holds one of the codes of ``choices`` (or nothing, if ``blank``)."""
    values = list(choices.values) + ([""] if blank else [])
    return CheckConstraint(condition=Q(**{f"{field}__in": values}), name=name)


def either_language(field: str, name: str) -> CheckConstraint:
    """A named constraint: the label exists in at least one language."""
    nowhere = Q(**{f"{field}_fr": "", f"{field}_en": ""})
    return CheckConstraint(condition=~nowhere, name=name)
