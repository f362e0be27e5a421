"""How a text is read: encodings, line ends, header, rows. Each file is made here, and differs in one thing or a few."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bocage.formats.base import BytesSource
from bocage.formats.fec import FecReport
from tests.bocage.fec.books import (
    COLUMNS,
    SIGNED,
    book,
    changed,
    codes,
    finding,
    lines_of,
    read,
    read_all,
    signed,
    text,
)
from tests.bocage.fec.mutations import mutate

LINES = text().split("\r\n")
DATA = Path(__file__).resolve().parents[2] / "data" / "fec"


def whole(report: FecReport) -> bool:
    """Every line of the book is there, with its amounts."""
    assert report.totals is not None
    return (report.lines, report.entries, report.totals.debit, report.totals.credit) == (8, 4, 1500, 1500)


def named(**others: str) -> list[str]:
    return [others.get(name, name) for name in COLUMNS]


def test_the_book_itself_is_flawless() -> None:
    report = read(text())
    assert whole(report)
    assert not codes(report)
    assert report.verdicts.conforme


@pytest.mark.parametrize(
    ("content", "encoding", "raised"),
    [
        (text(separator="|", end="\r").encode("utf-16"), "utf-16", {"ENC-01"}),
        (text(separator="|", end="\n").encode("utf-16-be"), "utf-16", {"ENC-01"}),
        (text().encode("cp850"), "cp850", {"ENC-01"}),
        (text().encode("mac-roman").replace("É".encode("mac-roman"), "é".encode("mac-roman")), "mac-roman", {"ENC-01"}),
        (text().encode("iso8859-15"), "iso8859-15", set()),
        (text().encode().decode("cp1252", "replace").encode(), "utf-8", {"ENC-02"}),
        (text().encode().decode("latin-1").encode(), "utf-8", {"ENC-02"}),
        (text().replace("Pièce", "Pi\0èce").encode(), "utf-8", {"ENC-02"}),
        (text().replace("Pièce", "Pi\x92èce").encode(), "utf-8", {"ENC-02"}),
    ],
    ids=["utf-16", "utf-16 without mark", "cp850", "mac", "latin-9", "twice", "twice latin-1", "nul", "c1"],
)
def test_character_sets(content: bytes, encoding: str, raised: set[str]) -> None:
    report = read(content)
    assert report.layout is not None
    assert report.layout.encoding == encoding
    assert whole(report)
    assert codes(report) == raised


def test_a_file_cut_inside_a_character_is_still_utf_8() -> None:
    report = read(text().encode()[: text().encode().rindex("è".encode()) + 1])
    assert report.layout is not None
    assert report.layout.encoding == "utf-8"
    assert {"FILE-13", "ENC-02"} <= codes(report)


def test_everything_at_once() -> None:
    rows = [{**row, "Debit": row["Debit"].rjust(14, "0"), "Credit": row["Credit"]} for row in book()]
    rows[5]["Credit"] = "-200,00"
    rows[4]["Debit"] = "200,00-"
    content = "Société\r\nExport\r\n\r\n" + text(rows, columns=COLUMNS[:16], names=COLUMNS, separator=";")
    report = read(content.encode("cp850"))
    assert report.lines == 8
    assert report.totals is not None
    assert report.totals.debit == report.totals.credit == Decimal(1100)
    assert codes(report) == {"ENC-01", "SEP-01", "HDR-11", "ROW-01"}


@pytest.mark.parametrize(
    ("content", "places", "verdict"),
    [
        (text().replace("Pièce 2", "Pi\nèce 2", 1), [4], "controle"),
        (text().replace("Pièce 2", "Pi\rèce 2", 1), [4], "controle"),
        (text(end="\n").replace("Pièce 2", "Pi\rèce 2", 1), [4], "conforme"),
        (text().replace("\r\n", "\n", 3), [1, 2, 3], "conforme"),
    ],
    ids=["lf in a text", "cr in a text", "cr in an lf file", "lf header"],
)
def test_mixed_line_ends_say_where_and_whether_the_tester_minds(content: str, places: list[int], verdict: str) -> None:
    report = read(content)
    assert whole(report)
    assert lines_of(report, "EOL-02") == places
    assert finding(report, "EOL-02").verdict == verdict


def test_a_harmless_line_feed_stays_harmless_beside_a_blank_line() -> None:
    report = read(text().replace("Pièce 2", "Pi\nèce 2", 1) + "\r\n")
    assert not report.verdicts.conforme
    assert finding(report, "EOL-02").verdict == "controle"


def test_doubled_line_ends() -> None:
    for end in ("\r\r\n", "\n\r"):
        report = read(text(end=end))
        assert whole(report)
        assert codes(report) == {"EOL-01"}
        assert finding(report, "EOL-01").count == 9


@pytest.mark.parametrize(
    ("names", "raised"),
    [
        (named(JournalCode="Journal_Code"), {"HDR-09"}),
        (named(JournalCode=" JournalCode"), {"HDR-09"}),
        (named(Debit="Débit", PieceRef="Pièceref"), set()),
        ([f'"{name}"' for name in COLUMNS], {"HDR-09"}),
        ([*COLUMNS, "Axe-1", "Axe_1"], {"HDR-05"}),
        ([*COLUMNS, "", "Axe"], {"HDR-05"}),
        ([*COLUMNS, "Prestation", "DateReglement"], set()),
        ([*COLUMNS, *(f"Colonne{rank}" for rank in range(5000))], set()),
    ],
    ids=["underscore", "space", "accents", "quoted", "twice", "blank", "aliases of cash books", "very wide"],
)
def test_names_of_columns(names: list[str], raised: set[str]) -> None:
    report = read(text(columns=[*COLUMNS, *names[18:]], names=names))
    assert whole(report)
    assert codes(report) == raised
    assert report.verdicts.conforme == (not raised and len(names) < 1000) or len(names) > 1000
    assert report.regime == "BIC"


def test_cash_columns_are_supplementary_for_who_says_bic() -> None:
    report = read(text(columns=[*COLUMNS, "DateRglt", "ModeRglt", "NatOp"]), regime="BIC")
    assert finding(report, "HDR-06").count == 3
    assert report.layout is not None
    assert report.layout.extra_columns == ("DateRglt", "ModeRglt", "NatOp")
    assert read(text(columns=[*COLUMNS, "DateRglt", "ModeRglt", "NatOp"])).regime == "BA_TRESORERIE"


@pytest.mark.parametrize("name", ["Debit", "Credit", "CompteNum"])
def test_a_file_without_one_of_its_amounts_is_of_no_use(name: str) -> None:
    report = read(text(columns=[each for each in COLUMNS if each != name]))
    assert not report.verdicts.exploitable
    assert [place.column for place in finding(report, "HDR-10").where] == [name]


def test_semicolons_were_taken_until_2012() -> None:
    old = text(separator=";").replace("2024", "2012")
    assert not codes(read(old, "100000009FEC20121231.txt"))
    assert codes(read(text(separator=";"))) == {"SEP-01"}


QUOTED = "".join("\t".join(f'"{cell}"' for cell in line.split("\t")) + "\r\n" for line in LINES[:-1])


def test_quotes() -> None:
    assert codes(read(QUOTED)) == {"ROW-04"}
    broken = read(QUOTED.replace("Pièce 1", "Pièce\r\nune\tet 1", 1))
    assert whole(broken)
    assert codes(broken) == {"ROW-04", "ROW-01"}
    assert codes(read(QUOTED.replace('"20240115"', "20240115").replace('""', "").replace('"0,00"', "0,00"))) == {
        "HDR-09"
    }


@pytest.mark.parametrize(
    ("extra", "raised"),
    [
        ("Fichier produit par Logiciel le 3 janvier 2025", {"ROW-03"}),
        ("Nombre de lignes\t8\r\n", {"ROW-03"}),
        ("\t" * 10 + "Total\t1500,00\t1500,00" + "\t" * 5, {"ROW-03"}),
        ("\x1a", {"ROW-03"}),
        ("\r\n", {"ROW-02"}),
        ("\t" * 17 + "\r\n", {"ROW-02"}),
    ],
)
def test_lines_that_are_no_entry(extra: str, raised: set[str]) -> None:
    report = read(text() + extra)
    assert whole(report)
    assert codes(report) == raised
    assert lines_of(report, min(raised)) == [10]


def test_a_total_below_the_numbers_of_entries_is_no_row() -> None:
    numbers_first = ("EcritureNum", *(name for name in COLUMNS if name != "EcritureNum"))
    report = read(text(columns=numbers_first) + "TOTAL\r\n")
    assert whole(report)
    assert codes(report) == {"HDR-03", "ROW-03"}


def test_a_blank_line_between_doubled_line_ends() -> None:
    report = read(text(end="\n\r").replace("\n\r", "\n\r\n\r", 1))
    assert whole(report)
    assert report.layout is not None
    assert (report.layout.line_ending, codes(report)) == ("lfcr", {"EOL-01", "ROW-02"})


@pytest.mark.parametrize(
    "row",
    [
        LINES[3].replace("Pièce 2", "Pièce\t2024"),
        LINES[3].replace("Pièce 2", "a\tb\tc"),
        LINES[3].replace("P2", "P\t2"),
        LINES[3] + "\t\t",
        LINES[3].replace("\t\t\t20241231\t\t", ""),
        LINES[3].replace("Pièce 2", "Pièce\r\n2"),
        LINES[3].replace("\t\t\t20241231\t\t", "\t\t\t2024"),
        LINES[3].replace("Pièce 2", "Pièce\t2").removesuffix("\t\t"),
    ],
    ids=["number in a label", "two tabs", "reference", "surplus", "short", "line break", "bad date", "tab and short"],
)
def test_rows_are_mended_without_moving_an_amount(row: str) -> None:
    report = read("\r\n".join([*LINES[:3], row, *LINES[4:]]))
    assert whole(report)
    assert "ROW-01" in codes(report)
    assert not codes(report) & {"ENT-01", "ROW-07", "NUM-01"}


def test_a_day_is_never_taken_for_an_amount() -> None:
    """Found by fuzzing: the label of a row is missing, and its lettering and validation days became its amounts."""
    lettered = {"EcritureLet": "A", "DateLet": "20240214"}
    lines = text([row | lettered for row in book()] * 4, trail="|", separator="|").split("\r\n")
    lines[4] = lines[4].replace("Pièce 2|", "")
    report = read("\r\n".join(lines))
    assert lines_of(report, "ROW-01") == [5]
    assert report.totals is not None
    assert (report.totals.debit, report.totals.credit) == (6000, 5900)


def test_the_sign_needs_its_side() -> None:
    assert whole(read(text(signed("+1", "-1"), columns=[*SIGNED, "Axe"])))
    cut = text(signed(), columns=SIGNED[:16], names=SIGNED)
    assert whole(read(cut))
    assert read(cut).verdicts.conforme
    assert not read(text(signed(), columns=SIGNED).encode()[:-18]).verdicts.exploitable


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_a_file_cut_in_its_last_line_is_never_usable(end: str) -> None:
    content = text(end=end).encode()
    last = content[: -len(end)].rindex(end.encode()) + len(end)
    refused = [read(content[:size]).verdicts.exploitable for size in range(last + 1, len(content) - len(end) - 1, 3)]
    assert not any(refused)


def test_a_file_without_its_last_blanks_is_whole() -> None:
    for content in (text().rstrip(), text().removesuffix("\r\n"), text(columns=COLUMNS[:16], names=COLUMNS).rstrip()):
        assert whole(read(content))
        assert read(content).verdicts.exploitable


def test_fields_of_spaces_are_blank() -> None:
    rows = book() * 20
    rows[-1] = rows[-1] | {"Debit": "   ", "DateLet": "        ", "ValidDate": "        "}
    report = read(text(rows))
    assert codes(report) & {"NUM-01", "DATE-11", "DATE-01"} == set()
    assert finding(report, "DATE-05").count == 1


def test_odd_values_are_counted_once_each() -> None:
    report = read(text([{**row, "Debit": "1E2", "Credit": "0,00"} for row in book()]))
    assert finding(report, "NUM-05").count == 8


def test_long_amounts_stay_exact() -> None:
    value = "12345678901234567,123456789012"
    report = read(text([{**row, side: value} for row in book() for side in ("Debit", "Credit")]))
    assert report.totals is not None
    assert report.totals.debit == Decimal("98765431209878036.987654312096")
    assert read(text(changed(2, Debit="9" * 30))).findings


def test_a_line_of_megabytes_does_no_harm() -> None:
    assert whole(read(text(changed(2, EcritureLib="é" * 1_500_000))))
    assert read(text(end="\n") + "x" * 8_000_000).lines == 8


def test_a_decorated_name() -> None:
    for name in ("copie100000009FEC20241231.txt", "100000009FEC20241231 (1).txt", "100000009fec20241231.txt"):
        assert finding(read(text(), name), "FILE-09")


def test_a_zip_with_wild_offsets_is_unreadable_not_an_error() -> None:
    archive = mutate((DATA / "zip_with_macosx" / "100000009FEC20241231.zip").read_bytes(), 395)
    assert codes(read(archive, "100000009FEC20241231.zip")) == {"FILE-01"}


SEEDS = sorted(path for path in DATA.glob("*/1*") if path.suffix in {".txt", ".xml", ".csv", ".zip"})


@settings(max_examples=40)
@given(path=st.sampled_from(SEEDS), seed=st.integers(0, 2**32))
def test_a_damaged_sample_is_read_or_refused_for_a_reason(path: Path, seed: int) -> None:
    for report in read_all([BytesSource(path.name, mutate(path.read_bytes(), seed))]):
        assert report.verdicts.exploitable or any(each.severity == "blocking" for each in report.findings)
        assert not (report.kind == "fec" and "FILE-01" in codes(report)), "DuckDB could not hold it"


def test_an_entry_balances_to_the_cent() -> None:
    rows = changed(2, Debit="99,999")
    assert codes(read(text(rows))) == {"ALT-02"}
    assert {"ENT-01", "ENT-02"} <= codes(read(text(changed(2, Debit="99,99"))))


def test_a_fixed_width_export_is_named() -> None:
    line = "    1VE2024011520240215F1          411000     Client                        120,00D\r\n"
    report = read(line * 3, "XIMPORT.TXT")
    assert (report.kind, codes(report) - {"FILE-02"}) == ("ximport", {"FILE-07"})
