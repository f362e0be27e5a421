"""Where the figures of a year stand: against the year before, across two families, among the firm's other dossiers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bocage.indicators.changes import Change
from bocage.indicators.joined import joined
from bocage.indicators.result import Result
from bocage.referentials.naf import section_label
from bocage.reports.diagnostic import name_of, written
from bocage.wording import sentence
from bocage.wording.figures import NBSP, number, plural
from cabinet.accounts.actors import Actor
from cabinet.clients.models import FiscalYear
from cabinet.dossiers.peers import peers_of
from cabinet.web.dossier.figures import UNITS

SIZES = {
    "micro": "moins de 0,9 M€ de chiffre d’affaires",
    "small": "de 0,9 à 10 M€ de chiffre d’affaires",
    "medium": "de 10 à 50 M€ de chiffre d’affaires",
    "large": "plus de 50 M€ de chiffre d’affaires",
}


@dataclass(frozen=True, slots=True)
class PeerRow:
    """One figure among peers, as text."""

    label: str
    own: str
    median: str
    middle: str


@dataclass(frozen=True, slots=True)
class PeersShown:
    """The group of a dossier: nobody is named."""

    aside: str
    sentence: str
    rows: Sequence[PeerRow]


def write_change(change: Change) -> str:
    """« +12,5 % », « −1,2 points »."""
    if change.percent is not None:
        return f"{_signed(change.percent, 1)}{NBSP}%"
    unit = "points" if change.unit == "%" else UNITS.get(change.unit, change.unit)
    whole = change.difference == change.difference.to_integral_value()
    return f"{_signed(change.difference, 0 if whole else 2)}{NBSP}{unit}".rstrip()


def _signed(value: Decimal, decimals: int) -> str:
    return ("+" if value > 0 else "") + number(value, decimals)


def joined_rows(results: Mapping[str, Result]) -> list[tuple[str, str, str, str]]:
    """The joined figures that are known."""
    return [
        (name_of(one.code), written(one), sentence("economic", one.code).remedy, str(one.status))
        for one in joined(results)
        if one.value is not None
    ]


def peers_shown(actor: Actor, year: FiscalYear, results: Mapping[str, Result]) -> PeersShown | None:
    """The comparison, None when the group is too small to stay anonymous."""
    found = peers_of(actor, year)
    if found is None:
        return None
    trade = section_label(found.section) or found.section
    count = plural(found.others, "autre dossier", "autres dossiers")
    rows = [
        PeerRow(
            name_of(code),
            written(results[code]) if code in results else "–",
            _value(spread.median, results.get(code)),
            f"{number(spread.low)} à {_value(spread.high, results.get(code))}",
        )
        for code, spread in found.spreads.items()
    ]
    return PeersShown(count, f"Comparaison avec {count}, {trade.lower()}, {SIZES[found.size]}", rows)


def _value(value: Decimal, own: Result | None) -> str:
    unit = UNITS.get(own.unit, own.unit) if own else ""
    whole = value == value.to_integral_value()
    return f"{number(value, 0 if whole else 1)}{NBSP}{unit}".rstrip()
