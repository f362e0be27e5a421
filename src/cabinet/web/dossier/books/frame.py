"""What the pages of the books share: the FEC of the year, the row of views, pages of long lists."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.urls import reverse

from bocage.indicators.ledger import Search
from cabinet.clients.models import Client
from cabinet.imports.facts import tables_of
from cabinet.imports.models import Import
from cabinet.imports.selectors import fec_of
from cabinet.web.actor import ActorRequest
from cabinet.web.components.parts import Link, Tab
from cabinet.web.dossier.frame import Head, open_head

VIEWS = (
    ("Fichiers", "dossier_data"),
    ("Vue contrôle", "books_audit"),
    ("Balance générale", "books_balance"),
    ("Balance des tiers", "books_thirds"),
    ("Grand livre", "books_ledger"),
)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The books of a fiscal year, in the frame of the dossier. ``fec`` is None when the year has no accepted FEC."""

    head: Head
    fec: Import | None
    tables: Mapping[str, Path]

    def url(self, route: str, *args: object, **asked: object) -> str:
        """The address of a page of the books, in the same fiscal year."""
        query = {key: value for key, value in asked.items() if value not in ("", None)}
        if self.head.query and self.head.year:
            query = {"exercice": self.head.year.id, **query}
        here = reverse(route, args=[self.head.client.id, *args])
        return f"{here}?{urlencode(query)}" if query else here


def views_of(client: Client, query: str, route: str) -> tuple[Tab, ...]:
    """The second row of tabs of « Données »."""
    return tuple(Tab(word, reverse(name, args=[client.id]) + query, current=name == route) for word, name in VIEWS)


def open_shelf(request: ActorRequest, client_id: UUID, route: str) -> Shelf:
    """The books of the year chosen, through the gate of the dossier."""
    head = open_head(request, client_id, route, tab="dossier_data")
    title = {name: word for word, name in VIEWS}[route]
    trail = (
        Link("Clients", reverse("client_list")),
        Link(head.client.name, reverse("dossier_overview", args=[client_id]) + head.query),
        Link("Données", reverse("dossier_data", args=[client_id]) + head.query),
        Link(title),
    )
    fec = fec_of(head.year) if head.year else None
    if fec is not None and not fec.tables:
        fec = None
    views = views_of(head.client, head.query, route)
    return Shelf(replace(head, trail=trail, views=views), fec, tables_of(fec) if fec else {})


def search_of(asked: QueryDict) -> Search:
    """What the address looks for. A date that is none is left out."""
    return Search(asked.get("q", "").strip()[:100], _day(asked.get("du", "")), _day(asked.get("au", "")))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def page_of[T](fetch: Callable[[int], tuple[Sequence[T], int]], asked: str, size: int) -> Page[T]:
    """A page of a long list: ``fetch(offset)`` gives its rows and how many there are in all."""
    number = int(asked) if asked.isdecimal() and 0 < int(asked) < 1_000_000 else 1
    rows, count = fetch((number - 1) * size)
    paginator = Paginator(range(count), size)
    if number > paginator.num_pages:
        number = paginator.num_pages
        rows, _ = fetch((number - 1) * size)
    return Page(rows, number, paginator)  # type: ignore[arg-type]  # the paginator counts, it holds no row


def anchor_of(part: int, line: int) -> str:
    """The name of a line on the page of an account."""
    return f"ligne-{line}" if part == 1 else f"ligne-{part}-{line}"
