"""The clients list and the home page of a firm with 10,000 clients, against the same firm with 1,000.

Prints, for each page, the queries, the milliseconds (median of 5), and how much slower ten times more clients make it.
Makes and drops a test database, on the server of DATABASE_URL when it is PostgreSQL, else SQLite.
"""
# ruff: noqa: E402 (Django is set up before its models are imported)

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")

import django

django.setup()

from django.db import connection
from django.test.utils import CaptureQueriesContext

from cabinet.accounts.actors import Actor, operator
from cabinet.accounts.models import Collaborator
from cabinet.accounts.services import Person, create_firm
from cabinet.clients.access import visible_clients
from cabinet.clients.models import Client, FiscalYear
from cabinet.clients.selectors import ClientFilter, count_clients, filter_clients, sort_clients
from cabinet.dossiers.models import Dossier
from cabinet.dossiers.worklist import worklist
from cabinet.imports.coverage import Lack, coverage_of, with_lack
from cabinet.imports.enums import ImportKind, ImportState
from cabinet.imports.models import DeclaredMonth, Import
from cabinet.portfolios.models import Portfolio

TODAY = date(2026, 11, 17)
PAGE = 25


@contextmanager
def database() -> Iterator[None]:
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def fill(count: int) -> tuple[Actor, Actor]:
    """A firm of ``count`` clients, nine in ten complete; its operator, and a colleague who shares a third of them."""
    firm, person = create_firm(name=f"{count}", administrator=Person("S", "H", f"s{count}@cabinet.test"), password=None)
    colleague = Collaborator.objects.create(
        firm=firm, group=firm.groups.get(role="collaborator"), first_name="I", last_name="B", email="i@cabinet.test"
    )
    portfolio = Portfolio.objects.create(firm=firm, name="Un tiers")
    portfolio.members.add(colleague)
    clients = Client.objects.bulk_create(
        Client(
            firm=firm, siret=f"{rank:014d}", siren=f"{rank:09d}", name=f"Société {rank}", search_name=f"societe {rank}",
            ape="10.72Z", town="Laval", manager=person, master_name=b"bench", file_code=f"C{rank}",
        )
        for rank in range(count)
    )  # fmt: skip
    Client.portfolios.through.objects.bulk_create(
        Client.portfolios.through(client=client, portfolio=portfolio) for client in clients[::3]
    )
    Dossier.objects.bulk_create(Dossier(client=client) for client in clients)
    years = FiscalYear.objects.bulk_create(
        FiscalYear(client=client, start=date(2025, 1, 1), end=date(2025, 12, 31)) for client in clients
    )
    add_files(clients, years)
    actor = operator(firm)
    return actor, Actor(firm, frozenset(colleague.group.codes), colleague, actor.origin)


def add_files(clients: list[Client], years: list[FiscalYear]) -> None:
    def file(client: Client, kind: ImportKind, year: FiscalYear | None) -> Import:
        return Import(
            firm_id=client.firm_id, client=client, kind=kind, state=ImportState.ACCEPTED, year=year, file_name="f",
            sha256="0", subject_salt=client.salt, subject_master=b"bench", expected_siren=client.siren,
        )  # fmt: skip

    pairs = list(zip(clients, years, strict=True))
    Import.objects.bulk_create(
        file(client, ImportKind.FEC, year) for rank, (client, year) in enumerate(pairs) if rank % 10
    )
    dsn = Import.objects.bulk_create(file(client, ImportKind.DSN, None) for client in clients)
    DeclaredMonth.objects.bulk_create(
        DeclaredMonth(source=source, siret="0", month=date(2025, month, 1), nature="01", type="01", counts=True)
        for rank, source in enumerate(dsn)
        for month in range(1, 13 if rank % 10 else 12)
    )


def list_page(actor: Actor, kept: ClientFilter, lack: Lack | None = None) -> None:
    clients = filter_clients(visible_clients(actor), kept)
    if lack is not None:
        clients = with_lack(clients, lack, TODAY)
    clients.count()
    page = list(sort_clients(clients, "name").select_related("manager").prefetch_related("portfolios")[:PAGE])
    coverage_of(page, TODAY)
    count_clients(actor)


def measures(administrator: Actor, colleague: Actor) -> dict[str, Callable[[], object]]:
    return {
        "list": lambda: list_page(administrator, ClientFilter()),
        "list, own portfolio": lambda: list_page(colleague, ClientFilter()),
        "search": lambda: list_page(administrator, ClientFilter(text="ciete 99")),
        "FEC missing": lambda: list_page(administrator, ClientFilter(), Lack.FEC),
        "DSN missing": lambda: list_page(administrator, ClientFilter(), Lack.DSN),
        "import refused": lambda: list_page(administrator, ClientFilter(), Lack.REFUSED),
        "home, whole firm": lambda: worklist(administrator, today=TODAY, only_mine=False, limit=8),
    }


def timed(work: Callable[[], object]) -> tuple[float, int]:
    with CaptureQueriesContext(connection) as queries:
        work()
    times = []
    for _ in range(5):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times), len(queries)


def main() -> int:
    print(f"clients: {connection.vendor}")
    with database():
        small, large = (measures(*fill(count)) for count in (1_000, 10_000))
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        for name, work in large.items():
            few, _ = timed(small[name])
            many, queries = timed(work)
            print(f"  {name:<22} {queries:>2} queries  {many:7.1f} ms  ×{many / few:.1f} for ×10 clients")
    return 0


if __name__ == "__main__":
    sys.exit(main())
