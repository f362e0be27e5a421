"""What the page of one person shows, and the page of their departure."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator

from cabinet.accounts.actors import FACTORS, Actor
from cabinet.accounts.authority import may_manage_person
from cabinet.accounts.models import Collaborator
from cabinet.accounts.permissions import CODES
from cabinet.onboarding.departures import Charge, charge_of, successors
from cabinet.portfolios.access import visible_portfolios
from cabinet.portfolios.models import Portfolio
from cabinet.web.collaborators.access_words import AccessWord, access_word
from cabinet.web.collaborators.forms import DepartureForm
from cabinet.web.components.formats import plural


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One collaborator."""

    person: Collaborator
    access: AccessWord
    portfolios_run: tuple[Portfolio, ...]
    portfolios: tuple[Portfolio, ...]
    clients: int
    missions: int
    has_factor: bool
    is_self: bool
    can_change: bool
    can_administer: bool

    @property
    def subtitle(self) -> str:
        """``Expert-comptable, dirigeant(e)``."""
        position = self.person.get_position_display()
        return f"{position}, dirigeant(e)" if self.person.is_director else position


def build_person(actor: Actor, person: Collaborator) -> PersonPage:
    """The page of a person who came through the gate."""
    charge = charge_of(person)
    seen = visible_portfolios(actor)
    run = tuple(seen.filter(responsables=person))
    return PersonPage(
        person=person,
        access=access_word(person),
        portfolios_run=run,
        portfolios=tuple(one for one in seen.filter(members=person) if one not in run),
        clients=charge.clients,
        missions=charge.missions,
        has_factor=Authenticator.objects.filter(user__collaborator=person, type__in=FACTORS).exists(),
        is_self=actor.collaborator is not None and actor.collaborator.id == person.id,
        can_change=may_manage_person(actor.codes, person),
        can_administer=actor.codes == CODES,
    )


@dataclass(frozen=True, slots=True)
class Departure:
    """What is handed over before somebody leaves, and what is refused."""

    person: Collaborator
    charge: Charge
    form: DepartureForm
    deleting: bool
    error: str = ""
    name_error: str = ""

    @property
    def needs_successor(self) -> bool:
        """Whether nobody can be left in charge of nothing."""
        return self.charge.needs_successor(deleting=self.deleting)

    @property
    def asks_successor(self) -> bool:
        """Whether somebody may take over: portfolios alone may wait."""
        return self.needs_successor or bool(self.charge.portfolios)

    @property
    def successor_is_optional(self) -> bool:
        """Whether the choice may be left blank."""
        return not self.needs_successor

    @property
    def duties(self) -> tuple[str, ...]:
        """What waits for someone."""
        missions = self.charge.all_missions if self.deleting else self.charge.missions
        lines = []
        if self.charge.clients:
            lines.append(plural(self.charge.clients, "dossier"))
        if missions:
            lines.append(plural(missions, "mission"))
        if self.charge.portfolios:
            names = ", ".join(portfolio.name for portfolio in self.charge.portfolios)
            count = plural(
                len(self.charge.portfolios),
                "portefeuille sans autre responsable",
                "portefeuilles sans autre responsable",
            )
            lines.append(f"{count}\u00a0: {names}")
        return tuple(lines)


def open_departure(person: Collaborator, *, deleting: bool, form: DepartureForm | None = None) -> Departure:
    """The page as it opens."""
    charge = charge_of(person)
    return Departure(person, charge, form or DepartureForm(successors(person)), deleting)
