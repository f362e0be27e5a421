"""Where the money goes and what it emits: the treemap of branches."""

from collections.abc import Iterable
from decimal import Decimal

from bocage.indicators.carbon import Cell, Frame, How
from cabinet.carbon.selectors import Reading
from cabinet.web.carbon.links import Asked, address
from cabinet.web.carbon.words import branch_name, category_name, tonnes
from cabinet.web.components.formats import NBSP, euros, number
from cabinet.web.components.shares import Tile, Treemap
from cabinet.web.dossier.frame import Head

STEPS = (Decimal("0.1"), Decimal("0.25"), Decimal("0.4"), Decimal("0.7"))
KEYS = ((1, "moins de 0,1"), (2, "0,1"), (3, "0,25"), (4, "0,4"), (5, "0,7 et plus"), (0, "inconnu"))
TILES = 18
"""Tiles drawn; the others together, the table names them all."""


def spending(head: Head, reading: Reading) -> Treemap | None:
    """Euros by branch, tinted by what an euro emits; None without any spend."""
    groups: dict[tuple[str, str], list[Cell]] = {}
    for cell in reading.cells:
        if cell.how not in (How.EXCLUDED, How.QUANTITY) and cell.amount:
            groups.setdefault(_kind(cell), []).append(cell)
    quantities: dict[str, Decimal] = {}
    for cell in reading.cells:
        if cell.how is How.QUANTITY:
            key = cell.category or ""
            quantities[key] = quantities.get(key, Decimal(0)) + cell.kgco2e
    tiles = [_tile(head, kind, some, quantities) for kind, some in groups.items()]
    tiles = sorted((tile for tile in tiles if tile.size > 0), key=lambda tile: -tile.size)
    if not tiles:
        return None
    whole = sum((tile.size for tile in tiles), Decimal(0))
    first = tiles[0]
    said = f"{euros(whole)}{NBSP}€ d’achats et d’immobilisations par branche, d’abord {first.label}"
    shown = tiles if len(tiles) <= TILES else [*tiles[:TILES], *(_bare(tile) for tile in tiles[TILES:])]
    return Treemap(f"{said}{NBSP}: {euros(first.size)}{NBSP}€.", HEADS, shown, KEYS, "kg CO2e par euro")


HEADS = ("Branche", "€ hors taxes", "t CO2e", "kg CO2e par €")


def _kind(cell: Cell) -> tuple[str, str]:
    """What a cell is counted under: an energy by its category, a known branch, or unknown."""
    if cell.how in (How.MISSING, How.REPLACED):
        return ("category", cell.category or "")
    if cell.how is How.UNKNOWN or not cell.branch:
        return ("unknown", "")
    return ("branch", cell.branch)


def _tile(head: Head, kind: tuple[str, str], cells: Iterable[Cell], quantities: dict[str, Decimal]) -> Tile:
    some = list(cells)
    amount = sum((cell.amount for cell in some), Decimal(0))
    name, asked = _named(kind)
    known = kind[0] == "branch" or (kind[0] == "category" and kind[1] in quantities)
    kg = sum((cell.kgco2e for cell in some), Decimal(0)) + (quantities.get(kind[1], Decimal(0)) if known else 0)
    rate = kg / amount if amount > 0 and known else None
    said = f"{number(rate, 2)}{NBSP}kg/€" if rate is not None else _doubt_words(kind)
    return Tile(
        label=name,
        size=amount,
        step=1 + sum(rate >= step for step in STEPS) if rate is not None else 0,
        lines=(name, f"{_thousands(amount)}", said),
        cells=(
            euros(amount),
            tonnes(kg) if known or kind[0] == "unknown" else "à compléter",
            number(rate, 2) if rate is not None else "inconnu",
        ),
        url=address(head, "carbon_detail", asked),
    )


def _named(kind: tuple[str, str]) -> tuple[str, Asked]:
    what, code = kind
    if what == "category":
        return category_name(code or None), Asked(category=code)
    if what == "unknown":
        return "Non identifiés", Asked(how=How.UNKNOWN.value)
    return branch_name(code), Asked(frame=Frame.GHGP, branch=code)


def _doubt_words(kind: tuple[str, str]) -> str:
    return "branche inconnue" if kind[0] == "unknown" else "quantité absente"


def _thousands(amount: Decimal) -> str:
    return f"{number(amount / 1000)}{NBSP}k€" if amount >= 1000 else f"{number(amount)}{NBSP}€"


def _bare(tile: Tile) -> Tile:
    return Tile(tile.label, tile.size, tile.step, (), tile.cells, tile.url)
