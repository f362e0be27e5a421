"""What is known of a company when its VSME table is filled."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from duckdb import DuckDBPyConnection

from bocage.identifiers import Naf
from bocage.indicators.carbon import How, Inventory, Line, Quantity, read_lines
from bocage.indicators.carbon.matching import fold
from bocage.indicators.result import Result
from bocage.registry import Company
from bocage.tables import locked_connection
from bocage.vsme.values import Status, Value

_LABELS_SHOWN = 15
_ELSEWHERE = "France ou marché non précisé"
_MARKETS = (
    ("hors Union européenne", r"\bexport\w*|\bhors (ue|cee|france)\b|\bpays tiers\b|\betranger\b|\binternational\w*"),
    ("Union européenne", r"\bintra ?com\w*|\b(ue|cee)\b|\bunion europeenne\b"),
    ("outre-mer", r"\bdom( tom)?\b|\boutre mer\b"),
)


@dataclass(frozen=True, slots=True)
class CarbonTotals:
    """What an inventory says at large: kgCO2e by scope, and the lines that wait for a quantity, by category.

    ``uncertainty_pct`` is None when it could not be computed.
    """

    by_scope: Mapping[str, Decimal]
    missing: Mapping[str, tuple[int, ...]]
    uncertainty_pct: Decimal | None
    method: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody answered: a value, or « not applicable », or « withheld » with a reason in their own words."""

    status: Status
    value: Value
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that can fill a data point; what is not known is absent, never zero.

    ``results``: economic and social indicators by code. ``products`` and ``materials``: labels of the accounts of sales
    (70) and of goods bought (601, 602, 607), largest amount first. ``naf`` is the activity when no registry gives it.
    """

    results: Mapping[str, Result] = field(default_factory=dict)
    company: Company | None = None
    naf: Naf | None = None
    carbon: CarbonTotals | None = None
    quantities: Sequence[Quantity] = ()
    products: Sequence[str] = ()
    materials: Sequence[str] = ()
    markets: Sequence[tuple[str, Decimal]] = ()
    """Markets that the labels of sales accounts name, and their share of the turnover in per cent."""
    answers: Mapping[str, Answer] = field(default_factory=dict)

    @property
    def activity(self) -> Naf | None:
        """NAF rév. 2 of the company, of the registry first."""
        known = self.company.activities.naf_rev2 if self.company else None
        return known or self.naf


def carbon_totals(found: Inventory) -> CarbonTotals:
    """The totals of an inventory, and where its missing quantities are."""
    return CarbonTotals(found.by_scope, _missing(read_lines(found.lines)), found.uncertainty_pct, method=found.method)


def _missing(lines: Iterable[Line]) -> Mapping[str, tuple[int, ...]]:
    waiting: dict[str, list[int]] = defaultdict(list)
    for one in lines:
        if one.how is How.MISSING and one.line is not None:
            waiting[one.category or ""].append(one.line)
    return {category: tuple(numbers) for category, numbers in waiting.items()}


def label_lists(tables: Mapping[str, Path]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Labels of the accounts sold on (70 but 709) and bought as goods (601, 602, 607), largest first.

    ``tables``: the accounting facts of the year. Only labels of accounts: no third party is named.
    """
    with locked_connection(directories=[tables["lines"].parent]) as connection:
        lines = str(tables["lines"])
        return _labels(connection, lines, "^70[1-8]", -1), _labels(connection, lines, "^60[127]", 1)


def sales_markets(tables: Mapping[str, Path]) -> tuple[tuple[str, Decimal], ...]:
    """Share of the turnover (70, 709 taken off) by the market that the label of the account names, in per cent.

    Empty when no label names one: nothing says then that all was sold in France.
    """
    with locked_connection(directories=[tables["accounts"].parent]) as connection:
        rows = connection.execute(
            "SELECT coalesce(account_label, ''), credit - debit FROM read_parquet(?) WHERE starts_with(account, '70')",
            [str(tables["accounts"])],
        ).fetchall()
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for label, amount in rows:
        sums[_market(label)] += amount
    whole = sum(sums.values(), Decimal(0))
    if whole <= 0 or set(sums) <= {_ELSEWHERE}:
        return ()
    found = [(market, (100 * amount / whole).quantize(Decimal("0.1"))) for market, amount in sums.items()]
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0])))


def _market(label: str) -> str:
    words = " ".join(fold(label))
    return next((market for market, pattern in _MARKETS if re.search(pattern, words)), _ELSEWHERE)


def _labels(connection: DuckDBPyConnection, lines: str, pattern: str, sign: int) -> tuple[str, ...]:
    rows = connection.execute(
        """
        SELECT account_label, sum(amount) * $sign AS total FROM read_parquet($lines)
        WHERE NOT is_opening AND NOT is_closing AND regexp_matches(account, $pattern) AND account_label IS NOT NULL
        GROUP BY account_label HAVING total > 0 ORDER BY total DESC, account_label LIMIT $shown
        """,
        {"lines": lines, "pattern": pattern, "sign": sign, "shown": _LABELS_SHOWN},
    ).fetchall()
    return tuple(str(label) for label, _ in rows)
