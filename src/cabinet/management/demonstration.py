"""The demonstration firm: three people, two portfolios, a few invented clients, all through the services."""

import secrets
from dataclasses import dataclass, replace
from datetime import date, timedelta
from importlib.resources import files
from io import BytesIO
from uuid import uuid4
from zipfile import ZipFile

from django.db import transaction

from cabinet.accounts.actors import Actor, operator
from cabinet.accounts.models import Collaborator, Firm, Group, Position, User
from cabinet.accounts.permissions import Role
from cabinet.accounts.services import Person, create_collaborator, create_firm
from cabinet.clients.models import Client
from cabinet.dossiers.access import access_dossier
from cabinet.dossiers.models import MissionType
from cabinet.dossiers.services import MissionTerms, create_mission
from cabinet.imports.enums import Origin
from cabinet.imports.receiving import CameFrom
from cabinet.imports.services import receive
from cabinet.imports.storage import Incoming
from cabinet.onboarding.services import ask_registry, keep_data, keep_organisation, save
from cabinet.onboarding.steps import CompanyStep, OrganisationStep, TypedYear
from cabinet.portfolios.models import Portfolio
from cabinet.portfolios.services import create_portfolio

FIRM = "Hautbois & Associés"
PEOPLE = {
    Role.ADMINISTRATOR: Person("Solène", "Hautbois", "solene@hautbois.example", Position.EXPERT, is_director=True),
    Role.EXPERT: Person("Claire", "Dubreuil", "claire@hautbois.example", Position.EXPERT),
    Role.COLLABORATOR: Person("Mathis", "Le Goff", "mathis@hautbois.example", Position.ACCOUNTANT),
}
FILES = "demonstration_files"
BANK_STATEMENT = "Date;Libellé;Débit;Crédit\r\n05/01/2026;Virement client;;1240,50\r\n".encode("iso8859-15")


@dataclass(frozen=True, slots=True)
class SignIn:
    """What is printed once: the password is kept nowhere in clear."""

    role: str
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A client of the demonstration, from the demonstration registry."""

    siret: str
    file_code: str
    manager: Role
    portfolio: str = ""
    has_year: bool = False
    mission: MissionType | None = None
    due_in_days: int = 0


SAMPLES = (
    Sample("00007461700028", "T0412", Role.COLLABORATOR, "Agroalimentaire"),
    Sample("00001177500012", "E0203", Role.EXPERT, "Artisanat et BTP"),
    Sample("00002905800013", "F0377", Role.ADMINISTRATOR, "Agroalimentaire", has_year=True),
    Sample("00005318100020", "G0118", Role.ADMINISTRATOR, "Artisanat et BTP"),
    Sample("00007326200016", "I0056", Role.EXPERT, mission=MissionType.VSME, due_in_days=-6),
    Sample("00009214800014", "M0087", Role.COLLABORATOR, "Artisanat et BTP", True, MissionType.CARBON, 21),
)
WITH_DATA, WITH_REFUSAL = "00007461700028", "00005318100020"


def is_there() -> bool:
    """Whether the demonstration was created once: its administrator's address is taken."""
    return User.objects.filter(email=PEOPLE[Role.ADMINISTRATOR].email).exists()


@transaction.atomic
def create_demonstration(*, today: date) -> list[SignIn]:
    """The whole firm, or nothing. Its files are read by the worker once this is committed."""
    passwords = {role: secrets.token_urlsafe(12) for role in PEOPLE}
    firm, first = create_firm(
        name=FIRM, administrator=PEOPLE[Role.ADMINISTRATOR], password=passwords[Role.ADMINISTRATOR]
    )
    people = {Role.ADMINISTRATOR: first}
    for role in (Role.EXPERT, Role.COLLABORATOR):
        people[role] = create_collaborator(
            actor=operator(firm),
            person=PEOPLE[role],
            group=Group.objects.get(firm=firm, role=role),
            with_login=True,
            password=passwords[role],
        )
    portfolios = _portfolios(firm, people)
    for sample in SAMPLES:
        _client(sample, people, portfolios, today)
    return [SignIn(person.group.name, person.email, passwords[role]) for role, person in people.items()]


def _portfolios(firm: Firm, people: dict[Role, Collaborator]) -> dict[str, Portfolio]:
    wanted: tuple[tuple[str, Role, list[Collaborator]], ...] = (
        ("Agroalimentaire", Role.EXPERT, [people[Role.COLLABORATOR]]),
        ("Artisanat et BTP", Role.ADMINISTRATOR, []),
    )
    return {
        name: create_portfolio(actor=operator(firm), name=name, responsables=[people[head]], members=members)
        for name, head, members in wanted
    }


def _acting(person: Collaborator) -> Actor:
    """The person, at the command line, with the rights of the operator."""
    return replace(operator(person.firm), collaborator=person)


def _client(sample: Sample, people: dict[Role, Collaborator], portfolios: dict[str, Portfolio], today: date) -> None:
    """What the wizard would have done, step by step; then a mission and files."""
    manager, draft_id = people[sample.manager], uuid4()
    actor = _acting(manager)
    ask_registry(actor, draft_id, CompanyStep(typed=sample.siret, file_code=sample.file_code))
    chosen = (str(portfolios[sample.portfolio].id),) if sample.portfolio else ()
    keep_organisation(actor, draft_id, OrganisationStep(str(manager.id), chosen))
    year = TypedYear(f"{today.year - 1}-01-01", f"{today.year - 1}-12-31")
    keep_data(actor, draft_id, {"": year} if sample.has_year else {}, skipped=not sample.has_year)
    client = save(actor, draft_id)
    if sample.mission is not None:
        deadline = today + timedelta(days=sample.due_in_days)
        dossier = access_dossier(actor, client.id, "missions.manage")
        create_mission(actor=actor, dossier=dossier, terms=MissionTerms(sample.mission, manager, deadline=deadline))
    if sample.siret == WITH_DATA:
        _receive_archive(actor, client, "biscuiterie_ternanteau_2025.zip")
    if sample.siret == WITH_REFUSAL:
        _receive(actor, client, "releve_banque.csv", BANK_STATEMENT)


def _receive_archive(actor: Actor, client: Client, name: str) -> None:
    content = (files("cabinet.management") / FILES / name).read_bytes()
    with ZipFile(BytesIO(content)) as archive:
        for member in archive.namelist():
            _receive(actor, client, member, archive.read(member))


def _receive(actor: Actor, client: Client, name: str, content: bytes) -> None:
    incoming = Incoming(file_name=name)
    try:
        incoming.write(content)
        incoming.close()
        receive(actor=actor, incoming=incoming, to=client, came_from=CameFrom(Origin.COMMAND))
    except BaseException:
        incoming.discard()
        raise
