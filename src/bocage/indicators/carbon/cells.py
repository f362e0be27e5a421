"""An inventory in a few hundred cells: what every total, reading and chart is summed from."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

from bocage.indicators.carbon.inventory import FROM_SPEND, FactorUsed, How
from bocage.indicators.carbon.quantities import Activity
from bocage.indicators.carbon.totals import half_width
from bocage.tables import locked_connection

_AXES = ("how", "category", "branch", "factor", "ghgp", "beges", "sub_post", "activity", "reason")


class Quality(StrEnum):
    """What a figure is worth, best first."""

    MEASURED = "measured"
    STATED = "stated"
    SUPPLIER = "supplier"
    ACCOUNT = "account"
    MEAN = "mean"
    UNKNOWN = "unknown"


class Frame(StrEnum):
    """How one inventory is read."""

    GHGP = "ghgp"
    BEGES = "beges"
    BILAN_CARBONE = "bilan_carbone"


@dataclass(frozen=True, slots=True)
class Cell:
    """Lines that have everything in common but their account, supplier and date.

    ``amount`` is in euros, ``kgco2e`` exact. ``ghgp`` and ``beges`` hold two codes while an energy waits for its
    quantity.
    """

    how: How
    category: str | None
    branch: str | None
    factor: str | None
    ghgp: str | None
    beges: str | None
    sub_post: str | None
    activity: str | None
    reason: str | None
    kgco2e: Decimal
    amount: Decimal
    lines: int

    def posts(self, frame: Frame) -> tuple[str, ...]:
        """Its codes in a frame: one, two for an energy that waits for its quantity, none for what is left out."""
        code = {Frame.GHGP: self.ghgp, Frame.BEGES: self.beges, Frame.BILAN_CARBONE: self.sub_post}[frame]
        return tuple(code.split("+")) if code else ()

    @property
    def quality(self) -> Quality | None:
        """What the figure is worth; None when the cell gives none."""
        match self.how:
            case How.QUANTITY:
                return Quality.MEASURED if self.activity == Activity.BILLED else Quality.STATED
            case How.USER | How.SUPPLIER | How.PRODUCT:
                return Quality.SUPPLIER
            case How.ACCOUNT | How.OWN_TRADE:
                return Quality.ACCOUNT
            case How.REBATE | How.STOCK:
                return Quality.MEAN
            case How.UNKNOWN:
                return Quality.UNKNOWN
            case _:
                return None


def read_cells(path: Path) -> tuple[Cell, ...]:
    """The cells of an inventory file, heaviest first. Their sums are those of the lines, exactly."""
    with locked_connection(files=[path]) as connection:
        rows = connection.execute(
            f"SELECT {', '.join(_AXES)}, sum(kgco2e), sum(amount), count(*) FROM read_parquet(?) GROUP BY ALL "
            f"ORDER BY sum(kgco2e) DESC, sum(amount) DESC, {', '.join(_AXES)}",
            [str(path)],
        ).fetchall()
    return tuple(_cell(dict(zip((*_AXES, "kgco2e", "amount", "lines"), row, strict=True))) for row in rows)


def _cell(values: dict[str, Any]) -> Cell:
    sums = {name: Decimal(values[name]) for name in ("kgco2e", "amount")}
    return Cell(**{**values, **sums, "how": How(values["how"])})


@dataclass(frozen=True, slots=True)
class Total:
    """What some cells weigh: kilograms, half-width of the doubt, euros behind, and what waits for a quantity.

    ``from_spend`` is the part that comes from euros; ``missing_amount`` and ``missing_lines`` count for nothing yet.
    """

    kgco2e: Decimal
    half_width: Decimal
    amount: Decimal
    lines: int
    from_spend: Decimal
    missing_amount: Decimal
    missing_lines: int

    @property
    def uncertainty_pct(self) -> Decimal | None:
        """The half-width in per cent; None when there is nothing to compare it with."""
        return 100 * self.half_width / abs(self.kgco2e) if self.kgco2e else None

    @property
    def low(self) -> Decimal:
        """The lower end of the 95 % interval; never under zero for what emits."""
        return max(self.kgco2e - self.half_width, Decimal(0)) if self.kgco2e > 0 else self.kgco2e - self.half_width

    @property
    def high(self) -> Decimal:
        """The upper end of the 95 % interval."""
        return self.kgco2e + self.half_width


def total_of(cells: Iterable[Cell], factors: Mapping[str, FactorUsed]) -> Total:
    """Sum of cells: one factor shares its error, distinct factors and activity data are independent."""
    kg = spent = euros = missing = Decimal(0)
    lines = waiting = 0
    by_factor: dict[str, Decimal] = {}
    activity: dict[tuple[str, Decimal], Decimal] = {}
    for cell in cells:
        if cell.how is How.MISSING:
            missing += cell.amount
            waiting += cell.lines
            continue
        kg += cell.kgco2e
        euros += cell.amount
        lines += cell.lines
        if cell.how in FROM_SPEND:
            spent += cell.kgco2e
        if cell.factor:
            by_factor[cell.factor] = by_factor.get(cell.factor, Decimal(0)) + cell.kgco2e
        if cell.factor and cell.activity:
            key = (cell.factor, Activity(cell.activity).uncertainty_pct)
            activity[key] = activity.get(key, Decimal(0)) + cell.kgco2e
    return Total(kg, half_width(by_factor, factors, activity), euros, lines, spent, missing, waiting)


def by_post(cells: Iterable[Cell], frame: Frame) -> dict[str, list[Cell]]:
    """The cells of each code of a frame, by code. An energy that waits stands under the code of its combustion."""
    found: dict[str, list[Cell]] = {}
    for cell in cells:
        for code in cell.posts(frame)[:1]:
            found.setdefault(code, []).append(cell)
    return dict(sorted(found.items()))


def by_quality(cells: Iterable[Cell]) -> Iterator[tuple[Quality, Decimal]]:
    """Kilograms by quality, best first; without what is zero."""
    found: dict[Quality, Decimal] = {}
    for cell in cells:
        quality = cell.quality
        if quality is not None:
            found[quality] = found.get(quality, Decimal(0)) + cell.kgco2e
    yield from ((quality, found[quality]) for quality in Quality if found.get(quality))
