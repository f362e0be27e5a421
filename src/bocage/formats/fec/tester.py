"""The official tester (Test Compta Demat 1_00_10b), rule by rule, tolerance and oddities included.

It works on bytes shown as Latin-1 text, so that one character is one byte as in the tool. The ids T01 to T28 are ours;
they are
explained in docs/formats/fec.md. ``E``, ``O``, ``V``, ``A``, ``S`` are the tool's own log types.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bocage.formats.fec.columns import BY_ID, Regime, legal_columns
from bocage.formats.fec.names import FecName

HEAD = 4096
"""The tool looks for the line end in this many bytes."""

_LONGEST_RECORD = 1 << 21

_INTERNAL = {
    "journal_code": "code_jrnal", "journal_label": "lib_jrnal", "entry_number": "num_ecr", "entry_date": "date_cpt",
    "account": "num_cpte_gen", "account_label": "lib_cpte_gen", "aux": "num_cpt_aux", "aux_label": "lib_cpt_aux",
    "piece_ref": "num_piece", "piece_date": "date_piece", "label": "lib_ecriture", "debit": "mtn_debit",
    "credit": "mtn_credit", "lettering": "code_lettrage", "lettering_date": "date_lettrage", "valid_date": "valid_date",
    "currency_amount": "mtn_devise", "currency": "idevise", "settlement_date": "paiement_date",
    "settlement_mode": "paiement_mode", "operation_nature": "prestation", "client_id": "client",
}  # fmt: skip
_RESULT = "result_type"
_GHOST = "zfictifz"
_BY_NAME = {
    **{BY_ID[name].legal.lower(): name for name in _INTERNAL},
    **{internal: name for name, internal in _INTERNAL.items()},
    "montant": "debit",
    "sens": "credit",
    "result": _RESULT,
    "ecr_type": _RESULT,
}
_REQUIRED = ("entry_number", "entry_date", "account", "account_label", "label", "debit", "credit")
_NOT_BLANK = frozenset(_REQUIRED) - {"debit", "credit"}
_WANTED = frozenset({"piece_ref", "piece_date"})
_WANTED_COMMERCIAL = _WANTED | {"journal_code", "journal_label", "valid_date"}

_SEP = r"[/\-.]*"
_MONTH, _DAY, _TIME = r"(?P<m>[01][0-9])", r"(?P<d>[0-3][0-9])", r"([T ][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2})?"
_KNOWN_DATE = tuple(
    re.compile(pattern + "$", re.ASCII)
    for pattern in (
        rf"(?:20|19)[0-9]{{2}}{_SEP}{_MONTH}{_SEP}{_DAY}{_TIME}",
        rf"{_DAY}{_SEP}{_MONTH}{_SEP}(?:20|19)[0-9]{{2}}{_TIME}",
    )
)
_OTHER_YEAR = tuple(
    re.compile(pattern + "$", re.ASCII)
    for pattern in (rf"[0-9]{{4}}{_SEP}{_MONTH}{_SEP}{_DAY}{_TIME}", rf"{_DAY}{_SEP}{_MONTH}{_SEP}[0-9]{{4}}{_TIME}")
)
_NO_DATE = re.compile(r"[0\-/.]+$|\s*$")
_THOUSANDS = re.compile(r" *[0-9]+ [0-9]+", re.ASCII)
_PLAIN = re.compile(r" *[+-]*[0-9.,]+ *[+-]* *$", re.ASCII)
_EXPONENT = re.compile(r" *[+-]*[0-9.,]+[Ee][0-9+-]+ *$", re.ASCII)
_RIGHT_SIGN = re.compile(r" *([0-9.,]+) *([+-]) *$", re.ASCII)
_PERL_NUMBER = re.compile(r"\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)
_PERL_WORD = re.compile(r"\s*[+-]?(?:nan|inf)", re.IGNORECASE)
_NOT_NAME = re.compile(r"[^A-Za-z0-9]")
_SENS_DEBIT, _SENS_CREDIT = re.compile(r"\s*(D|\+1)\s*$", re.I), re.compile(r"\s*(C|-1)\s*$", re.I)


def date_check(value: str, *, mandatory: bool) -> str | None:
    """The check that a filled date fails: T23, T24 (an anomaly), T25, T26, or None."""
    if _NO_DATE.match(value):
        return "T25" if mandatory else None
    for pattern in _KNOWN_DATE:
        found = pattern.match(value)
        if found:
            return "T23" if int(found["m"]) > 12 or int(found["d"]) > 31 else None
    return "T24" if any(pattern.match(value) for pattern in _OTHER_YEAR) else "T26"


def amount_checks(value: str) -> tuple[str, ...]:
    """The checks that an amount fails, among T20, T21, T22."""
    if value == "":
        return ()
    failed = []
    text = value
    if "." in text:
        failed.append("T20")
    else:
        text = text.replace(",", ".", 1)
    if _THOUSANDS.match(text) or sum(text.count(mark) for mark in " .,") > 1:
        failed.append("T21")
    elif not ((_PLAIN.match(text) and text.count("-") < 2) or _EXPONENT.match(text)):
        failed.append("T22")
    return tuple(failed)


def amount_is_zero(value: str) -> bool:
    """Whether Perl takes the text for 0: it reads the longest number at the left."""
    text = value if "." in value else value.replace(",", ".", 1)
    right = _RIGHT_SIGN.match(text)
    if right:
        text = right[2] + right[1]
    if _PERL_WORD.match(text):
        return False
    found = _PERL_NUMBER.match(text)
    try:
        return found is None or float(found[0]) == 0
    except OverflowError:
        return False


@dataclass(slots=True)
class Outcome:
    """What the tool says: a stop (no report), the checks met, the number of records by log type."""

    stop: str | None = None
    checks: set[str] = field(default_factory=set)
    log: Counter[str] = field(default_factory=Counter)
    blank_columns: set[str] = field(default_factory=set)
    """Fields for which T18 was raised."""
    year: int = 2013

    @property
    def conforming(self) -> bool:
        """The verdict: from 2013 on, absent data and absent names count too."""
        if self.stop is not None or self.log["E"] or self.log["O"]:
            return False
        return self.year < 2013 or not (self.log["V"] or "T11" in self.checks)

    def raised(self, check: str, kind: str | None = None) -> None:
        """Note one record of the log."""
        self.checks.add(check)
        if kind is not None:
            self.log[kind] += 1


def line_end(head: bytes) -> bytes | None:
    """T03: the line end that the tool cuts all records with; None: the whole file is one record."""
    for mark in (b"\r\n", b"\r", b"\n"):
        if mark in head[:HEAD]:
            return mark
    return None


def cut_records(blocks: Iterable[bytes], mark: bytes | None) -> Iterator[bytes]:
    """Records as the tool reads them, their line end included."""
    rest = b""
    for block in blocks:
        if mark is None:
            rest = (rest + block)[:_LONGEST_RECORD]
            continue
        pieces = (rest + block).split(mark)
        rest = _bounded(pieces.pop())
        for piece in pieces:
            yield piece + mark
    if rest:
        yield rest


def _bounded(rest: bytes) -> bytes:
    """A record of megabytes keeps its beginning, and its last byte for a line end of two: it is refused in any case."""
    return rest[: _LONGEST_RECORD - 1] + rest[-1:] if len(rest) > _LONGEST_RECORD else rest


def _strip_end(record: str, mark: str | None) -> str:
    """``s/\\r\\n|\\r$//`` then ``chomp`` of Perl."""
    at = record.find("\r\n")
    if at >= 0:
        record = record[:at] + record[at + 2 :]
    elif record.endswith("\r"):
        record = record[:-1]
    return record[: -len(mark)] if mark and record.endswith(mark) else record


def find_separator(first: str, year: int) -> str | None:
    """T06: TAB or pipe with nine columns at least, other marks up to 2012."""
    for mark in ("\t", "|", ",", ";") if year <= 2012 else ("\t", "|"):
        cells = first.split(mark)
        while cells and not cells[-1].strip():
            cells.pop()
        if len(cells) >= 9:
            return mark
    return None


def field_of(cell: bytes, *, first: bool) -> str | None:
    """T09 for one cell of the header: the field that the tool sees there, or None."""
    text = cell.decode("latin-1").replace("\0", "")
    text = text.rstrip(" ") if first else text.strip(" ")
    return _BY_NAME.get(_compared(text))


def compared_name(cell: bytes) -> str:
    """A name of the header as the tool compares it with the others."""
    return _compared(cell.decode("latin-1").replace("\0", "").strip(" "))


def _compared(text: str) -> str:
    return _NOT_NAME.sub("_", _plain_accents(text).rstrip(" ")).lower()


def _stripped(values: list[str]) -> list[str]:
    """Fields without the spaces around separators and at the end of the record; the first one keeps its left side."""
    if len(values) == 1:
        return [values[0].rstrip(" ")]
    return [values[0].rstrip(" "), *(value.strip(" ") for value in values[1:])]


def read_names(line: str, separator: str) -> list[str]:
    """T08, T09: the names as the tool compares them, the ghost column included, in lower case."""
    cells = _stripped(line.split(separator))
    while cells and not cells[-1]:
        cells.pop()
    names = [_compared(cell) for cell in cells]
    if line.rstrip(" ").endswith(separator):
        names.append(_GHOST)
    return names


def _plain_accents(cell: str) -> str:
    for accent in ("\u00c3\u00a9", "\u00c3\u00a8", "\u00e9", "\u00e8"):
        cell = cell.replace(accent, "e")
    return cell


class Tester:
    """One run of the tool on one file, in the regime that its user tells it."""

    def __init__(self, name: FecName, regime: Regime) -> None:
        self.outcome = Outcome(year=name.closing_year or 2013)
        self.regime = regime
        self.separator: str | None = None
        self.width = 0
        self.columns: tuple[tuple[int, str, str], ...] = ()
        self._signed: tuple[int, int] | None = None
        self._sides = (0, 0)
        self._mark: str | None = None
        self._wanted = _WANTED if regime.cash else _WANTED_COMMERCIAL
        self.name_stop = "T02" if not name.accepted else "crash" if name.crashes else None
        self.outcome.stop = self.name_stop

    def header(self, record: bytes, mark: bytes | None) -> None:
        """Read the first record; sets the outcome's stop when the tool refuses the file there."""
        self._mark = mark.decode("latin-1") if mark else None
        line = _strip_end(record.decode("latin-1"), self._mark).replace("\0", "")
        line = line.removeprefix("\u00ef\u00bb\u00bf")
        self.separator = find_separator(line, self.outcome.year)
        if self.separator is None:
            self.outcome.stop = self.outcome.stop or "T06"
            self.outcome.checks.add("T06")
            return
        self.map_names(read_names(line, self.separator))

    def map_names(self, names: Sequence[str], *, internal_only: bool = False) -> None:
        """T09 to T12 and DUP on the names of the columns. ``internal_only``: a converted XML file bears the tool's
        own names."""
        outcome = self.outcome
        if _GHOST in names:
            outcome.raised("T08")
        self.width = len(names)
        known: list[tuple[int, str, str]] = []
        used: set[str] = set()
        internal = set(_INTERNAL.values())
        for index, name in enumerate(names):
            identity = _BY_NAME.get(name)
            if internal_only and name not in internal:
                continue
            if identity is None or (name in used and name not in internal):
                continue
            used.add(name)
            kind = "text" if identity == _RESULT else BY_ID[identity].kind
            known.append((index, identity, kind))
        legal = legal_columns(self.regime, signed=False)
        self.columns = tuple(column for column in known if column[1] == _RESULT or column[1] in legal)
        self._find_signed(names)
        self._missing_and_extra(names, legal)

    def _find_signed(self, names: Sequence[str]) -> None:
        amount = max((i for i, name in enumerate(names) if name == "montant"), default=0)
        sens = max((i for i, name in enumerate(names) if name == "sens"), default=0)
        self._signed = (amount, sens) if amount > 0 and sens > 0 else None
        debit = [i for i, identity, _ in self.columns if identity == "debit"]
        credit = [i for i, identity, _ in self.columns if identity == "credit"]
        self._sides = (debit[-1] if debit else -1, credit[-1] if credit else -1)

    def _missing_and_extra(self, names: Sequence[str], legal: tuple[str, ...]) -> None:
        outcome = self.outcome
        present = {identity for _, identity, _ in self.columns}
        for identity in _REQUIRED:
            if identity not in present:
                outcome.raised("T10", "O")
        if set(legal) - present:
            outcome.raised("T11")
        used = {index for index, _, _ in self.columns}
        extra = [name for index, name in enumerate(names) if index not in used and name != _GHOST]
        for _ in extra:
            outcome.raised("T12", "S")
        if len(set(extra)) < len(extra) or "" in extra:
            outcome.stop = outcome.stop or "DUP"
        if extra and "" in names:
            outcome.stop = outcome.stop or "DUP"

    def stopped(self) -> bool:
        """Whether the tool has given up on the file."""
        return self.outcome.stop is not None

    def signed_record(self, record: bytes) -> str | None:
        """T13: a Montant/Sens record rewritten as the tool does; None and a stop when Sens is refused."""
        if self._signed is None or self.separator is None:
            raise ValueError("the header comes first")
        amount, sens = self._signed
        values = _strip_end(record.decode("latin-1"), self._mark).split(self.separator)
        while values and values[-1] == "":
            values.pop()
        side = values[sens] if sens < len(values) else ""
        if _SENS_DEBIT.match(side):
            values[sens] = "0"
        elif _SENS_CREDIT.match(side):
            values[sens], values[amount] = values[amount], "0"
        else:
            self.outcome.stop = self.outcome.stop or ("T13" if values else "crash")
            return None
        values += [""] * (self.width - len(values))
        return self.separator.join(values)

    def record(self, record: bytes) -> None:
        """Steps 8 and 9: one record, T15 to T27."""
        if self._signed is not None:
            rewritten = self.signed_record(record)
            if rewritten is None:
                return
            self.fields(self.clean(rewritten))
            return
        self.fields(self.clean(record.decode("latin-1")))

    def clean(self, record: str) -> list[str]:
        """T04: no-break spaces, line end, NULs and spaces around separators; then the fields."""
        if self.separator is None:
            raise ValueError("the header comes first")
        if "\u00a0" in record:
            record = record.replace("\u00c2\u00a0", " ").replace("\u00a0", " ")
        line = _strip_end(record, self._mark).replace("\0", "")
        values = line.split(self.separator)
        return _stripped(values) if " " in line else values

    def fields(self, values: list[str]) -> None:
        """The checks on the fields of one record."""
        outcome = self.outcome
        if len(values) == 1:
            outcome.raised("T15", "E")
            return
        if len(values) != self.width:
            outcome.raised("T16", "E")
            values = values + [""] * (self.width - len(values))
        for index, identity, kind in self.columns:
            value = values[index]
            if kind == "amount" or identity in {"debit", "credit"}:
                for check in amount_checks(value):
                    outcome.raised(check, "E")
                continue
            if value.strip(" ") in {"", "\n"}:
                self._blank(identity)
            elif kind == "date":
                check_date = date_check(value, mandatory=identity == "entry_date")
                if check_date is not None:
                    outcome.raised(check_date, "A" if check_date == "T24" else "E")
            elif identity == "account" and not (len(value) > 2 and value[:3].isascii() and value[:3].isdigit()):
                outcome.raised("T19", "A")
        debit, credit = (values[side] if side >= 0 else "" for side in self._sides)
        if amount_is_zero(debit) == amount_is_zero(credit):
            outcome.raised("T27", "A")

    def _blank(self, identity: str) -> None:
        if identity in _NOT_BLANK:
            self.outcome.raised("T17", "E")
        elif identity in self._wanted and self.outcome.year >= 2013:
            self.outcome.blank_columns.add(identity)
            self.outcome.raised("T18", "V")


def run(blocks: Iterable[bytes], head: bytes, name: FecName, regime: Regime, *, stop_after: int = 20_000) -> Outcome:
    """The whole run on a flat file. Beyond ``stop_after`` records the run ends as soon as the verdict is certain."""
    tester = Tester(name, regime)
    outcome = tester.outcome
    if outcome.stop is not None:
        return outcome
    mark = line_end(head)
    count = 0
    for record in cut_records(blocks, mark):
        count += 1
        if count == 1:
            tester.header(record, mark)
        else:
            tester.record(record)
        if outcome.stop is not None or (count > stop_after and not outcome.conforming):
            return outcome
    if count == 1:
        outcome.stop = "T14"
        outcome.raised("T14", "E")
    elif count == 0:
        outcome.stop = "T06"
    return outcome
