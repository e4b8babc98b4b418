"""How something of the record is cited: plain text, BibTeX and RIS. Pure: no database, no request."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

PUBLISHER = "Suivi"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# What TeX obeys. BibTeX counts braces even behind a backslash, so that these have names of their own.
_TEX = {
    "\\": r"{\textbackslash}",
    "{": r"{\textbraceleft}",
    "}": r"{\textbraceright}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    **{sign: f"\\{sign}" for sign in "#$%&_"},
}


@dataclass(frozen=True)
class Citation:
    """What is cited. ``name`` is short and made of letters, figures and hyphens; ``day`` is the day as of
    which it is cited, ``as_of`` says so in the reader's words; ``proof`` says the digest and where to check
    it; ``accessed`` is today."""

    name: str
    title: str
    who: str
    day: dt.date
    as_of: str
    url: str
    proof: str
    accessed: dt.date


def as_text(c: Citation) -> str:
    """Two lines: what, by whom, as of when and where; then what proves it."""
    parts = [part for part in (c.who, c.title, c.as_of) if part]
    said = ". ".join(_line(part).rstrip(".") for part in parts)
    return (
        "\n".join(line for line in (f"{said}. {PUBLISHER}. {c.url}", _line(c.proof)) if line) + "\n"
    )


def as_bibtex(c: Citation) -> str:
    """``@misc``; the second braces keep names and titles as they are written. Letters of all scripts stay:
    BibTeX files are UTF-8."""
    fields = {
        "author": f"{{{{{tex(c.who or PUBLISHER)}}}}}",
        "title": f"{{{{{tex(c.title)}}}}}",
        "howpublished": f"{{{PUBLISHER}}}",
        "year": f"{{{c.day.year}}}",
        "month": MONTHS[c.day.month - 1],
        "day": f"{{{c.day.day}}}",
        "url": f"{{{_address(c.url)}}}",
        "urldate": f"{{{c.accessed.isoformat()}}}",
        "note": f"{{{tex('. '.join(p for p in (c.as_of, c.proof) if p))}}}",
    }
    lines = ",\n".join(f"  {name} = {value}" for name, value in fields.items())
    return f"@misc{{{re.sub('[^A-Za-z0-9-]+', '-', c.name)},\n{lines}\n}}\n"


def as_ris(c: Citation) -> str:
    """One line a tag, two spaces before its hyphen, lines that end in CR LF."""
    tags = [
        ("TY", "ELEC"),
        ("AU", c.who or PUBLISHER),
        ("TI", c.title),
        ("PB", PUBLISHER),
        ("PY", f"{c.day.year:04}"),
        ("DA", f"{c.day:%Y/%m/%d}/"),
        ("UR", _address(c.url)),
        ("Y2", f"{c.accessed:%Y/%m/%d}/"),
        ("N1", c.as_of),
        ("N1", c.proof),
    ]
    lines = [f"{tag}  - {_line(value)}" for tag, value in tags if value]
    return "\r\n".join([*lines, "ER  - ", ""])


FORMATS: dict[str, tuple[str, Callable[[Citation], str]]] = {
    "txt": ("text/plain", as_text),
    "bib": ("application/x-bibtex", as_bibtex),
    "ris": ("application/x-research-info-systems", as_ris),
}


def tex(text: str) -> str:
    """Text as TeX takes it, on one line."""
    return "".join(_TEX.get(sign, sign) for sign in _line(text))


def _line(text: str) -> str:
    """On one line, whatever sort of line break is in it; spaces that do not break (French) stay."""
    parts = re.split(r"[\x00-\x20\x7f\x85\u2028\u2029]+", text)
    return " ".join(part for part in parts if part)


def _address(url: str) -> str:
    """An address with no sign that would end its field."""
    return re.sub(r"[\s{}\\]", lambda m: f"%{ord(m[0]):02X}", url)
