"""The one place that opens DuckDB: locked, bounded, offline."""

from bocage.tables.columns import insert_lists
from bocage.tables.connection import locked_connection, sql_path

__all__ = ["insert_lists", "locked_connection", "sql_path"]
