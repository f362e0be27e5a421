"""What is known of a company before and after it becomes a client."""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from cabinet.accounts.names import fold as fold

CORRECTABLE = ("name", "ape", "idcc", "street", "postcode", "town", "country")
"""The fields filled in from the registry that a person may correct."""


@dataclass(frozen=True, slots=True)
class CompanyDetails:
    """One establishment, as the registry gave it or as a person typed it; empty means unknown."""

    siret: str
    name: str
    ape: str = ""
    ape_2025: str = ""
    street: str = ""
    postcode: str = ""
    town: str = ""
    country: str = ""
    legal_form: str = ""
    is_head_office: bool | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    size_band: str = ""
    idcc: str = ""
    registry_source: str = ""
    registry_at: datetime | None = None
    to_complete: bool = False
    corrected: dict[str, str] = field(default_factory=dict)
    """Field → the registry's value, for each field that a person changed."""

    @property
    def siren(self) -> str:
        """The company that the establishment belongs to."""
        return self.siret[:9]

    def as_columns(self) -> dict[str, Any]:
        """The columns of :class:`cabinet.clients.models.Client` that these details fill."""
        return {**asdict(self), "siren": self.siren, "search_name": fold(self.name)[:200]}


@dataclass(frozen=True, slots=True)
class Organisation:
    """What the firm adds: its own number, the contact, who is in charge, in which portfolios."""

    manager_id: Any
    portfolio_ids: tuple[Any, ...] = ()
    file_code: str = ""
    contact_name: str = ""
    contact_email: str = ""
