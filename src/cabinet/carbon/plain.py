"""Cells and factors as JSON: decimals as texts, so that nothing is rounded on the way."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any

from bocage.indicators.carbon import Cell, FactorUsed, How

_CELL = tuple(field.name for field in fields(Cell))
_DECIMALS = {"kgco2e", "amount"}


def cells_to_json(cells: Iterable[Cell]) -> dict[str, Any]:
    """The names of the columns once, then a row a cell."""
    rows = [[_text(getattr(cell, name)) for name in _CELL] for cell in cells]
    return {"columns": list(_CELL), "rows": rows}


def cells_from_json(kept: dict[str, Any]) -> tuple[Cell, ...]:
    """The cells that :func:`cells_to_json` wrote."""
    return tuple(_cell(dict(zip(kept["columns"], row, strict=True))) for row in kept["rows"])


def _text(value: Any) -> Any:
    return f"{value:f}" if isinstance(value, Decimal) else value


def _cell(values: dict[str, Any]) -> Cell:
    exact = {name: Decimal(values[name]) for name in _DECIMALS}
    return Cell(**{**values, **exact, "how": How(values["how"])})


def factors_to_json(factors: Mapping[str, FactorUsed]) -> list[dict[str, Any]]:
    """A factor an object."""
    names = [field.name for field in fields(FactorUsed)]
    return [{name: _text(getattr(factor, name)) for name in names} for factor in factors.values()]


def factors_from_json(kept: list[dict[str, Any]]) -> dict[str, FactorUsed]:
    """The factors that :func:`factors_to_json` wrote, by id."""
    return {one["id"]: FactorUsed(**{**one, **_exact(one)}) for one in kept}


def _exact(factor: dict[str, Any]) -> dict[str, Decimal | None]:
    return {name: None if factor[name] is None else Decimal(factor[name]) for name in ("value", "uncertainty_pct")}
