"""Invented years of a company of forty, read twice: by the product, and by the plain loops of ``naive``.

Two establishments, arrivals and leavers, part time, days, apprentices, mandates, an internship, provisional numbers,
changes of quota, moves, conversions, stops, benefits; a month in two fractions, a month replaced, pay corrected and an
end undone in a later month. The years are those of each version of the norm, and a fiscal year over two of them.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bocage.identifiers import Period
from bocage.identifiers.period import last_day_of_month
from tests.bocage.workforce.naive import indicators
from tests.bocage.workforce.payslips import ANNEX, FULL_TIME, SEAT, Contract, Person, declaration, figures

MOTIVES = ["059", "012", "043", "038", "014", "034", "031", "999", "065", "066"]
LATE = 3


@dataclass
class Worker:
    """One person, and what happens to the contract."""

    rank: int
    start: date
    nir: str
    birth: str
    nic: str
    rubriques: dict[str, str]
    quota: Decimal
    unit: str
    hourly: Decimal
    number: str = "00001"
    end: tuple[date, str] | None = None
    undone: bool = False
    provisional_until: date | None = None
    new_quota: tuple[date, Decimal] | None = None
    moved: date | None = None
    converted: date | None = None
    stops: list[tuple[date, date, str, date | None]] = field(default_factory=list)


def workers(dice: random.Random, start: date, end: date) -> list[Worker]:
    found = []
    span = (end - start).days
    for rank in range(1, 41):
        sex, year, month = dice.choice("12"), dice.randint(1962, 2004), dice.randint(1, 12)
        hired = start + timedelta(dice.randint(-2500, -40) if dice.random() < 0.7 else dice.randint(0, span - 40))
        kind = dice.choices(["cdi", "cdd", "stand-in", "apprentice", "intern", "mandate"], [60, 14, 6, 10, 5, 5])[0]
        nature = {"cdi": "01", "intern": "29", "mandate": "80"}.get(kind, "02")
        own = {"007": nature, "002": dice.choice(["03", "04", "04", "05", "06", "06", "07", "07"])}
        own |= {"017": dice.choice(["3248", "3248", "1486", "9999"]), "008": "64" if kind == "apprentice" else "99"}
        own |= {"021": "01" if kind == "stand-in" else "02"} if nature == "02" else {}
        own |= {"072": "01"} if dice.random() < 0.1 else {}
        days = own["002"] in ("03", "04") and dice.random() < 0.4
        quota = Decimal(dice.choice(["151.67", "151.67", "151.67", "121.34", "75.84"]))
        own |= {"014": "10" if quota == Decimal(FULL_TIME) else "20"}
        if days:
            quota, own = Decimal("18.17"), own | {"012": "18.17", "014": "10"}
        nir = f"{sex}{year % 100:02d}{month:02d}01999{rank:03d}"
        worker = Worker(
            rank, hired, nir, f"{dice.randint(1, 28):02d}{month:02d}{year}", dice.choice([SEAT, ANNEX]), own,
            quota, "20" if days else "10", Decimal(dice.randint(1150, 4000)) / 100,
        )  # fmt: skip
        _events(dice, worker, start, end, days=days)
        found.append(worker)
    return found


def _events(dice: random.Random, worker: Worker, start: date, end: date, *, days: bool) -> None:
    first = max(worker.start, start)
    left = (end - first).days
    match dice.choices(["end", "quota", "move", "convert", "provisional", "none"], [25, 10, 8, 6, 6, 45])[0]:
        case "end":
            worker.end = (first + timedelta(dice.randint(20, max(left, 21))), dice.choice(MOTIVES))
            worker.undone = dice.random() < 0.2 and worker.end[0] < end - timedelta(70)
        case "quota" if not days:
            worker.new_quota = (first + timedelta(dice.randint(15, max(left - 1, 16))), Decimal("100.00"))
        case "move":
            worker.moved = (first + timedelta(dice.randint(40, max(left, 41)))).replace(day=1)
        case "convert" if worker.rubriques["007"] == "02" and worker.rubriques["008"] == "99":
            worker.converted = (first + timedelta(dice.randint(40, max(left, 41)))).replace(day=1)
        case "provisional":
            worker.provisional_until = (first + timedelta(dice.randint(40, max(left, 41)))).replace(day=1)
    for _ in range(dice.choice([0, 0, 1, 2])):
        since = first + timedelta(dice.randint(2, max(left - 10, 3)))
        planned = since + timedelta(dice.randint(3, 60))
        back = since + timedelta(dice.randint(2, (planned - since).days)) if dice.random() < 0.5 else None
        worker.stops.append((since, planned, dice.choice(["01", "01", "02", "04", "05", "06", "15"]), back))


def payslip(worker: Worker, first: date, dice: random.Random, spoilt: bool) -> tuple[str, Person] | None:
    """Establishment and person of one month; None when nobody is employed. ``spoilt``: an amount later replaced."""
    last = last_day_of_month(first)
    until = worker.end[0] if worker.end and not (worker.undone and last > last_day_of_month(worker.end[0])) else None
    if worker.start > last or (until and until < first):
        return None
    contract = Contract(f"{worker.start}", values=dict(worker.rubriques), unit=worker.unit)
    quota, nic = worker.quota, worker.nic
    if worker.new_quota and worker.new_quota[0] <= last:
        quota = worker.new_quota[1]
        if worker.new_quota[0] >= first and worker.new_quota[0] > worker.start:
            contract.changed(f"{worker.new_quota[0]}", r007=f"{worker.quota}")
    if worker.moved and worker.moved <= first:
        nic = ANNEX if worker.nic == SEAT else SEAT
        if worker.moved == first:
            contract.changed(f"{first}", r012=f"000012344{worker.nic}")
    if worker.converted and first >= worker.converted:
        contract.start, contract.number = f"{worker.converted}", "00002"
        contract.values |= {"007": "01"}
        contract.values.pop("021", None)
    elif worker.converted and last == worker.converted - timedelta(1):
        contract.ended(f"{last}", "031")
    if worker.end and first <= worker.end[0] <= last:
        contract.ended(f"{worker.end[0]}", worker.end[1])
    elif worker.end and worker.undone and first == last_day_of_month(worker.end[0]) + timedelta(1):
        contract.ended(f"{worker.end[0]}", "099")
    contract.quota = f"{quota}"
    for since, planned, motive, back in worker.stops:
        if since <= last and (back or planned) >= first and since >= date.fromisoformat(contract.start):
            contract.stopped(f"{since}", f"{planned}", motive, f"{back}" if back and back <= last else None)
    _paid(
        contract, worker, quota, max(first, date.fromisoformat(contract.start)), min(last, until or last), dice, spoilt
    )
    if dice.random() < 0.2:
        contract.benefits.append((dice.choice(["02", "05", "07", "12", "91"]), f"{dice.randint(10, 300)}.00"))
    if dice.random() < 0.8:
        contract.seniority = ("02", f"{max((last - worker.start).days // 30, 1)}")
    person = Person(worker.nir, [contract], birth=worker.birth, name=f"PERSONNE{worker.rank}")
    if worker.provisional_until:
        person.ntt = f"{worker.nir[0]}000012344{worker.rank:03d}"
        if first < worker.provisional_until:
            person.nir = None
        elif first > worker.provisional_until:
            person.ntt = None
    return nic, person


def _paid(
    contract: Contract, worker: Worker, quota: Decimal, since: date, until: date, dice: random.Random, spoilt: bool
) -> None:
    hours = quota * ((until - since).days + 1) / ((last_day_of_month(since) - since.replace(day=1)).days + 1)
    hours = hours.quantize(Decimal("0.01"))
    base = (hours * worker.hourly * (7 if worker.unit == "20" else 1)).quantize(Decimal("0.01"))
    gross = base + dice.choice([0, 0, 0, 120, 800]) + (5000 if spoilt else 0)
    span = f"{since}", f"{until}"
    contract.pays = [
        (*span, "001", f"{gross}", None),
        (*span, "002", f"{gross}", f"{hours}"),
        (*span, "003", f"{gross}", None),
        (*span, "010", f"{base}", None),
    ]
    before = since.replace(day=1) - timedelta(1)
    if dice.random() < 0.05 and date.fromisoformat(contract.start) < before.replace(day=1):
        late = f"{before.replace(day=1)}", f"{before}"
        contract.pays += [(*late, "001", "-50.00", None), (*late, "002", "-50.00", "-2.00")]


def company(seed: int, start: date, end: date) -> Iterator[bytes]:
    dice = random.Random(seed)
    staff = workers(dice, start, end)
    firsts = [start]
    while len(firsts) < 12 + LATE:
        firsts.append((firsts[-1] + timedelta(32)).replace(day=1))
    split, replaced = dice.sample(range(12), 2)
    for index, first in enumerate(firsts):
        norm = f"P{min(max(first.year, 2024), 2026) % 100}V01"
        wrong = [True, False] if index == replaced else [False]
        for order, spoilt in enumerate(wrong, 1):
            slips = [
                slip
                for worker in staff
                if (slip := payslip(worker, first, random.Random(f"{seed}{worker.rank}{first}"), spoilt))
            ]
            for nic in (SEAT, ANNEX):
                people = [person for place, person in slips if place == nic]
                parts = [("12", people[::2]), ("22", people[1::2])] if index == split else [("11", people)]
                for fraction, some in parts:
                    kind = "01" if order == 1 else "03"
                    if some:
                        yield declaration(
                            f"{first:%Y-%m}", some, nic=nic, kind=kind, fraction=fraction, ordre=order, norm=norm
                        )


@pytest.mark.parametrize(
    ("seed", "start", "end"),
    [
        (1, date(2024, 1, 1), date(2024, 12, 31)),
        (3, date(2026, 1, 1), date(2026, 12, 31)),
        (2, date(2025, 4, 1), date(2026, 3, 31)),
    ],
)
def test_both_readings_say_the_same(seed: int, start: date, end: date, tmp_path: Path) -> None:
    files = list(company(seed, start, end))
    wanted = indicators(files, start, end)
    results = figures(tmp_path, *files, period=Period(start, end))
    found: dict[str, Any] = {code: result.value for code, result in results.items()}
    for code, result in results.items():
        for part in result.breakdown:
            ((by, name),) = part.by.items()
            found[f"{code}/{by}={name}"] = part.value
    assert {code: found.get(code) for code in wanted} == wanted
    assert set(results) <= set(wanted)
