"""A document that somebody uploads, as text: read beside the server, bounded in time and memory.

What reads .docx and .pdf is large, and documents come from anywhere. A process of its own can be ended when
it takes too long, and takes nothing with it when it fails.
"""

import json
import subprocess
import sys
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tracker.exceptions import Invalid

PATIENCE = 30
"""Seconds that somebody waits."""
ROOT = Path(__file__).resolve().parent.parent.parent

PROBLEMS: dict[str, Promise] = {
    "kind": _("Choose a .txt, .html, .docx or .pdf file, or paste the text instead."),
    "empty": _("There is no text in this file: choose another, or paste the text instead."),
    "scanned": _(
        "This PDF holds pictures of pages and no text: paste the text, or have it recognised first."
    ),
    "encoding": _("The letters of this file cannot be told: save it as UTF-8, or paste the text."),
    "protected": _(
        "This file is protected by a password or of an older kind: save it as .docx or .pdf without a"
        " password, or paste the text."
    ),
    "broken": _("This file cannot be read: save it anew, or paste the text instead."),
    "large": _("This file holds too much to be read: paste the part with the recommendations."),
    "pages": _("This PDF has too many pages: paste the part with the recommendations."),
    "long": _("This text is too long: paste the part with the recommendations."),
    "slow": _("This file takes too long to read: paste the part with the recommendations."),
}


def text_of(data: bytes, name: str) -> str:
    """The text of a document; ``Invalid`` on ``file`` says what to do where it cannot be had."""
    given = Path(name.replace("\n", " ")).name.encode(errors="replace") + b"\n" + data
    command = [sys.executable, "-m", "tracker.proposals.texts"]
    try:
        done = subprocess.run(  # noqa: S603 - our own module; the name is no argument
            command,
            input=given,
            capture_output=True,
            cwd=ROOT,
            timeout=PATIENCE,
            check=False,
            env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        )
    except subprocess.TimeoutExpired:
        raise Invalid({"file": [PROBLEMS["slow"]]}) from None
    # Ended by the system, or by an error that a broken document brought about in a library.
    said = json.loads(done.stdout) if done.returncode == 0 else {"problem": "large"}
    if "problem" in said:
        raise Invalid({"file": [PROBLEMS[said["problem"]]]})
    return str(said["text"])
