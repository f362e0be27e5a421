"""Checks on accounts, judged once each."""

from collections import Counter
from dataclasses import dataclass

from bocage.findings import Severity
from bocage.formats.fec.checks.context import CheckContext, as_int, places
from bocage.referentials.pcg import YEARS, chart_for, known_in_some_year

_RARE = 3


@dataclass(frozen=True, slots=True)
class _Account:
    number: str
    lines: int
    line: int


def run(context: CheckContext) -> None:
    """Every check of this module."""
    rows = context.rows(
        "SELECT a.account, a.n, r.line, a.labels FROM (SELECT account, sum(n) AS n, min(r) AS r, count(DISTINCT "
        "account_label) AS labels "
        "FROM cells WHERE account IS NOT NULL GROUP BY account) a JOIN rows r ON r.r = a.r ORDER BY a.r"
    )
    accounts = [_Account(str(row[0]), as_int(row[1]), as_int(row[2])) for row in rows]
    _raise(context, "ACC-01", [a for a in accounts if not _three_digits(a.number)])
    _raise(context, "ACC-04", [a for a, row in zip(accounts, rows, strict=True) if as_int(row[3]) > 1])
    _roots(context, accounts)
    _classes(context, accounts)
    _other_year(context, accounts)
    _rare(context, accounts)
    if len({len(account.number) for account in accounts}) > 1:
        context.sink.add("ACC-05")
    if context.chart is not None:
        context.sink.add("ACC-08", params={"plan": context.chart})
    _balances(context)


def _three_digits(number: str) -> bool:
    return len(number) > 2 and number[:3].isascii() and number[:3].isdigit()


def _raise(context: CheckContext, code: str, accounts: list[_Account], severity: Severity | None = None) -> None:
    if accounts:
        found = [(account.line, account.number) for account in accounts]
        params = {"compte": accounts[0].number, "racine": accounts[0].number[:3]}
        context.sink.add(
            code, count=len(accounts), places=places(found, context.label("account")), params=params, severity=severity
        )


def _roots(context: CheckContext, accounts: list[_Account]) -> None:
    if context.chart is None:
        _raise(context, "ACC-02", [a for a in accounts if _three_digits(a.number) and _unknown_root(a.number[:3])])


def _unknown_root(root: str) -> bool:
    """A root in no chart, under a two-digit account that is unknown or that the chart subdivides."""
    if root[0] not in "1234567" or known_in_some_year(root):
        return False
    if root[2] == "0":
        return not known_in_some_year(root[:2])
    return not known_in_some_year(root[:2]) or any(chart_for(year).subdivided(root[:2]) for year in YEARS)


def _classes(context: CheckContext, accounts: list[_Account]) -> None:
    nine = [account for account in accounts if account.number.startswith("9")]
    eight = [account for account in accounts if account.number.startswith("8")]
    _raise(context, "ACC-03", nine + eight, None if nine else Severity.INFO)


def _other_year(context: CheckContext, accounts: list[_Account]) -> None:
    start = context.period.start
    if start is None or context.chart is not None:
        return
    own = chart_for(start.year)
    others = [chart_for(year) for year in YEARS]
    moved = []
    for account in accounts:
        here = own.longest(account.number) or ""
        there = max((other.longest(account.number) or "" for other in others), key=len)
        if len(there) > len(here) and len(there) > 3:
            moved.append(account)
    _raise(context, "ACC-07", moved)


def _rare(context: CheckContext, accounts: list[_Account]) -> None:
    rare = [(account.line, account.number) for account in accounts if account.lines <= _RARE]
    codes: Counter[str] = Counter()
    for journal in context.journals:
        codes[journal.code] += journal.lines
    journals = [code for code, lines in codes.items() if lines <= _RARE]
    if rare or journals:
        found = places(rare, context.label("account"))
        context.sink.add("AUD-07", count=len(rare) + len(journals), places=found)


def _balances(context: CheckContext) -> None:
    """ACC-06: an unusual side, or a waiting account not nil, at closing (closing entries left out)."""
    closed = (
        "SELECT account, aux, sum(coalesce(credit, 0) - coalesce(debit, 0)) AS balance, min(r) AS r FROM lines "
        "WHERE closing GROUP BY account, aux"
        if "CLO-01" in context.sink
        else "SELECT NULL AS account, NULL AS aux, 0 AS balance, 0 AS r WHERE false"
    )
    rows = context.rows(
        "SELECT r.line, b.account, b.balance FROM (SELECT account, aux, min(r) AS r, sum(balance) AS balance FROM "
        f"(SELECT account, aux, debit - credit AS balance, r FROM cells UNION ALL {closed}) "
        "WHERE account[1:2] IN ('40', '41', '47', '53', '58') AND account[1:3] NOT IN ('409', '419') "
        "GROUP BY account, aux) b JOIN rows r ON r.r = b.r WHERE (b.account[1:2] IN ('53', '41') AND b.balance < 0) "
        "OR (b.account[1:2] = '40' AND b.balance > 0) OR (b.account[1:2] IN ('47', '58') AND b.balance <> 0) ORDER "
        "BY r.r"
    )
    if rows:
        found = [(line, account) for line, account, _ in rows]
        params = {"compte": str(rows[0][1])}
        context.sink.add("ACC-06", count=len(rows), places=places(found, context.label("account")), params=params)
