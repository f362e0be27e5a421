"""What the pages of *Connexions API* draw."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import QueryDict

from cabinet.accounts.actors import Actor
from cabinet.clients.access import visible_clients
from cabinet.connectors.access import connections_of
from cabinet.connectors.catalogue import BY_SLUG, DROP_FOLDER, TOOLS, Tool
from cabinet.connectors.core.port import Gives
from cabinet.connectors.dropping import unsorted_files
from cabinet.connectors.listing import busy_with
from cabinet.connectors.models import Connection, ToolCompany
from cabinet.connectors.selectors import Tally, companies, tallies
from cabinet.connectors.sending import CHECK
from cabinet.web.components.formats import plural, siret
from cabinet.web.connections.health import WARNINGS, Health, health_of
from cabinet.web.connections.tools import ACCOUNTING, PAYROLL_TOOLS

PAGE_SIZE = 25
PROPOSED_CLIENTS = 2_000
GIVES = {Gives.FEC: "FEC", Gives.DSN: "DSN"}


@dataclass(frozen=True, slots=True)
class ConnectionLine:
    """A connection in the list."""

    row: Connection
    tool: Tool
    health: Health
    about: str


@dataclass(frozen=True, slots=True)
class ToolLine:
    """A tool that may be connected."""

    tool: Tool
    about: str


@dataclass(frozen=True, slots=True)
class ListPage:
    """Every connection, and every tool."""

    lines: tuple[ConnectionLine, ...]
    tools: tuple[ToolLine, ...]
    accounting: Any
    payroll: Any


def draw_list(actor: Actor) -> ListPage:
    """Raises PermissionDenied without ``connections.manage``."""
    found = connections_of(actor)
    rows, counted = list(found), tallies(found)
    busy = busy_with([row.id for row in rows], CHECK).ids
    lines = tuple(
        ConnectionLine(
            row, BY_SLUG[row.tool], health_of(row, busy=row.id in busy), _about(row, counted.get(row.id, Tally()))
        )
        for row in rows
    )
    tools = tuple(
        ToolLine(tool, _gives(tool.gives) + (", par son API" if tool.gives else ", déposés par n’importe quel outil"))
        for tool in TOOLS
    )
    return ListPage(lines, tools, ACCOUNTING, PAYROLL_TOOLS)


def _gives(gives: Gives | None) -> str:
    return GIVES[gives] if gives else "FEC et DSN"


def _about(row: Connection, tally: Tally) -> str:
    gives = BY_SLUG[row.tool].gives
    parts = [_gives(gives)]
    if row.tested_at is not None and gives is not None:
        parts.append(f"{plural(tally.all, 'dossier')}, dont {plural(tally.linked, 'relié')}")
    return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A client that a company may be."""

    text: str


@dataclass(frozen=True, slots=True)
class ConnectionPage:
    """One connection: how it is, what opens it, which company is which client."""

    row: Connection
    tool: Tool
    health: Health
    busy: bool
    warnings: tuple[str, ...]
    secrets: tuple[tuple[str, str], ...]
    tally: Tally
    words: str
    unmatched: Page[ToolCompany]
    linked: Page[ToolCompany]
    clients: tuple[Proposal, ...]
    unsorted: tuple[str, ...]
    """What was dropped in a watched folder and found no client."""


def draw_connection(actor: Actor, row: Connection, asked: QueryDict) -> ConnectionPage:
    """A page of each list, and the clients that the unmatched may be."""
    busy = row.id in busy_with([row.id], CHECK).ids
    words = asked.get("q", "").strip()[:80]
    tool = BY_SLUG[row.tool]
    unmatched = Paginator(companies(row, linked=False, words=words), PAGE_SIZE).get_page(asked.get("page"))
    linked = Paginator(companies(row, linked=True, words=words), PAGE_SIZE).get_page(asked.get("relies"))
    return ConnectionPage(
        row=row,
        tool=tool,
        health=health_of(row, busy=busy),
        busy=busy,
        warnings=tuple(WARNINGS[code] for code in row.warnings if code in WARNINGS),
        secrets=tuple((one.label, row.hints[one.name]) for one in tool.fields if one.secret and one.name in row.hints),
        tally=tallies(connections_of(actor).filter(id=row.id)).get(row.id, Tally()),
        words=words,
        unmatched=unmatched,
        linked=linked,
        clients=_proposals(actor) if len(unmatched) else (),
        unsorted=tuple(unsorted_files(row.firm)) if row.tool == DROP_FOLDER else (),
    )


def _proposals(actor: Actor) -> tuple[Proposal, ...]:
    found = visible_clients(actor).filter(is_active=True).order_by("name", "id").values_list("name", "siret")
    return tuple(Proposal(f"{name} ({siret(number)})") for name, number in found[:PROPOSED_CLIENTS])
