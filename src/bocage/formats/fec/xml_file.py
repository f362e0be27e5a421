"""Reading a FEC in XML: one streaming pass writes the lines for DuckDB and feeds the emulation of the tester's
converter."""

import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TextIO
from xml.parsers import expat

import duckdb

from bocage.findings import Place
from bocage.formats.base import HEAD_BYTES, FileSource
from bocage.formats.fec.bytescan import BLOCK, ByteScan, blocks, scan
from bocage.formats.fec.columns import BY_ID, ColumnMap, Regime, known_id, legal_columns, map_columns
from bocage.formats.fec.names import FecName
from bocage.formats.fec.reading import Layout, Reading
from bocage.formats.fec.sink import Sink
from bocage.formats.fec.staging import UNIT, Numbering, Relation, absent_columns, count_rows, define_rows, stage
from bocage.formats.fec.tester import Outcome
from bocage.formats.fec.typed import Asked
from bocage.formats.fec.xml_converter import Converter

_SCHEMA_REGIMES = {
    "formatA47A-I-VII-1": Regime.BIC,
    "formatA47A-I-VIII-3": Regime.BNC_BA_COMMERCIAL,
    "formatA47A-I-VIII-5": Regime.BA_TRESORERIE,
    "formatA47A-I-VIII-7": Regime.BNC_TRESORERIE,
}
_UNFORESEEN = frozenset({"cp1252", "cp850", "mac-roman", "utf-16", "unknown"})
"""Words of character sets that the norm does not list (ENC-01)."""
_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})", re.IGNORECASE)
_DAY = re.compile(r"\s*(\d{4})-(\d{2})-(\d{2})(T\d{2}:\d{2}:\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?\s*$", re.ASCII)
_DECIMAL = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)\s*$", re.ASCII)
_EXPONENT = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)[eE][+-]?\d{1,3}\s*$", re.ASCII)
_UNWANTED = re.compile(r"[\x00-\x1f]")
_LONGEST_TEXT = 65_536
_LEVELS = frozenset({"comptabilite", "exercice", "journal", "ecriture", "ligne"})
_OF_ENTRY = frozenset(
    {
        "entry_number", "entry_date", "label", "piece_ref", "piece_date", "lettering", "lettering_date", "valid_date",
        "settlement_date", "settlement_mode", "operation_nature", "client_id",
    }
)  # fmt: skip


def _schemas() -> ModuleType:
    """Imported here: lxml takes 25 ms, and few FECs are XML."""
    return import_module("bocage.formats.fec.xml_schema")


def read(
    source: FileSource, name: FecName, con: duckdb.DuckDBPyConnection, work_dir: Path, sink: Sink, asked: Asked
) -> Reading | None:
    """Stage an XML FEC; None when it is not well formed (XML-01)."""
    scanned = scan(source)
    with source.open() as stream:
        head = stream.read(HEAD_BYTES)
    schemas = _schemas()
    schema = schemas.schema_name(head)
    regime = asked.regime or _SCHEMA_REGIMES.get(schema or "", Regime.BIC)
    encoding = _encoding_word(head, scanned)
    if encoding in _UNFORESEEN:
        sink.add("ENC-01", params={"jeu": encoding})
    path = work_dir / "flattened.txt"
    converter = Converter(name, regime, schema, latin_9=_declared(head) in {"iso-8859-15", "iso8859-15", "latin-9"})
    with path.open("w", encoding="utf-8", errors="replace", newline="\n") as out:
        walker = _Walker(out, sink, converter)
        if not walker.run(source):
            return None
    if walker.root != "comptabilite":
        sink.add("HDR-01")
        return None
    columns = _columns(regime)
    layout = Layout(
        encoding=encoding,
        separator="xml",
        line_ending=scanned.line_ending,
        header_line=None,
        amounts="montant_sens" if walker.signed else "debit_credit",
        columns=columns.names,
        extra_columns=tuple(walker.extra),
    )
    _judge(sink, regime, walker)
    stage(con, Relation(path, UNIT, "\\n", 0, len(columns.names), numbered=True), columns, padded=True)
    path.unlink()
    numbering = define_rows(con, Numbering(numbered=True, absent=absent_columns(columns)))
    return Reading(
        con=con,
        name=name,
        kind="fec",
        layout=layout,
        columns=columns,
        regime=regime,
        sink=sink,
        numbering=numbering,
        lines=count_rows(con),
        official=_official(source, head, schema, converter, sink),
    )


def _declared(head: bytes) -> str:
    found = _ENCODING.search(head[:400])
    return found[1].decode("ascii").lower() if found else "utf-8"


def _encoding_word(head: bytes, scanned: ByteScan) -> str:
    declared = _declared(head)
    if scanned.encoding == "utf-16":
        return "utf-16"
    if declared.startswith(("iso-8859-", "iso8859-", "latin")):
        return "iso8859-15"
    if declared in {"windows-1252", "cp1252"}:
        return "cp1252"
    return scanned.encoding


def _columns(regime: Regime) -> ColumnMap:
    """The names that the norm gives, with debit and credit: Montant and Sens are turned on the way."""
    return map_columns([BY_ID[identity].legal for identity in legal_columns(regime, signed=False)])


def _judge(sink: Sink, regime: Regime, walker: "_Walker") -> None:
    if regime is not Regime.BIC or walker.signed:
        sink.add("HDR-08", params={"regime": regime.value + (" (Montant et Sens)" if walker.signed else "")})
    if walker.extra:
        names = list(walker.extra)
        sink.add(
            "HDR-06", count=len(names), places=[Place(None, each) for each in names], params={"liste": ", ".join(names)}
        )


def _official(source: FileSource, head: bytes, schema: str | None, converter: Converter, sink: Sink) -> Outcome:
    """The verdict: name, declaration, X01, X02, then the flattened lines."""
    fault = _fault(source, head, schema)
    if fault is None:
        return converter.close()
    check, reason = fault
    sink.add("XML-02", params={"raison": reason})
    outcome = Outcome(stop="T06" if check == "T06" else None, year=converter.outcome.year)
    outcome.stop = converter.tester.name_stop or outcome.stop
    outcome.raised(check, "E")
    return outcome


def _fault(source: FileSource, head: bytes, schema: str | None) -> tuple[str, str] | None:
    """The check that ends the run before the conversion, and why."""
    schemas = _schemas()
    first = head.split(b"\n", 1)[0]
    if not (first.startswith(b"<?xml") or first[3:].startswith(b"<?xml")):
        return "T06", "la déclaration <?xml manque"
    if not schemas.declared_early(head):
        return "X01", "le schéma n’est pas déclaré dans les 300 premiers octets"
    if schema is None:
        return "X02", "le schéma déclaré n’est pas un des quatre officiels"
    fault = schemas.first_fault(source, schema)
    return None if fault is None else ("X02", fault)


class _Walker:
    """Elements to rows."""

    def __init__(self, out: TextIO, sink: Sink, converter: Converter) -> None:
        self._out, self._sink, self._converter = out, sink, converter
        self._ids = legal_columns(converter.tester.regime, signed=False)
        self.signed = False
        self.root: str | None = None
        self.extra: dict[str, None] = {}
        self._level: list[str] = []
        self._element: str | None = None
        self._text: list[str] = []
        self._length = 0
        self._line = self._element_line = 0
        self._journal: dict[str, str] = {}
        self._entry: dict[str, str] = {}
        self._fields: dict[str, str] = {}
        self._flagged: set[tuple[str, int]] = set()
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def run(self, source: FileSource) -> bool:
        """The whole document; False and XML-01 when it is not well formed."""
        try:
            for block in blocks(source, BLOCK):
                self._parser.Parse(block, False)
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            self._sink.add("XML-01", places=(Place(error.lineno),), params={"n": str(error.lineno)})
            return False
        except (ValueError, LookupError):
            self._sink.add("XML-01", params={"n": str(self._parser.CurrentLineNumber)})
            return False
        return True

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        level = local.lower()
        if self.root is None:
            self.root = level
        if level in _LEVELS:
            self._element = None
            self._level.append(level)
            if level == "journal":
                self._journal, self._entry = {}, {}
                self._converter.journal()
            elif level == "ecriture":
                self._entry = {}
            elif level == "ligne":
                self._fields = {}
                self._line = self._parser.CurrentLineNumber
            return
        self._element = local
        self._element_line = self._parser.CurrentLineNumber
        self._text.clear()
        self._length = 0

    def _characters(self, data: str) -> None:
        if self._element is not None and self._length < _LONGEST_TEXT:
            self._text.append(data[: _LONGEST_TEXT - self._length])
            self._length += len(data)

    def _end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if self._element == local:
            self._field(local, "".join(self._text))
            self._element = None
        elif self._level and self._level[-1] == local.lower() and self._level.pop() == "ligne":
            self._emit()

    def _field(self, element: str, content: str) -> None:
        if content:
            self._converter.text(element, content)
            if "|" in content or "\n" in content.strip("\n") or content.strip(" ") != content.strip(" \n"):
                self._flag("XML-04", self._element_line)
        identity = known_id(element)
        if identity is None or (identity == "entry_date" and element == "DateCloture"):
            if content.strip() and element != "DateCloture":
                self.extra.setdefault(element)
            return
        value = self._value(identity, content)
        if identity in {"journal_code", "journal_label"}:
            self._journal[identity] = value
        elif identity in _OF_ENTRY:
            self._entry[identity] = value
        else:
            self._fields[identity] = value

    def _flag(self, code: str, line: int, **params: str) -> None:
        if (code, line) not in self._flagged and len(self._flagged) < 100_000:
            self._flagged.add((code, line))
            self._sink.add(code, places=(Place(line),), params=params)

    def _value(self, identity: str, content: str) -> str:
        """The value as a flat file would write it; what the tester refuses afterwards is flagged (XML-06)."""
        kind = BY_ID[identity].kind
        reader: Callable[[str, str], str] | None = {"date": self._date, "amount": self._amount}.get(kind)
        return reader(identity, content) if reader and content.strip() else content

    def _date(self, identity: str, content: str) -> str:
        found = _DAY.match(content)
        if found is None:
            return content
        if found[5]:
            self._sink.at("XML-06", self._element_line, BY_ID[identity].legal, content)
        return "".join(found.group(1, 2, 3))

    def _amount(self, identity: str, content: str) -> str:
        if _DECIMAL.match(content):
            return content.strip().replace(".", ",")
        if _EXPONENT.match(content):
            self._sink.at("XML-06", self._element_line, BY_ID[identity].legal, content)
            return content.strip().replace(".", ",")
        if identity == "currency_amount" or content.strip().lstrip("+-").upper() in {"INF", "NAN"}:
            self._sink.at("XML-06", self._element_line, BY_ID[identity].legal, content)
            return ""
        return content

    def _emit(self) -> None:
        converter = self._converter
        converter.line()
        if converter.short:
            self._flag("XML-05", self._line, element="NatOp ou IdClient")
        if converter.fatal is not None:
            self._flag("XML-03", self._line, c=converter.fatal)
        values = self._journal | self._entry | self._fields
        if "amount" in values and "debit" not in values and "credit" not in values:
            self._turn(values)
        cells = [values.get(identity, "") for identity in self._ids]
        if not "".join(cells).isprintable():
            cells = [_UNWANTED.sub(" ", cell) for cell in cells]
        self._out.write(f"{self._line}{UNIT}{UNIT.join(cells)}\n")

    def _turn(self, values: dict[str, str]) -> None:
        """Montant and Sens to Debit and Credit."""
        self.signed = True
        side = values.get("sens", "").strip().upper()
        if side in {"D", "+1"}:
            values |= {"debit": values["amount"], "credit": "0"}
        elif side in {"C", "-1"}:
            values |= {"debit": "0", "credit": values["amount"]}
        else:
            self._sink.at("NUM-08", self._line, "Sens", side)
            self._sink.add("NUM-08", count=0, params={"valeur": side})
