"""Connections: opened, changed, switched off, deleted, and their companies linked to clients."""

from collections.abc import Mapping
from datetime import date
from typing import cast
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cabinet.accounts.actors import Actor
from cabinet.audit.services import Subject, record
from cabinet.clients.access import visible_clients
from cabinet.clients.models import Client
from cabinet.connectors.catalogue import BY_SLUG, Tool
from cabinet.connectors.checking import connector_of, open_check
from cabinet.connectors.core.errors import ConnectorError, Failure
from cabinet.connectors.core.port import Inviting
from cabinet.connectors.core.tokens import SHELF
from cabinet.connectors.models import Connection, ToolCompany
from cabinet.connectors.vault import hints_of, open_access, seal_secrets


def _subject(connection: Connection) -> Subject:
    return Subject(label=connection.name, id=connection.id)


def _split(tool: Tool, typed: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """What is sealed, and what is not."""
    secrets = {one.name: typed.get(one.name, "").strip() for one in tool.fields if one.secret}
    options = {one.name: typed.get(one.name, "").strip() for one in tool.fields if not one.secret}
    return secrets, options


def _expiry(options: Mapping[str, str]) -> date | None:
    return date.fromisoformat(options["expires_on"]) if options.get("expires_on") else None


@transaction.atomic
def open_connection(*, actor: Actor, tool: Tool, name: str, typed: Mapping[str, str]) -> Connection:
    """Keep what opens a tool, and have it tested in the background."""
    secrets, options = _split(tool, typed)
    connection = Connection.objects.create(
        firm=actor.firm,
        tool=tool.slug,
        name=name,
        sealed=seal_secrets(actor.firm, tool.slug, secrets),
        hints=hints_of(secrets),
        options=options,
        expires_on=_expiry(options),
        saved_at=timezone.now(),
        saved_by=actor.collaborator,
    )
    record(
        "connection.created", author=actor.author, subject=_subject(connection), changes={"outil": (None, tool.name)}
    )
    open_check(connection)
    return connection


@transaction.atomic
def change_connection(*, actor: Actor, connection: Connection, name: str, typed: Mapping[str, str]) -> None:
    """Another name, other secrets. A secret left empty stays; anything new closes the connection until it is tested."""
    secrets, options = _split(BY_SLUG[connection.tool], typed)
    given = {key: value for key, value in secrets.items() if value}
    changes: dict[str, tuple[object, object]] = {}
    if name != connection.name:
        changes["nom"] = (connection.name, name)
    if options != connection.options:
        changes |= {
            key: (connection.options.get(key), value)
            for key, value in options.items()
            if connection.options.get(key, "") != value
        }
    connection.name, connection.options, connection.expires_on = name, options, _expiry(options)
    if given:
        kept = {**open_access_or_nothing(connection), **given}
        connection.sealed = seal_secrets(actor.firm, connection.tool, kept)
        connection.hints = {**connection.hints, **hints_of(given)}
        connection.saved_at, connection.saved_by = timezone.now(), actor.collaborator
        changes["clé"] = (None, "remplacée")
    if given or "host" in changes or "database" in changes or "login" in changes:
        connection.tested_at, connection.blocked, connection.open_until = None, False, None
        connection.failures = connection.pauses = 0
        SHELF.forget(connection.id.hex)
    connection.save()
    if changes:
        record("connection.changed", author=actor.author, subject=_subject(connection), changes=changes)
    if connection.tested_at is None:
        open_check(connection)


def open_access_or_nothing(connection: Connection) -> Mapping[str, str]:
    """The secrets that are kept; none when they cannot be opened any more, since all are typed again then."""
    try:
        return open_access(connection).secrets
    except ConnectorError:
        return {}


@transaction.atomic
def ask_check(*, actor: Actor, connection: Connection) -> None:
    """*Tester la connexion*: a person acts, so that a door that was closed is tried once."""
    Connection.objects.filter(id=connection.id).update(blocked=False, open_until=None, failures=0, pauses=0)
    SHELF.forget(connection.id.hex)
    record("connection.tested", author=actor.author, subject=_subject(connection))
    open_check(connection)


def ask_invitation(*, actor: Actor, connection: Connection) -> str:
    """The link that authorises a tool; kept nowhere. Raises ConnectorError. Not to be called inside a transaction."""
    connector = connector_of(connection)
    if not BY_SLUG[connection.tool].by_link:
        raise ConnectorError(Failure.NOT_USABLE)
    link = cast("Inviting", connector).invite()
    record("connection.invited", author=actor.author, subject=_subject(connection))
    return link


@transaction.atomic
def switch(*, actor: Actor, connection: Connection, enabled: bool) -> None:
    """Switch a connection off, or on again; its secrets and its links stay."""
    if connection.enabled == enabled:
        return
    connection.enabled = enabled
    connection.save(update_fields=["enabled"])
    action = "connection.enabled" if enabled else "connection.disabled"
    record(action, author=actor.author, subject=_subject(connection))


@transaction.atomic
def delete_connection(*, actor: Actor, connection: Connection) -> None:
    """Forget a tool: its secrets, its companies and their links. Files already imported stay."""
    record("connection.deleted", author=actor.author, subject=_subject(connection))
    SHELF.forget(connection.id.hex)
    connection.delete()


@transaction.atomic
def link(*, actor: Actor, company: ToolCompany, client_id: UUID | None) -> Client | None:
    """Say which client a company of a tool is; None unlinks it. Raises LookupError for a client out of sight."""
    client = None
    if client_id is not None:
        client = visible_clients(actor).filter(id=client_id).first()
        if client is None:
            raise LookupError
    before = company.client
    company.client, company.by_hand = client, True
    if client is None:
        company.nightly = False
    company.save(update_fields=["client", "by_hand", "nightly"])
    record(
        "connection.linked",
        author=actor.author,
        subject=Subject(
            label=f"{company.connection.name}, {company.name}",
            id=company.connection_id,
            client_id=client.id if client else before.id if before else None,
        ),
        changes={"client": (before.name if before else None, client.name if client else None)},
    )
    return client


@transaction.atomic
def set_nightly(*, actor: Actor, company: ToolCompany, nightly: bool) -> None:
    """Have what is new fetched each night for the company's client, or no more."""
    if company.nightly == nightly or company.client is None:
        return
    company.nightly, company.nightly_on = nightly, None
    company.save(update_fields=["nightly", "nightly_on"])
    record(
        "connection.nightly",
        author=actor.author,
        subject=Subject(
            label=f"{company.connection.name}, {company.name}", id=company.connection_id, client_id=company.client_id
        ),
        changes={"chaque nuit": (not nightly, nightly)},
    )
