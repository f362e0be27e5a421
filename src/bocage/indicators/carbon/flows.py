"""Rules M1, M2, M4 and M10: the lines that an inventory looks at, with their supplier and their row of the map."""

from collections.abc import Iterator, Sequence

import duckdb

from bocage.indicators.carbon.matching import AccountMatcher
from bocage.tables import insert_lists

AMOUNT = "DECIMAL(20, 4)"
_EXPENSE = "starts_with(account, '6')"
_NO_PURCHASE = ("28", "29", "675", "657", "775", "757", "72")
_SETTLED = ("40", "45", "46", "5")


def _starts(prefixes: Sequence[str]) -> str:
    return "(" + " OR ".join(f"starts_with(account, '{prefix}')" for prefix in prefixes) + ")"


def stage_flows(con: duckdb.DuckDBPyConnection, lines: str, *, chart: str | None, amortised: bool) -> None:
    """Table ``flow``: expenses and assets outside opening and closing entries, in file order.

    ``counted`` is False for a line of class 2 that is no acquisition of the year. With ``amortised`` the depreciation
    lines (28x) of the entries that hold a 6811 stand for their assets, and nothing bought in class 2 counts.
    """
    assets = _starts(("20", "21", "23", "24") if chart == "agricultural" else ("20", "21", "23"))
    con.execute(
        "CREATE TABLE entry_lines AS SELECT part, line, entry_index, entry_date, account, account_label, label, aux, "
        f"aux_label, CAST(amount AS {AMOUNT}) AS amount FROM read_parquet($lines) "
        "WHERE NOT is_opening AND NOT is_closing AND account IS NOT NULL",
        {"lines": lines},
    )
    con.execute(
        "CREATE TABLE parties AS SELECT entry_index, min(third) AS supplier, arg_min(aux_label, (part, line)) AS name "
        "FROM (SELECT entry_index, coalesce(aux, account) AS third, aux_label, part, line FROM entry_lines "
        "WHERE starts_with(account, '40')) GROUP BY entry_index HAVING min(third) = max(third)"
    )
    con.execute(
        "CREATE TABLE bought AS SELECT entry_index FROM entry_lines GROUP BY entry_index "
        f"HAVING bool_or({assets}) AND bool_or({_starts(_SETTLED)}) AND NOT bool_or({_starts(_NO_PURCHASE)})"
    )
    con.execute(
        "CREATE TABLE depreciation AS SELECT entry_index FROM entry_lines GROUP BY entry_index "
        "HAVING bool_or(starts_with(account, '6811')) AND bool_or(starts_with(account, '28'))"
        + ("" if amortised else " AND false")
    )
    written_off = "starts_with(account, '28') AND d.entry_index IS NOT NULL"
    acquired = "false" if amortised else "b.entry_index IS NOT NULL"
    con.execute(
        f"""CREATE TABLE flow AS
        SELECT row_number() OVER (ORDER BY part, line) AS seq, part, line, e.entry_index, entry_date, account,
            coalesce(account_label, '') AS account_label, coalesce(label, '') AS label, p.supplier,
            coalesce(p.name, '') AS supplier_name,
            CASE WHEN {written_off} THEN -amount ELSE amount END AS amount,
            CASE WHEN {written_off} THEN '2' || account[3:] ELSE account END AS mapped,
            {_EXPENSE} OR {written_off} OR {acquired} AS counted,
            starts_with(account, '6811') AND d.entry_index IS NOT NULL AS by_asset
        FROM entry_lines e LEFT JOIN parties p USING (entry_index) LEFT JOIN bought b USING (entry_index)
            LEFT JOIN depreciation d USING (entry_index)
        WHERE {_EXPENSE} OR {assets} OR {written_off}"""
    )
    con.execute("DROP TABLE entry_lines")


def choose_rows(con: duckdb.DuckDBPyConnection, chart: str | None) -> None:
    """Table ``chosen``: for each line of ``flow``, the ``order`` of its row of the account map, NULL without one."""
    matcher = AccountMatcher(chart)
    con.execute("CREATE TABLE heads (mapped VARCHAR, account_label VARCHAR, map_order INTEGER, in_doubt BOOLEAN)")
    heads = con.execute("SELECT DISTINCT mapped, account_label FROM flow ORDER BY ALL").fetchall()
    decided = [matcher.by_account(account, label) for account, label in heads]
    insert_lists(
        con,
        "heads",
        [
            [account for account, _ in heads],
            [label for _, label in heads],
            [row.order if row else None for row, _ in decided],
            [doubt for _, doubt in decided],
        ],
        ["VARCHAR", "VARCHAR", "INTEGER", "BOOLEAN"],
    )
    con.execute(
        "CREATE TABLE texts AS SELECT DISTINCT mapped, label, supplier_name FROM flow "
        "SEMI JOIN (SELECT * FROM heads WHERE in_doubt) USING (mapped, account_label) ORDER BY ALL"
    )
    con.execute("CREATE TABLE text_rows (text_order INTEGER)")
    for part in _batches(con, "SELECT mapped, label, supplier_name FROM texts"):
        rows = [matcher.by_texts(account, (label, name)) for account, label, name in part]
        insert_lists(con, "text_rows", [[row.order if row else None for row in rows]], ["INTEGER"])
    con.execute(
        "CREATE TABLE chosen AS SELECT seq, CASE WHEN in_doubt THEN text_order ELSE map_order END AS map_order "
        "FROM flow JOIN heads USING (mapped, account_label) "
        "LEFT JOIN (SELECT * FROM texts POSITIONAL JOIN text_rows) USING (mapped, label, supplier_name)"
    )


def _batches(con: duckdb.DuckDBPyConnection, query: str, size: int = 20_000) -> Iterator[list[tuple[str, str, str]]]:
    """Rows of a query by parts, through a cursor of their own so that the connection stays free to write."""
    with con.cursor() as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(size):
            yield rows
