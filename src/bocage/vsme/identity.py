"""General information (B1): options of the report, the registry, its sites."""

from collections.abc import Callable, Mapping
from functools import partial

from bocage.referentials.naf import nace_2_1_class
from bocage.referentials.vsme import legal_form
from bocage.registry import Company, Establishment, State
from bocage.vsme.evidence import Evidence
from bocage.vsme.values import Cell, Valued

OTHER_FORM = "OtherUndertakingsLegalFormMember"
FRANCE = "FR"


def accidents(code: str, known: Evidence) -> Valued | None:
    """Accidents at work: those without a stop are in no DSN, so the figure always waits for a confirmation."""
    found = known.results.get(code)
    if found is None or found.value is None:
        return None
    unit = "pure"
    return Valued(found.value, unit, (code,), "accidents_without_stop")


def _option(member: str, _known: Evidence) -> Valued | None:
    return Valued(member, "", ("choice",), "default_choice")


def _form(known: Evidence) -> Valued | None:
    category = known.company.legal_form if known.company else None
    found = legal_form(category) if category else None
    if found is None:
        return None
    return Valued(found.member, "", ("registry:legal_form",), "" if found.sure else "legal_form_likely")


def _other_form(known: Evidence) -> Valued | None:
    category = known.company.legal_form if known.company else None
    found = legal_form(category) if category else None
    if found is None or found.member != OTHER_FORM:
        return None
    return Valued(found.label, "", ("registry:legal_form",))


def _nace(known: Evidence) -> Valued | None:
    """The class of NAF 2025 as it is; from NAF rév. 2, the class of the same four digits when there is one."""
    newer = known.company.activities.naf_2025 if known.company else None
    found = nace_2_1_class(newer) if newer else None
    if found is not None:
        return Valued(found.xbrl_member, "", ("registry:naf_2025",))
    older = known.activity
    found = nace_2_1_class(older) if older else None
    return None if found is None else Valued(found.xbrl_member, "", ("registry:naf",), "naf_rev2_to_nace")


def _country(known: Evidence) -> Valued | None:
    company = known.company
    if company is None or company.foreign:
        return None
    return Valued(FRANCE, "", ("registry:address",), "head_office_only")


def _certifications(known: Evidence) -> Valued | None:
    labels = known.company.labels if known.company else ()
    return Valued("\n".join(labels), "", ("registry:labels",), "labels_of_registry") if labels else None


def _sites(company: Company | None) -> list[Establishment]:
    """Open establishments, head office first."""
    return [one for one in company.establishments if one.state is not State.CLOSED] if company else []


def _by_site(read: Callable[[Establishment], str | None], known: Evidence) -> Valued | None:
    """One value a site; to confirm when a site lacks it or when the registry did not list them all."""
    sites = _sites(known.company)
    cells = tuple(Cell(one.siret, value) for one in sites if (value := read(one)))
    if known.company is None or not cells:
        return None
    open_ones = known.company.open_establishments
    listed = known.company.all_open_establishments or (open_ones is not None and open_ones <= len(sites))
    confirm = "" if listed else "sites_not_all_listed"
    confirm = "site_value_unknown" if len(cells) < len(sites) else confirm
    return Valued(cells, "", ("registry:establishments",), confirm or "sites_used")


def _street(site: Establishment) -> str | None:
    address = site.address
    return ", ".join(part for part in (address.complement, address.street, address.distribution) if part) or None


def _where(site: Establishment) -> str | None:
    address = site.address
    return None if not (address.latitude and address.longitude) else f"{address.latitude}, {address.longitude}"


FINDERS: Mapping[str, Callable[[Evidence], Valued | None]] = {
    "BasisForPreparation": partial(_option, "OptionABasicModuleOnlyMember"),
    "BasisForReporting": partial(_option, "IndividualMember"),
    "UndertakingsLegalForm": _form,
    "OtherUndertakingsLegalForm": _other_form,
    "NaceSectorClassificationCodes": _nace,
    "CountryOfPrimaryOperationsAndLocationOfSignificantAssets": _country,
    "DescriptionOfSustainabilityRelatedCertificationsOrLabels": _certifications,
    "AddressOfSite": partial(_by_site, _street),
    "PostalCodeOfSite": partial(_by_site, lambda site: site.address.postcode),
    "CityOfSite": partial(_by_site, lambda site: site.address.town),
    "CountryOfSite": partial(_by_site, lambda site: site.address.country or FRANCE),
    "GPSLocationOfSite": partial(_by_site, _where),
}
