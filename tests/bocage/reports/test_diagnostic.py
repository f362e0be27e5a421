"""*Premier diagnostic RSE* on paper: its figures, what it says of the unknown, the same bytes each time."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

from pypdf import PdfReader

from bocage.identifiers import Period
from bocage.indicators.changes import changes
from bocage.indicators.joined import joined
from bocage.indicators.result import Result, Status
from bocage.reports import Brand, Chart, Document, Table, render
from bocage.reports.diagnostic import CarbonFacts, DiagnosticFacts, diagnostic_document
from bocage.vsme import Evidence, prefill

DAY = date(2026, 11, 24)


def figure(code: str, value: Decimal | int | None, unit: str, status: Status = Status.COMPUTED) -> Result:
    return Result(
        code, value, unit, status, f"calcul de {code}", (), reason=None if value is not None else "small_group"
    )


RESULTS = {
    "turnover": figure("turnover", Decimal("1286670.42"), "EUR"),
    "value_added": figure("value_added", Decimal("400000"), "EUR"),
    "fines": figure("fines", None, "EUR", Status.MISSING),
    "headcount_year_end": figure("headcount_year_end", 17, "persons"),
    "fte_year_end": figure("fte_year_end", Decimal("16.60"), "FTE"),
    "pay_gap_mean": figure("pay_gap_mean", None, "%", Status.HIDDEN),
}
BEFORE = {"turnover": figure("turnover", Decimal("900000.00"), "EUR")}
FACTS = DiagnosticFacts(
    period=Period.year(2025),
    results=RESULTS,
    joined=joined(RESULTS),
    changes=changes(BEFORE, RESULTS),
    families=(("Marchandises", Decimal("320000")), ("Loyers", Decimal("24000"))),
    months=(("janv.", 16), ("févr.", None), ("mars", 17)),
    carbon=CarbonFacts(
        Decimal("24.6"), Decimal(31), {"1": None, "3": Decimal("20.5")}, (("Biens", Decimal(18)),), "M", 3
    ),
    table=prefill(Evidence(results=RESULTS)),
)


def document(facts: DiagnosticFacts = FACTS) -> Document:
    return diagnostic_document(facts, brand=Brand("Cabinet Dupont"), subject="=1+1 #emph[Atelier]", day=DAY)


def said(found: Document) -> str:
    pages = PdfReader(io.BytesIO(render(found))).pages
    return (
        " ".join(" ".join(page.extract_text().split()) for page in pages).replace("\u00a0", " ").replace("\u200b", "")
    )


def test_it_says_the_figures_what_changed_and_what_is_unknown() -> None:
    words = said(document())
    for part in (
        *("Premier diagnostic RSE", "=1+1 #emph[Atelier]", "Cabinet Dupont", "1 286 670 €", "+43,0 %", "masqué"),
        *("à compléter", "24,6 t CO2e", "à ± 31 % près", "Annexe, méthode", "calcul de turnover", "EFRAG"),
        *("Scope 1 à compléter", "3 lignes d’énergie attendent une quantité"),
        "Chiffre d’affaires : augmente de 43 % par rapport à l’exercice précédent.",
    ):
        assert part in words, part
    assert "0 €" not in words.replace("000 €", "").replace("670 €", "")


def test_without_a_file_each_part_says_so() -> None:
    empty = replace(
        FACTS, results={}, joined=(), changes={}, families=(), months=(), carbon=None, table=prefill(Evidence())
    )
    words = said(document(empty))
    for part in (
        "Aucun chiffre économique",
        "Aucun chiffre social",
        "Pas encore d’estimation",
        "À demander en premier",
    ):
        assert part in words
    assert not [block for block in document(empty).blocks if isinstance(block, Chart)]


def test_what_always_applies_is_asked_first() -> None:
    tables = [block for block in document().blocks if isinstance(block, Table) and block.columns[0].title == "Point"]
    assert "B3 § 29" in {row[0] for row in tables[0].rows}


def test_the_same_facts_give_the_same_bytes() -> None:
    assert render(document()) == render(document())


def test_a_chart_keeps_the_spaces_of_its_figures() -> None:
    chart = next(block for block in document().blocks if isinstance(block, Chart))
    assert "320\u00a0000\u00a0€" in chart.svg.decode()


def test_a_month_without_a_declaration_is_no_missing_column() -> None:
    charts = [block for block in document().blocks if isinstance(block, Chart)]
    (months,) = [chart for chart in charts if "Effectif" in chart.alt]
    assert months.alt == "Effectif en fin de mois\u00a0: janv. 16, févr. absent, mars 17"
