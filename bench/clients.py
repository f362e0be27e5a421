"""The clients list and the home page of a firm with 10,000 clients, 200 collaborators and 300 portfolios: whole pages,
as a browser gets them, for an administrator and for the least a person may be, a collaborator who shares a third. Then
the page that asks before a portfolio of 3,000 clients is deleted.

Prints, for each page, its queries and the milliseconds (median of 7): by the clock, and of this process alone, which
holds the database when it is SQLite. Makes and drops a test database, on the server of DATABASE_URL when it is
PostgreSQL, else SQLite.
"""
# ruff: noqa: E402 (Django is set up before its models are imported)

import os
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")

import django

django.setup()

from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cabinet.accounts.models import Collaborator, User
from cabinet.accounts.services import Person, create_firm
from cabinet.clients.models import Client, FiscalYear
from cabinet.dossiers.models import Dossier, Mission
from cabinet.imports.enums import ImportKind, ImportState, Refusal
from cabinet.imports.lacking import Lack, refresh_many
from cabinet.imports.models import DeclaredMonth, Import
from cabinet.portfolios.models import Portfolio
from cabinet.web.clients.asking import SORTS

CLIENTS, PEOPLE, PORTFOLIOS, LARGE, RUNS = 10_000, 200, 300, 3_000, 7


@contextmanager
def database() -> Iterator[None]:
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def fill() -> tuple[Collaborator, Collaborator]:
    """The firm, one client in ten without a FEC, one in ten without a DSN: its administrator, and a colleague."""
    firm, administrator = create_firm(
        name="Hautbois", administrator=Person("Solène", "Hautbois", "s@cabinet.test"), password=None
    )
    group = firm.groups.get(role="collaborator")
    people = Collaborator.objects.bulk_create(
        Collaborator(
            firm=firm, group=group, first_name="P", last_name=f"{rank}", email=f"p{rank}@cabinet.test",
            user=User.objects.create(email=f"p{rank}@cabinet.test"),
        )
        for rank in range(PEOPLE)
    )  # fmt: skip
    portfolios = Portfolio.objects.bulk_create(Portfolio(firm=firm, name=f"P{rank}") for rank in range(PORTFOLIOS))
    for rank, portfolio in enumerate(portfolios):
        portfolio.members.add(*(people[(rank + other) % PEOPLE] for other in range(20)))
    colleague = people[0]
    colleague.portfolios.set(portfolios[::3])
    clients = Client.objects.bulk_create(
        Client(
            firm=firm, siret=f"{rank:014d}", siren=f"{rank:09d}", name=f"Société {rank}", search_name=f"societe {rank}",
            ape=("10.72Z", "43.21A")[rank % 2], town=f"Laval {rank % 90}", manager=people[rank % PEOPLE],
            master_name=b"bench", file_code=f"C{rank}", is_active=rank % 19 != 0,
        )
        for rank in range(CLIENTS)
    )  # fmt: skip
    Client.portfolios.through.objects.bulk_create(
        Client.portfolios.through(client=client, portfolio=portfolios[(rank + other) % PORTFOLIOS])
        for rank, client in enumerate(clients)
        for other in range(1 + rank % 2)
    )
    add_files(clients)
    return administrator, colleague


def add_files(clients: Sequence[Client]) -> None:
    def file(client: Client, kind: ImportKind, year: FiscalYear | None, **columns: object) -> Import:
        given = {"state": ImportState.ACCEPTED, **columns}
        return Import(
            firm_id=client.firm_id, client=client, kind=kind, year=year, file_name="f", sha256="0",
            subject_salt=client.salt, subject_master=b"bench", expected_siren=client.siren, **given,
        )  # fmt: skip

    dossiers = Dossier.objects.bulk_create(Dossier(client=client) for client in clients)
    Mission.objects.bulk_create(
        Mission(dossier=one, manager=one.client.manager, deadline=date(2026, 1, 1)) for one in dossiers[::25]
    )
    for number in (2024, 2025):
        start, end = date(number, 1, 1), date(number, 12, 31)
        years = FiscalYear.objects.bulk_create(FiscalYear(client=one, start=start, end=end) for one in clients)
        pairs = list(enumerate(zip(clients, years, strict=True)))
        Import.objects.bulk_create(
            file(client, ImportKind.FEC, year) for rank, (client, year) in pairs if number == 2024 or rank % 10
        )
        dsn = Import.objects.bulk_create(file(client, ImportKind.DSN, None) for client in clients)
        DeclaredMonth.objects.bulk_create(
            DeclaredMonth(
                source=source, siret="0", month=date(number, month, 1), nature="01", type="01", counts=True
            )
            for rank, source in enumerate(dsn)
            for month in range(1, 13 if rank % 10 != 5 else 12)
        )  # fmt: skip
    refused = {"state": ImportState.REFUSED, "refusal": Refusal.UNREADABLE}
    Import.objects.bulk_create(file(client, ImportKind.DSN, None, **refused) for client in clients[::50])
    Import.objects.bulk_create(
        file(client, ImportKind.FEC, None, state=ImportState.TO_CHECK) for client in clients[7::50]
    )
    refresh_many([client.id for client in clients])


def pages(colleague: Collaborator) -> dict[str, str]:
    """The name of each page, and its address."""
    portfolio = colleague.portfolios.all()[0]
    asked = {
        "list": "",
        "search": "q=ciete 99",
        "search of digits": "q=0000012",
        "portfolio": f"portefeuille={portfolio.id}",
        "manager": f"responsable={colleague.id}",
        "section": "section=F",
        "deactivated": "etat=desactives",
        "all states": "etat=tous",
        **{f"lack: {lack.value}": f"donnees={lack}" for lack in Lack},
        "search, section, lack: dsn": "q=ciete&section=F&donnees=dsn",
        **{f"by {sort}": f"tri={sort}" for sort in SORTS},
        "by manager, last first": "tri=-responsable",
        "page 100": "page=100",
        "last page": "page=9999",
    }
    found = {name: f"{reverse('client_list')}?{query}" for name, query in asked.items()}
    found["home"] = f"{reverse('home')}?vue=tous"
    found["home, mine"] = f"{reverse('home')}?vue=miens"
    return found


def large_portfolio(administrator: Collaborator) -> str:
    """The page that says what the deletion of a portfolio of 3,000 clients and 200 people would take from whom."""
    portfolio = Portfolio.objects.create(firm=administrator.firm, name="Grand")
    portfolio.clients.add(*Client.objects.filter(firm=administrator.firm).order_by("siret")[:LARGE])
    portfolio.members.add(*Collaborator.objects.filter(firm=administrator.firm).order_by("email"))
    return reverse("portfolio_delete", args=[portfolio.id])


def timed(browser: Browser, address: str) -> tuple[float, float, int]:
    """Milliseconds by the clock, milliseconds of processor, queries."""
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    asked = len(queries)  # before the next request empties the log
    clock, processor = [], []
    for _ in range(RUNS):
        start, busy = time.perf_counter(), time.process_time()
        browser.get(address)
        clock.append((time.perf_counter() - start) * 1000)
        processor.append((time.process_time() - busy) * 1000)
    return statistics.median(clock), statistics.median(processor), asked


def main() -> int:
    print(f"clients: {connection.vendor}, {CLIENTS:,} clients, {PEOPLE} people, {PORTFOLIOS} portfolios")
    with database():
        administrator, colleague = fill()
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        for name, address in pages(colleague).items():
            for word, person in (("administrator", administrator), ("collaborator", colleague)):
                browser = Browser()
                browser.force_login(person.user)
                tell(name, word, timed(browser, address))
        browser = Browser()
        browser.force_login(administrator.user)
        tell("deletion of a portfolio", "administrator", timed(browser, large_portfolio(administrator)))
    return 0


def tell(name: str, who: str, measured: tuple[float, float, int]) -> None:
    clock, processor, queries = measured
    print(f"  {name:<28} {who:<14} {queries:>2} queries  {clock:6.1f} ms  {processor:6.1f} ms", flush=True)


if __name__ == "__main__":
    sys.exit(main())
