"""Several imports of one company, put together: the declarations that count, the persons, the contracts of a period.

What a period needs: its own months, the three that follow (cancellations and late events that concern it), and of
earlier months only what says that a contract had ended or changed its name.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from bocage.identifiers import Period
from bocage.identifiers.declaration import MONTHLY, DeclarationId, Selection, select
from bocage.indicators.workforce.chains import link_contracts
from bocage.indicators.workforce.history import write_history
from bocage.indicators.workforce.persons import link_persons
from bocage.indicators.workforce.views import IMPORT_SHIFT, Tables, open_views
from bocage.tables import locked_connection

LATE_MONTHS = 3
"""Months after a period whose declarations may still correct it."""
_MEMORY = "400MB"


class SeveralCompanies(ValueError):
    """The facts speak of more than one SIREN. ``sirens`` lists them."""

    def __init__(self, sirens: Sequence[str]) -> None:
        super().__init__("the facts speak of more than one company")
        self.sirens = tuple(sirens)


@dataclass(frozen=True, slots=True)
class Header:
    """One declaration of the facts."""

    declaration: int
    source: str
    identity: DeclarationId
    cancels: str | None
    siren: str | None
    """None when it could not be read."""
    test: bool
    complete: bool


@dataclass(frozen=True, slots=True)
class Workforce:
    """A company over a period, in tables of an open connection (see the modules of this room for their columns)."""

    connection: duckdb.DuckDBPyConnection
    period: Period
    siren: str | None
    """None when no declaration was given."""
    headers: tuple[Header, ...]
    """Every declaration given, replaced ones included."""
    selection: Selection
    """Positions in ``headers``."""
    months: tuple[date, ...]
    """Months of the period with at least one declaration that counts, ascending."""

    @property
    def months_missing(self) -> tuple[date, ...]:
        """Months of the period without any declaration."""
        return tuple(month for month in months_of(self.period) if month not in self.months)

    @property
    def has_last_month(self) -> bool:
        """Whether the last month of the period is declared: without it, nothing is known of its last day."""
        return self.period.end.replace(day=1) in self.months

    @property
    def late_end(self) -> date:
        """The first day of the last month whose declaration may still correct the period."""
        return plus_months(self.period.end, LATE_MONTHS)

    @property
    def has_signals(self) -> bool:
        """Whether a stop was also declared by a signal, which alone bears the date of an accident."""
        return any(header.identity.nature == "04" for header in self.headers)


def months_of(period: Period) -> list[date]:
    """The first day of each month that a period overlaps."""
    return [date.fromisoformat(f"{month}-01") for month in period.months()]


def plus_months(day: date, months: int) -> date:
    """The first day of the month some months after that of ``day``."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


@contextmanager
def assemble(imports: Sequence[Tables], period: Period, *, siren: str | None = None) -> Iterator[Workforce]:
    """Open the facts of a company over a period of whole months.

    ``siren``: the company wanted, when the facts may hold others. Raises SeveralCompanies when it is not said and they
    do. The order of ``imports`` changes nothing.
    """
    directories = sorted({path.parent for tables in imports for path in tables.values()})
    with (
        tempfile.TemporaryDirectory(prefix="bocage-") as work,
        locked_connection(
            directories=[*directories, Path(work)], temp_directory=Path(work), memory_limit=_MEMORY
        ) as connection,
    ):
        headers = _read_headers(connection, imports, siren)
        # A declaration whose SIREN cannot be read is nobody's, unless none says whose it is.
        headers = [header for header in headers if header.siren] or headers
        sirens = sorted({header.siren for header in headers if header.siren})
        if len(sirens) > 1:
            raise SeveralCompanies(sirens)
        selection = select([header.identity for header in headers])
        kept = [headers[position] for position in selection.kept]
        wanted = months_of(period)
        known = {header.identity.month for header in kept}
        _keep(connection, kept, headers, period)
        open_views(connection, imports)
        link_persons(connection)
        link_contracts(connection, period)
        write_history(connection)
        months = tuple(month for month in wanted if month in known)
        yield Workforce(connection, period, sirens[0] if sirens else None, tuple(headers), selection, months)


def _read_headers(connection: duckdb.DuckDBPyConnection, imports: Sequence[Tables], siren: str | None) -> list[Header]:
    headers = []
    for rank, tables in enumerate(imports):
        rows = connection.execute(
            """
            SELECT declaration, source, siret, month, nature, type, fraction, scope, file_date, ordre, cancels, siren,
                   test, complete
            FROM read_parquet($1) ORDER BY declaration
            """,
            [str(tables["declarations"])],
        ).fetchall()
        for declaration, source, siret, month, nature, kind, fraction, scope, file_date, ordre, *rest in rows:
            cancels, company, test, complete = rest
            identity = DeclarationId(siret or "", month, nature, kind, fraction, scope, file_date, ordre)
            if siren is None or company == siren:
                number = (rank << IMPORT_SHIFT) + declaration
                headers.append(Header(number, source, identity, cancels, company, test, complete))
    return headers


def _keep(
    connection: duckdb.DuckDBPyConnection, kept: Sequence[Header], headers: Sequence[Header], period: Period
) -> None:
    """``kept``: the monthly declarations that count, in order of knowledge. ``signals``: the signals that hold."""
    last = plus_months(period.end, LATE_MONTHS)
    dated = [(header.identity.month, header) for header in kept]
    useful = [(month, header) for month, header in dated if month is not None and month <= last]
    useful.sort(key=lambda pair: (pair[0], pair[1].identity.rank, pair[1].identity.siret, pair[1].identity.fraction))
    connection.execute("CREATE TABLE kept (declaration BIGINT, seq INTEGER, month DATE, siret VARCHAR)")
    connection.execute(
        """
        INSERT INTO kept
        SELECT unnest($1::BIGINT[]), unnest($2::INTEGER[]), unnest($3::DATE[]), unnest($4::VARCHAR[])
        """,
        [
            [header.declaration for _, header in useful],
            list(range(1, len(useful) + 1)),
            [month for month, _ in useful],
            [header.identity.siret for _, header in useful],
        ],
    )
    holding = standing_signals(headers)
    connection.execute("CREATE TABLE signals (declaration BIGINT, seq INTEGER)")
    connection.execute(
        "INSERT INTO signals SELECT unnest($1::BIGINT[]), unnest($2::INTEGER[])",
        [[header.declaration for header in holding], list(range(1, len(holding) + 1))],
    )
    connection.execute("CREATE TABLE every_declaration (declaration BIGINT, seq INTEGER)")
    ordered = sorted(headers, key=lambda header: (header.identity.rank, header.identity.siret, header.source))
    connection.execute(
        "INSERT INTO every_declaration SELECT unnest($1::BIGINT[]), unnest($2::INTEGER[])",
        [[header.declaration for header in ordered], list(range(1, len(ordered) + 1))],
    )


def standing_signals(headers: Sequence[Header]) -> list[Header]:
    """Signals neither cancelled nor replaced, oldest first; a cancellation itself says nothing more."""
    signals = [header for header in headers if header.identity.nature != MONTHLY and header.identity.month is None]
    gone = {(header.identity.siret, header.identity.nature, header.cancels) for header in signals if header.cancels}
    standing = [
        header
        for header in signals
        if header.identity.type != "04"
        and (header.identity.siret, header.identity.nature, _signal_name(header.identity)) not in gone
    ]
    return sorted(standing, key=lambda header: (header.identity.rank, header.identity.siret, header.source))


def _signal_name(identity: DeclarationId) -> str:
    built = identity.file_date
    return f"{built:%d%m%Y}{identity.ordre}" if built is not None else ""
