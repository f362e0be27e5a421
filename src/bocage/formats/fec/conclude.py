"""From a staged file to its report: grouping, period, checks, the tester's answer."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from bocage.findings import Finding, Place, Verdict
from bocage.formats.fec.catalogue import CHECKS
from bocage.formats.fec.charts import recognise_chart
from bocage.formats.fec.checks import accounts, entries, lines, sequence, thirds, whole_file
from bocage.formats.fec.checks.context import CheckContext, as_decimal, as_int
from bocage.formats.fec.entries import group_lines, make_cells
from bocage.formats.fec.header import split_row
from bocage.formats.fec.lines import raw_lines
from bocage.formats.fec.official import ends_refused, official_outcome
from bocage.formats.fec.opening import define_journals
from bocage.formats.fec.period import FecPeriod, find_period
from bocage.formats.fec.profile import take_profile
from bocage.formats.fec.reading import Reading
from bocage.formats.fec.report import Balance, FecReport, OfficialAnswer, Totals, verdicts
from bocage.formats.fec.sink import in_part
from bocage.formats.fec.tester import Outcome
from bocage.formats.fec.typed import Asked

type Meanwhile = Callable[[Reading], None]
"""Called once the lines are put into entries, to start in another thread what waits for no check. It works on a cursor
of the reading's connection, and leaves alone every table that exists."""

_XML_ONLY = ("XML-01", "XML-02", "XML-03", "XML-04", "XML-05", "XML-06")


def conclude(reading: Reading, asked: Asked, meanwhile: Meanwhile | None = None) -> FecReport:
    """Run every check on a staged file that holds at least one line."""
    reading.context = context = make_context(reading)
    if meanwhile is not None:
        meanwhile(reading)
    for module in (lines, entries, sequence, thirds, accounts):
        module.run(context)
    whole_file.run(context, asked)
    official = reading.official or official_outcome(reading)
    findings = _with_raw_values(reading, reading.sink.findings(refused_codes(reading, official)))
    debit, credit = context.row("SELECT sum(debit), sum(credit) FROM entries")
    return FecReport(
        file=reading.name.text,
        kind=reading.kind,
        verdicts=verdicts(findings, conforming=official.conforming),
        findings=findings,
        regime=reading.regime,
        layout=reading.layout,
        siren=reading.name.siren,
        closing_date=reading.name.closing,
        period=context.period,
        lines=reading.lines,
        entries=context.grouping.entries,
        totals=Totals(as_decimal(debit), as_decimal(credit)),
        checks_run=checks_run(context, asked),
        fiscal_years=whole_file.fiscal_years(context) if context.several_years else (),
        official=OfficialAnswer(official.stop, tuple(sorted(official.checks))),
        entry_key=context.grouping.key,
        chart=context.chart,
        balances=_balances(context),
    )


def make_context(reading: Reading) -> CheckContext:
    """Group the lines, find the period and the chart."""
    con = reading.con
    profile = reading.profile or take_profile(con)
    make_cells(con)
    journals = define_journals(con)
    grouping = group_lines(con, reading.numbering)
    period, opening_days = _period(reading)
    labels = con.execute(
        "SELECT DISTINCT account, account_label FROM cells WHERE account IS NOT NULL AND account_label IS NOT NULL"
    ).fetchall()
    context = CheckContext(
        con=con,
        sink=reading.sink,
        name=reading.name,
        columns=reading.columns,
        regime=reading.regime,
        grouping=grouping,
        journals=journals,
        period=period,
        separator=reading.layout.separator or "",
        several_years=False,
        chart=recognise_chart((str(number), str(label)) for number, label in labels),
        profile=profile,
        piped=any(scanned.marks["|"] for scanned in reading.scans),
        opening_days=opening_days,
    )
    return whole_file.with_years(context)


def _period(reading: Reading) -> tuple[FecPeriod, frozenset[date]]:
    row = reading.con.execute(
        "SELECT min(day_min) FILTER (NOT opening), max(day_max) FILTER (NOT opening) FROM entries"
    ).fetchone()
    first, last = row or (None, None)
    days = reading.con.execute(
        "SELECT DISTINCT entry_date FROM lines WHERE opening AND entry_date IS NOT NULL LIMIT 100"
    ).fetchall()
    opening_days = frozenset(day for (day,) in days)
    return find_period(reading.name.closing, first, last, opening_days), opening_days


def refused_codes(reading: Reading, official: Outcome) -> frozenset[str]:
    """The C/K codes for which the tester refuses this very file."""
    if official.conforming:
        return frozenset()
    codes = set()
    if "T16" in official.checks or (official.stop == "T13" and "NUM-08" not in reading.sink):
        codes.add("ROW-01")
    if "valid_date" in official.blank_columns:
        codes.add("DATE-05")
    if official.stop == "DUP":
        codes.add("HDR-05")
    if reading.sources and "EOL-02" in reading.sink and ends_refused(reading):
        codes.add("EOL-02")
    return frozenset(codes)


def checks_run(context: CheckContext, asked: Asked) -> int:
    """How many checks of the catalogue had something to look at."""
    left_out = {"AN-03"}
    if context.separator != "xml":
        left_out |= set(_XML_ONLY)
    if context.closing is None:
        left_out |= {"DATE-02", "DATE-03", "FILE-10"}
    if context.grouping.numbers_unusable:
        left_out |= {"SEQ-01", "SEQ-02", "SEQ-04"}
    if not context.regime.cash:
        left_out.add("MAND-03")
    if asked.siren is None and asked.start is None:
        left_out.add("FILE-05")
    if context.chart is not None:
        left_out |= {"ACC-02", "ACC-07"}
    return len(CHECKS) - len(left_out)


def _balances(context: CheckContext) -> dict[str, Balance]:
    """By account: its opening and closing balances. The lines of openings and closings are few, the rest is summed
    already."""
    apart = (
        "SELECT account, coalesce(sum(coalesce(debit, 0) - coalesce(credit, 0)) FILTER (opening), 0) AS opened, "
        "coalesce(sum(coalesce(debit, 0) - coalesce(credit, 0)) FILTER (closing), 0) AS closed FROM lines "
        "WHERE opening OR closing GROUP BY account"
    )
    rows = context.rows(
        "SELECT c.account, coalesce(a.opened, 0), c.balance - coalesce(a.closed, 0), r.line FROM (SELECT account, "
        "sum(debit - credit) AS balance, "
        f"min(r) AS r FROM cells WHERE account IS NOT NULL GROUP BY account) c LEFT JOIN ({apart}) a USING (account) "
        f"JOIN rows r ON r.r = c.r"
    )
    return {str(row[0]): Balance(as_decimal(row[1]), as_decimal(row[2]), as_int(row[3])) for row in rows}


def compare_years(reports: list[FecReport]) -> list[FecReport]:
    """AN-03: for each report whose previous year is there too, openings against closing balances (account 12 aside)."""
    return [_against_previous(report, reports) for report in reports]


def _against_previous(report: FecReport, reports: list[FecReport]) -> FecReport:
    previous = next((other for other in reports if _follows(other, report)), None)
    if previous is None:
        return report
    accounts_met = sorted(set(report.balances) | set(previous.balances))
    nil = Balance(Decimal(0), Decimal(0), 0)
    different = []
    for number in accounts_met:
        now, before = report.balances.get(number, nil), previous.balances.get(number, nil)
        if "1" <= number[:1] <= "5" and number[:2] != "12" and now.opening != before.closing:
            different.append((now.line or None, number))
    if not different:
        return report
    places = tuple(
        in_part(Place(line, "CompteNum", number)) for line, number in sorted(different, key=lambda item: item[0] or 0)
    )
    check = CHECKS["AN-03"]
    found = Finding("AN-03", check.severity, len(different), places, Verdict.CONTROLE)
    findings = tuple(sorted((*report.findings, found), key=lambda finding: list(CHECKS).index(finding.code)))
    return replace(report, findings=findings, verdicts=verdicts(findings, conforming=report.verdicts.conforme))


def _follows(previous: FecReport, report: FecReport) -> bool:
    if previous is report or previous.siren is None or previous.siren != report.siren:
        return False
    if previous.period is None or report.period is None or previous.period.end is None or report.period.start is None:
        return False
    return (report.period.start - previous.period.end).days == 1


def _with_raw_values(reading: Reading, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Values as the file writes them, read again from its lines: staging keeps typed values only."""
    if len(reading.sources) != 1 or reading.header is None:
        return findings
    at = {name: index for index, name in reversed(list(enumerate(reading.columns.names)))}
    wanted = {
        place.line
        for finding in findings
        for place in finding.where
        if place.line and place.line > reading.header.line and place.column in at and place.value is not None
    }
    texts = raw_lines(reading.sources[0], wanted, scanned=reading.scans[0])
    header = reading.header
    rows = {number: split_row(text, header.separator, quoted=header.quoted) for number, text in texts.items()}

    def raw(place: Place) -> Place:
        fields = rows.get(place.line or 0, [])
        if place.value is None or place.column not in at or len(fields) != header.columns.width:
            return place
        return replace(place, value=fields[at[place.column]].strip()[:200])

    return tuple(replace(finding, where=tuple(raw(place) for place in finding.where)) for finding in findings)
