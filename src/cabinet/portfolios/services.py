"""Portfolios: the writes."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from cabinet.accounts.actors import Actor
from cabinet.accounts.models import Collaborator
from cabinet.accounts.selectors import active_collaborators
from cabinet.audit.services import Subject, record
from cabinet.portfolios.models import Portfolio
from cabinet.portfolios.selectors import manageable_portfolios


class NameTaken(Exception):
    """Another portfolio of the firm bears this name."""


class UnknownPerson(Exception):
    """Somebody chosen is not an active collaborator of the firm."""


def _subject(portfolio: Portfolio) -> Subject:
    return Subject(label=portfolio.name, id=portfolio.id)


def _check_people(actor: Actor, people: Iterable[Collaborator]) -> list[Collaborator]:
    chosen = list(people)
    if active_collaborators(actor.firm).filter(id__in=[person.id for person in chosen]).count() != len(chosen):
        raise UnknownPerson
    return chosen


def _people(people: Iterable[Collaborator]) -> str:
    return ", ".join(sorted(person.full_name for person in people))


@transaction.atomic
def create_portfolio(
    *, actor: Actor, name: str, responsables: Iterable[Collaborator], members: Iterable[Collaborator] = ()
) -> Portfolio:
    """A portfolio and its people. Raises NameTaken or UnknownPerson."""
    _check_name(actor, name)
    heads, others = _check_people(actor, responsables), _check_people(actor, members)
    try:
        with transaction.atomic():
            portfolio = Portfolio.objects.create(firm=actor.firm, name=name)
    except IntegrityError:
        raise NameTaken(name) from None
    portfolio.responsables.set(heads)
    portfolio.members.set(others)
    record(
        "portfolio.created",
        author=actor.author,
        subject=_subject(portfolio),
        changes={"responsables": (None, _people(heads)), "collaborateurs": (None, _people(others))},
    )
    return portfolio


def _check_name(actor: Actor, name: str, *, besides: Portfolio | None = None) -> None:
    others = Portfolio.objects.filter(firm=actor.firm, name__iexact=name)
    if besides is not None:
        others = others.exclude(id=besides.id)
    if others.exists():
        raise NameTaken(name)


@transaction.atomic
def change_portfolio(*, actor: Actor, portfolio: Portfolio, name: str, responsables: Iterable[Collaborator]) -> None:
    """Its name and who runs it. Raises NameTaken or UnknownPerson."""
    _check_name(actor, name, besides=portfolio)
    heads, before = _check_people(actor, responsables), list(portfolio.responsables.all())
    changes: dict[str, tuple[str, str]] = {}
    if portfolio.name != name:
        changes["nom"] = (portfolio.name, name)
        portfolio.name = name
        portfolio.save(update_fields=["name"])
    if {person.id for person in heads} != {person.id for person in before}:
        changes["responsables"] = (_people(before), _people(heads))
        portfolio.responsables.set(heads)
    if changes:
        record("portfolio.changed", author=actor.author, subject=_subject(portfolio), changes=changes)


@transaction.atomic
def add_member(*, actor: Actor, portfolio: Portfolio, person: Collaborator) -> None:
    """Give somebody access to the portfolio's clients. Raises UnknownPerson."""
    _check_people(actor, [person])
    if portfolio.members.filter(id=person.id).exists():
        return
    portfolio.members.add(person)
    record(
        "portfolio.changed",
        author=actor.author,
        subject=_subject(portfolio),
        changes={"collaborateurs": (None, person.full_name)},
    )


@transaction.atomic
def remove_member(*, actor: Actor, portfolio: Portfolio, person: Collaborator) -> None:
    """Take that access back."""
    if not portfolio.members.filter(id=person.id).exists():
        return
    portfolio.members.remove(person)
    record(
        "portfolio.changed",
        author=actor.author,
        subject=_subject(portfolio),
        changes={"collaborateurs": (person.full_name, None)},
    )


@transaction.atomic
def delete_portfolio(*, actor: Actor, portfolio: Portfolio) -> None:
    """Delete the portfolio; no client goes with it."""
    subject = _subject(portfolio)
    portfolio.delete()
    record("portfolio.deleted", author=actor.author, subject=subject)


@transaction.atomic
def choose_portfolios(*, actor: Actor, person: Collaborator, chosen: Iterable[Portfolio]) -> None:
    """Make somebody a member of exactly ``chosen``, among the portfolios that the actor may manage; others stay.

    Raises PermissionDenied for a portfolio that the actor may not manage.
    """
    wanted = {portfolio.id: portfolio for portfolio in chosen}
    manageable = {portfolio.id: portfolio for portfolio in manageable_portfolios(actor)}
    if not wanted.keys() <= manageable.keys():
        raise PermissionDenied
    held = set(person.portfolios.values_list("id", flat=True))
    for portfolio_id, portfolio in manageable.items():
        if portfolio_id in wanted and portfolio_id not in held:
            add_member(actor=actor, portfolio=portfolio, person=person)
        elif portfolio_id in held and portfolio_id not in wanted:
            remove_member(actor=actor, portfolio=portfolio, person=person)
