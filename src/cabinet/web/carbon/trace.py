"""A figure opened: the sum, the factor with its version and uncertainty, the rule, the first lines, what to do."""

from collections.abc import Sequence
from dataclasses import dataclass

from bocage.indicators import carbon
from bocage.indicators.carbon import Cell, FactorUsed, How, Total
from bocage.wording import has_words, sentence
from cabinet.carbon.selectors import Reading
from cabinet.web.carbon.detail import LineShown, lines_shown, matching
from cabinet.web.carbon.links import Asked, address
from cabinet.web.carbon.words import (
    FRAMES,
    cell_name,
    doubt,
    factor_name,
    factor_unit,
    post_label,
    tonnes,
    whole_tonnes,
)
from cabinet.web.components.formats import NBSP, number
from cabinet.web.dossier.frame import Head

FIRST = 5


@dataclass(frozen=True, slots=True)
class TracePage:
    """What the drawer draws."""

    head: Head
    title: str
    eyebrow: str
    value: str
    doubt: str
    total: Total
    factor: FactorUsed
    factor_name: str
    factor_value: str
    factor_unit: str
    interval: str
    rules: Sequence[str]
    by_quantity: bool
    known: bool
    """Emissions that somebody gave as they are."""
    gap: str
    caution: str
    """What this factor does not tell apart, empty for most."""
    lines: Sequence[LineShown]
    count: int
    all_url: str
    better: str


def trace_page(head: Head, reading: Reading, asked: Asked) -> TracePage | None:
    """Everything behind the cells of a factor; None when there are none."""
    cells = [cell for cell in matching(reading, asked) if cell.factor]
    if not asked.factor or not cells:
        return None
    factor, total = reading.factors[asked.factor], reading.total(cells)
    found = carbon.lines_of(reading.path, asked.slice, limit=FIRST)
    interval = ""
    if total.half_width and total.kgco2e > 0:
        interval = f"intervalle à 95{NBSP}%{NBSP}: {whole_tonnes(total.low)} à {whole_tonnes(total.high)}{NBSP}t"
    return TracePage(
        head=head,
        title=cell_name(cells[0]),
        eyebrow=post_label(asked.frame, asked.post) if asked.post else FRAMES[asked.frame],
        value=tonnes(total.kgco2e),
        doubt=doubt(total),
        total=total,
        factor=factor,
        factor_name=factor_name(factor),
        factor_value="" if factor.value is None else number(factor.value, _decimals(factor)),
        factor_unit=factor_unit(factor),
        interval=interval,
        rules=[sentence("carbon", f"how_{how}").remedy for how in dict.fromkeys(cell.how for cell in cells)],
        by_quantity=cells[0].how is How.QUANTITY,
        known=asked.factor == carbon.KNOWN,
        gap=_gap(reading, cells[0]),
        caution=_caution(factor),
        lines=lines_shown(head, found.lines),
        count=found.count,
        all_url=address(head, "carbon_detail", asked.but(lines=True)),
        better=_better(cells[0]),
    )


def _decimals(factor: FactorUsed) -> int:
    """As many as the source gives, four at most."""
    exponent = factor.value.normalize().as_tuple().exponent if factor.value else 0
    return min(max(-int(exponent), 0), 4)


def _caution(factor: FactorUsed) -> str:
    code = f"factor/{factor.id}"
    return sentence("carbon", code).message if has_words("carbon", code) else ""


def _gap(reading: Reading, cell: Cell) -> str:
    row = reading.row
    years = abs(row.ratio_year - row.ratio_year_wanted)
    if cell.how is How.QUANTITY or not years:
        return ""
    return f"{years}{NBSP}an{'s' if years > 1 else ''} d’écart avec l’exercice"


def _better(cell: Cell) -> str:
    """What would make the figure better, in one sentence."""
    match cell.how:
        case How.UNKNOWN:
            return "reconnaître les fournisseurs, du plus lourd au plus léger. Le doute tombe à celui de leur branche."
        case How.QUANTITY:
            return "un relevé ou une facture pour chaque mois, s’il en manque."
        case _:
            return (
                "une quantité (kg, litres, km) ou la donnée du fournisseur. L’incertitude pourrait passer de "
                f"80{NBSP}% à 30{NBSP}% environ."
            )
