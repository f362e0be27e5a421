"""The same book written in any way seen, several at once: the lines read are always the same."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from bocage.formats.base import BytesSource
from bocage.ingest.fec import write_facts
from tests.bocage.fec.books import COLUMNS, NAME, book

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-be", "iso8859-15", "cp1252", "cp850", "mac-roman")
ENDS = ("\r\n", "\n", "\r", "\r\r\n", "\n\r")
ALIASES = {
    "Idevise": "IdDevise",
    "CompAuxNum": "CompteAuxNum",
    "PieceRef": "PIÈCEREF",
    "EcritureLet": "EcritureLettrage",
}
AMOUNTS: Mapping[str, Callable[[Decimal], str]] = {
    "comma": lambda value: f"{value:.2f}".replace(".", ","),
    "point": lambda value: f"{value:.2f}",
    "bare": lambda value: f"{value:f}".removesuffix(".00").replace(".", ","),
    "padded": lambda value: f"{value:.2f}".replace(".", ",").rjust(13, "0"),
    "spaces": lambda value: f"{value:.2f}".replace(".", ",").rjust(15),
    "plus": lambda value: f"{value:.2f}+".replace(".", ","),
    "thousands": lambda value: f"{value:,.2f}".replace(",", " ").replace(".", ","),
    "no-break": lambda value: f"{value:,.2f}".replace(",", "\u00a0").replace(".", ","),
    "apostrophe": lambda value: f"{value:,.2f}".replace(",", "'").replace(".", ","),
    "german": lambda value: f"{value:,.2f}".translate(str.maketrans(",.", ".,")),
    "long": lambda value: f"{value:.6f}".replace(".", ","),
    "blank nil": lambda value: f"{value:.2f}".replace(".", ",") if value else "",
    "small nil": lambda value: f"{value:.2f}".replace(".", ",") if value else ",00",
}
DAYS: Mapping[str, Callable[[str], str]] = {
    "plain": str,
    "iso": lambda day: f"{day[:4]}-{day[4:6]}-{day[6:]}",
    "french": lambda day: f"{day[6:]}/{day[4:6]}/{day[:4]}",
    "points": lambda day: f"{day[6:]}.{day[4:6]}.{day[:4]}",
    "time": lambda day: f"{day[:4]}-{day[4:6]}-{day[6:]}T00:00:00",
    "glued": lambda day: day[6:] + day[4:6] + day[:4],
}
SIDES = (("D", "C"), ("d", "c"), ("+1", "-1"), (" D", "C "))


@st.composite
def writings(draw: st.DrawFn) -> bytes:
    """The book, written in a way of its own."""
    amount, day = AMOUNTS[draw(st.sampled_from(sorted(AMOUNTS)))], DAYS[draw(st.sampled_from(sorted(DAYS)))]
    signed = draw(st.sampled_from([None, None, *SIDES]))
    rows = book()
    for row in rows:
        for name in ("EcritureDate", "PieceDate", "ValidDate"):
            row[name] = day(row[name])
        left, right = (Decimal(row[name].replace(",", ".")) for name in ("Debit", "Credit"))
        if signed:
            row["Debit"], row["Credit"] = amount(left or right), signed[0] if left else signed[1]
        else:
            row["Debit"], row["Credit"] = amount(left), amount(right)
    names = {name: name for name in COLUMNS} | ({"Debit": "Montant", "Credit": "Sens"} if signed else {})
    change = draw(st.sampled_from([str, str.upper, str.lower, lambda name: ALIASES.get(name, name)]))
    order = list(COLUMNS) if draw(st.booleans()) else draw(st.permutations(COLUMNS))
    order += draw(st.sampled_from([[], ["Site"], ["Site", "Axe"]]))
    kept = order[:-2] if order[-2:] == ["Montantdevise", "Idevise"] and draw(st.booleans()) else order
    mark, quote = draw(st.sampled_from("\t|;,")), draw(st.booleans())
    commas = mark == "," and any("," in row[name] for row in rows for name in COLUMNS)
    quoted = '"' if quote or commas else ""
    trail = mark if draw(st.integers(0, 3)) == 0 and not quoted else ""
    lines = [mark.join(f"{quoted}{change(names.get(name, name))}{quoted}" for name in order) + trail]
    lines += [mark.join(f"{quoted}{row.get(name, '')}{quoted}" for name in kept) + trail for row in rows]
    if draw(st.integers(0, 3)) == 0:
        lines.insert(draw(st.integers(1, len(lines))), draw(st.sampled_from(["", mark * (len(order) - 1)])))
    if draw(st.integers(0, 3)) == 0:
        lines[:0] = ["Export comptable", "", "Dossier : EXEMPLE"][: draw(st.integers(1, 3))]
    if draw(st.integers(0, 3)) == 0:
        lines += draw(st.sampled_from([["TOTAL"], ["\x1a"], ["", ""], ["Fin du fichier"]]))
    end = draw(st.sampled_from(ENDS))
    return (end.join(lines) + end).encode(draw(st.sampled_from(ENCODINGS)))


def lines_read(content: bytes) -> list[tuple[object, ...]]:
    """What is read of each line, its number aside."""
    with TemporaryDirectory() as work, duckdb.connect() as con:
        (made,) = write_facts([BytesSource(NAME, content)], Path(work) / "out", work_dir=Path(work))
        assert made.report.verdicts.exploitable, [each.code for each in made.report.findings]
        path = made.tables["lines"]
        return con.execute(
            "SELECT journal_code, entry_number, entry_date, account, account_label, piece_ref, piece_date, label, "
            f"debit, credit, valid_date FROM '{path}' ORDER BY line"
        ).fetchall()


PLAIN = lines_read(
    "\r\n".join("\t".join(row) for row in [list(COLUMNS), *([*row.values()] for row in book())]).encode() + b"\r\n"
)


@settings(max_examples=15)
@given(writings())
def test_the_same_book_is_read_however_it_is_written(content: bytes) -> None:
    assert lines_read(content) == PLAIN
