"""The app, and Django's admin with our site in its place."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.utils.translation import pgettext_lazy


class TrackerConfig(AppConfig):
    name = "tracker"
    verbose_name = pgettext_lazy("what is kept", "Record")


class AdminConfig(DjangoAdminConfig):
    default_site = "tracker.admin.site.SuiviAdminSite"
