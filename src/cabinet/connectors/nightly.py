"""Each night, for the clients that ask for it: what is new, asked of their tools like anybody would."""

from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from cabinet.accounts.actors import worker
from cabinet.connectors.access import usable_connections
from cabinet.connectors.catalogue import BY_SLUG
from cabinet.connectors.listing import ask_years, years_of
from cabinet.connectors.models import ToolCompany
from cabinet.connectors.pulling import Span, ask

HOURS = range(1, 6)
"""Of the night in Paris: tools are quiet, and are not all called at the same minute."""
AT_ONCE = 50
STILL_MOVING = timedelta(days=240)
"""A year that ended longer ago, and that the tool says is closed, changes no more."""
YEARS_KEPT = timedelta(days=7)
MONTHS_ASKED = 2
"""The last months: a declaration is corrected in the next one or two."""


def pull_nightly(now: datetime | None = None) -> int:
    """Ask for what may be new, some companies at a time; how many companies. For the recurring work."""
    now = timezone.localtime(now)
    if now.hour not in HOURS:
        return 0
    today = now.date()
    rows = (
        ToolCompany.objects.filter(Q(nightly_on__isnull=True) | Q(nightly_on__lt=today))
        .filter(nightly=True, active=True, client__is_active=True)
        .select_related("connection__firm", "client")
        .order_by("nightly_on", "id")[:AT_ONCE]
    )
    return sum(_pull(row, today) for row in list(rows))


def _pull(row: ToolCompany, today: date) -> bool:
    claimed = ToolCompany.objects.filter(Q(nightly_on__isnull=True) | Q(nightly_on__lt=today), id=row.id)
    # Taken by one scheduler; a connection that is closed for now is not asked again before tomorrow.
    if not claimed.update(nightly_on=today) or row.client is None:
        return False
    if not usable_connections(row.connection.firm).filter(id=row.connection_id).exists():
        return False
    tool = BY_SLUG[row.connection.tool]
    if not tool.by_month and (row.years_at is None or timezone.now() - row.years_at > YEARS_KEPT):
        ask_years(row)
    spans = last_months(today) if tool.by_month else moving_years(row, today)
    ask(actor=worker(row.connection.firm), company=row, to=row.client, spans=spans, nightly=True)
    return True


def moving_years(row: ToolCompany, today: date) -> list[Span]:
    """The fiscal years begun that may still change."""
    return [
        Span(year.start, year.end, year.ref)
        for year in years_of(row)
        if year.start <= today and (not year.closed or year.end >= today - STILL_MOVING)
    ]


def last_months(today: date) -> list[Span]:
    """The last months that may be declared."""
    spans, last = [], today.replace(day=1) - timedelta(days=1)
    for _ in range(MONTHS_ASKED):
        spans.append(Span(last.replace(day=1), last))
        last = last.replace(day=1) - timedelta(days=1)
    return spans
