"""The carbon method written a second time, line by line and without the library: slow, plain, and only for tests.

It reads the text of the FEC and the shipped tables, nothing else, and follows docs/carbon.md rule by rule.
"""

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

DATA = Path(__file__).parents[3] / "src" / "bocage" / "referentials"
D = Decimal
ZERO = D(0)
GOODS = [
    "A01",
    "A02",
    "A03",
    "B",
    "C10T12",
    "C13T15",
    "C16",
    "C17",
    "C18",
    "C20",
    "C21",
    "C22",
    "C23",
    "C24",
    "C25",
    "C26",
    "C27",
    "C28",
    "C29",
    "C30",
    "C31_32",
]
SERVICES = [
    "C33",
    "F",
    "G45",
    "H49",
    "H52",
    "H53",
    "I",
    "J58",
    "J59_60",
    "J61",
    "J62_63",
    "K64",
    "K65",
    "K66",
    "M69_70",
    "M71",
    "M72",
    "M73",
    "M74_75",
    "N77",
    "N78",
    "N79",
    "N80T82",
    "P85",
    "Q86",
    "S94",
    "S95",
    "S96",
]
ACTIVITY = {"billed": 5, "mileage": 15, "estimated": 30, "price_converted": 30, "assumed": 50}
VALUED = ("user", "supplier", "product", "account", "own_trade")


def _table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


MAP = sorted(_table("carbon/pcg_to_factor.csv"), key=lambda row: int(row["order"]))
RATIOS = {(row["a64"], row["year"]): D(row["kgco2e_per_keur"]) for row in _table("carbon/monetary_ratios_a64.csv")}
TRADERS = {row["naf"]: row for row in _table("carbon/supplier_naf_rules.csv")}
FACTORS = {row["id"]: row for row in _table("carbon/starter_factors.csv")}
BRANCH = {row["division"]: row["ratio_branch"] for row in _table("naf/naf_rev2.csv")}


@dataclass
class Case:
    """What a person gives beside the books."""

    year: str
    naf: str | None = None
    suppliers: Mapping[str, str] = field(default_factory=dict)
    quantities: Sequence[tuple[str, str, str, str]] = ()
    """Category, quantity in the unit of its factor, factor, class of activity."""
    rules: Mapping[str, str] = field(default_factory=dict)
    """Supplier → branch."""
    consumption: bool = False
    amortised: bool = False
    chart: str = "general"


@dataclass
class Row:
    """A line of the file, then what becomes of it."""

    number: int
    entry: tuple[str, str]
    account: str
    texts: list[str]
    aux: str
    amount: Decimal
    supplier: str | None = None
    how: str = ""
    category: str | None = None
    branch: str | None = None
    factor: str | None = None
    kg: Decimal = ZERO
    ghgp: str | None = None
    beges: str | None = None
    doubt: Decimal = ZERO
    as_account: str = ""


def words(text: str) -> list[str]:
    flat = "".join(one for one in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(one))
    return re.findall("[a-z0-9]+", flat)


def called(keywords: str, text: str) -> bool:
    spoken = words(text)
    for alternative in keywords.split("|"):
        wanted = alternative.split()
        for at in range(len(spoken) - len(wanted) + 1):
            pairs = zip(spoken[at : at + len(wanted)], wanted, strict=True)
            if all(said.startswith(one[:-1]) if one.endswith("*") else said == one for said, one in pairs):
                return True
    return False


def row_of(account: str, texts: Iterable[str], chart: str) -> dict[str, str] | None:
    """M3."""
    candidates = [row for row in MAP if account.startswith(row["prefix"]) and row["chart"] in ("any", chart)]
    for text in texts:
        hit = [row for row in candidates if row["keywords"] and called(row["keywords"], text)]
        longest = [row for row in hit if len(row["prefix"]) == max(len(one["prefix"]) for one in hit)]
        if longest and len({row["category"] for row in longest}) == 1:
            return longest[0]
    plain = [row for row in candidates if not row["keywords"]]
    return min(plain, key=lambda row: (-len(row["prefix"]), row["chart"] == "any"), default=None)


def read(path: Path) -> list[Row]:
    """M1 and M4: the lines of the year, each with its supplier."""
    header, *lines = path.read_bytes().decode().split("\r\n")[:-1]
    names = header.split("\t")
    rows, opening, classes = [], set(), defaultdict(set)
    for number, line in enumerate(lines, start=2):
        of = dict(zip(names, line.split("\t"), strict=True))
        entry = (of["JournalCode"], of["EcritureNum"])
        amount = D(of["Debit"].replace(",", ".")) - D(of["Credit"].replace(",", "."))
        if of["JournalCode"] == "ANO":
            opening.add(entry)
        classes[entry].add("12" if of["CompteNum"].startswith("12") else of["CompteNum"][0])
        texts = [of["CompteLib"], of["EcritureLib"], of["CompAuxLib"]]
        rows.append(Row(number, entry, of["CompteNum"], texts, of["CompAuxNum"], amount))
    closing = {entry for entry, some in classes.items() if "12" in some and some & {"6", "7"}}
    kept = [row for row in rows if row.entry not in opening | closing]
    for entry in {row.entry for row in kept}:
        parties = [row for row in kept if row.entry == entry and row.account.startswith("40")]
        thirds = {row.aux or row.account for row in parties}
        for row in kept:
            if row.entry == entry:
                row.supplier = thirds.copy().pop() if len(thirds) == 1 else None
                row.texts[2] = next((one.texts[2] for one in parties if one.texts[2]), "") if row.supplier else ""
    return kept


def accepted(row: Mapping[str, str], division: str) -> bool:
    if row["supplier_naf_accepted"] == "*":
        return True
    for part in filter(None, row["supplier_naf_accepted"].split(",")):
        first, last = (part.split("-") * 2)[:2] if "-" not in part else part.split("-")
        if int(first) <= int(division) <= int(last):
            return True
    return False


def spread(branches: Sequence[str], year: str) -> tuple[Decimal, Decimal]:
    """M11: median (upper of two) and half-width."""
    values = sorted(RATIOS[branch, year] for branch in branches)
    return values[len(values) // 2], (values[-1] - values[0]) / 2


def value(one: Row, row: Mapping[str, str], case: Case) -> None:
    """M5, M6, M7 and M11 on a line that is neither a rebate nor a stock."""
    one.category, ghgp, beges = row["category"], row["ghgp"], row["beges"]
    one.ghgp, one.beges = ghgp or None, beges or None
    by_user = case.rules.get(one.supplier or "")
    of_supplier, answered = None, ""
    naf = case.suppliers.get(one.supplier or "")
    if naf and not by_user and accepted(row, naf[:2]):
        rule = TRADERS.get(naf, {"rule": "own", "branch": ""})
        if rule["rule"] == "own":
            of_supplier, answered = BRANCH[naf[:2]] or None, "supplier"
        elif rule["rule"] == "product":
            if one.as_account.startswith(("601", "602", "605", "606", "607", "609", "6234", "2")):
                of_supplier, answered = rule["branch"], "product"
        elif rule["rule"] == "energy":
            one.how, one.category, one.ghgp, one.beges = "missing", "energy_unsplit", None, None
            return
    if row["category"] in {quantity[0] for quantity in case.quantities}:
        one.how = "replaced"
        return
    if row["method"] == "physical_required":
        one.how = "missing"
        return
    one.ghgp, one.beges = ghgp.split("+")[-1] or None, beges.split("+")[-1] or None
    own = BRANCH[case.naf[:2]] if case.naf and row["prefix"] == "611" and not row["keywords"] else None
    for branch, how in (
        (by_user, "user"),
        (of_supplier, answered),
        (row["default_branch"], "account"),
        (own, "own_trade"),
    ):
        if branch:
            one.how, one.branch, one.factor = how, branch, f"ratio:{branch}"
            one.kg = one.amount / 1000 * RATIOS[branch, case.year]
            return
    name, branches = ("set:services", SERVICES) if row["prefix"] == "611" else ("set:goods", GOODS)
    median, half = spread(branches, case.year)
    one.how, one.factor = "unknown", name
    one.kg, one.doubt = one.amount / 1000 * median, one.amount / 1000 * half


def rebate(one: Row, lines: Sequence[Row]) -> None:
    """M8."""
    parent = {"609": "60" + one.account[3:4], "619": "61", "629": "62"}[one.account[:3]]
    every = [line for line in lines if line.account.startswith(parent) and line.how in VALUED]
    own = [line for line in every if one.supplier and line.supplier == one.supplier]
    pool = own or every
    euros = sum(line.amount for line in pool)
    one.kg = one.amount * sum(line.kg for line in pool) / euros if euros else D(0)
    one.category, one.ghgp, one.beges = "goods", "3.1", "4.1"
    if pool:
        first = min(pool, key=lambda line: line.number)
        one.category, one.ghgp, one.beges = first.category, first.ghgp, first.beges
    one.factor = pool[0].factor if own else "mean"


def stock(one: Row, lines: Sequence[Row]) -> None:
    """M9."""
    parent = {"6031": "601", "6032": "602", "6037": "607"}[one.account[:4]]
    pool = [line for line in lines if line.account.startswith(parent) and line.how in (*VALUED, "unknown")]
    euros = sum(line.amount for line in pool)
    one.kg = one.amount * sum(line.kg for line in pool) / euros if euros else D(0)
    one.category, one.ghgp, one.beges, one.factor = "goods", "3.1", "4.1", f"mean:{parent}"


def made_by_quantities(case: Case) -> list[Row]:
    """M7: one line for each part of the factor."""
    made = []
    for category, quantity, factor, _ in case.quantities:
        row = next(row for row in MAP if row["category"] == category)
        known = FACTORS[factor]
        parts = {name: D(known[name]) for name in ("scope1", "scope2", "scope3_upstream") if known[name]}
        for name, rate in (parts or {"": D(known["value"])}).items():
            at = 0 if name in ("scope1", "scope2") else -1
            one = Row(0, ("", ""), "", [], "", D(0), how="quantity", category=category, factor=factor)
            one.ghgp, one.beges = row["ghgp"].split("+")[at], row["beges"].split("+")[at]
            one.kg = D(quantity) * rate
            made.append(one)
    return made


def inventory(path: Path, case: Case) -> tuple[list[Row], dict[str, object]]:
    """The lines of the answer and its totals."""
    every = read(path)
    assets = ("20", "21", "23", "24") if case.chart == "agricultural" else ("20", "21", "23")
    entries: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in every:
        entries[one.entry].append(one.account)
    lines, excluded = [], D(0)
    for one in every:
        beside = entries[one.entry]
        one.as_account = one.account
        written_off = case.amortised and one.account.startswith("28") and any(a.startswith("6811") for a in beside)
        if written_off:
            one.as_account, one.amount = "2" + one.account[2:], -one.amount
        bought = any(a.startswith(("40", "45", "46", "5")) for a in beside) and not any(
            a.startswith(("28", "29", "675", "657", "775", "757", "72")) for a in beside
        )
        is_asset = one.account.startswith(assets)
        if not (one.account.startswith("6") or is_asset or written_off):
            continue
        counted = not is_asset or (bought and not case.amortised)
        row = row_of(one.as_account, one.texts, case.chart)
        by_asset = case.amortised and one.account.startswith("6811") and any(a.startswith("28") for a in beside)
        if row is None or (row["role"] not in ("stock", "offset") and row["treatment"] == "exclude"):
            one.how, one.category = "excluded", row["category"] if row else None
            excluded += D(0) if by_asset else one.amount
        elif row["role"] == "stock":
            one.how, one.category = "excluded", row["category"]
            if case.consumption and one.account.startswith(("6031", "6032", "6037")):
                one.how = "stock"
        elif row["role"] == "offset":
            one.how = "rebate"
        elif counted:
            value(one, row, case)
        if counted:
            lines.append(one)
    for one in lines:
        if one.how == "rebate":
            rebate(one, lines)
    for one in lines:
        if one.how == "stock":
            stock(one, lines)
    lines += made_by_quantities(case)
    return lines, _totals(every, lines, excluded, case)


def _totals(every: Sequence[Row], lines: Sequence[Row], excluded: Decimal, case: Case) -> dict[str, object]:
    total = sum((one.kg for one in lines), D(0))
    weights: dict[str, Decimal] = defaultdict(Decimal)
    for one in lines:
        if one.how == "unknown":
            weights[one.supplier or one.account] += one.doubt
    left, asked = sum(weights.values()), []
    for name, weight in sorted(weights.items(), key=lambda pair: -pair[1]):
        if left <= total / 10:
            break
        asked.append(name)
        left -= weight
    spent = sum(one.kg for one in lines if one.how in (*VALUED, "unknown", "rebate", "stock"))
    return {
        "total": total,
        "by_scope": {scope: sum(one.kg for one in lines if (one.ghgp or "").startswith(scope)) for scope in "123"},
        "by_category": _sums(lines, "category"),
        "by_ghgp": _sums(lines, "ghgp"),
        "by_beges": _sums(lines, "beges"),
        "uncertainty": 100 * _half_width(lines, case) / total if total else None,
        "spent": 100 * spent / total if total else None,
        "turnover": -sum((one.amount for one in every if one.account.startswith("70")), D(0)),
        "excluded": excluded,
        "unknown": dict(weights),
        "asked": tuple(asked),
        "missing": tuple(sorted(one.number for one in lines if one.how == "missing")),
    }


def _sums(lines: Sequence[Row], key: str) -> dict[str, Decimal]:
    found: dict[str, Decimal] = defaultdict(Decimal)
    for one in lines:
        if getattr(one, key):
            found[getattr(one, key)] += one.kg
    return {name: kg for name, kg in found.items() if kg}


def _half_width(lines: Sequence[Row], case: Case) -> Decimal:
    """Section 7."""
    by_factor: dict[str, Decimal] = defaultdict(Decimal)
    for one in lines:
        if one.factor:
            by_factor[one.factor] += one.kg
    squares = D(0)
    for name, kg in by_factor.items():
        if name.startswith("set:"):
            median, half = spread(GOODS if name == "set:goods" else SERVICES, case.year)
            share = half / median
        elif name.startswith(("ratio:", "mean")):
            share = D("0.8")
        else:
            share = D(FACTORS[name]["uncertainty_pct"]) / 100
        squares += (share * kg) ** 2
    activity: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for _, quantity, factor, kind in case.quantities:
        known = FACTORS[factor]
        parts = [D(known[name]) for name in ("scope1", "scope2", "scope3_upstream") if known[name]]
        activity[factor, ACTIVITY[kind]] += D(quantity) * (sum(parts) if parts else D(known["value"]))
    return (squares + sum((D(share) / 100 * kg) ** 2 for (_, share), kg in activity.items())).sqrt()
