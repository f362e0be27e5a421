"""Python values put into a table, by columns."""

from collections.abc import Sequence

import duckdb


def insert_lists(
    con: duckdb.DuckDBPyConnection, table: str, lists: Sequence[Sequence[object]], types: Sequence[str]
) -> None:
    """Put columns of Python values into a table, by parts: one statement of 20 000 rows instead of 20 000
    statements."""
    size = len(lists[0]) if lists else 0
    picked = ", ".join(f"CAST(unnest(?::VARCHAR[]) AS {kind})" for kind in types)
    for start in range(0, size, 20_000):
        part = [[None if item is None else str(item) for item in column[start : start + 20_000]] for column in lists]
        con.execute(f"INSERT INTO {table} SELECT {picked}", part)
