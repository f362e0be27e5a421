"""Figures and dates as they are written in French: no-break spaces, true minus, nothing unknown turned into 0."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import engines

from cabinet.web.components import formats

NBSP = "\u00a0"


def spaced(text: str) -> str:
    """The expected text, its spaces made no-break."""
    return text.replace(" ", NBSP)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Decimal("3240000"), "3 240 000,00 €"),
        (Decimal("-4210"), "−4 210,00 €"),
        (Decimal("0.005"), "0,00 €"),
        (Decimal("-0.001"), "0,00 €"),
        (0, "0,00 €"),
        (999, "999,00 €"),
    ],
)
def test_money(amount: Decimal | int, text: str) -> None:
    assert formats.money(amount) == spaced(text)


@pytest.mark.parametrize(
    "write",
    [formats.money, formats.euros, formats.integer, formats.percent, formats.day, formats.long_day, formats.filesize],
)
def test_unknown_is_written_unknown(write: object) -> None:
    assert callable(write)
    assert write(None) == "à compléter"


def test_numbers() -> None:
    assert formats.euros(Decimal("21384210.40")) == spaced("21 384 210")
    assert formats.number(Decimal("6755.58"), 1) == spaced("6 755,6")
    assert formats.percent(Decimal("36.5")) == spaced("36,5 %")
    assert formats.percent(100, 0) == spaced("100 %")


@pytest.mark.parametrize(
    ("digits", "text"),
    [
        ("00007461700028", "000 074 617 00028"),
        ("000074617", "000 074 617"),
        ("12", "12"),
        ("0000746170002X", "0000746170002X"),
    ],
)
def test_siret(digits: str, text: str) -> None:
    assert formats.siret(digits) == spaced(text)


def test_days() -> None:
    assert formats.day(date(2026, 11, 17)) == "17/11/2026"
    assert formats.long_day(date(2026, 5, 1)) == spaced("1er mai 2026")
    assert formats.long_day(date(2026, 11, 17), weekday=True) == "mardi " + spaced("17 novembre 2026")
    assert formats.short_day(date(2026, 11, 27)) == spaced("27 nov. 2026")
    assert formats.month("2025-10") == spaced("octobre 2025")
    assert formats.month(date(2025, 2, 1)) == spaced("février 2025")


def test_moments_are_told_in_the_time_of_paris() -> None:
    assert formats.clock(datetime(2026, 11, 17, 8, 42, tzinfo=UTC)) == spaced("9 h 42")
    assert formats.day(datetime(2026, 11, 16, 23, 30, tzinfo=UTC)) == "17/11/2026"


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 17, 8, 42, tzinfo=UTC), f"aujourd’hui à {spaced('9 h 42')}"),
        (datetime(2026, 11, 16, 17, 4, tzinfo=UTC), f"hier à {spaced('18 h 04')}"),
        (datetime(2026, 11, 9, 12, 0, tzinfo=UTC), f"le {spaced('9 novembre')}"),
        (datetime(2025, 11, 9, 12, 0, tzinfo=UTC), f"le {spaced('9 novembre 2025')}"),
    ],
)
def test_ago(moment: datetime, text: str) -> None:
    assert formats.ago(moment, datetime(2026, 11, 17, 11, 0, tzinfo=UTC)) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 octet"), (999, "999 octets"), (12_400, "12 Ko"), (4_200_000, "4,2 Mo"), (2_500_000_000, "2,5 Go")],
)
def test_filesize(size: int, text: str) -> None:
    assert formats.filesize(size) == spaced(text)


def test_plural_begins_at_two() -> None:
    assert formats.plural(0, "dossier") == spaced("0 dossier")
    assert formats.plural(1, "dossier") == spaced("1 dossier")
    assert formats.plural(1200, "journal", "journaux") == spaced("1 200 journaux")


def test_countdown_is_an_order_of_magnitude() -> None:
    assert formats.countdown(3) == "encore quelques secondes"
    assert formats.countdown(22) == f"encore {spaced('20 s')} environ"
    assert formats.countdown(200) == f"encore {spaced('3 min')} environ"


def test_filters_are_in_every_template() -> None:
    template = engines["django"].from_string('{{ n|plural:"journal/journaux" }} {{ a|money }} {{ u|chemical }}')
    text = template.render({"n": 2, "a": Decimal(1), "u": "t CO2e <b>"})
    assert text == f"2{NBSP}journaux 1,00{NBSP}€ t CO<sub>2</sub>e &lt;b&gt;"
