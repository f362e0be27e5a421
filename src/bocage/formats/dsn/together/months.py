"""Months present and missing, declarations replaced, doubled or incomplete."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bocage.findings import Severity
from bocage.formats.dsn.together.collecting import ContractSeen
from bocage.formats.dsn.together.findings import TogetherFinding, found
from bocage.formats.dsn.together.pile import Month, Pile


@dataclass(frozen=True, slots=True)
class Employer:
    """A company and its months, as ``"2025-03"``; missing ones lie between its first and its last month."""

    siren: str
    sirets: tuple[str, ...]
    months_present: tuple[str, ...]
    months_missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Superseded:
    """A declaration that no longer counts, and the file of the one that took its place."""

    file: str
    siret: str
    month: str
    by: str


def employers_of(pile: Pile) -> tuple[Employer, ...]:
    """Every company of the pile, ascending."""
    months: dict[str, set[date]] = defaultdict(set)
    sirets: dict[str, set[str]] = defaultdict(set)
    for siret, declared in pile.by_siret.items():
        months[siret[:9]].update(month.month for month in declared)
        sirets[siret[:9]].add(siret)
    for observed in pile.declarations:
        sirets[observed.siren].add(observed.identity.siret)
    return tuple(
        Employer(siren, tuple(sorted(sirets[siren])), _names(sorted(months[siren])), _names(gaps(months[siren])))
        for siren in sorted(sirets)
    )


def superseded_of(pile: Pile) -> tuple[Superseded, ...]:
    """Every declaration that another one replaces, by name of file."""
    replaced = []
    for position, by in sorted(pile.selection.superseded.items()):
        observed = pile.declarations[position]
        if observed.identity.month is not None:
            month = f"{observed.identity.month:%Y-%m}"
            replaced.append(Superseded(observed.file, observed.identity.siret, month, pile.declarations[by].file))
    return tuple(replaced)


def month_findings(pile: Pile) -> Iterator[TogetherFinding]:
    """INT-MOIS, INT-DOUBLE, INT-FRAC."""
    yield from _missing(pile)
    yield from _doubled(pile)
    for key, parts in pile.selection.fractions_missing.items():
        files = [observed.file for observed in pile.declarations if _same_set(observed.identity.key, key)]
        words = ", ".join(str(part) for part in parts)
        yield found("INT-FRAC", "missing", files, siret=key.siret, months=[key.month], count=len(parts), parts=words)


def _same_set(key: tuple[str, date, str, str] | None, other: tuple[str, date, str, str]) -> bool:
    return key is not None and (key[0], key[1], key[3]) == (other[0], other[1], other[3])


def _missing(pile: Pile) -> Iterator[TogetherFinding]:
    company: dict[str, set[date]] = defaultdict(set)
    for siret, months in pile.by_siret.items():
        company[siret[:9]].update(month.month for month in months)
    for siret, months in pile.by_siret.items():
        own = {month.month for month in months}
        everywhere = company[siret[:9]]
        missing = set(gaps(own))
        if any(
            contract.start and contract.start < months[0].month.toordinal() for contract in _employees(pile, months[0])
        ):
            missing.update(month for month in _between(everywhere) if month < min(own))
        if _someone_stays(pile, months[-1]):
            missing.update(month for month in _between(everywhere) if month > max(own))
        if missing:
            ordered = sorted(missing)
            files = [*months[-1].files]
            yield found("INT-MOIS", "missing", files, siret=siret, months=ordered, count=len(ordered))


def _employees(pile: Pile, month: Month) -> Iterator[ContractSeen]:
    return (contract for _, contract, _ in pile.contracts(month) if contract.employee)


def _someone_stays(pile: Pile, month: Month) -> bool:
    return any(not contract.end for contract in _employees(pile, month))


def _doubled(pile: Pile) -> Iterator[TogetherFinding]:
    for what, pairs, severity in (
        ("twice", pile.selection.doubled, None),
        ("stale", pile.selection.stale, None),
        ("repeated", pile.selection.repeated, Severity.INFO),
    ):
        for first, second in pairs:
            older, newer = pile.declarations[first], pile.declarations[second]
            if newer.identity.month is not None:
                yield found(
                    "INT-DOUBLE",
                    what,
                    [older.file, newer.file],
                    siret=newer.identity.siret,
                    months=[newer.identity.month],
                    lines=[newer.line],
                    rubrique="S20.G00.05.002",
                    severity=severity,
                )


def gaps(months: set[date]) -> list[date]:
    """The months that are absent between the first and the last one."""
    return [month for month in _between(months) if month not in months]


def _between(months: set[date]) -> list[date]:
    if not months:
        return []
    month, last, every = min(months), max(months), []
    while month <= last:
        every.append(month)
        month = following(month)
    return every


def following(month: date) -> date:
    """The first day of the next month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _names(months: Sequence[date]) -> tuple[str, ...]:
    return tuple(f"{month:%Y-%m}" for month in months)
