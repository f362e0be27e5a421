"""The one place that opens DuckDB: locked, bounded, offline."""

from bocage.tables.connection import locked_connection, sql_path

__all__ = ["locked_connection", "sql_path"]
