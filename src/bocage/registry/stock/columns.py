"""Which official columns the store keeps, and how a row is written in it.

A row is one text: the values in the order below, joined by :data:`FIELD`. Rows of a block are joined by :data:`ROW`.
"""

from collections.abc import Mapping
from typing import Final

FORMAT: Final = 1
"""Raised when what is below changes: a store of another format is not opened, the files are loaded again."""
FIELD: Final = "\x1f"
ROW: Final = "\x1e"
BLOCK_ROWS: Final = 64

UNIT_COLUMNS: Final = (
    "siren",
    "statutDiffusionUniteLegale",
    "dateCreationUniteLegale",
    "sigleUniteLegale",
    "prenom1UniteLegale",
    "prenomUsuelUniteLegale",
    "trancheEffectifsUniteLegale",
    "anneeEffectifsUniteLegale",
    "dateDernierTraitementUniteLegale",
    "categorieEntreprise",
    "dateDebut",
    "etatAdministratifUniteLegale",
    "nomUniteLegale",
    "nomUsageUniteLegale",
    "denominationUniteLegale",
    "denominationUsuelle1UniteLegale",
    "denominationUsuelle2UniteLegale",
    "denominationUsuelle3UniteLegale",
    "categorieJuridiqueUniteLegale",
    "activitePrincipaleUniteLegale",
    "nomenclatureActivitePrincipaleUniteLegale",
    "nicSiegeUniteLegale",
    "caractereEmployeurUniteLegale",
    "activitePrincipaleNAF25UniteLegale",
)
ESTABLISHMENT_COLUMNS: Final = (
    "siret",
    "statutDiffusionEtablissement",
    "dateCreationEtablissement",
    "trancheEffectifsEtablissement",
    "anneeEffectifsEtablissement",
    "dateDernierTraitementEtablissement",
    "etablissementSiege",
    "complementAdresseEtablissement",
    "numeroVoieEtablissement",
    "indiceRepetitionEtablissement",
    "dernierNumeroVoieEtablissement",
    "typeVoieEtablissement",
    "libelleVoieEtablissement",
    "codePostalEtablissement",
    "libelleCommuneEtablissement",
    "libelleCommuneEtrangerEtablissement",
    "distributionSpecialeEtablissement",
    "codeCommuneEtablissement",
    "codeCedexEtablissement",
    "libelleCedexEtablissement",
    "libellePaysEtrangerEtablissement",
    "dateDebut",
    "etatAdministratifEtablissement",
    "enseigne1Etablissement",
    "enseigne2Etablissement",
    "enseigne3Etablissement",
    "denominationUsuelleEtablissement",
    "activitePrincipaleEtablissement",
    "nomenclatureActivitePrincipaleEtablissement",
    "caractereEmployeurEtablissement",
    "activitePrincipaleNAF25Etablissement",
)
SUCCESSION_COLUMNS: Final = (
    "siretEtablissementPredecesseur",
    "siretEtablissementSuccesseur",
    "dateLienSuccession",
)
OPTIONAL: Final = frozenset(
    {
        "dernierNumeroVoieEtablissement",
        "activitePrincipaleNAF25Etablissement",
        "activitePrincipaleNAF25UniteLegale",
    }
)
"""Columns that files made before December 2025 do not have."""
DAYS: Final = frozenset({"dateDernierTraitementUniteLegale", "dateDernierTraitementEtablissement"})
"""Moments of which the day is enough."""

STATE_AT: Final = ESTABLISHMENT_COLUMNS.index("etatAdministratifEtablissement")
OFFICE_AT: Final = ESTABLISHMENT_COLUMNS.index("etablissementSiege")
TOWN_AT: Final = ESTABLISHMENT_COLUMNS.index("libelleCommuneEtablissement")


def unit_values(row: str) -> Mapping[str, object] | None:
    """The values of a unit by official column; None when the row is damaged."""
    return _values(row, UNIT_COLUMNS)


def establishment_values(row: str) -> Mapping[str, object] | None:
    """The values of an establishment by official column; None when the row is damaged."""
    values = _values(row, ESTABLISHMENT_COLUMNS)
    if values is None:
        return None
    return {**values, "etablissementSiege": values["etablissementSiege"] == "true"}


def _values(row: str, columns: tuple[str, ...]) -> dict[str, object] | None:
    fields = row.split(FIELD)
    return dict(zip(columns, fields, strict=True)) if len(fields) == len(columns) else None
