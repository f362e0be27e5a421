"""What blocks each step. Codes only: the screens give them their words."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from bocage.identifiers import Naf, check_number
from bocage.identifiers.period import minus_months
from cabinet.accounts.actors import Actor
from cabinet.clients.details import CORRECTABLE, Organisation
from cabinet.clients.services import (
    AlreadyFollowed,
    FileCodeTaken,
    UnknownManager,
    UnknownPortfolio,
    WouldBeInvisible,
    check_file_code_free,
    check_organisation,
    check_siret_free,
)
from cabinet.imports.enums import Doubt, ImportKind, ImportState
from cabinet.imports.models import Import
from cabinet.imports.services import period_matches
from cabinet.onboarding.selectors import draft_files
from cabinet.onboarding.steps import CompanyStep, DataStep, Payload, Step, TypedYear
from cabinet.registry.enums import LookupCase

LIMITS: Mapping[str, int] = MappingProxyType(
    {
        "name": 200,
        "ape": 6,
        "idcc": 60,
        "street": 200,
        "postcode": 10,
        "town": 100,
        "country": 80,
        "file_code": 30,
        "contact_name": 120,
        "contact_email": 254,
    }
)
"""The longest text of each field, as the client's columns have it."""

LONGEST_YEAR_MONTHS = 24
EARLIEST_YEAR, LATEST_YEAR = 1950, 2200

_NO_PARAMS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that blocks: its step, the field that it is about, its code, words for its sentence.

    ``import_id`` is the file that a problem of the data step is about.
    """

    step: Step
    field: str
    code: str
    params: Mapping[str, str] = _NO_PARAMS
    import_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class YearOf:
    """The fiscal year of one FEC, or of none: what was typed, else what the file says."""

    fec: Import | None
    typed: TypedYear
    start: date | None
    end: date | None

    @property
    def key(self) -> str:
        """The name under which the draft keeps what was typed."""
        return str(self.fec.id) if self.fec else ""

    @property
    def taken_from_file(self) -> bool:
        """Whether both dates are the file's own."""
        return self.fec is not None and (self.start, self.end) == (self.fec.period_start, self.fec.period_end)


def company_problems(actor: Actor, company: CompanyStep) -> list[Problem]:
    """What blocks the first step."""
    return [*_number_problems(actor, company), *_detail_problems(actor, company)]


def _number_problems(actor: Actor, company: CompanyStep) -> list[Problem]:
    key = check_number(company.typed)
    if key.digits and key.valid and key.kind == "siren":
        return [Problem(Step.COMPANY, "typed", "siren")]
    key = check_number(company.typed, expected="siret")
    if not key.valid:
        return [Problem(Step.COMPANY, "typed", "key")]
    try:
        check_siret_free(actor.firm.id, key.digits)
    except AlreadyFollowed:
        return [Problem(Step.COMPANY, "typed", "already_followed")]
    answer = company.answer
    if answer is None:
        return [Problem(Step.COMPANY, "typed", "not_asked")]
    if answer.is_closed and not company.create_closed:
        return [Problem(Step.COMPANY, "create_closed", "closed")]
    return []


def _detail_problems(actor: Actor, company: CompanyStep) -> list[Problem]:
    found = []
    answer = company.answer
    if not company.name and answer is not None and answer.case != LookupCase.SIREN:
        found.append(Problem(Step.COMPANY, "name", "missing"))
    if company.ape and Naf.parse(company.ape) is None:
        found.append(Problem(Step.COMPANY, "ape", "shape"))
    for name in (*CORRECTABLE, "file_code", "contact_name", "contact_email"):
        if len(getattr(company, name)) > LIMITS[name] and name != "ape":
            found.append(Problem(Step.COMPANY, name, "too_long", {"limit": str(LIMITS[name])}))
    if company.contact_email:
        try:
            validate_email(company.contact_email)
        except ValidationError:
            found.append(Problem(Step.COMPANY, "contact_email", "shape"))
    try:
        check_file_code_free(actor.firm.id, company.file_code)
    except FileCodeTaken:
        found.append(Problem(Step.COMPANY, "file_code", "taken"))
    return found


def _ids(texts: Iterable[str]) -> tuple[UUID, ...] | None:
    try:
        return tuple(UUID(text) for text in texts)
    except ValueError:
        return None


def organisation_problems(actor: Actor, payload: Payload) -> list[Problem]:
    """What blocks the second step."""
    manager = _ids([payload.organisation.manager_id])
    portfolios = _ids(payload.organisation.portfolio_ids)
    if not payload.organisation.manager_id:
        return [Problem(Step.ORGANISATION, "manager_id", "missing")]
    if manager is None:
        return [Problem(Step.ORGANISATION, "manager_id", "unknown")]
    if portfolios is None:
        return [Problem(Step.ORGANISATION, "portfolio_ids", "unknown")]
    try:
        check_organisation(actor, Organisation(manager_id=manager[0], portfolio_ids=portfolios))
    except UnknownManager:
        return [Problem(Step.ORGANISATION, "manager_id", "unknown")]
    except UnknownPortfolio:
        return [Problem(Step.ORGANISATION, "portfolio_ids", "unknown")]
    except WouldBeInvisible:
        return [Problem(Step.ORGANISATION, "portfolio_ids", "invisible")]
    return []


def _day(text: str) -> date | None:
    """The day typed; None when it is none, or one that no accounts can bear (a year half typed)."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST_YEAR <= day.year <= LATEST_YEAR else None


def read_fecs(files: Sequence[Import]) -> list[Import]:
    """The FEC that are read and not refused, oldest year first."""
    fecs = [one for one in files if one.kind == ImportKind.FEC and one.state == ImportState.TO_CHECK]
    return sorted(fecs, key=lambda one: (one.period_end or date.max, one.received_at))


def years_of(data: DataStep, files: Sequence[Import]) -> list[YearOf]:
    """One fiscal year a FEC, with the dates typed for it or its own; without any FEC, the one typed by itself.

    Dates typed before the only FEC was there are taken as meant for it.
    """
    fecs = read_fecs(files)
    lone = data.years.get("", TypedYear())
    if not fecs:
        return [YearOf(None, lone, _day(lone.start), _day(lone.end))]
    found = []
    for fec in fecs:
        typed = data.years.get(str(fec.id), lone if len(fecs) == 1 else TypedYear())
        start = fec.period_start if typed.blank else _day(typed.start)
        end = fec.period_end if typed.blank else _day(typed.end)
        found.append(YearOf(fec, typed, start, end))
    return found


def year_problems(years: Sequence[YearOf]) -> list[Problem]:
    """What is wrong with the dates, the first fault of each year."""
    found = []
    for rank, year in enumerate(years):
        code = _year_fault(year) or _clash(year, years[:rank])
        if code:
            found.append(Problem(Step.DATA, year.key, code, import_id=year.fec.id if year.fec else None))
    return found


def _year_fault(year: YearOf) -> str | None:
    if year.fec is None and year.typed.blank:
        return None
    if year.start is None or year.end is None:
        return "dates_missing"
    if year.end < year.start:
        return "dates_reversed"
    if year.fec is not None and not period_matches(year.fec, year.start, year.end):
        return "period"
    return "too_long" if year.start < minus_months(year.end, LONGEST_YEAR_MONTHS) else None


def _clash(year: YearOf, before: Sequence[YearOf]) -> str | None:
    for other in before:
        if None in {year.start, year.end, other.start, other.end}:
            continue
        if (year.start, year.end) == (other.start, other.end):
            return "same_year"
        if year.start <= other.end and year.end >= other.start:  # type: ignore[operator]  # none of them is None here
            return "overlap"
    return None


def data_problems(data: DataStep, files: Sequence[Import]) -> list[Problem]:
    """What blocks the third step; nothing when it is skipped."""
    if data.skipped:
        return []
    unnamed = [
        Problem(Step.DATA, "files", "company_unnamed", {"file": one.file_name}, import_id=one.id)
        for one in files
        if one.state == ImportState.TO_CHECK and Doubt.COMPANY_UNNAMED in one.doubts
    ]
    return [*unnamed, *year_problems(years_of(data, files))]


def problems(actor: Actor, draft_id: UUID, payload: Payload, *, before: Step) -> list[Problem]:
    """What blocks the first wrong step before ``before``; nothing when they all hold."""
    files = draft_files(actor.firm, draft_id)
    judges: dict[Step, Callable[[], list[Problem]]] = {
        Step.COMPANY: lambda: company_problems(actor, payload.company),
        Step.ORGANISATION: lambda: organisation_problems(actor, payload),
        Step.DATA: lambda: data_problems(payload.data, files),
    }
    for step, judge in judges.items():
        if step < before and (found := judge()):
            return found
    return []
