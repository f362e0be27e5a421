"""The filters that a person keeps: theirs alone, found again by a name."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404

from cabinet.accounts.actors import Actor
from cabinet.accounts.models import Collaborator
from cabinet.audit.services import Subject, record
from cabinet.clients.models import SavedFilter

LIMIT = 50
"""How many filters a person keeps: beyond, a menu is no help."""


class FilterNameTaken(Exception):
    """Another filter of the person bears this name."""


class TooManyFilters(Exception):
    """The person keeps :data:`LIMIT` filters already."""


def filters_of(actor: Actor) -> QuerySet[SavedFilter]:
    """The actor's own, by name; none for an operator."""
    if actor.collaborator is None:
        return SavedFilter.objects.none()
    return SavedFilter.objects.filter(owner=actor.collaborator)


def access_filter(actor: Actor, filter_id: UUID) -> SavedFilter:
    """The gate. Raises Http404 for somebody else's."""
    found = filters_of(actor).filter(id=filter_id).first()
    if found is None:
        raise Http404
    return found


@transaction.atomic
def save_filter(*, actor: Actor, name: str, query: str) -> SavedFilter:
    """Keep a filter. Raises FilterNameTaken, TooManyFilters, Http404 for who is nobody."""
    owner = _locked(actor)
    mine = filters_of(actor)
    if mine.filter(name__iexact=name).exists():
        raise FilterNameTaken(name)
    if mine.count() >= LIMIT:
        raise TooManyFilters
    saved = SavedFilter.objects.create(owner=owner, name=name, query=query)
    record("filter.saved", author=actor.author, subject=_subject(saved))
    return saved


@transaction.atomic
def rename_filter(*, actor: Actor, saved: SavedFilter, name: str) -> None:
    """Give it another name. Raises FilterNameTaken."""
    _locked(actor)
    if filters_of(actor).filter(name__iexact=name).exclude(id=saved.id).exists():
        raise FilterNameTaken(name)
    before, saved.name = saved.name, name
    if before != name:
        saved.save(update_fields=["name"])
        record("filter.renamed", author=actor.author, subject=_subject(saved), changes={"nom": (before, name)})


@transaction.atomic
def delete_filter(*, actor: Actor, saved: SavedFilter) -> None:
    """Forget it; no client is concerned."""
    subject = _subject(saved)
    saved.delete()
    record("filter.deleted", author=actor.author, subject=subject)


def _locked(actor: Actor) -> Collaborator:
    """The owner, held: two tabs do not take the same name."""
    if actor.collaborator is None:
        raise Http404
    return Collaborator.objects.select_for_update(of=("self",)).get(id=actor.collaborator.id)


def _subject(saved: SavedFilter) -> Subject:
    return Subject(label=saved.name, id=saved.id)
