"""Themes and organizations by the names that a table gives them; new ones are made with the rows."""

import hashlib

from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tracker.exceptions import Invalid
from tracker.exports.listed import parted
from tracker.folding import fold
from tracker.models import Organization, Theme
from tracker.statuses import Basis, OrganizationKind

NAME_LENGTH = {Theme: 200, Organization: 300}
MOST = 20


def _named(name: str, language: str) -> dict[str, str]:
    """A name in its column: in French or in English, the languages that labels have."""
    known = language if language in ("fr", "en") else (get_language() or "")[:2]
    return {"name_en" if known == "en" else "name_fr": name}


class Themes:
    """All themes, by their names in both languages and by their short addresses."""

    def __init__(self) -> None:
        self.known: dict[str, Theme] = {}
        self.cells: dict[tuple[str, str], tuple[Theme, ...]] = {}  # cells repeat the same few words
        themes = list(Theme.objects.order_by("pk"))
        self.slugs = {theme.slug for theme in themes}
        for theme in themes:
            for name in (theme.slug, theme.name_fr, theme.name_en):
                if name:
                    self.known.setdefault(fold(name), theme)

    def of(self, cell: str, language: str) -> tuple[Theme, ...]:
        """The themes that a cell names, each once. ``Invalid`` where a name cannot be one."""
        if not cell:
            return ()
        if (cell, language) not in self.cells:
            if len(self.cells) > 4096:
                self.cells.clear()
            self.cells[cell, language] = self._of(cell, language)
        return self.cells[cell, language]

    def _of(self, cell: str, language: str) -> tuple[Theme, ...]:
        if theme := self.known.get(fold(cell)):
            return (theme,)  # its name may have in it what parts others
        names = [name for name in parted(cell) if fold(name)]
        if len(names) > MOST:
            raise Invalid({"themes": [_("Give at most %(n)s themes.") % {"n": MOST}]})
        return tuple({id(t): t for t in (self._one(name, language) for name in names)}.values())

    def _one(self, name: str, language: str) -> Theme:
        key = fold(name)
        if key not in self.known:
            if len(name) > NAME_LENGTH[Theme]:
                message = _("Shorten the theme to %(n)s characters.")
                raise Invalid({"themes": [message % {"n": NAME_LENGTH[Theme]}]})
            self.known[key] = Theme(slug=self._slug(key), **_named(name, language))
        return self.known[key]

    def _slug(self, key: str) -> str:
        short = slugify(key)[:40].strip("-_")
        # Names in other scripts have no letters for an address: a number of their own then.
        slug = short or f"theme-{hashlib.sha256(key.encode()).hexdigest()[:8]}"
        if slug in self.slugs:
            slug = f"{slug}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"
        self.slugs.add(slug)
        return slug


class Organizations:
    """All organizations by their names; one is made only where the table says whose status it gives."""

    def __init__(self) -> None:
        self.known: dict[str, list[Organization]] = {}
        for organization in Organization.objects.select_related("state").order_by("pk"):
            for name in {fold(organization.name_fr), fold(organization.name_en)} - {""}:
                self.known.setdefault(name, []).append(organization)

    def of(self, name: str, state: str, basis: str, language: str) -> Organization | None:
        """The organization of that name, of that State where several have it."""
        if not name:
            return None
        found = self.known.get(fold(name), [])
        if basis == Basis.REPORTED:
            found = [o for o in found if o.governs(state)]
        if len(found) > 1:
            found = [o for o in found if o.state_id == state] or found
        if len(found) == 1:
            return found[0]
        if found:
            message = _("Several organizations are called %(name)s: name one of them otherwise.")
            raise Invalid({"organization": [message % {"name": name}]})
        return self._made(name, state, basis, language)

    def _made(self, name: str, state: str, basis: str, language: str) -> Organization:
        if not basis:
            message = _("No organization is called %(name)s: add it in the administration first.")
            raise Invalid({"organization": [message % {"name": name[:80]}]})
        if len(name) > NAME_LENGTH[Organization]:
            message = _("Shorten the name to %(n)s characters.")
            raise Invalid({"organization": [message % {"n": NAME_LENGTH[Organization]}]})
        is_own = basis == Basis.REPORTED
        kind = OrganizationKind.GOVERNMENT if is_own else OrganizationKind.OTHER
        made = Organization(kind=kind, state_id=state if is_own else None, **_named(name, language))
        self.known.setdefault(fold(name), []).append(made)
        return made
