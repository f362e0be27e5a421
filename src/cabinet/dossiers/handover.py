"""Giving the missions of one person to another."""

from django.db import transaction
from django.db.models import QuerySet

from cabinet.accounts.actors import Actor
from cabinet.accounts.models import Collaborator
from cabinet.audit.services import Subject, record
from cabinet.dossiers.models import Mission, MissionState


def missions_in_charge(person: Collaborator, *, finished: bool) -> QuerySet[Mission]:
    """The missions that the person manages; ``finished`` adds those that are done."""
    missions = Mission.objects.filter(manager=person)
    return missions if finished else missions.exclude(state=MissionState.DONE)


@transaction.atomic
def hand_over_missions(*, actor: Actor, person: Collaborator, successor: Collaborator, finished: bool) -> int:
    """Each to ``successor``, one line of the journal each; how many."""
    missions = list(missions_in_charge(person, finished=finished).select_related("dossier"))
    Mission.objects.filter(id__in=[mission.id for mission in missions]).update(manager=successor)
    for mission in missions:
        record(
            "mission.changed",
            author=actor.author,
            subject=Subject(mission.get_type_display(), id=mission.id, client_id=mission.dossier.client_id),
            changes={"responsable": (person.full_name, successor.full_name)},
        )
    return len(missions)
