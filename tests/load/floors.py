"""The three servers of the bench: the site and its two floors, same gunicorn, same database.

What is measured is a site of its own in a folder under ``var/``: yours is neither read nor written.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.load.client import Connection, request
from tests.ports import listening

ROOT = Path(__file__).resolve().parents[2]
OWN = ("DATABASE_URL", "SITE_URL", "BEHIND_PROXY", "DEBUG", "SECRET_KEY", "ALLOWED_HOSTS")
TABLES = """
    CREATE TABLE bench_entry (
        id integer PRIMARY KEY AUTOINCREMENT, implementation_id integer NOT NULL,
        sequence integer NOT NULL, note text NOT NULL, status varchar(24) NOT NULL,
        source_id integer NOT NULL REFERENCES tracker_source, happened_on date,
        recorded_at datetime NOT NULL, recorded_by integer NOT NULL,
        submission char(32) UNIQUE NOT NULL, UNIQUE (implementation_id, sequence));
    CREATE TABLE bench_standing (
        id integer PRIMARY KEY, status varchar(24) NOT NULL, last_entry integer NOT NULL,
        entry_count integer NOT NULL);
    INSERT INTO bench_standing VALUES (1, 'no_information', 0, 0)
"""


@dataclass(frozen=True)
class Server:
    """``module`` is the WSGI application; None is the site itself."""

    name: str
    module: str | None
    port: int
    process: "subprocess.Popen[bytes]" = field(repr=False, compare=False)

    def processor_seconds(self) -> float | None:
        """What its workers have used of the processor so far; None where Linux does not tell."""
        try:
            tasks = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
            return sum(_on_cpu(int(pid)) for pid in tasks.read_text().split())
        except OSError:
            return None


def _on_cpu(pid: int) -> float:
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9


@contextlib.contextmanager
def site_of_its_own() -> Iterator[Path]:
    """A fresh, seeded site in a temporary folder of ``var/``, the disk that a real one is on.

    It is removed afterwards. Sets the environment for this process and those that it starts.
    """
    (ROOT / "var").mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=ROOT / "var"))
    for name in OWN:
        os.environ.pop(name, None)
    os.environ["SUIVI_VAR"] = str(folder)
    os.environ["BENCH_DATABASE"] = str(folder / "suivi.sqlite3")
    os.environ["DJANGO_SETTINGS_MODULE"] = "tracker.settings"
    try:
        _fill()
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _fill() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import override_settings

    call_command("migrate", interactive=False, verbosity=0)
    call_command("seed", stdout=open(os.devnull, "w"))  # noqa: SIM115
    with connection.cursor() as cursor:
        for statement in TABLES.split(";"):
            cursor.execute(statement)
    # Hashed, not compressed: the bench asks for no static file, and brotli takes ten seconds.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        call_command("collectstatic", interactive=False, verbosity=0)


SERVERS = {
    "suivi": None,
    "bare Django": "tests.load.bare_django:application",
    "sqlite3": "tests.load.bare_sqlite:application",
}


@contextlib.contextmanager
def running(named: Mapping[str, str | None] = SERVERS) -> Iterator[list[Server]]:
    """All at once: measured in turn, other work on the machine disturbs them alike."""
    servers: list[Server] = []
    log = tempfile.TemporaryFile()  # noqa: SIM115 - closed by its last user
    try:
        for name, module in named.items():
            command = [sys.executable, "-m", "gunicorn", "--config", "tracker/gunicorn.py"]
            with listening() as own:
                port = own.getsockname()[1]
                bind = ["--bind", f"fd://{own.fileno()}"]
                process = subprocess.Popen(
                    [*command, *bind, *([module] if module else [])],
                    cwd=ROOT,
                    stdout=log,
                    stderr=log,
                    pass_fds=[own.fileno()],
                )
            servers.append(Server(name, module, port, process))
        try:
            for server in servers:
                _wait_for(server)
        except RuntimeError:
            log.seek(0)
            sys.stderr.write(log.read().decode()[-4000:])
            raise
        yield servers
    finally:
        for server in servers:
            server.process.terminate()
        for server in servers:
            try:
                server.process.wait(30)
            except subprocess.TimeoutExpired:
                server.process.kill()
        log.close()


def _wait_for(server: Server) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if server.process.poll() is not None:
            raise RuntimeError(f"{server.name} stopped before it answered")
        try:
            connection = Connection(server.port)
            answer = connection.ask(request("GET", "/recommendations/"))
            connection.close()
        except OSError:
            time.sleep(0.2)
            continue
        if answer.status != 200:
            raise RuntimeError(f"{server.name} answers {answer.status}: {answer.body[:400]!r}")
        return
    raise RuntimeError(f"{server.name} does not answer")
