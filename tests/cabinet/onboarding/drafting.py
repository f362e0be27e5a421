"""Drafts for tests, made by the services that the wizard calls."""

from uuid import UUID, uuid4

from cabinet.accounts.actors import Actor
from cabinet.accounts.models import Collaborator
from cabinet.imports.models import Import
from cabinet.imports.storage import Incoming
from cabinet.onboarding.services import ask_registry, keep_company, keep_data, keep_organisation, receive_file
from cabinet.onboarding.steps import CompanyStep, OrganisationStep, Step

WORKSHOP = "00001234400016"
CANNERY = "00004729000010"
CLOSED = "00005512900019"
MOVED, MOVED_TO = "00007461700010", "00007461700028"
HIDDEN = "00002317600019"
SEVERAL = "000061283"
NEW_OFFICE, OLD_OFFICE = "00007711500038", "00007711500012"
THOUSANDS = "000088443"
TWICE, TWICE_KEPT = "00006943500014", "00006942700011"
OVERSEAS, CEDEX, FOREIGN = "00004576500013", "00005033600015", "00006742100016"


def begin(actor: Actor, siret: str = CANNERY, **company: str) -> UUID:
    """A draft whose first step is done."""
    draft_id = uuid4()
    opened = ask_registry(actor, draft_id, CompanyStep(typed=siret, **company))
    keep_company(actor, draft_id, opened.payload.company, reached=Step.ORGANISATION)
    return draft_id


def organise(actor: Actor, draft_id: UUID, manager: Collaborator, *portfolios: object) -> None:
    """The second step."""
    chosen = OrganisationStep(str(manager.id), tuple(str(one.id) for one in portfolios))  # type: ignore[attr-defined]
    keep_organisation(actor, draft_id, chosen, reached=Step.DATA)


def ready(actor: Actor, siret: str = CANNERY, **company: str) -> UUID:
    """A draft that could be saved: its person in charge, no data."""
    draft_id = begin(actor, siret, **company)
    assert actor.collaborator is not None
    organise(actor, draft_id, actor.collaborator)
    keep_data(actor, draft_id, {}, skipped=False, reached=Step.SUMMARY)
    return draft_id


def arrived(name: str, content: bytes) -> Incoming:
    """A file that has arrived whole."""
    incoming = Incoming(name)
    incoming.write(content)
    incoming.close()
    return incoming


def drop(actor: Actor, draft_id: UUID, name: str, content: bytes) -> Import:
    """A file of the draft, as it stands once a worker has read it (if callbacks run)."""
    received = receive_file(actor, draft_id, arrived(name, content))
    received.refresh_from_db()
    return received
