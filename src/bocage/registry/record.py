"""A company as plain data (JSON), to be kept in a cache or shipped in a file, and back.

Only public facts of the registry, already masked: nothing more can be read back from a record than a screen may show.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date

from bocage.identifiers import Naf, Siren, Siret
from bocage.registry.address import Address
from bocage.registry.company import Activities, Company, Establishment, Size, State
from bocage.registry.fields import Fields, as_int, as_list, as_mapping

type Record = dict[str, object]


def to_record(company: Company) -> Record:
    """Plain data: strings, numbers, booleans, lists, objects; dates in ISO form."""
    return _without_blanks(asdict(company))


def from_record(record: Mapping[str, object]) -> Company | None:
    """The company of a record, None when it is not one (an older form, an edited file)."""
    unit = Fields.of(record)
    siren = Siren.parse(unit.text("siren") or "")
    if siren is None:
        return None
    places = (_establishment(as_mapping(place)) for place in as_list(record.get("establishments")))
    former = (Siret.parse(text) for text in unit.texts("former_head_offices"))
    return Company(
        siren=siren,
        name=unit.text("name"),
        acronym=unit.text("acronym"),
        usual_names=unit.texts("usual_names"),
        legal_form=unit.text("legal_form"),
        state=_state(unit),
        activities=_activities(unit),
        size=_size(unit),
        category=unit.text("category"),
        employer=unit.flag("employer"),
        created=unit.day("created"),
        closed=unit.day("closed"),
        updated=unit.day("updated"),
        open_establishments=as_int(record.get("open_establishments")),
        head_office=unit.siret("head_office"),
        former_head_offices=tuple(one for one in former if one is not None),
        establishments=tuple(one for one in places if one is not None),
        all_open_establishments=unit.flag("all_open_establishments") or False,
        collective_agreements=unit.texts("collective_agreements"),
        labels=unit.texts("labels"),
        partial=unit.flag("partial") or False,
        masked=unit.texts("masked"),
    )


def _establishment(record: Mapping[str, object]) -> Establishment | None:
    place = Fields.of(record)
    siret = place.siret("siret")
    if siret is None:
        return None
    address = Fields.of(record.get("address"))
    return Establishment(
        siret=siret,
        head_office=place.flag("head_office"),
        former_head_office=place.flag("former_head_office") or False,
        state=_state(place),
        address=Address(**{name: address.text(name) for name in Address.__dataclass_fields__}),
        trade_names=place.texts("trade_names"),
        activities=_activities(place),
        size=_size(place),
        employer=place.flag("employer"),
        created=place.day("created"),
        closed=place.day("closed"),
        collective_agreements=place.texts("collective_agreements"),
        partial=place.flag("partial") or False,
        masked=place.texts("masked"),
        successor=place.siret("successor"),
    )


def _state(fields: Fields) -> State | None:
    text = fields.text("state")
    return State(text) if text in set(State) else None


def _activities(fields: Fields) -> Activities:
    codes = Fields.of(fields.values.get("activities"))
    return Activities(Naf.parse(codes.text("naf_rev2") or ""), Naf.parse(codes.text("naf_2025") or ""))


def _size(fields: Fields) -> Size | None:
    size = Fields.of(fields.values.get("size"))
    band = size.text("band")
    return None if band is None else Size(band, as_int(size.values.get("year")))


def _without_blanks(value: Mapping[str, object]) -> Record:
    return {key: _plain(item) for key, item in value.items() if item is not None and item != ()}


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return _without_blanks(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, State) else value
