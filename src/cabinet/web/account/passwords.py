"""How strong a new password is: what guesses it, not which signs it holds."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn

from cabinet.accounts.models import Collaborator
from cabinet.accounts.names import fold

LEAST_SCORE = 3
"""Of 4: out of reach of an attacker who holds the hash for a moderate time (zxcvbn's own scale)."""
JUDGED_LENGTH = 72
"""The estimate costs more than linear time; what stands beyond only adds to the strength."""

WEAK = (
    "Ce mot de passe se devine trop vite. Prenez plusieurs mots sans lien entre eux, sans votre nom ni votre cabinet."
)
FRENCH = (
    *("bocage", "cabinet", "comptable", "expertcomptable", "expertise", "motdepasse", "mot", "passe", "azerty"),
    *("azertyuiop", "qsdfghjklm", "bonjour", "bienvenue", "soleil", "doudou", "chouchou", "loulou", "jetaime"),
)
"""What people here choose first, and that zxcvbn's own lists, made of English, know less well."""


class StrengthValidator:
    """Refuses what zxcvbn finds easy to guess, knowing the person's name, address and firm."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        judged = zxcvbn(password[:JUDGED_LENGTH], user_inputs=self._known(user))
        if int(judged["score"]) < LEAST_SCORE:
            raise ValidationError(WEAK, code="password_too_weak")

    def get_help_text(self) -> str:
        return WEAK

    @staticmethod
    def _known(user: AbstractBaseUser | None) -> list[str | float]:
        words = [*FRENCH]
        person = None
        if user is not None and user.pk:
            person = Collaborator.objects.select_related("firm").filter(user_id=user.pk).first()
        email = str(getattr(user, "email", "") or "")
        words += email.replace("@", " ").replace(".", " ").replace("-", " ").split()
        if person is not None:
            first, last = person.first_name, person.last_name
            words += [first, last, first + last, last + first, person.firm.name, *person.firm.name.split()]
        return sorted({fold(word) for word in words if len(word) > 2})
