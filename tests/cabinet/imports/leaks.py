"""Looking for NIR, names and matricules of the DSN samples wherever something is kept."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection

from tests.cabinet.imports.samples import DSN


def personal_values() -> set[bytes]:
    """Every NIR, surname, first name and provisional number of the samples."""
    found: set[bytes] = set()
    for path in DSN.glob("**/*.dsn"):
        for rubrique, value in re.findall(rb"S21\.G00\.30\.(\d{3}),'?([^'\r\n]+)", path.read_bytes()):
            if rubrique in {b"001", b"002", b"003", b"020"} and len(value) >= 4:
                found.add(value)
    return found


def whole_database() -> Iterator[bytes]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                yield f"{table} {row!r}".encode()


def every_file() -> Iterator[bytes]:
    for root in (settings.STORAGE_DIR, settings.WORK_DIR):
        for path in Path(root).rglob("*"):
            if path.is_file():
                yield path.read_bytes()


def leaked(secrets: set[bytes], *said: bytes) -> set[bytes]:
    """What is found in the database (every table), in the files kept, and in what was logged."""
    pattern = re.compile(
        rb"(?<![0-9A-Za-z])(" + b"|".join(map(re.escape, secrets)) + rb")(?![0-9A-Za-z])", re.IGNORECASE
    )
    return {found for text in (*whole_database(), *every_file(), *said) for found in pattern.findall(text)}
