"""Taxes, aid, research, fines, subcontracting: what a breakdown must add up to, and what an absent account means."""

from decimal import Decimal
from pathlib import Path

from bocage.indicators import economic
from bocage.indicators.result import Result
from tests.bocage.economic.books import Entry, figures_of, tables_of

YEAR: tuple[Entry, ...] = (
    ("OD", "2025-12-31", "Taxes", "6333 12, 63511 80, 6354 5, 638 3, 447 -100"),
    ("OD", "2025-12-31", "Impôt", "695 90, 444 -90"),
    ("OD", "2025-12-31", "Intégration", "698 7, 451 -7"),
    ("OD", "2025-12-31", "Carry back", "444 15, 699 -15"),
    ("OD", "2025-12-31", "Aides", "441 460, 740 -400, 748 -60"),
    ("OD", "2025-12-31", "Quote-part", "139 65, 747 -50, 777 -15"),
    ("BQ", "2025-05-02", "Subvention d’investissement", "512 900, 131 -900"),
    ("AC", "2025-03-01", "Etude", "617 90, 401:F1 -90"),
    ("AC", "2025-03-02", "Prototype", "203 500, 401:F1 -500"),
    ("OD", "2025-12-31", "Equipe", "203 300, 72 -300"),
    ("OD", "2025-12-31", "Projet abandonné", "2803 250, 203 -250"),
    ("OD", "2025-12-31", "CIR 2025", "444 30, 699 -30"),
    ("BQ", "2025-06-08", "Contravention du camion", "6378 4, 512 -4"),
    ("BQ", "2025-06-08", "Pénalité de retard, amende de contrat", "6581 3, 512 -3"),
    ("AC", "2025-04-01", "Achat et stock", "601 100, 6031 -40, 31 40, 401:F2 -100"),
)


def _parts(result: Result) -> dict[str, object]:
    return {next(iter(part.by.values())): part.value for part in result.breakdown}


def test_breakdowns_by_account_add_up(tmp_path: Path) -> None:
    found = figures_of(tables_of(tmp_path, *YEAR))
    # 12 + 80 + 5 + 3 + 4 + 90 + 7 − 15 − 30
    assert found["taxes"].value == Decimal("156.00")
    assert _parts(found["taxes"]) == {
        "6333": 12,
        "6351": 80,
        "6354": 5,
        "6378": 4,
        "638": 3,
        "695": 90,
        "698": 7,
        "699": -45,
    }
    # 400 + 60 + 50 + 15; the 900 received for an investment come to income year after year
    assert found["subsidies"].value == Decimal("525.00")
    assert _parts(found["subsidies"]) == {"740": 400, "748": 60, "747": 50, "777": 15, "investment_grants": 900}


def test_research_counts_what_was_bought_and_made_and_shows_its_credit_beside(tmp_path: Path) -> None:
    found = figures_of(tables_of(tmp_path, *YEAR))["research"]
    # 90 + 500 + 300: what is written off takes nothing away, and the credit is no expense
    assert (found.value, found.status.value) == (Decimal("890.00"), "partial")
    assert _parts(found) == {"617": 90, "research_bought": 500, "research_produced": 300, "research_credit": 30}


def test_a_credit_alone_tells_of_research_whose_cost_nobody_booked(tmp_path: Path) -> None:
    entries: tuple[Entry, ...] = (("OD", "2025-12-31", "Crédit d’impôt recherche", "444 30, 695 -30"),)
    found = figures_of(tables_of(tmp_path, *entries))["research"]
    assert (found.value, found.reason, _parts(found)) == (None, "credit_only", {"research_credit": 30})


def test_a_fine_booked_with_other_taxes_is_told_by_its_label(tmp_path: Path) -> None:
    found = figures_of(tables_of(tmp_path, *YEAR))["fines"]
    assert (found.value, found.status.value, found.reason) == (Decimal("4.00"), "partial", "labels_only")


def test_without_account_604_605_or_611_subcontracting_is_unknown(tmp_path: Path) -> None:
    found = figures_of(tables_of(tmp_path, *YEAR))["subcontracting_share"]
    assert (found.value, found.reason) == (None, "no_account")


def test_stock_variation_is_nobody_s_supply(tmp_path: Path) -> None:
    assert {third.key: third.amount for third in economic.top_suppliers(tables_of(tmp_path, *YEAR))} == {
        "F2": 100,
        "F1": 90,
    }
