"""Files to facts: one pass, one individual in memory at a time."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

from bocage.formats.base import Progress, Source, head
from bocage.formats.dsn import Closing, Declaration, Envelope, Individual, Limits, Reader, Refused, kind_of, opened
from bocage.formats.dsn.reader import Event
from bocage.ingest.dsn import values as read
from bocage.ingest.dsn.individual import Context, IndividualWriter
from bocage.ingest.dsn.pseudonyms import Pseudonyms
from bocage.ingest.dsn.spooling import spooling

_READABLE = frozenset({"dsn", "dsn_enriched"})
_NO_LIMITS = Limits()
_WHOLE, _TOTAL = "11", "01"


@dataclass(frozen=True, slots=True)
class DeclarationRead:
    """One declaration as written in the facts. ``month`` is None for a signal."""

    source: str
    siret: str
    nature: str
    type: str
    fraction: str
    scope: str
    ordre: int
    month: str | None
    file_date: date | None
    norm: str | None
    test: bool
    individuals: int
    contracts: int
    complete: bool
    """Whether its end was reached: False for a file cut short."""


@dataclass(frozen=True, slots=True)
class DsnImport:
    """What an import holds."""

    declarations: tuple[DeclarationRead, ...]
    tables: dict[str, Path]
    """Name of a table of :mod:`bocage.facts.payroll` → its Parquet file."""
    unreadable: tuple[str, ...]
    """Names of the sources, or members of archives, in which no declaration was found."""
    unattached: int
    """Pay lines left out because the contract they name is not declared."""

    @property
    def sirens(self) -> tuple[str, ...]:
        """The companies declared, ascending."""
        return tuple(sorted({declaration.siret[:9] for declaration in self.declarations}))


@dataclass(slots=True)
class _Open:
    """The declaration being read."""

    declaration: Declaration
    context: Context
    source: str
    external: list[tuple[str | None, str, int | None]] = field(default_factory=list)


class FactsWriter:
    """Takes the events of readers, in order, and writes facts.

    A check and an import may share one pass by handing the same events to both. Tables stand once the context is left
    without an error; nothing is left otherwise. Raises WorkspaceFull.
    """

    def __init__(self, out: Path, *, pseudonym_key: bytes) -> None:
        self._pseudonyms = Pseudonyms(pseudonym_key)
        self._stack = ExitStack()
        self._spool, self.tables = self._stack.enter_context(spooling(out))
        self._individuals = IndividualWriter(self._spool, self._pseudonyms)
        self._open: _Open | None = None
        self._contracts = 0
        self.declarations: list[DeclarationRead] = []
        self.unattached = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.end_of_source()
        self._stack.__exit__(kind, error, trace)

    def feed(self, source: str, event: Event) -> None:
        """One event of a reader; ``source`` is the name of its file, or archive!member."""
        match event:
            case Declaration():
                self._close(complete=True)
                self._begin(source, event)
            case Individual():
                if self._open is not None and event.blocks:
                    self._individuals.write(event.root, self._open.context)
            case Closing():
                self._close(complete=True)
            case Envelope():
                self._close(complete=False)
            case _:
                pass

    def end_of_source(self) -> None:
        """The file is over: a declaration still open was cut short."""
        self._close(complete=False)

    def _begin(self, source: str, declaration: Declaration) -> None:
        month = date.fromisoformat(f"{declaration.month}-01") if declaration.month else None
        rank = len(self.declarations) + 1
        label = f"{source}\0{rank}\0{declaration.siret}\0{declaration.file_date}\0{declaration.order}"
        nature, siren = read.code(declaration.nature) or "", read.digits(declaration.siren, 9) or ""
        self._open = _Open(declaration, Context(rank, nature, month, label, siren, self._contracts), source)
        for block in declaration.header.of("S21.G00.13"):
            units = read.quantity(block.values.get("003"))
            if units is not None:
                kind, year = read.code(block.values.get("002")), read.year(block.values.get("004"))
                self._spool.add("external_disability", (rank, kind, units, year))

    def _close(self, *, complete: bool) -> None:
        if self._open is None:
            return
        opened, self._open = self._open, None
        declaration, context = opened.declaration, opened.context
        row = DeclarationRead(
            source=opened.source,
            siret=read.digits(declaration.siret, 14) or context.siren,
            nature=context.nature,
            type=read.code(declaration.type) or "",
            fraction=read.digits(declaration.fraction, 2) or _WHOLE,
            scope=read.code(declaration.scope) or _TOTAL,
            ordre=declaration.order or 0,
            month=declaration.month,
            file_date=read.day(declaration.file_date),
            norm=read.norm(declaration.version),
            test=declaration.test,
            individuals=context.individuals,
            contracts=context.contracts - self._contracts,
            complete=complete,
        )
        self.declarations.append(row)
        self._contracts = context.contracts
        self.unattached += context.unattached
        first = declaration.header.first
        self._spool.add_text(
            "declarations",
            (
                context.declaration,
                row.source,
                row.norm,
                row.test,
                row.nature,
                row.type,
                row.fraction,
                row.scope,
                row.ordre,
                context.month,
                read.signal_id(first("S20.G00.05", "006")),
                row.file_date,
                context.siren,
                row.siret,
                read.naf(first("S21.G00.11", "002") or first("S21.G00.06", "003")),
                read.code(first("S21.G00.11", "022")),
                row.individuals,
                row.contracts,
                row.complete,
                declaration.header.line,
            ),
        )


def write_facts(
    sources: Sequence[Source],
    out: Path,
    *,
    pseudonym_key: bytes,
    limits: Limits = _NO_LIMITS,
    progress: Progress | None = None,
) -> DsnImport:
    """Read DSN files (or archives of them) into the payroll tables of one import, under ``out``.

    Streaming: memory does not grow with the files. Nothing that names a person reaches the disk, and nothing at all is
    left when it fails. Raises SourceUnreadable, WorkspaceFull, Cancelled; ValueError for a key that is too short.
    """
    unreadable: list[str] = []
    with FactsWriter(out, pseudonym_key=pseudonym_key) as writer:
        for index, source in enumerate(sources):
            share = _share(progress, index, len(sources))
            for text in opened(source, limits):
                if isinstance(text, Refused) or kind_of(head(text)) not in _READABLE:
                    unreadable.append(text.name)
                    continue
                before = len(writer.declarations)
                for event in Reader(text, progress=share).events():
                    writer.feed(text.name, event)
                    if isinstance(event, Individual):
                        event.release()
                writer.end_of_source()
                if len(writer.declarations) == before:
                    unreadable.append(text.name)
    return DsnImport(tuple(writer.declarations), writer.tables, tuple(unreadable), writer.unattached)


def _share(progress: Progress | None, index: int, count: int) -> Progress | None:
    """The progress of one file among several."""
    if progress is None:
        return None

    def report(done: float, step: str) -> None:
        progress((index + done) / count, step)

    return report
