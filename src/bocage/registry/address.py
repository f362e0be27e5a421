"""A postal address as SIRENE keeps it, field by field, and the lines to write on an envelope."""

from collections.abc import Mapping
from dataclasses import dataclass

from bocage.referentials.sirene import department_label, department_of_commune

STREET_TYPES: Mapping[str, str] = {
    "ALL": "ALLEE",
    "AV": "AVENUE",
    "BD": "BOULEVARD",
    "CAR": "CARREFOUR",
    "CHE": "CHEMIN",
    "CHS": "CHAUSSEE",
    "COR": "CORNICHE",
    "CRS": "COURS",
    "DOM": "DOMAINE",
    "DSC": "DESCENTE",
    "ECA": "ECART",
    "ESP": "ESPLANADE",
    "FG": "FAUBOURG",
    "GR": "GRANDE RUE",
    "HAM": "HAMEAU",
    "HLE": "HALLE",
    "IMP": "IMPASSE",
    "LD": "LIEU DIT",
    "LOT": "LOTISSEMENT",
    "MAR": "MARCHE",
    "MTE": "MONTEE",
    "PAS": "PASSAGE",
    "PL": "PLACE",
    "PLN": "PLAINE",
    "PLT": "PLATEAU",
    "PRO": "PROMENADE",
    "PRV": "PARVIS",
    "QUA": "QUARTIER",
    "RES": "RESIDENCE",
    "RLE": "RUELLE",
    "ROC": "ROCADE",
    "RPT": "ROND POINT",
    "RTE": "ROUTE",
    "SEN": "SENTE",
    "SQ": "SQUARE",
    "TPL": "TERRE PLEIN",
    "TRA": "TRAVERSE",
    "VLA": "VILLA",
    "VLGE": "VILLAGE",
}
"""The short street types of Insee; what is not here is written as it stands (RUE, QUAI…)."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where an establishment is. Every field may be unknown (None), masked ones included.

    ``street`` is the line of the way (number, repetition, type, name), already composed. ``commune`` is the Insee code,
    which tells the department better than the postcode. ``country`` is None in France.
    """

    complement: str | None = None
    street: str | None = None
    distribution: str | None = None
    """*Distribution spéciale*: a post-office box, a sorting code (BP, CS, TSA)."""
    postcode: str | None = None
    town: str | None = None
    commune: str | None = None
    cedex_code: str | None = None
    cedex_label: str | None = None
    country: str | None = None
    latitude: str | None = None
    """WGS 84, in degrees with at most five decimals: within a metre of the place."""
    longitude: str | None = None

    @property
    def town_line(self) -> str:
        """Postcode and town; the CEDEX replaces both when there is one, since mail goes there."""
        if self.cedex_code is not None:
            return _joined(self.cedex_code, self.cedex_label or f"{self.town or ''} CEDEX".strip())
        return _joined(self.postcode, self.town)

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of the postal address, from the building to the country; empty when nothing is known."""
        parts = (self.complement, self.street, self.distribution, self.town_line, self.country)
        return tuple(part for part in parts if part)

    @property
    def one_line(self) -> str:
        """The postal address on one line, comma between its parts."""
        return ", ".join(self.lines)

    @property
    def department(self) -> str | None:
        """The department or overseas territory (``31``, ``2A``, ``974``), from the commune."""
        return None if self.commune is None else department_of_commune(self.commune)

    @property
    def overseas(self) -> bool:
        """Whether the address is in an overseas department or territory."""
        return self.department is not None and len(self.department) == 3

    @property
    def territory(self) -> str | None:
        """The name of the overseas department or territory, to be shown under the address; None elsewhere."""
        return department_label(self.department) if self.overseas and self.department is not None else None


def compose_street(
    *,
    number: str | None,
    last_number: str | None = None,
    repetition: str | None = None,
    street_type: str | None = None,
    name: str | None = None,
) -> str | None:
    """The line of the way, as ``12 B RUE DE L ATELIER`` or ``12-16 RUE…``; None when nothing is known."""
    numbers = f"{number}-{last_number}" if number and last_number and last_number != number else number
    words = STREET_TYPES.get(street_type, street_type) if street_type else None
    return _joined(numbers, repetition, words, name) or None


def street_from_text(text: str, postcode: str | None, town: str | None) -> str:
    """The line of the way, from an address given as one string that ends with postcode and town."""
    for tail in (_joined(postcode, town), town or "", postcode or ""):
        if tail and text.endswith(tail):
            return text.removesuffix(tail).strip(" ,")
    # A CEDEX or an old name of the town after the postcode: the postcode still ends the street.
    if postcode and f" {postcode} " in text:
        return text.rpartition(f" {postcode} ")[0].strip(" ,")
    return text


def _joined(*parts: str | None) -> str:
    return " ".join(part for part in parts if part)
