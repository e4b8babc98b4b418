"""htmx without a browser: apply an answer to the parsed page as htmx would, and compare pages."""

import re
from typing import Any

from lxml import html

# What differs between two renderings of one state: tokens, the name of the next submission, a time.
VOLATILE = ("csrfmiddlewaretoken", "submission", "author")
HTMX = {"HX-Request": "true"}
"""Headers of a request by htmx."""


def parse(response: Any) -> Any:
    """The page of a response, as a tree."""
    return html.document_fromstring(response.content.decode())


def swap(page: Any, answer: Any, target: str) -> Any:
    """``page`` after htmx has put ``answer`` in the place of ``target`` (outerHTML) and the out-of-band
    parts in theirs (innerHTML). ``HX-Retarget`` has its way, as in htmx."""
    target = answer.headers.get("HX-Retarget", target).removeprefix("#")
    for fragment in html.fragments_fromstring(answer.content.decode()):
        if isinstance(fragment, str):
            assert not fragment.strip()
            continue
        if fragment.attrib.pop("hx-swap-oob", None):
            place = page.get_element_by_id(fragment.get("id"))
            place.text, place[:] = fragment.text, list(fragment)
        else:
            place = page.get_element_by_id(target)
            assert fragment.get("id") == target, "a fragment carries its own root id"
            fragment.tail = place.tail
            place.getparent().replace(place, fragment)
    return page


def same(page: Any, without: tuple[str, ...] = ("announce",)) -> str:
    """A page as text, less what is volatile and the elements of the ids in ``without``."""
    for name in VOLATILE:
        for element in page.xpath(f'//input[@name="{name}"]'):
            element.set("value", "…")
    for name in without:
        for element in page.xpath(f'//*[@id="{name}"]'):
            element.clear()
    return re.sub(r">\s+<", ">\n<", re.sub(r"\s+", " ", html.tostring(page, encoding="unicode")))


def form_data(page: Any, form_id: str = "record") -> dict[str, Any]:
    """What a browser would send for a form as it stands, by name; lists where a name repeats."""
    data: dict[str, Any] = {}
    for field in page.get_element_by_id(form_id).xpath(".//input|.//textarea|.//select"):
        if field.get("type") in ("radio", "checkbox") and field.get("checked") is None:
            continue
        if name := field.get("name"):
            data.setdefault(name, []).append(_value(field))
    return {name: values[0] if len(values) == 1 else values for name, values in data.items()}


def _value(field: Any) -> str:
    if field.tag == "textarea":
        return str(field.text or "").removeprefix("\n")  # as HTML parsers do; lxml keeps it
    if field.tag == "select":
        return next((o.get("value") for o in field.xpath(".//option[@selected]")), "")
    return str(field.get("value", ""))


def refs(response: Any) -> list[str]:
    """The references of the list's rows, in their order."""
    links = parse(response).xpath("//ol[@class='rows']//a/@href")
    return [link.split("/")[-2] for link in links]
