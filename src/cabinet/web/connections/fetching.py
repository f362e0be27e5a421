"""« Récupérer depuis un outil »: what the tools have for a client or for the company of a draft, and what was asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from cabinet.clients.models import Client
from cabinet.connectors.access import pulls_of
from cabinet.connectors.catalogue import BY_SLUG, Tool
from cabinet.connectors.core.port import Gives, Year
from cabinet.connectors.listing import busy_with, years_of
from cabinet.connectors.models import Pull, PullState, ToolCompany
from cabinet.connectors.pulling import Span
from cabinet.connectors.sending import YEARS
from cabinet.web.components.formats import MONTHS, clock, day
from cabinet.web.connections.health import failure_words

SHOWN_PULLS = 12
MONTHS_BACK = 36
RECENT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class YearOption:
    """A fiscal year that may be ticked."""

    value: str
    label: str
    id: str


@dataclass(frozen=True, slots=True)
class MonthOption:
    """A month of the two lists; ``current`` when it is proposed."""

    value: str
    label: str
    current: bool


@dataclass(frozen=True, slots=True)
class Block:
    """One company of one tool."""

    company: ToolCompany
    tool: Tool
    years: tuple[YearOption, ...]
    months: tuple[MonthOption, ...]
    listing: bool
    trouble: tuple[str, str]
    listed: str

    @property
    def kind(self) -> str:
        """What firms call such a tool."""
        return "Outil de paye" if self.tool.gives is Gives.DSN else "Outil de production comptable"

    @property
    def needs_listing(self) -> bool:
        """Whether the tool was not asked for its fiscal years yet."""
        return not self.tool.by_month and self.company.years_at is None


@dataclass(frozen=True, slots=True)
class PullLine:
    """One thing asked for, and what became of it."""

    what: str
    word: str
    tone: str
    icon: str
    said: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Fetching:
    """The card. ``busy``: it is to be drawn again in a moment."""

    blocks: tuple[Block, ...]
    pulls: tuple[PullLine, ...]
    busy: bool


def draw_fetching(companies: Iterable[ToolCompany], owner: Client | UUID) -> Fetching:
    """What the tools have; without a company of theirs, nothing is asked of the database but that."""
    rows = list(companies)
    recent = timezone.now() - RECENT
    pulls = [one for one in pulls_of(owner)[:SHOWN_PULLS] if one.is_live or one.asked_at > recent]
    if not rows:
        return Fetching((), tuple(_line(one) for one in pulls), any(one.is_live for one in pulls))
    listing = busy_with([row.id for row in rows], YEARS).ids
    blocks = tuple(_block(row, listing=row.id in listing) for row in rows)
    busy = bool(listing) or any(one.is_live for one in pulls)
    return Fetching(blocks, tuple(_line(one) for one in pulls), busy)


def _block(row: ToolCompany, *, listing: bool) -> Block:
    tool = BY_SLUG[row.connection.tool]
    trouble = ("", "")
    if row.years_error and not listing:
        trouble = failure_words(row.years_error, tool.slug, row.years_detail)
    return Block(
        company=row,
        tool=tool,
        years=() if tool.by_month else tuple(_year(row, one) for one in years_of(row)),
        months=_months() if tool.by_month else (),
        listing=listing,
        trouble=trouble,
        listed=f"{day(row.years_at)} à {clock(row.years_at)}" if row.years_at else "",
    )


def _year(row: ToolCompany, year: Year) -> YearOption:
    closed = "clos" if year.closed else "en cours"
    label = f"du {day(year.start)} au {day(year.end)}, {closed}"
    return YearOption(year.start.isoformat(), label, f"exercice-{row.id}-{year.start:%Y%m%d}")


def _months() -> tuple[MonthOption, ...]:
    """The months that may be declared by now, latest first; the last one is proposed."""
    found, last = [], timezone.localdate().replace(day=1) - timedelta(days=1)
    for rank in range(MONTHS_BACK):
        found.append(MonthOption(f"{last:%Y-%m}", f"{MONTHS[last.month - 1]} {last.year}", rank == 0))
        last = last.replace(day=1) - timedelta(days=1)
    return tuple(found)


STATES = {
    PullState.WAITING: ("En attente", "run", "spinner"),
    PullState.RUNNING: ("En cours", "run", "spinner"),
    PullState.LATER: ("En préparation", "run", "spinner"),
    PullState.DONE: ("Reçu", "ok", "check"),
    PullState.SAME: ("Déjà à jour", "quiet", "check"),
    PullState.ABSENT: ("Rien ce mois-là", "quiet", "info-circle"),
    PullState.FAILED: ("Échec", "err", "x"),
}


def _line(pull: Pull) -> PullLine:
    word, tone, icon = STATES[PullState(pull.state)]
    tool = BY_SLUG[pull.connection.tool]
    said = failure_words(pull.error, tool.slug, pull.error_detail) if pull.error else ("", "")
    if pull.state == PullState.LATER and pull.error and pull.next_at:
        word, tone, icon = "Nouvel essai", "warn", "clock"
        said = (said[0], f"Rien n’est perdu\u00a0: prochain essai le {day(pull.next_at)} à {clock(pull.next_at)}.")
    if tool.by_month:
        what = f"DSN de {MONTHS[pull.start.month - 1]} {pull.start.year}"
    else:
        what = f"FEC du {day(pull.start)} au {day(pull.end)}"
    night = ", de nuit" if pull.nightly else ""
    return PullLine(f"{tool.name}, {what}{night}", word, tone, icon, said)


def chosen_company(companies: QuerySet[ToolCompany], sent: QueryDict) -> ToolCompany | None:
    """The company whose button was pressed; None when it is not one of these (any more)."""
    try:
        return companies.filter(id=UUID(sent.get("company", ""))).first()
    except ValueError:
        return None


def spans_asked(company: ToolCompany, sent: QueryDict) -> list[Span]:
    """The years ticked, or every month from one to the other. Empty when nothing, or nothing known, was chosen."""
    if not BY_SLUG[company.connection.tool].by_month:
        ticked = set(sent.getlist(f"exercice-{company.id}"))
        return [Span(one.start, one.end, one.ref) for one in years_of(company) if one.start.isoformat() in ticked]
    known: Sequence[str] = [one.value for one in _months()]
    first, last = sent.get(f"de-{company.id}", ""), sent.get(f"a-{company.id}", "")
    if first not in known or last not in known:
        return []
    first, last = min(first, last), max(first, last)
    return [month_span(date.fromisoformat(f"{month}-01")) for month in sorted(known) if first <= month <= last]


def month_span(first: date) -> Span:
    """A month, from its first to its last day."""
    return Span(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))
