"""The flags of entries and the findings of the report say the same thing, whatever the file."""

import csv
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bocage.formats.base import BytesSource, FileSource, Source
from bocage.formats.fec import FecReport
from bocage.formats.fec.catalogue import CHECKS
from bocage.formats.fec.checks.lines import OTHER_CODES
from bocage.formats.fec.flags import CODES, VALUE_CODES
from bocage.ingest.fec import FecImport, write_facts
from bocage.wording import sentence
from tests.bocage.fec.books import NAME, SIGNED, changed, signed, text

DATA = Path(__file__).resolve().parents[2] / "data" / "fec"
FARM = DATA / "neolegal" / "0000000001FEC20220831.txt"
NAMES = (
    *("JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum"),
    *("CompAuxLib", "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet"),
    *("ValidDate", "Montantdevise", "Idevise"),
)

PLACED = {*OTHER_CODES, *VALUE_CODES}


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(sql.replace("TABLE", f"'{path}'")).fetchall()


def imports(sources: Iterable[Source], work: Path) -> list[FecImport]:
    return write_facts(list(sources), work / "out", work_dir=work)


def assert_agree(report: FecReport, tables: dict[str, Path]) -> None:
    found = dict(rows(tables["flags"], "SELECT code, CAST(sum(count) AS BIGINT) FROM TABLE GROUP BY code"))
    assert found == {one.code: one.count for one in report.findings if one.code in CODES}
    placed = dict(rows(tables["places"], "SELECT code, count(*) FROM TABLE GROUP BY code"))
    assert placed == {one.code: one.count for one in report.findings if one.code in PLACED}
    for one in report.findings:
        if one.code in PLACED:
            mine = rows(tables["places"], f"SELECT line, \"column\" FROM TABLE WHERE code = '{one.code}'")
            assert {(place.line, place.column) for place in one.where} <= set(mine)
    points = set(rows(tables["flags"], "SELECT code, line FROM TABLE"))
    firsts = {one.code: one.where[0].line for one in report.findings if one.code in CODES and one.where}
    assert set(firsts.items()) <= points
    flagged = {index for (index,) in rows(tables["flags"], "SELECT DISTINCT entry_index FROM TABLE")}
    assert flagged == {index for (index,) in rows(tables["flagged"], "SELECT entry_index FROM TABLE")}


def usable() -> list[str]:
    with (DATA / "manifest.tsv").open(encoding="utf-8", newline="") as lines:
        return [
            row["file"]
            for row in csv.DictReader(lines, delimiter="\t")
            if row["exploitable"] == "yes" and "!" not in row["file"]
        ]


@pytest.mark.parametrize("name", [*usable(), "genere/000012344FEC20251231.txt"])
def test_every_sample_agrees_with_its_report(name: str, tmp_path: Path) -> None:
    for each in imports([FileSource(DATA / name)], tmp_path):
        assert_agree(each.report, each.tables)


ODD = [
    changed(2, Debit="100.00", Credit="0.0", PieceDate="15/01/2024"),
    changed(2, Debit="1 100,00", DateLet="00000000", PieceDate="20240230", ValidDate="2024-01-31"),
    changed(2, Debit="1E2", Montantdevise="abc", Idevise="USD", PieceDate="21000101", DateLet="01/01/1850"),
    changed(2, Debit="9" * 20, Credit="1E30"),
    changed(2, Debit="100,001", Credit="-3.5-", EcritureDate="00000000"),
    changed(2, Debit="1000000000000.00"),
]


@pytest.mark.parametrize("rank", range(len(ODD)))
def test_every_odd_value_is_placed(rank: int, tmp_path: Path) -> None:
    (made,) = imports([BytesSource(NAME, text(ODD[rank]).encode())], tmp_path)
    assert_agree(made.report, made.tables)


def test_every_unknown_side_is_placed(tmp_path: Path) -> None:
    rows = [one | {"Sens": "x"} if at > 3 else one for at, one in enumerate(signed())]
    (made,) = imports([BytesSource(NAME, text(rows, columns=SIGNED).encode())], tmp_path)
    assert_agree(made.report, made.tables)


def test_the_codes_are_checks_of_control_about_entries() -> None:
    assert len(set(CODES)) == len(CODES)
    assert {CHECKS[code].counts for code in CODES} <= {"lines", "entries", "numbers", "missing", "copies", "pairs"}


def line(journal: str, number: str, day: str, account: str, cents: int, valid: str, letter: str, piece: str) -> str:
    debit, credit = (cents, 0) if cents >= 0 else (0, -cents)
    amounts = [f"{side // 100},{side % 100:02d}" for side in (debit, credit)]
    cells = [journal, f"Journal {journal}", number, day, account, f"Compte {account}", "", "", piece, day, "Divers"]
    return "\t".join([*cells, *amounts, letter, "", valid, "", ""])


DAYS = st.sampled_from(["20240101", "20240107", "20240229", "20240630", "20241231", "20250115", "20220601"])
LINES = st.builds(
    line,
    st.sampled_from(["AC", "AN", "VE", "OD"]),
    st.sampled_from(["1", "2", "3", "7", "A12", "A15"]),
    DAYS,
    st.sampled_from(["401000", "411000", "512000", "530000", "601000", "706000", "120000", "445660"]),
    st.sampled_from([0, 1_000, -1_000, 2_000, -2_000, 120_000, -120_000]),
    st.sampled_from(["20240101", "20240630", "20241231", "20250930", ""]),
    st.sampled_from(["", "A", "B"]),
    st.sampled_from(["P1", "P2"]),
)


@settings(max_examples=12, deadline=None)
@given(st.lists(LINES, min_size=1, max_size=40))
def test_any_file_agrees_with_its_report(lines: list[str]) -> None:
    content = "\r\n".join(["\t".join(NAMES), *lines, ""]).encode()
    with TemporaryDirectory() as work:
        (each,) = imports([BytesSource("100000009FEC20241231.txt", content)], Path(work))
        assert_agree(each.report, each.tables)


def test_the_administration_s_flags_of_the_farm(tmp_path: Path) -> None:
    """The six crosses of each number, recomputed line by line; every entry that bears the number has them."""
    (each,) = imports([FileSource(FARM)], tmp_path)
    seen: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    cents: dict[str, int] = defaultdict(int)
    entries: dict[str, set[str]] = defaultdict(set)
    with FARM.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            number = row["EcritureNum"]
            entries[number].add(row["JournalCode"])
            cents[number] += sum(
                sign * int(row[side].replace(",", "")) for side, sign in (("Debit", 1), ("Credit", -1))
            )
            for name in ("JournalCode", "EcritureDate", "PieceRef", "PieceDate", "EcritureLet"):
                if row[name].strip() or name == "PieceRef":
                    seen[number][name].add(row[name].strip())
    several = {
        "ALT-01": "JournalCode",
        "ALT-03": "EcritureDate",
        "ALT-04": "PieceRef",
        "ALT-05": "PieceDate",
        "ALT-06": "EcritureLet",
    }
    expected = {
        (code, number, len(entries[number]))
        for code, name in several.items()
        for number in seen
        if len(seen[number][name]) > 1
    }
    expected |= {("ALT-02", number, len(entries[number])) for number, gap in cents.items() if gap}
    found = rows(
        each.tables["flags"],
        "SELECT code, value, CAST(count(*) AS INTEGER) FROM TABLE WHERE starts_with(code, 'ALT') GROUP BY ALL",
    )
    assert set(found) == expected
    assert len([one for one in expected if one[0] == "ALT-01"]) == 413


def test_the_sequences_of_the_samples(tmp_path: Path) -> None:
    sql = "SELECT journal_code, prefix, first_number, last_number, numbers, missing, reused FROM TABLE"
    (gap,) = imports([FileSource(DATA / "number_gap_and_duplicate_lines" / "100000009FEC20241231.txt")], tmp_path)
    assert rows(gap.tables["sequences"], sql) == [(None, "", "1", "5", 4, 1, 0)]
    work = tmp_path / "shared"
    work.mkdir()
    (shared,) = imports([FileSource(DATA / "numbers_restart_per_journal" / "100000009FEC20241231.txt")], work)
    assert {row[0] for row in rows(shared.tables["sequences"], sql)} == {"AN", "ACH", "VTE", "BQ"}
    work = tmp_path / "plain"
    work.mkdir()
    (plain,) = imports([FileSource(DATA / "conforming_tab_utf8" / "100000009FEC20241231.txt")], work)
    assert rows(plain.tables["sequences"], sql) == [(None, "", "1", "5", 5, 0, 0)]


@pytest.mark.parametrize("code", CODES)
def test_every_flag_has_its_short_words(code: str) -> None:
    assert 5 < len(sentence("ledger", code).message) < 40
