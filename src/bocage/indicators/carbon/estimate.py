"""The estimate of a fiscal year, step by step."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from bocage.errors import BocageError, SourceUnreadable, WorkspaceFull
from bocage.identifiers import Naf, Period
from bocage.indicators.carbon import totals
from bocage.indicators.carbon.branches import Context, Outcome, outcome
from bocage.indicators.carbon.flows import choose_rows, stage_flows
from bocage.indicators.carbon.inventory import COLUMNS, FROM_SPEND, METHOD, FactorUsed, How, Inventory
from bocage.indicators.carbon.means import MEAN_UNCERTAINTY, value_rebates, value_stocks
from bocage.indicators.carbon.quantities import Quantity, quantity_lines
from bocage.indicators.carbon.ratios import nearest_year, spread, wanted_year
from bocage.indicators.carbon.ruling import find_words
from bocage.indicators.carbon.suppliers import Rules, Supplier, UserRule
from bocage.referentials.carbon import Factor, Release, account_map, shipped
from bocage.referentials.naf import ratio_branch_of_division
from bocage.tables import insert_lists, locked_connection, sql_path

_TOO_LARGE = Decimal(10) ** 15


class AmountsTooLarge(BocageError):
    """An amount of 10¹⁵ euros or more: no book holds one, and a figure made with it would mean nothing."""


@dataclass(frozen=True, slots=True)
class Options:
    """Choices of a mission: ``naf``, the client's own activity; ``threshold``, the doubt left unasked (share of total).

    ``stock_consumed``: stock variation counts, instead of purchases alone. ``amortised``: depreciation by asset counts,
    instead of acquisitions. ``period`` replaces the fiscal year found in the books.
    """

    naf: Naf | None = None
    stock_consumed: bool = False
    amortised: bool = False
    threshold: Decimal = totals.ASKING_THRESHOLD
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class _Book:
    period: Period | None
    chart: str | None


def estimate(
    tables: dict[str, Path],
    out: Path,
    *,
    options: Options,
    suppliers: Iterable[Supplier] = (),
    quantities: Sequence[Quantity] = (),
    rules: Iterable[UserRule] = (),
    release: Release | None = None,
    memory_limit: str = "400MB",
) -> Inventory:
    """Estimate the emissions of a fiscal year from its accounting facts (tables ``lines`` and ``books``).

    Writes the inventory line by line to ``out`` (Parquet) and returns its totals. Deterministic: the order of
    suppliers, quantities and entries changes no total. ``release`` gives the ratios; a quantity bears its own factor.

    Raises AmountsTooLarge, SourceUnreadable when the tables cannot be read, WorkspaceFull.
    """
    try:
        return _estimate(tables, out, options, suppliers, quantities, rules, release or shipped(), memory_limit)
    except duckdb.OutOfMemoryException as error:
        raise WorkspaceFull(f"an estimate needs more than {memory_limit}") from error
    except (duckdb.IOException, duckdb.InvalidInputException) as error:
        raise SourceUnreadable("the facts of the books cannot be read") from error


def _estimate(
    tables: dict[str, Path],
    out: Path,
    options: Options,
    suppliers: Iterable[Supplier],
    quantities: Sequence[Quantity],
    rules: Iterable[UserRule],
    release: Release,
    memory_limit: str,
) -> Inventory:
    directories = sorted({path.parent for path in tables.values()} | {out.parent})
    with locked_connection(directories=directories, temp_directory=out.parent, memory_limit=memory_limit) as con:
        book = _book(con, tables["books"])
        period = options.period or book.period
        wanted = wanted_year(period, release)
        year = nearest_year(wanted, release)
        lines = str(tables["lines"])
        _refuse_absurd(con, lines)
        stage_flows(con, lines, chart=book.chart, amortised=options.amortised)
        choose_rows(con, book.chart)
        ruled = Rules(rules)
        find_words(con, ruled.worded)
        context = Context(
            year=year,
            own_branch=ratio_branch_of_division(options.naf.division) if options.naf else None,
            suppliers={one.key: one for one in suppliers},
            rules=ruled,
            with_quantity=frozenset(one.category for one in quantities),
            stock_consumed=options.stock_consumed,
            release=release,
        )
        _value(con, context)
        value_rebates(con)
        value_stocks(con)
        _write(con, quantities, out)
        return _conclude(con, lines, out, period, (year, wanted), quantities, options, release)


def _book(con: duckdb.DuckDBPyConnection, books: Path) -> _Book:
    row = con.execute("SELECT period_start, period_end, chart FROM read_parquet(?)", [str(books)]).fetchone()
    if row is None:
        raise ValueError("the table books holds one row")
    return _Book(Period(row[0], row[1]) if row[0] and row[1] else None, row[2])


def _refuse_absurd(con: duckdb.DuckDBPyConnection, lines: str) -> None:
    row = con.execute("SELECT max(greatest(abs(debit), abs(credit))) FROM read_parquet(?)", [lines]).fetchone()
    if row and row[0] is not None and row[0] >= _TOO_LARGE:
        raise AmountsTooLarge


_OUTCOME = {
    "how": "VARCHAR",
    "category": "VARCHAR",
    "branch": "VARCHAR",
    "factor": "VARCHAR",
    "rate": "DECIMAL(18, 14)",
    "spread": "DECIMAL(18, 14)",
    "ghgp": "VARCHAR",
    "beges": "VARCHAR",
    "sub_post": "VARCHAR",
    "reason": "VARCHAR",
    "rule": "VARCHAR",
}
_LEFT_OUT = "('unmatched', 'out_of_scope', 'by_rule')"
_KILOGRAMS = "CAST(amount * rate AS DECIMAL(38, 18)) AS kgco2e"


def _value(con: duckdb.DuckDBPyConnection, context: Context) -> None:
    """Table ``valued``: each line of the inventory with what becomes of it."""
    rows = {row.order: row for row in account_map()}
    con.execute(
        "CREATE TABLE kinds AS SELECT DISTINCT map_order, mapped, supplier, worded FROM flow JOIN chosen USING (seq) "
        "LEFT JOIN worded USING (seq) ORDER BY ALL"
    )
    kinds = con.execute("SELECT map_order, mapped, supplier, worded FROM kinds").fetchall()
    decided = [outcome(context, rows.get(order), *said) for order, *said in kinds]
    con.execute(f"CREATE TABLE outcomes ({', '.join(f'{name} {kind}' for name, kind in _OUTCOME.items())})")
    insert_lists(con, "outcomes", [_column(decided, name) for name in _OUTCOME], tuple(_OUTCOME.values()))
    con.execute(
        "CREATE TABLE valued AS SELECT * REPLACE (CASE WHEN by_asset THEN 'by_asset' ELSE reason END AS reason), "
        f"{_KILOGRAMS} "
        "FROM flow JOIN chosen USING (seq) LEFT JOIN worded USING (seq) "
        "JOIN (SELECT * FROM kinds POSITIONAL JOIN outcomes) k "
        "ON k.map_order IS NOT DISTINCT FROM chosen.map_order AND k.mapped = flow.mapped "
        "AND k.supplier IS NOT DISTINCT FROM flow.supplier AND k.worded IS NOT DISTINCT FROM worded.worded "
        "WHERE counted OR (how = 'excluded' AND account[1] = '2')"
    )


def _column(outcomes: Sequence[Outcome], name: str) -> list[object]:
    if name in ("rate", "spread"):
        return [f"{getattr(one, name):f}" for one in outcomes]
    return [getattr(one, name) for one in outcomes]


def _write(con: duckdb.DuckDBPyConnection, quantities: Sequence[Quantity], out: Path) -> None:
    """Table ``inventory`` and its file: the lines in their order, then the quantities."""
    con.execute(
        "CREATE TABLE inventory AS SELECT seq, CAST(line AS INTEGER) AS line, CAST(part AS INTEGER) AS part, account, "
        "supplier, supplier_name, entry_index, entry_date, label, CAST(amount AS DECIMAL(20, 4)) AS amount, "
        "category, how, branch, factor, kgco2e, ghgp, beges, sub_post, reason, CAST(NULL AS VARCHAR) AS activity, "
        "rule, map_order, amount * spread AS doubt FROM valued WHERE counted"
    )
    made = list(quantity_lines(quantities))
    if made:
        names = [name for name in COLUMNS if name not in ("line", "part", "account", "supplier")]
        kinds = [
            "DECIMAL(38, 18)" if name == "kgco2e" else "DECIMAL(20, 4)" if name == "amount" else "VARCHAR"
            for name in names
        ]
        con.execute(
            f"CREATE TABLE made ({', '.join(f'{name} {kind}' for name, kind in zip(names, kinds, strict=True))})"
        )
        columns = [[getattr(one, name) for one in made] for name in names]
        insert_lists(con, "made", [[f"{v:f}" if isinstance(v, Decimal) else v for v in c] for c in columns], kinds)
        con.execute(
            "INSERT INTO inventory BY NAME SELECT (SELECT coalesce(max(seq), 0) FROM inventory) + 1 + rowid AS seq, * "
            "FROM made"
        )
    con.execute(f"COPY (SELECT * FROM inventory ORDER BY seq) TO {sql_path(out)} (FORMAT parquet, COMPRESSION zstd)")


def _conclude(
    con: duckdb.DuckDBPyConnection,
    lines: str,
    out: Path,
    period: Period | None,
    years: tuple[int, int],
    quantities: Sequence[Quantity],
    options: Options,
    release: Release,
) -> Inventory:
    year, wanted = years
    by_how = {How(name): kg for name, kg in totals.sums(con, "how").items()}
    total = sum(by_how.values(), Decimal(0))
    by_factor = totals.sums(con, "factor")
    given = {one.factor.id: one.factor for one in quantities}
    factors = {name: _factor_used(name, year, release, given) for name in _names(con)}
    spent = sum((kg for how, kg in by_how.items() if how in FROM_SPEND), Decimal(0))
    scopes = totals.sums(con, "ghgp[1]")
    weights = totals.unknown_weights(con)
    return Inventory(
        period=period,
        method=METHOD,
        ratio_year=year,
        ratio_year_wanted=wanted,
        total=total,
        by_scope={scope: scopes.get(scope, Decimal(0)) for scope in "123"},
        by_category=totals.sums(con, "category"),
        by_ghgp=totals.sums(con, "ghgp"),
        by_beges=totals.sums(con, "beges"),
        by_sub_post=totals.sums(con, "sub_post"),
        by_how=by_how,
        uncertainty_pct=totals.uncertainty(total, by_factor, factors, quantities),
        share_from_spend_pct=100 * spent / total if total else None,
        turnover=_turnover(con, lines),
        eur_excluded=_one(con, f"SELECT sum(amount) FROM valued WHERE how = 'excluded' AND reason IN {_LEFT_OUT}"),
        unknown_suppliers=weights,
        ask_suppliers=totals.whom_to_ask(weights, total, options.threshold),
        missing_quantities=tuple(
            line for (line,) in con.execute("SELECT line FROM inventory WHERE how = 'missing' ORDER BY line").fetchall()
        ),
        to_confirm=int(_one(con, "SELECT count(*) FROM inventory WHERE reason = 'to_confirm'")),
        factors=factors,
        lines=out,
    )


def _turnover(con: duckdb.DuckDBPyConnection, lines: str) -> Decimal:
    row = con.execute(
        "SELECT -sum(amount) FROM read_parquet(?) "
        "WHERE NOT is_opening AND NOT is_closing AND starts_with(account, '70')",
        [lines],
    ).fetchone()
    return Decimal(row[0]) if row and row[0] is not None else Decimal(0)


def _one(con: duckdb.DuckDBPyConnection, query: str) -> Decimal:
    row = con.execute(query).fetchone()
    return Decimal(row[0]) if row and row[0] is not None else Decimal(0)


def _names(con: duckdb.DuckDBPyConnection) -> list[str]:
    rows = con.execute("SELECT DISTINCT factor FROM inventory WHERE factor IS NOT NULL ORDER BY 1").fetchall()
    return [name for (name,) in rows]


def _factor_used(name: str, year: int, release: Release, given: Mapping[str, Factor]) -> FactorUsed:
    """What stands behind the name of a factor, for the year of the ratios."""
    if name.startswith("ratio:"):
        found = release.ratio(name.removeprefix("ratio:"), year)
        if found is None:
            raise ValueError(name)
        return FactorUsed(
            name, found.label, found.value, "kgCO2e/kEUR", found.source, str(found.year), found.uncertainty_pct
        )
    if name.startswith("set:"):
        doubt = spread(name, year, release)
        return FactorUsed(name, name, doubt.median, "kgCO2e/kEUR", METHOD, str(year), doubt.uncertainty_pct)
    if name.startswith("mean"):
        return FactorUsed(name, name, None, "kgCO2e/kEUR", METHOD, str(year), MEAN_UNCERTAINTY)
    physical = given[name]
    return FactorUsed(
        name,
        physical.name,
        physical.value,
        f"kgCO2e/{physical.unit}",
        physical.source,
        physical.version,
        physical.uncertainty_pct,
    )
