"""What a check of a FEC gives back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Context, Decimal

from bocage.findings import Finding, Place, Severity, Verdict
from bocage.formats.fec.columns import Regime
from bocage.formats.fec.period import FecPeriod
from bocage.formats.fec.reading import Layout
from bocage.identifiers import Siren, decimal_to_text
from bocage.wording import finding_sentence

type Json = bool | int | float | str | list[Json] | dict[str, Json] | None


@dataclass(frozen=True, slots=True)
class Totals:
    """Exact sums of the lines read, in euros."""

    debit: Decimal
    credit: Decimal


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Can we use it, what the official tester says, what an auditor would ask (distinct codes by severity)."""

    exploitable: bool
    conforme: bool
    errors: int
    warnings: int
    infos: int


@dataclass(frozen=True, slots=True)
class OfficialAnswer:
    """How the official tester comes to its verdict: where it stops without a report, the checks met (T01 to T28, X01
    to X03)."""

    stop: str | None
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Balance:
    """One account, in euros: its opening, and its balance at closing (closing entries left out)."""

    opening: Decimal
    closing: Decimal
    line: int


@dataclass(frozen=True, slots=True)
class FecReport:
    """Everything known of one FEC. A file that could not be read has its findings, and None elsewhere."""

    file: str
    kind: str
    verdicts: Verdicts
    findings: tuple[Finding, ...]
    regime: Regime | None = None
    layout: Layout | None = None
    siren: Siren | None = None
    closing_date: date | None = None
    period: FecPeriod | None = None
    lines: int | None = None
    entries: int | None = None
    totals: Totals | None = None
    checks_run: int | None = None
    fiscal_years: tuple[FecPeriod, ...] = ()
    parts: tuple[str, ...] = ()
    official: OfficialAnswer | None = None
    entry_key: str | None = None
    """``number``, ``piece`` or ``balance``."""
    chart: str | None = None
    """A special chart, else None."""
    balances: Mapping[str, Balance] = field(default_factory=dict, repr=False, compare=False)
    """By account; used to compare two years."""


def verdicts(findings: tuple[Finding, ...], *, conforming: bool) -> Verdicts:
    """The three verdicts out of the findings and the tester's answer."""
    asked = [finding.severity for finding in findings if finding.verdict is Verdict.CONTROLE]
    return Verdicts(
        exploitable=all(finding.severity is not Severity.BLOCKING for finding in findings),
        conforme=conforming,
        errors=asked.count(Severity.ERROR),
        warnings=asked.count(Severity.WARNING),
        infos=asked.count(Severity.INFO),
    )


def report_as_json(report: FecReport) -> dict[str, Json]:
    """The report as the contract writes it (docs/cli.md): dates ISO, money as text, French messages."""
    document: dict[str, Json] = {
        "file": report.file,
        "kind": report.kind,
        "regime": report.regime.value if report.regime else None,
        "layout": _layout_json(report.layout) if report.layout else None,
        "siren": report.siren,
        "closing_date": _day(report.closing_date),
        "checks_run": report.checks_run,
        "period": _period_json(report.period) if report.period else None,
        "lines": report.lines,
        "entries": report.entries,
        "totals": _totals_json(report.totals) if report.totals else None,
        "verdicts": {
            "exploitable": report.verdicts.exploitable,
            "conforme": report.verdicts.conforme,
            "controle": {
                "errors": report.verdicts.errors,
                "warnings": report.verdicts.warnings,
                "infos": report.verdicts.infos,
            },
        },
        "findings": [_finding_json(finding) for finding in report.findings],
    }
    if report.parts:
        document["parts"] = list(report.parts)
    if report.fiscal_years:
        document["fiscal_years"] = [_period_json(period) for period in report.fiscal_years]
    if report.official:
        document["official_tester"] = {"stop": report.official.stop, "checks": list(report.official.checks)}
    return document


def _layout_json(layout: Layout) -> dict[str, Json]:
    return {
        "encoding": layout.encoding,
        "separator": layout.separator,
        "line_ending": layout.line_ending,
        "header_line": layout.header_line,
        "amounts": layout.amounts,
        "columns": list(layout.columns),
        "extra_columns": list(layout.extra_columns),
    }


def _period_json(period: FecPeriod) -> dict[str, Json]:
    return {
        "start": _day(period.start),
        "end": _day(period.end),
        "first_entry": _day(period.first_entry),
        "last_entry": _day(period.last_entry),
    }


def _totals_json(totals: Totals) -> dict[str, Json]:
    document: dict[str, Json] = {"debit": decimal_to_text(totals.debit), "credit": decimal_to_text(totals.credit)}
    if any(Decimal(decimal_to_text(side)) != side for side in (totals.debit, totals.credit)):
        document["exact"] = {"debit": _exact(totals.debit), "credit": _exact(totals.credit)}
    return document


def _exact(side: Decimal) -> str:
    return f"{side.normalize(Context(prec=100)):f}"


def _finding_json(finding: Finding) -> dict[str, Json]:
    words = finding_sentence("fec", finding)
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "verdict": finding.verdict.value if finding.verdict else None,
        "count": finding.count,
        "where": [_place_json(place) for place in finding.where],
        "message": words.message,
        "remedy": words.remedy,
    }


def _place_json(place: Place) -> dict[str, Json]:
    part: dict[str, Json] = {} if place.part is None else {"part": place.part}
    return {**part, "line": place.line, "column": place.column, "value": place.value}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
