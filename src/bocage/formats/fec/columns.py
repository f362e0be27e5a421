"""The 18, 21 or 22 columns of the norm (LPF art. A47 A-1, VII and VIII), and the names that files give them."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Literal


class Regime(StrEnum):
    """Which paragraph of the norm a file follows."""

    BIC = "BIC"
    BNC_BA_COMMERCIAL = "BNC_BA_COMMERCIAL"
    BA_TRESORERIE = "BA_TRESORERIE"
    BNC_TRESORERIE = "BNC_TRESORERIE"

    @property
    def cash(self) -> bool:
        """Whether these are cash books (21 or 22 columns)."""
        return self in {Regime.BA_TRESORERIE, Regime.BNC_TRESORERIE}


type Kind = Literal["text", "date", "amount", "sens"]


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the norm: our name in the tables, the legal name, what it holds, its aliases (folded)."""

    id: str
    legal: str
    kind: Kind = "text"
    aliases: tuple[str, ...] = ()


FIELDS = (
    Field("journal_code", "JournalCode", aliases=("codejournal", "journal", "codejrnal", "journalcod")),
    Field("journal_label", "JournalLib", aliases=("journallibelle", "libellejournal", "libjournal", "libjrnal")),
    Field("entry_number", "EcritureNum", aliases=("numecriture", "ecriturenumero", "numeroecriture", "numecr")),
    Field("entry_date", "EcritureDate", "date", ("dateecriture", "datecpt", "datecomptable", "datecomptabilisation")),
    Field("account", "CompteNum", aliases=("numcompte", "comptenumero", "numerocompte", "numcptegen")),
    Field("account_label", "CompteLib", aliases=("comptelibelle", "libellecompte", "libcompte", "libcptegen")),
    Field("aux", "CompAuxNum", aliases=("compteauxnum", "compteauxiliairenum", "numcompteaux", "numcptaux")),
    Field("aux_label", "CompAuxLib", aliases=("compteauxlib", "compteauxiliairelib", "libcompteaux", "libcptaux")),
    Field("piece_ref", "PieceRef", aliases=("refpiece", "piecereference", "numpiece", "piecenum", "referencepiece")),
    Field("piece_date", "PieceDate", "date", ("datepiece",)),
    Field("label", "EcritureLib", aliases=("ecriturelibelle", "libelleecriture", "libecriture", "libelle")),
    Field("debit", "Debit", "amount", ("montantdebit", "mtndebit")),
    Field("credit", "Credit", "amount", ("montantcredit", "mtncredit")),
    Field("lettering", "EcritureLet", aliases=("ecriturelettrage", "lettrage", "codelettrage", "let")),
    Field("lettering_date", "DateLet", "date", ("datelettrage", "lettragedate")),
    Field("valid_date", "ValidDate", "date", ("datevalidation", "validationdate", "datevalid")),
    Field("currency_amount", "Montantdevise", "amount", ("montantendevise", "devisemontant", "mtndevise")),
    Field("currency", "Idevise", aliases=("iddevise", "codedevise", "devise", "devisecode", "identifiantdevise")),
    Field("settlement_date", "DateRglt", "date", ("datereglement", "paiementdate")),
    Field("settlement_mode", "ModeRglt", aliases=("modereglement", "paiementmode")),
    Field("operation_nature", "NatOp", aliases=("natureoperation", "prestation")),
    Field("client_id", "IdClient", aliases=("identifiantclient",)),
    Field("amount", "Montant", "amount"),
    Field("sens", "Sens", "sens"),
)

BY_ID = MappingProxyType({field.id: field for field in FIELDS})
_SIGNED = ("amount", "sens")
_BASE = tuple(field.id for field in FIELDS[:18])
_CASH = frozenset(("settlement_date", "settlement_mode", "operation_nature", "client_id"))
"""Other names than the legal ones count for these only beside a legal one: alone, they are supplementary columns."""


def legal_columns(regime: Regime, *, signed: bool) -> tuple[str, ...]:
    """Ids of the columns that the norm asks for, in its order; ``signed``: Montant and Sens instead of Debit and
    Credit."""
    base = tuple(_SIGNED[index - 11] if signed and index in (11, 12) else name for index, name in enumerate(_BASE))
    if regime is Regime.BA_TRESORERIE:
        return (*base, "settlement_date", "settlement_mode", "operation_nature")
    if regime is Regime.BNC_TRESORERIE:
        return (*base, "settlement_date", "settlement_mode", "operation_nature", "client_id")
    return base


WIDEST = 256
"""Columns that a table of DuckDB may be given: it keeps a buffer for each."""
STAGED_IDS = tuple(field.id for field in FIELDS if field.id not in _SIGNED)
"""Columns of the staged table: Montant and Sens have become debit and credit."""


def fold(name: str) -> str:
    """Lower case, without accents, letters and digits only: how names are compared by the reader."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[^a-z0-9]", "", plain)


_LEGAL = {fold(field.legal): field.id for field in FIELDS}
_ALIASES = {alias: field.id for field in FIELDS for alias in field.aliases}


def known_id(name: str) -> str | None:
    """The field that ``name`` may stand for, by its legal spelling (folded) or an alias."""
    return _remembered(name) if len(name) <= _SHORT_NAME else _found(name)


def _found(name: str) -> str | None:
    folded = fold(name)
    return _LEGAL.get(folded) or _ALIASES.get(folded)


_SHORT_NAME = 100
_remembered = lru_cache(maxsize=512)(_found)
"""An XML file names its elements again on each line. Long names are not kept: a hostile file would fill the memory."""


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Where each field stands in a row. ``positions`` counts from 0; ``duplicates`` are later columns of a legal
    name."""

    names: tuple[str, ...]
    positions: MappingProxyType[str, int]
    duplicates: tuple[int, ...]
    trailing: bool
    """The header ends with a separator: one ghost column is expected on every row."""

    @property
    def signed(self) -> bool:
        """Montant and Sens, without a Debit column."""
        return "sens" in self.positions and "amount" in self.positions and "debit" not in self.positions

    @property
    def width(self) -> int:
        """Fields of a whole row, the ghost one included."""
        return len(self.names) + self.trailing

    def supplementary(self, regime: Regime = Regime.BNC_TRESORERIE) -> tuple[int, ...]:
        """Positions of the columns that are no field of the norm, in the regime given (else in none)."""
        legal = {*legal_columns(regime, signed=False), *_SIGNED}
        used = {position for name, position in self.positions.items() if name in legal}
        return tuple(index for index in range(len(self.names)) if index not in used)


def map_columns(cells: list[str]) -> ColumnMap:
    """Give each field its column: by legal name first, then by alias for the fields still missing."""
    names = [cell.strip(" \u00a0") for cell in cells]
    trailing = len(names) > 1 and not names[-1]
    while names and not names[-1]:
        names.pop()
    positions: dict[str, int] = {}
    duplicates: list[int] = []
    for index, name in enumerate(names):
        field = _LEGAL.get(fold(name))
        if field is not None and field in positions:
            duplicates.append(index)
        elif field is not None:
            positions[field] = index
    taken = set(positions.values())
    cash = not _CASH.isdisjoint(positions)
    for index, name in enumerate(names):
        field = _ALIASES.get(fold(name))
        if field is not None and index not in taken and field not in positions and (cash or field not in _CASH):
            positions[field] = index
    if "debit" in positions or "credit" in positions:
        positions.pop("amount", None)
        positions.pop("sens", None)
    return ColumnMap(tuple(names), MappingProxyType(positions), tuple(duplicates), trailing)


def narrowed(columns: ColumnMap) -> ColumnMap:
    """The columns of a cleaned copy: those of the file, or for a file of hundreds of columns those of the norm and one
    that stands for all the others."""
    if columns.width <= WIDEST:
        return columns
    kept = sorted((at, name) for name, at in columns.positions.items())
    positions = {name: index for index, (_, name) in enumerate(kept)}
    return ColumnMap((*(columns.names[at] for at, _ in kept), "…"), MappingProxyType(positions), (), trailing=False)


def detect_regime(positions: MappingProxyType[str, int]) -> Regime:
    """The regime that the columns tell."""
    if "client_id" in positions:
        return Regime.BNC_TRESORERIE
    if positions.keys() & {"settlement_date", "settlement_mode", "operation_nature"}:
        return Regime.BA_TRESORERIE
    return Regime.BIC
