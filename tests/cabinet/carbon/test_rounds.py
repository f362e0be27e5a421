"""Bringing many dossiers to the newest factors at once: only those chosen, one by one, again where it stopped."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from cabinet.audit.models import LogEntry
from cabinet.carbon import rounds
from cabinet.carbon.models import Estimate, FactorRevision, FactorRound
from cabinet.clients.models import Client
from cabinet.jobs.models import Job, JobState
from tests.cabinet.carbon.releases import NEWER, obtain_release
from tests.cabinet.carbon.test_revising import estimated as estimated
from tests.cabinet.factories import make_client
from tests.cabinet.people import People
from tests.web.dossier.conftest import deliver as deliver

pytestmark = pytest.mark.django_db

type Commit = Callable[..., Any]


@pytest.fixture
def other(estimated: Client, people: People, tmp_path: Path) -> Client:
    """A second dossier of the shipped release, once a newer one is at hand."""
    client = make_client(people.firm, people.manager, name="Atelier Voisin", siret="00000003600013")
    year = client.years.create(start="2025-01-01", end="2025-12-31")
    row = Estimate.objects.get()
    row.pk, row.year = None, year
    row.save()
    obtain_release(tmp_path)
    return client


def versions() -> dict[str, str]:
    return dict(Estimate.objects.values_list("year__client__name", "factors_version"))


def test_only_the_dossiers_chosen_are_brought(
    estimated: Client, other: Client, people: People, django_capture_on_commit_callbacks: Commit
) -> None:
    actor = people.actor("administrator")
    assert list(rounds.behind_of(actor, NEWER)) == [estimated, other]
    with django_capture_on_commit_callbacks(execute=True):
        made = rounds.start(actor, [estimated.id])
    made.refresh_from_db()
    assert (made.waiting, made.failed, made.count) == ([], [], 1)
    assert made.ended_at is not None
    assert versions() == {"Atelier Fictif": NEWER, "Atelier Voisin": "V23.6"}
    (moved,) = rounds.moved_by(made)
    assert (moved.after - moved.before, moved.taken_by) == (1000, actor.author.label)
    before, after = rounds.change_of(made)
    assert after - before == Decimal(1000)
    assert LogEntry.objects.filter(action="carbon.factors_round").count() == 1
    assert LogEntry.objects.filter(action="carbon.factors_updated", client_id=estimated.id).count() == 1
    assert list(rounds.behind_of(actor, NEWER)) == [other]


def test_one_that_fails_keeps_its_figures_and_stops_nobody(
    estimated: Client,
    other: Client,
    people: People,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Commit,
) -> None:
    real = rounds.bring

    def bring(client: Client, *rest: Any) -> list[FactorRevision]:
        if client == other:
            raise OSError
        return real(client, *rest)

    monkeypatch.setattr(rounds, "bring", bring)
    with django_capture_on_commit_callbacks(execute=True):
        made = rounds.start(people.actor("administrator"), None)
    made.refresh_from_db()
    assert (made.waiting, made.failed) == ([], [str(other.id)])
    assert versions() == {"Atelier Fictif": NEWER, "Atelier Voisin": "V23.6"}


def test_a_round_goes_on_where_its_worker_died(
    estimated: Client,
    other: Client,
    people: People,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Commit,
) -> None:
    actor = people.actor("administrator")
    seen: list[Client] = []

    class Killed(BaseException):
        pass

    def bring(client: Client, *_: Any) -> list[FactorRevision]:
        if client == other and other not in seen:
            seen.append(client)
            raise Killed
        seen.append(client)
        return []

    monkeypatch.setattr(rounds, "bring", bring)
    made = rounds.start(actor, None)
    job = Job.objects.get(kind=rounds.ROUND)
    with pytest.raises(Killed):
        rounds.update_factors.call(str(job.id))
    made.refresh_from_db()
    assert made.waiting == [str(other.id)]
    assert not rounds.is_stopped(made)
    with pytest.raises(rounds.RoundGoesOn):
        rounds.start(actor, None)
    Job.objects.update(state=JobState.FAILED)
    assert rounds.is_stopped(made)
    with django_capture_on_commit_callbacks(execute=True):
        rounds.resume(actor)
    made.refresh_from_db()
    assert (made.waiting, made.failed) == ([], [])
    assert made.ended_at is not None
    assert seen == [estimated, other, other]


def test_nobody_else_starts_one_and_nothing_to_do_is_said(other: Client, people: People) -> None:
    for name in ("manager", "expert", "inside"):
        with pytest.raises(PermissionDenied):
            rounds.start(people.actor(name), None)
    with pytest.raises(rounds.NothingToUpdate):
        rounds.start(people.actor("administrator"), [uuid4(), people.other_client.id])
    with pytest.raises(rounds.NothingToUpdate):
        rounds.start(people.actor("stranger"), [other.id])
    assert not FactorRound.objects.exists()
