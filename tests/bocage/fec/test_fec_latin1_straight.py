"""A clean Latin-1 FEC is read straight, through a UTF-8 copy that does not outlive the reading."""

from pathlib import Path

import pytest

from bocage.formats.base import FileSource
from bocage.formats.fec import books
from bocage.formats.fec.typed import Asked

_HEAD = (
    "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|PieceRef|PieceDate|"
    "EcritureLib|Debit|Credit|EcritureLet|DateLet|ValidDate|Montantdevise|Idevise"
)


@pytest.mark.parametrize("entries", [3, 25_000])
def test_latin_1_is_read_straight(tmp_path: Path, entries: int) -> None:
    rows = [
        f"OD|Opérations diverses|{number}|20240131|{account}||||P{number}|20240131|Écriture été|{amounts}|||20240131||"
        for number in range(1, entries + 1)
        for account, amounts in (("606100", "1,00|0,00"), ("512000", "0,00|1,00"))
    ]
    path = tmp_path / "100000009FEC20241231.txt"
    path.write_bytes("\r\n".join([_HEAD, *rows, ""]).encode("iso8859-15"))
    work = tmp_path / "work"
    work.mkdir()
    for book in books([FileSource(path)], work_dir=work, asked=Asked()):
        assert book.reading is not None
        assert book.reading.layout.encoding == "iso8859-15"
        assert not book.reading.numbering.numbered, "read line by line"
        found = book.reading.con.execute("SELECT DISTINCT journal_label, label FROM store.staged").fetchall()
        assert found == [("Opérations diverses", "Écriture été")]
        assert not [each for each in work.rglob("*.txt") if each.is_file()]
        assert book.report.lines == 2 * entries
