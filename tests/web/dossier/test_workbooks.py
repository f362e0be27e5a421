"""The workbooks of a dossier: their formulas, evaluated apart, give the figures of the screens."""

from decimal import Decimal

import pytest
from django.urls import reverse

from cabinet.carbon.estimating import refresh
from cabinet.carbon.quantities import Terms, give
from cabinet.carbon.ruling import RuleTerms, give_rule
from cabinet.carbon.selectors import reading_of
from cabinet.clients.models import Client
from cabinet.dossiers.manual import replace_figure
from cabinet.dossiers.models import IndicatorSnapshot
from cabinet.vsme.printed import document_of
from cabinet.web.components.sheets import as_sheets
from cabinet.web.dossier.economic_export import SHARES, SUMS
from tests.cabinet.people import People
from tests.web.spreadsheet import Sheets

pytestmark = pytest.mark.django_db


def download(people: People, client: Client, route: str) -> Sheets:
    response = people.browser("inside").get(reverse(route, args=[client.id]))
    assert response.status_code == 200
    return Sheets(response.content)


def test_economic_figures_are_formulas_over_the_accounts_and_give_the_same(people: People, whole: Client) -> None:
    book = download(people, whole, "dossier_economic_xlsx")
    sheet = book.book["Indicateurs"]
    kept = {one.code: one.value for one in IndicatorSnapshot.objects.filter(year__client=whole, family="economic")}
    followed = set()
    for row in range(6, sheet.max_row + 1):
        code, written = sheet[f"K{row}"].value, sheet[f"B{row}"].value
        if isinstance(written, str) and written.startswith("="):
            assert round(book.value("Indicateurs", f"B{row}"), 2) == kept[code], code
            assert book.value("Indicateurs", f"I{row}") == 0
            followed.add(code)
        elif kept[code] is None:
            assert written == "à compléter", code
    assert followed == {code for code in (*SUMS, *SHARES) if kept.get(code) is not None}
    assert len(followed) >= 10
    assert sum(book.column("Comptes", "C", 2, book.book["Comptes"].max_row - 1)) == book.value(
        "Comptes", f"C{book.book['Comptes'].max_row}"
    )


def test_a_value_given_by_hand_is_no_formula_and_says_who_gave_it(people: People, whole: Client) -> None:
    snapshot = IndicatorSnapshot.objects.get(year__client=whole, code="turnover")
    replace_figure(actor=people.actor("inside"), snapshot=snapshot, value=Decimal(5), reason="=liasse", proof=None)
    sheet = download(people, whole, "dossier_economic_xlsx").book["Indicateurs"]
    row = next(row for row in range(6, 40) if sheet[f"K{row}"].value == "turnover")
    assert (sheet[f"B{row}"].value, sheet[f"I{row}"].value) == (5, None)
    assert "saisie par Mathis Le Goff" in sheet[f"J{row}"].value


def test_the_carbon_workbook_multiplies_and_adds_to_the_total_of_the_screen(people: People, whole: Client) -> None:
    year, actor = whole.years.get(), people.actor("administrator")
    terms = Terms("electricity", "ademe:43642", Decimal(38_400), "kWh", "billed", "", None, "Factures")
    give(actor=actor, year=year, terms=terms)
    give_rule(actor=actor, client=whole, terms=RuleTerms("", "6063", "", "branch:C16", "=Panneaux"))
    refresh(whole)
    reading = reading_of(year)
    assert reading is not None
    book = download(people, whole, "carbon_xlsx")
    assert abs(book.value("Bilan", "B9") - reading.row.total) < Decimal("0.001")
    for scope, row in (("1", 6), ("2", 7), ("3", 8)):
        assert abs(book.value("Bilan", f"B{row}") - reading.by_scope[scope]) < Decimal("0.001")
    lines = [one for one in book.column("Lignes du FEC", "K", 2) if isinstance(one, Decimal)]
    made = book.value("Quantités", "F2")
    assert abs(sum(lines, made) - reading.row.total) < Decimal("0.01")
    posts = book.column("Bilan", "B", 14)
    assert abs(sum((one for one in posts if isinstance(one, Decimal)), Decimal(0)) - reading.row.total) < Decimal(
        "0.001"
    )
    assert actor.author.label in book.column("Lignes du FEC", "L", 2)
    assert book.book["Règles"]["C2"].value == "'=Panneaux"
    assert "('Compte 6063', 'Bois', '=Panneaux')" in repr(document_of(whole, year))


def test_no_text_of_a_file_becomes_a_formula() -> None:
    book = Sheets(as_sheets([("A", (10,), [["=1+1", "@x", "\t=2", Decimal("-1.5")]])]))
    assert [cell.value for cell in book.book["A"][1]] == ["'=1+1", "'@x", "'\t=2", -1.5]
    assert all(cell.data_type != "f" for cell in book.book["A"][1])
