"""French and English are complete: every string, in the catalogues that are committed and compiled."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
LANGUAGES = ("en", "fr")
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}")


def catalogue(language: str, kind: str = "po") -> polib.POFile:
    path = ROOT / "tracker" / "locale" / language / "LC_MESSAGES" / f"django.{kind}"
    return polib.pofile(str(path)) if kind == "po" else polib.mofile(str(path))


def words(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_is_translated(language: str) -> None:
    lacking = [e.msgid for e in catalogue(language) if not all(words(e)) or e.fuzzy]
    assert lacking == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    written = {(e.msgctxt, e.msgid): words(e) for e in catalogue(language)}
    compiled = {(e.msgctxt, e.msgid): words(e) for e in catalogue(language, "mo")}
    assert compiled == written


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_survive_translation(language: str) -> None:
    for entry in catalogue(language):
        expected = set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
        for text in words(entry):
            assert set(PLACEHOLDER.findall(text)) <= expected, entry.msgid
            if not entry.msgid_plural:
                assert set(PLACEHOLDER.findall(text)) == expected, entry.msgid


def test_french_leaves_no_plain_space_before_high_punctuation() -> None:
    wrong = [t for e in catalogue("fr") for t in words(e) if re.search(r"[^\s] [:;?!»](\s|$)", t)]
    assert wrong == []


@pytest.mark.skipif(
    not shutil.which("xgettext"), reason="xgettext collects the strings of the code"
)
def test_the_catalogues_know_every_string_of_the_code(tmp_path: Path) -> None:
    """Collected anew in a copy, the catalogues gain and lose nothing."""
    copied = tmp_path / "copy"
    copied.mkdir()
    for name in ("tracker", "templates"):
        shutil.copytree(ROOT / name, copied / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", copied)
    command = [
        sys.executable,
        "manage.py",
        "makemessages",
        "-l",
        "fr",
        "--no-location",
        "--no-obsolete",
    ]
    subprocess.run(command, cwd=copied, check=True, capture_output=True, timeout=60)
    found = polib.pofile(str(copied / "tracker/locale/fr/LC_MESSAGES/django.po"))
    assert {e.msgid for e in found} == {e.msgid for e in catalogue("fr")}
