"""The files of a batch: for each company a FEC and twelve small DSN, always the same bytes."""

import contextlib
import hashlib
import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.generators import make_dsn
from tests.cabinet.factories import make_siret
from tests.cabinet.files import fec_name, make_fec

OF_A_COMPANY = 13


@dataclass(frozen=True, slots=True)
class File:
    siret: str
    name: str
    content: bytes


def salt_of(siret: str) -> bytes:
    """The same pseudonyms in each run."""
    return hashlib.sha256(siret.encode()).digest()


def files(size: int) -> Iterator[File]:
    """``size`` files, company after company."""
    for number in range(size):
        siret = make_siret(50_000 + number // OF_A_COMPANY)
        month = number % OF_A_COMPANY
        if month == 0:
            yield File(siret, fec_name(siret[:9]), make_fec(sales=1_000 + number))
        else:
            yield File(siret, f"dsn-2025-{month:02d}.dsn", dsn(siret, month))


def dsn(siret: str, month: int) -> bytes:
    with tempfile.NamedTemporaryFile(suffix=".dsn") as out, contextlib.redirect_stdout(io.StringIO()):
        options = ["--employees", "5", "--month", str(month), "--year", "2025", "--siren", siret[:9], "--out", out.name]
        with contextlib.redirect_stderr(io.StringIO()):
            make_dsn.main(options)
        return Path(out.name).read_bytes()
