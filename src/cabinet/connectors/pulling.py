"""Pulling a year or a month: asked for, fetched as it comes, checked at its head, handed to the imports."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from cabinet.accounts.actors import Actor
from cabinet.accounts.permissions import CODES
from cabinet.audit.services import Origin as AuditOrigin
from cabinet.audit.services import Subject, record
from cabinet.clients.models import Client
from cabinet.clients.services import refuse_when_inactive
from cabinet.connectors import breaker
from cabinet.connectors.catalogue import BY_SLUG
from cabinet.connectors.checking import connector_of
from cabinet.connectors.core.errors import PASSING, ConnectorError, Failure, RemoteJobGone
from cabinet.connectors.core.port import Gives, Pending, Piece, Wish
from cabinet.connectors.listing import as_company
from cabinet.connectors.models import LIVE_PULLS, Pull, PullState, ToolCompany
from cabinet.connectors.sending import PULL, send
from cabinet.imports import services as imports
from cabinet.imports.enums import Origin
from cabinet.imports.receiving import CameFrom, holds
from cabinet.imports.services import Holder
from cabinet.imports.storage import Incoming
from cabinet.jobs import running
from cabinet.jobs.models import Job, JobState

logger = logging.getLogger(__name__)

KINDS = {
    Gives.FEC: (frozenset({"fec", "xlsx", "zip"}), Failure.NOT_A_FEC),
    Gives.DSN: (frozenset({"dsn", "dsn_enriched", "zip"}), Failure.NOT_A_DSN),
}
LATER = (timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30), timedelta(hours=2))
"""After a silence, how long before the next try; once they are spent, the pull has failed."""


@dataclass(frozen=True, slots=True)
class Span:
    """A year or a month to ask for."""

    start: date
    end: date
    year_ref: str = ""


@transaction.atomic
def ask(
    *, actor: Actor, company: ToolCompany, to: Client | Holder, spans: Iterable[Span], nightly: bool = False
) -> list[Pull]:
    """Have years or months fetched in the background. What is already on its way is not asked twice.

    Raises PermissionDenied for a deactivated client.
    """
    if isinstance(to, Client):
        refuse_when_inactive(to)
    made = []
    for span in spans:
        pull = _new_pull(actor, company, to, span, nightly=nightly)
        try:
            with transaction.atomic():
                pull.save(force_insert=True)
        except IntegrityError:
            continue
        made.append(pull)
        _send(pull, queue="batch" if nightly else "interactive")
    if made and isinstance(to, Client):
        record(
            "connection.pull_asked",
            author=actor.author,
            subject=Subject(label=company.connection.name, id=company.connection_id, client_id=to.id),
            changes={"périodes": (None, ", ".join(f"{one.start:%d/%m/%Y}-{one.end:%d/%m/%Y}" for one in made)[:500])},
        )
    return made


def _new_pull(actor: Actor, company: ToolCompany, to: Client | Holder, span: Span, *, nightly: bool) -> Pull:
    pull = Pull(
        firm_id=company.connection.firm_id,
        connection=company.connection,
        company=company,
        asked_by=actor.collaborator,
        nightly=nightly,
        start=span.start,
        end=span.end,
        year_ref=span.year_ref,
    )
    if isinstance(to, Client):
        pull.client = to
    else:
        pull.draft_id, pull.holder_salt, pull.holder_master = to.draft_id, to.salt, to.master_name
    return pull


def _send(pull: Pull, *, queue: str) -> None:
    job = running.open_once(firm_id=pull.firm_id, kind=PULL, object_id=pull.id)
    if job is not None:
        send(job, queue=queue)


def resume_due() -> int:
    """Take up the pulls whose time has come: exports to ask after, tools that were silent. For the recurring work."""
    now = timezone.now()
    due = list(Pull.objects.filter(state=PullState.LATER, next_at__lte=now).order_by("next_at")[:200])
    for pull in due:
        with transaction.atomic():
            # Claimed by one scheduler: the next one finds the state changed.
            if Pull.objects.filter(id=pull.id, state=PullState.LATER).update(state=PullState.WAITING, next_at=None):
                _send(pull, queue="batch" if pull.nightly else "interactive")
    return len(due)


def give_up_failed() -> None:
    """Pulls whose job ended badly say so: nothing is left waiting for ever."""
    lost = Job.objects.filter(kind=PULL, state=JobState.FAILED).values("object_id")
    ended = timezone.now()
    Pull.objects.filter(id__in=lost, state__in=(PullState.WAITING, PullState.RUNNING)).update(
        state=PullState.FAILED, error=Failure.WORKER_FAILED.value, ended_at=ended
    )


def pull(job: Job) -> bool:
    """Fetch what a pull asks for; False when it is gone. Not to be called inside a transaction: it calls the tool."""
    rows = Pull.objects.select_related("connection__firm", "company", "client", "asked_by")
    found = rows.filter(id=job.object_id).first()
    if found is None:
        return False
    if not found.is_live:
        return True
    Pull.objects.filter(id=found.id, state__in=LIVE_PULLS).update(state=PullState.RUNNING, next_at=None)
    taken: list[tuple[Incoming, bool]] = []
    try:
        closed = breaker.why_closed(found.connection)
        if closed is not None:
            raise closed
        answer = connector_of(found.connection).fetch(as_company(found.company), _wish(found))
        if isinstance(answer, Pending):
            _wait(found, answer)
        else:
            for piece in answer:
                taken.append(_take(found, piece))
            _hand_over(found, taken)
        breaker.note_success(found.connection)
    except RemoteJobGone:
        _ask_again(found)
    except ConnectorError as error:
        breaker.note_failure(found.connection, error)
        _note(found, error)
    finally:
        for incoming, _ in taken:
            incoming.discard()
    return True


def _wish(found: Pull) -> Wish:
    return Wish(found.start, found.end, found.year_ref, found.remote_id, found.polls)


def _wait(found: Pull, pending: Pending) -> None:
    """The tool prepares the file: its name is kept before it is asked after."""
    same = pending.job_id == found.remote_id
    Pull.objects.filter(id=found.id).update(
        state=PullState.LATER,
        remote_id=pending.job_id,
        polls=found.polls + 1 if same else 0,
        next_at=timezone.now() + timedelta(seconds=pending.seconds),
    )


def _ask_again(found: Pull) -> None:
    """The export is lost: another is asked for, three times at most."""
    if found.tries >= len(LATER) - 1:
        _end(found.id, PullState.FAILED, error=ConnectorError(Failure.REMOTE_JOB_FAILED))
        return
    Pull.objects.filter(id=found.id).update(
        state=PullState.LATER, remote_id="", polls=0, tries=found.tries + 1, next_at=timezone.now()
    )


def _note(found: Pull, error: ConnectorError) -> None:
    """What may pass is tried later, some times; the rest is told."""
    if error.failure not in PASSING or found.tries >= len(LATER):
        _end(found.id, PullState.FAILED, error=error)
        return
    later = error.retry_at or timezone.now() + LATER[found.tries]
    Pull.objects.filter(id=found.id).update(
        state=PullState.LATER,
        tries=found.tries + 1,
        next_at=later,
        error=error.failure.value,
        error_detail=error.detail,
    )


def _end(pull_id: UUID, state: PullState, *, files: int = 0, error: ConnectorError | None = None) -> None:
    Pull.objects.filter(id=pull_id).update(
        state=state,
        files=files,
        error=error.failure.value if error else "",
        error_detail=error.detail if error else "",
        next_at=None,
        ended_at=timezone.now(),
    )


def _take(found: Pull, piece: Piece) -> tuple[Incoming, bool]:
    """Receive one file, sealed as it comes, and see that it begins like what was asked for. Raises ConnectorError."""
    gives = BY_SLUG[found.connection.tool].gives
    if gives is None:
        raise ConnectorError(Failure.NOT_USABLE)
    limit = settings.PULL_MAX_FEC_BYTES if gives is Gives.FEC else settings.PULL_MAX_DSN_BYTES
    kinds, otherwise = KINDS[gives]
    incoming = Incoming(piece.name)
    try:
        for chunk in piece.chunks:
            incoming.write(chunk)
            if incoming.size > limit:
                raise ConnectorError(Failure.TOO_LARGE)
        incoming.close()
        if imports.recognise(incoming) not in kinds:
            raise ConnectorError(otherwise)
    except BaseException:
        incoming.discard()
        raise
    return incoming, piece.reconstructed


@transaction.atomic
def _hand_over(found: Pull, taken: list[tuple[Incoming, bool]]) -> None:
    """Give the files to the imports, and end the pull: both, or neither if the worker dies here."""
    current = Pull.objects.select_for_update(of=("self",)).filter(id=found.id, state__in=LIVE_PULLS).first()
    if current is None:
        return
    to = _owner(current)
    if to is None or (isinstance(to, Client) and not to.is_active):
        _end(current.id, PullState.FAILED, error=ConnectorError(Failure.NOT_USABLE))
        return
    owner = to if isinstance(to, Client) else to.draft_id
    tool, received = BY_SLUG[found.connection.tool], 0
    for incoming, reconstructed in taken:
        if holds(owner, incoming, ever=found.nightly):
            continue
        if found.nightly and isinstance(to, Client):
            imports.withdraw_waiting(actor=_actor(found), client=to, source=tool.name, start=found.start, end=found.end)
        year = (None, None) if tool.by_month else (found.start, found.end)
        came_from = CameFrom(Origin.CONNECTION, tool.name, reconstructed, *year)
        imports.receive(actor=_actor(found), incoming=incoming, to=to, came_from=came_from)
        received += 1
    state = PullState.DONE if received else PullState.SAME if taken else PullState.ABSENT
    _end(current.id, state, files=received)


def _owner(current: Pull) -> Client | Holder | None:
    """Who the files are for now: a draft may have become a client meanwhile."""
    if current.client is not None:
        return current.client
    if current.draft_id is None or current.holder_salt is None or current.holder_master is None:
        return None
    company = current.company
    return Holder(current.draft_id, bytes(current.holder_salt), bytes(current.holder_master), company.siren)


def _actor(found: Pull) -> Actor:
    """The connection, acting for who asked."""
    firm = found.connection.firm
    return Actor(firm=firm, codes=CODES, collaborator=found.asked_by, origin=AuditOrigin.CONNECTION)


@transaction.atomic
def adopt(*, draft_id: UUID, client: Client) -> None:
    """The draft became a client: what is still on its way is for the client."""
    Pull.objects.filter(draft_id=draft_id).update(client=client, draft_id=None, holder_salt=None, holder_master=None)


def forget_draft(draft_id: UUID) -> None:
    """The draft is given up: nothing is fetched for it any more."""
    Pull.objects.filter(draft_id=draft_id).delete()
