"""What is dropped in the folder of a firm: taken once it is whole, given to the client that it names, then removed.

A file is moved aside before it is read, so that two schedulers never take the same one, and removed once the import is
committed: a crash in between has it taken again and recognised by its hash.
"""

import logging
import os
import stat
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from cabinet.accounts.actors import Actor, worker
from cabinet.accounts.models import Firm
from cabinet.accounts.permissions import CODES
from cabinet.audit.services import Origin as AuditOrigin
from cabinet.clients.access import visible_clients
from cabinet.clients.models import Client
from cabinet.connectors import breaker
from cabinet.connectors.catalogue import DROP_FOLDER
from cabinet.connectors.core.errors import ConnectorError, Failure
from cabinet.connectors.models import Connection
from cabinet.connectors.tools.drop_folder import folder_of
from cabinet.imports import services as imports
from cabinet.imports.enums import Origin
from cabinet.imports.receiving import CameFrom, holds
from cabinet.imports.storage import Incoming

logger = logging.getLogger(__name__)

SOURCE: Final = "Dossier surveillé"
UNSORTED: Final = "a-trier"
_TAKEN: Final = ".lecture"
_UNFINISHED: Final = (".part", ".partial", ".filepart", ".tmp", ".crdownload", ".swp")
_QUIET_SECONDS: Final = 30
"""A file that was written to later than that may still be coming."""
_ABANDONED_SECONDS: Final = 3600
_AT_ONCE: Final = 100
_CHUNK: Final = 1024 * 1024


def take_dropped_files() -> int:
    """Take what is whole in the folders of the firms that watch one; how many files. For the recurring work."""
    if not settings.DROP_DIR:
        return 0
    rows = Connection.objects.filter(tool=DROP_FOLDER, enabled=True, blocked=False, tested_at__isnull=False)
    taken, seen = 0, set()
    for connection in rows.select_related("firm").order_by("created_at", "id"):
        if connection.firm_id not in seen:
            seen.add(connection.firm_id)
            taken += _take_all(connection)
    return taken


def unsorted_files(firm: Firm) -> list[str]:
    """The names of the files whose client was not found."""
    try:
        return sorted(path.name for path in (folder_of(firm.id) / UNSORTED).iterdir() if path.is_file())
    except OSError:
        return []


def _take_all(connection: Connection) -> int:
    folder = folder_of(connection.firm_id)
    try:
        whole = list(_whole_files(folder))[:_AT_ONCE]
        (folder / _TAKEN).mkdir(mode=0o700, exist_ok=True)
        taken = sum(_take_or_leave(connection.firm, folder, path) for path in whole)
    except OSError:
        error = ConnectorError(Failure.FOLDER_UNREACHABLE)
        breaker.note_failure(connection, error)
        return 0
    if connection.error:
        breaker.note_success(connection)
    return taken


def _take_or_leave(firm: Firm, folder: Path, path: Path) -> bool:
    """One file that cannot be read does not keep the others waiting: it is tried again at the next turn."""
    try:
        return _take(firm, folder, path)
    except OSError as error:
        logger.error("drop folder: a file cannot be taken (%s)", type(error).__name__)
        return False


def _whole_files(folder: Path) -> Iterator[Path]:
    """The files that nobody writes to any more: of the folder, of its sub-folders, and what a dead worker had taken."""
    now = time.time()
    for path in sorted(folder.iterdir()):
        if path.name in {_TAKEN, UNSORTED} or path.is_symlink():
            continue
        inside = sorted(path.iterdir()) if path.is_dir() and not path.name.startswith(".") else [path]
        yield from (one for one in inside if _is_whole(one, now - _QUIET_SECONDS))
    aside = folder / _TAKEN
    if aside.is_dir():
        for path in sorted(aside.iterdir()):
            yield from (one for one in sorted(path.iterdir()) if _is_whole(one, now - _ABANDONED_SECONDS))


def _is_whole(path: Path, before: float) -> bool:
    if path.name.startswith(".") or path.name.lower().endswith(_UNFINISHED):
        return False
    found = path.lstat()
    return stat.S_ISREG(found.st_mode) and found.st_mtime < before


def _take(firm: Firm, folder: Path, path: Path) -> bool:
    """Take one file; False when another worker has it."""
    name, hint = _name_and_hint(folder, path)
    aside = folder / _TAKEN / f"{uuid4()}!{hint[:100]}" / name
    aside.parent.mkdir(mode=0o700)
    try:
        path.rename(aside)
        os.utime(aside)
    except FileNotFoundError:
        aside.parent.rmdir()
        return False
    incoming, too_large = _read(aside, name)
    try:
        client = _client(firm, incoming, hint)
        if client is None or too_large:
            _put_aside(folder, aside, name)
            logger.warning("drop folder: a file of %d bytes has no client", incoming.size)
            return False
        _receive(firm, client, incoming, aside)
    finally:
        incoming.discard()
    return True


def _name_and_hint(folder: Path, path: Path) -> tuple[str, str]:
    """The name of the file, and that of its sub-folder; both as they were before it was taken."""
    if path.parent.parent.name == _TAKEN:
        return path.name, path.parent.name.partition("!")[2]
    return path.name, "" if path.parent == folder else path.parent.name


def _read(path: Path, name: str) -> tuple[Incoming, bool]:
    """The file, sealed as it is read; whether it is larger than what is accepted."""
    incoming = Incoming(name)
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as stream:
            while chunk := stream.read(_CHUNK):
                incoming.write(chunk)
                if incoming.size > settings.UPLOAD_MAX_FILE_BYTES:
                    break
        incoming.close()
    except BaseException:
        incoming.discard()
        raise
    return incoming, incoming.size > settings.UPLOAD_MAX_FILE_BYTES


def _client(firm: Firm, incoming: Incoming, hint: str) -> Client | None:
    """Whose file it is: by its own SIRET or SIREN, else by the name of its sub-folder. None when that names several."""
    clients = visible_clients(worker(firm)).filter(is_active=True)
    siren, siret = imports.company_named(incoming)
    digits = "".join(sign for sign in hint if sign.isdigit())
    for asked in (
        {"siret": siret} if siret else None,
        {"siret": digits} if len(digits) == 14 else None,
        {"siret__startswith": siren} if siren else None,
        {"siret__startswith": digits} if len(digits) == 9 and not siren else None,
        {"file_code__iexact": hint} if hint and not siren else None,
    ):
        if asked is not None:
            found = list(clients.filter(**asked)[:2])
            if len(found) == 1:
                return found[0]
    return None


def _put_aside(folder: Path, aside: Path, name: str) -> None:
    """Into the sub-folder of what waits for a person, under a name that is free."""
    unsorted = folder / UNSORTED
    unsorted.mkdir(mode=0o770, exist_ok=True)
    target, rank = unsorted / name, 1
    while target.exists():
        rank += 1
        target = unsorted / f"{Path(name).stem} ({rank}){Path(name).suffix}"
    aside.rename(target)
    aside.parent.rmdir()


@transaction.atomic
def _receive(firm: Firm, client: Client, incoming: Incoming, path: Path) -> None:
    """Give the file to its client, and remove it from the folder once that is committed; at once when it was had."""
    transaction.on_commit(partial(_remove, path))
    if holds(client, incoming, ever=False):
        return
    actor = Actor(firm=firm, codes=CODES, collaborator=None, origin=AuditOrigin.CONNECTION)
    imports.receive(actor=actor, incoming=incoming, to=client, came_from=CameFrom(Origin.CONNECTION, SOURCE))


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.parent.rmdir()
