"""How to cite a recommendation, an entry or a comparison: its permanent address, the day, the digest."""

import datetime as dt
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from tracker.context import origin_of
from tracker.exceptions import BadDay
from tracker.exports.citations import FORMATS, Citation
from tracker.exports.head import record_head
from tracker.forms.changes import ChangesForm
from tracker.models import FollowUp, Implementation, Recommendation
from tracker.past import Past, at_the_end_of, first_day, today
from tracker.requests import Request
from tracker.templatetags.suivi import days, written
from tracker.views.changes import read_form
from tracker.views.recommendation import choose, fetch

NAMES = {
    "txt": pgettext_lazy("a way to write a citation", "Plain text"),
    "bib": "BibTeX",
    "ris": "RIS",
}


@require_safe
def cite_recommendation(request: Request, ref: str) -> HttpResponse:
    past = at_the_end_of(request.GET.get("as_of", "") or today().isoformat())
    found = fetch(ref)
    if found.added_at > past.moment:
        message = _("as_of: this was not tracked yet on that day: choose a later one.")
        raise BadDay(message)
    state = request.GET.get("state", "")
    implementation = choose(found, request.user, state, past.moment)
    if past.day < today():
        past.reword([found])
    citation = of_recommendation(found, implementation, past, origin_of(request))
    return answer(request, citation, back=citation.url)


@require_safe
def cite_entry(request: Request, pk: int) -> HttpResponse:
    rows = FollowUp.objects.visible_to(request.user).select_related("organization")
    rows = rows.select_related("implementation__recommendation__meeting__body")
    citation = of_entry(get_object_or_404(rows, pk=pk), origin_of(request))
    return answer(request, citation, back=citation.url)


@require_safe
def cite_changes(request: Request) -> HttpResponse:
    form = read_form(request)
    if not form.is_valid():
        return render(request, "changes/page.html", {"form": form}, status=400)
    began = first_day()
    if began is None or form.window.last < began:
        raise BadDay(_("to: nothing had been recorded yet on that day: choose a later one."))
    citation = of_changes(form, origin_of(request))
    return answer(request, citation, back=citation.url)


def answer(request: Request, citation: Citation, *, back: str) -> HttpResponse:
    """All three ways to write it on a page, or one of them as a file."""
    if wanted := request.GET.get("format", ""):
        if wanted not in FORMATS:
            raise Http404
        return as_file(citation, wanted)
    kept = request.GET.copy()
    ways = []
    for code, (_kind, write) in FORMATS.items():
        kept["format"] = code
        ways.append((code, NAMES[code], write(citation), kept.urlencode()))
    return render(request, "cite/page.html", {"citation": citation, "ways": ways, "back": back})


def as_file(citation: Citation, code: str) -> HttpResponse:
    kind, write = FORMATS[code]
    response = HttpResponse(write(citation), f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{citation.name}.{code}"'
    return response


# --- What is cited


def of_recommendation(
    found: Recommendation, implementation: Implementation | None, past: Past, origin: str
) -> Citation:
    """As it was at the end of the day, with the digest of the whole record then."""
    query = {"state": implementation.state_id} if implementation else {}
    query["as_of"] = past.day.isoformat()
    state = implementation.state.name if implementation else ""
    return Citation(
        name="-".join(["suivi", found.ref, *query.values()]),
        title=", ".join(part for part in (title_of(found), state) if part),
        who="",
        day=past.day,
        as_of=_("As of %(day)s") % {"day": written(past.day)},
        url=f"{origin}{found.get_absolute_url()}?{urlencode(query)}",
        proof=proof_of_record(past, origin),
        accessed=today(),
    )


def of_entry(entry: FollowUp, origin: str) -> Citation:
    """With its own digest; none of its words, so that a citation of an internal entry tells nothing."""
    recorded = entry.recorded_at.astimezone(dt.UTC).date()
    about = {
        "day": written(entry.day),
        "recommendation": title_of(entry.implementation.recommendation),
        "state": entry.implementation.state.name,
    }
    return Citation(
        name=f"suivi-entry-{entry.pk}",
        title=_("Entry of %(day)s. %(recommendation)s, %(state)s") % about,
        who=entry.said_for or entry.recorded_as,
        day=recorded,
        as_of=_("Recorded on %(day)s") % {"day": written(recorded)},
        url=origin + reverse("entry", args=[entry.pk]),
        proof=proof(_("Entry digest (SHA-256): %(digest)s"), entry.digest, origin),
        accessed=today(),
    )


def of_changes(form: ChangesForm, origin: str) -> Citation:
    """The comparison of two days, with the digest of the whole record at the end of the second."""
    window = form.window
    between = {"first": written(window.first), "last": written(window.last)}
    title = _("What changed between %(first)s and %(last)s") % between
    about = [str(form.cleaned_data[name] or "") for name in form.shown]
    return Citation(
        name=f"suivi-changes-{window.first}-{window.last}",
        title=", ".join(part for part in (title, *about) if part),
        who="",
        day=window.last,
        as_of=_("As of %(day)s") % {"day": between["last"]},
        url=f"{origin}{reverse('changes')}?{form.query}",
        proof=proof_of_record(Past(window.last), origin),
        accessed=today(),
    )


def title_of(found: Recommendation) -> str:
    """``Recommendation 1: Borders. Working Group, meeting no. 12, Vienna, 9–10 October 2025``."""
    meeting = found.meeting
    head = _("Recommendation %(number)s") % {"number": found.number}
    session = _("meeting no. %(session)s") % {"session": meeting.session}
    parts = (meeting.body, session if meeting.session else "", meeting.place, days(meeting))
    said = ", ".join(str(part) for part in parts if part)
    return f"{head}{_(': ')}{found.heading}. {said}" if found.heading else f"{head}. {said}"


def proof_of_record(past: Past, origin: str) -> str:
    """The digest of the whole record at the end of the day; of now, if that is today."""
    root = record_head(past.moment)
    said = _("Record digest (SHA-256): %(digest)s")
    return proof(said, root.digest, origin) if root else ""


def proof(said: str, digest: str, origin: str) -> str:
    """The digest, what it is, and where to check it."""
    where = _("verify at %(address)s") % {"address": origin + reverse("verify")}
    return f"{said % {'digest': digest}} — {where}"
