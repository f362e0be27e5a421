"""A legal unit and its establishments, as a registry knows them.

Unknown and masked are both None; ``masked`` names the fields that the registry hides (*diffusion partielle*, status P),
so that nobody mistakes a hidden name for a missing one. Officers, birth data and accounts are never kept.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bocage.identifiers import Naf, Siren, Siret
from bocage.registry.address import Address

SOLE_TRADER = "1000"
_FOREIGN_LEGAL_FORMS = ("31", "32")


class State(StrEnum):
    """Administrative state of a legal unit or of an establishment."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Activities:
    """The codes of an activity, each in its nomenclature: SIRENE shows both until 1 January 2027."""

    naf_rev2: Naf | None = None
    naf_2025: Naf | None = None

    @property
    def main(self) -> Naf | None:
        """The code to show: NAF rév. 2 while it is known."""
        return self.naf_rev2 or self.naf_2025


@dataclass(frozen=True, slots=True)
class Size:
    """A size band (*tranche d'effectif*) and the year that it describes."""

    band: str
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Establishment:
    """One place of activity (SIRET). ``masked`` holds names of fields: ``street``, ``postcode``, ``trade_names``…"""

    siret: Siret
    head_office: bool | None = None
    former_head_office: bool = False
    state: State | None = None
    address: Address = field(default_factory=Address)
    trade_names: tuple[str, ...] = ()
    """Signs (*enseignes*) and trade name, the most useful first."""
    activities: Activities = field(default_factory=Activities)
    size: Size | None = None
    employer: bool | None = None
    created: date | None = None
    closed: date | None = None
    collective_agreements: tuple[str, ...] = ()
    """IDCC codes, four digits."""
    partial: bool = False
    """*Diffusion partielle* (status P)."""
    masked: tuple[str, ...] = ()
    successor: Siret | None = None
    """The establishment that took over a closed one, when the source gives it."""


@dataclass(frozen=True, slots=True)
class Company:
    """A legal unit (SIREN) with the establishments that the answer holds, head office first.

    ``all_open_establishments`` says that ``establishments`` holds every open one; few sources give them all.
    ``masked`` holds names of fields: ``name``, ``acronym``.
    """

    siren: Siren
    name: str | None = None
    acronym: str | None = None
    usual_names: tuple[str, ...] = ()
    legal_form: str | None = None
    state: State | None = None
    activities: Activities = field(default_factory=Activities)
    size: Size | None = None
    category: str | None = None
    """PME, ETI or GE."""
    employer: bool | None = None
    created: date | None = None
    closed: date | None = None
    updated: date | None = None
    """When the registry last touched the unit."""
    open_establishments: int | None = None
    head_office: Siret | None = None
    former_head_offices: tuple[Siret, ...] = ()
    establishments: tuple[Establishment, ...] = ()
    all_open_establishments: bool = False
    collective_agreements: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    """Qualities and labels that the registry shows (« Entreprise du patrimoine vivant »…), in French."""
    partial: bool = False
    masked: tuple[str, ...] = ()

    @property
    def sole_trader(self) -> bool:
        """Whether the unit is a person: its very SIREN is then personal data."""
        return self.legal_form == SOLE_TRADER

    @property
    def foreign(self) -> bool:
        """Whether the company is not governed by French law, or has its head office abroad."""
        office = self.establishment(self.head_office) if self.head_office else None
        abroad = office is not None and office.address.country is not None
        return abroad or (self.legal_form or "").startswith(_FOREIGN_LEGAL_FORMS)

    def establishment(self, siret: Siret) -> Establishment | None:
        """The establishment of that number, when the answer holds it."""
        return next((one for one in self.establishments if one.siret == siret), None)
