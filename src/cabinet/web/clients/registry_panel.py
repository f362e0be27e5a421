"""« Ce que dit le registre »: what differs field by field, what is closed, and the numbers that follow."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bocage.referentials.sirene import legal_form_label, size_band_label
from bocage.wording import Sentence, sentence
from cabinet.clients.models import NewsKind, RegistryNews
from cabinet.clients.watch import COMPARED, found_values
from cabinet.registry.enums import LookupCase, Source
from cabinet.registry.services import LookupOutcome, say_case
from cabinet.web.clients.forms import ClientForm
from cabinet.web.components.formats import ago, day
from cabinet.web.components.formats import siret as grouped


@dataclass(frozen=True, slots=True)
class Difference:
    """A field on which the registry and the form disagree."""

    name: str
    label: str
    held: str
    found: str


@dataclass(frozen=True, slots=True)
class Following:
    """A number that may take the place of this one, and what it is."""

    siret: str
    said: str

    @property
    def choice(self) -> str:
        """The name of its button."""
        return f"Prendre le numéro {grouped(self.siret)}"


@dataclass(frozen=True, slots=True)
class Panel:
    """The registry's answer. ``warning``: closed, registered twice, unknown or silent. ``found``: it can be compared.

    ``may_dismiss``: the scheduled work found it, and it stays until somebody settles it.
    """

    found: bool
    warning: Sentence
    source: str
    differences: tuple[Difference, ...] = ()
    following: tuple[Following, ...] = ()
    may_dismiss: bool = False


def panel_of(form: ClientForm, outcome: LookupOutcome) -> Panel:
    """What the registry has just said of the number in the form."""
    twice = outcome.case is LookupCase.DUPLICATE
    found = outcome.details is not None and outcome.case is not LookupCase.SIREN and not twice
    quiet = outcome.case in {LookupCase.FOUND, LookupCase.FOUND_MASKED}
    following: tuple[Following, ...] = ()
    if twice:
        following = tuple(Following(one.siret, one.address) for one in outcome.sites)
    elif outcome.successor:
        said = "Siège actuel de l’entreprise" if outcome.moved_office else "L’activité continue sous ce numéro"
        following = (Following(outcome.successor, said),)
    return Panel(
        found=found,
        warning=Sentence("") if quiet else outcome.words,
        source=_source(outcome.source, f"lu {ago(outcome.read_at)}" if outcome.read_at else ""),
        differences=_differences(form, found_values(outcome)) if found else (),
        following=following,
    )


def panel_of_news(form: ClientForm, news: RegistryNews) -> Panel:
    """What the scheduled work found."""
    warning = Sentence("")
    if news.kind == NewsKind.CLOSED:
        closed = day(news.closed_on) if news.closed_on else "une date inconnue"
        warning = Sentence(sentence("registry", LookupCase.FOUND_CLOSED, date=closed).message)
    elif news.kind == NewsKind.DUPLICATE:
        warning = Sentence(
            say_case(LookupCase.DUPLICATE, kept=news.follows).message,
            "Interrogez le registre pour choisir l’établissement.",
        )
    known = dict(news.found) | ({"closed_on": news.closed_on.isoformat()} if news.closed_on else {})
    found = {name: known[name] for name in COMPARED if name in known}
    follows = news.kind == NewsKind.CLOSED and news.follows
    return Panel(
        found=news.kind != NewsKind.DUPLICATE,
        warning=warning,
        source=_source(news.source, f"lu {ago(news.read_at)}"),
        differences=_differences(form, found),
        following=(Following(news.follows, "L’activité continue sous ce numéro"),) if follows else (),
        may_dismiss=True,
    )


def _source(name: str, read: str) -> str:
    label = str(Source(name).label) if name in Source else ""
    return ", ".join(part for part in (label, read) if part)


def _differences(form: ClientForm, found: Mapping[str, Any]) -> tuple[Difference, ...]:
    held = {name: form.initial.get(name) or "" for name in found}
    return tuple(
        Difference(name, str(form.fields[name].label), _shown(name, held[name]), _shown(name, value))
        for name, value in found.items()
        if _plain(held[name]) != _plain(value)
    )


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def _shown(name: str, value: Any) -> str:
    """As a person reads it; an empty value is « vide »."""
    if not value:
        return "vide"
    if name == "is_head_office":
        return "Oui" if value == "True" else "Non"
    if name in {"opened_on", "closed_on"}:
        return day(date.fromisoformat(_plain(value)))
    labels = {"legal_form": legal_form_label, "size_band": size_band_label}
    return (labels[name](str(value)) or str(value)) if name in labels else str(value)
