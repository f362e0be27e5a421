"""One act on many clients, as its page asks for it: on whom, towards what, and whether that is what was meant."""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from cabinet.accounts.actors import Actor
from cabinet.accounts.models import Collaborator
from cabinet.accounts.selectors import managers
from cabinet.clients.access import visible_clients
from cabinet.clients.bulk import ON_PORTFOLIO, Act, Plan, plan
from cabinet.clients.models import Client
from cabinet.portfolios.access import usable_portfolios
from cabinet.portfolios.models import Portfolio
from cabinet.web.clients.asking import Asked, read_address
from cabinet.web.clients.bulk_words import DONE, WHAT, title_of, why_left
from cabinet.web.components.formats import plural
from cabinet.web.components.people import presented

NAMED = 12
"""How many clients the page names; the others are counted."""
NOBODY = "Cochez au moins un client, ou «\u00a0tous les clients\u00a0»."
NO_ACT = "Choisissez ce qu’il faut faire de ces clients."
MOVED = "La liste a changé depuis que cette page a été préparée. Rien n’a été fait\u00a0: relisez, puis confirmez."


class TargetForm(forms.Form):
    """The portfolio, or the person, that the act is about."""

    cible = forms.ChoiceField(error_messages={"required": "Faites un choix.", "invalid_choice": "Faites un choix."})

    def __init__(self, actor: Actor, act: Act, posted: QueryDict) -> None:
        super().__init__(posted if "cible" in posted else None)
        offered = usable_portfolios(actor) if act in ON_PORTFOLIO else managers(actor.firm)
        self.offered: dict[str, Portfolio | Collaborator] = {str(one.id): one for one in offered}
        names = [(key, one.name if isinstance(one, Portfolio) else presented(one)) for key, one in self.offered.items()]
        field = self.fields["cible"]
        field.label = "Portefeuille" if act in ON_PORTFOLIO else "Nouveau responsable"
        field.choices = [("", "Choisir"), *names]  # type: ignore[attr-defined]

    @property
    def target(self) -> Portfolio | Collaborator | None:
        """What was chosen, when it may be."""
        return self.offered[self.cleaned_data["cible"]] if self.is_valid() else None


@dataclass(frozen=True, slots=True)
class Acting:
    """What the page shows. ``form`` is there when the act needs a portfolio or a person."""

    asked: Asked
    act: Act
    clients: QuerySet[Client]
    chosen: tuple[UUID, ...]
    everything: bool
    form: TargetForm | None
    target: Portfolio | Collaborator | None
    plan: Plan

    @property
    def is_ready(self) -> bool:
        """Whether only the confirmation is missing."""
        return self.form is None or self.target is not None

    @property
    def title(self) -> str:
        """``Désactiver 312 clients``."""
        return title_of(self.act, len(self.plan.changing))

    @property
    def target_name(self) -> str:
        """The portfolio, or the person."""
        if self.target is None:
            return ""
        return self.target.name if isinstance(self.target, Portfolio) else self.target.full_name

    @property
    def what(self) -> str:
        """What it does."""
        return WHAT[self.act]

    @property
    def names(self) -> tuple[str, ...]:
        """The first clients, by name."""
        return tuple(name for _id, name in self.plan.changing[:NAMED])

    @property
    def more(self) -> str:
        """``et 300 autres``."""
        rest = len(self.plan.changing) - NAMED
        return f"et {plural(rest, 'autre')}" if rest > 0 else ""

    @property
    def left(self) -> tuple[str, ...]:
        """What stays as it is, and why."""
        return tuple(why_left(self.act, reason, count) for reason, count in self.plan.left.items())

    @property
    def done(self) -> str:
        """``312 clients confiés à Inès Benamara.``"""
        words = (word.format(self.target_name) for word in DONE[self.act])
        return f"{plural(len(self.plan.changing), *words)}."


class NothingChosen(Exception):
    """No act, or nobody to act on: the text says which."""


def read_act(actor: Actor, address: QueryDict, posted: QueryDict) -> Acting:
    """What was asked for. Raises NothingChosen, PermissionDenied."""
    asked = read_address(actor, address)
    typed = posted.get("act", "")
    if typed not in set(Act):
        raise NothingChosen(NO_ACT)
    act, everything = Act(typed), "tous" in posted
    chosen = () if everything else tuple(_ids(posted.getlist("client")))
    clients = asked.clients() if everything else visible_clients(actor).filter(id__in=chosen)
    form = TargetForm(actor, act, posted) if act in (*ON_PORTFOLIO, Act.HAND_OVER) else None
    target = form.target if form is not None else None
    made = plan(actor=actor, clients=clients, act=act, target=target)
    if not made.changing and not made.left:
        raise NothingChosen(NOBODY)
    return Acting(asked, act, clients, chosen, everything, form, target, made)


def _ids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
