"""What every page needs: the languages, and whether to offer another one."""

from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_info
from django.utils.translation.trans_real import parse_accept_lang_header

from tracker.exports.head import record_head
from tracker.models import Root
from tracker.past import past_of
from tracker.permissions import can_edit

KEEP_LANGUAGE = "suivi_language_kept"


def site(request: HttpRequest) -> dict[str, Any]:
    """``languages``: each with its own name, the address of this page in it, and whether it is shown now;
    ``offered``: the one that the browser prefers, if it is another and nobody said no; ``origin``: where
    the site is, for absolute addresses; ``may_edit``: whether to offer what editors do; ``past``: the past
    day that is shown, or None; ``record``: the digest of the whole record as it is shown."""
    past = past_of(request)

    def head() -> Root | None:
        return record_head(past.moment if past else None)

    def may_edit() -> bool:
        return hasattr(request, "user") and can_edit(request.user)

    languages = [_language(request, code) for code, _name in settings.LANGUAGES]
    return {
        "languages": languages,
        "offered": _offered(request, languages),
        "may_edit": may_edit,
        "origin": origin_of(request),
        "past": past,
        "record": None if getattr(request, "is_broken", False) else SimpleLazyObject(head),
    }


def origin_of(request: HttpRequest) -> str:
    """Where the site is, before the path of an absolute address."""
    return settings.SITE_URL or _origin(request)


def _language(request: HttpRequest, code: str) -> dict[str, Any]:
    here = request.get_full_path() if request.resolver_match else reverse("overview")
    path = translate_url(here, code)
    return {
        "code": code,
        "name": get_language_info(code)["name_local"].capitalize(),
        "path": path,
        "current": code == translation.get_language(),
    }


def _offered(request: HttpRequest, languages: list[dict[str, Any]]) -> dict[str, Any] | None:
    if request.COOKIES.get(KEEP_LANGUAGE):
        return None
    known = {language["code"]: language for language in languages}
    for accepted, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if language := known.get(accepted.split("-")[0]):
            return None if language["current"] else language
    return None


def _origin(request: HttpRequest) -> str:
    """Where the request came to; nothing if that is no name of ours: the page says so all the same."""
    try:
        return f"{request.scheme}://{request.get_host()}"
    except DisallowedHost:
        return ""
