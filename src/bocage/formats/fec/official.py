"""The official tester's answer for a file that has been read, without reading every record of a regular one again.

In a regular file (every record has its fields, and the tester cuts the records as we do) its refusals are exactly the
blanks, dates
and amounts that staging put aside: the header and those lines are enough. Any other file is run through the emulation
whole.
"""

from collections.abc import Iterable

from bocage.formats.base import Source
from bocage.formats.fec import tester
from bocage.formats.fec.bytescan import ByteScan, blocks
from bocage.formats.fec.columns import BY_ID, legal_columns
from bocage.formats.fec.lines import raw_lines
from bocage.formats.fec.reading import Reading
from bocage.formats.fec.tester import Outcome, Tester

WHOLE_BELOW = 1_000_000
"""Smaller files are run whole: the answer then lists every check met."""
_SAMPLE = 500
_REFUSED_AMOUNTS = ("NUM-01", "NUM-02", "NUM-09")


def official_outcome(reading: Reading) -> Outcome:
    """What the tester says of a flat file; of parts, the first refusal."""
    outcomes = [
        _one_file(reading, source, scanned, alone=len(reading.sources) == 1)
        for source, scanned in zip(reading.sources, reading.scans, strict=True)
    ]
    refused = [outcome for outcome in outcomes if not outcome.conforming]
    return (refused or outcomes)[0]


def ends_refused(reading: Reading) -> bool:
    """Whether the tool cuts other records than the lines of the file, because line ends are mixed (EOL-02)."""
    for source, scanned in zip(reading.sources, reading.scans, strict=True):
        mark, kinds = tester.line_end(_head(source)), dict(scanned.ends)
        if mark == b"\r" and scanned.cut == "\n":
            return True
        outside = kinds.get("lf", 0) + kinds.get("lfcr", 0)
        if mark == b"\r\n" and outside > _breaks_inside(reading):
            return True
    return False


def _breaks_inside(reading: Reading) -> int:
    """Line ends that stand inside a text: lines of the file that are no record of their own."""
    ends = sum(scanned.physical_ends + (not scanned.final_end) for scanned in reading.scans)
    header = reading.header.line if reading.header else 0
    return ends - header - reading.lines - reading.sink.count("ROW-02") - reading.sink.count("ROW-03")


def _head(source: Source) -> bytes:
    with source.open() as stream:
        return stream.read(tester.HEAD)


def _one_file(reading: Reading, source: Source, scanned: ByteScan, *, alone: bool) -> Outcome:
    head = _head(source)
    wanted = {"crlf": b"\r\n", "lf": b"\n", "cr": b"\r"}.get(scanned.line_ending or "")
    regular = alone and reading.regular and scanned.controls == 0 and scanned.size > WHOLE_BELOW
    if regular and tester.line_end(head) == wanted:
        short = _regular_file(reading, source, scanned)
        if short is not None:
            return short
    name = reading.name if alone else reading.part_name(source)
    return tester.run(blocks(source), head, name, reading.regime)


def _regular_file(reading: Reading, source: Source, scanned: ByteScan) -> Outcome | None:
    """The answer from the header and the odd lines; None when the short cut cannot be trusted."""
    run = Tester(reading.name, reading.regime)
    if run.stopped():
        return run.outcome
    if run.outcome.year < 2013:
        return None
    first = raw_lines(source, [1], scanned=scanned).get(1, "")
    mark = tester.line_end(_head(source))
    prefix = b"\xef\xbb\xbf" if scanned.skip == 3 else b""
    run.header(prefix + first.encode(scanned.codec, "replace"), mark)
    if run.stopped():
        return run.outcome
    ours = {(at, _side(name)) for name, at in reading.columns.positions.items()}
    if not {(at, name) for at, name, _ in run.columns} <= ours or run.width != reading.columns.width:
        return None
    lines = _refused_lines(reading, {name for _, name, _ in run.columns})
    if not lines:
        return run.outcome
    found = raw_lines(source, lines, scanned=scanned)
    for number in sorted(found):
        run.record(found[number].encode(scanned.codec, "replace") + (mark or b""))
        if run.stopped():
            break
    return None if run.outcome.conforming else run.outcome


def _side(name: str) -> str:
    return {"amount": "debit", "sens": "credit"}.get(name, name)


def _refused_lines(reading: Reading, known: Iterable[str]) -> list[int]:
    """The first lines that the tester refuses."""
    known = set(known)
    odd = reading.profile.odd if reading.profile else {}
    conditions = []
    mandatory = [name for name in ("entry_number", "account", "account_label", "label", "entry_date") if name in known]
    wanted = [
        "piece_ref",
        "piece_date",
        *([] if reading.regime.cash else ["journal_code", "journal_label", "valid_date"]),
    ]
    for name in (*mandatory, *(name for name in wanted if name in known)):
        raw = f" AND {name}_raw IS NULL" if BY_ID[name].kind == "date" else ""
        conditions.append(f"{name} IS NULL{raw}")
    for name in legal_columns(reading.regime, signed=False):
        if name in known and BY_ID[name].kind == "date" and odd.get(name):
            codes = "('DATE-01', 'DATE-12')" if name == "entry_date" else "('DATE-01')"
            conditions.append(f"{name}_raw IN (SELECT raw FROM date_forms WHERE code IN {codes})")
        elif name in known and BY_ID[name].kind == "amount" and odd.get(name):
            held = " OR ".join(f"contains(codes, '{code}')" for code in _REFUSED_AMOUNTS)
            conditions.append(f"{name}_raw IN (SELECT raw FROM amount_forms WHERE {held})")
    if reading.columns.signed:
        conditions.append("sens_raw IS NOT NULL")
    query = f"SELECT line FROM rows WHERE {' OR '.join(f'({item})' for item in conditions)} ORDER BY r LIMIT {_SAMPLE}"
    return [int(line) for (line,) in reading.con.execute(query).fetchall()]
