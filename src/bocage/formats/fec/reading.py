"""What a reader hands to the checks: a connection with ``rows``, the layout, and what was found on the way."""

from dataclasses import dataclass

import duckdb

from bocage.formats.base import Source
from bocage.formats.fec.bytescan import ByteScan
from bocage.formats.fec.checks.context import CheckContext
from bocage.formats.fec.columns import ColumnMap, Regime
from bocage.formats.fec.header import Header
from bocage.formats.fec.names import FecName, parse_name
from bocage.formats.fec.profile import Profile
from bocage.formats.fec.sink import Sink
from bocage.formats.fec.staging import Numbering
from bocage.formats.fec.tester import Outcome


@dataclass(frozen=True, slots=True)
class Layout:
    """How the file is written, in the words of the contract."""

    encoding: str
    separator: str | None
    line_ending: str | None
    header_line: int | None
    amounts: str | None
    columns: tuple[str, ...] = ()
    extra_columns: tuple[str, ...] = ()


@dataclass(slots=True)
class Reading:
    """One FEC staged in ``con``: table ``staged``, view ``rows``."""

    con: duckdb.DuckDBPyConnection
    name: FecName
    kind: str
    layout: Layout
    columns: ColumnMap
    regime: Regime
    sink: Sink
    numbering: Numbering
    lines: int = 0
    regular: bool = True
    """Every record has its fields and the tester would cut the same records: its answer follows from the odd rows
    alone."""
    sources: tuple[Source, ...] = ()
    """The file itself, or its parts; empty when its lines are no lines of a text."""
    scans: tuple[ByteScan, ...] = ()
    header: Header | None = None
    """Of a flat file."""
    profile: Profile | None = None
    """Taken once the odd values are settled."""
    official: Outcome | None = None
    """The tester's answer, when the reader had to find it itself (XML, workbook)."""

    context: CheckContext | None = None
    """What the checks were given, once they were run."""

    def part_name(self, source: Source) -> FecName:
        """The name of one of the parts."""
        return parse_name(source.name)
