"""The columns that Insee gives a unit and an establishment: the same names in its API and in its stock files."""

from collections.abc import Mapping
from datetime import date

from bocage.identifiers import Siren, Siret
from bocage.registry.address import Address, compose_street
from bocage.registry.company import SOLE_TRADER, Company, Establishment, State
from bocage.registry.coordinates import from_lambert_93
from bocage.registry.fields import Fields, activities

PARTIAL = frozenset({"P", "N"})
"""The statuses of *diffusion partielle*; N in old files."""
STATES: Mapping[str, State] = {"A": State.OPEN, "F": State.CLOSED, "C": State.CLOSED}


def unit_of(values: Mapping[str, object], siren: Siren, *, asked_on: date) -> Company:
    """A legal unit from the values of its current period, without any establishment."""
    unit = Fields.of(values)
    partial = unit.text("statutDiffusionUniteLegale") in PARTIAL
    legal_form = unit.text("categorieJuridiqueUniteLegale")
    nameless = partial and (legal_form or SOLE_TRADER)[0] in "12"
    usual = (
        unit.text(f"denominationUsuelle{rank}UniteLegale", hides="usual_names", always=partial) for rank in (1, 2, 3)
    )
    return Company(
        siren=siren,
        name=_name(unit, nameless),
        usual_names=tuple(dict.fromkeys(name for name in usual if name)),
        acronym=unit.text("sigleUniteLegale", hides="acronym", always=partial),
        legal_form=legal_form,
        state=STATES.get(unit.text("etatAdministratifUniteLegale") or ""),
        activities=activities(
            unit.text("activitePrincipaleUniteLegale"),
            unit.text("activitePrincipaleNAF25UniteLegale"),
            unit.text("nomenclatureActivitePrincipaleUniteLegale"),
            asked_on,
        ),
        size=unit.size("trancheEffectifsUniteLegale", "anneeEffectifsUniteLegale"),
        category=unit.text("categorieEntreprise"),
        employer=unit.flag("caractereEmployeurUniteLegale"),
        created=unit.day("dateCreationUniteLegale"),
        updated=unit.day("dateDernierTraitementUniteLegale"),
        head_office=Siret.parse(f"{siren}{unit.text('nicSiegeUniteLegale') or ''}"),
        partial=partial,
        masked=tuple(unit.masked),
    )


def _name(unit: Fields, nameless: bool) -> str | None:
    """The name of a company, or first name and name of use of a person."""

    def read(key: str) -> str | None:
        return unit.text(key, hides="name", always=nameless)

    company = read("denominationUniteLegale")
    if company is not None:
        return company
    first = read("prenomUsuelUniteLegale") or read("prenom1UniteLegale")
    last = read("nomUsageUniteLegale") or read("nomUniteLegale")
    return " ".join(part for part in (first, last) if part) or read("denominationUsuelle1UniteLegale")


def establishment_of(
    values: Mapping[str, object], address: Mapping[str, object], closed: date | None, *, asked_on: date
) -> Establishment | None:
    """An establishment from the values of its current period, None when its SIRET is not one.

    ``address`` holds the fields of the address: the same mapping in a stock file, one of its own in the API.
    """
    place = Fields.of(values)
    siret = place.siret("siret")
    if siret is None:
        return None
    partial = place.text("statutDiffusionEtablissement") in PARTIAL
    keys = (*(f"enseigne{rank}Etablissement" for rank in (1, 2, 3)), "denominationUsuelleEtablissement")
    names = [place.text(key, hides="trade_names") for key in keys]
    where = Fields.of(address)
    built = _address(where, partial)
    return Establishment(
        siret=siret,
        head_office=place.flag("etablissementSiege"),
        state=STATES.get(place.text("etatAdministratifEtablissement") or ""),
        address=built,
        trade_names=tuple(dict.fromkeys(name for name in names if name)),
        activities=activities(
            place.text("activitePrincipaleEtablissement"),
            place.text("activitePrincipaleNAF25Etablissement"),
            place.text("nomenclatureActivitePrincipaleEtablissement"),
            asked_on,
        ),
        size=place.size("trancheEffectifsEtablissement", "anneeEffectifsEtablissement"),
        employer=place.flag("caractereEmployeurEtablissement"),
        created=place.day("dateCreationEtablissement"),
        closed=closed,
        partial=partial,
        masked=tuple(dict.fromkeys((*place.masked, *where.masked))),
    )


def _address(address: Fields, partial: bool) -> Address:
    def street_part(key: str) -> str | None:
        return address.text(f"{key}Etablissement", hides="street", always=partial)

    def postal_part(key: str) -> str | None:
        return address.text(f"{key}Etablissement", hides="postcode", always=partial)

    abscissa = street_part("coordonneeLambertAbscisse")
    ordinate = street_part("coordonneeLambertOrdonnee")
    # Overseas establishments have coordinates of other projections: only those of mainland France are read.
    mainland = not (address.text("codeCommuneEtablissement") or "").startswith(("97", "98"))
    place = from_lambert_93(abscissa, ordinate) if mainland else None
    return Address(
        complement=street_part("complementAdresse"),
        street=compose_street(
            number=street_part("numeroVoie"),
            last_number=street_part("dernierNumeroVoie"),
            repetition=street_part("indiceRepetition"),
            street_type=street_part("typeVoie"),
            name=street_part("libelleVoie"),
        ),
        distribution=street_part("distributionSpeciale"),
        postcode=postal_part("codePostal"),
        town=address.text("libelleCommuneEtrangerEtablissement") or address.text("libelleCommuneEtablissement"),
        commune=address.text("codeCommuneEtablissement"),
        cedex_code=postal_part("codeCedex"),
        cedex_label=postal_part("libelleCedex"),
        country=address.text("libellePaysEtrangerEtablissement"),
        latitude=place[0] if place else None,
        longitude=place[1] if place else None,
    )
