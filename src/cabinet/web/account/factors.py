"""What allauth's second factors do our way: sealed secrets, French words, a last factor that stays when required."""

from typing import Any

from allauth.mfa import adapter as allauth_adapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser

from cabinet.accounts.actors import FACTORS
from cabinet.accounts.models import Collaborator
from cabinet.accounts.sealed import open_secret, seal_secret

WRONG_CODE = "Ce code n’est pas le bon. Attendez le suivant dans l’application, ou prenez un code de secours."
LAST_FACTOR = "Votre cabinet demande un second facteur : ajoutez-en un autre avant de retirer celui-ci.".replace(
    " :", "\u00a0:"
)


def is_last_required(user: AbstractBaseUser, authenticator: Authenticator) -> bool:
    """Whether the firm requires a second factor and the person would be left without."""
    required = Collaborator.objects.filter(user_id=user.pk, firm__second_factor_required=True).exists()
    others = Authenticator.objects.filter(user=user, type__in=FACTORS).exclude(pk=authenticator.pk)
    return required and authenticator.type in FACTORS and not others.exists()


class FactorAdapter(allauth_adapter.DefaultMFAAdapter):
    """Secrets are sealed under a key of their own; the salt is beside them and dies with the row."""

    error_messages = {
        **allauth_adapter.DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "cannot_delete_authenticator": LAST_FACTOR,
        "cannot_generate_recovery_codes": "Ajoutez d’abord un second facteur\u00a0: ces codes l’accompagnent.",
    }

    def encrypt(self, text: str) -> str:
        return seal_secret(text)

    def decrypt(self, encrypted_text: str) -> str:
        return open_secret(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not is_last_required(authenticator.user, authenticator)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Any) -> str:
        rank = Authenticator.objects.filter(user=user, type=type).count() + 1
        return "Clé d’accès" if rank == 1 else f"Clé d’accès {rank}"
