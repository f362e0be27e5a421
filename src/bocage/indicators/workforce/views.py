"""The Parquet files of several imports as views of one connection, ``facts_<table>``, read anew by each query."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from bocage.facts.columns import Table
from bocage.facts.payroll import DECLARATIONS, TABLES
from bocage.tables import sql_path

type Tables = Mapping[str, Path]
"""The payroll tables of one import: name of :mod:`bocage.facts.payroll` → Parquet file."""

IMPORT_SHIFT = 32
"""A rank is unique in its import only: that of the import is put above these bits."""


def open_views(connection: duckdb.DuckDBPyConnection, imports: Sequence[Tables]) -> None:
    """Create the views. ``declaration`` and ``contract`` are unique among imports in them."""
    for table in TABLES.values():
        if table is DECLARATIONS:
            continue
        parts = [_select(table, sql_path(tables[table.name]), rank) for rank, tables in enumerate(imports)]
        empty = ", ".join(
            f"NULL::{_wide(column.name, column.type)} AS {_quoted(column.name)}" for column in table.columns
        )
        body = " UNION ALL ".join(parts) if parts else f"SELECT {empty} WHERE false"
        connection.execute(f"CREATE VIEW facts_{table.name} AS {body}")


def _select(table: Table, path: str, rank: int) -> str:
    columns = ", ".join(_column(name, rank) for name in table.column_names)
    return f"SELECT {columns} FROM read_parquet({path})"


def _column(name: str, rank: int) -> str:
    if name in ("declaration", "contract"):
        return f"{rank << IMPORT_SHIFT}::BIGINT + {name} AS {name}"
    return _quoted(name)


def _wide(name: str, kind: str) -> str:
    return "BIGINT" if name in ("declaration", "contract") else kind


def _quoted(name: str) -> str:
    return f'"{name}"'
