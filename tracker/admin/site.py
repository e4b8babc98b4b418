from django.contrib.admin import AdminSite


class SuiviAdminSite(AdminSite):
    pass
