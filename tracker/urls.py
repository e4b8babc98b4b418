"""Addresses: French at ``/``, English at ``/en/``; a page's own language is in its address."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import path

from tracker.feeds import Activity
from tracker.views import accounts, cite, corrections, imports, service, states, verify
from tracker.views.add_meeting import add_meeting
from tracker.views.changes import changes
from tracker.views.confirm import confirm
from tracker.views.links import links
from tracker.views.matrix import table
from tracker.views.overview import meeting, overview
from tracker.views.recommendation import recommendation
from tracker.views.recommendations import (
    recommendations,
    recommendations_csv,
    recommendations_json,
)
from tracker.views.record import known_source, preview, record_form

handler400 = "tracker.views.errors.bad_request"
handler403 = "tracker.views.errors.permission_denied"
handler404 = "tracker.views.errors.not_found"
handler500 = "tracker.views.errors.server_error"

urlpatterns = [
    path("healthz", service.healthz, name="healthz"),
    path("verify/suivi-ledger.jsonl", verify.ledger, name="ledger"),
    path("verify/suivi_verify.py", verify.checker, name="checker"),
    *i18n_patterns(
        path("", overview, name="overview"),
        path("meetings/add/", add_meeting, name="add_meeting"),
        path("meetings/<slug:slug>/", meeting, name="meeting"),
        path("recommendations/", recommendations, name="recommendations"),
        path("recommendations.csv", recommendations_csv, name="recommendations_csv"),
        path("recommendations.json", recommendations_json, name="recommendations_json"),
        path("recommendations/<slug:ref>/", recommendation, name="recommendation"),
        path("recommendations/<slug:ref>/record/", record_form, name="record"),
        path("recommendations/<slug:ref>/confirm/", confirm, name="confirm"),
        path("recommendations/<slug:ref>/links/", links, name="links"),
        path("recommendations/<slug:ref>/cite/", cite.cite_recommendation, name="cite"),
        path("recommendations/<slug:ref>/activity.atom", Activity(), name="activity_of"),
        path("activity.atom", Activity(), name="activity"),
        path("entries/<int:pk>/", corrections.entry, name="entry"),
        path("entries/<int:pk>/cite/", cite.cite_entry, name="cite_entry"),
        path("entries/<int:pk>/amend/", corrections.amend, name="amend"),
        path("entries/<int:pk>/retract/", corrections.retract, name="retract"),
        path("changes/", changes, name="changes"),
        path("changes/cite/", cite.cite_changes, name="cite_changes"),
        path("states/", states.states, name="states"),
        path("states/<str:code>/", states.state, name="state"),
        path("states/<str:code>/report/", states.report, name="state_report"),
        path("matrix/", table, name="matrix"),
        path("import/", imports.start, name="import"),
        path("import/template.csv", imports.template, {"kind": "csv"}, name="import_csv"),
        path("import/template.xlsx", imports.template, {"kind": "xlsx"}, name="import_xlsx"),
        path("import/<uuid:pk>/", imports.report, name="import_report"),
        path("import/<uuid:pk>/columns/", imports.columns, name="import_columns"),
        path("import/<uuid:pk>/preview/", imports.preview, name="import_preview"),
        path("import/<uuid:pk>/run/", imports.run, name="import_run"),
        path("import/<uuid:pk>/forget/", imports.forget, name="import_forget"),
        path("import/<uuid:pk>/rejected.csv", imports.rejected, name="import_rejected"),
        path("verify/", verify.verify, name="verify"),
        path("notes/preview/", preview, name="preview"),
        path("sources/known/", known_source, name="known_source"),
        path("accounts/login/", accounts.SignIn.as_view(), name="login"),
        path("accounts/logout/", accounts.SignOut.as_view(), name="logout"),
        path("accounts/password/", accounts.password_change, name="password_change"),
        path("accounts/link/<str:secret>/", accounts.sign_in_link, name="sign_in_link"),
        path("language/", service.keep_language, name="keep_language"),
        path("admin/", admin.site.urls),
        prefix_default_language=False,
    ),
]
