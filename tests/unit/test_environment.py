"""Nothing runs on a setting that was misread: exit code 2, and the variable by its name."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tracker import environment

Refused = Callable[[str, str, Callable[[], object]], str]


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Refused:
    """Sets a variable, checks that reading it stops with code 2, and returns what was said."""

    def check(variable: str, value: str, read: Callable[[], object]) -> str:
        monkeypatch.setenv(variable, value)
        with pytest.raises(SystemExit) as stop:
            read()
        said = capsys.readouterr().err
        assert stop.value.code == 2
        assert said.startswith(f"suivi: {variable}: ")
        assert said.count("\n") == 1
        return said

    return check


@pytest.mark.parametrize("value", ["http", "80a", "0", "65536", "-1", "+1", "1.0", "1e3", "٣", "²"])
def test_a_number_that_is_none_or_out_of_bounds(refused: Refused, value: str) -> None:
    said = refused("PORT", value, lambda: environment.whole("PORT", 8000, 1, 65535))
    assert "from 1 to 65535" in said


@pytest.mark.parametrize(
    ("value", "number"), [("1", 1), (" 65535 ", 65535), ("", 8000), (" ", 8000)]
)
def test_a_number(monkeypatch: pytest.MonkeyPatch, value: str, number: int) -> None:
    monkeypatch.setenv("PORT", value)
    assert environment.whole("PORT", 8000, 1, 65535) == number


@pytest.mark.parametrize("value", ["maybe", "2", "oui", "y", "true false"])
def test_neither_on_nor_off(refused: Refused, value: str) -> None:
    refused("BEHIND_PROXY", value, lambda: environment.flag("BEHIND_PROXY", default=False))


@pytest.mark.parametrize("default", [True, False])
def test_on_and_off(monkeypatch: pytest.MonkeyPatch, default: bool) -> None:
    for value, meant in {"on": True, "1": True, " Yes": True, "OFF": False, "0": False}.items():
        monkeypatch.setenv("DEBUG", value)
        assert environment.flag("DEBUG", default) is meant
    monkeypatch.setenv("DEBUG", "")
    assert environment.flag("DEBUG", default) is default


@pytest.mark.parametrize(
    "value",
    [
        "suivi.example.org",
        "ftp://suivi.example.org",
        "https://",
        "https:///path",
        "https://suivi.example.org/path",
        "https://suivi.example.org?a=1",
        "https://suivi.example.org#a",
        "https://suivi.example.org:port",
        "https://me:secret@suivi.example.org",
        "https://[::1",
        "https://two words.example.org",
    ],
)
def test_no_public_address(refused: Refused, value: str) -> None:
    refused("SITE_URL", value, lambda: environment.site_url("SITE_URL"))


def test_a_public_address_has_no_slash_at_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    for value in ("https://suivi.example.org:8443", "http://[::1]", ""):
        monkeypatch.setenv("SITE_URL", f" {value}/ " if value else "")
        assert environment.site_url("SITE_URL") == value


@pytest.mark.parametrize(
    "value",
    [
        "suivi",
        "mysql://me@localhost/suivi",
        "oracle://me@localhost/suivi",
        "postgresql://localhost",
        "postgresql://localhost:port/suivi",
        "sqlite://:memory:",
        "sqlite://",
        "://",
    ],
)
def test_no_database(refused: Refused, value: str) -> None:
    said = refused("DATABASE_URL", value, lambda: environment.database("sqlite:////x"))
    assert "postgresql://" in said


@pytest.mark.parametrize(
    ("value", "engine", "name"),
    [
        ("", "sqlite3", "/x"),
        ("sqlite:////var/lib/suivi.db", "sqlite3", "/var/lib/suivi.db"),
        ("postgresql://me:secret@db:5432/suivi", "postgresql", "suivi"),
        ("postgres://me@db/suivi", "postgresql", "suivi"),
    ],
)
def test_a_database(monkeypatch: pytest.MonkeyPatch, value: str, engine: str, name: str) -> None:
    monkeypatch.setenv("DATABASE_URL", value)
    config = environment.database("sqlite:////x")
    assert (str(config["ENGINE"]).split(".")[-1], config["NAME"]) == (engine, name)


def test_a_short_secret_key(refused: Refused, tmp_path: Path) -> None:
    refused("SECRET_KEY", "short", lambda: environment.secret_key(tmp_path))


@pytest.fixture
def no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)


@pytest.mark.usefixtures("no_key")
def test_a_secret_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    key = environment.secret_key(tmp_path / "var")
    assert len(key) >= 50
    assert environment.secret_key(tmp_path / "var") == key
    assert stat.S_IMODE((tmp_path / "var" / "secret_key").stat().st_mode) == 0o600
    assert os.listdir(tmp_path / "var") == ["secret_key"]


@pytest.mark.usefixtures("no_key")
def test_a_damaged_secret_key(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("half")
    assert "delete it" in refused("SECRET_KEY", "", lambda: environment.secret_key(tmp_path))


@pytest.mark.usefixtures("no_key")
def test_nowhere_to_keep_a_secret_key(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused("SECRET_KEY", "", lambda: environment.secret_key(tmp_path / "file"))


@pytest.mark.parametrize("value", ["https://a.example", "a.example/b", "a.example b.example"])
def test_no_host_names(refused: Refused, value: str) -> None:
    refused("ALLOWED_HOSTS", value, lambda: environment.hosts("ALLOWED_HOSTS", ""))


@pytest.mark.parametrize(
    ("given", "site", "found"),
    [
        ("", "", ["localhost", "127.0.0.1", "[::1]"]),
        ("", "https://a.example", ["localhost", "127.0.0.1", "[::1]", "a.example"]),
        ("a.example, 10.0.0.5,", "", ["a.example", "10.0.0.5"]),
        ("a.example", "https://b.example:8443", ["a.example", "b.example"]),
        ("a.example", "https://[2001:db8::1]", ["a.example", "[2001:db8::1]"]),
        ("a.example", "https://a.example", ["a.example"]),
    ],
)
def test_host_names(
    monkeypatch: pytest.MonkeyPatch, given: str, site: str, found: list[str]
) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", given)
    assert environment.hosts("ALLOWED_HOSTS", site) == found


def test_the_program_itself_stops_without_a_traceback(tmp_path: Path) -> None:
    bad = {**os.environ, "SUIVI_VAR": str(tmp_path), "SESSION_HOURS": "forever"}
    run = subprocess.run(
        [sys.executable, "-c", "import tracker.settings"], env=bad, capture_output=True, text=True
    )
    assert run.returncode == 2
    assert run.stderr == "suivi: SESSION_HOURS: give a whole number from 1 to 8760.\n"


POSTGRESQL = {"ENGINE": "django.db.backends.postgresql"}
SQLITE = {"ENGINE": "django.db.backends.sqlite3"}


@pytest.mark.parametrize("value", ["nonsense", "mysql://h/n", "sqlite:////x"])
def test_a_replica_that_is_no_postgresql(refused: Refused, value: str) -> None:
    refused("REPLICA_URL", value, lambda: environment.replica(POSTGRESQL))


def test_a_replica_of_sqlite(refused: Refused) -> None:
    said = refused("REPLICA_URL", "postgres://u:p@h/n", lambda: environment.replica(SQLITE))
    assert "DATABASE_URL" in said


def test_a_replica(monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment.replica(POSTGRESQL) is None
    monkeypatch.setenv("REPLICA_URL", "postgres://u:p@h/n")
    assert (environment.replica(POSTGRESQL) or {})["HOST"] == "h"


@pytest.mark.parametrize("value", ["nonsense", "redis://", "memcached://h", "redis://h:port"])
def test_a_cache_that_is_none(refused: Refused, value: str) -> None:
    said = refused("CACHE_URL", value, lambda: environment.cache("CACHE_URL", SQLITE))
    assert "redis://" in said


@pytest.mark.parametrize(
    ("value", "primary", "backend"),
    [
        ("", SQLITE, "locmem.LocMemCache"),
        ("", POSTGRESQL, "db.DatabaseCache"),
        ("database://", SQLITE, "db.DatabaseCache"),
        ("memory://", POSTGRESQL, "locmem.LocMemCache"),
        ("redis://cache:6379/1", SQLITE, "redis.RedisCache"),
        ("valkeys://:secret@cache:6379/1", POSTGRESQL, "redis.RedisCache"),
    ],
)
def test_a_cache(
    monkeypatch: pytest.MonkeyPatch, value: str, primary: dict[str, str], backend: str
) -> None:
    monkeypatch.setenv("CACHE_URL", value)
    assert environment.cache("CACHE_URL", primary)["BACKEND"].endswith(backend)


def test_valkey_is_spoken_to_as_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CACHE_URL", "valkeys://:secret@cache:6379/1")
    location = environment.cache("CACHE_URL", SQLITE)["LOCATION"]
    assert location == "rediss://:secret@cache:6379/1"
