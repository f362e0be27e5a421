"""The database of a backup: SQLite's online copy, PostgreSQL's dump, or a portable one without its tools."""

import os
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

SQLITE, DUMP, PORTABLE = "sqlite", "pg_dump", "portable"
NAMES = {SQLITE: "database.sqlite3", DUMP: "database.pgdump", PORTABLE: "database.copy.tar"}


class DatabaseFailed(Exception):
    """A tool of the database said no; the text is its own."""


def kind_for_backup() -> str:
    """How this database is dumped on this machine."""
    if connection.vendor == "sqlite":
        return SQLITE
    return DUMP if shutil.which("pg_dump") and shutil.which("pg_restore") else PORTABLE


def server() -> str:
    """The database and its version."""
    if connection.vendor == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}"
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0]}"


@contextmanager
def snapshot() -> Iterator[str]:
    """The database as it is now, for every query until the end; others go on writing. Yields a name for the dump."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            cursor.execute("SELECT COUNT(*) FROM django_migrations")  # the read that fixes the moment
        try:
            yield ""
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield str(cursor.fetchone()[0])


def migrations() -> dict[str, list[str]]:
    """The migrations that the database has gone through, by application."""
    found: dict[str, list[str]] = {}
    for app, name in sorted(MigrationRecorder(connection).applied_migrations()):
        found.setdefault(app, []).append(name)
    return found


def unknown_migrations(applied: dict[str, list[str]]) -> list[str]:
    """Those that this version does not have: the backup comes from a later one."""
    here = MigrationLoader(connection).disk_migrations
    return [f"{app}.{name}" for app, names in applied.items() for name in names if (app, name) not in here]


def dump(kind: str, target: Path, snapshot_name: str) -> list[str]:
    """Write the snapshot; the names of its tables when the dump is a portable one. Raises DatabaseFailed."""
    if kind == SQLITE:
        with closing(sqlite3.connect(target)) as copy:
            connection.connection.backup(copy)
        return []
    if kind == DUMP:
        _tool(
            "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot_name}", "-f", target
        )
        return []
    with TemporaryDirectory(dir=target.parent, prefix=".dump-") as folder:
        tables = _copy_out(Path(folder))
        with tarfile.open(target, "w") as archive:
            archive.add(folder, arcname=".")
    return tables


def restore(kind: str, source: Path, applied: dict[str, list[str]], tables: list[str]) -> None:
    """Put the dump in the place of everything in the database. Raises DatabaseFailed."""
    if kind == SQLITE:
        connection.ensure_connection()
        with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as copy:
            copy.backup(connection.connection)
        connection.close()
        return
    _drop_tables()
    if kind == DUMP:
        connection.close()
        _tool(
            "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", "-d", "", source
        )
        return
    with TemporaryDirectory(dir=settings.WORK_DIR, prefix="read-") as folder:
        with tarfile.open(source) as archive:
            archive.extractall(folder, filter="data")
        _copy_in(Path(folder), applied, tables)


def _drop_tables() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(name)} CASCADE")


def _tool(program: str, *options: Any) -> None:
    """Run a tool of PostgreSQL on our database; the password never stands in its arguments."""
    ours = connection.settings_dict
    parameters = {"host": ours["HOST"], "port": ours["PORT"], "user": ours["USER"], "dbname": ours["NAME"]}
    address = " ".join(f"{key}='{_quoted(value)}'" for key, value in parameters.items() if value)
    arguments = [program, *(address if option == "" else str(option) for option in options)]
    if "" not in options:
        arguments += ["-d", address]
    environment = {**os.environ, **({"PGPASSWORD": ours["PASSWORD"]} if ours["PASSWORD"] else {})}
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise DatabaseFailed(f"{program}: {done.stderr.strip()[-2000:]}")


def _quoted(value: object) -> str:
    return str(value).replace("\\", "\\\\").replace("'", "\\'")


def _copy_out(target: Path) -> list[str]:
    """Each table as PostgreSQL's COPY writes it, binary: exact, and read by any later PostgreSQL of the same schema."""
    tables = sorted(connection.introspection.table_names())
    for name in tables:
        with connection.cursor() as cursor, (target / f"{name}.copy").open("wb") as handle:
            columns = ", ".join(connection.ops.quote_name(one) for one in _columns(cursor, name))
            statement = f"COPY {connection.ops.quote_name(name)} ({columns}) TO STDOUT (FORMAT binary)"
            with cursor.copy(statement) as rows:
                for piece in rows:
                    handle.write(piece)
            (target / f"{name}.columns").write_text(columns, encoding="utf-8")
    return tables


def _columns(cursor: Any, table: str) -> list[str]:
    return [one.name for one in connection.introspection.get_table_description(cursor, table)]


def _copy_in(source: Path, applied: dict[str, list[str]], tables: list[str]) -> None:
    """Make the schema that the dump was of, fill it, and set the sequences past what it holds."""
    executor = MigrationExecutor(connection)
    wanted = {(app, name) for app, names in applied.items() for name in names}
    nodes = executor.loader.graph.node_map
    leaves = [key for key in wanted if not any(child.key in wanted for child in nodes[key].children)]
    executor.migrate(sorted(leaves))
    call_command("createcachetable", verbosity=0)
    with transaction.atomic(), connection.cursor() as cursor:
        names = ", ".join(connection.ops.quote_name(name) for name in tables)
        cursor.execute(f"TRUNCATE {names}")
        for name in tables:
            columns = (source / f"{name}.columns").read_text(encoding="utf-8")
            statement = f"COPY {connection.ops.quote_name(name)} ({columns}) FROM STDIN (FORMAT binary)"
            with cursor.copy(statement) as rows, (source / f"{name}.copy").open("rb") as handle:
                while piece := handle.read(1024 * 1024):
                    rows.write(piece)
            for sequence in connection.introspection.get_sequences(cursor, name):
                _set_sequence(cursor, name, sequence["column"])


def _set_sequence(cursor: Any, table: str, column: str) -> None:
    quoted = connection.ops.quote_name(column)
    cursor.execute(
        f"SELECT setval(pg_get_serial_sequence(%s, %s), COALESCE(MAX({quoted}), 1), MAX({quoted}) IS NOT NULL)"  # noqa: S608
        f" FROM {connection.ops.quote_name(table)}",
        [table, column],
    )
