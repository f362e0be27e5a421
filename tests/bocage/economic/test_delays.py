"""Payment delays on small books whose every day is counted by hand."""

from decimal import Decimal
from pathlib import Path

import pytest

from bocage.indicators.result import Result
from tests.bocage.economic.books import Entry, figures_of, tables_of


def _bought(day: str, third: str, amount: int) -> Entry:
    return ("AC", day, "Facture", f"607 {amount}, 401:{third} {-amount}")


def _credited(day: str, third: str, amount: int) -> Entry:
    return ("AC", day, "Avoir", f"607 {-amount}, 401:{third} {amount}")


def _paid(day: str, third: str, amount: int) -> Entry:
    return ("BQ", day, "Reglement", f"401:{third} {amount}, 512 {-amount}")


def _told(folder: Path, *entries: Entry) -> tuple[Decimal | None, Decimal | None, str | None]:
    """Days, late share and reason of the suppliers."""
    found = figures_of(tables_of(folder, *entries))
    days, late = found["supplier_payment_days"], found["supplier_late_share"]
    assert (days.reason, days.status) == (late.reason, late.status)
    return _number(days), _number(late), days.reason


def _number(result: Result) -> Decimal | None:
    assert result.value is None or isinstance(result.value, Decimal)
    return result.value


OPENING: Entry = ("AN", "2025-01-01 2024-10-01", "A nouveau", "512 9000, 401:O:A -1000, 101 -8000")

CASES: dict[str, tuple[tuple[Entry, ...], str, str, str | None]] = {
    # 300 in 10 days, 700 in 70: (300 × 10 + 700 × 70) ÷ 1 000; 700 are late
    "two partial payments": (
        (_bought("2025-03-01", "F:A", 1000), _paid("2025-03-11", "F:A", 300), _paid("2025-05-10", "F:A", 700)),
        "52.00",
        "70.00",
        None,
    ),
    # One payment on 31 March: 100 × 90 + 200 × 59 + 300 × 20, over 600
    "one payment for three invoices": (
        (
            _bought("2024-12-31", "F:A", 100),
            _bought("2025-01-31", "F:A", 200),
            _bought("2025-03-11", "F:A", 300),
            _paid("2025-03-31", "F:A", 600),
        ),
        "44.67",
        "16.67",
        None,
    ),
    # The credit note of 5 January settles the first invoice; what the bank paid on 1 April is that of 1 March
    "a credit note takes its place in the queue": (
        (
            _bought("2025-01-01", "F:A", 1000),
            _credited("2025-01-05", "F:A", 1000),
            _bought("2025-03-01", "F:A", 500),
            _paid("2025-04-01", "F:A", 500),
        ),
        "31.00",
        "0.00",
        None,
    ),
    # 500 paid of 1 000 invoiced less 500 credited: all of it is covered
    "a credit note after the payment": (
        (_bought("2025-01-01", "F:A", 1000), _paid("2025-01-31", "F:A", 500), _credited("2025-02-15", "F:A", 500)),
        "30.00",
        "0.00",
        None,
    ),
    # 800 lettered of 1 000 invoiced
    "a balance that nobody lettered": (
        (_bought("2025-06-01", "F:A", 800), _paid("2025-06-21", "F:A", 800), _bought("2025-11-01", "F", 200)),
        "20.00",
        "0.00",
        "lettering_partial",
    ),
    # The opening keeps its delay, 102 days, but covers nothing of the year: 100 lettered of 400 invoiced
    "the opening covers nothing of the year": (
        (
            OPENING,
            _paid("2025-01-11", "O:A", 1000),
            _bought("2025-06-01", "F:A", 100),
            _paid("2025-06-11", "F:A", 100),
            _bought("2025-07-01", "F", 300),
        ),
        "93.64",
        "90.91",
        "lettering_partial",
    ),
    # A bill of exchange settles 600 of 1 000 without any payment: 400 in 60 days, 400 of 1 000 covered
    "a bill of exchange is no payment": (
        (
            _bought("2025-01-01", "F:A", 1000),
            ("OD", "2025-02-01", "Effet", "401:F:A 600, 403 -600"),
            _paid("2025-03-02", "F:A", 400),
        ),
        "60.00",
        "0.00",
        "lettering_partial",
    ),
    # Nobody letters: 300 of the first invoice, then the rest of it and the second one; F2 apart
    "without letters, first in first out": (
        (
            _bought("2025-01-01", "F", 400),
            _paid("2025-01-11", "F", 300),
            _bought("2025-02-01", "F", 100),
            _paid("2025-03-22", "F", 200),
            _bought("2025-05-01", "F2", 50),
            _paid("2025-05-31", "F2", 50),
        ),
        # (300 × 10 + 100 × 80 + 100 × 49 + 50 × 30) ÷ 550
        "31.64",
        "18.18",
        "without_lettering",
    ),
    # The opening of 1 000 goes first and gives no delay: 200 of the 1 200 paid are of the invoice, in 30 days
    "without letters, the opening gives no delay": (
        (
            ("AN", "2025-01-01", "A nouveau", "512 9000, 401:F -1000, 101 -8000"),
            _bought("2025-02-01", "F", 500),
            _paid("2025-03-03", "F", 1200),
        ),
        "30.00",
        "0.00",
        "without_lettering",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_days_are_those_counted_by_hand(case: str, tmp_path: Path) -> None:
    entries, days, late, reason = CASES[case]
    assert _told(tmp_path, *entries) == (Decimal(days), Decimal(late), reason)


def test_an_account_of_all_suppliers_without_third_party_or_letter_says_nothing(tmp_path: Path) -> None:
    bought: Entry = ("AC", "2025-01-01", "Facture", "607 100, 401 -100")
    paid: Entry = ("BQ", "2025-02-01", "Reglement", "401 100, 512 -100")
    assert _told(tmp_path, bought, paid) == (None, None, "no_lettering")


def test_a_supplier_with_an_account_of_its_own_is_a_third_party(tmp_path: Path) -> None:
    bought: Entry = ("AC", "2025-01-01", "Facture", "607 100, 401DUPONT -100")
    paid: Entry = ("BQ", "2025-01-31", "Reglement", "401DUPONT 100, 512 -100")
    assert _told(tmp_path, bought, paid) == (30, 0, "without_lettering")
