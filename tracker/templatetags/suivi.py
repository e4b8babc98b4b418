"""What templates need beyond Django's own tags."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from django import template
from django.forms import BoundField
from django.template import Context
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from tracker.facets import BY_NAME, Option
from tracker.folding import in_order
from tracker.models import Implementation, Meeting, Recommendation, Source, State, Translation
from tracker.notes import plain, render
from tracker.search import Excerpt
from tracker.statuses import DEFINITIONS, Status

if TYPE_CHECKING:
    from tracker.matrix import Cell

register = template.Library()
Facets = dict[str, list[Option]]


@register.simple_tag
def glyph(status: str, basis: str = "") -> SafeString:
    """The drawing of a status: outlined where it is reported, solid where it is verified.

    A picture beside words that say the same, so screen readers pass it by.
    """
    return format_html(
        '<svg class="glyph {} {}" aria-hidden="true"><use href="#g-{}"/></svg>',
        status,
        basis,
        status,
    )


@register.simple_tag
def cells(row: "Iterable[tuple[State, Cell | None]]", address: str) -> SafeString:
    """The cells of one recommendation in the table: each leads to what that State did about it. As short
    as can be, since there are hundreds; a phone shows the State's name, which is in ``data-s``."""
    joint = "&" if "?" in address else "?"
    return format_html_join(
        "",
        '<td role="cell">{}</td>',
        ((_cell(state, cell, f"{address}{joint}state=") if cell else "",) for state, cell in row),
    )


def _cell(state: State, cell: "Cell", address: str) -> SafeString:
    return format_html(
        '<a href="{}{}" data-s="{}">{}<span>{}</span></a>',
        address,
        state.code,
        state.name,
        glyph(cell.status, cell.basis),
        Status(cell.status).label,
    )


@register.filter
def definition(status: str) -> str:
    return str(DEFINITIONS[status])


@register.filter
def markdown(note: str) -> SafeString:
    return render(note)


def written(value: dt.date) -> str:
    """A day in letters, as the reader's language writes it: "1er mars 2026"."""
    text = date_format(value, "DATE_FORMAT")
    return text.replace("1 ", "1er ", 1) if value.day == 1 and get_language() == "fr" else text


@register.filter
def day(value: dt.date | None) -> SafeString:
    """A day, written out in the reader's language, with its ISO form for machines."""
    if value is None:
        return SafeString("")
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), written(value))


@register.filter
def moment(value: dt.datetime) -> SafeString:
    """The day of a moment, with the exact time (UTC) for machines and on hover."""
    exact = value.astimezone(dt.UTC)
    return format_html(
        '<time datetime="{}" title="{} UTC">{}</time>',
        exact.isoformat(timespec="seconds"),
        date_format(exact, "DATETIME_FORMAT"),
        written(exact.date()),
    )


@register.simple_tag(takes_context=True)
def page_at(context: Context, address: str, **query: object) -> str:
    """An address of the site with these parameters (empty ones left out), on the past day that is shown."""
    past = context.get("past")
    given = {**query, "as_of": past.day.isoformat() if past else ""}
    clean = urlencode({name: value for name, value in given.items() if value})
    return f"{address}?{clean}" if clean else address


@register.simple_tag(takes_context=True)
def today_page(context: Context) -> str:
    """The address of the page that is shown, as it is today."""
    query = context["request"].GET.copy()
    query.pop("as_of", None)
    path = context["request"].path
    return f"{path}?{query.urlencode()}" if query else path


@register.simple_tag(takes_context=True)
def kept_parameters(context: Context) -> SafeString:
    """The parameters of the address as fields of a form that asks for another day."""
    left_out = ("as_of", "page", "after", "before")
    pairs = ((n, v) for n, v in context["request"].GET.items() if n not in left_out)
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)


@register.simple_tag
def dir_of(language: str) -> str:
    """The direction of a text in that language: quotations keep their own."""
    return "rtl" if language == "ar" else "ltr"


@register.simple_tag
def source_link(source: Source) -> SafeString:
    """A source as it is cited: its title, publisher and day.

    ``bare`` has no title: its link says the address already, which print then does not repeat.
    """
    tongue = source.language
    return format_html(
        '<a href="{}"{} rel="nofollow noopener"{}><bdi{}>{}</bdi></a>{}{}',
        source.url,
        "" if source.title else SafeString(' class="bare"'),
        format_html(' hreflang="{}"', tongue) if tongue else "",
        format_html(' lang="{}"', tongue) if tongue and source.title else "",
        source,
        f", {source.publisher}" if source.publisher else "",
        format_html(", {}", day(source.published_on)) if source.published_on else "",
    )


@register.inclusion_tag("recommendations/_excerpts.html", takes_context=True)
def excerpts(
    context: Context, row: Implementation, rendering: Recommendation | Translation
) -> dict[str, object]:
    """The text of a row, and where the words of a search are: of what ``Found.excerpts`` gave to the page.
    Words found in that very text take its place: nobody reads it twice."""
    found: Mapping[int, Sequence[Excerpt]] = context.get("excerpts") or {}
    shown = found.get(row.pk, ())
    kind = "text" if rendering is row.recommendation else "translation"
    is_quoted = any(one.kind == kind and one.language == rendering.language for one in shown)
    return {"row": row, "excerpts": shown, "rendering": rendering, "is_quoted": is_quoted}


@register.filter
def number(count: int) -> str:
    """A number as the language groups its digits: "1 828", "1,828"."""
    return number_format(count, force_grouping=True)


@register.filter
def has_editorial(recommendation: Recommendation) -> bool:
    """Whether any of its ties is an editorial reading, which the page then says."""
    links = [*recommendation.theme_links.all(), *recommendation.provision_links.all()]
    return any(link.is_editorial for link in links)


@register.filter(name="plain")
def plain_note(note: str) -> str:
    """A note without its markup, for one line."""
    return plain(note)


@register.filter
def days(meeting: Meeting) -> str:
    """The days of a meeting: "9–10 October 2025", as short as the language allows."""
    first, last = meeting.starts_on, meeting.ends_on
    if (first.year, first.month) == (last.year, last.month) and first != last:
        return f"{first.day}–{date_format(last, 'DATE_FORMAT')}"
    if first == last:
        return written(first)
    return f"{date_format(first, 'DATE_FORMAT')} – {date_format(last, 'DATE_FORMAT')}"


@register.simple_tag
def field(bound: BoundField, lookup: bool = False) -> SafeString:
    """A form field with its errors tied to it, so that a screen reader says them with it.

    ``lookup`` asks the server, once an address was typed, whether its source is known.
    """
    attrs: dict[str, str | bool] = {}
    if bound.errors:
        attrs |= {"aria-invalid": "true", "aria-describedby": f"{bound.auto_id}_error"}
    if lookup:
        attrs |= {
            "type": "url",
            "placeholder": " ",
            "hx-get": reverse("known_source"),
            "hx-trigger": "change",
            "hx-target": "next .known",
            "hx-swap": "innerHTML",
            "hx-params": "url",
        }
    return format_html("{}{}", bound.as_widget(attrs=attrs), field_errors(bound))


@register.simple_tag(takes_context=True)
def page_from(context: Context, side: str, key: str) -> str:
    """The address of the page of the list ``after`` or ``before`` the row of that key."""
    address = context["address"]
    return f"{address}{'&' if '?' in address else '?'}{urlencode({side: key}, safe=':')}"


@register.simple_tag
def select(bound: BoundField, facets: Facets | None = None, beside: bool = False) -> SafeString:
    """A list to choose from; with ``facets``, how many each choice would leave.

    ``beside`` is one that htmx puts in the place of the former: whole, since options that are moved out of
    a list leave it to choose another. Django's widget renders a template for each of its options.
    """
    errors = format_html(' aria-invalid="true" aria-describedby="{}_error"', bound.auto_id)
    return format_html(
        '<select name="{}" id="{}"{}{}>{}</select>',
        bound.html_name,
        bound.auto_id,
        errors if bound.errors else "",
        SafeString(' hx-swap-oob="true"' if beside else ""),
        options(bound, facets),
    )


def options(bound: BoundField, facets: Facets | None = None) -> SafeString:
    """What is in the list: what ``facets`` say of this field, else all of its choices."""
    chosen = str(bound.value() or "")
    choices: Any = cast(Any, bound.field).choices
    rows: Iterable[tuple[Any, object]] = choices
    if facets and bound.name in facets:
        rows = ((option.value, option) for option in facets[bound.name])
    elif bound.name in BY_NAME:
        rows = in_order(choices)
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((v, SafeString(" selected" * (str(v) == chosen)), label) for v, label in rows),
    )


@register.simple_tag
def field_errors(bound: BoundField) -> SafeString:
    """The errors of a field, under the id that the field names."""
    if not bound.errors:
        return SafeString("")
    messages = " ".join(str(message) for message in bound.errors)
    return format_html('<span class="error" id="{}_error">{}</span>', bound.auto_id, messages)
