"""What the caller knows of the file before it is read."""

from dataclasses import dataclass
from datetime import date

from bocage.formats.fec.columns import Regime


@dataclass(frozen=True, slots=True)
class Asked:
    """The client, the fiscal year and the regime that the user says; None when he does not."""

    siren: str | None = None
    start: date | None = None
    end: date | None = None
    regime: Regime | None = None
