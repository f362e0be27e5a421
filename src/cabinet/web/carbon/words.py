"""The words and numbers of the carbon pages: tonnes, posts, branches, factors."""

from decimal import Decimal

from bocage.indicators.carbon import Cell, FactorUsed, Frame, How, Total
from bocage.wording import sentence
from cabinet.web.components.formats import NBSP, UNKNOWN, number

KILO = Decimal(1000)
FRAMES = {
    Frame.GHGP: "GHG Protocol",
    Frame.BEGES: "BEGES",
    Frame.BILAN_CARBONE: "Bilan Carbone",
}


def tonnes(kilograms: Decimal | None) -> str:
    """``6 755,6``; « moins de 0,1 » for a trifle, that 0,0 would deny."""
    if kilograms is None:
        return UNKNOWN
    if kilograms and abs(kilograms) < 50:
        return f"moins de{NBSP}0,1" if kilograms > 0 else f"plus de{NBSP}−0,1"
    return number(kilograms / KILO, 1)


def whole_tonnes(kilograms: Decimal) -> str:
    """Bounds need no decimals, but for small figures."""
    return number(kilograms / KILO, 0 if abs(kilograms) >= 20 * KILO else 1)


def doubt(total: Total) -> str:
    """``± 40 %``; empty when nothing is known."""
    percent = total.uncertainty_pct
    return "" if percent is None else f"±{NBSP}{number(percent)}{NBSP}%"


def post_name(frame: Frame, code: str) -> str:
    """« Biens et services achetés »."""
    return sentence("carbon_frames", f"{frame.value}/{code}").message


def post_label(frame: Frame, code: str) -> str:
    """The same with its number, in the frames that number their posts."""
    name = post_name(frame, code)
    return name if frame is Frame.BILAN_CARBONE else f"{code} {name}"


def category_name(category: str | None) -> str:
    """« Achats de biens »."""
    return sentence("carbon", f"category_{category or 'out_of_scope'}").message


def branch_name(branch: str) -> str:
    """« Industries alimentaires »."""
    return sentence("branches", branch).message


def factor_name(factor: FactorUsed) -> str:
    """A ratio by its branch, a set or a mean by its words, a physical factor as its source calls it."""
    if factor.id.startswith("ratio:"):
        return branch_name(factor.id.removeprefix("ratio:"))
    if factor.id.startswith(("set:", "mean")):
        return sentence("carbon", f"factor_{factor.id}").message
    return factor.label


def factor_unit(factor: FactorUsed) -> str:
    """``kg CO2e par k€``."""
    unit = factor.unit.removeprefix("kgCO2e/")
    return f"kg CO2e par {'k€' if unit == 'kEUR' else unit}"


def cell_name(cell: Cell) -> str:
    """What a cell is about, in a few words: the branch when it is known, else its category."""
    if cell.how is How.UNKNOWN:
        return f"{category_name(cell.category)}, fournisseurs non identifiés"
    name = category_name(cell.category)
    branch = branch_name(cell.branch) if cell.branch else name
    return name if branch == name else f"{name}, {branch[0].lower()}{branch[1:]}"


def scope_of(cell: Cell) -> str:
    """``1``, ``2`` or ``3``; empty for what has no code."""
    return (cell.ghgp or "")[:1]
