"""Reading one received file: recognise it, read it with ``bocage``, keep facts and report, settle it."""

import hashlib
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from bocage.errors import Cancelled
from bocage.formats.catalogue import identify
from bocage.formats.dsn import Limits
from bocage.formats.dsn import check as check_dsn
from bocage.formats.dsn.as_json import report_as_json
from bocage.formats.fec import report_as_json as fec_report_as_json
from bocage.indicators import ledger
from bocage.ingest.dsn import DeclarationRead, FactsWriter
from bocage.ingest.fec import write_facts as write_fec_facts
from cabinet.accounts.actors import Actor, worker
from cabinet.audit.services import Subject, record
from cabinet.imports import comparing, settling, storage
from cabinet.imports.archives import unpack
from cabinet.imports.enums import ImportKind, ImportState, Refusal
from cabinet.imports.models import DeclaredMonth, Import
from cabinet.imports.states import move
from cabinet.jobs import services as jobs
from cabinet.jobs.models import Job
from cabinet.keys.pseudonyms import pseudonym_key

FEC_KINDS = frozenset({"fec", "xlsx"})
DSN_KINDS = frozenset({"dsn", "dsn_enriched", "gzip"})
BEAT_SECONDS = 1.0


@dataclass(slots=True)
class Beat:
    """Passes the reader's progress on to the job row, at most once a second. Raises Cancelled when the job is lost."""

    job: Job
    _last: float = field(default_factory=lambda: time.monotonic() - BEAT_SECONDS)

    def __call__(self, share: float, step: str) -> None:
        now = time.monotonic()
        if now - self._last < BEAT_SECONDS:
            return
        self._last = now
        if not jobs.beat(self.job.id, tries=self.job.tries, share=share, step=step):
            raise Cancelled


def read(job: Job) -> list[tuple[Job, int]]:
    """Read the import of a job that was just claimed, and end the job; the jobs (with sizes) of files found inside it.

    Raises what the machine raises; what the *file* says is never an exception.
    """
    imported = Import.objects.select_related("firm", "client").filter(id=job.object_id).first()
    if imported is None or imported.is_settled:
        jobs.finish(job.id)
        return []
    born: list[tuple[Job, int]] = []
    if imported.state == ImportState.RECEIVED:
        move(imported, ImportState.READING)
    imported.tries = job.tries
    imported.save(update_fields=["tries"])
    storage.remove_facts(imported.id)
    kind = identify(storage.source_of(imported))
    imported.identified_as = kind.kind
    actor, beat = worker(imported.firm), Beat(job)
    if kind.kind in FEC_KINDS:
        _read_fec(imported, actor, beat)
    elif kind.kind in DSN_KINDS:
        _read_dsn(imported, actor, beat)
    elif kind.kind == "zip":
        born = unpack(imported, actor=actor)
    else:
        imported.report = {"kind": kind.kind, "why": kind.why, "advice": kind.advice}
        _end(imported, actor, refusal=Refusal.UNKNOWN_KIND)
    jobs.finish(job.id)
    return born


@transaction.atomic
def _end(imported: Import, actor: Actor, *, refusal: Refusal | None) -> None:
    """Keep what was read, then settle the import or refuse it.

    The row is read again under the transaction: meanwhile a draft may have been saved, or the file removed.
    """
    current = Import.objects.select_for_update().filter(id=imported.id).first()
    if current is None or current.state == ImportState.DELETED:
        # Removed while it was read: what was written after that goes too.
        storage.remove_files(imported.id)
        DeclaredMonth.objects.filter(source_id=imported.id).delete()
        return
    if current.state != ImportState.READING:
        return  # another worker took it up when this one was thought dead, and ended it
    for name in ("client", "draft_id", "expected_siren", "year", "confirmed_company"):
        setattr(imported, name, getattr(current, name))
    imported.read_at = timezone.now()
    imported.save()
    record(
        "import.read",
        author=actor.author,
        subject=Subject(label=imported.file_name, id=imported.id, client_id=imported.client_id),
        changes={"lignes": (None, imported.lines)},
    )
    if refusal is None:
        settling.settle(imported, actor=actor)
    else:
        settling.refuse(imported, refusal, actor=actor)


def _read_fec(imported: Import, actor: Actor, beat: Beat) -> None:
    imported.kind = ImportKind.FEC
    with storage.work_folder() as folder:
        out = folder / "facts"
        found = write_fec_facts(
            storage.sources_of(imported),
            out,
            work_dir=folder,
            siren=imported.expected_siren or None,
            progress=beat,
            memory_limit=settings.READER_MEMORY,
        )
        if not found:
            _end(imported, actor, refusal=Refusal.UNREADABLE)
            return
        read_ = found[0]
        _keep_fec(imported, fec_report_as_json(read_.report))
        usable = bool(imported.report["verdicts"]["exploitable"])
        if usable:
            derived = ledger.derive(read_.tables, out, work_dir=folder, memory_limit=settings.READER_MEMORY)
            imported.tables = _keep_tables(imported, {**read_.tables, **derived})
    _end(imported, actor, refusal=None if usable else Refusal.UNREADABLE)
    if imported.state == ImportState.TO_CHECK:
        comparing.prepare(imported)


def _keep_tables(imported: Import, tables: dict[str, Path]) -> dict[str, str]:
    """Move fact tables to the storage, under names that tell their content; name → file name."""
    target = storage.facts_dir(imported.id)
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = {}
    for name, path in tables.items():
        with path.open("rb") as handle:
            digest = hashlib.file_digest(handle, "sha256").hexdigest()
        kept[name] = f"{path.stem}-{digest[:16]}{path.suffix}"
        shutil.move(path, target / kept[name])
    return kept


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _first_day(month: str | None) -> date | None:
    """The first day of ``"2025-03"``."""
    return date.fromisoformat(f"{month}-01") if month else None


def _keep_fec(imported: Import, report: dict[str, Any]) -> None:
    imported.report = report
    imported.siren = report["siren"] or ""
    imported.lines, imported.entries = report["lines"], report["entries"]
    period = report["period"] or {}
    imported.period_start, imported.period_end = _day(period.get("start")), _day(period.get("end"))
    imported.first_entry, imported.last_entry = _day(period.get("first_entry")), _day(period.get("last_entry"))
    closing = _day(report["closing_date"])
    last = imported.last_entry
    coherent = closing is not None and (last is None or closing >= last.replace(day=1))
    imported.coherent_closing = closing if coherent else None


def _read_dsn(imported: Import, actor: Actor, beat: Beat) -> None:
    """One pass for the checks and the facts: they share what the reader sees."""
    imported.kind = ImportKind.DSN
    key = pseudonym_key(bytes(imported.subject_salt), kept=bytes(imported.subject_master))
    with storage.work_folder() as folder:
        with FactsWriter(folder / "facts", pseudonym_key=key) as writer:
            checked = check_dsn(
                [storage.source_of(imported)],
                limits=Limits(max_dsn_bytes=settings.UPLOAD_MAX_DSN_BYTES),
                progress=beat,
                visit=writer.feed,
            )
        imported.report = dict(report_as_json(checked.files[0])) if checked.files else {}
        # A declaration cut short would count for a month without all its people.
        usable = bool(imported.report.get("usable")) and all(one.complete for one in writer.declarations)
        if usable:
            imported.tables = _keep_tables(imported, dict(writer.tables))
            _keep_dsn(imported, writer.declarations)
    _end(imported, actor, refusal=None if usable else Refusal.UNREADABLE)


def _keep_dsn(imported: Import, declarations: Sequence[DeclarationRead]) -> None:
    sirens = {declaration.siret[:9] for declaration in declarations}
    others = sirens - {imported.expected_siren}
    imported.siren = next(iter(sorted(others)), imported.expected_siren if sirens else "")
    imported.lines = imported.report["lines"]
    imported.people = max((declaration.individuals for declaration in declarations), default=0)
    months = [month for declaration in declarations if (month := _first_day(declaration.month))]
    if months:
        imported.period_start, imported.period_end = min(months), max(months)
    with transaction.atomic():
        current = Import.objects.select_for_update().filter(id=imported.id).first()
        if current is not None and current.state != ImportState.READING:
            return  # another worker ended it: its months count already
        imported.months.all().delete()
        DeclaredMonth.objects.bulk_create(
            DeclaredMonth(
                source=imported,
                siret=declaration.siret,
                month=_first_day(declaration.month),
                nature=declaration.nature,
                type=declaration.type,
                fraction=declaration.fraction,
                scope=declaration.scope,
                ordre=declaration.ordre,
                file_date=declaration.file_date,
                individuals=declaration.individuals,
            )
            for declaration in declarations
        )
