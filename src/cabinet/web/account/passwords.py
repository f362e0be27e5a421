"""How strong a new password is: what guesses it, not which signs it holds."""

import re

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn

from cabinet.accounts.models import Collaborator
from cabinet.accounts.names import fold

LEAST_SCORE, LEAST_REST = 3, 2
"""The whole, and what is left of it without the person's name and the firm's. Of 4; 3 is out of reach of an attacker
who holds the hash for a moderate time (zxcvbn's own scale)."""
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
        own = _own_words(user)
        rest = fold(password)
        for word in sorted(own, key=len, reverse=True):
            rest = rest.replace(word, "")
        named = rest != fold(password)
        if _score(password, [*FRENCH, *own]) < LEAST_SCORE or (named and _score(rest, [*FRENCH]) < LEAST_REST):
            raise ValidationError(WEAK, code="password_too_weak")

    def get_help_text(self) -> str:
        return WEAK


def _score(password: str, known: list[str | float]) -> int:
    return int(zxcvbn(password[:JUDGED_LENGTH], user_inputs=known)["score"]) if password else 0


def _own_words(user: AbstractBaseUser | None) -> list[str]:
    """``zoe``, ``arc``, ``muller``, ``zoedarcmuller`` for « Zoé D’Arc-Müller »: people leave out accents and signs."""
    person = None
    if user is not None and user.pk:
        person = Collaborator.objects.select_related("firm").filter(user_id=user.pk).first()
    known = [str(getattr(user, "email", "") or "").partition("@")[0]]
    if person is not None:
        known += [person.first_name, person.last_name, person.firm.name]
        known += [person.first_name + person.last_name, person.last_name + person.first_name]
    parts = [re.findall(r"[a-z0-9]+", fold(text)) for text in known]
    words = {word for found in parts for word in (*found, "".join(found))}
    return sorted(word for word in words if len(word) > 2)
