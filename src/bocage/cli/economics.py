"""``bocage economics FILE``: the economic indicators of a FEC."""

import argparse
import sys
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from bocage.cli import output
from bocage.findings import Severity
from bocage.formats.fec import FecReport
from bocage.identifiers import decimal_to_text
from bocage.indicators import economic
from bocage.indicators.result import Result, Value
from bocage.ingest.fec import write_facts
from bocage.wording import finding_sentence, sentence

_NO_BREAK = "\u00a0"
_UNITS = {"EUR": "€", "days": "jours"}


def add_parser(subparsers: output.Subparsers) -> None:
    """Declare the command."""
    description = "Calcule les indicateurs économiques d’un FEC."
    parser = subparsers.add_parser("economics", description=description)
    parser.add_argument("file", metavar="FILE", help="le FEC")
    output.add_common_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Read the FEC and compute: 0 when it is usable, else 1. Of several FEC in an archive, the first usable one."""
    sources = output.sources([options.file])
    with TemporaryDirectory(prefix="bocage-") as name:
        folder = Path(name)
        with output.progress_bar("FEC") as progress:
            found = write_facts(sources, folder / "facts", work_dir=folder, progress=progress)
        usable = next((one for one in found if one.tables), None)
        results = economic.compute(usable.tables) if usable else []
    report = usable.report if usable else None
    if options.json:
        output.print_json(_document(report, results))
    elif report:
        output.print_text(*(_line(result) for result in results))
    else:
        for one in found:
            say_why(one.report)
    return 0 if report else 1


def say_why(report: FecReport) -> None:
    """Say on stderr why a FEC cannot be used."""
    for finding in report.findings:
        if finding.severity is Severity.BLOCKING:
            words = finding_sentence("fec", finding)
            sys.stderr.write(f"{report.file}{_NO_BREAK}: {words.message} {words.remedy}".rstrip() + "\n")


def _document(report: FecReport | None, results: list[Result]) -> dict[str, output.Json]:
    period = report.period if report else None
    return {
        "siren": report.siren if report else None,
        "period": {"start": f"{period.start}", "end": f"{period.end}"} if period else None,
        "indicators": [
            {
                "code": result.code,
                "value": _value(result.value, result.unit),
                "unit": result.unit,
                "status": result.status.value,
                "reason": result.reason,
                "formula": result.formula,
                "sources": list(result.sources),
                "breakdown": [
                    {"by": dict(part.by), "value": _value(part.value, result.unit)} for part in result.breakdown
                ],
            }
            for result in results
        ],
    }


def _value(value: Value, unit: str) -> output.Json:
    """Money is text, to the cent; a share or a number of days is a number."""
    if not isinstance(value, Decimal):
        return value
    return decimal_to_text(value) if unit == "EUR" else float(value)


def _line(result: Result) -> str:
    name = output.paint(sentence("economic", result.code).message, "bold")
    why = f" {sentence('economic', result.reason).message}" if result.reason else ""
    if not isinstance(result.value, Decimal):
        return f"{name}{_NO_BREAK}: inconnu.{why}"
    amount = f"{result.value:f}".replace(".", ",").replace("-", "−")
    return f"{name}{_NO_BREAK}: {amount}{_NO_BREAK}{_UNITS.get(result.unit, result.unit)}.{why}"
