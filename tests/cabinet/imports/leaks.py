"""Looking for NIR, names and matricules of the DSN samples wherever something is kept."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
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
    """Bytes as they lie, and the cells of fact tables, which compression would hide."""
    for root in (settings.STORAGE_DIR, settings.WORK_DIR):
        for path in Path(root).rglob("*"):
            if path.is_file():
                yield str(path).encode()
                yield path.read_bytes()
                if path.suffix == ".parquet":
                    rows = duckdb.connect().execute("SELECT * FROM read_parquet($1)", [str(path)]).fetchall()
                    yield repr(rows).encode()


def _forms(secret: bytes) -> Iterator[bytes]:
    """A value as read, as written in UTF-8, and its bare digests: there are too few NIR for a hash without a key."""
    yield secret
    yield secret.decode("latin-1").encode()
    for name in ("sha256", "sha1", "md5"):
        yield hashlib.new(name, secret, usedforsecurity=False).hexdigest().encode()


def leaked(secrets: set[bytes], *said: bytes) -> set[bytes]:
    """What is found in the database (every table), in the files kept, and in what was logged."""
    secrets = {form for secret in secrets for form in _forms(secret)}
    pattern = re.compile(
        rb"(?<![0-9A-Za-z])(" + b"|".join(map(re.escape, secrets)) + rb")(?![0-9A-Za-z])", re.IGNORECASE
    )
    return {found for text in (*whole_database(), *every_file(), *said) for found in pattern.findall(text)}
