"""The social indicators worked out a second time, from the raw lines of DSN and the text of the reference alone.

Plain loops over days, no table and no code of the product: slow, and read in one go. It knows what the tests write:
whole months, one envoi a file, block 41 beside its contract.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from statistics import median
from typing import Any

type Block = dict[str, str]
type Stay = tuple[date, date, str]

NOT_EMPLOYEES = {"29", "32", "51", "52", "70", "80", "81", "89", "93"}
PERMANENT = {"01", "07", "08", "09", "82", "91"}
DAY = timedelta(days=1)
LEAVERS = {
    *range(11, 27),
    *range(33, 40),
    43,
    58,
    59,
    65,
    66,
    70,
    71,
    *range(82, 85),
    *range(86, 98),
    *range(110, 116),
    117,
}
SMIC = [(date(2024, 1, 1), "11.65"), (date(2024, 11, 1), "11.88"), (date(2026, 1, 1), "12.02")]
BENEFITS = {"02", "03", "04", "05", "06", "11", "12"}


def day(text: str) -> date:
    return date(int(text[4:]), int(text[2:4]), int(text[:2]))


def month_end(first: date) -> date:
    return (first + 31 * DAY).replace(day=1) - DAY


def rounded(value: Fraction | int, digits: int) -> Decimal:
    exact = Fraction(value) * 10**digits
    whole = Decimal(exact.numerator) / Decimal(exact.denominator)
    return whole.quantize(Decimal(1), ROUND_HALF_UP).scaleb(-digits)


def blocks(text: str) -> Iterator[tuple[str, Block]]:
    """Blocks in file order: a new one when the code changes, or when a rubrique does not come after the last."""
    code, values, last = "", {}, ""
    for line in text.splitlines():
        found = re.fullmatch(r"(S\d\d\.G\d\d\.\d\d)\.(\d{3}),'(.*)'", line)
        assert found is not None, line
        block, number, value = found.groups()
        if block != code or number <= last:
            if code:
                yield code, values
            code, values = block, {}
        values[number], last = value, number
    yield code, values


class Month:
    """One monthly declaration."""

    def __init__(self, file: bytes) -> None:
        self.people: list[dict[str, Any]] = []
        for code, values in blocks(file.decode("latin-1")):
            short = code[-2:]
            if code == "S20.G00.05":
                self.first = day(values["005"])
                self.rank = (day(values["007"]), int(values["004"]))
                self.fraction = values["003"]
            elif short == "06":
                siren = values["001"]
            elif short == "11":
                self.siret = siren + values["001"]
            elif short == "30":
                self.people.append({"30": values, "40": [], "51": [], "54": [], "86": []})
            elif short in ("40", "51"):
                self.people[-1][short].append((values, []))
            elif short in ("41", "60", "62"):
                self.people[-1]["40"][-1][1].append((short, values))
            elif short == "53":
                self.people[-1]["51"][-1][1].append(values)
            elif short in ("54", "86"):
                self.people[-1][short].append(values)


class Company:
    """Everything declared of a period and of the three months after it."""

    def __init__(self, files: list[bytes], start: date, end: date) -> None:
        self.start, self.end = start, end
        newest: dict[tuple[str, date, str], Month] = {}
        for month in map(Month, files):
            key = month.siret, month.first, month.fraction
            if key not in newest or month.rank > newest[key].rank:
                newest[key] = month
        self.months = sorted(newest.values(), key=lambda one: (one.first, one.rank, one.siret, one.fraction))
        self.names: dict[str, str] = {}
        for month in self.months:
            for person in month.people:
                nir, ntt = person["30"].get("001"), person["30"].get("020")
                if nir and ntt:
                    self.names[ntt] = nir
        self.chain_of: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._link()
        self.said: dict[tuple[str, ...], list[tuple[Month, Block, list[tuple[str, Block]]]]] = defaultdict(list)
        for month in self.months:
            for name, contract, events in self._contracts(month):
                self.said[self.chain(self._id(month, name, contract))].append((month, contract, events))
        self.firsts = [first for first in self._firsts() if first <= end]
        self.stays = {chain: self._stay(chain) for chain in self.said}

    def _name(self, person: dict[str, Any]) -> str:
        name = person["30"].get("001") or person["30"]["020"]
        return self.names.get(name, name)

    def _contracts(self, month: Month) -> Iterator[tuple[str, Block, list[tuple[str, Block]]]]:
        for person in month.people:
            for contract, events in person["40"]:
                yield self._name(person), contract, events

    def _id(self, month: Month, name: str, contract: Block) -> tuple[str, ...]:
        return name, month.siret, contract["001"], contract["009"]

    def _link(self) -> None:
        for month in self.months:
            for name, contract, events in self._contracts(month):
                for code, change in events:
                    if code == "41" and change.keys() & {"012", "014"}:
                        old = name, change.get("012", month.siret), contract["001"], change.get("014", contract["009"])
                        self.chain_of[self._id(month, name, contract)] = old

    def chain(self, identity: tuple[str, ...]) -> tuple[str, ...]:
        while identity in self.chain_of:
            identity = self.chain_of[identity]
        return identity

    def _firsts(self) -> list[date]:
        return sorted({month.first for month in self.months if month.first >= self.start})

    def _stay(self, chain: tuple[str, ...]) -> Stay:
        """Start, end (far away when running) and motive, as the last month says."""
        start, until, motive = day(self.said[chain][0][1]["001"]), date(9999, 1, 1), ""
        for _, _, events in self.said[chain]:
            for code, ending in events:
                if code == "62":
                    undone = ending["002"] == "099"
                    until, motive = (date(9999, 1, 1), "") if undone else (day(ending["001"]), ending["002"])
        return start, until, motive

    def value(self, chain: tuple[str, ...], number: str, on: date, old: str = "") -> str:
        """A rubrique of block 40 on a day; ``old``: where block 41 keeps the value before a change."""
        here = [
            (c, e) for month, c, e in self.said[chain] if (month.first.year, month.first.month) == (on.year, on.month)
        ]
        contract, events = here[-1] if here else self.said[chain][-1][1:]
        for change in sorted((c for code, c in events if code == "41" and old in c), key=lambda c: day(c["001"])):
            if day(change["001"]) > on:
                return change[old]
        return contract.get(number, "")

    def there(self, on: date) -> list[tuple[str, ...]]:
        return [
            chain
            for chain, (start, until, _) in self.stays.items()
            if start <= on <= until and self.value(chain, "007", on) not in NOT_EMPLOYEES
        ]

    def quota(self, chain: tuple[str, ...], on: date) -> Fraction:
        reference = Fraction(self.value(chain, "012", on))
        return min(Fraction(self.value(chain, "013", on, "007")) / reference, Fraction(1)) if reference else Fraction(0)

    def persons(self, on: date, has: Callable[[tuple[str, ...]], bool] = lambda _: True) -> set[str]:
        return {chain[0] for chain in self.there(on) if has(chain)}

    def sex(self, name: str) -> str:
        return {"1": "M", "2": "F"}[name[0]]


def indicators(files: list[bytes], start: date, end: date) -> dict[str, Any]:
    """Code → value of the answer, and ``code/…`` for some parts."""
    c = Company(files, start, end)
    found: dict[str, Any] = {}
    now = c.persons(end)

    def share(part: int | Fraction, whole: int | Fraction, times: int = 100) -> Decimal:
        return rounded(Fraction(part) * times / Fraction(whole), 2)

    def at_end(number: str, values: set[str]) -> set[str]:
        return c.persons(end, lambda chain: c.value(chain, number, end) in values)

    found["headcount_year_end"] = len(now)
    found["headcount_year_end/sex=F"] = sum(c.sex(name) == "F" for name in now)
    permanent = len(at_end("007", PERMANENT))
    found["headcount_year_end/contract=permanent"] = permanent
    ends = [month_end(first) for first in c.firsts]
    average = Fraction(sum(len(c.persons(on)) for on in ends), len(ends))
    found["headcount_average"] = rounded(average, 4)
    found["fte_year_end"] = rounded(sum((c.quota(chain, end) for chain in c.there(end)), Fraction(0)), 2)
    found["part_time_share"] = share(len(at_end("014", {"20", "40", "41", "42"})), len(now))
    found["fixed_term_share"] = share(len(now) - permanent, len(now))
    found["collective_agreement_coverage"] = share(len(at_end("017", {"3248", "1486"})), len(now))
    found["apprentices"] = len(at_end("008", {"64", "65", "81"}))
    found["disabled_workers"] = len(at_end("072", {f"{n:02d}" for n in range(1, 13)}))
    chiefs = at_end("002", {"03"}) or at_end("002", {"03", "04"})
    women = sum(c.sex(name) == "F" for name in chiefs)
    found["managers_female_to_male"] = share(women, len(chiefs) - women, 1) if women < len(chiefs) else None
    _legal(c, found)
    _moves(c, found, average)
    _safety(c, found)
    _pay(c, found)
    _years(c, found)
    return found


def _legal(c: Company, found: dict[str, Any]) -> None:
    months = []
    for first in c.firsts:
        total, days = Fraction(0), (month_end(first) - first).days + 1
        for offset in range(days):
            on = first + offset * DAY
            for chain in c.there(on):
                left_out = c.value(chain, "008", on) in {"61", "64", "65", "81", "21", "41", "42"}
                if not left_out and c.value(chain, "021", on) != "01" and c.value(chain, "007", on) not in {"03", "08"}:
                    total += c.quota(chain, on)
        months.append(total / days)
        found[f"headcount_r130_1/month={first:%Y-%m}"] = rounded(total / days, 4)
    mean = sum(months, Fraction(0)) / len(months)
    found["headcount_r130_1"] = Decimal(int(mean * 100)).scaleb(-2)


def _moves(c: Company, found: dict[str, Any], average: Fraction) -> None:
    spells: list[list[Any]] = []
    by_name: dict[str, list[Stay]] = defaultdict(list)
    for chain, stay in c.stays.items():
        if c.said[chain][-1][1]["007"] not in NOT_EMPLOYEES:
            by_name[chain[0]].append(stay)
    for stays in by_name.values():
        mine: list[list[Any]] = []
        for start, until, motive in sorted(stays):
            if mine and start <= mine[-1][1] + DAY:
                if until > mine[-1][1]:
                    mine[-1][1:] = [until, motive]
            else:
                mine.append([start, until, motive])
        spells += mine
    entries = sum(c.start <= start <= c.end for start, _, _ in spells)
    left = [
        motive
        for _, until, motive in spells
        if c.start <= until <= c.end and motive not in {"100", "998", "116", "119"}
    ]
    found["entries"], found["exits"] = entries, len(left)
    leavers = sum(int(motive) in LEAVERS for motive in left)
    found["exits/counted=vsme"] = leavers
    found["turnover_vsme"] = rounded(leavers / average * 100, 2)
    found["turnover_vsme/variant=all_exits"] = rounded(len(left) / average * 100, 2)
    found["turnover_fr"] = rounded(Fraction(entries + len(left), 2) / average * 100, 2)


def _safety(c: Company, found: dict[str, Any]) -> None:
    stops: dict[tuple[tuple[str, ...], str], Block] = {}
    for chain, said in c.said.items():
        for _, _, events in said:
            for code, stop in events:
                if code == "60":
                    stops[chain, stop["002"]] = stop
    days: dict[str, int] = defaultdict(int)
    people: dict[str, set[str]] = defaultdict(set)
    accidents: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for (chain, last), stop in stops.items():
        start, until, _ = c.stays[chain]
        if stop["001"] in {"99", "15", "16", "17", "18"} or c.said[chain][-1][1]["007"] in NOT_EMPLOYEES:
            continue
        back = day(stop["010"]) - DAY if "010" in stop else day(stop["003"])
        lost = (min(back, until, c.end) - max(day(last) + DAY, start, c.start)).days + 1
        if lost > 0:
            days[stop["001"]] += lost
            people[stop["001"]].add(chain[0])
        if c.start <= day(last) <= c.end:
            accidents[stop["001"]].add((chain[0], last))
    counted = sum(days[motive] for motive in ("01", "04", "05", "06"))
    calendar = sum(
        max((min(until, month_end(first)) - max(start, first)).days + 1, 0)
        for chain, (start, until, _) in c.stays.items()
        for first in c.firsts
        if c.said[chain][-1][1]["007"] not in NOT_EMPLOYEES
    )
    found["absence_days"] = counted
    found["absenteeism"] = rounded(Fraction(counted * 100, calendar), 2)
    hours = sum((one["hours"] for one in _work(c).values()), Fraction(0))
    found["hours_paid"] = rounded(hours, 2)
    found["accidents_with_stop"] = len(accidents["06"])
    found["accidents_with_stop/kind=commuting"] = len(accidents["04"])
    found["accident_rate_vsme"] = rounded(len(accidents["06"]) * 200_000 / hours, 2)
    found["frequency_rate"] = rounded(len(accidents["06"]) * 1_000_000 / hours, 2)
    found["severity_rate"] = rounded(days["06"] * 1_000 / hours, 2)
    found["severity_rate/variant=worked_hours"] = rounded(days["06"] * 1_000 / (hours * Fraction(1607, 1820)), 2)


def _work(c: Company) -> dict[str, dict[str, Fraction]]:
    """Person → paid hours, gross, benefits of the months of the period, corrections of later months inside."""
    work: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for month in c.months:
        for person in month.people:
            mine = work[c._name(person)]
            contracts = {contract["009"]: contract for contract, _ in person["40"]}

            def inside(text: str, month: Month = month) -> bool:
                return c.start <= min(day(text).replace(day=1), month.first) <= c.end

            for pay, activities in person["51"]:
                if contracts[pay["010"]]["007"] in NOT_EMPLOYEES or not inside(pay["002"]):
                    continue
                if pay["011"] == "001":
                    mine["gross"] += Fraction(pay["013"])
                for activity in activities if pay["011"] == "002" else []:
                    unit = activity.get("003", contracts[pay["010"]]["011"])
                    if activity["001"] == "01" and unit in {"10", "21", "35", "12", "20"}:
                        mine["hours"] += Fraction(activity["002"]) * (7 if unit in {"12", "20"} else 1)
            for extra in person["54"]:
                contract = contracts[extra["005"]] if "005" in extra else person["40"][0][0]
                if extra["001"] in BENEFITS and contract["007"] not in NOT_EMPLOYEES and inside(extra["004"]):
                    mine["benefits"] += Fraction(extra["002"])
    return work


def _pay(c: Company, found: dict[str, Any]) -> None:
    for suffix, benefits in (("", False), ("/variant=with_benefits", True)):
        rates: dict[str, list[Fraction]] = {"F": [], "M": []}
        for name, one in _work(c).items():
            if one["hours"] > 0:
                rates[c.sex(name)].append((one["gross"] + (one["benefits"] if benefits else 0)) / one["hours"])
        women, men = rates["F"], rates["M"]
        mean = sum(men, Fraction(0)) / len(men)
        found["pay_gap_mean" + suffix] = rounded((mean - sum(women, Fraction(0)) / len(women)) / mean * 100, 2)
        found["pay_gap_median" + suffix] = rounded((median(men) - median(women)) / median(men) * 100, 2)
        found["pay_gap_mean/persons=F"] = len(women)
    base: dict[tuple[tuple[str, ...], date], Fraction] = defaultdict(Fraction)
    for month in c.months:
        for person in month.people:
            for contract, _ in person["40"]:
                chain = c.chain(c._id(month, c._name(person), contract))
                for pay, _ in person["51"]:
                    first = min(day(pay["002"]).replace(day=1), month.first)
                    whole = day(pay["001"]) <= first and day(pay["002"]) >= month_end(first)
                    if pay["010"] == contract["009"] and pay["011"] == "010" and whole:
                        base[chain, first] += Fraction(pay["013"])
    below = 0
    for (chain, first), amount in base.items():
        start, until, _ = c.stays[chain]
        last = month_end(first)
        quotas = {c.value(chain, "013", first + n * DAY, "007") for n in range((last - first).days + 1)}
        unit, scheme = c.value(chain, "011", last), c.value(chain, "008", last)
        employee = c.value(chain, "007", last) not in NOT_EMPLOYEES
        if c.start <= first <= c.end and start <= first and until >= last and unit in {"10", "21"} and employee:
            smic = Fraction([text for since, text in SMIC if since <= first][-1]) - Fraction(1, 100)
            below += scheme not in {"61", "64", "65", "81"} and len(quotas) == 1 and amount < Fraction(*quotas) * smic
    found["minimum_wage_compliance"] = not below
    found["minimum_wage_compliance/exceptions=contract-months"] = below


def _years(c: Company, found: dict[str, Any]) -> None:
    born: dict[str, date] = {}
    seniority: dict[str, int] = {}
    for month in c.months:
        for person in month.people:
            born[c._name(person)] = day(person["30"]["006"])
            if (month.first.year, month.first.month) != (c.end.year, c.end.month):
                continue
            for contract, _ in person["40"]:
                name, start = c._name(person), day(contract["001"])
                if c.chain(c._id(month, name, contract)) not in c.there(c.end):
                    continue
                years = c.end.year - start.year - ((c.end.month, c.end.day) < (start.month, start.day))
                for told in person["86"]:
                    if told["005"] == contract["009"]:
                        value = int(told["003"])
                        years = {"01": int(value / 365.25), "02": value // 12, "03": value}[told["002"]]
                seniority[name] = max(years, seniority.get(name, 0))
    now = c.persons(c.end)
    ages = [c.end.year - born[n].year - ((c.end.month, c.end.day) < (born[n].month, born[n].day)) for n in now]
    found["age_mean"] = rounded(Fraction(sum(ages), len(ages)), 2)
    found["seniority_mean"] = rounded(Fraction(sum(seniority[name] for name in now), len(now)), 2)
