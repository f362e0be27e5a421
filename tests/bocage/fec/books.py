"""A small book to write in any way that a test needs."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bocage.findings import Finding
from bocage.formats.base import BytesSource, Source
from bocage.formats.fec import FecReport, check

NAME = "100000009FEC20241231.txt"
COLUMNS = (
    "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib",
    "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate", "Montantdevise",
    "Idevise",
)  # fmt: skip
SIGNED = tuple({"Debit": "Montant", "Credit": "Sens"}.get(name, name) for name in COLUMNS)
type Row = Mapping[str, str]

_ENTRIES = (
    ("AN", "A nouveaux", "20240101", ("101300", "Capital", "1000,00"), ("512000", "Banque")),
    ("AC", "Achats", "20240115", ("401000", "Fournisseurs", "100,00"), ("606100", "Énergie")),
    ("VE", "Ventes", "20240210", ("706000", "Prestations", "200,00"), ("411000", "Clients")),
    ("BQ", "Banque", "20241216", ("411000", "Clients", "200,00"), ("512000", "Banque")),
)
"""Journal, day, account credited with its amount, account debited."""


def book() -> list[dict[str, str]]:
    """Eight lines in four balanced entries of 2024, opening included: 1 500 euros on each side."""
    rows = []
    for number, (code, label, day, (credited, one, amount), (debited, other)) in enumerate(_ENTRIES, start=1):
        for account, name, debit, credit in ((debited, other, amount, "0,00"), (credited, one, "0,00", amount)):
            fixed = (code, label, str(number), day, account, name, "", "", f"P{number}", day, f"Pièce {number}")
            rows.append(dict(zip(COLUMNS, (*fixed, debit, credit, "", "", "20241231", "", ""), strict=True)))
    return rows


def changed(at: int, **values: str) -> list[dict[str, str]]:
    """The book with other values on one line (from 0)."""
    rows = book()
    rows[at] |= values
    return rows


def signed(debit: str = "D", credit: str = "C") -> list[dict[str, str]]:
    """The book with Montant and Sens."""
    rows = book()
    for row in rows:
        left = row["Debit"] != "0,00"
        row |= {"Montant": row["Debit"] if left else row["Credit"], "Sens": debit if left else credit}
    return rows


def text(
    rows: Sequence[Row] | None = None,
    *,
    columns: Sequence[str] = COLUMNS,
    names: Sequence[str] | None = None,
    separator: str = "\t",
    end: str = "\r\n",
    trail: str = "",
) -> str:
    """The file: its header (``names``, else ``columns``), then each row."""
    lines = [list(names or columns), *([row.get(name, "") for name in columns] for row in rows or book())]
    return "".join(separator.join(line) + trail + end for line in lines)


def read(content: bytes | str, name: str = NAME, *, regime: str | None = None) -> FecReport:
    """The only report of a file."""
    raw = content.encode() if isinstance(content, str) else content
    (report,) = read_all([BytesSource(name, raw)], regime=regime)
    return report


def read_all(sources: Sequence[Source], *, regime: str | None = None) -> list[FecReport]:
    """The reports of files given together."""
    with TemporaryDirectory() as work:
        return check(sources, work_dir=Path(work), regime=regime)


def codes(report: FecReport) -> set[str]:
    """The codes raised, information aside."""
    return {finding.code for finding in report.findings if finding.severity != "info"}


def finding(report: FecReport, code: str) -> Finding:
    """The finding of a code."""
    return next(each for each in report.findings if each.code == code)


def lines_of(report: FecReport, code: str) -> list[int | None]:
    """Where a code points."""
    return [place.line for place in finding(report, code).where]
