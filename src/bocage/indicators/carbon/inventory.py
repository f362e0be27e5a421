"""What an estimate answers: totals, and one row a line in a Parquet file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from bocage.identifiers import Period
from bocage.tables import locked_connection

METHOD = "M-2026.11"


class How(StrEnum):
    """How a line got its figure."""

    USER = "user"
    SUPPLIER = "supplier"
    PRODUCT = "product"
    ACCOUNT = "account"
    OWN_TRADE = "own_trade"
    UNKNOWN = "unknown"
    QUANTITY = "quantity"
    REPLACED = "replaced"
    MISSING = "missing"
    REBATE = "rebate"
    STOCK = "stock"
    EXCLUDED = "excluded"


FROM_BRANCH = (How.USER, How.SUPPLIER, How.PRODUCT, How.ACCOUNT, How.OWN_TRADE)
FROM_SPEND = (*FROM_BRANCH, How.UNKNOWN, How.REBATE, How.STOCK)


@dataclass(frozen=True, slots=True)
class FactorUsed:
    """A factor of the inventory; ``value`` is in ``unit``, None for a mean or a factor made of parts that differ."""

    id: str
    label: str
    value: Decimal | None
    unit: str
    source: str
    version: str
    uncertainty_pct: Decimal | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the books in the inventory, or one part of a quantity (``line`` is then None).

    ``amount`` is in euros (debit − credit), ``kgco2e`` exact. ``ghgp`` and ``beges`` hold the two codes of an energy
    (``2.1+3.3``) while it waits for its quantity. ``reason`` says why there is no figure, or what is to be confirmed;
    ``activity`` where a quantity comes from; ``rule`` the user's rule that decided, by its id.
    """

    line: int | None
    part: int | None
    account: str | None
    supplier: str | None
    label: str
    amount: Decimal
    category: str | None
    how: How
    branch: str | None
    factor: str | None
    kgco2e: Decimal
    ghgp: str | None
    beges: str | None
    sub_post: str | None
    reason: str | None
    activity: str | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Inventory:
    """The estimate of a fiscal year. Kilograms are exact; shares are in per cent, None when nothing can be divided.

    ``unknown_suppliers`` gives the weight of each supplier of unknown branch in kgCO2e, signed, first met first.
    ``lines`` is the Parquet file that :func:`read_lines` reads.
    """

    period: Period | None
    method: str
    ratio_year: int
    ratio_year_wanted: int
    total: Decimal
    by_scope: Mapping[str, Decimal]
    by_category: Mapping[str, Decimal]
    by_ghgp: Mapping[str, Decimal]
    by_beges: Mapping[str, Decimal]
    by_sub_post: Mapping[str, Decimal]
    by_how: Mapping[How, Decimal]
    uncertainty_pct: Decimal | None
    share_from_spend_pct: Decimal | None
    turnover: Decimal
    eur_excluded: Decimal
    unknown_suppliers: Mapping[str, Decimal]
    ask_suppliers: tuple[str, ...]
    missing_quantities: tuple[int, ...]
    to_confirm: int
    factors: Mapping[str, FactorUsed]
    lines: Path


COLUMNS = (
    *("line", "part", "account", "supplier", "label", "amount", "category", "how", "branch", "factor", "kgco2e"),
    *("ghgp", "beges", "sub_post", "reason", "activity", "rule"),
)


def read_lines(path: Path, *, size: int = 10_000) -> Iterator[Line]:
    """The lines of an inventory: those of the file in its order, then the quantities."""
    with locked_connection(files=[path]) as connection:
        cursor = connection.execute(f"SELECT {', '.join(COLUMNS)} FROM read_parquet(?) ORDER BY seq", [str(path)])
        while rows := cursor.fetchmany(size):
            for row in rows:
                values = dict(zip(COLUMNS, row, strict=True))
                values["how"] = How(values["how"])
                yield Line(**values)
