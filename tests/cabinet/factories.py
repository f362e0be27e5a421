"""Rows for tests, made through the services where one exists. Every company is invented: its SIREN begins with 0000."""

from collections.abc import Iterable
from datetime import date
from itertools import count
from typing import Any

from django.db import transaction
from django.utils import timezone

from bocage.identifiers.company import luhn_ok
from cabinet.accounts.actors import Actor, actor_of, operator
from cabinet.accounts.models import Collaborator, Firm, Group, User
from cabinet.accounts.permissions import Role
from cabinet.accounts.services import Person, create_collaborator, create_firm
from cabinet.clients.details import CompanyDetails, Organisation
from cabinet.clients.models import Client, FiscalYear
from cabinet.clients.services import create_client, open_year
from cabinet.connectors.catalogue import BY_SLUG
from cabinet.connectors.models import Connection, ToolCompany
from cabinet.connectors.vault import hints_of, seal_secrets
from cabinet.dossiers.models import Dossier, Mission
from cabinet.imports.enums import ImportKind, ImportState
from cabinet.imports.lacking import refresh
from cabinet.imports.models import DeclaredMonth, Import
from cabinet.portfolios.models import Portfolio
from cabinet.portfolios.services import create_portfolio

PASSWORD = "une-phrase-de-passe-de-test"

# Above 9,999: the companies of the demonstration registry and of the samples stand below, and some tests create them.
_numbers = count(10_000)


def _with_key(digits: str) -> str:
    return next(digits + key for key in "0123456789" if luhn_ok(digits + key))


def make_siren(number: int) -> str:
    """The invented SIREN number ``number`` (0 to 99,999)."""
    return _with_key(f"{number % 100_000:08d}")


def make_siret(number: int, establishment: int = 1) -> str:
    """An establishment of the invented SIREN number ``number``."""
    return _with_key(f"{make_siren(number)}{establishment:04d}")


def make_firm(name: str = "Hautbois & Associés") -> tuple[Firm, Collaborator]:
    """A firm with its default groups, and its administrator."""
    person = Person("Solène", "Hautbois", f"administration{next(_numbers)}@cabinet.test", is_director=True)
    return create_firm(name=name, administrator=person, password=PASSWORD)


def make_collaborator(
    firm: Firm,
    role: Role = Role.COLLABORATOR,
    *,
    first_name: str = "Mathis",
    last_name: str = "",
    with_login: bool = True,
) -> Collaborator:
    """A person of the firm, in one of its default groups."""
    rank = next(_numbers)
    return create_collaborator(
        actor=operator(firm),
        person=Person(first_name, last_name or f"Le Goff {rank}", f"personne{rank}@cabinet.test"),
        group=Group.objects.get(firm=firm, role=role),
        with_login=with_login,
        password=PASSWORD if with_login else None,
    )


def make_group(firm: Firm, *codes: str, name: str = "") -> Group:
    """A group of the firm's own that holds exactly ``codes``."""
    return Group.objects.create(firm=firm, name=name or f"Groupe {next(_numbers)}", codes=sorted(codes))


def actor_for(person: Collaborator) -> Actor:
    """The actor that the web gives to this person."""
    found = actor_of(User.objects.get(collaborator=person), address="127.0.0.1")
    assert found is not None
    return found


def make_portfolio(
    firm: Firm,
    name: str = "",
    *,
    responsables: Iterable[Collaborator] = (),
    members: Iterable[Collaborator] = (),
) -> Portfolio:
    """A portfolio of the firm."""
    return create_portfolio(
        actor=operator(firm),
        name=name or f"Portefeuille {next(_numbers)}",
        responsables=responsables,
        members=members,
    )


def make_client(
    firm: Firm,
    manager: Collaborator,
    *,
    portfolios: Iterable[Portfolio] = (),
    name: str = "",
    file_code: str = "",
    active: bool = True,
    **details: Any,
) -> Client:
    """A client with its dossier; ``details`` are fields of CompanyDetails."""
    rank = next(_numbers)
    given = {
        "siret": make_siret(rank),
        "ape": "10.72Z",
        "street": "3 rue du Four",
        "postcode": "53500",
        "town": "Ernée",
    }
    client = create_client(
        actor=operator(firm),
        details=CompanyDetails(name=name or f"Biscuiterie {rank}", **(given | details)),
        organisation=Organisation(
            manager_id=manager.id, portfolio_ids=tuple(p.id for p in portfolios), file_code=file_code
        ),
    )
    Dossier.objects.create(client=client)
    if not active:
        client.is_active = False
        client.save(update_fields=["is_active"])
    return client


def _refresh(client: Client) -> None:
    with transaction.atomic():
        refresh(client.id)


def make_year(client: Client, year: int = 2025) -> FiscalYear:
    """A calendar fiscal year."""
    opened = open_year(actor=operator(client.firm), client=client, start=date(year, 1, 1), end=date(year, 12, 31))
    _refresh(client)
    return opened


def make_import(
    client: Client,
    kind: ImportKind = ImportKind.FEC,
    state: ImportState = ImportState.ACCEPTED,
    *,
    year: FiscalYear | None = None,
    **columns: Any,
) -> Import:
    """The row of an import; no file stands behind it."""
    given = {
        "file_name": f"{client.siren}FEC20251231.txt" if kind == ImportKind.FEC else "dsn.txt",
        "size": 1234,
        "sha256": f"{next(_numbers):064x}",
        "siren": client.siren,
        "expected_siren": client.siren,
        "subject_salt": client.salt,
        "subject_master": client.master_name,
        "period_start": year.start if year else None,
        "period_end": year.end if year else None,
    }
    made = Import.objects.create(
        firm=client.firm, client=client, kind=kind, state=state, year=year, **(given | columns)
    )
    _refresh(client)
    return made


def make_declared_months(client: Client, months: Iterable[str], *, individuals: int = 12) -> Import:
    """An accepted DSN import that declares ``months`` (``2025-01``) for the client's establishment."""
    source = make_import(client, ImportKind.DSN)
    for month in months:
        DeclaredMonth.objects.create(
            source=source,
            siret=client.siret,
            month=date.fromisoformat(f"{month}-01"),
            nature="01",
            type="01",
            individuals=individuals,
            counts=True,
        )
    _refresh(client)
    return source


def make_mission(client: Client, manager: Collaborator | None = None, **columns: Any) -> Mission:
    """A mission of the client's dossier."""
    return Mission.objects.create(dossier=client.dossier, manager=manager or client.manager, **columns)


def make_connection(
    firm: Firm, tool: str = "pennylane", *, clients: Iterable[Client] = (), **columns: Any
) -> Connection:
    """A tested connection, which no tool answers; with one company for each client."""
    secrets = {one.name: f"cle-{one.name}-de-test-4c1d" for one in BY_SLUG[tool].fields if one.secret}
    given = {"name": BY_SLUG[tool].name, "tested_at": timezone.now(), "worked_at": timezone.now()}
    made = Connection.objects.create(
        firm=firm,
        tool=tool,
        sealed=seal_secrets(firm, tool, secrets),
        hints=hints_of(secrets),
        saved_at=timezone.now(),
        **(given | columns),
    )
    for client in clients:
        rank = next(_numbers)
        ToolCompany.objects.create(
            connection=made, ref=str(rank), name=client.name.upper(), siren=client.siren, client=client
        )
    return made
