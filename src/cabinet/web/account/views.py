"""allauth's views with our forms. What they refuse and when they throttle stays theirs."""

from typing import Any

from allauth.account import views
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import urlencode

from cabinet.accounts.sign_ins import note_sign_in
from cabinet.web.account import forms
from cabinet.web.account.address import client_address
from cabinet.web.account.security import write_down
from cabinet.web.components.notices import confirm


@method_decorator(login_not_required, name="dispatch")
class SignInView(views.LoginView):
    """« Se connecter ». A fragment that lands here (the session is over) sends the whole page to sign-in."""

    form_class = forms.SignInForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        htmx = getattr(request, "htmx", None)
        if htmx:
            query = urlencode({"next": htmx.current_url_abs_path or "/"})
            return HttpResponse(headers={"HX-Redirect": f"{request.path}?{query}"})
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        expired = settings.SESSION_COOKIE_NAME in self.request.COOKIES and "next" in self.request.GET
        return super().get_context_data(**kwargs, expired=expired and self.request.method == "GET")


class SignOutView(views.LogoutView):
    """Asks before it signs out; the user's menu posts straight to it."""


class ResetRequestView(views.PasswordResetView):
    form_class = forms.ResetRequestForm


class ChoosePasswordView(views.PasswordResetFromKeyView):
    form_class = forms.ChoosePasswordForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"token_fail": False, **kwargs})

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        address = client_address(self.request)
        note_sign_in(self.reset_user, "sign_in.password_changed", address=address, means="lien reçu")
        return response


class ChangePasswordView(views.PasswordChangeView):
    form_class = forms.ChangePasswordForm
    success_url = reverse_lazy("home")

    def form_valid(self, form: forms.ChangePasswordForm) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        write_down(self.request, "sign_in.password_changed")
        confirm(self.request, "Votre mot de passe est changé, vos autres sessions sont fermées.")
        return response


class ReauthenticateView(views.ReauthenticateView):
    form_class = forms.ConfirmPasswordForm
