"""Rules M8 and M9: rebates and stock variation take the mean of the purchases that they belong to."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from bocage.indicators.carbon.inventory import FROM_BRANCH, How
from bocage.tables import insert_lists

MEAN_UNCERTAINTY = Decimal(80)
_STOCKS = {"6031": "601", "6032": "602", "6037": "607"}
_GRAIN = Decimal("1E-9")
_PARENTS = {"609": "60", "619": "61", "629": "62"}


def _parent(account: str) -> str:
    """The accounts that a rebate was granted on: 6091 on 601, 619 on 61, 629 on 62."""
    return _PARENTS[account[:3]] + (account[3:4] if account.startswith("609") else "")


def value_rebates(con: duckdb.DuckDBPyConnection) -> None:
    """Give each rebate the mean of its pool: the lines of its supplier on the parent accounts, else all of them."""
    wanted = con.execute("SELECT DISTINCT account, supplier FROM valued WHERE how = 'rebate' ORDER BY ALL").fetchall()
    for account, supplier in wanted:
        own = _pool(con, _parent(account), supplier) if supplier else None
        pool = own or _pool(con, _parent(account), None) or _NO_POOL
        con.execute(
            "UPDATE valued SET category = ?, branch = ?, factor = ?, ghgp = ?, beges = ?, sub_post = ? "
            "WHERE how = 'rebate' AND account = ? AND supplier IS NOT DISTINCT FROM ?",
            [
                pool.first.category,
                pool.first.branch if own else None,
                pool.first.factor if own else "mean",
                pool.first.ghgp,
                pool.first.beges,
                pool.first.sub_post,
                account,
                supplier,
            ],
        )
        where = "how = 'rebate' AND account = $account AND supplier IS NOT DISTINCT FROM $supplier"
        _spread_mean(con, pool, where, {"account": account, "supplier": supplier})


def value_stocks(con: duckdb.DuckDBPyConnection) -> None:
    """Give each stock variation the mean of all the purchases of its account that have a figure."""
    for stock, purchases in _STOCKS.items():
        where = "how = 'stock' AND starts_with(account, $account)"
        con.execute(
            f"UPDATE valued SET factor = $factor WHERE {where}", {"factor": f"mean:{purchases}", "account": stock}
        )
        pool = _pool(con, purchases, None, (*FROM_BRANCH, How.UNKNOWN)) or _NO_POOL
        _spread_mean(con, pool, where, {"account": stock})


@dataclass(frozen=True, slots=True)
class _First:
    """What the first line of a pool gives to the lines that take its mean."""

    category: str | None
    branch: str | None
    factor: str | None
    ghgp: str | None
    beges: str | None
    sub_post: str | None


@dataclass(frozen=True, slots=True)
class _Pool:
    """The lines whose mean is taken: kilograms, euros, and the first of them."""

    kg: Decimal
    euros: Decimal
    first: _First


_NO_POOL = _Pool(Decimal(0), Decimal(0), _First("goods", None, None, "3.1", "4.1", None))


def _pool(
    con: duckdb.DuckDBPyConnection, parent: str, supplier: str | None, hows: Sequence[How] = FROM_BRANCH
) -> _Pool | None:
    """The lines of the parent accounts, of one supplier or of all; None when there are none."""
    row = con.execute(
        "SELECT sum(kgco2e), sum(amount), arg_min({'c': category, 'b': branch, 'f': factor, 'g': ghgp, 'e': beges, "
        "'s': sub_post}, seq) FROM valued WHERE starts_with(account, $parent) "
        f"AND how IN ({', '.join(f"'{how.value}'" for how in hows)}) AND ($supplier IS NULL OR supplier = $supplier)",
        {"parent": parent, "supplier": supplier},
    ).fetchone()
    if row is None or row[0] is None:
        return None
    first: dict[str, str | None] = row[2]
    return _Pool(Decimal(row[0]), Decimal(row[1]), _First(*(first[key] for key in "cbfges")))


def _spread_mean(con: duckdb.DuckDBPyConnection, pool: _Pool, where: str, values: dict[str, str | None]) -> None:
    """kg = amount × Σ kg ÷ Σ EUR of the pool, exactly: the quotient is not rounded before the product."""
    if not pool.euros:
        return
    rows = con.execute(f"SELECT seq, amount FROM valued WHERE {where}", values).fetchall()
    con.execute("CREATE OR REPLACE TABLE meant (seq BIGINT, kg DECIMAL(38, 18))")
    masses = [(Decimal(amount) * pool.kg / pool.euros).quantize(_GRAIN) for _, amount in rows]
    columns = [[seq for seq, _ in rows], [f"{kg:f}" for kg in masses]]
    insert_lists(con, "meant", columns, ["BIGINT", "DECIMAL(38, 18)"])
    con.execute("UPDATE valued SET kgco2e = kg FROM meant WHERE valued.seq = meant.seq")
