"""Figures that stand on two families: what an employee sells, emits, and what work gets of the value added."""

from collections.abc import Mapping
from decimal import Decimal

from bocage.identifiers import quantize_cents
from bocage.indicators.result import Result, Status

CODES = ("revenue_per_fte", "carbon_per_fte", "carbon_per_keur", "wage_share")
HUNDRED, THOUSAND = Decimal(100), Decimal(1000)
EMISSIONS = "carbon_total"
"""Code under which the total of a carbon inventory is given, in kgCO2e."""


def joined(results: Mapping[str, Result]) -> list[Result]:
    """The joined figures, in the order of :data:`CODES`.

    ``results``: economic and social figures by code, and the emissions under :data:`EMISSIONS`. Full-time equivalents
    are those of the last day (``fte_year_end``). One side unknown, hidden or not above zero: the figure is unknown.
    """
    return [
        _ratio(
            "revenue_per_fte",
            "EUR/FTE",
            "chiffre d’affaires ÷ ETP au dernier jour",
            results,
            ("turnover",),
            ("fte_year_end",),
        ),
        _ratio(
            "carbon_per_fte",
            "kgCO2e/FTE",
            "émissions estimées ÷ ETP au dernier jour",
            results,
            (EMISSIONS,),
            ("fte_year_end",),
        ),
        _ratio(
            "carbon_per_keur",
            "kgCO2e/kEUR",
            "émissions estimées ÷ milliers d’euros de chiffre d’affaires",
            results,
            (EMISSIONS,),
            ("turnover",),
            times=THOUSAND,
        ),
        _ratio(
            "wage_share",
            "%",
            "(641 + 645) ÷ valeur ajoutée",
            results,
            ("wage_bill", "social_charges"),
            ("value_added",),
            times=HUNDRED,
        ),
    ]


def _ratio(
    code: str,
    unit: str,
    formula: str,
    results: Mapping[str, Result],
    above: tuple[str, ...],
    below: tuple[str, ...],
    *,
    times: Decimal = Decimal(1),
) -> Result:
    numerator, denominator = _sum(results, above), _sum(results, below)
    sources = (*above, *below)
    if numerator is None or denominator is None:
        return Result(code, None, unit, Status.MISSING, formula, sources, reason="side_unknown")
    if denominator <= 0:
        return Result(code, None, unit, Status.MISSING, formula, sources, reason="nothing_to_divide")
    partial = any(results[one].status is Status.PARTIAL for one in sources)
    value = quantize_cents(numerator * times / denominator)
    return Result(
        code,
        value,
        unit,
        Status.PARTIAL if partial else Status.COMPUTED,
        formula,
        sources,
        reason="side_partial" if partial else None,
    )


def _sum(results: Mapping[str, Result], codes: tuple[str, ...]) -> Decimal | None:
    total = Decimal(0)
    for code in codes:
        result = results.get(code)
        value = result.value if result else None
        if isinstance(value, bool) or not isinstance(value, Decimal | int):
            return None
        total += value
    return total
