"""Physical factors of Base Carbone: kgCO2e for a unit of activity, with their parts."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

from bocage.referentials.carbon.base_carbone import unpack
from bocage.referentials.loader import read_rows

_PACKAGE = "bocage.referentials.carbon"
VERSION = "V23.6"
SOURCE = "ADEME, Base Empreinte"
_BURNT = {"Combustion"}
_GENERATED = {"Combustion", "Combustion à la centrale", "Emissions fugitives"}

type PartName = Literal["scope1", "scope2", "scope3_upstream", "whole"]


@dataclass(frozen=True, slots=True)
class FactorPart:
    """One part of a factor; ``whole`` when the source does not split it."""

    name: PartName
    value: Decimal


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor, immutable by (source, id, version).

    ``unit`` is what one counts (``kWh PCS``, ``litre``); ``uncertainty_pct`` None: the source gives none.
    The parts, and not ``value``, make the figure: the published total is rounded.
    """

    id: str
    name: str
    unit: str
    value: Decimal
    uncertainty_pct: Decimal | None
    parts: tuple[FactorPart, ...]
    co2_biogenic: Decimal | None
    validity: str
    note: str
    source: str = SOURCE
    version: str = VERSION


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _starter(row: Mapping[str, str]) -> Factor:
    names: tuple[PartName, ...] = ("scope1", "scope2", "scope3_upstream")
    value = Decimal(row["value"])
    parts = tuple(FactorPart(name, Decimal(row[name])) for name in names if row[name])
    return Factor(
        id=row["id"],
        name=row["name"],
        unit=row["unit"].removeprefix("kgCO2e/"),
        value=value,
        uncertainty_pct=_number(row["uncertainty_pct"]),
        parts=parts or (FactorPart("whole", value),),
        co2_biogenic=_number(row["co2_biogenic"]),
        validity=row["validity"],
        note=row["note"],
    )


@cache
def starters() -> Mapping[str, tuple[str, Factor]]:
    """The everyday factors of the release shipped, by id, with the use that they serve, in the order of the file."""
    rows = read_rows(_PACKAGE, "starter_factors.csv")
    return MappingProxyType({row["id"]: (row["use"], _starter(row)) for row in rows})


@cache
def shipped_rows() -> Mapping[str, Mapping[str, str]]:
    """Every valid row of the release shipped, by id."""
    packed = (files(_PACKAGE) / "base_carbone_v23.6_all_valid.csv.gz").read_bytes()
    return MappingProxyType({f"ademe:{row['id']}": MappingProxyType(row) for row in unpack(packed)})


def _split(row: Mapping[str, str], value: Decimal) -> tuple[FactorPart, ...]:
    """The parts of a row of Base Carbone: what burns here, what a power station or a network emits, the rest."""
    family = row["category"].split(" > ")[0]
    first: tuple[PartName, set[str]]
    if family == "Combustibles":
        first = ("scope1", _BURNT)
    elif family in ("Electricité", "Réseaux de chaleur / froid"):
        first = ("scope2", _GENERATED)
    elif family == "Process et émissions fugitives":
        return (FactorPart("scope1", value),)
    else:
        return (FactorPart("whole", value),)
    posts: list[dict[str, object]] = json.loads(row["posts_json"] or "[]")
    if not posts:
        return (FactorPart("scope2", value),) if first[0] == "scope2" else (FactorPart("whole", value),)
    here, upstream = Decimal(0), Decimal(0)
    for post in posts:
        share = Decimal(str(post["total"] or 0))
        if post["type"] in first[1]:
            here += share
        else:
            upstream += share
    parts = (FactorPart(first[0], here), FactorPart("scope3_upstream", upstream))
    return tuple(part for part in parts if part.value) or (FactorPart("whole", value),)


def released(identifier: str, row: Mapping[str, str], version: str = VERSION) -> Factor | None:
    """The factor of a row of a release; None when its unit is money, or no amount of emissions."""
    if not row["unit"].startswith("kgCO2e/") or "euro" in row["unit"]:
        return None
    value = Decimal(row["value"])
    return Factor(
        id=identifier,
        name=" — ".join(filter(None, (row["name"], row["attribute"], row["boundary"]))),
        unit=row["unit"].removeprefix("kgCO2e/"),
        value=value,
        uncertainty_pct=_number(row["uncertainty_pct"]),
        parts=_split(row, value),
        co2_biogenic=_number(row["co2b"]),
        validity=row["validity"],
        note="",
        version=version,
    )
