"""Citations are what programs for references read, whatever is in a title."""

import datetime as dt
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.exports.citations import Citation, as_bibtex, as_ris, as_text, tex

CITED = Citation(
    name="suivi-som-12-1-ML-2026-02-12",
    title="Recommandation\u00a01\u00a0: Gestion des frontières, Mali",
    who="",
    day=dt.date(2026, 2, 12),
    as_of="Au 12 février 2026",
    url="https://suivi.example/recommendations/som-12-1/?state=ML&as_of=2026-02-12",
    proof="Empreinte (SHA-256) : abc — à vérifier sur https://suivi.example/verify/",
    accessed=dt.date(2026, 3, 1),
)


def test_plain_text_says_what_when_where_and_what_proves_it() -> None:
    assert as_text(CITED) == (
        "Recommandation\u00a01\u00a0: Gestion des frontières, Mali. Au 12 février 2026. Suivi. "
        "https://suivi.example/recommendations/som-12-1/?state=ML&as_of=2026-02-12\n"
        "Empreinte (SHA-256) : abc — à vérifier sur https://suivi.example/verify/\n"
    )


def test_bibtex_has_each_field() -> None:
    assert as_bibtex(CITED) == (
        "@misc{suivi-som-12-1-ML-2026-02-12,\n"
        "  author = {{Suivi}},\n"
        "  title = {{Recommandation\u00a01\u00a0: Gestion des frontières, Mali}},\n"
        "  howpublished = {Suivi},\n"
        "  year = {2026},\n"
        "  month = feb,\n"
        "  day = {12},\n"
        "  url = {https://suivi.example/recommendations/som-12-1/?state=ML&as_of=2026-02-12},\n"
        "  urldate = {2026-03-01},\n"
        "  note = {Au 12 février 2026. Empreinte (SHA-256) : abc — à vérifier sur "
        "https://suivi.example/verify/}\n"
        "}\n"
    )


def test_ris_has_a_line_a_tag() -> None:
    assert as_ris(CITED).split("\r\n") == [
        "TY  - ELEC",
        "AU  - Suivi",
        "TI  - Recommandation\u00a01\u00a0: Gestion des frontières, Mali",
        "PB  - Suivi",
        "PY  - 2026",
        "DA  - 2026/02/12/",
        "UR  - https://suivi.example/recommendations/som-12-1/?state=ML&as_of=2026-02-12",
        "Y2  - 2026/03/01/",
        "N1  - Au 12 février 2026",
        "N1  - Empreinte (SHA-256) : abc — à vérifier sur https://suivi.example/verify/",
        "ER  - ",
        "",
    ]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("50 % & plus", r"50 \% \& plus"),
        ("a_b #1 $", r"a\_b \#1 \$"),
        ("a\\b", r"a{\textbackslash}b"),
        ("{x}", r"{\textbraceleft}x{\textbraceright}"),
        ("~^", r"{\textasciitilde}{\textasciicircum}"),
        ("État — 走私 تهريب", "État — 走私 تهريب"),
        ("deux\nlignes", "deux lignes"),
    ],
)
def test_what_tex_obeys_is_written_as_it_reads(typed: str, written: str) -> None:
    assert tex(typed) == written


@given(title=st.text(), who=st.text())
def test_no_title_breaks_out_of_bibtex(title: str, who: str) -> None:
    entry = as_bibtex(replace(CITED, title=title, who=who))
    depth = [0]
    for sign in entry:
        depth.append(depth[-1] + {"{": 1, "}": -1}.get(sign, 0))
    assert min(depth) == 0
    assert depth[-1] == 0
    assert depth.index(0, 6 + depth[6:].index(1)) >= len(entry.rstrip())


@given(title=st.text(), who=st.text())
def test_no_title_breaks_out_of_its_line_of_ris(title: str, who: str) -> None:
    lines = as_ris(replace(CITED, title=title, who=who)).splitlines()
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines)
    assert lines.count("ER  - ") == 1
