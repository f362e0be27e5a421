"""Small books for the economic indicators, written line by line."""

from collections.abc import Mapping
from pathlib import Path

from bocage.formats.base import BytesSource
from bocage.indicators import economic
from bocage.indicators.result import Result
from bocage.ingest.fec import write_facts

NAME = "000012344FEC20251231.txt"
HEADER = (
    "JournalCode JournalLib EcritureNum EcritureDate CompteNum CompteLib CompAuxNum CompAuxLib PieceRef PieceDate "
    "EcritureLib Debit Credit EcritureLet DateLet ValidDate Montantdevise Idevise"
)
JOURNALS = {"AN": "A nouveaux", "AC": "Achats", "VE": "Ventes", "BQ": "Banque", "OD": "Operations diverses"}

type Entry = tuple[str, str, str, str]
"""Journal, date (a second one: the voucher’s), label, lines ``account[:third[:lettering]] debit − credit``."""


def _rows(number: int, entry: Entry) -> list[str]:
    journal, days, label, lines = entry
    dates = [day.replace("-", "") for day in days.split()]
    rows = []
    for line in lines.split(", "):
        place, amount = line.split(" ")
        account, third, lettering = (*place.split(":"), "", "")[:3]
        debit, credit = max(int(amount), 0), max(-int(amount), 0)
        values = [journal, JOURNALS[journal], str(number), dates[0], account, f"Compte {account}", third, third, "P1"]
        values += [dates[-1], label, f"{debit},00", f"{credit},00", lettering, "", dates[0], "", ""]
        rows.append("\t".join(values))
    return rows


def tables_of(folder: Path, *entries: Entry) -> Mapping[str, Path]:
    rows = [row for number, entry in enumerate(entries, start=1) for row in _rows(number, entry)]
    content = "\r\n".join(["\t".join(HEADER.split()), *rows, ""]).encode()
    return write_facts([BytesSource(NAME, content)], folder / "out", work_dir=folder)[0].tables


def figures_of(tables: Mapping[str, Path]) -> dict[str, Result]:
    return {result.code: result for result in economic.compute(tables)}
