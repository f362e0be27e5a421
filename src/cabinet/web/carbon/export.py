"""The carbon estimate as a workbook: euros × ratios and their sums as formulas, quantities, factors, rules, lines."""

from collections.abc import Iterator, Sequence
from typing import Any

from bocage.indicators import carbon
from bocage.indicators.carbon import Cell, FactorUsed, Frame, How
from bocage.wording import sentence
from cabinet.carbon.rules import authors_of, in_order, rules_of
from cabinet.carbon.ruling import said_lines, said_target
from cabinet.carbon.selectors import Reading, quantities_of
from cabinet.clients.models import Client, FiscalYear
from cabinet.web.carbon.words import branch_name, category_name, factor_name, factor_unit, post_label
from cabinet.web.components.sheets import Formula, as_sheets

TOTALS, PARTS, LINES, QUANTITIES, FACTORS, RULES = "Bilan", "Parts", "Lignes du FEC", "Quantités", "Facteurs", "Règles"
MOST_LINES = 20_000
"""The heaviest lines: a workbook of a million formulas opens nowhere."""
_FROM_RATIO = (*carbon.FROM_BRANCH, How.UNKNOWN)


def carbon_workbook(client: Client, year: FiscalYear, reading: Reading) -> bytes:
    """The whole workbook."""
    return as_sheets(
        [
            (TOTALS, (58, 16, 16, 60), _totals(client, year, reading)),
            (PARTS, (34, 34, 18, 44, 30, 10, 14, 14, 16), _parts(reading)),
            (LINES, (10, 12, 12, 16, 30, 44, 14, 30, 30, 18, 14, 24), _lines(client, reading)),
            (QUANTITIES, (30, 44, 16, 14, 16, 16, 24), _quantities(year)),
            (FACTORS, (20, 50, 14, 22, 34, 14, 16), _factors([*reading.factors.values()])),
            (RULES, (50, 40, 60, 30, 14), _rules(client)),
        ]
    )


def _totals(client: Client, year: FiscalYear, reading: Reading) -> Iterator[tuple[Any, ...]]:
    row, total = reading.row, reading.total()
    kilograms = f"{PARTS}!$I:$I"
    yield ("Dossier", client.name)
    yield ("Exercice", f"du {year.start:%d/%m/%Y} au {year.end:%d/%m/%Y}")
    yield ("Méthode", f"{row.method}, Base Carbone {row.factors_version}, SDES GES.501 année {row.ratio_year}")
    yield ("Calculé le", f"{row.computed_at:%d/%m/%Y}")
    yield ("", "kg CO2e", "t CO2e", "Ce que c’est")
    for scope in "123":
        formula = Formula(f'=SUMIFS({kilograms},{PARTS}!$F:$F,"{scope}.*")')
        yield (
            f"Scope {scope}",
            formula,
            Formula(f"=B{5 + int(scope)}/1000"),
            sentence("carbon", f"carbon_scope_{scope}").remedy,
        )
    yield ("Total", Formula("=SUM(B6:B8)"), Formula("=B9/1000"), "Somme des trois scopes")
    doubt = total.uncertainty_pct
    yield (
        "Incertitude, ± %",
        round(doubt, 1) if doubt is not None else "inconnue",
        "",
        "Demi-largeur de l’intervalle à 95 %",
    )
    if total.missing_lines:
        yield ("Énergies sans quantité, €", total.missing_amount, "", f"{total.missing_lines} lignes, non comptées")
    yield ()
    yield ("Poste (GHG Protocol)", "kg CO2e", "t CO2e")
    start = 14 if total.missing_lines else 13
    for rank, post in enumerate(_posts(reading), start=start):
        formula = Formula(f'=SUMIFS({kilograms},{PARTS}!$F:$F,"{post}")')
        yield (post_label(Frame.GHGP, post), formula, Formula(f"=B{rank}/1000"))


def _posts(reading: Reading) -> list[str]:
    return sorted({cell.ghgp for cell in reading.cells if cell.ghgp and "+" not in cell.ghgp})


def _parts(reading: Reading) -> Iterator[tuple[Any, ...]]:
    yield ("Catégorie", "Branche", "Origine", "Facteur", "Identifiant", "Poste", "€ hors taxes", "kg par k€", "kg CO2e")
    counted = [cell for cell in reading.cells if cell.how is not How.EXCLUDED]
    for rank, cell in enumerate(counted, start=2):
        used = reading.factors.get(cell.factor or "")
        yield (
            category_name(cell.category),
            branch_name(cell.branch) if cell.branch else "",
            sentence("carbon", f"how_{cell.how}").message,
            factor_name(used) if used else "",
            cell.factor or "",
            cell.ghgp or "",
            cell.amount,
            *_rated(cell, used, rank),
        )


def _rated(cell: Cell, used: FactorUsed | None, rank: int) -> tuple[Any, ...]:
    """The ratio, looked up among the factors, and the figure that it makes; a figure alone for the rest."""
    if cell.how in _FROM_RATIO and used is not None:
        ratio = Formula(f"=INDEX({FACTORS}!$C:$C,MATCH(E{rank},{FACTORS}!$A:$A,0))")
        return (ratio, Formula(f"=G{rank}/1000*H{rank}"))
    return ("", "à compléter" if cell.how is How.MISSING else cell.kgco2e)


def _lines(client: Client, reading: Reading) -> Iterator[tuple[Any, ...]]:
    yield (
        *("Ligne", "Date", "Compte", "Auxiliaire", "Fournisseur", "Libellé", "€ hors taxes", "Catégorie", "Origine"),
        *("Facteur", "kg CO2e", "Règle de"),
    )
    found = carbon.lines_of(reading.path, carbon.Slice(), limit=MOST_LINES)
    authors = authors_of(client) if any(line.rule for line in found.lines) else {}
    shown = [line for line in found.lines if line.line is not None]
    for rank, line in enumerate(shown, start=2):
        rated = line.how in _FROM_RATIO and line.factor in reading.factors
        formula = Formula(f"=G{rank}/1000*INDEX({FACTORS}!$C:$C,MATCH(J{rank},{FACTORS}!$A:$A,0))")
        yield (
            *(line.line, line.entry_date, line.account or "", line.supplier or "", line.supplier_name, line.label),
            *(line.amount, category_name(line.category), sentence("carbon", f"how_{line.how}").message),
            *(line.factor or "", formula if rated else "à compléter" if line.how is How.MISSING else line.kgco2e),
            authors.get(line.rule or "", ""),
        )
    if found.count > len(found.lines):
        yield ()
        yield ("", "", "", "", "", f"Les {MOST_LINES} lignes les plus lourdes, sur {found.count}.")


def _quantities(year: FiscalYear) -> Iterator[tuple[Any, ...]]:
    yield ("Catégorie", "Facteur", "Quantité", "Unité", "kg par unité", "kg CO2e", "Identifiant")
    for rank, one in enumerate(quantities_of(year), start=2):
        value = sum((part.value for part in one.factor.parts), start=one.factor.value * 0)
        yield (
            *(category_name(one.category), one.factor.name, one.quantity, one.factor.unit, value),
            *(Formula(f"=C{rank}*E{rank}"), one.factor.id),
        )


def _factors(factors: Sequence[FactorUsed]) -> Iterator[tuple[Any, ...]]:
    yield ("Identifiant", "Libellé", "Valeur", "Unité", "Source", "Version", "Incertitude, ± %")
    for one in factors:
        doubt = "" if one.uncertainty_pct is None else one.uncertainty_pct
        value = "" if one.value is None else one.value
        yield (one.id, factor_name(one), value, factor_unit(one), one.source, one.version, doubt)


def _rules(client: Client) -> Iterator[tuple[Any, ...]]:
    yield ("Lignes concernées", "Deviennent", "Justification", "Auteur", "Date")
    for one in in_order(rules_of(client)):
        yield (said_lines(one), said_target(one), one.reason, one.author_name, f"{one.created_at:%d/%m/%Y}")
