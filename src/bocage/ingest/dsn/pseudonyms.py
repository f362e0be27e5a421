"""Who is who, without saying who: keyed digests of what names a person or a contract.

HMAC-SHA-256 under the key of the client. A bare hash would not do: there are only about 10¹⁰ possible NIR, so anyone
holding the facts could try them all. The same key serves every year, so that late corrections still find their person.
"""

import hmac
from dataclasses import dataclass

MINIMUM_KEY_BYTES = 16
_NUMBER_DIGITS = 16
_MATCH_DIGITS = 32


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Digests under one key. The kind of identifier is mixed in: a matricule never collides with an NTT.

    Raises ValueError for a key that is too short to protect anything.
    """

    key: bytes

    def __post_init__(self) -> None:
        if len(self.key) < MINIMUM_KEY_BYTES:
            raise ValueError("the pseudonym key is too short")

    def __repr__(self) -> str:
        return "Pseudonyms(key=…)"

    def person(self, kind: str, identifier: str) -> str:
        """The pseudonym of a person; ``kind``: nir, ntt, matricule or none."""
        return self._digest(kind, identifier)

    def number(self, number: str) -> str:
        """The digest of a contract number, which many payroll tools build from the matricule."""
        return self._digest("number", number)[:_NUMBER_DIGITS]

    def position(self, text: str) -> str:
        """The digest of a free text that is only ever compared with itself."""
        return self._digest("position", text)[:_NUMBER_DIGITS]

    def birth(self, date: str) -> str:
        """The digest of a birth date, which is only ever compared with another one of the same person."""
        return self._digest("birth", date)[:_NUMBER_DIGITS]

    def match(self, matricule: str, birth: str, start: str) -> str:
        """What two declarations of one person share when no NIR links them."""
        return self._digest("match", f"{matricule}\0{birth}\0{start}")[:_MATCH_DIGITS]

    def _digest(self, kind: str, value: str) -> str:
        return hmac.digest(self.key, f"{kind}\0{value}".encode(), "sha256").hex()
