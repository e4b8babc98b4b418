"""``/verify/``: the digest of the whole record, how it is made, and what checks it without this site."""

import re
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tracker.exports import ledger as public_ledger
from tracker.exports.head import record_head
from tracker.models import Edit, FollowUp, Recommendation, Root
from tracker.models.ledger import EDITS
from tracker.requests import Request

DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Found:
    """What a digest is the digest of: the record at a moment, or an entry of a chain, and where it is."""

    root: Root | None = None
    chain: str = ""
    sequence: int = 0
    address: str = ""
    is_public: bool = True


@require_safe
def verify(request: Request) -> HttpResponse:
    context: dict[str, Any] = {"record": record_head(), "asked": "digest" in request.GET}
    if not context["asked"]:
        return render(request, "verify/page.html", context)
    typed = "".join(request.GET["digest"].split())  # copied from paper, or over two lines
    context["typed"] = typed[:200]
    if DIGEST.fullmatch(typed.lower()):
        context["found"] = find(typed.lower())
        return render(request, "verify/page.html", context)
    context["error"] = _("Digest: give all of its 64 digits, from 0 to 9 and a to f.")
    return render(request, "verify/page.html", context, status=400)


@require_safe
def ledger(request: Request) -> HttpResponseBase:  # noqa: ARG001
    return public_ledger.as_jsonl()


@require_safe
def checker(request: Request) -> HttpResponse:  # noqa: ARG001
    return public_ledger.checker()


def find(digest: str) -> Found | None:
    """Where a digest is from, whoever asks; entries that are not public have no link, and no words."""
    if root := Root.objects.filter(digest=digest).order_by("at", "id").first():
        return Found(root=root)
    entries = FollowUp.objects.filter(digest=digest)
    names = ("sequence", "implementation__recommendation__ref", "implementation__state_id", "pk")
    if row := entries.values_list(*names).first():
        sequence, ref, state, pk = row
        is_public = entries.public().exists()
        address = reverse("entry", args=[pk]) if is_public else ""
        return Found(None, f"{ref}:{state}", sequence, address, is_public)
    if edit := Edit.objects.filter(digest=digest).only("sequence", "key").first():
        ref = edit.key.partition(":")[0]
        is_there = Recommendation.objects.filter(ref=ref).exists()
        address = f"{reverse('recommendation', args=[ref])}#{edit.anchor}" if is_there else ""
        return Found(None, EDITS, edit.sequence, address)
    return None
