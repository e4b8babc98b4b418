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


def database(default: str) -> dict[str, Any]:
    """``DATABASE_URL`` as Django's settings: SQLite or PostgreSQL."""
    value = env.str("DATABASE_URL", default="").strip() or default
    remedy = "give sqlite:////path/to/file or postgresql://user:password@host:5432/name."
    try:
        config: dict[str, Any] = env.db_url_config(value)
    except Exception:  # django-environ lets several kinds of error out of a URL it cannot read
        refuse("DATABASE_URL", remedy)
    is_known = str(config.get("ENGINE", "")).endswith(("sqlite3", "postgresql"))
    if not is_known or config["NAME"] in (
        "",
        ":memory:",
    ):  # in memory, all is lost with the process
        refuse("DATABASE_URL", remedy)
    return config


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
