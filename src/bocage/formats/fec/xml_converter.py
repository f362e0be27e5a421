"""How the official tester flattens an XML file before checking it (X03), faults included."""

import re

from bocage.formats.fec.columns import Regime
from bocage.formats.fec.names import FecName
from bocage.formats.fec.tester import Outcome, Tester

_COMMON = (
    ("journalcode", "code_jrnal"), ("journallib", "lib_jrnal"), ("ecriturenum", "num_ecr"),
    ("ecrituredate", "date_cpt"),
    ("comptenum", "num_cpte_gen"), ("comptelib", "lib_cpte_gen"), ("compteauxnum", "num_cpt_aux"),
    ("compteauxlib", "lib_cpt_aux"),
    ("debit", "mtn_debit"), ("credit", "mtn_credit"), ("ecriturelib", "lib_ecriture"), ("pieceref", "num_piece"),
    ("piecedate", "date_piece"), ("ecriturelet", "code_lettrage"), ("datelet", "date_lettrage"),
    ("validdate", "valid_date"),
    ("montantdevise", "mtn_devise"), ("idevise", "idevise"),
)  # fmt: skip
_CASH = (("daterglt", "paiement_date"), ("moderglt", "paiement_mode"), ("natop", "prestation"), ("idclient", "client"))
_OF_JOURNAL = frozenset({"journalcode", "journallib"})
_OF_LINE = frozenset(
    {
        "comptenum",
        "comptelib",
        "compteauxnum",
        "compteauxlib",
        "debit",
        "credit",
        "montantdevise",
        "idevise",
        "montant",
        "sens",
    }
)
_AMOUNTS = frozenset({"debit", "credit", "montantdevise", "montant"})
_DECIMAL = re.compile(r"[+-]?[ ]*[0-9]*\.[0-9]*[ ]*$", re.ASCII)
_LATIN_9_ACCENTS = re.compile("[\u0080-\u00ff]")
_LATIN_9_ONLY = frozenset("€ŠšŽžŒœŸ")
_FATAL_LATIN_1 = frozenset("\u00b4\u00b8\u00be")
_FEWEST = 18


def fatal_character(text: str, *, latin_9: bool) -> str | None:
    """The character of one flattened line that kills the converter, or None."""
    if text.isascii():
        return None
    euros = 0
    for char in text:
        if char == "€":
            euros += 1
            if euros > 1:
                return char
        elif char > "\u00ff" or char in _FATAL_LATIN_1:
            return char
    if latin_9 and _LATIN_9_ACCENTS.search(text):
        return next((char for char in text if char in _LATIN_9_ONLY), None)
    return None


class Converter:
    """Fed with the elements of a document in order; runs the tester on the lines that it would write."""

    def __init__(self, name: FecName, regime: Regime, schema: str | None, *, latin_9: bool) -> None:
        cash = 4 if schema and schema.endswith("VIII-7") else 3 if schema and schema.endswith("VIII-5") else 0
        columns = (*_COMMON, *_CASH[:cash])
        self.names = tuple(internal for _, internal in columns)
        self._rank = {element: index + 1 for index, (element, _) in enumerate(columns)}
        self.tester = Tester(name, regime)
        self._latin_9 = latin_9
        self._values: dict[str, str] = {}
        self._length = _FEWEST
        self._extra: dict[str, str] = {}
        self._extra_names: list[str] = []
        self._fresh = True
        self.short = False
        """The line just written lacks columns (XML-05)."""
        self.fatal: str | None = None
        """The character of the line just written that kills the converter."""

    @property
    def outcome(self) -> Outcome:
        """What the tester says so far."""
        return self.tester.outcome

    def journal(self) -> None:
        """A journal begins: the next text empties everything kept."""
        self._fresh = True

    def text(self, element: str, content: str) -> None:
        """One element with text. Unknown ones become columns of their own."""
        folded = element.lower()
        if folded not in self._rank and folded not in {"montant", "sens"}:
            if content.strip() and element != "DateCloture":
                if element not in self._extra_names:
                    self._extra_names.append(element)
                self._extra[element] = content
            return
        if self._fresh:
            self._values.clear()
            self._length = _FEWEST
            self._fresh = False
        self._values[folded] = content.replace(",", ".") if folded in _AMOUNTS else content
        signed = folded in {"montant", "sens"}
        self._length = max(self._length, len(self.names) if signed else self._rank[folded])

    def line(self) -> None:
        """The end of a ligne: one flattened record."""
        values = self._values
        fields = [""] * self._length
        for element, value in values.items():
            rank = self._rank.get(element)
            if rank is not None and value:
                fields[rank - 1] = _comma(value)
        if "montant" in values and "sens" in values:
            side = values["sens"].strip().upper()
            amount = values["montant"].replace(".", ",")
            if side not in {"D", "C", "+1", "-1"}:
                self.outcome.stop = self.outcome.stop or "T13"
            debit = side in {"D", "+1"}
            fields[8], fields[9] = (amount, "0") if debit else ("0", amount)
        self.short = self._length < len(self.names)
        row = "|".join(fields)
        self.fatal = fatal_character(row + "".join(self._extra.values()), latin_9=self._latin_9)
        if self.fatal is not None:
            self.outcome.stop = self.outcome.stop or "crash"
        self._give(row)
        self._extra.clear()
        for element in _OF_LINE:
            values.pop(element, None)

    def _give(self, row: str) -> None:
        """Have the tester check the line. Extra columns stand at its end: they matter only when they hold a break."""
        if self.tester.width == 0:
            self.tester.separator = "|"
            self.tester.map_names(self.names, internal_only=True)
        for record in row.split("\n"):
            self.tester.record(record.encode("latin-1", "replace"))
        if any("|" in text or "\n" in text for text in self._extra.values()):
            self.outcome.raised("T16", "E")

    def close(self) -> Outcome:
        """The end of the document."""
        if self._extra_names:
            self.outcome.raised("T12", "S")
        if len({_column(name) for name in self._extra_names}) < len(self._extra_names):
            self.outcome.stop = self.outcome.stop or "DUP"
        return self.outcome


def _comma(value: str) -> str:
    return value.replace(".", ",") if "." in value and _DECIMAL.match(value) else value


def _column(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "_", name).lower()
