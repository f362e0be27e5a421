"""The block of *Accueil* that says what changed at the registry."""

from dataclasses import dataclass

from django.urls import reverse

from cabinet.accounts.actors import Actor
from cabinet.clients.models import NewsKind, RegistryNews
from cabinet.clients.selectors import registry_news
from cabinet.clients.watch import COMPARED
from cabinet.web.components.formats import day, siret
from cabinet.web.journal.entries import WORDS


@dataclass(frozen=True, slots=True)
class NewsRow:
    """A client and what the registry says of it; the link leads where one can act."""

    name: str
    url: str
    text: str
    icon: str
    tone: str


def latest_news(actor: Actor, limit: int) -> tuple[tuple[NewsRow, ...], int]:
    """The latest changes, and how many there are: one query, two when there are more than shown."""
    news = registry_news(actor)
    first = list(news[:limit])
    route = "client_edit" if actor.can("clients.edit") else "dossier_overview"
    rows = tuple(_row(one, reverse(route, args=[one.client_id])) for one in first)
    return rows, news.count() if len(first) == limit else len(first)


def _row(news: RegistryNews, url: str) -> NewsRow:
    grave = news.kind != NewsKind.CHANGED
    return NewsRow(
        name=news.client.name,
        url=url,
        text=_text(news),
        icon="alert-triangle" if grave else "refresh",
        tone="bo-warn-text" if grave else "",
    )


def _text(news: RegistryNews) -> str:
    if news.kind == NewsKind.DUPLICATE:
        return f"Enregistrée deux fois\u00a0: l’Insee a gardé le SIREN {siret(news.follows)}."
    if news.kind == NewsKind.CLOSED:
        closed = f"Établissement fermé depuis le {day(news.closed_on)}" if news.closed_on else "Établissement fermé"
        return f"{closed}, suivi par le {siret(news.follows)}." if news.follows else f"{closed}."
    # In the order of the form: PostgreSQL keeps the fields of a JSON in its own.
    names = ", ".join(WORDS[name] for name in COMPARED if name in news.found)
    return f"{names[:1].upper()}{names[1:]}."
