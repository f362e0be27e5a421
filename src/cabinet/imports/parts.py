"""A FEC given in several files (``…_1.txt``, ``…_2.txt``) is one import, whatever the order and the door of its parts.

A part that comes makes a new import with the parts of the same FEC that are there already. Those imports give way to
it: at once while they are not read, else when it has been, so that books in use are never lost to a bad file.
"""

import hashlib
from functools import partial

from django.db import transaction
from django.db.models import Q, QuerySet

from bocage.formats.fec import may_be_part, missing_parts, part_of, parts_in_words
from cabinet.accounts.actors import Actor
from cabinet.audit.services import Subject, record
from cabinet.clients.services import hold
from cabinet.imports import storage
from cabinet.imports.enums import LIVE_STATES, ImportState
from cabinet.imports.models import Import, Part
from cabinet.imports.states import move

UNREAD = frozenset({ImportState.RECEIVED, ImportState.READING})


def is_part(incoming: storage.Incoming) -> bool:
    """Whether a file is a part of a FEC, by its name and its first bytes; only the first part may bear the header."""
    name = storage.bare_name(incoming.file_name)
    return part_of(name) is not None and may_be_part(incoming.head, name)


def _named(file_name: str) -> tuple[str, int] | None:
    """The name of the FEC that a file is a part of, and its rank."""
    return part_of(storage.bare_name(file_name))


def _others_of(imported: Import) -> QuerySet[Import]:
    """The living imports of the same client or draft."""
    where = Q(client_id=imported.client_id) if imported.client_id else Q(draft_id=imported.draft_id)
    return Import.objects.filter(where, state__in=LIVE_STATES).exclude(id=imported.id)


def completed_by(imported: Import) -> Import | None:
    """The latest import that a part just received completes: the same FEC, without a part of this rank. Both that
    import and its client are held until the end of the transaction: two parts that arrive together must not miss each
    other."""
    if imported.client_id is not None:  # whoever hands over a draft's file holds the draft
        hold(imported.client_id)
    stem, rank = _named(imported.file_name) or ("", 0)
    held = _others_of(imported).filter(parts__isnull=False).distinct().prefetch_related("parts")
    for other in held.order_by("-received_at", "id"):
        parts = other.parts.all()
        named = _named(parts[0].file_name)
        if named is not None and named[0] == stem and rank not in {part.rank for part in parts}:
            return Import.objects.select_for_update().filter(id=other.id, state__in=LIVE_STATES).first()
    return None


def gather(imported: Import, other: Import | None, *, actor: Actor) -> None:
    """Make a part just kept, with those of the import that it completes, one FEC to read."""
    stem, rank = _named(imported.file_name) or ("", 0)
    storage.keep_part(imported.id, rank)
    Part.objects.create(
        source=imported,
        rank=rank,
        file_name=imported.file_name,
        size=imported.size,
        sha256=imported.sha256,
        file_salt=imported.file_salt,
    )
    if other is None:
        return
    for part in other.parts.all():
        storage.share_part(other.id, part.rank, taker_id=imported.id)
        Part.objects.create(
            source=imported,
            rank=part.rank,
            file_name=part.file_name,
            size=part.size,
            sha256=part.sha256,
            file_salt=part.file_salt,
        )
    within, mark, _ = imported.file_name.rpartition("!")
    parts = list(imported.parts.all())
    imported.file_name = f"{within}{mark}{stem}"
    imported.size = sum(part.size for part in parts)
    imported.sha256 = hashlib.sha256("".join(part.sha256 for part in parts).encode()).hexdigest()
    imported.confirmed_company = other.confirmed_company
    imported.save()
    if other.state in UNREAD:
        give_way(other, to=imported, actor=actor)


def lacking(imported: Import) -> tuple[int, ...]:
    """The ranks of the parts that an import lacks."""
    return missing_parts(part.rank for part in imported.parts.all())


def lacking_in_words(imported: Import) -> str:
    """« la partie 2 », « les parties 1 et 3 »."""
    return parts_in_words(lacking(imported))


def within(imported: Import) -> list[Import]:
    """The other living imports whose parts are all its own: it stands for them once it is read."""
    mine = {(part.rank, part.sha256) for part in imported.parts.all()}
    if len(mine) < 2:
        return []
    same = _others_of(imported).filter(parts__sha256__in=[digest for _, digest in mine]).distinct()
    return [
        other
        for other in same.prefetch_related("parts")
        if {(part.rank, part.sha256) for part in other.parts.all()} < mine
    ]


def give_way(other: Import, *, to: Import, actor: Actor) -> None:
    """Let an import go whose parts another holds."""
    move(other, ImportState.DELETED)
    other.report, other.tables, other.has_original, other.replaced_by = {}, {}, False, to
    other.save()
    subject = Subject(label=other.file_name, id=other.id, client_id=other.client_id)
    record("import.replaced", author=actor.author, subject=subject)
    transaction.on_commit(partial(storage.remove_files, other.id))
