"""Nothing that names a person leaves memory."""

import re
from pathlib import Path
from typing import BinaryIO

import duckdb
import pytest

from bocage.errors import Cancelled
from bocage.facts.payroll import TABLES
from bocage.formats.base import BytesSource, FileSource
from bocage.ingest.dsn import write_facts
from tests.bocage.workforce.payslips import KEY, Contract, Person, declaration

SAMPLES = Path(__file__).parents[2] / "data" / "dsn"
FILES = sorted(SAMPLES.glob("annee/*.dsn"))


def _private_values() -> set[str]:
    text = "".join(path.read_text("latin-1") for path in FILES)
    values = set(re.findall(r"S21\.G00\.30\.(?:001|020|019|006|018),'([^']+)'", text))
    values |= set(re.findall(r"S21\.G00\.30\.002,'([^']{4,})'", text))
    return values | {f"{value[4:]}-{value[2:4]}-{value[:2]}" for value in values if re.fullmatch(r"\d{8}", value)}


def _cells(tables: dict[str, Path]) -> str:
    connection = duckdb.connect()
    return "\n".join(
        str(connection.execute("SELECT * FROM read_parquet($1)", [str(path)]).fetchall()) for path in tables.values()
    )


def test_no_personal_value_is_written(tmp_path: Path) -> None:
    imported = write_facts([FileSource(path) for path in FILES], tmp_path, pseudonym_key=KEY)
    cells = _cells(imported.tables)
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for value in _private_values():
        assert value not in cells
        assert value.encode() not in written
    assert {path.name for path in tmp_path.iterdir()} == {f"{name}.parquet" for name in TABLES}


def test_nothing_is_left_when_reading_stops(tmp_path: Path) -> None:
    def stop(share: float, step: str) -> None:
        raise Cancelled

    class Broken:
        name, size = "broken.dsn", 1

        def open(self) -> BinaryIO:
            raise OSError("no such luck")

    with pytest.raises(Cancelled):
        write_facts([FileSource(FILES[0])], tmp_path / "a", pseudonym_key=KEY, progress=stop)
    assert not list((tmp_path / "a").iterdir())
    with pytest.raises(OSError, match="luck") as failed:
        write_facts([FileSource(FILES[0]), Broken()], tmp_path / "b", pseudonym_key=KEY)
    assert not list((tmp_path / "b").iterdir())
    assert not any(value in str(failed.value) for value in _private_values())


def test_pseudonyms_depend_on_the_key_and_on_nothing_else(tmp_path: Path) -> None:
    source = BytesSource("a.dsn", declaration("2025-01", [Person()]))
    later = BytesSource("b.dsn", declaration("2026-03", [Person()]))

    def person(content: BytesSource, key: bytes, name: str) -> object:
        path = write_facts([content], tmp_path / name, pseudonym_key=key).tables["contracts"]
        return duckdb.connect().execute("SELECT person, number FROM read_parquet($1)", [str(path)]).fetchall()

    assert person(source, KEY, "1") == person(later, KEY, "2")
    assert person(source, KEY, "3") != person(source, b"another key of the same length!!!", "4")
    with pytest.raises(ValueError, match="too short"):
        write_facts([source], tmp_path / "5", pseudonym_key=b"short")


def test_text_where_a_code_belongs_is_dropped(tmp_path: Path) -> None:
    values = {"002": "DUPONT Jean", "017": "TESTAROL", "072": "DUPONT", "041": "Coefficient de TESTAROL"}
    contract = Contract(values=values, events=[("65", {"001": "621", "002": "01012025"})])
    content = declaration("2025-01", [Person(contracts=[contract])])
    cells = _cells(write_facts([BytesSource("a.dsn", content)], tmp_path, pseudonym_key=KEY).tables)
    assert "DUPONT" not in cells
    assert "TESTAROL" not in cells
    assert "621" not in cells


def test_what_is_no_dsn_is_named_and_skipped(tmp_path: Path) -> None:
    sources = [BytesSource("notes.txt", b"hello"), BytesSource("a.dsn", declaration("2025-01", [Person()]))]
    imported = write_facts(sources, tmp_path, pseudonym_key=KEY)
    assert (imported.unreadable, len(imported.declarations)) == (("notes.txt",), 1)
    assert imported.sirens == ("000012344",)


def test_a_file_cut_short_is_said_incomplete(tmp_path: Path) -> None:
    content = declaration("2025-01", [Person(), Person(nir="2790301999002")])
    cut = content[: content.index(b"S90")]
    imported = write_facts([BytesSource("a.dsn", cut), BytesSource("b.dsn", content)], tmp_path, pseudonym_key=KEY)
    assert [read.complete for read in imported.declarations] == [False, True]
