"""A second worked example: a workshop whose books meet every rule, against the method written a second time."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from bocage.formats.base import FileSource
from bocage.identifiers import Naf
from bocage.indicators import carbon
from bocage.ingest.fec import write_facts
from tests.bocage.carbon.books import HEADER
from tests.bocage.carbon.naive import Case, Row, inventory

GRAM = Decimal("0.001")
NAMES = {"FGAZ": "Gaz de Ville", "FSNCF": "SNCF Voyageurs", "FDIV": "Divers SARL"}

BOOKS = {
    "workshop": (Path(__file__).with_name("workshop.txt"), "20230630", ("2022-07-01", "2023-06-30")),
    "farm": (Path(__file__).with_name("farm.txt"), "20231231", ("2023-01-01", "2023-12-31")),
}
LIBELLES = {"ANO": "A nouveaux", "HA": "Achats", "BQ": "Banque", "OD": "Operations diverses", "VE": "Ventes"}
SUPPLIERS = {
    "FBOIS": "16.10A",
    "FGROS": "46.74A",
    "FELEC": "35.14Z",
    "FGAZ": "35.23Z",
    "FEAU": "36.00Z",
    "FHOLD": "64.20Z",
    "FPOSE": "43.32A",
    "FASSU": "65.12Z",
    "FSNCF": "49.10Z",
    "FEXP": "69.20Z",
    "FMACH": "46.62Z",
    "FBAT": "41.20B",
    "401PLAN": "71.11Z",
}
FARM = {"FENG": "20.15Z", "FELE": "01.42Z", "FFOD": "46.71Z", "FETA": "01.61Z", "FALI": "46.21Z"}
QUANTITIES = (
    ("electricity", "40000", "ademe:43273", "billed"),
    ("electricity", "1500", "ademe:43273", "estimated"),
    ("fuel_fixed", "60000", "ademe:37133", "billed"),
    ("fuel_mobile", "700.5", "ademe:25775", "price_converted"),
    ("fuel_mobile", "20", "ademe:25775", "estimated"),
    ("travel_car", "1200", "ademe:43788", "mileage"),
    ("travel_rail", "3000", "ademe:43256", "assumed"),
)
CASES: dict[str, Case] = {
    "default": Case("2023", "31.09B", SUPPLIERS, QUANTITIES),
    "no_quantities": Case("2023", "31.09B", SUPPLIERS),
    "consumption": Case("2023", "31.09B", SUPPLIERS, QUANTITIES, consumption=True),
    "amortised": Case("2023", "31.09B", SUPPLIERS, QUANTITIES, amortised=True),
    "both_bases_and_nobody_known": Case("2023", None, {}, (), consumption=True, amortised=True),
    "farm": Case("2023", "01.11Z", FARM, (("electricity", "9000", "ademe:43273", "billed"),), chart="agricultural"),
    "rules_of_the_user": Case("2023", None, SUPPLIERS, QUANTITIES, {"FDIV": "C25", "FELEC": "C27", "FZ": "A01"}),
}


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Mapping[str, Path]]]:
    """Each book: its FEC and its facts."""
    found = {}
    for name, (text, closing, _) in BOOKS.items():
        file = tmp_path_factory.mktemp(name) / f"000010710FEC{closing}.txt"
        file.write_text("\r\n".join([HEADER, *_lines(text), ""]), encoding="utf-8")
        (made,) = write_facts([FileSource(file)], file.parent / "facts", work_dir=file.parent)
        found[name] = (file, made.tables)
    return found


def _lines(text: Path) -> list[str]:
    rows = []
    for number, entry in enumerate(text.read_text(encoding="utf-8").splitlines()[1:], start=1):
        head, *lines = entry.split(" | ")
        journal, day = head.split()
        for line in lines:
            account, aux, label, euros = _parts(line)
            code, _, name = account.partition(" ")
            amount = Decimal(euros)
            sides = [f"{max(amount, Decimal(0)):.2f}", f"{max(-amount, Decimal(0)):.2f}"]
            third = NAMES.get(aux, f"Tiers {aux}") if aux else ""
            values = [journal, LIBELLES[journal], f"{number}", day, code, name, aux, third, f"P{number}", day, label]
            rows.append("\t".join([*values, *(side.replace(".", ",") for side in sides), "", "", day, "", ""]))
    return rows


def _parts(line: str) -> list[str]:
    return [part.strip() for part in line.split(":")]


def _estimate(tables: Mapping[str, Path], case: Case, out: Path) -> carbon.Inventory:
    found = [carbon.Supplier(key, key, None, Naf.parse(code)) for key, code in case.suppliers.items()]
    units = {
        "electricity": "kWh",
        "fuel_fixed": "kWh PCS",
        "fuel_mobile": "L",
        "travel_car": "km",
        "travel_rail": "p.km",
    }
    quantities = [
        carbon.checked_quantity(category, Decimal(quantity), units[category], factor, activity)
        for category, quantity, factor, activity in case.quantities
    ]
    naf = Naf.parse(case.naf) if case.naf else None
    options = carbon.Options(naf=naf, stock_consumed=case.consumption, amortised=case.amortised)
    rules = [carbon.UserRule(supplier=key, branch=branch) for key, branch in case.rules.items()]
    return carbon.estimate(dict(tables), out, options=options, suppliers=found, quantities=quantities, rules=rules)


def _said(line: carbon.Line) -> tuple[object, ...]:
    return (
        line.line or 0,
        line.account or "",
        line.how.value,
        line.category,
        line.branch,
        line.factor,
        line.ghgp,
        line.beges,
    )


def _expected(row: Row) -> tuple[object, ...]:
    return (row.number, row.account, row.how, row.category, row.branch, row.factor, row.ghgp, row.beges)


@pytest.mark.parametrize("name", CASES)
def test_the_library_and_the_plain_script_agree_to_the_gram(
    name: str, books: dict[str, tuple[Path, Mapping[str, Path]]], tmp_path: Path
) -> None:
    case = CASES[name]
    which = "farm" if case.chart == "agricultural" else "workshop"
    book, tables = books[which]
    lines, wanted = inventory(book, case)
    found = _estimate(tables, case, tmp_path / "carbon.parquet")
    made = list(carbon.read_lines(found.lines))
    assert [line.amount for line in made] == [row.amount for row in lines]
    for line, row in zip(made, lines, strict=True):
        if row.how != "excluded" and row.how != "rebate":
            assert _said(line) == _expected(row)
        assert (line.line or 0, line.how.value, line.ghgp) == (row.number, row.how, row.ghgp)
        assert abs(line.kgco2e - row.kg) < GRAM, row
    assert found.period is not None
    assert (f"{found.period.start}", f"{found.period.end}") == BOOKS[which][2]
    assert found.ratio_year == 2023
    assert abs(found.total - Decimal(str(wanted["total"]))) < GRAM
    for key, sums in (("by_scope", found.by_scope), ("by_category", found.by_category)):
        _close(wanted[key], sums)
    _close(wanted["by_ghgp"], found.by_ghgp)
    _close(wanted["by_beges"], found.by_beges)
    _close(wanted["unknown"], found.unknown_suppliers)
    assert abs((found.uncertainty_pct or 0) - Decimal(str(wanted["uncertainty"]))) < GRAM
    assert abs((found.share_from_spend_pct or 0) - Decimal(str(wanted["spent"]))) < GRAM
    assert (found.turnover, found.eur_excluded) == (wanted["turnover"], wanted["excluded"])
    assert (found.ask_suppliers, found.missing_quantities) == (wanted["asked"], wanted["missing"])


def _close(wanted: object, found: Mapping[str, Decimal]) -> None:
    assert isinstance(wanted, dict)
    assert wanted.keys() == found.keys()
    assert all(abs(wanted[key] - kg) < GRAM for key, kg in found.items())


def test_the_book_meets_every_way_of_getting_a_figure(books: dict[str, tuple[Path, Mapping[str, Path]]]) -> None:
    book = books["workshop"][0]
    met = {row.how for case in CASES.values() if case.chart == "general" for row in inventory(book, case)[0]}
    assert met == {how.value for how in carbon.How}
    # Three figures of the book by hand, in kilograms: the script itself has to be right.
    lines, _ = inventory(book, CASES["default"])
    by_label = {(row.account, row.texts[1] if row.texts else ""): row.kg for row in lines}
    assert by_label["601000", "Avoir planches"] == Decimal("-1200.55") * 205 / 1000  # C16: 205 per k€ in 2023
    assert by_label["609100", "Remise"] == -500 * Decimal(205) / 1000
    assert by_label["602000", "Divers"] == 20 * 284
