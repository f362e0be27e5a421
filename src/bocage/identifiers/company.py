"""SIREN and SIRET: shape, Luhn key, La Poste's own rule (code de commerce R123-220, R123-221)."""

from dataclasses import dataclass
from typing import Literal, Self

LA_POSTE = "356000000"
LA_POSTE_HEAD_OFFICE = "35600000000048"
_SPACES = str.maketrans("", "", " .\u00a0\u202f\u2009\t")

type Kind = Literal["siren", "siret"]


def luhn_ok(digits: str) -> bool:
    """Whether the Luhn sum of ``digits`` is a multiple of 10."""
    total = 0
    for rank, char in enumerate(reversed(digits)):
        digit = int(char)
        if rank % 2:
            digit = digit * 2 - 9 if digit > 4 else digit * 2
        total += digit
    return total % 10 == 0


@dataclass(frozen=True, slots=True)
class KeyCheck:
    """What is right or wrong about a number as typed.

    ``reason`` is None when valid, else one of ``empty``, ``characters``, ``missing_digits``,
    ``surplus_digits``, ``siren_key``, ``siret_key``, ``zeros``. ``digits`` is the number without separators.
    """

    digits: str
    kind: Kind | None
    reason: str | None

    @property
    def valid(self) -> bool:
        """Whether the number may be used."""
        return self.reason is None


def check_number(text: str, *, expected: Kind | None = None) -> KeyCheck:
    """Check a SIREN or a SIRET as a person types it: spaces, no-break spaces and dots are accepted.

    Without ``expected``, the length decides: 9 digits or fewer are taken as a SIREN, more as a SIRET.
    """
    digits = text.strip().translate(_SPACES)
    if not digits:
        return KeyCheck("", expected, "empty")
    if not (digits.isascii() and digits.isdigit()):
        return KeyCheck(digits, expected, "characters")
    kind: Kind = expected or ("siren" if len(digits) <= 9 else "siret")
    wanted = 9 if kind == "siren" else 14
    if len(digits) != wanted:
        return KeyCheck(digits, kind, "missing_digits" if len(digits) < wanted else "surplus_digits")
    if set(digits[:9]) == {"0"}:
        return KeyCheck(digits, kind, "zeros")
    if not luhn_ok(digits[:9]):
        return KeyCheck(digits, kind, "siren_key")
    if kind == "siret" and not _siret_key_ok(digits):
        return KeyCheck(digits, kind, "siret_key")
    return KeyCheck(digits, kind, None)


def _siret_key_ok(digits: str) -> bool:
    if digits[:9] == LA_POSTE and digits != LA_POSTE_HEAD_OFFICE:
        return sum(map(int, digits)) % 5 == 0
    return luhn_ok(digits)


class Siren(str):
    """Nine digits with a valid key. ``Siren.parse`` is the only way in."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The SIREN, or None when the text is not one."""
        check = check_number(text, expected="siren")
        return cls(check.digits) if check.valid else None


class Siret(str):
    """Fourteen digits with valid keys. ``Siret.parse`` is the only way in."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The SIRET, or None when the text is not one."""
        check = check_number(text, expected="siret")
        return cls(check.digits) if check.valid else None

    @property
    def siren(self) -> Siren:
        """The company that the establishment belongs to."""
        return Siren(self[:9])

    @property
    def nic(self) -> str:
        """The five digits of the establishment."""
        return self[9:]


def format_siret(digits: str) -> str:
    """``000 074 617 00028``, with no-break spaces; a SIREN gives ``000 074 617``."""
    groups = [digits[0:3], digits[3:6], digits[6:9], digits[9:]]
    return "\u00a0".join(group for group in groups if group)
