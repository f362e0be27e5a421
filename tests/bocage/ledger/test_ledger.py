"""The books of two real FEC against sums made with the csv module, and what must hold of any file."""

import csv
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bocage.formats.base import BytesSource, FileSource
from bocage.indicators import ledger
from bocage.indicators.ledger import Search
from bocage.indicators.result import Status
from bocage.ingest.fec import write_facts

DATA = Path(__file__).resolve().parents[2] / "data" / "fec"
GENERATED = DATA / "genere" / "000012344FEC20251231.txt"
FARM = DATA / "neolegal" / "0000000001FEC20220831.txt"
CLOSING = DATA / "closing_entries_and_class_9" / "100000009FEC20241231.txt"

type Tables = Mapping[str, Path]
type Lines = list[dict[str, Any]]


def read(path: Path) -> Lines:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rows = []
        for number, row in enumerate(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE), start=2):
            amounts = {name: Decimal(row[name].replace(",", ".")) for name in ("Debit", "Credit")}
            rows.append({name: value.strip() for name, value in row.items()} | amounts | {"line": number})
        return rows


def facts(path: Path, work: Path) -> dict[str, Path]:
    return write_facts([FileSource(path)], work / "out", work_dir=work)[0].tables


@pytest.fixture(scope="module", params=[GENERATED, FARM], ids=["generated", "farm"])
def path(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


@pytest.fixture(scope="module")
def lines(path: Path) -> Lines:
    return read(path)


@pytest.fixture(scope="module")
def plain(path: Path, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    return facts(path, tmp_path_factory.mktemp("facts"))


@pytest.fixture(scope="module", params=[True, False], ids=["derived", "facts"])
def tables(plain: Tables, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """The same views, from the derived tables and from the facts alone."""
    if not request.param:
        return plain
    work = tmp_path_factory.mktemp("derived")
    return dict(plain) | ledger.derive(plain, work, work_dir=work)


def opening(line: dict[str, Any]) -> bool:
    return line["JournalCode"] in {"AN", "ANO"}


def test_the_balance_is_the_sum_of_the_lines(lines: Lines, tables: Tables) -> None:
    sums: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 3)
    for line in lines:
        added = (line["Debit"] - line["Credit"], Decimal(0), Decimal(0))
        if not opening(line):
            added = (Decimal(0), line["Debit"], line["Credit"])
        sums[line["CompteNum"]] = [a + b for a, b in zip(sums[line["CompteNum"]], added, strict=True)]
    balance = ledger.trial_balance(tables)
    assert [one.account for one in balance.accounts()] == sorted(sums)
    for one in balance.accounts():
        start, debit, credit = sums[one.account]
        assert (one.amounts.debit, one.amounts.credit) == (debit, credit)
        assert one.amounts.opening_debit - one.amounts.opening_credit == start
        assert one.amounts.balance_debit - one.amounts.balance_credit == start + debit - credit
        assert min(one.amounts.balance_debit, one.amounts.balance_credit) == 0
    assert balance.file_debit == sum(line["Debit"] for line in lines)
    assert balance.file_credit == sum(line["Credit"] for line in lines)
    assert balance.total.balanced
    assert balance.standing.status is Status.COMPUTED
    for one_class in balance.classes:
        assert sum(root.total.debit for root in one_class.roots) == one_class.total.debit
    assert sum(one_class.total.credit for one_class in balance.classes) == balance.total.credit


def test_the_balance_answers_a_search(tables: Tables) -> None:
    every = ledger.trial_balance(tables)
    found = ledger.trial_balance(tables, "60 61")
    assert [one.account for one in found.accounts()] == [
        one.account for one in every.accounts() if one.account[:2] in {"60", "61"}
    ]
    word = next(iter(every.accounts())).label.split()[0]
    assert {one.label for one in ledger.trial_balance(tables, word.upper()).accounts()} >= {
        next(iter(every.accounts())).label
    }
    assert ledger.trial_balance(tables, "rien de tel").count == 0


def test_an_account_runs_from_its_opening_to_its_balance(lines: Lines, tables: Tables) -> None:
    balance = {one.account: one.amounts for one in ledger.trial_balance(tables).accounts()}
    numbers = sorted(balance)
    for rank, number in enumerate(numbers):
        account = ledger.find_account(tables, number)
        assert account is not None
        page = ledger.account_lines(tables, account, Search(), limit=None)
        mine = [line for line in lines if line["CompteNum"] == number]
        mine.sort(key=lambda line: (not opening(line), line["EcritureDate"], line["line"]))
        assert [line.line for line in page.lines] == [line["line"] for line in mine]
        running = Decimal(0)
        for line in page.lines:
            running += line.debit - line.credit
            assert line.balance == running
        assert account.balance == running == balance[number].balance_debit - balance[number].balance_credit
        assert account.opening == sum(line.debit - line.credit for line in page.lines if line.is_opening)
        assert (page.count, page.debit, page.credit) == (len(mine), account.debit, account.credit)
        assert account.previous == (numbers[rank - 1] if rank else "")
        assert account.next == (numbers[rank + 1] if rank + 1 < len(numbers) else "")
        if rank > 12:
            break
    assert ledger.find_account(tables, "999999") is None


def test_pages_follow_each_other(tables: Tables) -> None:
    number = max(ledger.trial_balance(tables).accounts(), key=lambda one: one.lines).account
    account = ledger.find_account(tables, number)
    assert account is not None
    for search in (Search(), Search(start=date(2022, 1, 1))):
        whole = ledger.account_lines(tables, account, search, limit=None)
        cut = [ledger.account_lines(tables, account, search, offset=at, limit=37) for at in range(0, whole.count, 37)]
        assert [line for page in cut for line in page.lines] == list(whole.lines)
        assert len(whole.lines) == whole.count > 37


@pytest.mark.parametrize("text", ["fact", "FÀCT", "achat 1", "10,00", "1 000.5", "(x", "12/05/2022"])
def test_a_search_finds_what_a_reader_would(text: str, lines: Lines, tables: Tables) -> None:
    def folded(words: str) -> str:
        return words.lower().translate(str.maketrans("àâäáãçéèêëîïíìôöóõùûüúÿñ", "aaaaaceeeeiiiioooouuuuyn"))

    names = ("EcritureLib", "PieceRef", "EcritureNum", "CompAuxNum", "CompAuxLib", "EcritureLet")
    search = Search(text)
    expected = {
        line["line"]
        for line in lines
        if all(any(folded(word) in folded(line[name]) for name in names) for word in text.split())
        or (search.amount is not None and search.amount in {line["Debit"], line["Credit"]})
        or (search.day is not None and line["EcritureDate"] == search.day.strftime("%Y%m%d"))
    }
    page = ledger.find_lines(tables, search, limit=None)
    assert {line.line for line in page.lines} == expected
    assert page.debit == sum(line["Debit"] for line in lines if line["line"] in expected)


def test_third_parties_add_up_to_their_accounts(tables: Tables) -> None:
    general = {one.account: one for one in ledger.trial_balance(tables).accounts()}
    for side in ("40", "41"):
        found = ledger.auxiliary_balance(tables, side, limit=None)
        sums: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 3)
        for one in found.rows:
            columns = one.amounts.columns
            net = (columns[0] - columns[1], columns[2], columns[3])
            sums[one.account] = [a + b for a, b in zip(sums[one.account], net, strict=True)]
        for account, (start, debit, credit) in sums.items():
            amounts = general[account].amounts
            assert (amounts.debit, amounts.credit) == (debit, credit)
            assert amounts.opening_debit - amounts.opening_credit == start
        assert {account for account in general if account.startswith(side)} == set(sums)
        assert found.count == len(found.rows)
    with pytest.raises(ValueError, match="51"):
        ledger.auxiliary_balance(tables, "51")


def test_an_entry_is_shown_whole(lines: Lines, tables: Tables) -> None:
    keys = list(dict.fromkeys((line["JournalCode"], line["EcritureNum"]) for line in lines))
    for index in (1, 7, len(keys)):
        entry = ledger.find_entry(tables, index)
        assert entry is not None
        mine = [line for line in lines if (line["JournalCode"], line["EcritureNum"]) == keys[index - 1]]
        assert [(line.line, line.debit, line.credit) for line in entry.lines] == [
            (line["line"], line["Debit"], line["Credit"]) for line in mine
        ]
        assert (entry.previous, entry.next) == (index - 1 or None, None if index == len(keys) else index + 1)
    assert ledger.find_entry(tables, len(keys) + 1) is None


def test_journals_by_month(lines: Lines, tables: Tables) -> None:
    table = ledger.month_table(tables)
    sums: dict[tuple[str, str], list[Any]] = defaultdict(lambda: [0, set(), Decimal(0), Decimal(0)])
    for line in lines:
        cell = sums[line["JournalCode"], line["EcritureDate"][:6]]
        cell[0] += 1
        cell[1].add(line["EcritureNum"])
        cell[2] += line["Debit"]
        cell[3] += line["Credit"]
    found = {
        (one.code, f"{month:%Y%m}"): [cell.lines, cell.entries, cell.debit, cell.credit]
        for one in table.journals
        for month, cell in zip(table.months, one.cells, strict=True)
        if cell and month
    }
    assert found == {key: [cell[0], len(cell[1]), *cell[2:]] for key, cell in sums.items()}
    assert table.total.lines == len(lines) == sum(cell.lines for cell in table.totals)
    assert table.months == tuple(sorted(table.months, key=str))


def test_flags_counts_and_pages(tables: Tables) -> None:
    counts = ledger.flag_counts(tables)
    assert counts
    for one in counts:
        page = ledger.flagged_entries(tables, [one.code], Search(), limit=None)
        assert page.count == len(page.entries) == one.entries
        assert sum(mark.count for entry in page.entries for mark in entry.marks if mark.code == one.code) == one.count
    every = ledger.flagged_entries(tables, [], Search(), limit=None)
    first, *_ = every.entries
    some = ledger.flagged_entries(tables, [], Search(), journal=first.journal_code, offset=0, limit=3)
    assert some.entries == tuple(one for one in every.entries if one.journal_code == first.journal_code)[:3]
    assert ledger.flagged_entries(tables, [], Search("rien de tel que cela")).count == 0


def test_chronology_counts_lines(lines: Lines, tables: Tables) -> None:
    found = ledger.chronology(tables)
    weekdays = [0] * 7
    for line in lines:
        if not opening(line):
            weekdays[date.fromisoformat(line["EcritureDate"]).weekday()] += 1
    assert list(found.weekdays) == weekdays
    assert sum(count for _, count in found.delays) + found.unvalidated == len(lines)


def test_numbering_tells_gaps(tmp_path: Path) -> None:
    tables = facts(DATA / "number_gap_and_duplicate_lines" / "100000009FEC20241231.txt", tmp_path)
    found = ledger.numbering(tables)
    assert [(one.first, one.last, one.numbers, one.missing) for one in found.sequences] == [("1", "5", 4, 1)]
    assert [(gap.number, gap.missing, gap.count) for gap in found.gaps] == [("2", "3", 1)]
    assert found.key == "number"


def test_closing_entries_are_left_out_of_balances_and_shown_apart(tmp_path: Path) -> None:
    balance = ledger.trial_balance(facts(CLOSING, tmp_path))
    assert balance.closing_debit == balance.closing_credit > 0
    lines = read(CLOSING)
    assert balance.file_debit == sum(line["Debit"] for line in lines)
    numbers = {line["EcritureNum"] for line in lines if line["CompteNum"].startswith("12") and not opening(line)}
    assert balance.closing_debit == sum(line["Debit"] for line in lines if line["EcritureNum"] in numbers)
    moved = sum(line["Debit"] for line in lines if line["EcritureNum"] not in numbers and not opening(line))
    assert balance.total.debit == moved


def test_a_blank_account_makes_the_balance_partial(tmp_path: Path) -> None:
    text = GENERATED.read_text(encoding="utf-8").splitlines()
    cells = text[40].split("\t")
    debit, credit = (Decimal(cells[at].replace(",", ".")) for at in (11, 12))
    cells[4] = ""
    content = "\r\n".join([*text[:40], "\t".join(cells), *text[41:], ""]).encode()
    tables = write_facts([BytesSource(GENERATED.name, content)], tmp_path / "out", work_dir=tmp_path)[0].tables
    balance = ledger.trial_balance(tables)
    assert (balance.standing.status, balance.standing.reason) == (Status.PARTIAL, "account_blank")
    assert balance.blank is not None
    assert balance.blank.amounts.columns[2:4] == (debit, credit)
    account = ledger.find_account(tables, "")
    assert account is not None
    assert [line.line for line in ledger.account_lines(tables, account, Search()).lines] == [41]


def test_facts_without_flags_say_so(plain: Tables) -> None:
    old = {name: path for name, path in plain.items() if name not in {"flags", "flagged", "sequences"}}
    assert ledger.flag_counts(old) is None
    entry = ledger.find_entry(old, 1)
    assert entry is not None
    assert entry.flags == ()
    assert ledger.numbering(old).standing.reason == "numbers_unusable"
