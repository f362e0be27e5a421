"""Clients and their fiscal years: the writes."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from bocage.identifiers.period import last_day_of_month
from cabinet.accounts.actors import Actor
from cabinet.accounts.selectors import managers
from cabinet.audit.models import LogEntry
from cabinet.audit.services import Subject, forget_client, record
from cabinet.clients.details import CompanyDetails, Organisation, fold
from cabinet.clients.models import Client, FiscalYear
from cabinet.keys.ring import master_keys
from cabinet.portfolios.access import usable_portfolios
from cabinet.portfolios.models import Portfolio


class AlreadyFollowed(Exception):
    """The firm follows this SIRET already."""


class FileCodeTaken(Exception):
    """The firm's own number belongs to another client."""


class UnknownManager(Exception):
    """The person in charge is not an active collaborator with a login of this firm."""


class UnknownPortfolio(Exception):
    """A portfolio is not one that the actor may use."""


class WouldBeInvisible(Exception):
    """The actor would not see the client: they must manage it or choose one of their portfolios."""


class OverlappingYear(Exception):
    """Another fiscal year of the client shares days with this one."""


def subject_of(client: Client) -> Subject:
    """The client, as the journal writes it."""
    return Subject(label=client.name, id=client.id, client_id=client.id)


def _others(firm_id: UUID, besides: UUID | None) -> QuerySet[Client]:
    clients = Client.objects.filter(firm_id=firm_id)
    return clients if besides is None else clients.exclude(id=besides)


def check_siret_free(firm_id: UUID, siret: str, *, besides: UUID | None = None) -> None:
    """Raises AlreadyFollowed."""
    if _others(firm_id, besides).filter(siret=siret).exists():
        raise AlreadyFollowed(siret)


def check_file_code_free(firm_id: UUID, file_code: str, *, besides: UUID | None = None) -> None:
    """Raises FileCodeTaken; an empty code is always free."""
    if file_code and _others(firm_id, besides).filter(file_code__iexact=file_code).exists():
        raise FileCodeTaken(file_code)


def check_organisation(actor: Actor, organisation: Organisation, *, client: Client | None = None) -> list[Portfolio]:
    """The portfolios chosen. Raises UnknownManager, UnknownPortfolio or WouldBeInvisible.

    Portfolios that the client is already in and that the actor cannot see are kept by :func:`change_client`.
    """
    if not managers(actor.firm).filter(id=organisation.manager_id).exists() and (
        client is None or client.manager_id != organisation.manager_id
    ):
        raise UnknownManager
    chosen = list(usable_portfolios(actor).filter(id__in=organisation.portfolio_ids))
    if len(chosen) != len(set(organisation.portfolio_ids)):
        raise UnknownPortfolio
    person = actor.collaborator
    if person is not None and not actor.can("clients.view_all") and organisation.manager_id != person.id and not chosen:
        raise WouldBeInvisible
    return chosen


@transaction.atomic
def create_client(
    *,
    actor: Actor,
    details: CompanyDetails,
    organisation: Organisation,
    client_id: UUID | None = None,
    salt: bytes | None = None,
    master_name: bytes | None = None,
) -> Client:
    """A client. ``client_id``, ``salt`` and ``master_name`` come from a draft, so that its files keep their keys.

    Raises AlreadyFollowed, FileCodeTaken, and what :func:`check_organisation` raises.
    """
    check_siret_free(actor.firm.id, details.siret)
    check_file_code_free(actor.firm.id, organisation.file_code)
    portfolios = check_organisation(actor, organisation)
    reserved: dict[str, Any] = {"salt": salt} if salt else {}
    try:
        with transaction.atomic():
            client = Client.objects.create(
                id=client_id or uuid4(),
                firm=actor.firm,
                manager_id=organisation.manager_id,
                file_code=organisation.file_code,
                contact_name=organisation.contact_name,
                contact_email=organisation.contact_email,
                master_name=master_name or master_keys()[0].name,
                **reserved,
                **details.as_columns(),
            )
    except IntegrityError:  # two tabs saved at the same moment: the constraints decide
        check_siret_free(actor.firm.id, details.siret)
        check_file_code_free(actor.firm.id, organisation.file_code)
        raise
    client.portfolios.set(portfolios)
    changes = {"siret": (None, client.siret), "responsable": (None, client.manager.full_name)}
    if portfolios:
        changes["portefeuilles"] = (None, _names(portfolios))
    record("client.created", author=actor.author, subject=subject_of(client), changes=changes)
    return client


def _names(portfolios: Iterable[Portfolio]) -> str:
    return ", ".join(sorted(portfolio.name for portfolio in portfolios))


_NOT_WRITTEN = {"search_name", "registry_at", "siren", "manager_id", "corrected", "to_complete"}
"""Columns that follow from others: the journal says those others."""


@transaction.atomic
def change_client(*, actor: Actor, client: Client, details: CompanyDetails, organisation: Organisation) -> Client:
    """Every field of a client. Raises what :func:`create_client` raises."""
    check_siret_free(actor.firm.id, details.siret, besides=client.id)
    check_file_code_free(actor.firm.id, organisation.file_code, besides=client.id)
    chosen = check_organisation(actor, organisation, client=client)
    changes: dict[str, tuple[Any, Any]] = {}
    columns = details.as_columns() | {
        "manager_id": organisation.manager_id,
        "file_code": organisation.file_code,
        "contact_name": organisation.contact_name,
        "contact_email": organisation.contact_email,
    }
    for field, value in columns.items():
        before = getattr(client, field)
        if before != value:
            if field not in _NOT_WRITTEN:
                changes[field] = (before, value)
            setattr(client, field, value)
    before_manager = type(client).objects.select_related("manager").get(id=client.id).manager
    client.save()
    client.refresh_from_db()
    if before_manager.id != client.manager_id:
        changes["responsable"] = (before_manager.full_name, client.manager.full_name)
    held = list(client.portfolios.all())
    hidden = [portfolio for portfolio in held if not usable_portfolios(actor).filter(id=portfolio.id).exists()]
    if {p.id for p in held} != {p.id for p in [*chosen, *hidden]}:
        client.portfolios.set([*chosen, *hidden])
        changes["portefeuilles"] = (_names(held), _names([*chosen, *hidden]))
    if changes:
        record("client.changed", author=actor.author, subject=subject_of(client), changes=changes)
    return client


@transaction.atomic
def set_active(*, actor: Actor, client: Client, active: bool) -> None:
    """Deactivate (read-only, out of the default list) or reactivate. Nothing is lost."""
    if client.is_active == active:
        return
    client.is_active = active
    client.save(update_fields=["is_active"])
    record("client.reactivated" if active else "client.deactivated", author=actor.author, subject=subject_of(client))


def hold(client_id: UUID) -> None:
    """Make whoever holds the same client wait until the end of the transaction; others may write its rows."""
    Client.objects.select_for_update(no_key=True).only("id").get(id=client_id)


def refuse_when_inactive(client: Client) -> None:
    """A deactivated dossier is read-only. Raises PermissionDenied."""
    if not client.is_active:
        raise PermissionDenied("dossier désactivé")


@transaction.atomic
def erase_client(*, actor: Actor, client: Client, counts: str) -> LogEntry:
    """Remove the client's rows and salt for good; one line of the journal stays, without name nor number.

    The files go first: :func:`cabinet.dossiers.services.delete_client` is the door.
    """
    client_id = client.id
    client.delete()
    forget_client(client_id)
    return record("client.deleted", author=actor.author, subject=Subject(label=counts, id=client_id))


@transaction.atomic
def open_year(*, actor: Actor, client: Client, start: date, end: date) -> FiscalYear:
    """The fiscal year with these dates, made if need be. Raises OverlappingYear.

    An assumed year in the way takes these dates instead: nobody chose its own.
    """
    same = client.years.filter(start=start, end=end).first()
    if same is not None:
        if same.assumed:
            same.assumed = False
            same.save(update_fields=["assumed"])
        return same
    in_the_way = list(client.years.filter(start__lte=end, end__gte=start))
    if any(not year.assumed for year in in_the_way):
        raise OverlappingYear
    dates = f"{start:%d/%m/%Y} – {end:%d/%m/%Y}"
    if not in_the_way:
        year = FiscalYear.objects.create(client=client, start=start, end=end)
        record("year.created", author=actor.author, subject=subject_of(client), changes={"exercice": (None, dates)})
        return year
    year, *others = in_the_way
    before = f"{year.start:%d/%m/%Y} – {year.end:%d/%m/%Y}"
    for other in others:
        other.delete()
    year.start, year.end, year.assumed = start, end, False
    year.save(update_fields=["start", "end", "assumed"])
    record("year.changed", author=actor.author, subject=subject_of(client), changes={"exercice": (before, dates)})
    return year


@transaction.atomic
def assume_years(*, actor: Actor, client: Client, months: Iterable[date]) -> None:
    """Give a calendar year to DSN months that no fiscal year holds, so that their figures have a place."""
    for month in sorted(set(months)):
        if client.years.filter(start__lte=last_day_of_month(month), end__gte=month).exists():
            continue
        start, end = date(month.year, 1, 1), date(month.year, 12, 31)
        for year in client.years.filter(start__lte=end, end__gte=start):
            # The rest of the calendar year is another fiscal year's: what is left goes to this one.
            if year.end < month:
                start = max(start, year.end + timedelta(days=1))
            else:
                end = min(end, year.start - timedelta(days=1))
        FiscalYear.objects.create(client=client, start=start, end=end, assumed=True)
        record(
            "year.created",
            author=actor.author,
            subject=subject_of(client),
            changes={"exercice": (None, f"{start:%d/%m/%Y} – {end:%d/%m/%Y}")},
        )


@transaction.atomic
def complete_from_registry(*, actor: Actor, client: Client, details: CompanyDetails) -> bool:
    """Fill in what was left empty while the registry was unreachable; what a person typed stays.

    ``client`` may have been read long before: nothing is done when somebody completed it, or gave it another number,
    while the registry was answering. Whether it was done.
    """
    held = Client.objects.select_for_update().filter(id=client.id, siret=details.siret, to_complete=True).first()
    if held is None:
        return False
    changes: dict[str, tuple[Any, Any]] = {}
    for field, value in details.as_columns().items():
        if field in {"siret", "siren", "search_name", "corrected", "to_complete"} or value in ("", None):
            continue
        # A client of a list may have come without a name: its number stands in for it.
        if getattr(held, field) in ("", None) or (field == "name" and held.name == held.siret):
            changes[field] = (None, value)
            setattr(held, field, value)
    held.search_name = fold(held.name)[:200]
    held.to_complete = False
    held.registry_source = details.registry_source
    held.registry_at = details.registry_at or timezone.now()
    held.save()
    changes.pop("registry_at", None)
    record("client.completed", author=actor.author, subject=subject_of(held), changes=changes)
    return True
