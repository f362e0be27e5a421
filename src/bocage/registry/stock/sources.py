"""The official files, whatever their form, as Parquet in the order of SIREN.

Parquet that is in order already is read where it stands. Anything else (zipped CSV, CSV, Parquet out of order) is
written again once, in the folder of the load, in pieces that bound memory and disk.
"""

import csv
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

import duckdb

from bocage.errors import SourceUnreadable
from bocage.registry.stock.columns import OPTIONAL
from bocage.tables import locked_connection, sql_path

_PIECE: Final = 64 * 1024 * 1024
"""Bytes of CSV turned into Parquet at a time."""
type Tick = Callable[[str, float], None]
"""What is being done, and which share of it is done (0 to 1)."""


def files_of(paths: Sequence[Path], kind: str) -> list[Path]:
    """The files that the paths name: a folder stands for the Parquet files in it, in the order of their names.

    Raises SourceUnreadable.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(one for one in path.iterdir() if one.suffix.lower() == ".parquet")
        elif path.is_file():
            found.append(path)
        else:
            raise SourceUnreadable(f"{kind}: {path} does not exist")
    if not found:
        raise SourceUnreadable(f"{kind}: no file in {', '.join(str(path) for path in paths)}")
    return [path.resolve() for path in found]


def ordered_parquet(
    files: Sequence[Path], columns: Sequence[str], staging: Path, memory: str, tick: Tick
) -> list[Path]:
    """Parquet files that hold ``columns`` in the order of the first one. Raises SourceUnreadable.

    ``staging`` is a folder of this source alone: what an interrupted load left there complete is used again.
    """
    done = staging / "done"
    if done.exists():
        return sorted(staging.glob("*.parquet"))
    staging.mkdir(parents=True, exist_ok=True)
    for left in staging.iterdir():
        left.unlink()
    pieces = list(files)
    if not all(_is_parquet(path) for path in files):
        pieces = _converted(files, columns, staging, memory, tick)
    if not _in_order(pieces, columns[0], memory):
        pieces = _sorted(pieces, columns, staging, memory, tick)
    if pieces != list(files):
        done.touch()
    return pieces


@contextmanager
def reading(files: Sequence[Path], work: Path, memory: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A locked connection that may read the files and write in ``work``."""
    with locked_connection(files=files, directories=[work], temp_directory=work, memory_limit=memory) as connection:
        yield connection


def parquet_sql(files: Sequence[Path]) -> str:
    """A table function that reads the files."""
    return f"read_parquet([{', '.join(sql_path(path) for path in files)}], union_by_name = true)"


def column_types(connection: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> dict[str, str]:
    """The columns of the files and their types. Raises SourceUnreadable."""
    try:
        rows = connection.execute(f"DESCRIBE SELECT * FROM {parquet_sql(files)}").fetchall()
    except duckdb.Error as error:
        raise SourceUnreadable(f"{files[0].name} cannot be read as Parquet ({type(error).__name__})") from None
    return {str(row[0]): str(row[1]) for row in rows}


def check_columns(present: Sequence[str], wanted: Sequence[str], name: str) -> None:
    """Raises SourceUnreadable when a column that is needed is not there."""
    missing = [column for column in wanted if column not in present and column not in OPTIONAL]
    if missing:
        raise SourceUnreadable(f"{name} is not the expected file: no column {', '.join(missing)}")


def _is_parquet(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(4) == b"PAR1"
    except OSError as error:
        raise SourceUnreadable(f"{path.name} cannot be read ({type(error).__name__})") from None


def _in_order(files: Sequence[Path], key: str, memory: str) -> bool:
    """Whether each group of rows ends before the next one begins, by what the files say of themselves."""
    with reading(files, files[0].parent, memory) as connection:
        types = column_types(connection, files)
        if types.get(key) != "VARCHAR":
            return False
        listed = ", ".join(sql_path(path) for path in files)
        rows = connection.execute(
            f"SELECT stats_min_value, stats_max_value FROM parquet_metadata([{listed}]) "
            "WHERE path_in_schema = ? ORDER BY list_position(?, file_name), row_group_id",
            [key, [str(path) for path in files]],
        ).fetchall()
    last = ""
    for low, high in rows:
        # A long group without statistics, or one that starts before the end of the former.
        if low is None or high is None or low < last:
            return False
        last = high
    return bool(rows)


def _sorted(files: Sequence[Path], columns: Sequence[str], staging: Path, memory: str, tick: Tick) -> list[Path]:
    tick("sort", 0.0)
    target = staging / "sorted.parquet"
    with reading(files, staging, memory) as connection:
        types = column_types(connection, files)
        check_columns(list(types), columns, files[0].name)
        listed = ", ".join(as_text(column, types) for column in columns if column in types)
        connection.execute(
            f"COPY (SELECT {listed} FROM {parquet_sql(files)} ORDER BY {columns[0]}) TO {sql_path(target)} "
            "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"
        )
    for path in files:
        if path.parent == staging:
            path.unlink()
    tick("sort", 1.0)
    return [target]


def as_text(column: str, types: dict[str, str]) -> str:
    """The column as text under its own name; a number that lost its zeros gets them back."""
    text = f"CAST({column} AS VARCHAR)"
    widths = {"siren": 9, "siret": 14, "nicSiegeUniteLegale": 5}
    if column in widths and types[column] != "VARCHAR":
        text = f"lpad({text}, {widths[column]}, '0')"
    return f"{text} AS {column}"


def _converted(files: Sequence[Path], columns: Sequence[str], staging: Path, memory: str, tick: Tick) -> list[Path]:
    """CSV, zipped or not, as Parquet pieces that hold the columns wanted."""
    total = sum(path.stat().st_size for path in files) or 1
    before = 0
    made: list[Path] = []
    for path in files:
        for header, piece, read in _pieces(path):
            check_columns(header, columns, path.name)
            target = staging / f"piece-{len(made):05d}.parquet"
            _convert(header, piece, columns, target, memory)
            made.append(target)
            tick("convert", min(1.0, (before + read) / total))
        before += path.stat().st_size
    if not made:
        raise SourceUnreadable(f"{files[0].name} holds no row")
    return made


def _convert(header: Sequence[str], piece: bytes, columns: Sequence[str], target: Path, memory: str) -> None:
    plain = target.with_suffix(".csv")
    plain.write_bytes(piece)
    names = ", ".join(f"'{name}': 'VARCHAR'" for name in header)
    kept = ", ".join(column for column in columns if column in header)
    try:
        with reading([], target.parent, memory) as connection:
            connection.execute(
                f"COPY (SELECT {kept} FROM read_csv({sql_path(plain)}, header = false, auto_detect = false, "
                f"delim = ',', quote = '\"', escape = '\"', columns = {{{names}}}, null_padding = false)) "
                f"TO {sql_path(target)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"
            )
    except duckdb.Error as error:
        # The message would quote the row.
        raise SourceUnreadable(f"a part of the file cannot be read as CSV ({type(error).__name__})") from None
    finally:
        plain.unlink(missing_ok=True)


def _pieces(path: Path) -> Iterator[tuple[list[str], bytes, int]]:
    """The header, some whole rows of CSV, and how many bytes of the file were read so far."""
    try:
        with _opened(path) as (stream, position):
            first = stream.readline()
            header = next(csv.reader([first.decode("utf-8-sig")]), [])
            if not all(name.isascii() and name.isidentifier() for name in header):
                raise SourceUnreadable(f"{path.name} is not the expected file: its first line names no column")
            rest = b""
            while chunk := stream.read(_PIECE):
                whole, rest = _whole_rows(rest + chunk)
                if whole:
                    yield header, whole, position()
            if rest.strip():
                yield header, rest, position()
    except (OSError, zipfile.BadZipFile, UnicodeDecodeError, EOFError, RuntimeError, csv.Error) as error:
        raise SourceUnreadable(f"{path.name} cannot be read ({type(error).__name__})") from None


def _whole_rows(data: bytes) -> tuple[bytes, bytes]:
    """Cut after the last end of line that is not inside quotes."""
    cut = data.rfind(b"\n") + 1
    while cut and data.count(b'"', 0, cut) % 2:
        cut = data.rfind(b"\n", 0, cut - 1) + 1
    return data[:cut], data[cut:]


@contextmanager
def _opened(path: Path) -> Iterator[tuple[IO[bytes], Callable[[], int]]]:
    """The CSV itself, out of its zip, and how far the file was read."""
    with path.open("rb") as raw:
        if not zipfile.is_zipfile(path):
            yield raw, raw.tell
            return
        with zipfile.ZipFile(raw) as archive:
            members = [one for one in archive.infolist() if one.filename.lower().endswith(".csv")]
            if len(members) != 1:
                raise SourceUnreadable(f"{path.name} holds {len(members)} CSV files instead of one")
            with archive.open(members[0]) as stream:
                yield stream, raw.tell
