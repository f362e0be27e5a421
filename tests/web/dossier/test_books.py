"""The books of a year on the screen: what they say, that they agree with the report, and what they cost."""

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django.fixtures import DjangoAssertNumQueries

from bocage.indicators import ledger
from bocage.indicators.ledger import Search
from cabinet.audit.selectors import entries_of_client
from cabinet.clients.models import Client
from cabinet.dossiers.snapshots import recompute
from cabinet.imports.facts import accounting_facts
from cabinet.imports.models import Import
from tests.cabinet.imports.samples import GENERATED_FEC, Deliver, make_sample_client
from tests.cabinet.people import People

QUERIES = 14
"""Five are the session and the shell; the year, its FEC, the frame of the dossier. None grows with the file."""
PAGES = (
    ("books_audit", ""),
    ("books_audit", "vue=chronologie"),
    ("books_audit", "vue=numeros"),
    ("books_audit", "vue=mois"),
    ("books_balance", ""),
    ("books_thirds", "cote=clients"),
    ("books_ledger", ""),
    ("books_ledger", "compte=512000"),
    ("books_ledger", "q=facture&du=2025-03-01&au=2025-06-30&page=2"),
)


def tables(client: Client) -> Any:
    found = accounting_facts(client.years.get())
    assert found is not None
    return found.tables


def get(people: People, client: Client, route: str, query: str = "", *args: object, **headers: str) -> Any:
    url = reverse(route, args=[client.id, *args])
    return people.browser("administrator").get(f"{url}?{query}", headers=headers or None)


@pytest.fixture
def books(people: People, deliver: Deliver, settings: Any) -> Client:
    """One fiscal year and its FEC."""
    settings.IMPORT_FOLLOWERS = []
    client = make_sample_client(people.firm, people.manager)
    deliver(client, GENERATED_FEC.name, GENERATED_FEC.read_bytes())
    return client


def test_a_page_costs_few_queries(
    people: People, books: Client, empty: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser = people.browser("administrator")
    for route, query in PAGES:
        url = f"{reverse(route, args=[books.id])}?{query}"
        with django_assert_max_num_queries(QUERIES):
            response = browser.get(url)
        assert response.status_code == 200, url
        part = browser.get(url, headers={"HX-Request": "true"})
        assert part.status_code == 200
        assert (b"<html" in part.content) == query.startswith("vue=")
        nothing = browser.get(reverse(route, args=[empty.id])).content.decode()
        assert "Aucun FEC accepté" in nothing


def test_the_balance_and_its_sheets_say_the_same(people: People, books: Client) -> None:
    balance = ledger.trial_balance(tables(books))
    html = get(people, books, "books_balance").content.decode()
    assert "Les débits égalent les crédits." in html
    for one in balance.accounts():
        assert f">{one.account}</a>" in html
    content = get(people, books, "books_balance_sheet", "", "csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content), delimiter=";"))
    total = [Decimal(cell.replace(",", ".")) for cell in rows[-1][3:]]
    assert total == list(balance.total.columns)
    assert len(rows) == balance.count + 2
    book = load_workbook(io.BytesIO(get(people, books, "books_balance_sheet", "q=40", "xlsx").content))
    cells = list(book.worksheets[0].iter_rows(values_only=True))
    assert {str(row[0])[:2] for row in cells[1:-1]} == {"40"}
    told = [entry.object_label for entry in entries_of_client(books.id) if entry.action == "download.taken"]
    assert told == ["Balance générale (XLSX)", "Balance générale (CSV)"]
    assert get(people, books, "books_balance_sheet", "", "pdf").status_code == 404


def test_an_account_leads_to_its_lines_and_to_its_neighbours(people: People, books: Client) -> None:
    page = get(people, books, "books_ledger", "compte=401000").context["page"]
    account = ledger.find_account(tables(books), "401000")
    assert page.account == account
    assert page.page.paginator.count == account.lines > 100
    last = get(people, books, "books_ledger", "compte=401000&page=999").context["page"]
    assert last.lines[-1].line.balance == account.balance
    assert page.next_url.endswith(f"compte={account.next}")
    sought = get(people, books, "books_ledger", "compte=401000&q=rien+de+tel").content.decode()
    assert "Aucune ligne ne correspond" in sought
    assert "Aucune ligne ne porte ce compte" in get(people, books, "books_ledger", "compte=999").content.decode()
    assert get(people, books, "books_ledger", "compte=401000&du=hier&page=-3").status_code == 200


def test_a_search_goes_through_all_the_accounts(people: People, books: Client) -> None:
    found = ledger.find_lines(tables(books), Search("loyer"), limit=None)
    page = get(people, books, "books_ledger", "q=Lo%C3%BFer".replace("%C3%BF", "y")).context["page"]
    assert page.page.paginator.count == found.count > 0
    assert {shown.line.account for shown in page.lines} <= {line.account for line in found.lines}


def test_an_entry_is_whole_with_the_lines_as_received(people: People, books: Client) -> None:
    response = get(people, books, "books_entry", "", 2)
    entry = response.context["page"].entry
    html = response.content.decode()
    assert len(response.context["page"].raw) == len(entry.lines) > 1
    for line in entry.lines:
        assert f">{line.account}</a>" in html
    assert "<html" not in get(people, books, "books_entry", "", 2, **{"HX-Request": "true"}).content.decode()
    assert get(people, books, "books_entry", "", 999_999).status_code == 404
    assert get(people, books, "books_entry", "", 10**30).status_code == 404


def test_the_view_counts_as_the_report_does(people: People, farm: Client) -> None:
    fec = Import.objects.get(client=farm, kind="fec")
    said = {one["code"]: (one["count"], one["severity"]) for one in fec.report["findings"]}
    counts = get(people, farm, "books_audit").context["page"].counts
    assert len(counts) > 10
    assert {one.code: (one.count, one.severity) for one in counts}.items() <= said.items()
    for one in counts[:6]:
        page = get(people, farm, "books_audit", f"code={one.code}").context["page"]
        assert page.page.paginator.count == one.entries
        assert all(one.code in {mark.code for mark in shown.marks} for shown in page.entries)
    some = get(people, farm, "books_audit", "code=ALT-01&journal=VEN&du=2022-01-01").context["page"]
    assert some.entries
    assert all(shown.entry.journal_code == "VEN" and shown.entry.date.year == 2022 for shown in some.entries)


def test_files_read_before_flags_say_so(people: People, books: Client) -> None:
    fec = Import.objects.get(client=books, kind="fec")
    fec.tables = {name: file for name, file in fec.tables.items() if name in {"lines", "accounts", "journals", "books"}}
    fec.save()
    assert "Déposez-le à nouveau" in get(people, books, "books_audit").content.decode()
    for route, query in PAGES[4:]:
        assert get(people, books, route, query).status_code == 200


def test_a_figure_leads_to_the_accounts_that_made_it(people: People, books: Client) -> None:
    recompute(books)
    html = get(people, books, "dossier_figure", "", "purchases").content.decode()
    assert f'href="{reverse("books_balance", args=[books.id])}?q=60"' in html
