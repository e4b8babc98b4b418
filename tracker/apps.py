"""The app, and Django's admin with our site in its place."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.utils.translation import gettext_lazy as _


class TrackerConfig(AppConfig):
    name = "tracker"
    verbose_name = _("Record")


class AdminConfig(DjangoAdminConfig):
    default_site = "tracker.admin.site.SuiviAdminSite"
