"""Answers of the API Sirene 3.11 (Insee): one establishment, one unit, the establishments of a unit, successions.

What changes in time is in periods. The current one is the one without an end, wherever it stands in the list.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from bocage.identifiers import Siren, Siret
from bocage.registry.columns import STATES, establishment_of, unit_of
from bocage.registry.company import Company, Establishment, State
from bocage.registry.fields import Fields, as_int, as_list, as_mapping
from bocage.registry.port import Answer, Duplicate, NotFound, Unavailable, UnavailableReason

_ERRORS: Mapping[int, UnavailableReason] = {
    400: UnavailableReason.BAD_REQUEST,
    401: UnavailableReason.REFUSED,
    406: UnavailableReason.BAD_REQUEST,
    414: UnavailableReason.BAD_REQUEST,
    429: UnavailableReason.RATE_LIMITED,
}


def parse_status(status: int, number: Siren | Siret, *, location: str | None = None) -> Answer:
    """What a status other than 200 means. ``location`` is the header of that name, which a 301 carries.

    403 (a unit that is not public) and 404 both leave us without the company: not found.
    """
    if status in {403, 404}:
        return NotFound(number)
    if status == 301:
        kept = Siren.parse((location or "").rpartition("/")[2][:9])
        return Duplicate(number, kept) if kept else NotFound(number)
    return Unavailable(_ERRORS.get(status, UnavailableReason.SERVER_ERROR))


def parse_siret(document: object, number: Siret, *, asked_on: date) -> Answer:
    """Read ``/siret/{siret}``: the establishment and the current values of its unit."""
    place = as_mapping(as_mapping(document).get("etablissement"))
    if not place:
        return Unavailable(UnavailableReason.MALFORMED)
    if place.get("siret") != number:
        return NotFound(number)
    company = _company_of((place,), asked_on)
    return company if company is not None else Unavailable(UnavailableReason.MALFORMED)


def parse_siren(document: object, number: Siren, *, asked_on: date) -> Answer:
    """Read ``/siren/{siren}``: the unit with all its periods; its head office is a number only."""
    unit = as_mapping(as_mapping(document).get("uniteLegale"))
    if not unit:
        return Unavailable(UnavailableReason.MALFORMED)
    if unit.get("siren") != number:
        return NotFound(number)
    periods = [as_mapping(period) for period in as_list(unit.get("periodesUniteLegale"))]
    company = unit_of({**_current(periods), **unit}, number, asked_on=asked_on)
    offices = (Siret.parse(f"{number}{period.get('nicSiegeUniteLegale')}") for period in _latest_first(periods))
    former = tuple(dict.fromkeys(one for one in offices if one is not None and one != company.head_office))
    return replace(company, former_head_offices=former, closed=_closed(periods, "etatAdministratifUniteLegale"))


def parse_sites(pages: Iterable[object], number: Siren, *, asked_on: date) -> Answer:
    """Read every page of ``/siret?q=siren:…``: the unit and all its establishments, head office first."""
    places = [as_mapping(place) for page in pages for place in as_list(as_mapping(page).get("etablissements"))]
    ours = [place for place in places if place.get("siren") == number]
    company = _company_of(ours, asked_on)
    if company is None:
        return NotFound(number)
    count = sum(one.state is State.OPEN for one in company.establishments)
    return replace(company, all_open_establishments=True, open_establishments=count)


def next_cursor(document: object) -> str | None:
    """The cursor of the next page, None after the last: the one whose next cursor is its own."""
    header = Fields.of(as_mapping(document).get("header"))
    following = header.text("curseurSuivant")
    return None if following == header.text("curseur") else following


def counts_of(pages: Sequence[object]) -> tuple[int, int]:
    """How many establishments the service announces, and how many the pages hold."""
    told = as_int(as_mapping(as_mapping(pages[0]).get("header")).get("total")) if pages else None
    return told or 0, sum(len(as_list(as_mapping(page).get("etablissements"))) for page in pages)


def parse_successor(document: object, siret: Siret) -> Siret | None:
    """Read ``/siret/liensSuccession``: the establishment that follows ``siret``, by the latest link, or None."""
    links = [Fields.of(link) for link in as_list(as_mapping(document).get("liensSuccession"))]
    ours = [link for link in links if link.siret("siretEtablissementPredecesseur") == siret]
    ours.sort(key=lambda link: link.day("dateLienSuccession") or date.min)
    return ours[-1].siret("siretEtablissementSuccesseur") if ours else None


def _company_of(places: Iterable[Mapping[str, object]], asked_on: date) -> Company | None:
    found = [(place, one) for place in places if (one := _establishment(place, asked_on)) is not None]
    if not found:
        return None
    company = unit_of(as_mapping(found[0][0].get("uniteLegale")), found[0][1].siret.siren, asked_on=asked_on)
    establishments = sorted((one for _, one in found), key=lambda one: (not one.head_office, one.siret))
    office = next((one.siret for one in establishments if one.head_office), company.head_office)
    return replace(company, establishments=tuple(establishments), head_office=office)


def _establishment(values: Mapping[str, object], asked_on: date) -> Establishment | None:
    periods = [as_mapping(period) for period in as_list(values.get("periodesEtablissement"))]
    closed = _closed(periods, "etatAdministratifEtablissement")
    address = as_mapping(values.get("adresseEtablissement"))
    return establishment_of({**_current(periods), **values}, address, closed, asked_on=asked_on)


def _current(periods: Iterable[Mapping[str, object]]) -> Mapping[str, object]:
    return next((period for period in periods if period.get("dateFin") is None), {})


def _latest_first(periods: Iterable[Mapping[str, object]]) -> list[Mapping[str, object]]:
    return sorted(periods, key=lambda period: str(period.get("dateDebut") or ""), reverse=True)


def _closed(periods: Iterable[Mapping[str, object]], state_key: str) -> date | None:
    """The day of closing: the start of the last unbroken run of closed periods, None when the current one is open."""
    day = None
    for period in _latest_first(periods):
        if STATES.get(str(period.get(state_key))) is not State.CLOSED:
            break
        day = Fields.of(period).day("dateDebut")
    return day
