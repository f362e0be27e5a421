"""What allauth does our way: closed sign-up, French sentences, mails without a site name."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse

from cabinet.accounts.actors import actor_of, session_name
from cabinet.accounts.models import User
from cabinet.accounts.sign_ins import note_refusal, note_sign_in
from cabinet.web.account.address import client_address
from cabinet.web.components.formats import plural

MISMATCH = (
    "Cette adresse et ce mot de passe ne vont pas ensemble. Vérifiez les deux, ou choisissez un nouveau mot de passe."
)
THROTTLED = (
    "Trop d’essais ont échoué pour cette adresse. Attendez cinq minutes, ou choisissez un nouveau mot de passe "
    "avec le lien ci-dessous."
)


class AccountAdapter(DefaultAccountAdapter):
    """The door of the product. Accounts are made by an administrator or by the operator, never here."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": MISMATCH,
        "too_many_login_attempts": THROTTLED,
        "enter_current_password": "Ce n’est pas votre mot de passe actuel.",
        "incorrect_password": "Ce n’est pas votre mot de passe.",
        "invalid_password_reset": "Ce lien n’est plus valable.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse | None:
        """Somebody who has left their firm learns it here, not by being signed out at the next page."""
        if isinstance(user, User) and actor_of(user) is None:
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        """Every door ends here: password, second factor passed, passkey, welcome link."""
        if isinstance(user, User):
            key = session_name(request.session.session_key)
            note_sign_in(user, "sign_in.succeeded", address=client_address(request), session=key)
        return super().post_login(request, user, **kwargs)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        note_refusal(str(credentials.get("email") or ""), address=client_address(request), means="mot de passe")

    def format_email_subject(self, subject: str) -> str:
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        hours = settings.PASSWORD_RESET_TIMEOUT // 3600
        super().send_mail(template_prefix, email, {**context, "valid_for": plural(hours, "heure")})
