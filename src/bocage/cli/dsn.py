"""``bocage dsn check FILE…``: reads and checks DSN files, alone and together."""

import argparse

from bocage.cli import output
from bocage.cli.dsn_indicators import add_indicators
from bocage.formats.dsn.as_json import TOGETHER_WORDS, check_as_json
from bocage.formats.dsn.checking import check
from bocage.formats.dsn.controls.catalogue import implemented, reasons
from bocage.formats.dsn.documentation import as_markdown
from bocage.formats.dsn.report import DsnCheck, DsnReport
from bocage.referentials.dsn import all_controls

NOT_USABLE = 1
_NO_BREAK = "\u00a0"


def add_parser(subparsers: output.Subparsers) -> None:
    """Declare the command and its two actions."""
    description = "Lit et contrôle des DSN, et en tire des indicateurs sociaux."
    parser = subparsers.add_parser("dsn", description=description)
    actions = parser.add_subparsers(metavar="ACTION", required=True, title="actions")
    help_text = "lit et contrôle des fichiers, seuls et ensemble"
    checking = actions.add_parser("check", help=help_text, description=f"{help_text.capitalize()}.")
    checking.add_argument("files", nargs="+", metavar="FILE", help="DSN, ou archive zip ou gz de DSN")
    output.add_common_options(checking)
    checking.set_defaults(run=run_check)
    add_indicators(actions)
    summary = "liste les contrôles de la norme, avec ceux qui sont faits"
    listing = actions.add_parser("controls", help=summary, description=f"{summary.capitalize()}.")
    listing.add_argument("--markdown", action="store_true", help="écrit le document docs/formats/dsn.md")
    output.add_common_options(listing)
    listing.set_defaults(run=run_controls)


def run_check(options: argparse.Namespace) -> int:
    """Check and print. 0 when every file is usable, else 1."""
    sources = output.sources(options.files)
    with output.progress_bar("DSN") as progress:
        done = check(sources, progress=progress)
    if options.json:
        output.print_json(check_as_json(done))
    else:
        for report in done.files:
            output.print_text(*_report_lines(report), "")
        output.print_text(*_together_lines(done))
    return 0 if done.files and done.usable else NOT_USABLE


def run_controls(options: argparse.Namespace) -> int:
    """Print the list of controls, or its size."""
    done, total = implemented(), all_controls()
    if options.markdown:
        output.print_text(as_markdown().rstrip("\n"))
    elif options.json:
        controls: list[output.Json] = [
            {"id": code, "implemented": code in done, "reason": reasons().get(code)} for code in total
        ]
        output.print_json({"total": len(total), "implemented": len(done), "controls": controls})
    else:
        output.print_text(f"{len(done)} contrôles faits sur les {len(total)} de la norme")
    return 0


def _report_lines(report: DsnReport) -> list[str]:
    state = output.paint("exploitable", "green") if report.usable else output.paint("inexploitable", "red")
    lines = [f"{output.paint(report.file, 'bold')}{_NO_BREAK}: {state}"]
    if report.declarations:
        lines.append(f"  norme {report.norm or 'absente'}, {report.lines} lignes, {report.controls_run} contrôles")
    lines += [
        f"  {summary.siret or 'SIRET illisible'}, {summary.month or 'signalement'}, nature {summary.nature or '?'}, "
        f"type {summary.type or '?'}{_NO_BREAK}: {summary.individuals} individus, {summary.contracts} contrats"
        for summary in report.declarations
    ]
    for finding in report.findings:
        lines += output.finding_lines("dsn", finding)
    return lines


def _together_lines(done: DsnCheck) -> list[str]:
    lines = []
    for employer in done.together.employers:
        months = ", ".join(employer.months_present) or "aucun mois"
        lines.append(f"SIREN {employer.siren}{_NO_BREAK}: {months}")
        if employer.months_missing:
            lines.append(f"  mois manquants{_NO_BREAK}: {', '.join(employer.months_missing)}")
    lines += [
        f"  {old.file}, {old.siret}, {old.month}{_NO_BREAK}: remplacée par {old.by}" for old in done.together.superseded
    ]
    for found in done.together.findings:
        lines += output.finding_lines(TOGETHER_WORDS, found.finding)
        lines.append(f"    {', '.join(found.files)}")
    return lines
