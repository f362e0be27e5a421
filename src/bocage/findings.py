"""Problems in a file, as data: code, severity, verdict, count and places.

A finding carries no sentence: :mod:`bocage.wording` turns its code and parameters into French.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

MAX_PLACES = 20
"""At most this many places are kept for one finding; ``count`` stays exact."""

_NO_PARAMS: Mapping[str, str] = MappingProxyType({})


class Severity(StrEnum):
    """How much a finding weighs, strongest first."""

    BLOCKING = "blocking"
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the strongest."""
        return list(Severity).index(self)


class Verdict(StrEnum):
    """The question that a finding helps to answer."""

    EXPLOITABLE = "exploitable"
    CONFORME = "conforme"
    CONTROLE = "controle"


@dataclass(frozen=True, slots=True)
class Place:
    """Where: physical line (from 1, header included), column or rubrique, raw value.

    ``value`` is None for a personal rubrique: no value of a person ever enters a finding.
    """

    line: int | None = None
    column: str | None = None
    value: str | None = None
    part: int | None = None
    """Which part (its name ends in _1, _2…) of a file given in several the line belongs to."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One code met in a file, with everything a reader needs to go and look."""

    code: str
    severity: Severity
    count: int
    where: tuple[Place, ...] = ()
    verdict: Verdict | None = None
    """FEC only: the verdict that it belongs to."""
    norm_severity: str | None = None
    """DSN only: the norm's own letter (E, D, S, I)."""
    params: Mapping[str, str] = field(default_factory=lambda: _NO_PARAMS)
    """Words to put into the sentence, already formatted; never personal data."""

    def __post_init__(self) -> None:
        if len(self.where) > MAX_PLACES:
            object.__setattr__(self, "where", self.where[:MAX_PLACES])
