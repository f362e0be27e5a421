"""What ``bocage dsn indicators`` answers: the social indicators of the months given.

The facts are built in a private directory that goes away with the command, under a key that nobody keeps: the
pseudonyms of one call mean nothing to the next one.
"""

import argparse
import secrets
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from bocage.cli import output
from bocage.formats.base import Source
from bocage.identifiers import Period
from bocage.identifiers.period import last_day_of_month
from bocage.indicators.result import Part, Result, Status, Value
from bocage.indicators.workforce import SeveralCompanies, Workforce, assemble, coverage_of, part_label, report
from bocage.ingest.dsn import DsnImport, write_facts
from bocage.wording import sentence

NOT_USABLE, BAD_CALL = 1, 2
_KEY_BYTES = 32
_NO_BREAK = "\u00a0"
_UNITS = {
    "persons": "personnes",
    "FTE": "ETP",
    "number": "",
    "days": "jours",
    "years": "ans",
    "ratio": "",
    "yes/no": "",
    "per 200 000 h": "pour 200\u202f000\u00a0h",
    "per 10⁶ h": "par million d’heures",
    "days per 10³ h": "jours pour 1\u202f000\u00a0h",
}


def run(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Compute and print. 0 when every file could be read, 1 when one could not, 2 for a bad call."""
    period = _period(options, parser)
    sources = output.sources(options.files)
    with tempfile.TemporaryDirectory(prefix="bocage-") as work:
        imported = _read(sources, Path(work))
        try:
            with assemble([imported.tables], period) as workforce:
                results = report(workforce)
                if options.json:
                    output.print_json(_document(workforce, results))
                else:
                    output.print_text(*_lines(workforce, results))
        except SeveralCompanies as error:
            _say("cli/several_companies", sirens=", ".join(error.sirens))
            return BAD_CALL
    nameless = sorted({read.source for read in imported.declarations if not read.siret})
    for name in nameless:
        _say("cli/nameless", file=name)
    for name in imported.unreadable:
        _say("cli/unreadable", file=name)
    return NOT_USABLE if nameless or imported.unreadable or not imported.declarations else 0


def _period(options: argparse.Namespace, parser: argparse.ArgumentParser) -> Period:
    start, end = options.start, options.end
    if options.year is not None and start is None and end is None:
        return Period.year(options.year)
    if options.year is not None or start is None or end is None:
        parser.error(sentence("workforce", "cli/period").message)
    if start.day != 1 or end != last_day_of_month(end) or end < start:
        parser.error(sentence("workforce", "cli/whole_months").message)
    return Period(start, end)


def _read(sources: Sequence[Source], work: Path) -> DsnImport:
    with output.progress_bar("DSN") as progress:
        return write_facts(sources, work, pseudonym_key=secrets.token_bytes(_KEY_BYTES), progress=progress)


def _say(code: str, **params: str) -> None:
    words = sentence("workforce", code, **params)
    sys.stderr.write(f"{words.message} {words.remedy}".rstrip() + "\n")


def _document(workforce: Workforce, results: Sequence[Result]) -> dict[str, output.Json]:
    period = workforce.period
    return {
        "siren": workforce.siren,
        "year": period.end.year if period.start.year == period.end.year else None,
        "months": [f"{month:%Y-%m}" for month in workforce.months],
        "indicators": [
            {
                "code": result.code,
                "value": _number(result.value),
                "unit": result.unit,
                "status": result.status.value,
                "reason": result.reason,
                "formula": result.definition,
                "sources": list(result.sources),
                "breakdown": [{"by": dict(part.by), "value": _number(part.value)} for part in result.breakdown],
            }
            for result in results
        ],
    }


def _number(value: Value) -> output.Json:
    return float(value) if isinstance(value, Decimal) else value


def _lines(workforce: Workforce, results: Sequence[Result]) -> list[str]:
    period, selection = workforce.period, workforce.selection
    covered = coverage_of(workforce)
    lines = [
        output.paint(
            f"SIREN {workforce.siren or 'inconnu'}, du {_french(period.start)} au {_french(period.end)}", "bold"
        ),
        f"{len(selection.kept)} déclarations mensuelles retenues, {len(selection.superseded)} remplacées",
    ]
    if covered.missing:
        lines.append(output.paint(f"mois sans déclaration{_NO_BREAK}: {', '.join(covered.missing)}", "yellow"))
    lines += [
        output.paint(f"{place.siret}, mois manquants{_NO_BREAK}: {', '.join(place.missing)}", "yellow")
        for place in covered.establishments
        if place.missing
    ]
    for result in results:
        lines += ["", *_result_lines(result)]
    return lines


def _result_lines(result: Result) -> list[str]:
    name = sentence("workforce", f"{result.code}/name").message
    unit = _UNITS.get(result.unit, result.unit)
    shown = _shown(result.value, unit) if result.value is not None else _unknown(result.status)
    lines = [f"{output.paint(name, 'bold')}{_NO_BREAK}: {shown}"]
    if result.reason is not None:
        words = sentence("workforce", f"reason/{result.reason}")
        lines.append(f"  {words.message} {words.remedy}".rstrip())
    lines += [f"    {_part(part)}" for part in result.breakdown]
    return lines


def _part(part: Part) -> str:
    by = ", ".join(part_label(key, value) for key, value in part.by.items())
    return f"{by}{_NO_BREAK}: {_shown(part.value, '') if part.value is not None else 'masqué'}"


def _unknown(status: Status) -> str:
    return "masqué" if status is Status.HIDDEN else "inconnu"


def _shown(value: Value, unit: str) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    return f"{value}".replace(".", ",").replace("-", "−") + (f"{_NO_BREAK}{unit}" if unit else "")


def _french(day: date) -> str:
    return f"{day:%d/%m/%Y}"
