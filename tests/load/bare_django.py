"""Floor (a): what Django itself costs. Our models and querysets, no middleware, one plain template
a page, no translations, no forms, no sessions. ``gunicorn tests.load.bare_django:application``

``?count`` answers with the number of queries in a header. Never import it where Django's settings
are known already: it has its own.
"""

import datetime as dt
import os
import uuid
from collections.abc import Callable
from typing import Any

import django
from django.conf import settings

from tracker import settings as ours

settings.configure(
    SECRET_KEY=ours.SECRET_KEY,
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
    # The accounts of the record rest on the first two.
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "tracker.apps.TrackerConfig",
    ],
    AUTH_USER_MODEL=ours.AUTH_USER_MODEL,
    DATABASES=ours.DATABASES,
    DEFAULT_AUTO_FIELD=ours.DEFAULT_AUTO_FIELD,
    USE_TZ=True,
    TIME_ZONE="UTC",
    LANGUAGE_CODE="fr",
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [os.path.join(os.path.dirname(__file__), "plain")],
        }
    ],
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402
from django.db.models import Count, F  # noqa: E402
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect  # noqa: E402
from django.shortcuts import get_object_or_404, render  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import path  # noqa: E402

from tracker.models import FollowUp, Implementation, Meeting, Recommendation, Source  # noqa: E402


class Entry(models.Model):  # noqa: DJ008
    """A row like an entry's, in a table of its own that the bench makes."""

    implementation_id = models.IntegerField()
    sequence = models.IntegerField()
    note = models.TextField()
    status = models.CharField(max_length=24)
    source_id = models.IntegerField()
    happened_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.IntegerField()
    submission = models.UUIDField(unique=True)

    class Meta:
        app_label = "bench"
        managed = False
        db_table = "bench_entry"


class Standing(models.Model):  # noqa: DJ008
    """Where an implementation stands, as its projection says."""

    status = models.CharField(max_length=24)
    last_entry = models.IntegerField()
    entry_count = models.IntegerField()

    class Meta:
        app_label = "bench"
        managed = False
        db_table = "bench_standing"


View = Callable[..., HttpResponse]


def finished(view: View) -> View:
    """State the length, and on demand the number of queries."""

    def answer(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if "count" in request.GET:
            with CaptureQueriesContext(connection) as captured:
                response = view(request, **kwargs)
            response.headers["X-Queries"] = str(len(captured))
        else:
            response = view(request, **kwargs)
        response.headers["Content-Length"] = str(len(response.content))
        return response

    return answer


def listed(request: HttpRequest) -> HttpResponse:
    rows = Implementation.objects.for_list().in_order()[:50]
    return render(request, "list.html", {"rows": rows})


def detail(request: HttpRequest, ref: str) -> HttpResponse:
    found = get_object_or_404(Recommendation.objects.with_details(), ref=ref)
    rows = Implementation.objects.select_related(
        "state",
        "lead",
        "status_entry",
        "reported_entry__organization",
        "verified_entry__organization",
    )
    implementation = rows.filter(recommendation=found).first()
    entries = FollowUp.objects.public().filter(implementation=implementation)
    sources = Source.objects.filter(citations__followup__in=entries.standing()).distinct()
    context = {
        "recommendation": found,
        "implementation": implementation,
        "entries": entries.with_details().order_by("-sequence")[:50],
        "sources": sources.order_by("-published_on", "-id")[:100],
    }
    return render(request, "detail.html", context)


def overview(request: HttpRequest) -> HttpResponse:
    meeting = Meeting.objects.select_related("body").first()
    rows = Implementation.objects.filter(recommendation__meeting=meeting)
    entries = FollowUp.objects.public().filter(implementation__recommendation__meeting=meeting)
    lately = entries.with_details().select_related("implementation__recommendation")
    context = {
        "meeting": meeting,
        "counted": dict(rows.order_by().values_list("status").annotate(Count("pk"))),
        "rows": rows.for_list().in_order()[:60],
        "lately": lately.order_by("-recorded_at", "-id")[:5],
    }
    return render(request, "overview.html", context)


def write(request: HttpRequest) -> HttpResponse:
    """One entry and what follows from it, acknowledged once both are on the disk."""
    said = request.POST
    day = said.get("happened_on")
    with transaction.atomic():
        standing = Standing.objects.select_for_update().get(pk=1)
        entry = Entry.objects.create(
            implementation_id=1,
            sequence=standing.entry_count + 1,
            note=said["note"],
            status=said["status"],
            source_id=1,
            happened_on=dt.date.fromisoformat(day) if day else None,
            recorded_at=dt.datetime.now(dt.UTC),
            recorded_by=1,
            submission=uuid.UUID(said["submission"]),
        )
        Standing.objects.filter(pk=1).update(
            status=entry.status, last_entry=entry.pk, entry_count=F("entry_count") + 1
        )
    return HttpResponseRedirect(f"/recommendations/som-12-1/#entry-{entry.pk}")


urlpatterns = [
    path("", finished(overview)),
    path("recommendations/", finished(listed)),
    path("recommendations/<slug:ref>/", finished(detail)),
    path("write", finished(write)),
]
application = get_wsgi_application()
