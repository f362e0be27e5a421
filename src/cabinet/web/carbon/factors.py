"""« Mettre à jour les facteurs »: what a newer release makes of an estimate, factor by factor, before it is taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from bocage.indicators.carbon import Cause
from cabinet.carbon.models import FactorRevision
from cabinet.carbon.plain import factors_from_json
from cabinet.carbon.revising import is_comparing, is_current, proposals_of, taken_of
from cabinet.carbon.selectors import Reading, reading_of
from cabinet.reference_updates.shelf import is_newer, latest_version
from cabinet.web.carbon.words import KILO, factor_name, factor_unit, tonnes
from cabinet.web.components.formats import NBSP, UNKNOWN, number
from cabinet.web.components.parts import Tab
from cabinet.web.dossier.frame import Head
from cabinet.web.dossier.indicators import pills_of

WHY = {
    Cause.REVISED: "Facteur révisé",
    Cause.YEAR: "Ratio d’une autre année",
    Cause.FOLLOWS: "Suit les achats dont il est la moyenne",
    Cause.REPLACED: "Prend la place d’un autre facteur, ou la laisse",
}


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A factor whose weight moves."""

    name: str
    why: str
    value_before: str
    value_after: str
    before: str
    after: str
    difference: str


@dataclass(frozen=True, slots=True)
class RevisionShown:
    """A comparison, or a release that was taken."""

    id: UUID
    row: FactorRevision
    before: str
    after: str
    difference: str
    lines: Sequence[ChangeLine]


@dataclass(frozen=True, slots=True)
class FactorsPage:
    """What the template draws; ``newest`` is empty when the estimate has the newest release."""

    pills: Sequence[Tab]
    reading: Reading | None
    newest: str
    comparing: bool
    proposal: RevisionShown | None
    taken: Sequence[RevisionShown]


def newer_than(reading: Reading | None) -> str:
    """The version that the estimate could take; empty when it has the newest, or waits for one that was asked for."""
    newest = latest_version()
    if reading is None or reading.row.wanted_version == newest:
        return ""
    return newest if is_newer(newest, reading.row.factors_version) else ""


def factors_page(head: Head) -> FactorsPage:
    """The page of the year chosen."""
    reading = reading_of(head.year)
    newest = newer_than(reading)
    found = proposals_of(head.year).filter(to_version=newest).first() if head.year and newest else None
    return FactorsPage(
        pills=pills_of(head, "carbone"),
        reading=reading,
        newest=newest,
        comparing=is_comparing(head.client.id),
        proposal=_shown(found) if found and is_current(found) else None,
        taken=[_shown(one) for one in taken_of(head.year)] if head.year else [],
    )


def _shown(row: FactorRevision) -> RevisionShown:
    return RevisionShown(
        id=row.id,
        row=row,
        before=tonnes(row.before),
        after=tonnes(row.after),
        difference=signed(row.after - row.before),
        lines=[_line(change) for change in row.changes],
    )


def signed(kilograms: Decimal) -> str:
    """A difference with its sign, in tonnes, or in kilograms when it is small."""
    if not kilograms:
        return "inchangé"
    grams = abs(kilograms) < 50
    amount = f"{number(kilograms, 1)}{NBSP}kg" if grams else f"{number(kilograms / KILO, 1)}{NBSP}t"
    return f"+{amount}" if kilograms > 0 else amount


def _value(value: Decimal) -> str:
    """As many decimals as the source gives."""
    return number(value, max(0, -int(value.normalize().as_tuple().exponent)))


def _line(change: Mapping[str, Any]) -> ChangeLine:
    sides = [factors_from_json([change[side]]) if change[side] else {} for side in ("before", "after")]
    before, after = (next(iter(side.values()), None) for side in sides)
    known = after or before
    kilograms = [Decimal(change[name]) for name in ("kgco2e_before", "kgco2e_after")]
    values = [_value(one.value) if one and one.value is not None else UNKNOWN for one in (before, after)]
    return ChangeLine(
        name=f"{factor_name(known)} ({factor_unit(known)})" if known else str(change["factor"]),
        why=WHY[Cause(change["cause"])],
        value_before=values[0] if before else "–",
        value_after=values[1] if after else "–",
        before=tonnes(kilograms[0]),
        after=tonnes(kilograms[1]),
        difference=signed(kilograms[1] - kilograms[0]),
    )
