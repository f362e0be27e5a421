"""Section 7 and section 6 of the method: uncertainty, and whom to ask."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import duckdb

from bocage.indicators.carbon.inventory import FactorUsed
from bocage.indicators.carbon.quantities import Quantity

ASKING_THRESHOLD = Decimal("0.10")
"""Those left unasked weigh at most this share of the total."""


def sums(con: duckdb.DuckDBPyConnection, key: str) -> dict[str, Decimal]:
    """Kilograms by ``key``, largest first; without what is zero."""
    rows = con.execute(
        f"SELECT {key} AS k, sum(kgco2e) AS kg FROM inventory WHERE {key} IS NOT NULL GROUP BY k HAVING kg <> 0 "
        "ORDER BY kg DESC, k"
    ).fetchall()
    return {str(name): Decimal(kg).normalize() for name, kg in rows}


def uncertainty(
    total: Decimal,
    by_factor: Mapping[str, Decimal],
    factors: Mapping[str, FactorUsed],
    quantities: Iterable[Quantity],
) -> Decimal | None:
    """The half-width of the total in per cent, None when the total is zero.

    Lines of one factor share its error; distinct factors and activity data are independent.
    """
    if not total:
        return None
    activity: dict[tuple[str, Decimal], Decimal] = {}
    for one in quantities:
        key = (one.factor.id, one.activity.uncertainty_pct)
        kg = one.quantity * sum((part.value for part in one.factor.parts), Decimal(0))
        activity[key] = activity.get(key, Decimal(0)) + kg
    return 100 * half_width(by_factor, factors, activity) / abs(total)


def half_width(
    by_factor: Mapping[str, Decimal],
    factors: Mapping[str, FactorUsed],
    activity: Mapping[tuple[str, Decimal], Decimal],
) -> Decimal:
    """The half-width of a sum in kgCO2e; ``activity``: kilograms by factor and uncertainty (per cent) of the data."""
    squares = Decimal(0)
    for name, kg in by_factor.items():
        squares += ((factors[name].uncertainty_pct or Decimal(0)) * kg / 100) ** 2
    for (_, percent), kg in activity.items():
        squares += (percent * kg / 100) ** 2
    return squares.sqrt()


def unknown_weights(con: duckdb.DuckDBPyConnection) -> dict[str, Decimal]:
    """How much the doubt on each supplier of unknown branch weighs, in kgCO2e, signed; in the order of the file."""
    rows = con.execute(
        "SELECT coalesce(supplier, account) AS k, sum(amount * spread) FROM valued WHERE how = 'unknown' "
        "GROUP BY k ORDER BY min(seq)"
    ).fetchall()
    return {str(name): Decimal(weight).normalize() for name, weight in rows}


def whom_to_ask(
    weights: Mapping[str, Decimal], total: Decimal, threshold: Decimal = ASKING_THRESHOLD
) -> tuple[str, ...]:
    """The suppliers to ask, heaviest first, until those left weigh no more than ``threshold`` of the total."""
    left = sum(weights.values(), Decimal(0))
    asked: list[str] = []
    for name, weight in _heaviest_first(weights):
        if left <= threshold * total:
            break
        asked.append(name)
        left -= weight
    return tuple(asked)


def _heaviest_first(weights: Mapping[str, Decimal]) -> Sequence[tuple[str, Decimal]]:
    return sorted(weights.items(), key=lambda pair: -pair[1])
