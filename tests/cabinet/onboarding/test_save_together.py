"""Saves at the same instant, each on its own connection: only where the database locks rows for real."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections

from cabinet.accounts.actors import Actor
from cabinet.clients.models import Client
from cabinet.dossiers.models import Dossier
from cabinet.onboarding.services import StepsWrong, save
from tests.cabinet.onboarding.drafting import CANNERY, ready
from tests.cabinet.people import People

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps the suite's database in memory"),
]


def together(*works: Callable[[], Any]) -> list[Any]:
    """Each in its thread, all let go at once; the exception of one stands for its result."""
    gate = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        try:
            gate.wait(10)
            return work()
        except StepsWrong as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def saving(actor: Actor, draft_id: UUID) -> Callable[[], Client]:
    return lambda: save(actor, draft_id)


def test_one_draft_saved_twice(people: People) -> None:
    actor = people.actor("manager")
    draft_id = ready(actor)
    first, second = together(saving(actor, draft_id), saving(actor, draft_id))
    assert first == second
    assert Client.objects.filter(siret=CANNERY).count() == 1
    assert Dossier.objects.filter(client=first).count() == 1


def test_two_drafts_of_one_siret(people: People) -> None:
    one, other = people.actor("manager"), people.actor("expert")
    results = together(saving(one, ready(one)), saving(other, ready(other)))
    (refused,) = [result for result in results if isinstance(result, StepsWrong)]
    assert refused.found[0].code == "already_followed"
    assert Client.objects.filter(siret=CANNERY).count() == 1
