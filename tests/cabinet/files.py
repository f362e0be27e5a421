"""Files for tests: small FEC that balance, and the ways in which a file can be wrong."""

from datetime import date, timedelta
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "data"
DSN_YEAR = DATA / "dsn" / "annee"
FARM_FEC = DATA / "fec" / "neolegal" / "0000000001FEC20220831.txt"

COLUMNS = (
    *("JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum"),
    *("CompAuxLib", "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet"),
    *("ValidDate", "Montantdevise", "Idevise"),
)


def _line(journal: str, number: int, day: date, account: str, label: str, debit: int, credit: int) -> str:
    cells = [
        journal,
        journal,
        str(number),
        f"{day:%Y%m%d}",
        account,
        label,
        "",
        "",
        f"P{number}",
        f"{day:%Y%m%d}",
        label,
    ]
    return "\t".join([*cells, f"{debit},00", f"{credit},00", "", "", f"{day:%Y%m%d}", "", ""])


def make_fec(*, start: date = date(2025, 1, 1), end: date = date(2025, 12, 31), sales: int = 1_000) -> bytes:
    """A purchase and a sale a month, balanced. ``sales`` is the amount of each sale, in euros."""
    lines, number, day = ["\t".join(COLUMNS)], 0, start
    while day <= end:
        for journal, debit, credit, amount in (("VE", "411000", "706000", sales), ("AC", "606100", "401000", 300)):
            number += 1
            lines.append(_line(journal, number, day, debit, "Pièce du mois", amount, 0))
            lines.append(_line(journal, number, day, credit, "Pièce du mois", 0, amount))
        day = (
            min((day.replace(day=1) + timedelta(days=32)).replace(day=1), end) if day < end else end + timedelta(days=1)
        )
    return ("\r\n".join(lines) + "\r\n").encode("iso8859-15")


def fec_name(siren: str, end: date = date(2025, 12, 31)) -> str:
    """The legal name of a FEC."""
    return f"{siren}FEC{end:%Y%m%d}.txt"


def unbalanced(fec: bytes) -> bytes:
    """The same FEC, one amount changed."""
    return fec.replace(b"\t300,00\t0,00", b"\t301,00\t0,00", 1)


def dsn_files() -> list[Path]:
    """The monthly declarations of the sample year, two establishments."""
    return sorted(DSN_YEAR.glob("*.dsn"))
