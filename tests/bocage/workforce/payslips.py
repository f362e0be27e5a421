"""DSN written by hand for the tests of facts and indicators: only what the indicators read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from bocage.formats.base import BytesSource
from bocage.identifiers import Period
from bocage.identifiers.period import last_day_of_month
from bocage.indicators.result import Result
from bocage.indicators.workforce import compute
from bocage.ingest.dsn import write_facts

KEY = b"a key for the tests, nothing else"
SIREN = "000012344"
SEAT, ANNEX = "00016", "00024"
YEAR = Period.year(2025)
FULL_TIME = "151.67"

type Rubriques = dict[str, str]


def day(text: str) -> str:
    """2025-03-01 as 01032025."""
    return f"{date.fromisoformat(text):%d%m%Y}"


@dataclass
class Contract:
    """A contract in one month. ``events``: (block, rubriques) under it."""

    start: str = "2020-01-01"
    number: str = "00001"
    quota: str = FULL_TIME
    base: str = "2000.00"
    gross: str = "2000.00"
    hours: str = FULL_TIME
    values: Rubriques = field(default_factory=dict)
    events: list[tuple[str, Rubriques]] = field(default_factory=list)
    pays: list[tuple[str, str, str, str, str | None]] | None = None
    """(from, to, kind, amount, hours) instead of the usual whole month."""
    benefits: list[tuple[str, str]] = field(default_factory=list)
    """(kind, amount) of block 54, for the month."""
    seniority: tuple[str, str] | None = None
    """Unit and value of the seniority in the company (block 86)."""
    unit: str = "10"

    def ended(self, on: str, motive: str = "059") -> "Contract":
        self.events.append(("62", {"001": day(on), "002": motive}))
        return self

    def stopped(self, last_worked: str, planned: str, motive: str = "01", resumed: str | None = None) -> "Contract":
        values = {"001": motive, "002": day(last_worked), "003": day(planned)}
        self.events.append(("60", values | ({"010": day(resumed)} if resumed else {})))
        return self

    def changed(self, on: str, **old: str) -> "Contract":
        """``old``: rubrique of block 41 with a leading letter (``r007="151.67"``)."""
        self.events.append(("41", {"001": day(on), **{name[1:]: value for name, value in old.items()}}))
        return self


@dataclass
class Person:
    """Rubriques of block 30 come from ``nir``, ``ntt``, ``matricule`` and ``birth``."""

    nir: str | None = "1680301999001"
    contracts: Sequence[Contract] = (Contract(),)
    ntt: str | None = None
    matricule: str | None = None
    birth: str = "14031968"
    name: str = "TESTAROL"
    changes: list[Rubriques] = field(default_factory=list)


def declaration(
    month: str,
    persons: Iterable[Person],
    *,
    nic: str = SEAT,
    kind: str = "01",
    fraction: str = "11",
    ordre: int = 1,
    built: str | None = None,
    siren: str = SIREN,
    nature: str = "01",
    norm: str = "P25V01",
) -> bytes:
    """One envoi holding one declaration. ``month``: 2025-03."""
    first = date.fromisoformat(f"{month}-01")
    end = last_day_of_month(first)
    lines = [("S10.G00.00.005", "02"), ("S10.G00.00.006", norm), ("S10.G00.00.008", "01")]
    header = {"001": nature, "002": kind, "003": fraction, "004": str(ordre)}
    if nature == "01":
        header["005"] = f"{first:%d%m%Y}"
    header["007"] = day(built) if built else f"{end:%d%m%Y}"
    lines += [(f"S20.G00.05.{number}", value) for number, value in header.items()]
    lines += [("S21.G00.06.001", siren), ("S21.G00.06.002", SEAT), ("S21.G00.11.001", nic)]
    for person in persons:
        lines += _person(person, first, end, monthly=nature == "01", norm=norm)
    lines += [("S90.G00.90.001", str(len(lines) + 2)), ("S90.G00.90.002", "1")]
    return "".join(f"{code},'{value}'\r\n" for code, value in lines).encode("latin-1")


def _person(person: Person, first: date, end: date, *, monthly: bool, norm: str) -> list[tuple[str, str]]:
    values = {"001": person.nir, "002": person.name, "004": "Camille", "006": person.birth}
    values |= {"019": person.matricule, "020": person.ntt}
    lines = [(f"S21.G00.30.{number}", value) for number, value in values.items() if value]
    lines += [(f"S21.G00.31.{number}", value) for change in person.changes for number, value in change.items()]
    for contract in person.contracts:
        own = {"001": day(contract.start), "002": "06", "004": "543a", "007": "01", "008": "99"}
        own |= {"009": contract.number, "011": contract.unit, "012": FULL_TIME, "013": contract.quota, "014": "10"}
        own |= {"017": "3248"} | contract.values
        lines += [(f"S21.G00.40.{number}", own[number]) for number in sorted(own)]
        for block, rubriques in sorted(contract.events, key=lambda event: event[0]):
            lines += [(f"S21.G00.{block}.{number}", rubriques[number]) for number in sorted(rubriques)]
    if monthly:
        lines += [("S21.G00.50.001", f"{end:%d%m%Y}"), ("S21.G00.50.002", "1500.00")]
        for contract in person.contracts:
            lines += _pay(contract, first, end)
        for contract in person.contracts:
            lines += _benefits(contract, first, end, named=norm > "P24V01")
    for contract in person.contracts:
        if contract.seniority:
            unit, value = contract.seniority
            own = {"001": "07", "002": unit, "003": value, "005": contract.number}
            lines += [(f"S21.G00.86.{number}", text) for number, text in own.items()]
    return lines


def _benefits(contract: Contract, first: date, end: date, *, named: bool) -> list[tuple[str, str]]:
    lines = []
    for kind, amount in contract.benefits:
        values = {"001": kind, "002": amount, "003": f"{first:%d%m%Y}", "004": f"{end:%d%m%Y}"}
        values |= {"005": contract.number} if named else {}
        lines += [(f"S21.G00.54.{number}", value) for number, value in values.items()]
    return lines


def _pay(contract: Contract, first: date, end: date) -> list[tuple[str, str]]:
    usual = [(f"{first}", f"{end}", kind, amount, None) for kind, amount in (("001", contract.gross),)]
    usual += [(f"{first}", f"{end}", "002", contract.gross, contract.hours)]
    usual += [(f"{first}", f"{end}", "010", contract.base, None)]
    lines = []
    for since, until, kind, amount, hours in contract.pays if contract.pays is not None else usual:
        values = {"001": day(since), "002": day(until), "010": contract.number, "011": kind, "013": amount}
        lines += [(f"S21.G00.51.{number}", value) for number, value in values.items()]
        if hours is not None:
            lines += [("S21.G00.53.001", "01"), ("S21.G00.53.002", hours), ("S21.G00.53.003", contract.unit)]
    return lines


def facts_of(folder: Path, *files: bytes) -> list[dict[str, Path]]:
    """One import for each file."""
    return [
        write_facts([BytesSource(f"{rank}.dsn", content)], folder / str(rank), pseudonym_key=KEY).tables
        for rank, content in enumerate(files)
    ]


def figures(folder: Path, *files: bytes, period: Period = YEAR) -> dict[str, Result]:
    """The indicators of the files, by code, given as one import."""
    sources = [BytesSource(f"{rank}.dsn", content) for rank, content in enumerate(files)]
    return {result.code: result for result in compute([write_facts(sources, folder, pseudonym_key=KEY).tables], period)}


def year_of(*persons: Person, months: Iterable[int] = range(1, 13)) -> list[bytes]:
    """The same persons every month of 2025."""
    return [declaration(f"2025-{month:02d}", persons) for month in months]
