"""``bocage carbon FILE``: the carbon estimate of a FEC."""

import argparse
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from bocage.cli import carbon_inputs, output
from bocage.cli.economics import say_why
from bocage.formats.fec import FecReport
from bocage.identifiers import Naf, decimal_to_text
from bocage.indicators import carbon
from bocage.ingest.fec import write_facts
from bocage.wording import sentence

_NO_BREAK = "\u00a0"
_NAMED = 10


def add_parser(subparsers: output.Subparsers) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("carbon", description="Estime les émissions de gaz à effet de serre d’un FEC.")
    parser.add_argument("file", metavar="FILE", help="le FEC")
    parser.add_argument("--naf", type=_naf, metavar="CODE", help="activité du client, par exemple 10.71C")
    parser.add_argument("--suppliers", metavar="CSV", help="fournisseurs reconnus (aux,name,siren,naf)")
    parser.add_argument("--quantities", metavar="JSON", help="quantités réelles, qui prennent la place des euros")
    parser.add_argument(
        "--stock-basis",
        choices=("purchases", "consumption"),
        default="purchases",
        help="achats de l’exercice, ou consommation (variation des stocks comprise)",
    )
    parser.add_argument(
        "--capex-basis",
        choices=("acquisition", "amortised"),
        default="acquisition",
        help="immobilisations acquises, ou amorties sur leur durée",
    )
    output.add_common_options(parser)
    parser.set_defaults(run=run)


def _naf(text: str) -> Naf:
    code = Naf.parse(text)
    if code is None:
        raise argparse.ArgumentTypeError(sentence("carbon", "naf_shape", value=text).message)
    return code


def run(options: argparse.Namespace) -> int:
    """Read the FEC and estimate: 0 when it is usable, else 1. Of several FEC in an archive, the first usable one."""
    suppliers = carbon_inputs.read_suppliers(options.suppliers) if options.suppliers else []
    quantities = carbon_inputs.read_quantities(options.quantities) if options.quantities else []
    sources = output.sources([options.file])
    with TemporaryDirectory(prefix="bocage-") as name:
        folder = Path(name)
        with output.progress_bar("FEC") as progress:
            found = write_facts(sources, folder / "facts", work_dir=folder, progress=progress)
        usable = next((one for one in found if one.tables), None)
        if usable is None:
            _unusable(options, [one.report for one in found])
            return 1
        inventory = carbon.estimate(
            usable.tables,
            folder / "carbon_lines.parquet",
            options=carbon.Options(
                naf=options.naf,
                stock_consumed=options.stock_basis == "consumption",
                amortised=options.capex_basis == "amortised",
            ),
            suppliers=suppliers,
            quantities=quantities,
        )
        if options.json:
            output.print_json(_document(usable.report, inventory))
        else:
            output.print_text(*_sentences(inventory))
    return 0


def _unusable(options: argparse.Namespace, reports: list[FecReport]) -> None:
    for report in reports:
        say_why(report)
    if options.json:
        keys = (
            *("siren", "period", "method", "ratio_year", "total_kgco2e", "by_scope", "by_category", "by_ghgp"),
            *("by_beges", "uncertainty_pct", "share_from_spend_pct", "turnover_eur", "eur_excluded"),
            *("unknown_suppliers", "ask_suppliers", "missing_quantities", "lines"),
        )
        output.print_json({**dict.fromkeys(keys), "reason": "unusable"})


def _document(report: FecReport, found: carbon.Inventory) -> dict[str, output.Json]:
    period = found.period
    return {
        "siren": report.siren,
        "period": {"start": f"{period.start}", "end": f"{period.end}"} if period else None,
        "method": found.method,
        "ratio_year": found.ratio_year,
        "total_kgco2e": float(found.total),
        "by_scope": _numbers(found.by_scope),
        "by_category": _numbers(found.by_category),
        "by_ghgp": _numbers(found.by_ghgp),
        "by_beges": _numbers(found.by_beges),
        "uncertainty_pct": _number(found.uncertainty_pct),
        "share_from_spend_pct": _number(found.share_from_spend_pct),
        "turnover_eur": decimal_to_text(found.turnover),
        "eur_excluded": decimal_to_text(found.eur_excluded),
        "unknown_suppliers": _numbers(found.unknown_suppliers),
        "ask_suppliers": list(found.ask_suppliers),
        "missing_quantities": list(found.missing_quantities),
        "lines": [_line(line, found) for line in carbon.read_lines(found.lines)],
    }


def _numbers(values: Mapping[str, Decimal]) -> dict[str, output.Json]:
    return {name: float(value) for name, value in values.items()}


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _line(line: carbon.Line, found: carbon.Inventory) -> dict[str, output.Json]:
    used = found.factors.get(line.factor) if line.factor else None
    return {
        "line": line.line,
        "account": line.account,
        "supplier": line.supplier,
        "label": line.label,
        "amount": decimal_to_text(line.amount),
        "category": line.category,
        "how": line.how.value,
        "branch": line.branch,
        "factor": None
        if used is None
        else {
            "id": used.id,
            "value": _number(used.value),
            "unit": used.unit,
            "source": used.source,
            "version": used.version,
            "uncertainty_pct": _number(used.uncertainty_pct),
        },
        "kgco2e": float(line.kgco2e),
        "ghgp": line.ghgp,
        "beges": line.beges,
        "reason": line.reason,
    }


def _tonnes(kilograms: Decimal) -> str:
    return f"{kilograms / 1000:,.1f}".replace(",", "\u202f").replace(".", ",").replace("-", "−") + f"{_NO_BREAK}t CO2e"


def _per_cent(value: Decimal | None) -> str:
    return "inconnue" if value is None else f"{value:.0f}{_NO_BREAK}%"


def _sentences(found: carbon.Inventory) -> list[str]:
    """The estimate for people: the total and its doubt, the scopes, the categories, what is missing."""
    lines = [
        sentence("carbon", "total", total=_tonnes(found.total), uncertainty=_per_cent(found.uncertainty_pct)).message,
        sentence("carbon", "first_estimate", share=_per_cent(found.share_from_spend_pct)).message,
        *(f"  Scope {scope}{_NO_BREAK}: {_tonnes(kg)}" for scope, kg in found.by_scope.items()),
        *(
            f"  {sentence('carbon', f'category_{name}').message}{_NO_BREAK}: {_tonnes(kg)}"
            for name, kg in found.by_category.items()
        ),
    ]
    if found.missing_quantities:
        count = len(found.missing_quantities)
        lines.append(output.paint(sentence("carbon", "missing", count=f"{count}").message, "yellow"))
    if found.ask_suppliers:
        names = ", ".join(found.ask_suppliers[:_NAMED])
        if len(found.ask_suppliers) > _NAMED:
            names = f"{names}… ({len(found.ask_suppliers)} en tout)"
        lines.append(output.paint(sentence("carbon", "ask", names=names).message, "yellow"))
    if found.ratio_year != found.ratio_year_wanted:
        lines.append(
            sentence("carbon", "ratio_gap", year=f"{found.ratio_year}", wanted=f"{found.ratio_year_wanted}").message
        )
    return lines
