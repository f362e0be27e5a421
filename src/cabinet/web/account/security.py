"""*Sécurité du compte*: second factors and sessions, on allauth's flows, in our words, written in the journal."""

import json
from typing import Any

from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.usersessions.models import UserSession
from django.contrib.auth.decorators import login_not_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET, require_POST

from cabinet.accounts.sessions import end_sessions
from cabinet.accounts.sign_ins import note_sign_in
from cabinet.audit.services import Subject, record, record_download
from cabinet.web.account import forms
from cabinet.web.account.address import client_address
from cabinet.web.account.browsers import describe
from cabinet.web.account.factors import LAST_FACTOR, is_last_required
from cabinet.web.actor import ActorRequest
from cabinet.web.components.notices import confirm, refuse


def write_down(request: Any, action: str, what: str = "") -> None:
    """The person did it to their own account."""
    actor = request.actor
    person = actor.collaborator
    changes = {"moyen": (None, what)} if what else None
    record(action, author=actor.author, subject=Subject(label=person.full_name, id=person.id), changes=changes)


def _json(options: Any) -> str:
    return json.dumps(options, cls=DjangoJSONEncoder)


class SecurityView(base.IndexView):
    """What protects the account, and what to add."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        found = context["authenticators"]
        codes = found.get(Authenticator.Type.RECOVERY_CODES)
        return context | {
            "totp": found.get(Authenticator.Type.TOTP),
            "keys": found.get(Authenticator.Type.WEBAUTHN, []),
            "codes_left": len(codes.get_unused_codes()) if codes else None,
            "lacking": self.request.actor.lacks_second_factor,
            "required": self.request.actor.firm.second_factor_required,
        }


class AuthenticateView(base.AuthenticateView):
    form_class = forms.FactorCodeForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        login = self.stage.login
        keys = Authenticator.objects.filter(user=login.user, type=Authenticator.Type.WEBAUTHN).exists()
        return context | {"has_keys": keys, "options": _json(context["js_data"]["request_options"])}

    def form_invalid(self, form: Any) -> HttpResponse:
        address = client_address(self.request)
        note_sign_in(self.stage.login.user, "sign_in.factor_refused", address=address)
        response: HttpResponse = super().form_invalid(form)
        return response


class CodeReauthenticateView(base.ReauthenticateView):
    form_class = forms.FactorCodeAgainForm


class KeyReauthenticateView(webauthn.ReauthenticateWebAuthnView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {"form": None, **context, "options": _json(context["js_data"]["request_options"])}


class ActivateCodesView(totp.ActivateTOTPView):
    form_class = forms.ActivateCodesForm

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        write_down(self.request, "sign_in.factor_added", "application de codes")
        confirm(self.request, "L’application de codes protège maintenant votre compte.")
        return response


class DeactivateCodesView(totp.DeactivateTOTPView):
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        write_down(self.request, "sign_in.factor_removed", "application de codes")
        confirm(self.request, "L’application de codes est retirée.")
        return response


class AddKeyView(webauthn.AddWebAuthnView):
    form_class = forms.AddKeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.get("form") or self.get_form()
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"form": form, "options": _json(context["js_data"]["creation_options"])}

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        write_down(self.request, "sign_in.factor_added", "clé d’accès")
        confirm(self.request, "La clé d’accès est ajoutée.")
        return response


class RemoveKeyView(webauthn.RemoveWebAuthnView):
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        if is_last_required(self.request.user, self.get_object()):
            refuse(self.request, LAST_FACTOR)
            return redirect("mfa_index")
        response: HttpResponse = super().form_valid(form)
        write_down(self.request, "sign_in.factor_removed", "clé d’accès")
        confirm(self.request, "La clé d’accès est retirée.")
        return response


@method_decorator(login_not_required, name="dispatch")
class KeySignInView(webauthn.LoginWebAuthnView):
    """A passkey alone: what is held and who holds it. allauth gives the options, then judges the answer."""


class NewCodesView(recovery.GenerateRecoveryCodesView):
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        write_down(self.request, "sign_in.codes_renewed")
        confirm(self.request, "Vos nouveaux codes de secours remplacent les anciens.")
        return response


class DownloadCodesView(recovery.DownloadRecoveryCodesView):
    def render_to_response(self, context: Any, **response_kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().render_to_response(context, **response_kwargs)
        record_download(self.request.actor.author, "Codes de secours")
        response["Content-Disposition"] = 'attachment; filename="codes-de-secours-bocage.txt"'
        return response


@require_GET
def session_list(request: ActorRequest) -> HttpResponse:
    """Where the person is signed in. Sessions that are over are forgotten on the way."""
    sessions = sorted(UserSession.objects.purge_and_list(request.user), key=lambda one: one.created_at, reverse=True)
    rows = [(one, describe(one.user_agent), one.session_key == request.session.session_key) for one in sessions]
    return render(request, "account/sessions.html", {"rows": rows})


@require_POST
def session_end(request: ActorRequest, session_id: int) -> HttpResponse:
    session = UserSession.objects.filter(user=request.user, id=session_id).first()
    if session is None or session.session_key == request.session.session_key:
        raise Http404
    session.end()
    write_down(request, "sign_in.sessions_ended")
    confirm(request, "La session est fermée.")
    return redirect("session_list")


@require_POST
def session_end_others(request: ActorRequest) -> HttpResponse:
    if end_sessions(request.user, but=request.session.session_key):
        write_down(request, "sign_in.sessions_ended")
        confirm(request, "Vos autres sessions sont fermées.")
    return redirect("session_list")
