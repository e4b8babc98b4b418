"""Signing in and out, and choosing a password."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash, views
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from tracker.actions.people import change_password, find_link, redeem_link
from tracker.exceptions import Invalid, LinkSpent
from tracker.models import User
from tracker.views.errors import problem
from tracker.views.record import KEPT


class SignInForm(AuthenticationForm):
    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": gettext_lazy(
            "This user name and password do not belong together. Check both; capitals count in the password."
        ),
    }


class SignIn(views.LoginView):
    """Sign-in; says so when something that was typed is waiting."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:  # noqa: ARG002 - Django's
        """Where to go then; not here again, which would turn in a circle."""
        then = super().get_redirect_url()
        return "" if urlsplit(then).path == self.request.path else then

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(kept=bool(self.request.session.get(KEPT)), **kwargs)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class SignOut(views.LogoutView):
    """Sign-out; on a shared computer, going back does not show what was there."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"cache"'
        return response


class ChosenPassword(forms.Form):
    """A name (for a new account) and a password, typed once, that a password manager can keep."""

    username = forms.CharField(
        label=gettext_lazy("User name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Your name, as it is shown beside what you record"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password (at least 10 characters)"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=False),
    )


@never_cache
@sensitive_post_parameters("password")
def sign_in_link(request: HttpRequest, secret: str) -> HttpResponse:
    """A one-time link: opening it asks, sending the form uses it up (so a preview of it does no harm)."""
    try:
        user = find_link(secret).user
        form = ChosenPassword(request.POST or None)
        if user:
            del form.fields["username"], form.fields["name"]
        if request.method == "POST" and form.is_valid():
            given = {"username": "", "name": "", **form.cleaned_data}
            person = redeem_link(secret=secret, **given)
            login(request, person, "django.contrib.auth.backends.ModelBackend")
            return redirect("overview")
    except Invalid as invalid:
        for field, found in invalid.errors.items():
            for message in found:
                form.add_error(field if field in form.fields else None, str(message))
    except LinkSpent:
        return _spent(request)
    context = {"form": form, "person": user}
    return render(request, "accounts/link.html", context, status=422 if form.errors else 200)


def _spent(request: HttpRequest) -> HttpResponse:
    message = _(
        "This link was used, has expired or was replaced by a newer one. "
        "Ask an administrator for a new one, or start the server again for the first one."
    )
    return problem(request, 410, _("This link no longer works"), message)


@sensitive_post_parameters()
@login_required
def password_change(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    form = PasswordChangeForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = change_password(by=request.user, password=form.cleaned_data["new_password1"])
        update_session_auth_hash(request, user)
        messages.success(request, _("Your password is changed. You stay signed in here."))
        return redirect("overview")
    context = {"form": form}
    return render(request, "accounts/password.html", context, status=422 if form.errors else 200)
