"""The declarations that count, in order, with one key for each person."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bocage.formats.dsn.together.collecting import ContractSeen, Observed, PersonSeen, Renamed
from bocage.identifiers.declaration import MONTHLY, Selection, select

type ContractKey = tuple[str, int, int, int]
"""SIRET, person, start, number."""


@dataclass(frozen=True, slots=True)
class Month:
    """The declarations that count for one SIRET and one month: one, or its fractions."""

    siret: str
    month: date
    parts: tuple[Observed, ...]

    @property
    def files(self) -> tuple[str, ...]:
        """Where they stand."""
        return tuple(part.file for part in self.parts)


@dataclass(frozen=True, slots=True)
class Pile:
    """Everything that was fed, ready to compare."""

    declarations: Sequence[Observed]
    selection: Selection
    by_siret: Mapping[str, Sequence[Month]]
    """SIRET → its months, ascending."""
    signals: Sequence[Observed]
    """Signals neither cancelled nor replaced."""
    aliases: Mapping[int, int]
    renamed: frozenset[ContractKey]
    """Identities that a block 41 says to be the past of another one."""

    @classmethod
    def of(cls, declarations: Sequence[Observed], aliases: Mapping[int, int]) -> "Pile":
        """Select and sort. The order given changes nothing: of two that nothing tells apart, the first name counts."""
        declarations = sorted(declarations, key=lambda observed: (observed.file, observed.line))
        selection = select([observed.identity for observed in declarations])
        grouped: dict[tuple[str, date], list[Observed]] = defaultdict(list)
        for position in selection.kept:
            observed = declarations[position]
            if observed.identity.month is not None:
                grouped[observed.identity.siret, observed.identity.month].append(observed)
        by_siret: dict[str, list[Month]] = defaultdict(list)
        for (siret, month), parts in sorted(grouped.items()):
            by_siret[siret].append(Month(siret, month, tuple(parts)))
        renamed = frozenset(
            (old.siret, _person(old, aliases), old.start, old.number)
            for parts in grouped.values()
            for part in parts
            for old in part.renamed
        )
        return cls(declarations, selection, by_siret, _standing(declarations), aliases, renamed)

    def person(self, key: int) -> int:
        """One key for all the identifiers of someone."""
        return followed(key, self.aliases)

    def contracts(self, month: Month) -> Iterator[tuple[ContractKey, ContractSeen, Observed]]:
        """The contracts of a month, with the declaration that holds each."""
        for part in month.parts:
            for contract in part.contracts():
                yield (month.siret, self.person(contract.person), contract.start, contract.number), contract, part

    def persons(self, month: Month) -> Iterator[tuple[int, PersonSeen, Observed]]:
        """The persons of a month, with the declaration that holds each."""
        for part in month.parts:
            for person in part.persons():
                yield self.person(person.key), person, part


def followed(key: int, aliases: Mapping[int, int]) -> int:
    """The last key of a chain of aliases."""
    seen = {key}
    while (newer := aliases.get(key)) is not None and newer not in seen:
        seen.add(newer)
        key = newer
    return key


def _person(old: Renamed, aliases: Mapping[int, int]) -> int:
    return followed(old.person, aliases)


def _standing(declarations: Sequence[Observed]) -> list[Observed]:
    signals = [observed for observed in declarations if observed.identity.nature != MONTHLY]
    gone = {(signal.identity.siret, signal.identity.nature, signal.cancels) for signal in signals if signal.cancels}
    return [
        signal
        for signal in signals
        if signal.identity.type != "04" and (signal.identity.siret, signal.identity.nature, _name(signal)) not in gone
    ]


def _name(signal: Observed) -> str:
    built = signal.identity.file_date
    return f"{built:%d%m%Y}{signal.identity.ordre}" if built else ""
