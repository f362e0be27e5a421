"""Stops of work: never closed, or signalled and then forgotten by the monthly."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bocage.formats.dsn.together.collecting import STOP_SIGNAL, StopSeen
from bocage.formats.dsn.together.findings import TogetherFinding, found
from bocage.formats.dsn.together.pile import Month, Pile

type _StopKey = tuple[int, int]
"""Person, last day worked."""


@dataclass(slots=True)
class _Known:
    stop: StopSeen
    month: Month
    file: str


def stop_findings(pile: Pile) -> Iterator[TogetherFinding]:
    """INT-ARRET."""
    for months in pile.by_siret.values():
        yield from _never_closed(pile, months)
    yield from _forgotten(pile)


def _stops(pile: Pile, months: Sequence[Month]) -> dict[_StopKey, _Known]:
    """What was said last of each stop, cancelled ones included."""
    known: dict[_StopKey, _Known] = {}
    for month in months:
        for part in month.parts:
            for stop in part.stops:
                known[pile.person(stop.contract[0]), stop.last_worked] = _Known(stop, month, part.file)
    return known


def _never_closed(pile: Pile, months: Sequence[Month]) -> Iterator[TogetherFinding]:
    """A stop whose planned end is over, in a month when the person is still declared, without resumption nor end."""
    open_by_file: dict[tuple[date, str], list[int]] = defaultdict(list)
    present = {month.month: {key[1] for key, _, _ in pile.contracts(month)} for month in months}
    ended = {key[1] for month in months for key, contract, _ in pile.contracts(month) if contract.end}
    for (person, _), known in _stops(pile, months).items():
        stop = known.stop
        if stop.cancelled or stop.resumed or not stop.planned or person in ended:
            continue
        over = date.fromordinal(stop.planned)
        later = [month for month, persons in present.items() if month > over and person in persons]
        if any(month > known.month.month for month in later):
            open_by_file[known.month.month, known.file].append(stop.line)
    for (month, file), lines in sorted(open_by_file.items()):
        siret = months[0].siret
        yield found("INT-ARRET", "open", [file], siret=siret, months=[month], lines=lines, rubrique="S21.G00.60.010")


def _forgotten(pile: Pile) -> Iterator[TogetherFinding]:
    """A stop signalled, whose month is declared without it."""
    declared = {siret: {month.month for month in months} for siret, months in pile.by_siret.items()}
    stops = {siret: _stops(pile, months) for siret, months in pile.by_siret.items()}
    for signal in pile.signals:
        if signal.identity.nature != STOP_SIGNAL:
            continue
        siret = signal.identity.siret
        for stop in signal.stops:
            month = date.fromordinal(stop.last_worked + 1).replace(day=1)
            key = (pile.person(stop.contract[0]), stop.last_worked)
            if month in declared.get(siret, ()) and key not in stops.get(siret, {}):
                yield found(
                    "INT-ARRET",
                    "forgotten",
                    [signal.file],
                    siret=siret,
                    months=[month],
                    lines=[stop.line],
                    rubrique="S21.G00.60.002",
                )
