"""Importing a table: send it, say what its columns are, see what is wrong, import all or nothing."""

import uuid
from collections.abc import Iterable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tracker.actions.imports import Progress
from tracker.actions.tables import (
    describe_table,
    forget_table,
    keep_table,
    leave_out,
    leave_out_all,
    note_beginning,
)
from tracker.exceptions import Invalid
from tracker.forms.imports import ColumnsForm, UploadForm
from tracker.imports import reports
from tracker.imports.columns import FIELDS, guess
from tracker.imports.files import on_disk
from tracker.imports.sheets import Beginning, beginning
from tracker.imports.steps import check_file, import_file
from tracker.models import ImportFile, Meeting, User
from tracker.permissions import check_can_edit
from tracker.requests import Request
from tracker.views.streams import streamed

FAULTS = 50
LONG, MANY = 64 * 1024, 200
"""Bytes of a file, or rows of it, from which on people see how far it has come: some half a second."""


def _editor(request: Request) -> User:
    check_can_edit(request.user)
    assert isinstance(request.user, User)
    return request.user


def _own(request: Request, pk: uuid.UUID) -> tuple[User, ImportFile]:
    """The person and their table; nobody sees another's."""
    user = _editor(request)
    return user, get_object_or_404(ImportFile, pk=pk, owner=user)


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: Request) -> HttpResponse:
    """Send a table."""
    user = _editor(request)
    sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if sent else UploadForm()
    if sent and form.is_valid():
        upload = form.cleaned_data["file"]
        file = keep_table(by=user, name=upload.name, pieces=upload.chunks())
        try:
            with on_disk(file) as path:
                begins = beginning(path)
        except Invalid as invalid:
            forget_table(by=user, file=file)
            form.refuse(invalid)
        else:
            note_beginning(by=user, file=file, begins=begins.as_json())
            describe_table(by=user, file=file, columns=guess(begins.headers), given={})
            return redirect("import_columns", file.pk)
    context = {"form": form, "fields": FIELDS}
    return render(request, "imports/start.html", context, status=422 if sent else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: Request, pk: uuid.UUID) -> HttpResponseBase:
    """Say what its columns are; then it is checked."""
    user, file = _own(request, pk)
    if file.imported_at:
        return redirect("import_report", file.pk)
    table = _beginning(file)
    sent = request.method == "POST"
    form = ColumnsForm(request.POST if sent else None, file=file, table=table)
    if sent and form.is_valid():
        to = reverse("import_preview", args=[file.pk])
        said = (_("Checking the table"), _("See what was found"))
        try:
            describe_table(by=user, file=file, columns=form.columns(), given=form.given())
            return _go(request, file, check_file(by=user, file=file), to, said)
        except Invalid as invalid:
            form.refuse(invalid)
    context = {"form": form, "file": file, "table": table}
    return render(request, "imports/columns.html", context, status=422 if sent else 200)


def _beginning(file: ImportFile) -> Beginning:
    """How it begins: reading it anew may take as long as its check, and is for tables of before alone."""
    if file.begins:
        return Beginning(**file.begins)
    try:
        with on_disk(file) as path:
            return beginning(path)
    except Invalid as invalid:
        raise Http404(str(invalid)) from invalid


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: Request, pk: uuid.UUID) -> HttpResponse:
    """What would be imported, and every problem; here people decide which rows to leave out."""
    user, file = _own(request, pk)
    if file.imported_at or not file.checked_at:
        return redirect("import_report" if file.imported_at else "import_columns", file.pk)
    if request.method == "POST":
        try:
            _decide(request, user, file)
        except Invalid as invalid:  # imported meanwhile, in another window
            messages.warning(request, str(invalid))
        here = reverse("import_preview", args=[file.pk])
        back = (_numbers([request.POST.get("page", "")]) or [1])[0]
        return redirect(f"{here}?page={back}#faults")
    page = Paginator(file.faults.all(), FAULTS).get_page(request.GET.get("page"))
    undecided = file.faults.filter(left_out=False).count()
    context = {
        "file": file,
        "found": file.found,
        "page": page,
        "undecided": undecided,
        "left_out": page.paginator.count - undecided,
        "going": file.found["rows"] - page.paginator.count,
    }
    return render(request, "imports/preview.html", context)


def _decide(request: Request, user: User, file: ImportFile) -> None:
    if "all" in request.POST:
        leave_out_all(by=user, file=file)
        return
    leave_out(
        by=user,
        file=file,
        rows=_numbers(request.POST.getlist("row")),
        among=_numbers(request.POST.getlist("shown")),
    )


def _numbers(values: Iterable[str]) -> list[int]:
    return [int(v) for v in values if v.isascii() and v.isdecimal() and len(v) < 10]


@require_POST
def run(request: Request, pk: uuid.UUID) -> HttpResponseBase:
    """Import it: all rows but those left out, or none."""
    user, file = _own(request, pk)
    to = reverse("import_report", args=[file.pk])
    if file.imported_at:
        return redirect(to)
    said = (_("Importing the table"), _("See what was imported"))
    try:
        return _go(request, file, import_file(by=user, file=file), to, said)
    except Invalid as invalid:
        if ImportFile.objects.filter(pk=file.pk, imported_at__isnull=False).exists():
            return redirect(to)  # in another window
        told = [str(m) for of_one in invalid.errors.values() for m in of_one]
        context = {"title": said[0], "file": file, "refused": told}
        return render(request, "imports/refused.html", context, status=422)


def _go(
    request: Request, file: ImportFile, steps: Iterable[Progress], to: str, said: tuple[str, str]
) -> HttpResponseBase:
    """Do it and go on; if it takes long, on a page that says how far it has come, and why it stopped.

    Raises ``Invalid`` where it takes not so long.
    """
    if file.size >= LONG or file.found.get("rows", 0) >= MANY:
        context = {"title": said[0], "next": said[1], "to": to, "file": file}
        return streamed(request, steps, context)
    for _step in steps:
        pass
    return redirect(to)


@require_safe
def report(request: Request, pk: uuid.UUID) -> HttpResponse:
    """What was imported, and where it is."""
    _user, file = _own(request, pk)
    if not file.imported_at:
        return redirect("import_columns", file.pk)
    meetings = Meeting.objects.filter(pk__in=file.found.get("highest", {})).select_related("body")
    context = {"file": file, "report": file.report, "meetings": meetings}
    return render(request, "imports/report.html", context)


@require_safe
def rejected(request: Request, pk: uuid.UUID) -> HttpResponseBase:
    """The rows that have problems, as a file with the reason beside each."""
    _user, file = _own(request, pk)
    if file.imported_at and not file.faults.exists():
        raise Http404  # and the file is gone

    def lines() -> Iterable[str]:
        faults = dict(file.faults.values_list("row", "problems"))
        with on_disk(file) as path:
            yield from reports.rejected(path, faults)

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="rejected.csv"'
    return response


@require_POST
def forget(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Throw the table away before it is imported."""
    user, file = _own(request, pk)
    try:
        forget_table(by=user, file=file)
    except Invalid as invalid:  # imported meanwhile, in another window
        messages.warning(request, str(invalid))
        return redirect("import_report", file.pk)
    return redirect("import")


@require_safe
def template(request: Request, kind: str) -> HttpResponse:
    """A table to fill in, in the reader's language."""
    _editor(request)
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    if kind == "xlsx":
        response = HttpResponse(reports.template_xlsx(), content_type=sheet)
    else:
        response = HttpResponse(reports.template_csv(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="recommendations-template.{kind}"'
    return response
