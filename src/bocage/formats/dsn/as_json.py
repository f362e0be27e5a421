"""The answer of a check as plain data, ready for JSON: the contract is docs/cli.md."""

from collections.abc import Mapping, Sequence

from bocage.findings import Finding
from bocage.formats.dsn.report import DeclarationSummary, DsnCheck, DsnReport
from bocage.formats.dsn.together import TogetherFinding
from bocage.wording import finding_sentence

type Json = bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None

TOGETHER_WORDS = "dsn_together"


def check_as_json(check: DsnCheck) -> dict[str, Json]:
    """``files`` and ``together``."""
    view = check.together
    return {
        "files": [report_as_json(report) for report in check.files],
        "together": {
            "employers": [
                {
                    "siren": employer.siren,
                    "sirets": list(employer.sirets),
                    "months_present": list(employer.months_present),
                    "months_missing": list(employer.months_missing),
                }
                for employer in view.employers
            ],
            "superseded": [
                {"file": old.file, "siret": old.siret, "month": old.month, "by": old.by} for old in view.superseded
            ],
            "findings": [together_as_json(found) for found in view.findings],
        },
    }


def together_as_json(found: TogetherFinding) -> dict[str, Json]:
    """One finding between declarations, with the files, the établissement and the months that it speaks of."""
    return {
        **finding_as_json(found.finding, TOGETHER_WORDS),
        "files": list(found.files),
        "siret": found.siret,
        "months": [f"{month:%Y-%m}" for month in found.months],
    }


def report_as_json(report: DsnReport) -> dict[str, Json]:
    """One file."""
    return {
        "file": report.file,
        "kind": report.kind,
        "norm": report.norm,
        "usable": report.usable,
        "controls_run": report.controls_run,
        "declarations": [_declaration(summary) for summary in report.declarations],
        "lines": report.lines,
        "findings": [finding_as_json(finding) for finding in report.findings],
    }


def _declaration(summary: DeclarationSummary) -> dict[str, Json]:
    return {
        "siret": summary.siret,
        "month": summary.month,
        "nature": summary.nature,
        "type": summary.type,
        "fraction": summary.fraction,
        "order": summary.order,
        "individuals": summary.individuals,
        "contracts": summary.contracts,
    }


def finding_as_json(finding: Finding, domain: str = "dsn") -> dict[str, Json]:
    """One finding with its words; places have a line, a rubrique, and a value for public rubriques only."""
    words = finding_sentence(domain, finding)
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "norm_severity": finding.norm_severity,
        "count": finding.count,
        "where": [{"line": place.line, "rubrique": place.column, "value": place.value} for place in finding.where],
        "message": words.message,
        "remedy": words.remedy,
    }
