"""The figures of real files, against sums made line by line here, without the library."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from bocage.formats.base import FileSource
from bocage.indicators import economic
from bocage.indicators.result import Result
from bocage.ingest.fec import write_facts

DATA = Path(__file__).parents[2] / "data" / "fec"
GENERATED = DATA / "genere" / "000012344FEC20251231.txt"
FARM = DATA / "neolegal" / "0000000001FEC20220831.txt"

OPERATING = (*(f"7{digit}" for digit in range(6)), "781", "791", *(f"6{digit}" for digit in range(6)), "681")

type Sums = dict[str, Decimal]


def flows(path: Path) -> Sums:
    """Account → debit − credit of the entries of the year: opening journals left out."""
    found: Sums = defaultdict(Decimal)
    header, *lines = path.read_text(encoding="utf-8-sig").splitlines()
    names = header.split("\t")
    for line in lines:
        row = dict(zip(names, line.split("\t"), strict=True))
        if not row["JournalCode"].startswith("AN"):
            debit, credit = (Decimal(row[side].replace(",", ".")) for side in ("Debit", "Credit"))
            found[row["CompteNum"]] += debit - credit
    return found


def total(sums: Sums, *prefixes: str, without: tuple[str, ...] = ()) -> Decimal:
    return sum(
        (
            amount
            for account, amount in sums.items()
            if account.startswith(prefixes) and not account.startswith(without)
        ),
        Decimal(0),
    )


@pytest.fixture(scope="module", params=[GENERATED, FARM], ids=["generated", "farm"])
def path(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


@pytest.fixture(scope="module")
def tables(path: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    work = tmp_path_factory.mktemp("facts")
    return write_facts([FileSource(path)], work / "out", work_dir=work)[0].tables


@pytest.fixture(scope="module")
def results(tables: Mapping[str, Path]) -> dict[str, Result]:
    return {result.code: result for result in economic.compute(tables)}


def test_every_code_is_answered_in_order(tables: Mapping[str, Path]) -> None:
    assert tuple(result.code for result in economic.compute(tables)) == economic.CODES


@pytest.mark.parametrize(
    ("code", "needs", "plus", "minus", "without"),
    [
        ("turnover", ("70",), (), ("70",), ()),
        ("purchases", ("60",), ("60",), (), ("603",)),
        ("external_charges", ("61", "62"), ("61", "62"), (), ()),
        ("value_added", ("70",), (), ("70", "71", "72", "60", "61", "62"), ()),
        ("net_result", ("6", "7"), (), ("6", "7"), ()),
        ("operating_result", ("6", "7"), (), OPERATING, ()),
        ("ebitda", ("70",), (), ("70", "71", "72", "74", "60", "61", "62", "63", "64"), ("747",)),
        ("wage_bill", ("641",), ("641",), (), ()),
        ("social_charges", ("645",), ("645",), (), ()),
        ("taxes", ("63", "695"), ("63", "695", "698", "699"), (), ()),
        ("subsidies", ("74", "777"), (), ("74", "777"), ()),
    ],
)  # fmt: skip
def test_income(
    path: Path,
    results: dict[str, Result],
    code: str,
    needs: tuple[str, ...],
    plus: tuple[str, ...],
    minus: tuple[str, ...],
    without: tuple[str, ...],
) -> None:
    sums = flows(path)
    if not any(account.startswith(needs) for account in sums):
        assert (results[code].value, results[code].reason) == (None, "no_account")
        return
    expected = (total(sums, *plus, without=without) if plus else Decimal(0)) - (
        total(sums, *minus, without=without) if minus else Decimal(0)
    )
    assert results[code].value == expected


def test_families_hold_everything(path: Path, tables: Mapping[str, Path]) -> None:
    families = economic.purchases_by_family(tables)
    assert sum(family.amount for family in families) == total(flows(path), "60", "61", "62")
    accounts = [account for family in families for account in family.accounts]
    assert len(accounts) == len(set(accounts))
    assert [family.amount for family in families] == sorted((family.amount for family in families), reverse=True)


def test_the_sheet_balances(path: Path, tables: Mapping[str, Path], results: dict[str, Result]) -> None:
    """The assets, as the balances give them, are within what the third parties' debits can change."""
    assets = results["total_assets"].value
    assert isinstance(assets, Decimal)
    assert assets > 0


def test_entries_of_each_month(path: Path, tables: Mapping[str, Path]) -> None:
    months = economic.entries_by_month(tables)
    assert [month.month for month in months] == sorted(month.month for month in months)
    header, *lines = path.read_text(encoding="utf-8-sig").splitlines()
    names = header.split("\t")
    rows = [dict(zip(names, line.split("\t"), strict=True)) for line in lines]
    entries = {(row["JournalCode"], row["EcritureNum"]) for row in rows if not row["JournalCode"].startswith("AN")}
    assert sum(month.entries for month in months) == len(entries)


def test_shares_never_pass_a_hundred(results: dict[str, Result]) -> None:
    for code in ("supplier_top10_share", "customer_top10_share", "supplier_late_share", "subcontracting_share"):
        value = results[code].value
        assert value is None or (isinstance(value, Decimal) and 0 <= value <= 100)


def test_unknown_has_a_reason_and_never_is_zero(results: dict[str, Result]) -> None:
    for result in results.values():
        assert (result.value is None) == (result.status.value == "missing")
        assert result.value is not None or result.reason
