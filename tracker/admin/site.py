"""The administration as a part of the site: its sign-in, its errors, its languages."""

from functools import wraps
from typing import Any, cast

from django.contrib.admin import AdminSite
from django.contrib.auth.views import LogoutView, redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.admin.registry import REGISTERED
from tracker.exceptions import NotAllowed
from tracker.requests import Request


class SuiviAdminSite(AdminSite):
    site_title = site_header = "Suivi"
    index_title = gettext_lazy("Administration")
    empty_value_display = "—"

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        # Deletes without asking what rests on each object, and counts all of it.
        self.disable_action("delete_selected")
        for model, model_admin in REGISTERED.items():
            self.register(model, model_admin)

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Ours alone: the groups that another app registers mean nothing here."""
        if admin_class in REGISTERED.values():
            super().register(model_or_iterable, admin_class, **options)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "site_url": reverse("overview")}

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Who has not signed in does so and comes back; who may not enter is told who may."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not self.has_permission(request):
                return self._turn_away(request, request.get_full_path())
            return inner(request, *args, **kwargs)

        return guarded

    def login(
        self,
        request: HttpRequest,
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> HttpResponse:
        after = request.GET.get("next") or reverse("admin:index")
        if self.has_permission(request):
            return redirect("admin:index")
        return self._turn_away(request, after)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:  # noqa: ARG002
        return LogoutView.as_view()(request)

    def password_change(
        self,
        request: HttpRequest,  # noqa: ARG002
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> Any:
        return redirect("password_change")

    def _turn_away(self, request: HttpRequest, after: str) -> HttpResponse:
        from tracker.forms.followup import author_of
        from tracker.views.record import sign_in_keeping

        if request.user.is_authenticated:
            raise NotAllowed(_("The administration is for editors and administrators."))
        if request.method == "POST" and author_of(request.POST):
            return sign_in_keeping(cast(Request, request))
        return redirect_to_login(after)
