"""``bocage fec check`` and ``bocage fec facts``."""

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path

from bocage.cli.fec_report import report_lines
from bocage.cli.output import (
    Json,
    Subparsers,
    add_common_options,
    print_json,
    print_text,
    progress_bar,
    sources,
)
from bocage.formats.fec import FecReport, check, report_as_json
from bocage.formats.fec.columns import Regime
from bocage.identifiers import check_number
from bocage.ingest.fec import write_facts

USABLE, NOT_USABLE = 0, 1


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command and its two actions."""
    parser = subparsers.add_parser("fec", help="lit et contrôle un FEC", description="Lit et contrôle des FEC.")
    actions = parser.add_subparsers(metavar="ACTION", required=True, title="actions")
    checking = actions.add_parser("check", help="lit et contrôle", description="Lit et contrôle des FEC.")
    facts = actions.add_parser(
        "facts", help="écrit les tables typées", description="Écrit les tables typées (Parquet)."
    )
    for action in (checking, facts):
        add_common_options(action)
        action.add_argument("files", nargs="+", metavar="FICHIER", help="FEC, archive, ou parties d’un FEC")
        action.add_argument("--siren", type=_siren, help="SIREN du dossier attendu")
        action.add_argument("--start", type=_day, metavar="AAAA-MM-JJ", help="début de l’exercice attendu")
        action.add_argument("--end", type=_day, metavar="AAAA-MM-JJ", help="fin de l’exercice attendu")
        action.add_argument(
            "--regime", choices=[regime.value for regime in Regime], help="régime, sinon déduit des colonnes"
        )
    facts.add_argument("--out", type=Path, required=True, metavar="DOSSIER", help="dossier des tables")
    checking.set_defaults(run=run_check, parser=checking)
    facts.set_defaults(run=run_facts, parser=facts)


def _siren(text: str) -> str:
    read = check_number(text, expected="siren")
    if not read.valid:
        raise argparse.ArgumentTypeError(f"SIREN incorrect\u00a0: {text}")
    return read.digits


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"date AAAA-MM-JJ attendue\u00a0: {text}") from error


def _refuse_half_a_period(options: argparse.Namespace) -> None:
    """The two dates come together, in their order; leaves with code 2 otherwise."""
    if (options.start is None) != (options.end is None):
        options.parser.error("--start et --end vont ensemble")
    if options.start is not None and options.start > options.end:
        options.parser.error("--end précède --start")


def run_check(options: argparse.Namespace) -> int:
    """Check the files. 0 when all are usable, else 1."""
    _refuse_half_a_period(options)
    with tempfile.TemporaryDirectory(prefix="bocage-fec-") as folder, progress_bar("FEC") as progress:
        reports = check(
            sources(options.files),
            work_dir=Path(folder),
            siren=options.siren,
            start=options.start,
            end=options.end,
            regime=options.regime,
            progress=progress,
        )
    reports = _named(reports, options.files)
    documents = [report_as_json(report) for report in reports]
    return _answer(options, reports, documents)


def _named(reports: Sequence[FecReport], files: Sequence[str]) -> list[FecReport]:
    """The reports, what was read as no FEC bearing the kind that ``identify`` gives it.

    It is imported here: it knows every format, and few files are none of them.
    """
    if not any(report.kind in {"unknown", "empty"} for report in reports):
        return list(reports)
    identify = import_module("bocage.formats.catalogue").identify
    kinds = {source.name: source for source in sources(files)}
    return [
        replace(report, kind=identify(kinds[report.file]).kind)
        if report.kind in {"unknown", "empty"} and report.file in kinds
        else report
        for report in reports
    ]


def run_facts(options: argparse.Namespace) -> int:
    """Write the tables of each usable FEC. 0 when all are usable, else 1."""
    _refuse_half_a_period(options)
    if options.out.exists() and not options.out.is_dir():
        options.parser.error(f"--out\u00a0: ce n’est pas un dossier\u00a0: {options.out}")
    with tempfile.TemporaryDirectory(prefix="bocage-fec-") as folder, progress_bar("FEC") as progress:
        imports = write_facts(
            sources(options.files),
            options.out,
            work_dir=Path(folder),
            siren=options.siren,
            start=options.start,
            end=options.end,
            regime=options.regime,
            progress=progress,
        )
    documents = []
    for each in imports:
        document = report_as_json(each.report)
        document["tables"] = {name: str(path) for name, path in each.tables.items()}
        documents.append(document)
    return _answer(options, [each.report for each in imports], documents)


def _answer(options: argparse.Namespace, reports: Sequence[FecReport], documents: Sequence[Mapping[str, Json]]) -> int:
    if options.json:
        print_json({"files": list(documents)})
    else:
        for report in reports:
            print_text(*report_lines(report))
    return USABLE if all(report.verdicts.exploitable for report in reports) else NOT_USABLE
