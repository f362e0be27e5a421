"""What a draft holds, step by step: plain texts as a person typed them, and what the registry answered.

Nothing here is trusted: :mod:`cabinet.onboarding.checks` judges it again at each step and before saving.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime
from enum import IntEnum
from typing import Any
from uuid import UUID

from bocage.identifiers import Naf, Siret, check_number
from cabinet.clients.details import CORRECTABLE, CompanyDetails, Organisation
from cabinet.registry.enums import LookupCase

BY_HAND = frozenset({LookupCase.UNKNOWN, LookupCase.UNREACHABLE})
"""The cases in which a person types what the registry could not give."""


class Step(IntEnum):
    """The four steps, in order."""

    COMPANY = 1
    ORGANISATION = 2
    DATA = 3
    SUMMARY = 4


@dataclass(frozen=True, slots=True)
class Found:
    """What the registry answered about ``number``. Texts only, dates in ISO form; empty is unknown or masked."""

    number: str
    case: str
    name: str = ""
    ape: str = ""
    ape_2025: str = ""
    ape_2025_label: str = ""
    idcc: str = ""
    street: str = ""
    postcode: str = ""
    town: str = ""
    country: str = ""
    commune: str = ""
    """The town itself, where the mail goes to a CEDEX."""
    territory: str = ""
    """Overseas department or territory."""
    head_office: str = ""
    legal_form: str = ""
    is_head_office: bool | None = None
    is_open: bool | None = None
    opened_on: str = ""
    closed_on: str = ""
    size_band: str = ""
    size_year: int | None = None
    partial: bool = False
    masked: tuple[str, ...] = ()
    successor: str = ""
    moved_office: bool = False
    """``successor`` is the present head office: no source says that it took over."""
    kept_siren: str = ""
    """The SIREN that remains of a company registered twice."""
    open_establishments: int | None = None
    sites: tuple[tuple[str, str, str, bool], ...] = ()
    """SIRET, trade name, address and whether it is the head office, of each open establishment known."""
    sites_complete: bool = False
    updated_on: str = ""
    reason: str = ""
    """Why the registry did not answer."""
    source: str = ""
    source_label: str = ""
    read_at: str = ""
    seconds: float = 0.0

    @property
    def has_company(self) -> bool:
        """Whether the registry knows the establishment."""
        return self.case in {LookupCase.FOUND, LookupCase.FOUND_CLOSED, LookupCase.FOUND_MASKED}

    @property
    def is_closed(self) -> bool:
        return self.case == LookupCase.FOUND_CLOSED

    @property
    def moment(self) -> datetime | None:
        """When the registry answered."""
        return datetime.fromisoformat(self.read_at) if self.read_at else None


@dataclass(frozen=True, slots=True)
class CompanyStep:
    """The number as typed, the answer about it, and the fields as the person leaves them."""

    typed: str = ""
    found: Found | None = None
    name: str = ""
    ape: str = ""
    idcc: str = ""
    street: str = ""
    postcode: str = ""
    town: str = ""
    country: str = ""
    create_closed: bool = False
    file_code: str = ""
    contact_name: str = ""
    contact_email: str = ""

    @property
    def siret(self) -> str:
        """The fourteen digits, empty while they are not a valid SIRET."""
        return Siret.parse(self.typed) or ""

    @property
    def answer(self) -> Found | None:
        """What the registry said of the number that is typed now; None when it was asked about another."""
        digits = check_number(self.typed).digits
        return self.found if self.found is not None and self.found.number == digits else None

    @property
    def corrected(self) -> dict[str, str]:
        """Field → the registry's value, for each field that the person changed. What is masked cannot be corrected."""
        answer = self.answer
        if answer is None or not answer.has_company:
            return {}
        return {
            name: getattr(answer, name)
            for name in CORRECTABLE
            if name not in answer.masked and getattr(self, name) != getattr(answer, name)
        }

    def details(self) -> CompanyDetails:
        """The client's company. Call it once the step was found right."""
        answer = self.answer
        known = answer if answer is not None and answer.has_company else Found(self.siret, LookupCase.UNKNOWN)
        return CompanyDetails(
            siret=self.siret,
            name=self.name,
            ape=Naf.parse(self.ape) or "",
            ape_2025=known.ape_2025,
            street=self.street,
            postcode=self.postcode,
            town=self.town,
            country=self.country,
            legal_form=known.legal_form,
            is_head_office=known.is_head_office,
            opened_on=_day(known.opened_on),
            closed_on=_day(known.closed_on),
            size_band=known.size_band,
            idcc=self.idcc,
            registry_source=known.source,
            registry_at=known.moment,
            to_complete=not known.has_company,
            corrected=self.corrected,
        )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


_ALWAYS_TYPED = ("typed", "file_code", "contact_name", "contact_email")


def typed_company(values: Mapping[str, str], kept: CompanyStep) -> CompanyStep:
    """The first step as a form sends it, over what is kept.

    The fields that the registry fills in are believed only when the form drew them for the number that is typed:
    ``card`` says for which one it did. Another number forgets them.
    """

    def sent(names: Iterable[str]) -> dict[str, Any]:
        return {name: " ".join(values[name].split()) for name in names if name in values}

    company = replace(kept, **sent(_ALWAYS_TYPED))
    answer = company.answer
    if answer is None:
        blank: dict[str, Any] = dict.fromkeys(CORRECTABLE, "")
        return replace(company, found=None, create_closed=False, **blank)
    if values.get("card") != answer.number:
        return company
    return replace(company, create_closed="create_closed" in values, **sent(CORRECTABLE))


@dataclass(frozen=True, slots=True)
class OrganisationStep:
    """Who is in charge, and the portfolios: ids as texts."""

    manager_id: str = ""
    portfolio_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TypedYear:
    """The two dates of a fiscal year, as typed (ISO, or whatever was sent)."""

    start: str = ""
    end: str = ""

    @property
    def blank(self) -> bool:
        return not (self.start or self.end)


@dataclass(frozen=True, slots=True)
class DataStep:
    """The dates typed for each FEC (by the id of its import), or for a year without a FEC (under ``""``)."""

    skipped: bool = False
    years: dict[str, TypedYear] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Payload:
    """All that the draft holds, besides its files."""

    company: CompanyStep = field(default_factory=CompanyStep)
    organisation: OrganisationStep = field(default_factory=OrganisationStep)
    data: DataStep = field(default_factory=DataStep)

    def organisation_terms(self) -> Organisation:
        """What the firm adds to the company. Call it once the step was found right."""
        return Organisation(
            manager_id=UUID(self.organisation.manager_id),
            portfolio_ids=tuple(UUID(text) for text in self.organisation.portfolio_ids),
            file_code=self.company.file_code,
            contact_name=self.company.contact_name,
            contact_email=self.company.contact_email,
        )


def to_bytes(payload: Payload) -> bytes:
    """The payload, ready to be sealed."""
    return json.dumps(asdict(payload), ensure_ascii=False, separators=(",", ":")).encode()


def from_bytes(content: bytes) -> Payload:
    """The payload back. What an earlier version wrote and this one does not know is left out."""
    raw = json.loads(content)
    company = dict(raw.get("company", {}))
    answer = company.pop("found", None)
    data = dict(raw.get("data", {}))
    years = {key: _build(TypedYear, value) for key, value in data.pop("years", {}).items()}
    return Payload(
        company=_build(CompanyStep, company | {"found": None if answer is None else _found(answer)}),
        organisation=_build(OrganisationStep, raw.get("organisation", {})),
        data=_build(DataStep, data | {"years": years}),
    )


def _found(raw: Mapping[str, Any]) -> Found:
    return _build(Found, {**raw, "sites": tuple(tuple(site) for site in raw.get("sites", ()))})


def _build[T](kind: type[T], raw: Mapping[str, Any]) -> T:
    known = {one.name for one in fields(kind)}  # type: ignore[arg-type]  # always called with one of our dataclasses
    return kind(
        **{key: tuple(value) if isinstance(value, list) else value for key, value in raw.items() if key in known}
    )
