"""``/changes/``: what changed between the ends of two days; what a delegation brings to the next meeting."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tracker.compared import compared
from tracker.comparing import Scope, count
from tracker.forms.changes import ChangesForm
from tracker.history.compare import sentence
from tracker.models import Implementation
from tracker.past import first_day
from tracker.requests import Request
from tracker.templatetags.suivi import written

PAGE = 100


def read_form(request: Request) -> ChangesForm:
    """What the address asks for; a day or a filter that it leaves out has its default."""
    rows = Implementation.objects.visible_to(request.user)
    return ChangesForm(request.GET, several_states=rows.have_several_states())


@require_safe
def changes(request: Request) -> HttpResponse:
    form = read_form(request)
    if not form.is_valid():
        return render(request, "changes/page.html", {"form": form}, status=400)
    return render(request, "changes/page.html", {"form": form, **context_of(request, form)})


def context_of(request: Request, form: ChangesForm) -> dict[str, Any]:
    """What changed, a page of it, and all of it in a sentence."""
    chosen = {name: form.cleaned_data[name] for name in ("state", "meeting", "body")}
    scope = Scope(request.user, form.window, **chosen)
    page = Paginator(scope.changed(), PAGE).get_page(request.GET.get("page"))
    began = first_day()
    return {
        "window": form.window,
        "sentence": sentence(written(form.window.first), written(form.window.last), count(scope)),
        "page": page,
        "changed": compared(scope, list(page)),
        "several_states": "state" in form.shown,
        "is_before": began is None or form.window.first < began,
    }
