"""Somebody leaves: nothing is left in charge of nobody, and their access ends."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from cabinet.accounts.models import Collaborator, User
from cabinet.audit.selectors import entries_of_client
from cabinet.dossiers.models import Mission, MissionState
from cabinet.onboarding.departures import (
    StillInCharge,
    UnknownSuccessor,
    charge_of,
    deactivate_collaborator,
    delete_collaborator,
    successors,
)
from cabinet.onboarding.models import Draft
from cabinet.onboarding.services import keep_organisation
from cabinet.onboarding.steps import OrganisationStep
from tests.cabinet.factories import make_client, make_collaborator, make_mission, make_portfolio
from tests.cabinet.people import People


@pytest.mark.parametrize("leave", [deactivate_collaborator, delete_collaborator])
def test_everything_is_handed_over_first(people: People, leave: object) -> None:
    actor, heir = people.actor("administrator"), people.outside
    asleep = make_client(people.firm, people.manager, active=False)
    mission = make_mission(people.client)
    alone = make_portfolio(people.firm, "Seule", responsables=[people.manager])
    shared = make_portfolio(people.firm, "À deux", responsables=[people.manager, people.expert])
    with pytest.raises(StillInCharge):
        leave(actor=actor, person=people.manager)  # type: ignore[operator]
    assert Collaborator.objects.get(id=people.manager.id).is_active
    leave(actor=actor, person=people.manager, successor=heir)  # type: ignore[operator]
    for client in (people.client, asleep):
        client.refresh_from_db()
        assert client.manager == heir
    mission.refresh_from_db()
    assert mission.manager == heir
    assert heir in alone.responsables.all()
    assert heir not in shared.responsables.all()
    said = [entry.changes for entry in entries_of_client(people.client.id)]
    assert {"responsable": ["Inès Benamara", heir.full_name]} in said


def test_finished_missions_stay_under_a_name_that_stays(people: People) -> None:
    actor = people.actor("administrator")
    worker = make_collaborator(people.firm)
    done = make_mission(people.client, worker, state=MissionState.DONE)
    deactivate_collaborator(actor=actor, person=worker)
    assert Mission.objects.get(id=done.id).manager == worker
    with pytest.raises(StillInCharge):
        delete_collaborator(actor=actor, person=worker)
    delete_collaborator(actor=actor, person=worker, successor=people.expert)
    assert Mission.objects.get(id=done.id).manager == people.expert


def test_who_cannot_take_over(people: People) -> None:
    actor = people.actor("administrator")
    respondent = make_collaborator(people.firm, with_login=False)
    gone = make_collaborator(people.firm)
    deactivate_collaborator(actor=actor, person=gone)
    for heir in (people.manager, people.stranger, respondent, gone):
        with pytest.raises(UnknownSuccessor):
            deactivate_collaborator(actor=actor, person=people.manager, successor=heir)
        assert heir not in successors(people.manager)
    assert charge_of(people.manager).clients == 1


def test_a_deletion_takes_the_login_and_the_drafts(people: People) -> None:
    draft_id, user_id = uuid4(), people.outside.user_id
    keep_organisation(people.actor("outside"), draft_id, OrganisationStep(str(people.outside.id)))
    delete_collaborator(actor=people.actor("administrator"), person=people.outside)
    assert not Draft.objects.filter(id=draft_id).exists()
    assert not User.objects.filter(id=user_id).exists()
    assert not Collaborator.objects.filter(id=people.outside.id).exists()


def test_an_expert_sends_nobody_away(people: People) -> None:
    with pytest.raises(PermissionDenied):
        deactivate_collaborator(actor=people.actor("expert"), person=people.inside)
