"""A DuckDB connection that can read and write inside given directories, and nothing else."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb


def sql_path(path: Path) -> str:
    """``path`` as a quoted SQL literal, for the few statements that take no parameter (COPY … TO)."""
    return "'" + str(path).replace("'", "''") + "'"


@contextmanager
def locked_connection(
    *,
    directories: Sequence[Path] = (),
    files: Sequence[Path] = (),
    temp_directory: Path | None = None,
    store: Path | None = None,
    memory_limit: str = "400MB",
    threads: int = 2,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an in-memory database that may touch ``directories`` and ``files`` only, without network nor extensions.

    ``store``: a file to make, for tables that the memory may not hold, attached under the name ``store``. They are
    compressed as they are written there, and nothing is logged: the file is worth nothing without its connection.

    The options are set one by one in this order because DuckDB refuses to lock itself when they are
    given to ``connect`` together with ``enable_external_access=false``.
    """
    connection = duckdb.connect(":memory:")
    try:
        connection.execute(f"SET memory_limit = '{memory_limit}'")
        connection.execute(f"SET threads = {int(threads)}")
        connection.execute("SET preserve_insertion_order = true")
        if temp_directory is not None:
            connection.execute(f"SET temp_directory = {sql_path(temp_directory)}")
        connection.execute("SET wal_autocheckpoint = '1TB'")  # else large tables are written again as they grow,
        connection.execute("PRAGMA disable_checkpoint_on_shutdown")  # and once more when nobody needs them
        if store is not None:
            connection.execute(f"ATTACH {sql_path(store)} AS store (RECOVERY_MODE no_wal_writes)")
        allowed = ", ".join(sql_path(directory) for directory in directories)
        connection.execute(f"SET allowed_directories = [{allowed}]")
        connection.execute(f"SET allowed_paths = [{', '.join(sql_path(file) for file in files)}]")
        connection.execute("SET autoinstall_known_extensions = false")
        connection.execute("SET autoload_known_extensions = false")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield connection
    finally:
        connection.close()
