"""*Tester la connexion*: one call that says who we are, then the tool's companies, matched with the firm's clients."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cabinet.accounts.actors import worker
from cabinet.clients.access import visible_clients
from cabinet.clients.models import Client
from cabinet.connectors import breaker
from cabinet.connectors.catalogue import BY_SLUG
from cabinet.connectors.core.errors import ConnectorError, Failure
from cabinet.connectors.core.port import Checked, Company, Connector
from cabinet.connectors.models import Connection, ToolCompany
from cabinet.connectors.sending import CHECK, send
from cabinet.connectors.vault import open_access
from cabinet.jobs import running
from cabinet.jobs.models import Job

logger = logging.getLogger(__name__)

MAX_COMPANIES = 20_000


def open_check(connection: Connection) -> None:
    """Have the connection tested in the background, once."""
    job = running.open_once(firm_id=connection.firm_id, kind=CHECK, object_id=connection.id)
    if job is not None:
        send(job)


def connector_of(connection: Connection) -> Connector:
    """The connector of a connection, its secrets opened. Raises ConnectorError."""
    tool = BY_SLUG[connection.tool]
    if not tool.is_open():
        raise ConnectorError(Failure.OUR_CONFIGURATION)
    return tool.build(open_access(connection))


def check(job: Job) -> bool:
    """Test the connection of a job; False when it is gone. Not to be called inside a transaction: it calls the tool."""
    connection = Connection.objects.select_related("firm").filter(id=job.object_id).first()
    if connection is None:
        return False
    try:
        connector = connector_of(connection)
        checked = connector.check()
        companies = _all(connector.companies())
    except ConnectorError as error:
        breaker.note_failure(connection, error)
        _keep_failure(connection.id, error)
        return True
    _keep(connection.id, checked, companies)
    return True


def _all(companies: Iterable[Company]) -> list[Company]:
    """The companies, each once. Raises ConnectorError for a list without an end."""
    found: dict[str, Company] = {}
    for company in companies:
        found[company.ref] = company
        if len(found) > MAX_COMPANIES:
            raise ConnectorError(Failure.UNEXPECTED_PAYLOAD)
    return list(found.values())


def _keep_failure(connection_id: UUID, error: ConnectorError) -> None:
    """A test that failed is told whatever it failed for; a tool that is silent for a moment stays usable."""
    row = Connection.objects.filter(id=connection_id)
    row.update(error=error.failure.value, error_detail=error.detail, error_at=timezone.now())


@transaction.atomic
def _keep(connection_id: UUID, checked: Checked, companies: list[Company]) -> None:
    connection = Connection.objects.select_for_update(of=("self",)).filter(id=connection_id).first()
    if connection is None:
        return
    breaker.note_success(connection)
    connection.refresh_from_db()
    connection.tested_at = timezone.now()
    connection.who, connection.warnings = checked.who[:200], list(checked.warnings)
    if checked.expires_on is not None:
        connection.expires_on = checked.expires_on
    connection.save()
    _keep_companies(connection, companies)


def _keep_companies(connection: Connection, companies: list[Company]) -> None:
    """What the tool lists now; a company that it lists no more becomes inactive, and keeps its link."""
    known = {row.ref: row for row in connection.companies.all()}
    fresh = []
    for company in companies:
        row = known.pop(company.ref, None) or ToolCompany(connection=connection, ref=company.ref[:200])
        row.name = company.name[:200] or company.ref[:200]
        row.siren, row.siret, row.code = company.siren, company.siret, company.code[:60]
        row.active = company.active
        fresh.append(row)
    ToolCompany.objects.filter(id__in=[row.id for row in known.values()]).update(active=False)
    match(connection, fresh)
    old = [row for row in fresh if not row._state.adding]
    ToolCompany.objects.bulk_create([row for row in fresh if row._state.adding], batch_size=500)
    ToolCompany.objects.bulk_update(old, ["name", "siren", "siret", "code", "active", "client"], batch_size=200)


def match(connection: Connection, rows: list[ToolCompany]) -> None:
    """Link the companies that nobody linked by hand: by SIRET, else SIREN, else the firm's file code; never by a name.

    Two companies that could be the same client, or two clients that could be the same company: a person chooses.
    """
    by_siret: dict[str, list[Client]] = defaultdict(list)
    by_siren: dict[str, list[Client]] = defaultdict(list)
    by_code: dict[str, list[Client]] = defaultdict(list)
    for client in visible_clients(worker(connection.firm)).only("id", "siret", "file_code"):
        by_siret[client.siret].append(client)
        by_siren[client.siret[:9]].append(client)
        if client.file_code:
            by_code[client.file_code.casefold()].append(client)
    taken: dict[UUID, list[ToolCompany]] = defaultdict(list)
    chosen: set[UUID] = set()
    for row in rows:
        if row.by_hand:
            if row.client_id is not None:
                chosen.add(row.client_id)
            continue
        exact = by_siret.get(row.siret, []) if row.siret else []
        same = exact or (by_siren.get(row.siren, []) if row.siren and not row.siret else [])
        same = same or ([] if row.siren else by_code.get(row.code.casefold(), []) if row.code else [])
        row.client = same[0] if len(same) == 1 else None
        if row.client is not None:
            taken[row.client.id].append(row)
    for client_id, several in taken.items():
        if len(several) > 1 or client_id in chosen:
            for row in several:
                row.client = None


def link_new_client(client: Client) -> None:
    """A client was just created: the companies of tools that wait for one like it are linked, without a call to any."""
    same = Q(siret=client.siret) | Q(siret="", siren=client.siren)
    if client.file_code:
        same |= Q(siren="", code__iexact=client.file_code)
    waiting = ToolCompany.objects.filter(same, connection__firm=client.firm, client=None, by_hand=False)
    by_connection: dict[UUID, list[ToolCompany]] = defaultdict(list)
    for row in waiting:
        by_connection[row.connection_id].append(row)
    alone = visible_clients(worker(client.firm)).filter(siret__startswith=client.siren).count() == 1
    for rows in by_connection.values():
        if len(rows) == 1 and (alone or rows[0].siret == client.siret or not rows[0].siren):
            ToolCompany.objects.filter(id=rows[0].id).update(client=client)
