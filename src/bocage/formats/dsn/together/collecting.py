"""What is kept of each declaration: integers, in the order read."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from bocage.formats.dsn.reader import Declaration, Individual
from bocage.formats.dsn.tree import Block
from bocage.identifiers.declaration import MONTHLY, DeclarationId

NEVER = date.max.toordinal()
NOT_EMPLOYEES = frozenset({"29", "32", "51", "52", "70", "80", "81", "89", "93"})
END_OF_CONTRACT, STOP_SIGNAL = "07", "04"
_SIGNALS = frozenset({END_OF_CONTRACT, STOP_SIGNAL, "05"})
HOUR_UNITS = frozenset({"10", "21", "35"})


class PersonSeen(NamedTuple):
    """``key`` and ``birth`` are salted hashes; ``sex``: 1, 2 or 0; ``provisional``: known by an NTT only."""

    key: int
    sex: int
    birth: int
    provisional: int
    birth_changed: int
    """Whether block 31 says that the birth date was corrected."""
    line: int


class ContractSeen(NamedTuple):
    """Days are ordinals, 0 when absent; ``number`` is a salted hash; ``quota`` in hundredths, −1 when absent."""

    person: int
    start: int
    number: int
    employee: int
    quota: int
    quota_changed: int
    """Whether block 41 declares a change of quota or of its reference."""
    end: int
    motive: int
    suspended: int
    """Last day of a suspension, NEVER when it has no end."""
    paid_from: int
    """Latest start of a pay period with gross pay."""
    line: int


class StopSeen(NamedTuple):
    """A stop of work: ``contract`` is (person, start, number)."""

    contract: tuple[int, int, int]
    last_worked: int
    planned: int
    resumed: int
    cancelled: bool
    line: int


class Renamed(NamedTuple):
    """The identity that a contract had before: SIRET, person, start, number."""

    siret: str
    person: int
    start: int
    number: int


@dataclass(slots=True)
class Observed:
    """One declaration."""

    file: str
    identity: DeclarationId
    siren: str
    cancels: str | None
    line: int
    employees: int = 0
    gross: int = 0
    """Cents, type 001."""
    hours: int = 0
    """Hundredths of paid hours."""
    stops: list[StopSeen] = field(default_factory=list)
    renamed: list[Renamed] = field(default_factory=list)
    _persons: array[int] = field(default_factory=lambda: array("q"))
    _contracts: array[int] = field(default_factory=lambda: array("q"))

    def add_person(self, person: PersonSeen) -> None:
        """Keep a person."""
        self._persons.extend(person)

    def add_contract(self, contract: ContractSeen) -> None:
        """Keep a contract."""
        self._contracts.extend(contract)

    def persons(self) -> Iterator[PersonSeen]:
        """In file order."""
        return map(PersonSeen._make, _chunks(self._persons, len(PersonSeen._fields)))

    def contracts(self) -> Iterator[ContractSeen]:
        """In file order."""
        return map(ContractSeen._make, _chunks(self._contracts, len(ContractSeen._fields)))


def _chunks(values: array[int], width: int) -> Iterator[Sequence[int]]:
    return (values[start : start + width] for start in range(0, len(values), width))


class Collector:
    """Turns reader events into :class:`Observed`."""

    def __init__(self) -> None:
        self.declarations: list[Observed] = []
        self.aliases: dict[int, int] = {}
        """Hash of an NTT or of an old NIR → hash of the NIR now in use."""

    def declaration(self, file: str, declaration: Declaration) -> None:
        """The header of a declaration."""
        month = date.fromisoformat(f"{declaration.month}-01") if declaration.month else None
        built = ordinal(declaration.file_date)
        identity = DeclarationId(
            declaration.siret or declaration.siren or "",
            month,
            declaration.nature or "",
            declaration.type or "",
            declaration.fraction or "11",
            declaration.scope or "01",
            date.fromordinal(built) if built else None,
            declaration.order or 0,
        )
        cancels = declaration.header.first("S20.G00.05", "006")
        line = declaration.header.line
        self.declarations.append(Observed(file, identity, declaration.siren or "", cancels, line))

    def individual(self, individual: Individual) -> None:
        """One individual of the last declaration."""
        if not self.declarations or not individual.blocks:
            return
        observed = self.declarations[-1]
        nature = observed.identity.nature
        if nature != MONTHLY and nature not in _SIGNALS:
            return
        key = self._person(individual, observed)
        paid = _paid_from(individual) if nature == MONTHLY else {}
        employed = False
        for contract in individual.contracts:
            employed = self._contract(contract, key, paid, observed) or employed
        observed.employees += employed
        if nature == MONTHLY:
            _add_totals(individual, observed)

    def _person(self, individual: Individual, observed: Observed) -> int:
        root = individual.root
        nir, ntt, birth = root.get("001"), root.get("020"), root.get("006")
        key = _hashed("nir", nir) if nir else _hashed("ntt", ntt or f"{root.get('019')}{birth}")
        if nir and ntt:
            self.aliases[_hashed("ntt", ntt)] = key
        changes = individual.of("S21.G00.31")
        for change in changes:
            if old := change.get("008"):
                self.aliases[_hashed("nir", old)] = key
        declared = root.get("005")
        sex = {"01": 1, "02": 2}.get(declared or "") or {"1": 1, "2": 2}.get((nir or ntt or "0")[0], 0)
        corrected = any(change.get("011") for change in changes)
        provisional = not nir and bool(ntt)
        observed.add_person(PersonSeen(key, sex, hash(birth) if birth else 0, provisional, corrected, root.line))
        return key

    def _contract(self, block: Block, person: int, paid: dict[str, int], observed: Observed) -> bool:
        get = block.get
        start, number = ordinal(get("001")), get("009") or ""
        changed = False
        end = motive = suspended = 0
        for child in block.children:
            match child.code[-2:]:
                case "41":
                    values = child.values
                    changed = changed or "007" in values or "022" in values or "006" in values
                    _add_renamed(child, block, person, observed)
                case "60":
                    _add_stop(child, (person, start, hash(number)), observed)
                case "62":
                    end, motive = ordinal(child.get("001")), int(child.get("002") or 0)
                case "65" if child.get("001") != "998":
                    suspended = max(suspended, ordinal(child.get("003")) or NEVER)
                case _:
                    pass
        employee = get("007") not in NOT_EMPLOYEES
        quota = hundredths(get("013"))
        observed.add_contract(
            ContractSeen(
                person,
                start,
                hash(number),
                employee,
                -1 if quota is None else quota,
                changed,
                end,
                motive,
                suspended,
                paid.get(number, 0),
                block.line,
            )
        )
        return employee


def _add_renamed(change: Block, contract: Block, person: int, observed: Observed) -> None:
    siret, number, start = change.get("012"), change.get("014"), change.get("021")
    if siret or number or start:
        observed.renamed.append(
            Renamed(
                siret or observed.identity.siret,
                person,
                ordinal(start or contract.get("001")),
                hash(number or contract.get("009") or ""),
            )
        )


def _add_stop(block: Block, contract: tuple[int, int, int], observed: Observed) -> None:
    last_worked = ordinal(block.get("002"))
    if last_worked:
        planned, resumed = ordinal(block.get("003")), ordinal(block.get("010"))
        cancelled = block.get("001") == "99"
        observed.stops.append(StopSeen(contract, last_worked, planned, resumed, cancelled, block.line))


def _paid_from(individual: Individual) -> dict[str, int]:
    """Contract number → latest start of a period with gross pay."""
    latest: dict[str, int] = {}
    for pay in individual.of("S21.G00.51"):
        values = pay.values
        if values.get("011") == "001" and (hundredths(values.get("013")) or 0) > 0:
            number = values.get("010", "")
            latest[number] = max(latest.get(number, 0), ordinal(values.get("001")))
    return latest


def _add_totals(individual: Individual, observed: Observed) -> None:
    units = {contract.get("009") or "": contract.get("011") for contract in individual.contracts}
    for pay in individual.of("S21.G00.51"):
        if pay.values.get("011") == "001":
            observed.gross += hundredths(pay.values.get("013")) or 0
        for activity in pay.children:
            get = activity.values.get
            if get("001") == "01" and (get("003") or units.get(pay.values.get("010", ""))) in HOUR_UNITS:
                observed.hours += hundredths(get("002")) or 0


@lru_cache(maxsize=65_536)
def ordinal(text: str | None) -> int:
    """JJMMAAAA as a day number, 0 when absent or impossible."""
    if text is None or len(text) != 8 or not (text.isascii() and text.isdigit()):
        return 0
    try:
        return date(int(text[4:]), int(text[2:4]), int(text[:2])).toordinal()
    except ValueError:
        return 0


@lru_cache(maxsize=65_536)
def hundredths(text: str | None) -> int | None:
    """An amount or a quantity with two decimals, as an integer."""
    whole, _, cents = (text or "").partition(".")
    digits = whole.removeprefix("-") + cents
    if len(cents) != 2 or not (digits.isascii() and digits.isdigit()):
        return None
    return int(whole + cents)


def _hashed(kind: str, identifier: str) -> int:
    return hash((kind, identifier))
