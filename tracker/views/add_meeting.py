"""A meeting by hand or from its text: give the text, correct what was found in it, accept.

Nothing is saved before it is accepted: between the steps, all of it travels in the form.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from tracker.actions.meetings import DIFFICULTIES, RECOMMENDATIONS
from tracker.actions.meetings import add_meeting as add
from tracker.forms.beyond import table
from tracker.forms.meeting import MeetingForm
from tracker.forms.rows import TextForm, page_of, sheet_of
from tracker.models import Meeting, User
from tracker.permissions import check_can_edit
from tracker.proposals.sheet import STEPS, Obstacle, Row, Sheet, proposed
from tracker.requests import Request
from tracker.views.attempts import attempt
from tracker.views.record import sign_in_keeping, take_kept


@require_http_methods(["GET", "HEAD", "POST"])
def add_meeting(request: Request) -> HttpResponse:
    """All steps at one address: what was sent tells which it is."""
    if request.method == "POST" and not request.user.is_authenticated:
        return sign_in_keeping(request)
    check_can_edit(request.user)
    assert isinstance(request.user, User)
    if request.method != "POST":
        return _begin(request, request.user, take_kept(request))
    if "table" in request.POST:
        return _table(request, request.user)
    if "accept" in request.POST:
        return _accept(request, request.user)
    if "given" in request.POST:
        return _step(request, request.user)
    return _propose(request, request.user)


def _begin(request: Request, user: User, kept: QueryDict | None) -> HttpResponse:
    """The first step; or where somebody was before they had to sign in again."""
    if kept is not None and "given" in kept:
        form = MeetingForm(kept, user=user, sheet=sheet_of(kept), at=page_of(kept))
        return _review(request, form, kept=True)
    pasted = kept.get("pasted", "") if kept is not None else ""
    return _text(request, TextForm(user=user, pasted=pasted), kept=bool(pasted))


def _propose(request: Request, user: User) -> HttpResponse:
    if "empty" in request.POST:
        form = MeetingForm(request.POST, user=user, sheet=Sheet(rows=[Row(number="1")]))
        return _review(request, form)
    asked = TextForm(request.POST, request.FILES, user=user)
    if not asked.is_valid():
        return _text(request, asked, 422)
    sheet = proposed(asked.cleaned_data["text"], RECOMMENDATIONS, DIFFICULTIES)
    found = bool(sheet.rows)
    if not found:
        sheet = Sheet(sheet.given, [Row(number="1")], sheet.obstacles)
    form = MeetingForm(QueryDict(), user=user, sheet=sheet)
    return _review(request, form, found=found, is_new=True)


def _step(request: Request, user: User) -> HttpResponse:
    """Merge, split, move, add, number anew, show others; or only show how it stands."""
    sheet, focus, at = sheet_of(request.POST), "", page_of(request.POST)
    for name in (*STEPS, "show"):
        if name in request.POST:
            given = request.POST[name]
            at = int(given) - 1 if given.isdecimal() and len(given) < 6 else -1
            sheet, at = STEPS[name](sheet, at) if name in STEPS else (sheet, at)
            focus = f"id_text_{max(at, 0) + 1}"
    if "add_difficulty" in request.POST:
        sheet.obstacles.append(Obstacle())
        focus = f"id_title_{len(sheet.obstacles)}"
    return _review(request, MeetingForm(request.POST, user=user, sheet=sheet, focus=focus, at=at))


def _table(request: Request, user: User) -> HttpResponse:
    """What was found beyond what the form takes; the form stays where it is."""
    form = _sent(request, user)
    response = HttpResponse(table(form), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="recommendations.csv"'
    return response


def _sent(request: Request, user: User, check: bool = True) -> MeetingForm:
    """The form as it was sent, on the page of rows that was shown."""
    sheet, at = sheet_of(request.POST), page_of(request.POST)
    return MeetingForm(request.POST, user=user, sheet=sheet, check=check, at=at)


def _accept(request: Request, user: User) -> HttpResponse:
    form = _sent(request, user)
    outcome = attempt(form, lambda: _write(user, form))
    if not isinstance(outcome, Meeting):
        return _review(request, form, outcome.status)
    count = outcome.recommendations.count()
    said = ngettext(
        "Added: the meeting and its recommendation.",
        "Added: the meeting and its %(count)s recommendations.",
        count,
    )
    messages.success(request, said % {"count": count})
    if rest := form.sheet.rest:
        more = ngettext(
            "The text recommends %(n)s more: import the table that you downloaded.",
            "The text recommends %(n)s more: import the table that you downloaded.",
            rest,
        )
        messages.warning(request, more % {"n": rest})
    return redirect("meeting", outcome.slug)


def _write(user: User, form: MeetingForm) -> Meeting:
    return add(by=user, meeting=form.meeting(), said=form.proceedings())


def refill(request: Request, user: User) -> HttpResponse:
    """The form again with what was typed, from a page that was too old."""
    check_can_edit(user)
    if "given" not in request.POST:
        form = TextForm(user=user, pasted=request.POST.get("pasted", ""))
        return _text(request, form, 403, stale=True)
    return _review(request, _sent(request, user, check=False), 403, stale=True)


def _text(request: Request, form: TextForm, status: int = 200, **extra: Any) -> HttpResponse:
    return render(request, "meetings/text.html", {"form": form, **extra}, status=status)


def _review(request: Request, form: MeetingForm, status: int = 200, **extra: Any) -> HttpResponse:
    context = {"form": form, "sheet": form.sheet, "pieces": form.marked(), **extra}
    context["anchors"] = form.anchors
    return render(request, "meetings/review.html", context, status=status)
