"""A shop’s year, written out here: every expected figure is worked out by hand beside it."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from bocage.indicators import economic
from bocage.indicators.result import Result
from tests.bocage.economic.books import Entry, figures_of, tables_of

OPENING: Entry = (
    "AN",
    "2025-01-01 2024-12-01",
    "A nouveau",
    "512 15000, 218 5000, 37 400, 411:C1:A 1200, 401:F1:A -1200, 101 -20400",
)
BOUGHT: tuple[Entry, ...] = (
    ("AC", "2025-02-03 2025-02-01", "Facture", "607 1000, 44566 200, 401:F1:B -1200"),
    ("AC", "2025-03-01", "Facture", "611 500, 44566 100, 401:F2:C -600"),
    ("AC", "2025-03-10", "Avoir", "6097 -100, 44566 -20, 401:F1 120"),
    ("AC", "2025-04-01", "Facture", "6061 200, 44566 40, 401:F1:b -240"),
    ("AC", "2025-04-02", "Facture", "622 300, 44566 60, 401:F2 -360"),
    ("AC", "2025-04-03", "Avoir", "629 -50, 44566 -10, 401:F2 60"),
    ("AC", "2025-04-04", "Interim", "6211 100, 44566 20, 401:F2 -120"),
    ("AC", "2025-05-01", "Facture", "2183 2000, 44562 400, 404:F3 -2400"),
    ("AC", "2025-05-02", "Facture", "203 500, 44562 100, 404:F3 -600"),
    ("AC", "2025-05-03", "Etude", "617 90, 44566 18, 404:F3 -108"),
    ("AC", "2025-05-04", "Licence", "651 40, 44566 8, 401:F3 -48"),
    *(("AC", "2025-06-01", "Fournitures", f"6064 10, 401:P{rank} -10") for rank in range(1, 10)),
)
SOLD: tuple[Entry, ...] = (
    ("VE", "2025-01-15", "Facture", "411:C1:A 6000, 707 -5000, 44571 -1000"),
    ("VE", "2025-02-15", "Facture", "411:C2 1200, 706 -1000, 44571 -200"),
    ("VE", "2025-03-15", "Avoir", "411:C1 -240, 7097 200, 44571 40"),
)
PAID: tuple[Entry, ...] = (
    ("BQ", "2025-02-19", "Reglement", "401:F1:A 1200, 512 -1200"),
    ("BQ", "2025-03-03", "Reglement", "401:F1:B 700, 512 -700"),
    ("BQ", "2025-04-02", "Reglement", "401:F1:B 500, 512 -500"),
    ("BQ", "2025-04-11", "Reglement", "401:F1:b 240, 512 -240"),
    ("BQ", "2025-02-25", "Acompte", "401:F2:C 600, 512 -600"),
    ("BQ", "2025-01-25", "Encaissement", "512 2400, 411:C1:A -2400"),
    ("BQ", "2025-02-14", "Encaissement", "512 4800, 411:C1:A -4800"),
    ("BQ", "2025-06-02", "Verse", "6713 60, 512 -60"),
    ("BQ", "2025-06-03", "Don à une association", "6238 40, 512 -40"),
    ("BQ", "2025-06-04", "Pourboires", "6238 7, 512 -7"),
    ("BQ", "2025-06-05", "Mécénat sportif", "658 30, 512 -30"),
    ("BQ", "2025-06-06", "Abandon de créance", "658 20, 512 -20"),
    ("BQ", "2025-06-07", "Amende", "6582 35, 512 -35"),
    ("BQ", "2025-06-08", "Amende", "6712 25, 512 -25"),
    ("BQ", "2025-06-09", "Agios", "661 10, 512 -10"),
    ("BQ", "2025-06-10", "Comptoir", "218 77, 512 -77"),
    ("BQ", "2025-06-11", "Divers", "512 45, 758 -25, 791 -20"),
)
OTHERS: tuple[Entry, ...] = (
    ("OD", "2025-12-31", "Stocks", "6037 150, 37 -150, 355 70, 713 -70"),
    ("OD", "2025-12-31", "Production", "215 300, 72 -300"),
    ("OD", "2025-12-31", "Paie", "641 1500, 645 600, 421 -1500, 431 -600"),
    ("OD", "2025-12-31", "Taxes", "6333 12, 6313 8, 63511 80, 438 -20, 447 -80"),
    ("OD", "2025-12-31", "Impôt", "695 90, 699 -15, 444 -75"),
    ("OD", "2025-12-31", "Aides", "441 400, 741 -400, 139 65, 747 -50, 777 -15"),
    ("OD", "2025-12-31", "Dotations", "681 250, 281 -250, 15 30, 781 -30"),
)
CLOSING: Entry = ("OD", "2025-12-31", "Cloture", "707 5000, 607 -1000, 120 -4000")
YEAR = (OPENING, *BOUGHT, *SOLD, *PAID, *OTHERS, CLOSING)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    return tables_of(tmp_path_factory.mktemp("shop"), *YEAR)


@pytest.fixture(scope="module")
def figures(tables: Mapping[str, Path]) -> dict[str, Result]:
    return figures_of(tables)


@pytest.mark.parametrize(
    ("code", "value"),
    [
        # 5 000 + 1 000 − 200 of credit note
        ("turnover", "5800.00"),
        # 1 000 − 100 + 200 + 9 × 10: without the stock variation
        ("purchases", "1190.00"),
        # 500 + 300 − 50 + 100 + 90 + 40 + 7
        ("external_charges", "987.00"),
        # 5 800 + 70 + 300 − 1 190 − 150 − 987
        ("value_added", "3843.00"),
        # 3 843 + 400 − 100 − 2 100: a grant put to income (747) stays out
        ("ebitda", "2043.00"),
        # 5 800 + 70 + 300 + 450 + 25 + 30 + 20 − 2 327 − 100 − 2 100 − 125 − 250
        ("operating_result", "1793.00"),
        # 1 793 + 15 − 60 − 25 − 10 − 90 + 15: the closing entry changes nothing
        ("net_result", "1638.00"),
        # 7 627 fixed + 320 stocks + 416 + 500 VAT + F1 120 + C2 1 200 + grant 400 + bank 18 701; C1’s 240 is a debt
        ("total_assets", "29284.00"),
        ("wage_bill", "1500.00"),
        ("social_charges", "600.00"),
        # 12 + 8 + 80 + 90 − 15
        ("taxes", "175.00"),
        # 400 + 50 + 15
        ("subsidies", "465.00"),
        # 60 + 40 + 30: neither tips nor « abandon »
        ("donations", "130.00"),
        # 35 by the new chart + 25 by the old one
        ("fines", "60.00"),
        ("training_levy", "20.00"),
        # 90 of studies + 500 of development costs
        ("research", "590.00"),
        # 2 000 + 500 + 300 produced; what the bank paid at once bears no 40
        ("capital_expenditure", "2800.00"),
        # (1 200 × 80 + 700 × 30 + 500 × 60 + 240 × 10) ÷ 2 640: the opening by its voucher, the deposit left out
        ("supplier_payment_days", "56.59"),
        # First in first out: (1 200 × 55 + 1 200 × 10 + 4 800 × 30) ÷ 7 200
        ("customer_payment_days", "30.83"),
        # 1 200 ÷ 2 640: sixty days are not late
        ("supplier_late_share", "45.45"),
        # (1 100 + 850 + 90 + 7 × 10) ÷ 2 130, rounded once
        ("supplier_top10_share", "99.06"),
        ("customer_top10_share", "100.00"),
        # 500 ÷ (1 190 + 987)
        ("subcontracting_share", "22.97"),
        # 100 ÷ 1 500
        ("temporary_staff_share", "6.67"),
    ],
)
def test_figures(figures: dict[str, Result], code: str, value: str) -> None:
    assert figures[code].value == Decimal(value)


def test_what_labels_or_studies_alone_tell_is_partial(figures: dict[str, Result]) -> None:
    assert [figures[code].status.value for code in ("donations", "research", "fines")] == [
        "partial",
        "partial",
        "computed",
    ]


def test_families_take_their_credit_notes(tables: Mapping[str, Path]) -> None:
    assert {family.code: family.amount for family in economic.purchases_by_family(tables)} == {
        "goods": 900,
        "subcontracting": 500,
        "fees": 300,
        "energy_small_supplies": 290,
        "stock_variation": 150,
        "external_staff": 100,
        "studies_documentation": 90,
        "advertising": 47,
        "other_services": -50,
    }


def test_thirds_by_their_share(tables: Mapping[str, Path]) -> None:
    first = [(third.key, f"{third.amount}", f"{third.share}") for third in economic.top_suppliers(tables, 3)]
    # Of 2 130.
    assert first == [("F1", "1100.00", "51.64"), ("F2", "850.00", "39.91"), ("F3", "90.00", "4.23")]
    customers = [(third.key, f"{third.amount}") for third in economic.top_customers(tables)]
    assert customers == [("C1", "4800.00"), ("C2", "1000.00")]


def test_without_account_a_figure_is_unknown(tmp_path: Path) -> None:
    found = figures_of(tables_of(tmp_path, OPENING, ("BQ", "2025-06-01", "Virement", "5121 10, 512 -10")))
    unknown = {code: result.reason for code, result in found.items() if result.value is None}
    assert {code: result.value for code, result in found.items() if code not in unknown} == {
        # 15 000 + 5 000 + 400 + 1 200
        "total_assets": Decimal("21600.00")
    }
    told = {
        "donations": "no_label",
        "capital_expenditure": "no_acquisition",
        "supplier_payment_days": "no_lettering",
        "customer_payment_days": "no_lettering",
        "supplier_late_share": "no_lettering",
        "supplier_top10_share": "no_third_party",
        "customer_top10_share": "no_third_party",
    }
    assert unknown == {code: told.get(code, "no_account") for code in economic.CODES if code != "total_assets"}
