"""Comparing a dossier with the others of the firm: same section of the NAF, same size, same year."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from bocage.indicators.peers import Spread, may_show, size_class, spread
from bocage.referentials.naf import naf_section
from cabinet.accounts.actors import Actor
from cabinet.clients.access import visible_clients
from cabinet.clients.models import FiscalYear
from cabinet.dossiers.models import IndicatorSnapshot

COMPARED = (
    *("supplier_payment_days", "customer_payment_days", "supplier_late_share", "supplier_top10_share"),
    *("subcontracting_share", "absenteeism", "frequency_rate", "turnover_fr", "part_time_share"),
)
"""Rates and delays, which compare across companies; amounts do not."""


@dataclass(frozen=True, slots=True)
class Peers:
    """The spread of each figure in the group of a dossier. ``others``: how many dossiers besides it."""

    section: str
    size: str
    others: int
    spreads: Mapping[str, Spread]


def peers_of(actor: Actor, year: FiscalYear) -> Peers | None:
    """The group of a year, without any name; None when it is too small to stay anonymous to ``actor``.

    Everyone who may see a group sees the same one. A company counts once, by its latest year that ends in the same
    calendar year. Three queries.
    """
    section = naf_section(year.client.ape)
    if section is None:
        return None
    rows = IndicatorSnapshot.objects.filter(
        year__client__firm=actor.firm, year__client__is_active=True, year__end__year=year.end.year,
        code__in=("turnover", *COMPARED), value__isnull=False,
    ).order_by("year__end", "id").values_list("year__client_id", "year__client__ape", "code", "value")  # fmt: skip
    figures: dict[UUID, dict[str, Decimal]] = defaultdict(dict)
    for client_id, ape, code, value in rows:
        if naf_section(ape) == section and value is not None:
            figures[client_id][code] = value
    turnover = figures.get(year.client_id, {}).get("turnover")
    if turnover is None:
        return None
    size = size_class(turnover)
    group = {
        client_id: found
        for client_id, found in figures.items()
        if "turnover" in found and size_class(found["turnover"]) == size
    }
    seen = set(visible_clients(actor).filter(id__in=group).values_list("id", flat=True))
    spreads = {}
    for code in COMPARED:
        holders = {client_id for client_id, found in group.items() if code in found}
        others = len(holders - {year.client_id})
        if may_show(others, len(holders - seen)) and (found := spread([group[one][code] for one in holders])):
            spreads[code] = found
    return Peers(section, size, len(group) - 1, spreads) if spreads else None
