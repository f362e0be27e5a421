"""*Premier diagnostic RSE* of a fiscal year, with the marks of the firm."""

from collections import defaultdict
from decimal import Decimal

from django.utils import timezone

from bocage.identifiers import Period
from bocage.indicators.joined import joined
from bocage.reports import Document, render
from bocage.reports.diagnostic import CarbonFacts, DiagnosticFacts, diagnostic_document
from bocage.vsme import prefill
from bocage.wording import sentence
from bocage.wording.figures import SHORT_MONTHS
from cabinet.accounts.brand import brand_of
from cabinet.carbon.branch import branch_of
from cabinet.carbon.rules import in_order, rules_of
from cabinet.carbon.ruling import said_lines, said_target
from cabinet.carbon.selectors import Reading, quantities_of, reading_of
from cabinet.clients.models import Client, FiscalYear
from cabinet.dossiers.selectors import Figures, figures_of
from cabinet.imports.coverage import months_of
from cabinet.vsme.models import PointAnswer
from cabinet.vsme.selectors import changes_of, evidence_of, results_of, with_emissions

THOUSAND = Decimal(1000)


def diagnostic_pdf(client: Client, year: FiscalYear) -> bytes:
    """The report as a PDF. What a small group hides on the screens is in no page either."""
    return render(document_of(client, year))


def document_of(client: Client, year: FiscalYear) -> Document:
    """The report before it is set."""
    figures = figures_of(year)
    results, estimate = results_of(figures), reading_of(year)
    answers = {one.concept: one for one in PointAnswer.objects.filter(year=year)}
    facts = DiagnosticFacts(
        period=Period(year.start, year.end),
        results=results,
        joined=joined(with_emissions(results, estimate)),
        changes=changes_of(client, year, results),
        families=_families(figures),
        months=_months(figures, year),
        carbon=_carbon(client, estimate) if estimate and estimate.total().lines else None,
        table=prefill(evidence_of(client, figures, answers, estimate, quantities_of(year))),
    )
    return diagnostic_document(facts, brand=brand_of(client.firm), subject=client.name, day=timezone.localdate())


def _carbon(client: Client, estimate: Reading) -> CarbonFacts:
    total, compared = estimate.total(), branch_of(client, estimate)
    by_category: dict[str, Decimal] = defaultdict(Decimal)
    for cell in estimate.cells:
        if cell.category and cell.kgco2e:
            by_category[cell.category] += cell.kgco2e / THOUSAND
    heaviest = sorted(by_category.items(), key=lambda pair: (-pair[1], pair[0]))
    return CarbonFacts(
        total=total.kgco2e / THOUSAND,
        uncertainty_pct=total.uncertainty_pct,
        by_scope={scope: kg / THOUSAND if kg else None for scope, kg in estimate.by_scope.items()},
        by_category=[(sentence("carbon", f"category_{name}").message, tonnes) for name, tonnes in heaviest],
        method=estimate.row.method,
        waiting=total.missing_lines,
        branch=compared.sentences if compared else (),
        rules=[(said_lines(one), said_target(one), one.reason) for one in in_order(rules_of(client))],
    )


def _families(figures: Figures) -> list[tuple[str, Decimal]]:
    cells = figures.cells("purchases_by_family")
    return [(sentence("economic", cell["by"]["family"]).message, Decimal(str(cell["value"]))) for cell in cells]


def _months(figures: Figures, year: FiscalYear) -> list[tuple[str, int | None]]:
    """Every month of the year, None without a DSN; none at all when no month is known."""
    known = {cell["by"]["month"]: cell["value"] for cell in figures.cells("headcount_by_month")}
    counts = [(day, known.get(f"{day:%Y-%m}")) for day in months_of(year.start, year.end)] if known else []
    return [(SHORT_MONTHS[day.month - 1], None if count is None else int(count)) for day, count in counts]
