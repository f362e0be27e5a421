"""The VSME table of a fiscal year, from the figures kept, the registry's last answer and what people said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.http import Http404

from bocage.identifiers import Naf, Period, Siren, Siret
from bocage.indicators.carbon import Quantity
from bocage.indicators.changes import Change, changes, comparable
from bocage.indicators.joined import EMISSIONS
from bocage.indicators.result import BY_HAND, Part, Result, Status, Value
from bocage.referentials.vsme import Datapoint, datapoints
from bocage.registry import Address, Company, Establishment
from bocage.registry.company import Activities
from bocage.vsme import Answer, BadAnswer, CarbonTotals, Evidence, Prefill, prefill, read_value
from bocage.vsme import Status as PointStatus
from cabinet.carbon.selectors import Reading, quantities_of, reading_of, release_read
from cabinet.clients.models import Client, FiscalYear
from cabinet.dossiers.models import IndicatorSnapshot
from cabinet.dossiers.selectors import Figures, figures_of
from cabinet.registry.entries import remembered
from cabinet.vsme.models import Kind, PointAnswer


@dataclass(frozen=True, slots=True)
class Table:
    """The rows, and who answered those that somebody answered."""

    prefill: Prefill
    answers: Mapping[str, PointAnswer]
    by_hand: frozenset[str] = frozenset()
    """Codes of the figures that a person gave in the place of the computed ones."""


def table_of(client: Client, year: FiscalYear) -> Table:
    """The table of a year, in six queries at most."""
    answers = {one.concept: one for one in PointAnswer.objects.filter(year=year)}
    figures = figures_of(year)
    reading = reading_of(year)
    given = quantities_of(year, release_read(reading))
    known = evidence_of(client, figures, answers, reading, given)
    by_hand = frozenset(code for code, one in figures.by_code.items() if one.manual)
    return Table(prefill(known), answers, by_hand)


def answer_of(year: FiscalYear, point: Datapoint) -> PointAnswer:
    """What somebody answered for a data point. Raises Http404."""
    found = PointAnswer.objects.filter(year=year, concept=point.concept).first()
    if found is None:
        raise Http404
    return found


def evidence_of(
    client: Client,
    figures: Figures,
    answers: Mapping[str, PointAnswer],
    estimate: Reading | None,
    quantities: Sequence[Quantity],
) -> Evidence:
    """Everything that is known of a year."""
    return Evidence(
        results=results_of(figures),
        carbon=_carbon(estimate) if estimate else None,
        quantities=quantities,
        company=company_of(client),
        naf=Naf.parse(client.ape),
        products=tuple(cell["by"]["label"] for cell in figures.cells("product_labels")),
        materials=tuple(cell["by"]["label"] for cell in figures.cells("material_labels")),
        markets=[(cell["by"]["label"], Decimal(str(cell["value"]))) for cell in figures.cells("sales_markets")],
        answers=_answers(answers),
    )


def results_of(figures: Figures) -> dict[str, Result]:
    """The kept figures as the library gave them; lists and the estimate of carbon left out."""
    return {code: _result(one) for code, one in figures.by_code.items() if one.formula and one.family != "carbon"}


def with_emissions(results: Mapping[str, Result], estimate: Reading | None) -> dict[str, Result]:
    """The figures, and the emissions of the estimate under the code that joined figures look for."""
    if estimate is None:
        return dict(results)
    total = estimate.total()
    waiting = total.missing_lines > 0
    emissions = Result(
        EMISSIONS,
        total.kgco2e,
        "kgCO2e",
        Status.PARTIAL if waiting else Status.COMPUTED,
        estimate.row.method,
        ("carbon",),
        "side_partial" if waiting else None,
    )
    return {**results, EMISSIONS: emissions}


def changes_of(client: Client, year: FiscalYear, after: Mapping[str, Result]) -> dict[str, Change]:
    """What changed since the fiscal year before, when it lasts as long; nothing without one."""
    here = Period(year.start, year.end)
    for other in client.years.exclude(id=year.id):
        if comparable(Period(other.start, other.end), here):
            return changes(results_of(figures_of(other)), after)
    return {}


def _carbon(estimate: Reading) -> CarbonTotals:
    missing = {category: tuple(lines) for category, lines in estimate.row.missing.items()}
    return CarbonTotals(estimate.by_scope, missing, estimate.total().uncertainty_pct, estimate.row.method)


def company_of(client: Client) -> Company | None:
    """What the registry last said, the firm's own corrections first; from the client's form when it said nothing."""
    siren = Siren.parse(client.siren)
    if siren is None:
        return None
    naf = Naf.parse(client.ape)
    found = remembered(client.siren)
    if found is None:
        siret = Siret.parse(client.siret)
        address = Address(
            street=client.street or None,
            postcode=client.postcode or None,
            town=client.town or None,
            country=client.country or None,
        )
        places = (Establishment(siret, address=address),) if siret else ()
        found = Company(siren, name=client.name, establishments=places, activities=Activities(naf_rev2=naf))
    return replace(found, legal_form=client.legal_form or found.legal_form)


def _result(kept: IndicatorSnapshot) -> Result:
    """A kept figure as the library gave it."""
    value: Value = kept.value
    if kept.value is not None and kept.unit == "yes/no":
        value = bool(kept.value)
    return Result(
        kept.code,
        value,
        kept.unit,
        Status.COMPUTED if kept.manual else Status(kept.status),
        kept.formula,
        (BY_HAND, *kept.sources) if kept.manual else tuple(kept.sources),
        kept.reason or ("unknown" if value is None else None),
        tuple(Part(cell["by"], _number(cell["value"])) for cell in kept.breakdown),
    )


def _number(value: object) -> Value:
    if isinstance(value, str):
        return Decimal(value) if value.replace(".", "", 1).removeprefix("-").isdigit() else value
    return value if isinstance(value, int) else None


def _answers(kept: Mapping[str, PointAnswer]) -> dict[str, Answer]:
    points = {point.concept: point for point in datapoints()}
    found = {}
    for concept, one in kept.items():
        if concept not in points:
            continue
        try:
            value = read_value(points[concept], one.value) if one.kind == Kind.ANSWERED else None
        except BadAnswer:
            # The data changed since: what was typed fits no more, and has to be asked again.
            continue
        found[concept] = Answer(PointStatus(one.kind), value, one.reason)
    return found
