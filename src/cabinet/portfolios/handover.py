"""Portfolios that would be left without a responsable, and giving them to somebody."""

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from cabinet.accounts.actors import Actor
from cabinet.accounts.models import Collaborator
from cabinet.audit.services import Subject, record
from cabinet.portfolios.models import Portfolio


def portfolios_run_alone(person: Collaborator) -> QuerySet[Portfolio]:
    """Those of which the person is the only active responsable."""
    others = Count("responsables", filter=Q(responsables__is_active=True) & ~Q(responsables=person), distinct=True)
    run = Portfolio.objects.filter(id__in=person.portfolios_run.values("id"))
    return run.annotate(others=others).filter(others=0)


@transaction.atomic
def hand_over_portfolios(*, actor: Actor, person: Collaborator, successor: Collaborator) -> int:
    """``successor`` becomes responsable of the portfolios that ``person`` runs alone; how many."""
    portfolios = list(portfolios_run_alone(person))
    for portfolio in portfolios:
        portfolio.responsables.add(successor)
        record(
            "portfolio.changed",
            author=actor.author,
            subject=Subject(label=portfolio.name, id=portfolio.id),
            changes={"responsables": (person.full_name, successor.full_name)},
        )
    return len(portfolios)
