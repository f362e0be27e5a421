"""Answers of the API Recherche d'entreprises (DINUM), ``/search``.

A search by SIREN gives the head office only, a search by SIRET adds the establishment asked; neither lists the others.
Every field is optional and unknown fields are ignored, as the service recommends.
"""

from collections.abc import Mapping
from datetime import date

from bocage.identifiers import Siren, Siret
from bocage.registry.address import Address, compose_street, street_from_text
from bocage.registry.company import SOLE_TRADER, Company, Establishment, State
from bocage.registry.coordinates import degrees
from bocage.registry.fields import Fields, activities, as_int, as_list, as_mapping
from bocage.registry.port import Answer, NotFound, Unavailable, UnavailableReason

_PARTIAL = frozenset({"P", "N"})
_UNIT_STATES: Mapping[str, State] = {"A": State.OPEN, "C": State.CLOSED}
_LABELS: Mapping[str, str] = {
    "est_ess": "Économie sociale et solidaire",
    "est_societe_mission": "Société à mission",
    "est_bio": "Professionnel du bio",
    "est_rge": "Reconnu garant de l’environnement (RGE)",
    "est_qualiopi": "Organisme de formation certifié Qualiopi",
    "est_patrimoine_vivant": "Entreprise du patrimoine vivant",
    "est_achats_responsables": "Relations fournisseurs et achats responsables",
}
_ESTABLISHMENT_STATES: Mapping[str, State] = {"A": State.OPEN, "F": State.CLOSED}


def parse_search(document: object, number: Siren | Siret, *, asked_on: date) -> Answer:
    """Read a decoded ``/search`` answer and keep the unit of ``number``.

    ``asked_on`` tells which nomenclature the activity codes belong to. A SIRET that the answer does not hold is not
    found, even when its company is known.
    """
    results = as_mapping(document).get("results")
    if not isinstance(results, list):
        return Unavailable(UnavailableReason.MALFORMED)
    siren = number[:9]
    company = next((_company(unit, asked_on) for unit in results if as_mapping(unit).get("siren") == siren), None)
    if company is None or (isinstance(number, Siret) and company.establishment(number) is None):
        return NotFound(number)
    return company


def parse_names(document: object, *, asked_on: date) -> tuple[Company, ...] | Unavailable:
    """The companies of a decoded ``/search`` by name, in the order of the service.

    Units whose name is hidden are left out: nobody may look for them by name.
    """
    results = as_mapping(document).get("results")
    if not isinstance(results, list):
        return Unavailable(UnavailableReason.MALFORMED)
    found = (_company(unit, asked_on) for unit in results)
    return tuple(one for one in found if one is not None and one.name is not None)


def _company(value: object, asked_on: date) -> Company | None:
    unit = Fields.of(value)
    siren = Siren.parse(unit.text("siren") or "")
    if siren is None:
        return None
    partial = unit.text("statut_diffusion") in _PARTIAL
    legal_form = unit.text("nature_juridique")
    # Persons and groups without legal personality lose their name; a company keeps it.
    nameless = partial and (legal_form or SOLE_TRADER)[0] in "12"
    full_name = unit.text("nom_complet", hides="name", always=nameless)
    legal_name = unit.text("nom_raison_sociale", hides="name", always=nameless)
    office = _establishment(unit.values.get("siege"), asked_on, head_office=True)
    others = [_establishment(one, asked_on) for one in as_list(unit.values.get("matching_etablissements"))]
    complements = Fields.of(unit.values.get("complements"))
    return Company(
        siren=siren,
        name=full_name if legal_form == SOLE_TRADER else legal_name or full_name,
        acronym=unit.text("sigle", hides="acronym", always=partial),
        legal_form=legal_form,
        state=_UNIT_STATES.get(unit.text("etat_administratif") or ""),
        activities=activities(unit.text("activite_principale"), unit.text("activite_principale_naf25"), None, asked_on),
        size=unit.size("tranche_effectif_salarie", "annee_tranche_effectif_salarie"),
        category=unit.text("categorie_entreprise"),
        employer=unit.flag("caractere_employeur"),
        created=unit.day("date_creation"),
        closed=unit.day("date_fermeture"),
        updated=unit.day("date_mise_a_jour_insee") or unit.day("date_mise_a_jour"),
        open_establishments=as_int(unit.values.get("nombre_etablissements_ouverts")),
        head_office=office.siret if office else None,
        former_head_offices=tuple(one.siret for one in others if one and one.former_head_office),
        establishments=_merged(office, others),
        collective_agreements=complements.texts("liste_idcc"),
        labels=tuple(label for key, label in _LABELS.items() if complements.flag(key)),
        partial=partial,
        masked=tuple(unit.masked),
    )


def _merged(office: Establishment | None, others: list[Establishment | None]) -> tuple[Establishment, ...]:
    """Head office first; the head office itself is described better than the same place found by its SIRET."""
    seen: dict[Siret, Establishment] = {}
    for one in (office, *others):
        if one is not None:
            seen.setdefault(one.siret, one)
    return tuple(seen.values())


def _establishment(value: object, asked_on: date, *, head_office: bool | None = None) -> Establishment | None:
    place = Fields.of(value)
    siret = place.siret("siret")
    if siret is None:
        return None
    partial = place.text("statut_diffusion_etablissement") in _PARTIAL
    address = _address(place, partial)
    signs = place.texts("liste_enseignes", hides="trade_names")
    trade_name = place.text("nom_commercial", hides="trade_names")
    is_office = place.flag("est_siege")
    return Establishment(
        siret=siret,
        head_office=is_office if is_office is not None else head_office,
        former_head_office=place.flag("ancien_siege") or False,
        state=_ESTABLISHMENT_STATES.get(place.text("etat_administratif") or ""),
        address=address,
        trade_names=tuple(dict.fromkeys((*signs, *((trade_name,) if trade_name else ())))),
        activities=activities(
            place.text("activite_principale"), place.text("activite_principale_naf25"), None, asked_on
        ),
        size=place.size("tranche_effectif_salarie", "annee_tranche_effectif_salarie"),
        employer=place.flag("caractere_employeur"),
        created=place.day("date_creation"),
        closed=place.day("date_fermeture"),
        collective_agreements=place.texts("liste_idcc"),
        partial=partial,
        masked=tuple(place.masked),
    )


def _address(place: Fields, partial: bool) -> Address:
    def street_part(key: str) -> str | None:
        return place.text(key, hides="street", always=partial)

    postcode = place.text("code_postal", hides="postcode", always=partial)
    town = place.text("libelle_commune_etranger") or place.text("libelle_commune")
    whole = street_part("adresse")
    street = compose_street(
        number=street_part("numero_voie"),
        last_number=street_part("dernier_numero_voie"),
        repetition=street_part("indice_repetition"),
        street_type=street_part("type_voie"),
        name=street_part("libelle_voie"),
    )
    if street is None and whole is not None and "libelle_voie" not in place.values:
        street = street_from_text(whole, postcode, town) or None
    return Address(
        complement=street_part("complement_adresse"),
        street=street,
        distribution=street_part("distribution_speciale"),
        postcode=postcode,
        town=town,
        commune=place.text("commune"),
        cedex_code=place.text("cedex", hides="postcode", always=partial),
        cedex_label=place.text("libelle_cedex", hides="postcode", always=partial),
        country=place.text("libelle_pays_etranger"),
        latitude=degrees(street_part("latitude")),
        longitude=degrees(street_part("longitude")),
    )
