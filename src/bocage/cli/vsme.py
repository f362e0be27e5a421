"""``bocage vsme FILE…``: the data points of the VSME standard, from one FEC, DSN, a registry record, quantities."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from bocage.cli import carbon_inputs, output
from bocage.cli.vsme_inputs import Inputs, gather, naf_option
from bocage.identifiers import Period
from bocage.referentials.vsme import CREDIT, TAXONOMY, Module
from bocage.vsme import Evidence, Prefill, Row, Status, Value, counts_of, prefill, written
from bocage.wording import sentence

_NO_BREAK = "\u00a0"


def add_parser(subparsers: output.Subparsers) -> None:
    """Declare the command."""
    description = (
        "Préremplit la norme VSME : un FEC, des DSN, une fiche de registre, des quantités ; tout est facultatif."
    )
    parser = subparsers.add_parser("vsme", description=description)
    parser.add_argument("files", nargs="*", metavar="FILE", help="un FEC et des DSN, dans n’importe quel ordre")
    parser.add_argument("--registry", metavar="JSON", help="réponse de la recherche d’entreprises ou de l’API Sirene")
    parser.add_argument("--naf", type=naf_option, metavar="CODE", help="activité, sans registre (exemple : 10.71C)")
    parser.add_argument("--suppliers", metavar="CSV", help="fournisseurs reconnus (aux,name,siren,naf)")
    parser.add_argument("--quantities", metavar="JSON", help="quantités réelles (énergie, eau, déchets…)")
    parser.add_argument("--year", type=int, metavar="Y", help="année des DSN, si ce n’est pas celle du FEC")
    output.add_common_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Fill and print. 0 when every file could be read, 1 when one could not, 2 for a bad call."""
    inputs = Inputs(
        sources=output.sources(options.files),
        registry=options.registry,
        naf=options.naf,
        suppliers=carbon_inputs.read_suppliers(options.suppliers) if options.suppliers else [],
        quantities=carbon_inputs.read_quantities(options.quantities) if options.quantities else [],
        year=options.year,
    )
    with TemporaryDirectory(prefix="bocage-") as work:
        found = gather(inputs, Path(work))
    table = prefill(found.evidence)
    if options.json:
        output.print_json(_document(table, found.evidence, found.period))
    else:
        output.print_text(*_sentences(table))
    for name in found.unreadable:
        sys.stderr.write(f"{sentence('vsme', 'not_usable', file=name).message}\n")
    return 1 if found.unreadable else 0


def _document(table: Prefill, known: Evidence, period: Period | None) -> dict[str, output.Json]:
    return {
        "siren": known.company.siren if known.company else None,
        "period": {"start": f"{period.start}", "end": f"{period.end}"} if period else None,
        "taxonomy": TAXONOMY,
        "credit": CREDIT,
        "counts": {module.value: _counts(table.of_module(module)) for module in Module},
        "datapoints": [_row(row) for row in table.rows],
    }


def _counts(rows: Sequence[Row]) -> Mapping[str, output.Json]:
    found = counts_of(rows)
    return {
        "valued": found.valued,
        "not_applicable": found.not_applicable,
        "to_ask": found.to_ask,
        "omitted": found.omitted,
        "to_confirm": found.to_confirm,
    }


def _row(row: Row) -> dict[str, output.Json]:
    return {
        "concept": row.point.concept,
        "disclosure": row.point.disclosure,
        "module": row.point.module.value,
        "paragraph": row.point.paragraph,
        "label": row.point.label_fr,
        "status": row.status.value,
        "value": _plain(row.value, row.unit),
        "unit": row.unit or None,
        "reason": row.reason or None,
        "explanation": sentence("vsme", row.reason).message if row.reason else None,
        "sources": list(row.sources),
    }


def _plain(value: Value, unit: str) -> output.Json:
    if isinstance(value, tuple):
        return [{"key": cell.key, "value": cell.value} for cell in value]
    if isinstance(value, Decimal):
        return f"{value:.2f}" if unit == "EUR" else float(value)
    return value


def _sentences(table: Prefill) -> list[str]:
    """The rows by disclosure for people, then the three counts of each module."""
    lines: list[str] = []
    shown = ""
    for row in table.rows:
        if row.point.disclosure != shown:
            shown = row.point.disclosure
            lines.append(output.paint(shown, "bold"))
        lines.append(f"  {row.point.label_fr}{_NO_BREAK}: {_said(row)}")
    for module in Module:
        rows = table.of_module(module)
        found = counts_of(rows)
        name = sentence("vsme", f"module/{module.value}", count=f"{len(rows)}").message
        words = {name: f"{getattr(found, name)}" for name in found.__dataclass_fields__}
        lines.append(sentence("vsme", "counts", module=name, **words).message)
    return lines


def _said(row: Row) -> str:
    status = sentence("vsme", f"status/{row.status.value}").message
    why = sentence("vsme", row.reason).message if row.reason else ""
    if not row.status.valued:
        colour: output.Colour = "yellow" if row.status is Status.TO_ASK else "dim"
        return output.paint(f"{status.lower()}. {why}".rstrip(), colour)
    return f"{written(row)} [{status.lower()}] {why}".rstrip()
