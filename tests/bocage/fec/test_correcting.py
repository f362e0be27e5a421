"""A corrected FEC says exactly what the file said, and no longer has the faults of how it was written."""

import io
from collections.abc import Iterable
from datetime import date
from functools import cache
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bocage.formats.base import BytesSource
from bocage.formats.fec import FecReport, NotCorrectable, correct, is_mendable
from bocage.formats.fec.correcting import MENDED
from bocage.ingest.fec import write_facts
from bocage.wording import sentence
from tests.bocage.fec.books import COLUMNS, NAME, book, changed, signed, text

BACKWARDS = tuple(reversed(COLUMNS))
SIGNED_BACKWARDS = tuple({"Debit": "Montant", "Credit": "Sens"}.get(name, name) for name in BACKWARDS)
POINTS = [row | {name: row[name].replace(",", ".") for name in ("Debit", "Credit")} for row in book()]
SEMICOLONS = text(separator=";")
QUOTED = "".join(";".join(f'"{cell}"' for cell in line.split(";")) + "\n" for line in SEMICOLONS.splitlines())
UPPER = tuple(name.upper() for name in COLUMNS)
DATA = Path(__file__).resolve().parents[2] / "data" / "fec"


def facts(content: bytes, name: str) -> tuple[FecReport, dict[str, list[tuple[object, ...]]]]:
    with TemporaryDirectory() as work, duckdb.connect() as con:
        (made,) = write_facts([BytesSource(name, content)], Path(work) / "out", work_dir=Path(work))
        tables = {table: con.execute(f"SELECT * FROM '{path}'").fetchall() for table, path in made.tables.items()}
    places = [(code, *place) for code, *place, _column, _value in tables["places"] if code not in MENDED]
    tables["places"] = places  # columns are named as the file does, and a fault that goes leaves no place
    return made.report, tables


def rewritten(content: bytes, name: str = NAME) -> tuple[bytes, str, list[str]]:
    out = io.BytesIO()
    done = correct(BytesSource(name, content), out, siren="100000009", closing=date(2024, 12, 31))
    assert correct(BytesSource(name, content), siren="100000009", closing=date(2024, 12, 31)) == done
    return out.getvalue(), done.name, [change.code for change in done.changes]


FAULTS = {
    "encoding cp1252": (text(changed(1, EcritureLib="Où – l’œuf €")).encode("cp1252"), ["encoding"]),
    "utf-16": (text().encode("utf-16"), ["encoding"]),
    "mark": (text().encode("utf-8-sig"), ["mark"]),
    "semicolon": (SEMICOLONS.encode(), ["separator"]),
    "quoted": (QUOTED.encode(), ["separator", "quotes"]),
    "order": (text(columns=BACKWARDS).encode(), ["order"]),
    "extra first": (text(columns=("Site", *COLUMNS)).encode(), ["order"]),
    "names": (text(names=UPPER).encode(), ["names"]),
    "aliases": (text(names=[n.replace("Idevise", "IdDevise") for n in COLUMNS]).encode(), ["names"]),
    "trailing": (text(trail="\t").encode(), ["trailing"]),
    "trailing rows only": (text(trail="\t").replace("Idevise\t", "Idevise").encode(), ["trailing"]),
    "trailing header only": (text().replace("Idevise", "Idevise\t").encode(), ["trailing"]),
    "decimal point": (text(POINTS).encode(), ["decimal_comma"]),
    "doubled ends": (text(end="\r\r\n").encode(), ["line_ends"]),
    "montant": (text(signed(), columns=SIGNED_BACKWARDS).encode(), ["order"]),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_writing_goes_and_the_facts_stay(fault: str) -> None:
    content, codes = FAULTS[fault]
    before, kept = facts(content, NAME)
    after_content, name, changes = rewritten(content)
    after, found = facts(after_content, name)
    assert changes == codes
    assert found == kept
    assert len(found["lines"]) == 8
    assert after.totals == before.totals
    assert after.verdicts.conforme
    assert not {finding.code for finding in after.findings} & MENDED
    assert is_mendable(finding.code for finding in before.findings)


def test_all_faults_together() -> None:
    names = [name.upper() for name in BACKWARDS]
    content = text(POINTS, columns=BACKWARDS, names=names, separator=";", end="\n").encode("utf-16")
    before, kept = facts(content, "ecritures.csv")
    written, name, changes = rewritten(content, "ecritures.csv")
    after, found = facts(written, name)
    assert name == NAME
    assert not before.verdicts.conforme
    assert after.verdicts.conforme
    assert before.siren is None
    assert after.siren == "100000009"
    del found["books"], kept["books"]  # what the name says
    assert found == kept
    assert changes == ["file_name", "encoding", "separator", "order", "names", "decimal_comma"]


SAFE: dict[str, dict[str, object]] = {
    "encoding": {"codec": "cp1252"},
    "mark": {"codec": "utf-8-sig"},
    "separator": {"separator": ";"},
    "order": {"columns": BACKWARDS},
    "decimal point": {"points": True},
    "trailing": {"trail": True},
    "names": {"upper": True},
    "line ends": {"end": "\r\r\n"},
    "file name": {"name": "export du 3 mars.csv"},
}
TOGETHER = [pair for pair in combinations(SAFE, 2) if pair != ("encoding", "mark")]
TOGETHER += [three for three in combinations(SAFE, 3) if not {"encoding", "mark"} < set(three)][::5]  # fmt: skip
QUOTING = changed(1, EcritureLib="L’œuvre d’été – 12 €", CompAuxNum="F1", CompAuxLib="Société")


def written_with(faults: Iterable[str]) -> tuple[bytes, str]:
    """The book with these faults, and the name of its file."""
    how = {key: value for fault in faults for key, value in SAFE[fault].items()}
    rows = [
        row | {name: row[name].replace(",", ".") for name in ("Debit", "Credit")} if how.get("points") else row
        for row in QUOTING
    ]
    columns, mark = cast("tuple[str, ...]", how.get("columns", COLUMNS)), str(how.get("separator", "\t"))
    names = [name.upper() if how.get("upper") else name for name in columns]
    trail, end = mark if how.get("trail") else "", str(how.get("end", "\r\n"))
    made = text(rows, columns=columns, names=names, separator=mark, end=end, trail=trail)
    return made.encode(str(how.get("codec", "utf-8"))), str(how.get("name", NAME))


@cache
def without_faults() -> tuple[FecReport, dict[str, list[tuple[object, ...]]]]:
    return facts(text(QUOTING).encode(), NAME)


@pytest.mark.parametrize("faults", TOGETHER, ids=" + ".join)
def test_faults_together_leave_the_very_file_without_them(faults: tuple[str, ...]) -> None:
    content, name = written_with(faults)
    written, now, changes = rewritten(content, name)
    assert (written.decode(), now) == (text(QUOTING), NAME)
    assert len(changes) == len(faults)
    assert rewritten(written, now) == (written, NAME, [])
    report, clean = without_faults()
    found = facts(content, name)[1]
    assert report.verdicts.conforme
    assert {**found, "books": clean["books"]} == clean  # the name may say less


def test_a_file_in_order_is_not_touched() -> None:
    content = text(changed(1, EcritureLib='Vis 3" | inox; été')).encode()
    assert rewritten(content) == (content, NAME, [])
    assert not is_mendable(["ENT-01", "MAND-01"])


def test_blank_lines_totals_and_remarks_keep_their_place() -> None:
    lines = text(separator=";", end="\n").splitlines()
    content = "\n".join(["Export du 1er mars", *lines[:4], "", *lines[4:], "TOTAL;1500,00"]).encode()
    written, _, _ = rewritten(content)
    got = written.decode().splitlines()
    assert (got[0], got[5], got[-1], len(got)) == ("Export du 1er mars", "", "TOTAL;1500,00", len(lines) + 3)
    assert facts(content, NAME)[1] == facts(written, NAME)[1]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"n'importe quoi\n" * 5, "no_header"),
        (text().replace("Capital", "Capi\ttal").encode(), "wrong_width"),
        (text(changed(1, EcritureLib="a\tb|c"), separator=";").encode(), "separator_inside"),
        (text(changed(1, EcritureLib="caf\ufffd")).encode(), "altered"),
    ],
)
def test_what_would_touch_the_content_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(NotCorrectable) as refused:
        correct(BytesSource(NAME, content))
    assert refused.value.code == code
    assert sentence("fec_corrections", code, line="2").message


SHIFTED = text(columns=BACKWARDS).split("\r\n")


@pytest.mark.parametrize(
    "content",
    [
        "\r\n".join([*SHIFTED[:4], "x\ty\tz", *SHIFTED[4:]]),
        "\r\n".join([*SHIFTED[:4], SHIFTED[4][:30] + "\r\n" + SHIFTED[4][30:], *SHIFTED[5:]]),
        text(columns=BACKWARDS) + "\t20241231",
        text(columns=BACKWARDS) + "\t",
        text(trail="|", separator="|").replace("Pièce 2|", "", 1),
    ],
    ids=["short row", "line break", "cut", "cut at once", "shifted"],
)
def test_a_row_that_the_reader_has_to_guess_is_not_written_again(content: str) -> None:
    """Found by fuzzing: what was left as it was, below a header in another order, said something else."""
    try:
        written, name, _ = rewritten(content.encode())
    except NotCorrectable:
        return
    assert facts(written, name)[1] == facts(content.encode(), NAME)[1]
    assert facts(written, name)[0].verdicts.exploitable == facts(content.encode(), NAME)[0].verdicts.exploitable


def test_points_that_may_be_thousands_are_left() -> None:
    rows = [row | {name: row[name].replace("1000.00", "1.000,00") for name in ("Debit", "Credit")} for row in POINTS]
    content = text(rows).encode()
    assert rewritten(content) == (content, NAME, [])


def test_a_name_is_made_of_what_is_known() -> None:
    source = BytesSource("export.txt", text().encode())
    assert correct(source).name == "export.txt"
    assert correct(source, siren="100000009").name == "export.txt"
    assert correct(BytesSource("100000009FEC20241231 (1).txt", text().encode())).name == NAME


CELLS = st.text(
    st.characters(codec="cp1252", exclude_characters="\t|;\r\n\x00\x1a", exclude_categories=["Cc", "Zs"]), max_size=12
)
AMOUNTS = st.sampled_from(
    ["0,00", "12,00", "12.00", "-3.5", "+4,25", "7.00-", "1 234.50", "1.234,00", "abc", "", "1E3", ".5"]
)
DATES = st.sampled_from(["20240105", "05/01/2024", "2024-01-05", "", "00000000", "pas une date"])


@st.composite
def files(draw: st.DrawFn) -> bytes:
    rows = book()
    for row in rows:
        for name in ("EcritureLib", "PieceRef", "CompAuxLib", "EcritureLet"):
            if draw(st.booleans()):
                row[name] = draw(CELLS)
        if draw(st.booleans()):
            row["Debit"], row["Credit"], row["Montantdevise"] = draw(AMOUNTS), draw(AMOUNTS), draw(AMOUNTS)
        row["EcritureDate"] = draw(DATES) if draw(st.integers(0, 5)) == 0 else row["EcritureDate"]
    columns = draw(st.permutations((*COLUMNS, "Site"))) if draw(st.booleans()) else COLUMNS
    names = [n.upper() if draw(st.booleans()) else n for n in columns]
    mark, end = draw(st.sampled_from("\t|;")), draw(st.sampled_from(["\r\n", "\n", "\r", "\r\r\n"]))
    made = text(rows, columns=columns, names=names, separator=mark, end=end, trail=mark if draw(st.booleans()) else "")
    return made.encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"])))


@settings(max_examples=10)
@given(files())
def test_whatever_is_mended_the_facts_are_the_same(content: bytes) -> None:
    try:
        written, name, _ = rewritten(content)
    except NotCorrectable:
        return
    assert facts(content, NAME)[1] == facts(written, name)[1]
    assert rewritten(written, name)[0] == written
