"""Reads the environment; a bad value is a clear error that names the variable and the remedy."""

import contextlib
import ipaddress
import os
import re
import secrets
import sys
import tempfile
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import environ

env = environ.Env()
# A scheme, a host (a name, IPv4, or IPv6 in brackets) and perhaps a port; nothing else.
PUBLIC_ADDRESS = re.compile(r"https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?")


def refuse(variable: str, remedy: str) -> NoReturn:
    """Stop with exit code 2: nothing runs on a setting that was misread."""
    sys.stderr.write(f"suivi: {variable}: {remedy}\n")
    raise SystemExit(2)


def flag(variable: str, default: bool) -> bool:
    """A yes or no: ``1/true/yes/on`` or ``0/false/no/off``."""
    value = env.str(variable, default="").strip().lower()
    if value in ("", "1", "true", "yes", "on", "0", "false", "no", "off"):
        return default if value == "" else value in ("1", "true", "yes", "on")
    refuse(variable, "give on or off.")


def whole(variable: str, default: int, least: int, most: int) -> int:
    """A whole number between two bounds, both included."""
    value = env.str(variable, default="").strip() or str(default)
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        refuse(variable, f"give a whole number from {least} to {most}.")
    return int(value)


def site_url(variable: str) -> str:
    """The public address of the site, without a slash at its end; empty where it is not given."""
    value: str = env.str(variable, default="").strip().rstrip("/")
    if value and not PUBLIC_ADDRESS.fullmatch(value):
        refuse(variable, "give the public address, such as https://suivi.example.org")
    return value


DATABASE = "give sqlite:////path/to/file or postgresql://user:password@host:5432/name."
POOL = {"min_size": 1, "max_size": 8, "timeout": 20}
"""Connections that a process keeps open to PostgreSQL: as many as it has threads, at most."""
WAIT = 20
"""Seconds that a write waits for those before it, on both engines: then ``tracker.busy`` answers."""


def database(default: str) -> dict[str, Any]:
    """``DATABASE_URL`` as Django's settings: SQLite or PostgreSQL."""
    value = env.str("DATABASE_URL", default="").strip() or default
    return database_at(value) or refuse("DATABASE_URL", DATABASE)


def database_at(address: str) -> dict[str, Any] | None:
    """The settings of a database by its address; None where that cannot be read."""
    try:
        config: dict[str, Any] = env.db_url_config(address)
    except Exception:  # django-environ lets several kinds of error out of a URL it cannot read
        return None
    is_known = str(config.get("ENGINE", "")).endswith(("sqlite3", "postgresql"))
    # In memory, all is lost with the process.
    return config if is_known and config["NAME"] not in ("", ":memory:") else None


def with_options(config: dict[str, Any], sqlite: dict[str, Any]) -> dict[str, Any]:
    """A database as this site uses it: SQLite with these options, PostgreSQL by a pool; what the URL says
    (sslmode …) stays."""
    if str(config["ENGINE"]).endswith("sqlite3"):
        # A connection a thread: opening one costs more than a query.
        return {**config, "OPTIONS": sqlite, "CONN_MAX_AGE": None}
    own = {"options": f"-c lock_timeout={WAIT}s", "pool": POOL}
    return {**config, "OPTIONS": {**own, **config.get("OPTIONS", {})}}


def replica(primary: dict[str, Any]) -> dict[str, Any] | None:
    """``REPLICA_URL``: a copy of the PostgreSQL database that pages of readers are read from."""
    value = env.str("REPLICA_URL", default="").strip()
    if not value:
        return None
    config = database_at(value)
    if config is None or not str(config["ENGINE"]).endswith("postgresql"):
        refuse("REPLICA_URL", "give postgresql://user:password@host:5432/name, or leave it out.")
    if not str(primary["ENGINE"]).endswith("postgresql"):
        refuse(
            "REPLICA_URL", "only PostgreSQL has replicas: set DATABASE_URL too, or leave it out."
        )
    return config


def cache(variable: str, primary: dict[str, Any]) -> dict[str, Any]:
    """``CACHE_URL``: Valkey or Redis, a table of the database, or the memory of each process.

    Without it a site on PostgreSQL uses the table, since it may have several machines.
    """
    is_shared = str(primary["ENGINE"]).endswith("postgresql")
    value = env.str(variable, default="").strip() or ("database://" if is_shared else "memory://")
    backend = "django.core.cache.backends."
    if value == "memory://":
        return {"BACKEND": f"{backend}locmem.LocMemCache"}
    if value == "database://":
        return {"BACKEND": f"{backend}db.DatabaseCache", "LOCATION": "suivi_cache"}
    scheme, _colon, rest = value.partition("://")
    try:
        is_whole = bool(urlsplit(value).hostname) and urlsplit(value).port != 0
    except ValueError:
        is_whole = False
    if scheme not in ("redis", "rediss", "valkey", "valkeys") or not is_whole:
        refuse(variable, "give redis://host:6379/0, valkey://host:6379/0, database:// or memory://")
    location = f"{scheme.replace('valkey', 'redis')}://{rest}"
    return {"BACKEND": f"{backend}redis.RedisCache", "LOCATION": location, "KEY_PREFIX": "suivi"}


def secret_key(folder: Path) -> str:
    """``SECRET_KEY``, or one that is made once and kept, readable by its owner alone."""
    given = env.str("SECRET_KEY", default="")
    if given:
        if len(given) < 50:
            refuse("SECRET_KEY", "give at least 50 random characters, or leave it out.")
        return str(given)
    path = folder / "secret_key"
    try:
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(64))
        key = path.read_text()
    except OSError as error:
        refuse("SECRET_KEY", f"not set, and {path} cannot be written or read ({error.strerror}).")
    if len(key) < 50:
        refuse(
            "SECRET_KEY",
            f"{path} is damaged: delete it, and a new one is made (all sign in again).",
        )
    return key


def hosts(variable: str, site: str) -> list[str]:
    """Names under which the site answers; by default this machine and the host of its public address."""
    given = [h.strip() for h in env.str(variable, default="").split(",") if h.strip()]
    if any("/" in host or " " in host for host in given):
        refuse(variable, "give host names separated by commas, such as suivi.example.org,10.0.0.5")
    found = given or ["localhost", "127.0.0.1", "[::1]"]
    host = urlsplit(site).hostname if site else None
    if host and host not in found:
        found.append(f"[{host}]" if _is_ipv6(host) else host)
    return found


def _is_ipv6(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).version == 6
    except ValueError:
        return False


def _write_once(path: Path, text: str) -> None:
    """Whole or not at all, readable by its owner alone, and never over what another process wrote."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent) as file:  # made with mode 0600
        file.write(text)
        file.flush()
        with contextlib.suppress(FileExistsError):
            os.link(file.name, path)
