"""Suivi as it is deployed, for tests that come from outside: gunicorn, hashed files, a database of its own.

Static files and the records to begin from are made once per run, whichever worker comes first.
"""

import fcntl
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.browser.stores import Store, store
from tests.databases import create, on_postgresql
from tests.ports import listening

ROOT = Path(__file__).resolve().parent.parent.parent
STARTING = 30  # seconds that a server may take to answer
SETTINGS = (
    *("DATABASE_URL", "CACHE_URL", "SITE_URL", "BEHIND_PROXY", "DEBUG", "ALLOWED_HOSTS"),
    *("SIGN_IN_LINK_HOURS", "SESSION_HOURS", "DJANGO_SETTINGS_MODULE"),
)


@dataclass(frozen=True)
class Prepared:
    """What every site of a run begins from.

    ``plain`` is seeded and has the cast; in ``told``, things have been recorded as well; ``two_states`` is
    that, and Niger carries out some of it too, and in ``many_states`` fourteen more all of it; in ``empty``,
    nobody has an account yet. ``cast`` has the password and a session of each person; ``entries`` the numbers
    of the entries of ``told`` that tests ask for by name. ``database`` is where they are on PostgreSQL; else
    they are files in ``folder``.
    """

    folder: Path
    secret_key: str
    database: str
    cast: dict[str, dict[str, str]]
    entries: dict[str, int]


def prepare(shared: Path) -> Prepared:
    """Static files and databases under ``shared``, made by the first worker that asks."""
    folder = shared / "suivi"
    folder.mkdir(exist_ok=True)
    facts = folder / "facts.json"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not facts.exists():
            facts.write_text(json.dumps(_make(folder)))
    return Prepared(folder=folder, **json.loads(facts.read_text()))


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """The folder that all xdist workers of a run see."""
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def _make(folder: Path) -> dict[str, Any]:
    key = secrets.token_urlsafe(64)
    people = ("editor", "contributor", "foreign", "administrator")
    passwords = {name: secrets.token_urlsafe(16) for name in people}
    database = create("stage") if on_postgresql() else ""
    env = environment(folder, key, database)
    quietly = {"env": env, "cwd": ROOT, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    # Compressing takes as long as everything else together: it runs beside it.
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
    stage = [sys.executable, "-m", "tests.browser.stage"]
    with subprocess.Popen(collect, text=True, **quietly) as collecting:  # type: ignore[call-overload]
        staged = subprocess.run(
            stage,
            check=False,
            input=json.dumps(passwords),
            capture_output=True,
            text=True,
            env=env,
            cwd=ROOT,
        )
        said = collecting.communicate()[0]
    assert collecting.returncode == 0, said
    assert staged.returncode == 0, staged.stderr
    told = json.loads(staged.stdout)
    cast = {
        name: {"password": passwords[name], "session": told["sessions"][name], "username": name}
        for name in passwords
    }
    return {"secret_key": key, "database": database, "cast": cast, "entries": told["entries"]}


def environment(folder: Path, key: str, database: str, **more: str) -> dict[str, str]:
    """The environment of a site whose files are in ``folder``; nothing of the developer's own site."""
    inherited = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    own = {"SUIVI_VAR": str(folder), "SECRET_KEY": key, "DATABASE_URL": database}
    return {**inherited, **own, **more}


@dataclass
class Site:
    """One server with its files in ``folder``, and its record in ``store``."""

    prepared: Prepared
    folder: Path
    store: Store
    workers: int = 1
    port: int = 0
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    def env(self) -> dict[str, str]:
        return environment(
            self.folder,
            self.prepared.secret_key,
            self.store.address,
            HOST="127.0.0.1",
            PORT=str(self.port),
            WEB_CONCURRENCY=str(self.workers),
            THREADS="4",
        )

    def start(self) -> None:
        """Serve as ``make run`` does, on a free port, and again on the same; return when it answers."""
        command = [sys.executable, "-m", "gunicorn", "--config", "tracker/gunicorn.py"]
        with listening(self.port) as own, self.log.open("ab") as log:
            self.port = own.getsockname()[1]
            self.process = subprocess.Popen(
                [*command, "--bind", f"fd://{own.fileno()}"],
                cwd=ROOT,
                env=self.env(),
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=[own.fileno()],
            )
        until = time.monotonic() + STARTING
        while not self.answers():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.05)

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.origin}/healthz", timeout=5) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except OSError:
            return False

    def kill(self) -> None:
        """End the whole process group at once, without a word (SIGKILL)."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        self.process = None

    def manage(self, *command: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.env(),
            check=False,
            capture_output=True,
            text=True,
        )


@contextmanager
def running(prepared: Prepared, folder: Path, workers: int = 1) -> Iterator[Site]:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "static").symlink_to(prepared.folder / "static")
    with store(folder, prepared.folder, prepared.database) as own:
        site = Site(prepared, folder, own, workers)
        site.start()
        try:
            yield site
        finally:
            site.kill()


def find_browser(env: Mapping[str, str] = os.environ) -> str | None:
    """A Chromium: the one that ``.ci/test`` found, else one of the system's; nothing is installed."""
    names = (
        "chromium-headless-shell",
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    )
    found = (shutil.which(name) for name in (*names, str(ROOT / "var/browser/chromium")))
    return env.get("BROWSER") or next((path for path in found if path), None)
