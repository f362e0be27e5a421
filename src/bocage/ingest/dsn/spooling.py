"""Rows to Parquet without holding them: one plain file a table, typed by DuckDB once the last row is known."""

import errno
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import TextIO

from bocage.errors import WorkspaceFull
from bocage.facts.columns import Table
from bocage.facts.payroll import TABLES
from bocage.tables import locked_connection, sql_path

type Cell = str | int | bool | date | None

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_UNSAFE = str.maketrans({"\t": " ", "\n": " ", "\r": " "})


class Spool:
    """Takes rows of every payroll table, as text. Cells are already pseudonymised: nothing here may name a person."""

    def __init__(self, streams: Mapping[str, TextIO]) -> None:
        self._streams = streams

    def add(self, table: str, row: Sequence[Cell]) -> None:
        """One row, its cells in the order of the columns; None is NULL."""
        self._streams[table].write("\t".join(["" if cell is None else str(cell) for cell in row]) + "\n")

    def add_text(self, table: str, row: Sequence[Cell]) -> None:
        """One row whose text comes from outside (a file name): separators in it become blanks."""
        self.add(table, [cell.translate(_UNSAFE) if isinstance(cell, str) else cell for cell in row])


@contextmanager
def spooling(out: Path) -> Iterator[tuple[Spool, dict[str, Path]]]:
    """A spool, and the paths of the Parquet files that stand once the block is left without an error.

    Nothing is left behind when it fails. Raises WorkspaceFull.
    """
    out.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="spool-", dir=out))
    finished = {name: out / f"{name}.parquet" for name in TABLES}
    try:
        with ExitStack() as stack:
            streams = {
                name: stack.enter_context((work / f"{name}.tsv").open("w", encoding="utf-8", newline=""))
                for name in TABLES
            }
            yield Spool(streams), finished
        _convert(work)
        for name, path in finished.items():
            (work / path.name).replace(out / f"{name}.parquet")
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise WorkspaceFull(str(error.strerror)) from error
        raise
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _convert(work: Path) -> None:
    with locked_connection(directories=[work], temp_directory=work) as connection:
        for table in TABLES.values():
            columns = ", ".join(f"'{column.name}': '{column.type}'" for column in table.columns)
            source = sql_path(work / f"{table.name}.tsv")
            # Every option is said aloud: the sniffer must not guess from the first rows.
            connection.execute(
                f"COPY (SELECT * FROM read_csv({source}, delim = '\t', header = false, quote = '', escape = '',"
                f" nullstr = '', auto_detect = false, parallel = false, columns = {{{columns}}}))"
                f" TO {sql_path(work / _name(table))} (FORMAT parquet, COMPRESSION zstd)"
            )


def _name(table: Table) -> str:
    return f"{table.name}.parquet"
