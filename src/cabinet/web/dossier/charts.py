"""The two charts of the overview: people month by month, purchases by family."""

from dataclasses import dataclass
from decimal import Decimal

from bocage.wording import sentence
from cabinet.dossiers.selectors import Figures
from cabinet.web.components.formats import MONTHS, SHORT_MONTHS, euros, number
from cabinet.web.components.parts import Bar, BarChart
from cabinet.web.dossier.figures import decimal_of

STEP, WIDTH, TALL, BASE = 64, 40, 128, 154
FAMILIES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Column:
    """One month: women below, men above, in the units of the view box."""

    month: str
    short: str
    x: int
    middle: int
    total: int | None
    women: int
    men: int
    permanent: int
    temporary: int
    women_y: int
    women_height: int
    men_y: int
    men_height: int


@dataclass(frozen=True, slots=True)
class HeadcountChart:
    """Head count at each month's end, by sex, with the same figures as a table."""

    sentence: str
    columns: tuple[Column, ...]
    width: int
    base: int = BASE
    column_width: int = WIDTH


def headcount_chart(figures: Figures, months: list[str]) -> HeadcountChart | None:
    """The chart of the months given (``"2025-03"``); a month without DSN cuts it. None when no month is known."""
    cells = {str(cell["by"]["month"]): cell for cell in figures.cells("headcount_by_month")}
    if not cells:
        return None
    top = max(int(cell["value"]) for cell in cells.values())
    columns = tuple(_column(rank, month, cells.get(month), top) for rank, month in enumerate(months))
    known = [column.total for column in columns if column.total is not None]
    absent = [column.month for column in columns if column.total is None]
    said = f"Effectif en fin de mois, de {number(min(known))} à {number(max(known))} salariés."
    if absent:
        said += f" Sans DSN\u00a0: {', '.join(absent)}."
    return HeadcountChart(said, columns, STEP * len(columns))


def _column(rank: int, month: str, cell: dict[str, object] | None, top: int) -> Column:
    year, index = int(month[:4]), int(month[5:]) - 1
    x = rank * STEP + (STEP - WIDTH) // 2
    by: dict[str, str] = dict(cell["by"]) if cell else {}  # type: ignore[call-overload]
    total = int(str(cell["value"])) if cell else None
    women, men = int(by.get("F") or 0), int(by.get("M") or 0)
    women_height = round(women * TALL / top) if top else 0
    men_height = round(((total or 0) - women) * TALL / top) if top else 0
    return Column(
        month=f"{MONTHS[index]} {year}",
        short=SHORT_MONTHS[index],
        x=x,
        middle=x + WIDTH // 2,
        total=total,
        women=women,
        men=men,
        permanent=int(by.get("permanent") or 0),
        temporary=int(by.get("temporary") or 0),
        women_y=BASE - women_height,
        women_height=women_height,
        men_y=BASE - women_height - men_height,
        men_height=men_height,
    )


def purchases_chart(figures: Figures) -> BarChart | None:
    """The largest families of purchases; the others together. None without a FEC."""
    cells = figures.cells("purchases_by_family")
    if not cells:
        return None
    rows = [(sentence("economic", str(cell["by"]["family"])).message, decimal_of(cell)) for cell in cells]
    positive = [row for row in rows if row[1] > 0]
    shown, rest = positive[:FAMILIES_SHOWN], [row for row in rows if row not in positive[:FAMILIES_SHOWN]]
    bars = [Bar(label, amount, f"{euros(amount)}\u00a0€") for label, amount in shown]
    others = sum((amount for _, amount in rest), Decimal(0))
    if rest:
        bars.append(Bar("Autres familles", max(others, Decimal(0)), f"{euros(others)}\u00a0€", tone="series-b"))
    total = sum((amount for _, amount in rows), Decimal(0))
    first, amount = shown[0] if shown else ("", Decimal(0))
    said = f"Achats et services par famille\u00a0: {euros(total)}\u00a0€ en tout"
    said += f", dont {first.lower()} {euros(amount)}\u00a0€." if shown else "."
    return BarChart(said, "Famille", "€", tuple(bars))


def third_bars(figures: Figures, code: str) -> BarChart | None:
    """The largest suppliers or customers, with their share."""
    cells = figures.cells(code)
    if not cells:
        return None
    bars = tuple(
        Bar(
            str(cell["by"]["label"]),
            decimal_of(cell),
            f"{euros(decimal_of(cell))}\u00a0€, {number(Decimal(cell['by']['share']), 1)}\u00a0%",
        )
        for cell in cells
    )
    what = "fournisseurs" if code == "top_suppliers" else "clients"
    return BarChart(f"Les dix premiers {what}, en euros et en part des montants attribués.", "Tiers", "€", bars)
