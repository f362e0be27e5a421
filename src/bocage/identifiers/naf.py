"""The code of an activity (APE): its shape, whatever the nomenclature.

NAF rév. 2 and NAF 2025 codes look alike: the shape never tells which of the two a code belongs to.
"""

import re
from typing import Self

_SHAPE = re.compile(r"(\d{2})\.?(\d{2}) ?([A-Z])", re.ASCII)


class Naf(str):
    """``10.71C``, written with its point. ``Naf.parse`` is the only way in."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The code, from ``10.71C``, ``1071C`` (as in a DSN) or ``10.71c``; None when the text has another shape.

        >>> Naf.parse("1071c")
        '10.71C'
        """
        match = _SHAPE.fullmatch(text.strip().upper())
        return cls(f"{match[1]}.{match[2]}{match[3]}") if match else None

    @property
    def division(self) -> str:
        """The first two digits."""
        return self[:2]

    @property
    def nace_class(self) -> str:
        """The four digits shared with the European nomenclature: ``10.71``."""
        return self[:5]
