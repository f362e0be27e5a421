"""The clients list and the home page of a firm with 10,000 clients, 200 collaborators and 300 portfolios, against the
same firm with 1,000 clients: for an administrator, and for a collaborator who shares a third of them.

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
from functools import partial

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")

import django

django.setup()

from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from cabinet.accounts.actors import Actor, operator
from cabinet.accounts.models import Collaborator
from cabinet.accounts.services import Person, create_firm
from cabinet.clients.models import Client, FiscalYear
from cabinet.dossiers.models import Dossier
from cabinet.dossiers.worklist import worklist
from cabinet.imports.coverage import Lack
from cabinet.imports.enums import ImportKind, ImportState
from cabinet.imports.models import DeclaredMonth, Import
from cabinet.portfolios.models import Portfolio
from cabinet.web.clients.asking import SORTS
from cabinet.web.clients.listing import build_list

TODAY = date(2026, 11, 17)
PEOPLE, PORTFOLIOS = 200, 300


@contextmanager
def database() -> Iterator[None]:
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def fill(count: int) -> tuple[Actor, Actor]:
    """A firm of ``count`` clients, nine in ten complete; its operator, and a colleague who shares a third of them."""
    firm, _person = create_firm(
        name=f"{count}", administrator=Person("S", "H", f"s{count}@cabinet.test"), password=None
    )
    colleague = Collaborator.objects.create(
        firm=firm, group=firm.groups.get(role="collaborator"), first_name="I", last_name="B", email="i@cabinet.test"
    )
    people = Collaborator.objects.bulk_create(
        Collaborator(
            firm=firm, group=colleague.group, first_name="P", last_name=f"{rank}", email=f"p{rank}@cabinet.test"
        )
        for rank in range(PEOPLE)
    )
    portfolios = Portfolio.objects.bulk_create(Portfolio(firm=firm, name=f"P{rank}") for rank in range(PORTFOLIOS))
    for portfolio in portfolios[::3]:
        portfolio.members.add(colleague)
    clients = Client.objects.bulk_create(
        Client(
            firm=firm, siret=f"{rank:014d}", siren=f"{rank:09d}", name=f"Société {rank}", search_name=f"societe {rank}",
            ape=("10.72Z", "43.21A")[rank % 2], town=f"Laval {rank % 90}", manager=people[rank % PEOPLE],
            master_name=b"bench", file_code=f"C{rank}", is_active=rank % 19 != 0,
        )
        for rank in range(count)
    )  # fmt: skip
    Client.portfolios.through.objects.bulk_create(
        Client.portfolios.through(client=client, portfolio=portfolios[rank % PORTFOLIOS])
        for rank, client in enumerate(clients)
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


def list_page(actor: Actor, query: str) -> None:
    """What the list reads for itself; the session, the person and the menu come on top (5 queries)."""
    page = build_list(actor, QueryDict(query))
    _ = page.page.paginator.count, page.counts, page.drafts, page.saved


def measures(administrator: Actor, colleague: Actor) -> dict[str, Callable[[], object]]:
    portfolio = Portfolio.objects.filter(firm=administrator.firm, members=colleague.collaborator).first()
    manager = Client.objects.filter(portfolios=portfolio).values_list("manager", flat=True).first()
    pages = {
        "list": "",
        "search": "q=ciete 99",
        "portfolio": f"portefeuille={portfolio.id if portfolio else ''}",
        "manager": f"responsable={manager}",
        "section": "section=F",
        "state": "etat=tous",
        **{lack.value: f"donnees={lack}" for lack in Lack},
        **{f"by {sort}": f"tri={sort}" for sort in SORTS},
    }
    who = {"administrator": administrator, "collaborator": colleague}
    found: dict[str, Callable[[], object]] = {
        f"{name}, {word}": partial(list_page, actor, query)
        for name, query in pages.items()
        for word, actor in who.items()
    }
    for word, actor in who.items():
        found[f"home, {word}"] = partial(worklist, actor, today=TODAY, only_mine=False, limit=8)
    return found


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
            print(f"  {name:<26} {queries:>2} queries  {many:7.1f} ms  ×{many / few:.1f} for ×10 clients")
    return 0


if __name__ == "__main__":
    sys.exit(main())
