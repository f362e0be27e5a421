"""The facts of two real FEC, line by line, against what a reader with the csv module alone makes of them."""

import csv
from collections import Counter, defaultdict
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import pytest

from bocage.facts.accounting import JOURNAL_NATURES, TABLES
from bocage.formats.base import BytesSource, FileSource
from bocage.ingest.fec import write_facts

DATA = Path(__file__).resolve().parents[2] / "data" / "fec"
GENERATED = DATA / "genere" / "000012344FEC20251231.txt"
FARM = DATA / "neolegal" / "0000000001FEC20220831.txt"
CLOSING = DATA / "closing_entries_and_class_9" / "100000009FEC20241231.txt"

type Line = dict[str, Any]


def read(path: Path) -> list[Line]:
    """Each line of a tabulated FEC, with its number and its typed amounts."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        found: list[Line] = []
        for number, row in enumerate(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE), start=2):
            cells = {name: (value or "").strip() or None for name, value in row.items()}
            amounts = {name: Decimal(str(cells[name]).replace(",", ".")) for name in ("Debit", "Credit")}
            found.append(cells | amounts | {"line": number})
    return found


def facts(path: Path, work: Path) -> dict[str, list[Line]]:
    (made,) = write_facts([FileSource(path)], work / "out", work_dir=work)
    tables = {}
    with duckdb.connect() as connection:
        for name, table in made.tables.items():
            found = connection.execute(f"SELECT * FROM '{table}'")
            names = [column[0] for column in found.description or ()]
            assert tuple(names) == TABLES[name].column_names
            tables[name] = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    assert set(tables) == set(TABLES)
    return tables


@pytest.fixture(scope="module", params=[GENERATED, FARM], ids=["generated", "farm"])
def path(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


@pytest.fixture(scope="module")
def lines(path: Path) -> list[Line]:
    return read(path)


@pytest.fixture(scope="module")
def tables(path: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Line]]:
    return facts(path, tmp_path_factory.mktemp("facts"))


def test_every_line_is_there_as_written(lines: list[Line], tables: dict[str, list[Line]]) -> None:
    def day(text: str | None) -> str | None:
        return f"{text[:4]}-{text[4:6]}-{text[6:]}" if text else None

    for line, fact in zip(lines, tables["lines"], strict=True):
        expected = {
            "line": line["line"],
            "journal_code": line["JournalCode"],
            "journal_label": line["JournalLib"],
            "entry_number": line["EcritureNum"],
            "entry_date": day(line["EcritureDate"]),
            "account": line["CompteNum"],
            "account_label": line["CompteLib"],
            "aux": line["CompAuxNum"],
            "aux_label": line["CompAuxLib"],
            "piece_ref": line["PieceRef"],
            "piece_date": day(line["PieceDate"]),
            "label": line["EcritureLib"],
            "debit": line["Debit"],
            "credit": line["Credit"],
            "amount": line["Debit"] - line["Credit"],
            "lettering": line["EcritureLet"],
            "lettering_date": day(line["DateLet"]),
            "valid_date": day(line["ValidDate"]),
            "is_opening": line["JournalCode"].startswith("AN"),
        }
        found = {name: str(fact[name]) if name.endswith("date") and fact[name] else fact[name] for name in expected}
        assert found == expected


def test_entries_are_journal_and_number(lines: list[Line], tables: dict[str, list[Line]]) -> None:
    ranks: dict[tuple[str, str], int] = {}
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for line, fact in zip(lines, tables["lines"], strict=True):
        rank = ranks.setdefault((line["JournalCode"], line["EcritureNum"]), len(ranks) + 1)
        assert fact["entry_index"] == rank
        sums[rank] += line["Debit"] - line["Credit"]
    assert all(fact["entry_balanced"] == (sums[fact["entry_index"]] == 0) for fact in tables["lines"])


def test_accounts_are_those_of_the_chart_of_the_year(path: Path, tables: dict[str, list[Line]]) -> None:
    year = 2025 if path == GENERATED else 2023  # the farm's year begins in 2021: the oldest list serves
    text = (files("bocage.referentials.pcg") / f"pcg_{year}.csv").read_text(encoding="utf-8")
    chart = {row["number"]: row["label"] for row in csv.DictReader(text.splitlines())}
    assert tables["books"][0]["chart_year"] == year
    for fact in tables["lines"]:
        longest = max((number for number in chart if fact["account"].startswith(number)), key=len, default=None)
        assert (fact["account_pcg"], fact["pcg_label"]) == (longest, chart.get(longest or ""))


def test_third_parties_are_those_of_the_entry_s_only_one(lines: list[Line], tables: dict[str, list[Line]]) -> None:
    met: dict[tuple[int, str], set[str]] = defaultdict(set)
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    for line, fact in zip(lines, tables["lines"], strict=True):
        if (root := line["CompteNum"][:2]) in {"40", "41"}:
            key = line["CompAuxNum"] or line["CompteNum"]
            met[fact["entry_index"], root].add(key)
            label = line["CompAuxLib"] if line["CompAuxNum"] else None
            labels[key][label or line["CompteLib"]] += 1
    attributed = 0
    for line, fact in zip(lines, tables["lines"], strict=True):
        kind, root = {"6": ("supplier", "40"), "2": ("supplier", "40"), "7": ("customer", "41")}.get(
            line["CompteNum"][0], ("", "")
        )
        found = met[fact["entry_index"], root] if kind else set()
        key = next(iter(found)) if len(found) == 1 else None
        assert (fact["third_kind"], fact["third_key"]) == ((kind, key) if key else (None, None))
        if key:
            attributed += 1
            assert labels[key][fact["third_label"]] == max(labels[key].values())
    assert attributed > 100


def test_the_tables_of_sums(lines: list[Line], tables: dict[str, list[Line]]) -> None:
    sums: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 3)
    journals: dict[str, list[Any]] = defaultdict(lambda: [0, set(), Decimal(0), Decimal(0)])
    for line in lines:
        found, opening = sums[line["CompteNum"]], line["JournalCode"].startswith("AN")
        amounts = [line["Debit"] - line["Credit"], Decimal(0), Decimal(0)]
        plain = [Decimal(0), line["Debit"], line["Credit"]]
        sums[line["CompteNum"]] = [a + b for a, b in zip(found, amounts if opening else plain, strict=True)]
        journal = journals[line["JournalCode"]]
        journal[0] += 1
        journal[1].add(line["EcritureNum"])
        journal[2] += line["Debit"]
        journal[3] += line["Credit"]
    assert {one["account"]: [one["opening"], one["debit"], one["credit"]] for one in tables["accounts"]} == sums
    assert all(one["balance"] == one["opening"] + one["debit"] - one["credit"] for one in tables["accounts"])
    assert {
        one["journal_code"]: (one["lines"], one["entries"], one["debit"], one["credit"]) for one in tables["journals"]
    } == {code: (count, len(numbers), debit, credit) for code, (count, numbers, debit, credit) in journals.items()}


def test_natures_are_of_the_closed_list(path: Path, tables: dict[str, list[Line]]) -> None:
    natures = {one["journal_code"]: one["journal_nature"] for one in tables["journals"]}
    assert set(natures.values()) <= set(JOURNAL_NATURES)
    assert all(fact["journal_nature"] == natures[fact["journal_code"]] for fact in tables["lines"])
    assert {code for code, nature in natures.items() if nature == "opening"} == {
        code for code in natures if code.startswith("AN")
    }
    if path == GENERATED:
        assert {natures[code] for code in ("AC", "VE", "BQ", "OD")} == {"purchases", "sales", "bank", "misc"}


def test_closing_entries_are_marked_and_kept_aside(tmp_path: Path) -> None:
    tables = facts(CLOSING, tmp_path)
    marked = {fact["entry_number"] for fact in tables["lines"] if fact["is_closing"]}
    results = {
        fact["entry_number"] for fact in tables["lines"] if fact["account"][0] in "67" and not fact["is_opening"]
    }
    clears = {fact["entry_number"] for fact in tables["lines"] if fact["account"].startswith("12")}
    assert marked == results & clears != set()
    moved = {one["account"]: one["closing_entries"] for one in tables["accounts"] if one["closing_entries"]}
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for fact in tables["lines"]:
        if fact["is_closing"]:
            sums[fact["account"]] += fact["amount"]
    assert moved == {account: amount for account, amount in sums.items() if amount}


def test_what_cannot_be_known_is_null(tmp_path: Path) -> None:
    """A blank is NULL, an unreadable date falls back on the month of the voucher, a blank side is 0."""
    text = CLOSING.read_text(encoding="utf-8").splitlines()
    cells = text[1].split("\t")
    cells[3], cells[9], cells[6], cells[7] = "20249999", "20240215", "  ", ""
    cells[11 if cells[11].strip("0,") == "" else 12] = ""
    content = "\r\n".join([text[0], "\t".join(cells), *text[2:], ""]).encode()
    (made,) = write_facts([BytesSource(CLOSING.name, content)], tmp_path / "out", work_dir=tmp_path)
    with duckdb.connect() as connection:
        found = connection.execute(
            f"SELECT CAST(entry_date AS VARCHAR), aux, aux_label, debit * credit, settlement_date, client_id "
            f"FROM '{made.tables['lines']}' WHERE line = 2"
        ).fetchone()
    assert found == ("2024-02-01", None, None, Decimal(0), None, None)


@pytest.mark.parametrize("order", [("Alpha", "Omega"), ("Omega", "Alpha")])
def test_labels_that_are_as_frequent_do_not_depend_on_the_order_of_lines(
    order: tuple[str, str], tmp_path: Path
) -> None:
    head, *lines = GENERATED.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines]
    bearers = [row for row in rows if row[4].startswith("401")]
    account = bearers[0][4]
    bearers = [row for row in bearers if row[4] == account]
    if len(bearers) % 2:
        bearers.pop()[4] = "401999"
    for rank, row in enumerate(bearers):
        row[5] = order[rank % 2]
    file = tmp_path / GENERATED.name
    file.write_text("\r\n".join([head, *("\t".join(row) for row in rows)]) + "\r\n", encoding="utf-8")
    (found,) = [row for row in facts(file, tmp_path)["accounts"] if row["account"] == account]
    assert found["account_label"] == "Omega"
