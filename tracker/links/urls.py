"""Addresses of sources: the one form under which each is known, and the one people read."""

import re
import unicodedata
from functools import lru_cache
from typing import Final
from urllib.parse import quote, unquote_to_bytes

from ada_url import URL, HostType, idna_to_unicode
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tracker.folding import with_few_marks

MAX_LENGTH: Final = 2000
"""Characters of a normalised address: servers and spreadsheets refuse much longer ones."""

_MAX_INPUT: Final = 8000  # what may be given before tracking parameters are dropped

# Word processors and messengers leave these around what is pasted.
_EDGES: Final = (
    " \t\r\n\xa0\xad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u202f"
    "\u2060\u2066\u2067\u2068\u2069\ufeff"
)

TRACKING_PREFIXES: Final = ("utm_", "mtm_", "hsa_", "_ga_")
# What advertising networks and social media append, to know who clicked …
_ADVERTISING: Final = """
    fbclid fb_action_ids fb_action_types gclid gclsrc dclid gbraid wbraid gad_source gad_campaignid
    srsltid msclkid yclid ysclid twclid ttclid igsh igshid li_fat_id epik wickedid rb_clickid
    __twitter_impression
"""
# … newsletters, to know who read …
_NEWSLETTERS: Final = """
    mc_cid mc_eid mkt_tok vero_id vero_conv oly_anon_id oly_enc_id ml_subscriber ml_subscriber_hash
    _hsenc _hsmi __hstc __hssc __hsfp hsctatracking
"""
# … and audience measurement, to know where from.
_MEASUREMENT: Final = """
    _ga _gl _gac s_cid xtor at_medium at_campaign pk_campaign pk_kwd wt_mc _openstat
"""
TRACKING: Final = frozenset(f"{_ADVERTISING} {_NEWSLETTERS} {_MEASUREMENT}".split())

_BAD_ADDRESS: Final = _("Give an address that begins with http:// or https://.")
_BAD_HOST: Final = _("Give the address of a public page, such as https://www.unodc.org/page.")
_CREDENTIALS: Final = _("Take the user name and password out of the address.")
_CONTROLS: Final = _("Take the line breaks and control characters out of the address.")
_TOO_LONG: Final = format_lazy(
    _("Give a shorter address: at most {limit} characters."), limit=MAX_LENGTH
)

# At least two labels of letters, digits, hyphens (RFC 1123) and the underscores found in practice.
_DOMAIN: Final = re.compile(r"(?=.{1,253}\Z)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})+\Z")
_BARE_AUTHORITY: Final = re.compile(r"[^\s:@]+(?::\d{1,5})?\Z")
# An escape, or anything that RFC 3986 does not allow in a path or a query.
_TO_SETTLE: Final = re.compile(r"%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-._~!$&'()*+,;=:@/?]")
_NON_ASCII_ESCAPES: Final = re.compile(r"(?:%[89A-F][0-9A-F])+")
_UNRESERVED: Final = re.compile(r"[A-Za-z0-9\-._~]")

# Scripts that may stand beside Latin labels; Cyrillic and Greek stand only among themselves.
_DISTINCT: Final = frozenset(
    {
        "ARABIC",
        "BENGALI",
        "CJK",
        "DEVANAGARI",
        "ETHIOPIC",
        "HANGUL",
        "HEBREW",
        "NKO",
        "TAMIL",
        "THAI",
    }
)
# Letters without a decomposition that French, the Nordic languages and those of Mali use.
_LATIN: Final = frozenset("æœøðþßđłŋɔɛɲ")
# "Printable" for Python, but nothing that a reader could see.
_INVISIBLE: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


class BadURL(ValueError):  # noqa: N818 - the name that forms and actions know
    """An address that cannot be a source; its text is translated and names the remedy."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message  # still lazy: a form can show it in the reader's language


@lru_cache(maxsize=1_000)
def normalise(url: str) -> str:
    """Return the one form under which the source at `url` is known.

    The address is read as browsers read it (WHATWG URL), then escapes are settled by RFC 3986,
    6.2.2.2: those of unreserved characters are undone, those left are in capitals, and what may
    not stand bare is escaped. Unicode is composed (NFC) first. The fragment and tracking parameters
    go. The scheme, a final slash, and the order and value of other parameters stay: they can
    name another resource. `www.example.org/x` is taken to be https.

    The result is ASCII, at most `MAX_LENGTH` characters, and its own normal form.
    Raises `BadURL` for all but http and https, for credentials, control characters, hosts that
    are not public names or IP addresses, and for what is too long.
    """
    text = url.strip(_EDGES)
    if len(text) > _MAX_INPUT:
        raise BadURL(_TOO_LONG)
    # Browsers silently drop tabs and line breaks: two lines pasted would become another address.
    if any(unicodedata.category(character) == "Cc" for character in text):
        raise BadURL(_CONTROLS)
    parsed = _parse(unicodedata.normalize("NFC", with_few_marks(text)))
    port = f":{parsed.port}" if parsed.port else ""
    query = _without_tracking(_settle(parsed.search.removeprefix("?")))
    result = f"{parsed.protocol}//{_host(parsed)}{port}{_settle(parsed.pathname)}"
    result += f"?{query}" if query else ""
    if len(result) > MAX_LENGTH:
        raise BadURL(_TOO_LONG)
    return result


def display(url: str) -> str:
    """Return `url` as people read it: Unicode host and path where that deceives nobody.

    Typed in again it leads to the same source. What is not a valid address comes back as it was:
    this never raises. Escape it and isolate its direction (`<bdi>`) like any other text.
    """
    try:
        known = normalise(url)
        scheme, rest = known.split("//", 1)
        authority, path = rest.split("/", 1)
        shown = _NON_ASCII_ESCAPES.sub(_readable, f"{scheme}//{_shown_host(authority)}/{path}")
        # Composition can swallow a character: then only the escaped form is the same address.
        return shown if normalise(shown) == known else known
    except BadURL:
        return url


def _parse(text: str) -> URL:
    authority = re.split(r"[/?#\\]", text, maxsplit=1)[0]
    if "." in authority and _BARE_AUTHORITY.match(authority):
        text = f"https://{text}"
    try:
        parsed = URL(text)
    except ValueError:  # lone surrogates included
        raise BadURL(_BAD_ADDRESS) from None
    if parsed.protocol not in ("http:", "https:"):
        raise BadURL(_BAD_ADDRESS)
    if parsed.username or parsed.password:
        raise BadURL(_CREDENTIALS)
    return parsed


def _host(parsed: URL) -> str:
    if parsed.host_type != HostType.DEFAULT:
        return parsed.hostname
    host = parsed.hostname.removesuffix(".")
    if not _DOMAIN.match(host) or host.endswith(".localhost"):
        raise BadURL(_BAD_HOST)
    return host


def _settle(part: str) -> str:
    """Escape what must be and nothing else; a lone `%` too, or `%4%31` would become `%41`."""
    return _TO_SETTLE.sub(_settle_one, part)


def _settle_one(match: re.Match[str]) -> str:
    found = match[0]
    if len(found) == 1:
        return f"%{ord(found):02X}"  # the parser has escaped all beyond ASCII
    character = chr(int(found[1:], 16))
    return character if _UNRESERVED.match(character) else found.upper()


def _without_tracking(query: str) -> str:
    return "&".join(
        pair for pair in query.split("&") if pair and not _is_tracking(pair.split("=", 1)[0])
    )


def _is_tracking(name: str) -> bool:
    name = name.lower()
    return name in TRACKING or name.startswith(TRACKING_PREFIXES)


def _readable(match: re.Match[str]) -> str:
    text = unquote_to_bytes(match[0]).decode("utf-8", "surrogateescape")
    return "".join(
        character
        if character.isprintable() and not _INVISIBLE.match(character)
        else quote(character.encode("utf-8", "surrogateescape"))
        for character in text
    )


def _shown_host(authority: str) -> str:
    """Decode punycode unless the letters could pass for others (in the manner of UTS 39, 5.1)."""
    if "xn--" not in authority:
        return authority
    host, colon, port = authority.partition(":")
    decoded = idna_to_unicode(host)
    by_label = [{_script(c) for c in label} - {""} for label in decoded.split(".")]
    scripts = set().union(*by_label)
    mixed = any(len(label) > 1 for label in by_label)
    if mixed or not (scripts - {"LATIN"} <= _DISTINCT or len(scripts) == 1):
        return authority
    return f"{decoded}{colon}{port}"


def _script(character: str) -> str:
    """The first word of its Unicode name, near enough; none for ASCII digits and hyphens."""
    if character in "0123456789-_":
        return ""
    base = unicodedata.normalize("NFD", character)[0]
    if base.isascii() or character in _LATIN:
        return "LATIN"
    script = re.split("[ -]", unicodedata.name(character, "UNNAMED"))[0]
    # The rest of the Latin letters, such as ı and ɑ, pass for others.
    return {"LATIN": "ODD", "HIRAGANA": "CJK", "KATAKANA": "CJK"}.get(script, script)
