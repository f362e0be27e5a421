"""Lines keep the order of the file, however many blocks DuckDB reads at a time."""

from pathlib import Path

import pytest

from bocage.formats.base import FileSource
from bocage.formats.fec import books
from bocage.formats.fec.typed import Asked

_HEAD = (
    "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|PieceRef|PieceDate|"
    "EcritureLib|{}|EcritureLet|DateLet|ValidDate|Montantdevise|Idevise"
)
_AMOUNTS = {"Debit|Credit": ("1,00|0,00", "0,00|1,00"), "Montant|Sens": ("1,00|D", "1,00|C")}
_ENTRIES = 60_000
"""18 MB: several blocks for each of two threads."""


@pytest.mark.parametrize("names", _AMOUNTS)
def test_lines_keep_their_order(tmp_path: Path, names: str) -> None:
    rows = [
        f"OD|Divers|{number}|20240131|{account}||||P{number}|20240131|{'Libellé ' * 8}|{amounts}|||20240131||"
        for number in range(1, _ENTRIES + 1)
        for account, amounts in zip(("606100", "512000"), _AMOUNTS[names], strict=True)
    ]
    path = tmp_path / "100000009FEC20241231.txt"
    path.write_bytes("\r\n".join([_HEAD.format(names), *rows, ""]).encode("iso8859-15"))
    work = tmp_path / "work"
    work.mkdir()
    for book in books([FileSource(path)], work_dir=work, asked=Asked()):
        assert book.reading is not None
        found = book.reading.con.execute(
            "SELECT count(*) FILTER (TRY_CAST(entry_number AS INTEGER) <> (line - 2) // 2 + 1) FROM rows"
        ).fetchone()
        assert found == (0,)
