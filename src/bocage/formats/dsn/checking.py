"""Checking DSN files: each alone, then all of them together."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache

from bocage.formats.base import Progress, Source, head
from bocage.formats.dsn.archives import Limits, Member, Refused, archive_kind, opened
from bocage.formats.dsn.collector import Collector
from bocage.formats.dsn.controls.catalogue import ENVOI_CONTROLS
from bocage.formats.dsn.controls.syntax import ValueTest, value_controls
from bocage.formats.dsn.engine import Engine
from bocage.formats.dsn.envoi import check_envoi, check_people
from bocage.formats.dsn.lines import CHUNK
from bocage.formats.dsn.reader import After, Closing, Declaration, Envelope, Event, Individual, Reader
from bocage.formats.dsn.report import DeclarationSummary, DsnCheck, DsnReport
from bocage.formats.dsn.sniffing import kind_of, saved_as_utf16
from bocage.formats.dsn.together import Together
from bocage.formats.dsn.values import Entry, Fault, LineTable, entries_of
from bocage.referentials.dsn import KNOWN_VERSIONS, Norm, load_norm
from bocage.wording import sentence

GENERIC_CHECKS = (
    *("FIC-ENC-01", "FIC-ENC-02", "FIC-LIG-01", "FIC-LIG-02", "FIC-LIG-03", "FIC-VER-01", "FIC-VER-02", "FIC-ENR-01"),
    *("FIC-CNT-01", "FIC-ESS-01", "STR-INC", "STR-BLO", "STR-PAR", "STR-ORD-B", "STR-ORD-R", "STR-CAR-MIN"),
    *("STR-CAR-MAX", "STR-USA-O", "STR-USA-I", "STR-SANS-IND", "CSL-VID", "CSL-BLC", "CSL-CAR", "CSL-SPE", "CSL-LON"),
    *("CSL-REG", "CSL-LST", "CSL-DAT"),
)
"""Our own ids, beside the controls of the norm."""

_VERSION_RUBRIQUE = "S10.G00.00.006"
_CONTROLS_BASIS = "P25V01"
"""The version whose controls are published."""

type Visit = Callable[[str, Event], None]
"""Called with the file's name and every event of the reader, so that another consumer shares the pass."""


def value_controls_of(norm: Norm) -> Mapping[str, tuple[tuple[str, ValueTest], ...]]:
    """The controls of one value that a version has."""
    listed = {f"{row.code}/{name}" for row in norm.rubriques.values() for name in row.controls}
    older = norm.version < _CONTROLS_BASIS
    return {
        code: tuple((control, test) for control, test in tests if not older or control in listed)
        for code, tests in value_controls().items()
        if code in norm.rubriques
    }


def check_file(
    source: Source | Member, *, progress: Progress | None = None, visit: Visit | None = None, kind: str | None = None
) -> DsnReport:
    """Read and check one DSN text. Never raises for what it holds; raises SourceUnreadable when it cannot be read."""
    kind = kind or kind_of(head(source))
    if kind not in ("dsn", "dsn_enriched"):
        return _not_a_dsn(source, kind)
    return _FileCheck(source, kind, progress, visit).run()


def _not_a_dsn(source: Source | Member, kind: str | None) -> DsnReport:
    collector = Collector()
    word = "utf16" if saved_as_utf16(head(source)) else kind or "unknown"
    collector.add("FIC-CNT-01", params={"kind": sentence("dsn", f"word/{word}").message})
    return DsnReport(source.name, kind or "unknown", None, False, 1, (), 0, collector.findings())


def check(
    sources: Sequence[Source],
    *,
    limits: Limits | None = None,
    progress: Progress | None = None,
    visit: Visit | None = None,
) -> DsnCheck:
    """Read and check files, each alone then all together.

    ``progress`` may raise Cancelled. Raises SourceUnreadable when bytes cannot be obtained, never for what they say.
    """
    together = Together()
    # Individuals are compared from one declaration to the next: a lone declaration has nothing to compare.
    alone = len(sources) == 1 and _declares_once(sources[0])

    def seen(file: str, event: Event) -> None:
        if not alone or isinstance(event, Declaration):
            together.feed(file, event)
        if visit is not None:
            visit(file, event)

    files = tuple(check_sources(sources, limits=limits, progress=progress, visit=seen))
    return DsnCheck(files, together.view())


_DECLARES = b"S20.G00.05.001"


def _declares_once(source: Source) -> bool:
    """Whether a text (an archive shows nothing) holds one declaration, told without reading its lines."""
    count, tail = 0, b""
    with source.open() as stream:
        while count < 2 and (chunk := stream.read(CHUNK)):
            data = tail + chunk
            count += data.count(_DECLARES)
            tail = data[1 - len(_DECLARES) :]
    return count == 1


def check_sources(
    sources: Sequence[Source],
    *,
    limits: Limits | None = None,
    progress: Progress | None = None,
    visit: Visit | None = None,
) -> Iterator[DsnReport]:
    """A report for each file, and for each member of an archive."""
    bounds = limits or Limits()
    for rank, source in enumerate(sources):
        step = _share(progress, rank, len(sources))
        for member in opened(source, bounds):
            if isinstance(member, Refused):
                yield _refused(member, source)
            else:
                yield check_file(member, progress=step, visit=visit)


def _refused(refused: Refused, source: Source) -> DsnReport:
    collector = Collector()
    collector.add(refused.code)
    kind = archive_kind(source) or kind_of(head(source)) or "unknown"
    return DsnReport(refused.name, kind, None, False, 1, (), 0, collector.findings())


def _share(progress: Progress | None, rank: int, total: int) -> Progress | None:
    if progress is None:
        return None
    told = progress
    return lambda share, step: told((rank + share) / total, step)


class _FileCheck:
    """One pass over one file."""

    def __init__(self, source: Source | Member, kind: str, progress: Progress | None, visit: Visit | None) -> None:
        self.source = source
        self.kind = kind
        self.visit = visit
        self.reader = Reader(source, table=_table, on_fault=self._fault, progress=progress)
        self.collector = Collector(self.reader.norm)
        self.engine = Engine(self.reader.norm, self.collector, self.reader.tree)
        self.envelopes: list[Envelope] = []
        self.closings: list[Closing] = []
        self.summaries: list[DeclarationSummary] = []
        self.enriched = kind == "dsn_enriched"
        self._second_individual: int | None = None
        self._version_line: int | None = None

    def run(self) -> DsnReport:
        for event in self.reader.events():
            self._take(event)
            if self.visit is not None:
                self.visit(self.source.name, event)
            if isinstance(event, Individual):
                event.release()
        self._close()
        check_envoi(
            self.envelopes, self.engine.headers, self.closings, self.reader.rubriques, self.enriched, self.collector
        )
        self._version()
        self._encoding()
        self.collector.forget_follow_ups()
        return DsnReport(
            self.source.name,
            self.kind if not self.enriched else "dsn_enriched",
            self.reader.stated_version,
            any(summary.nature and summary.siret for summary in self.summaries),
            len(self.engine.ids) + self._value_controls() + len(ENVOI_CONTROLS) + len(GENERIC_CHECKS),
            tuple(self.summaries),
            self.reader.lines_read,
            self.collector.findings(),
        )

    def _value_controls(self) -> int:
        ids = {control for tests in value_controls_of(self.reader.norm).values() for control, _ in tests}
        return len(ids - self.engine.ids)

    def _take(self, event: Event) -> None:
        engine = self.engine
        if isinstance(event, Individual):
            engine.individual(event)
            if engine.context is not None and engine.context.tally.individuals == 2:
                self._second_individual = event.line
        elif isinstance(event, Declaration):
            self._close()
            engine.open_declaration(event)
        elif isinstance(event, After):
            engine.after(event)
        elif isinstance(event, Envelope):
            self._close()
            self.envelopes.append(event)
            engine.open_envelope(event)
            if event.first("S10.G00.00", "005") == "01":
                self.collector.add("FIC-ESS-01", event.of("S10.G00.00")[0].line_of("005"), "S10.G00.00.005", value="01")
        else:
            self._close()
            self.closings.append(event)
            engine.anomalies(event)

    def _close(self) -> None:
        context = self.engine.context
        if context is None:
            return
        self.engine.close_declaration()
        check_people(context, context.declaration.tree, self._second_individual, self.collector)
        declaration = context.declaration
        self.summaries.append(
            DeclarationSummary(
                declaration.siret, declaration.month, declaration.nature, declaration.type, declaration.fraction,
                declaration.order, context.tally.individuals, context.tally.contracts,
            )
        )  # fmt: skip
        context.forget_people()

    def _fault(self, line: int, code: str, value: str, fault: Fault) -> None:
        if fault.code == "FIC-ENR-01":
            self.enriched = True
        if code == _VERSION_RUBRIQUE and fault.code == "CSL-LST":
            # Each version lists itself only: FIC-VER-01 says it better.
            self._version_line = line
            return
        params = {"version": self.reader.norm.version, **fault.params}
        self.collector.add(fault.code, line, code, value=value, params=params)

    def _version(self) -> None:
        stated, used = self.reader.stated_version, self.reader.norm.version
        if stated not in KNOWN_VERSIONS:
            line = self._version_line
            self.collector.add("FIC-VER-01", line, params={"stated": _safe(stated), "used": used})
        elif used > _CONTROLS_BASIS:
            self.collector.add("FIC-VER-02", params={"stated": used, "basis": _CONTROLS_BASIS})

    def _encoding(self) -> None:
        encoding = self.reader.encoding
        if encoding.bom:
            self.collector.add("FIC-ENC-01", 1)
        if encoding.utf8_line is not None:
            self.collector.add("FIC-ENC-02", encoding.utf8_line)
        if encoding.lone_returns:
            self.collector.add("FIC-LIG-03")


def _safe(stated: str | None) -> str:
    """The version as written when it looks like one."""
    shown = stated is not None and stated.isascii() and stated.isalnum()
    return stated if shown and stated else sentence("dsn", "word/no_version").message


@cache
def _entries(version: str) -> Mapping[str, Entry]:
    norm = load_norm(version)
    return entries_of(norm, value_controls_of(norm))


def _table(norm: Norm) -> LineTable:
    return LineTable(_entries(norm.version))
