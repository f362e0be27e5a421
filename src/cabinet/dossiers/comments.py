"""Comments on a figure: written, resolved together, opened again by the next one. They never leave the firm."""

from collections import Counter
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from cabinet.accounts.actors import Actor
from cabinet.audit.services import Subject, record
from cabinet.clients.models import FiscalYear
from cabinet.clients.services import refuse_when_inactive
from cabinet.dossiers.models import Comment

MOST_CHARACTERS = 2000


def thread_of(year: FiscalYear, topic: str) -> QuerySet[Comment]:
    """What was said of a figure, first said first."""
    return Comment.objects.filter(year=year, topic=topic).order_by("written_at", "id")


def comments_of(year: FiscalYear) -> QuerySet[Comment]:
    """Everything that was said of the figures of a year, last said first."""
    return Comment.objects.filter(year=year).order_by("-written_at", "id")


def open_counts(year: FiscalYear | None) -> Counter[str]:
    """How many comments wait, by figure."""
    if year is None:
        return Counter()
    return Counter(Comment.objects.filter(year=year, resolved_at=None).values_list("topic", flat=True))


def comment_of(year: FiscalYear | None, comment_id: UUID) -> Comment:
    """A comment of a year obtained through the gate of its dossier. Raises Http404."""
    found = Comment.objects.select_related("year__client").filter(year=year, id=comment_id).first()
    if year is None or found is None:
        raise Http404
    return found


def can_delete(actor: Actor, comment: Comment, thread: list[Comment]) -> bool:
    """Its author may take back what nobody answered nor resolved."""
    mine = actor.collaborator is not None and comment.author_id == actor.collaborator.id
    return mine and comment.resolved_at is None and bool(thread) and thread[-1] == comment


@transaction.atomic
def add_comment(*, actor: Actor, year: FiscalYear, topic: str, label: str, text: str) -> Comment:
    """Say something of a figure; ``label`` is its name in the journal, which never holds the text.

    Raises PermissionDenied for a deactivated client.
    """
    refuse_when_inactive(year.client)
    comment = Comment.objects.create(
        year=year,
        topic=topic,
        text=text[:MOST_CHARACTERS],
        author=actor.collaborator,
        author_name=actor.author.label[:200],
    )
    record("comment.added", author=actor.author, subject=_subject(year, label, comment))
    return comment


@transaction.atomic
def resolve(*, actor: Actor, year: FiscalYear, topic: str, label: str) -> int:
    """Settle what waits about a figure; how many comments did."""
    refuse_when_inactive(year.client)
    waiting = thread_of(year, topic).filter(resolved_at=None)
    last = waiting.last()
    settled = waiting.update(resolved_at=timezone.now(), resolved_by=actor.author.label[:200])
    if last is not None:
        record("comment.resolved", author=actor.author, subject=_subject(year, label, last))
    return settled


@transaction.atomic
def delete_comment(*, actor: Actor, comment: Comment, label: str) -> None:
    """Take a comment back. Raises PermissionDenied for another's, or one that was answered or resolved."""
    refuse_when_inactive(comment.year.client)
    if not can_delete(actor, comment, list(thread_of(comment.year, comment.topic))):
        raise PermissionDenied
    record("comment.deleted", author=actor.author, subject=_subject(comment.year, label, comment))
    comment.delete()


def _subject(year: FiscalYear, label: str, comment: Comment) -> Subject:
    return Subject(label=f"{label}, exercice {year.label}"[:200], id=comment.id, client_id=year.client_id)
