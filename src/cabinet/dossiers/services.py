"""Dossiers and missions: the writes. Deleting a client begins here, because files and figures go first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from cabinet.accounts.actors import Actor
from cabinet.accounts.models import Collaborator
from cabinet.accounts.selectors import active_collaborators, managers
from cabinet.audit.services import Subject, record
from cabinet.clients.models import Client, FiscalYear
from cabinet.clients.services import erase_client, refuse_when_inactive
from cabinet.dossiers.models import Dossier, Mission, MissionState, MissionType
from cabinet.dossiers.proofs import forget_proofs
from cabinet.imports.services import erase_files


class NameMismatchError(Exception):
    """The name typed to confirm a deletion is not the client's."""


class UnknownPersonError(Exception):
    """Somebody chosen is not an active collaborator of the firm (with a login, for the one in charge)."""


class UnknownYearError(Exception):
    """The fiscal year is another client's."""


@dataclass(frozen=True, slots=True)
class MissionTerms:
    """What a mission is, before it exists or once changed."""

    type: MissionType
    manager: Collaborator
    state: MissionState = MissionState.RUNNING
    year: FiscalYear | None = None
    deadline: date | None = None
    people: tuple[Collaborator, ...] = ()


def _subject(mission: Mission) -> Subject:
    return Subject(label=mission.get_type_display(), id=mission.id, client_id=mission.dossier.client_id)


@transaction.atomic
def open_dossier(*, actor: Actor, client: Client, manager: Collaborator, year: FiscalYear | None) -> Dossier:
    """The working space of a new client, with its first mission."""
    dossier = Dossier.objects.create(client=client)
    create_mission(actor=actor, dossier=dossier, terms=MissionTerms(MissionType.CSR, manager, year=year))
    return dossier


def _check(actor: Actor, dossier: Dossier, terms: MissionTerms) -> None:
    if not managers(actor.firm).filter(id=terms.manager.id).exists():
        raise UnknownPersonError
    chosen = {person.id for person in terms.people}
    if active_collaborators(actor.firm).filter(id__in=chosen).count() != len(chosen):
        raise UnknownPersonError
    if terms.year is not None and terms.year.client_id != dossier.client_id:
        raise UnknownYearError


@transaction.atomic
def create_mission(*, actor: Actor, dossier: Dossier, terms: MissionTerms) -> Mission:
    """A mission. Raises UnknownPersonError, UnknownYearError, PermissionDenied for a deactivated client."""
    refuse_when_inactive(dossier.client)
    _check(actor, dossier, terms)
    mission = Mission.objects.create(
        dossier=dossier,
        type=terms.type,
        state=terms.state,
        year=terms.year,
        deadline=terms.deadline,
        manager=terms.manager,
    )
    mission.people.set(terms.people)
    record(
        "mission.created",
        author=actor.author,
        subject=_subject(mission),
        changes={"responsable": (None, terms.manager.full_name)},
    )
    return mission


@transaction.atomic
def change_mission(*, actor: Actor, mission: Mission, terms: MissionTerms) -> None:
    """Every field of a mission. Raises what :func:`create_mission` raises."""
    refuse_when_inactive(mission.dossier.client)
    _check(actor, mission.dossier, terms)
    before, after = _described(mission, mission.people.all()), None
    mission.type, mission.state = terms.type, terms.state
    mission.year, mission.deadline, mission.manager = terms.year, terms.deadline, terms.manager
    mission.save()
    mission.people.set(terms.people)
    after = _described(mission, terms.people)
    changes = {field: (before[field], after[field]) for field in after if before[field] != after[field]}
    if changes:
        record("mission.changed", author=actor.author, subject=_subject(mission), changes=changes)


def _described(mission: Mission, people: Iterable[Collaborator]) -> dict[str, Any]:
    return {
        "type": mission.get_type_display(),
        "état": mission.get_state_display(),
        "exercice": mission.year.label if mission.year else None,
        "échéance": f"{mission.deadline:%d/%m/%Y}" if mission.deadline else None,
        "responsable": mission.manager.full_name,
        "intervenants": ", ".join(sorted(person.full_name for person in people)) or None,
    }


@transaction.atomic
def delete_mission(*, actor: Actor, mission: Mission) -> None:
    """Remove a mission; the figures of the dossier stay."""
    refuse_when_inactive(mission.dossier.client)
    subject = _subject(mission)
    mission.delete()
    record("mission.deleted", author=actor.author, subject=subject)


@transaction.atomic
def delete_client(*, actor: Actor, client: Client, typed_name: str) -> None:
    """Final: files, figures, missions, keys and the client. One line of the journal stays, without personal data.

    Raises NameMismatchError when the name typed is not the client's.
    """
    if " ".join(typed_name.split()).casefold() != " ".join(client.name.split()).casefold():
        raise NameMismatchError
    years, missions = client.years.count(), Mission.objects.filter(dossier__client=client).count()
    forget_proofs(client)
    files = erase_files(client=client)
    counts = f"{_plural(files, 'fichier')}, {_plural(years, 'exercice')}, {_plural(missions, 'mission')}"
    Dossier.objects.filter(client=client).delete()
    erase_client(actor=actor, client=client, counts=counts)


def _plural(count: int, word: str) -> str:
    return f"{count} {word}" if count < 2 else f"{count} {word}s"
