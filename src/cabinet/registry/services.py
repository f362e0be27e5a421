"""What the screens ask of the registry: one call, one outcome, in French where a person reads it.

Only these functions are for other rooms. Call :func:`look_up` outside any database transaction.
"""

from dataclasses import dataclass
from datetime import date, datetime

from bocage.identifiers import KeyCheck, Siren, Siret, check_number
from bocage.referentials.naf import nace_2_1_class, naf_label
from bocage.referentials.sirene import legal_form_label, size_band_label
from bocage.registry import Company, Establishment, State, Unavailable, UnavailableReason
from bocage.wording import Sentence, key_sentence, sentence
from cabinet.registry import entries
from cabinet.registry.chain import Lookup, lookup
from cabinet.registry.enums import LookupCase, Source
from cabinet.registry.patience import BACKGROUND

__all__ = ["Details", "LookupOutcome", "Site", "look_up", "purge_cache"]


@dataclass(frozen=True, slots=True)
class Details:
    """One establishment, ready for a form; an empty text is unknown, and hidden when ``masked`` names its field.

    ``masked`` holds ``name``, ``trade_names``, ``street``, ``postcode``. ``street`` holds every line above the town;
    ``postcode`` and ``town`` are those of the mail (CEDEX), ``commune`` is the town itself.
    """

    siret: str
    name: str
    trade_names: tuple[str, ...]
    ape: str
    """NAF rév. 2, empty when the source no longer gives it."""
    ape_label: str
    ape_2025: str
    ape_2025_label: str
    """The label of the European class, in English: Insee's own list is not published with the registry yet."""
    street: str
    postcode: str
    town: str
    commune: str
    country: str
    territory: str
    """Overseas department or territory, empty in mainland France."""
    legal_form: str
    legal_form_label: str
    is_head_office: bool | None
    head_office: str
    opened_on: date | None
    closed_on: date | None
    is_open: bool | None
    size_band: str
    size_band_label: str
    size_year: int | None
    idcc: tuple[str, ...]
    sole_trader: bool
    foreign: bool
    partial: bool
    masked: tuple[str, ...]
    updated_on: date | None


@dataclass(frozen=True, slots=True)
class Site:
    """One line of the list of establishments of a company."""

    siret: str
    label: str
    """The trade name, else nothing."""
    address: str
    is_head_office: bool


@dataclass(frozen=True, slots=True)
class LookupOutcome:
    """What a number leads to. ``case`` says which fields to look at; the others are None or empty.

    bad_key: ``key``. found, found_closed, found_masked: ``details``; found_closed also ``closed_on`` and ``successor``.
    A closed and hidden establishment is found_closed with ``details.masked``. siren: ``details`` (head office),
    ``open_establishments``, and ``sites`` when ``sites_complete``. duplicate: the same, of ``kept_siren``. unreachable:
    ``reason``.
    ``source`` is kept beside each value, ``source_label`` is shown, ``read_at`` dates the answer.
    """

    case: LookupCase
    key: KeyCheck
    details: Details | None = None
    closed_on: date | None = None
    successor: str | None = None
    """The number that follows a closed establishment: its successor, else the head office of its company."""
    moved_office: bool = False
    """``successor`` is the present head office: no source says that it took over."""
    kept_siren: str = ""
    open_establishments: int | None = None
    sites: tuple[Site, ...] = ()
    sites_complete: bool = False
    reason: UnavailableReason | None = None
    source: str = ""
    source_label: str = ""
    read_at: datetime | None = None
    seconds: float = 0.0

    @property
    def nobody_answers(self) -> bool:
        """Whether another number would have no more luck now.

        False when a source answered something that cannot be read about this one: to wait for it would hold the others.
        """
        about_this_one = {UnavailableReason.MALFORMED, UnavailableReason.BAD_REQUEST}
        return self.case is LookupCase.UNREACHABLE and self.reason not in about_this_one

    @property
    def words(self) -> Sentence:
        """The case in French: what it is, then what to do."""
        if self.case is LookupCase.BAD_KEY:
            return key_sentence(self.key)
        closed = self.closed_on
        return say_case(
            self.case,
            no_source=self.reason is UnavailableReason.NO_SOURCE,
            date=f"{closed:%d/%m/%Y}" if closed else "une date inconnue",
            count=self.open_establishments,
            kept=self.kept_siren,
        )


def say_case(
    case: str, *, no_source: bool = False, date: str = "", count: int | None = None, kept: str = ""
) -> Sentence:
    """A case in French. ``count``: open establishments; ``kept``: the SIREN that remains of a unit registered twice."""
    code = "no_source" if no_source else case
    if case == LookupCase.SIREN and count is None:
        code = "siren_uncounted"
    shown = "" if count is None else f"{count:,}".replace(",", "\u00a0")
    return sentence("registry", code, date=date, count=shown, s="s" if (count or 0) > 1 else "", siren=_grouped(kept))


def _grouped(siren: str) -> str:
    """A SIREN by groups of three digits, no-break spaces between them."""
    return "\u00a0".join(siren[at : at + 3] for at in range(0, len(siren), 3))


def look_up(text: str, *, again: bool = False, in_background: bool = False) -> LookupOutcome:
    """Ask the registry about what a person typed: a SIRET, or the SIREN of a company.

    The key is checked first: a wrong number is never sent. ``again`` ignores the answers kept. ``in_background``:
    nobody waits, sources have more time and more tries. Never raises.
    """
    key = check_number(text)
    if not key.valid:
        return LookupOutcome(LookupCase.BAD_KEY, key)
    number = Siren(key.digits) if key.kind == "siren" else Siret(key.digits)
    return _outcome(key, lookup(number, again=again, patience=BACKGROUND if in_background else None))


def purge_cache() -> int:
    """Delete the answers that nobody has used for two years; how many went. For the recurring work."""
    return entries.purge_unused()


def _outcome(key: KeyCheck, found: Lookup) -> LookupOutcome:
    answer = found.answer
    if isinstance(answer, Unavailable):
        return LookupOutcome(LookupCase.UNREACHABLE, key, reason=answer.reason, seconds=found.seconds)
    if not isinstance(answer, Company):
        return LookupOutcome(LookupCase.UNKNOWN, key, seconds=found.seconds)
    place = answer.establishment(found.number) if isinstance(found.number, Siret) else None
    case = _case(answer, place) if found.kept_siren is None else LookupCase.DUPLICATE
    shown = place or (answer.establishment(answer.head_office) if answer.head_office else None)
    closed = None if shown is None else shown.closed or answer.closed
    office = None if place is None else _present_office(answer, place)
    return LookupOutcome(
        case,
        key,
        details=None if shown is None else _details(answer, shown),
        closed_on=closed,
        successor=office if shown is None else shown.successor or office,
        moved_office=office is not None,
        kept_siren=found.kept_siren or "",
        open_establishments=answer.open_establishments,
        sites=_sites(answer),
        sites_complete=answer.all_open_establishments,
        source=found.source or "",
        source_label=Source(found.source).label if found.source else "",
        read_at=found.read_at,
        seconds=found.seconds,
    )


def _present_office(company: Company, place: Establishment) -> Siret | None:
    """The head office to propose when a place is closed, its company is not, and nobody says what follows."""
    over = place.state is State.CLOSED and place.successor is None and company.state is State.OPEN
    return company.head_office if over and company.head_office != place.siret else None


def _case(company: Company, place: Establishment | None) -> LookupCase:
    if place is None:
        return LookupCase.SIREN
    if State.CLOSED in (place.state, company.state):
        return LookupCase.FOUND_CLOSED
    return LookupCase.FOUND_MASKED if _masked(company, place) else LookupCase.FOUND


def _masked(company: Company, place: Establishment) -> tuple[str, ...]:
    """What is hidden and that a form asks for: the acronym is not."""
    names = tuple(name for name in company.masked if name == "name")
    return (*names, *place.masked)


def _details(company: Company, place: Establishment) -> Details:
    address = place.address
    activities = place.activities if place.activities.main else company.activities
    found_class = nace_2_1_class(activities.naf_2025) if activities.naf_2025 else None
    size = company.size
    upper = (address.complement, address.street, address.distribution)
    return Details(
        siret=place.siret,
        name=company.name or "",
        trade_names=place.trade_names,
        ape=activities.naf_rev2 or "",
        ape_label=(activities.naf_rev2 and naf_label(activities.naf_rev2)) or "",
        ape_2025=activities.naf_2025 or "",
        ape_2025_label=(found_class and found_class.label_en) or "",
        street=", ".join(part for part in upper if part),
        postcode=address.cedex_code or address.postcode or "",
        town=(address.cedex_code and address.cedex_label) or address.town or "",
        commune=address.town or "",
        country=address.country or "",
        territory=address.territory or "",
        legal_form=company.legal_form or "",
        legal_form_label=(company.legal_form and legal_form_label(company.legal_form)) or "",
        is_head_office=place.head_office,
        head_office=company.head_office or "",
        opened_on=place.created,
        closed_on=place.closed or company.closed,
        is_open=_is_open(company, place),
        size_band=size.band if size else "",
        size_band_label=(size and size_band_label(size.band)) or "",
        size_year=size.year if size else None,
        idcc=place.collective_agreements or company.collective_agreements,
        sole_trader=company.sole_trader,
        foreign=company.foreign,
        partial=place.partial or company.partial,
        masked=_masked(company, place),
        updated_on=company.updated,
    )


def _is_open(company: Company, place: Establishment) -> bool | None:
    states = (place.state, company.state)
    if State.CLOSED in states:
        return False
    return True if place.state is State.OPEN else None


def _sites(company: Company) -> tuple[Site, ...]:
    """The open establishments that the source gives, head office first."""
    return tuple(
        Site(
            siret=one.siret,
            label=one.trade_names[0] if one.trade_names else "",
            address=one.address.one_line,
            is_head_office=one.siret == company.head_office,
        )
        for one in sorted(company.establishments, key=lambda one: (one.siret != company.head_office, one.siret))
        if one.state is not State.CLOSED
    )
