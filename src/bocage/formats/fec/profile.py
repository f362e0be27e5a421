"""What each column holds, in one pass: it tells which checks have anything to look for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb

from bocage.formats.fec.columns import BY_ID, STAGED_IDS

TEXTS = tuple(name for name in STAGED_IDS if BY_ID[name].kind == "text")
DATES = tuple(name for name in STAGED_IDS if BY_ID[name].kind == "date")
AMOUNTS = tuple(name for name in STAGED_IDS if BY_ID[name].kind == "amount")
_TYPED = (*DATES, *AMOUNTS)
_KEYS = ("journal_code", "entry_number", "account", "aux", "piece_ref", "lettering", "currency")


@dataclass(frozen=True, slots=True)
class Profile:
    """Counts and bounds of the staged columns. ``filled`` counts typed values, ``odd`` the raw texts kept beside
    them."""

    lines: int
    filled: Mapping[str, int]
    blanks: Mapping[str, int]
    odd: Mapping[str, int]
    low: Mapping[str, date | Decimal | None]
    high: Mapping[str, date | Decimal | None]
    unknown_sides: int

    def blank(self, name: str) -> int:
        """Lines where the column holds nothing at all."""
        return self.blanks[name]


def take_profile(con: duckdb.DuckDBPyConnection) -> Profile:
    """Profile the table ``staged``."""
    picked = ["count(*)", "count(sens_raw)"]
    picked += [f"count({name})" for name in STAGED_IDS]
    picked += [f"count({name}_raw)" for name in _TYPED]
    picked += [f"count_if({name} IS NULL AND {name}_raw IS NULL)" for name in _TYPED]
    picked += [f"{bound}({name})" for bound in ("min", "max") for name in _TYPED]
    row = con.execute(f"SELECT {', '.join(picked)} FROM rows").fetchone()
    if row is None:
        raise LookupError("an aggregate gives one row")
    values = list(row)
    lines, sides = values[0], values[1]
    values = values[2:]
    filled, values = dict(zip(STAGED_IDS, values, strict=False)), values[len(STAGED_IDS) :]
    odd, values = dict(zip(_TYPED, values, strict=False)), values[len(_TYPED) :]
    blanks, values = dict(zip(_TYPED, values, strict=False)), values[len(_TYPED) :]
    blanks |= {name: lines - filled[name] for name in TEXTS}
    low, high = dict(zip(_TYPED, values, strict=False)), dict(zip(_TYPED, values[len(_TYPED) :], strict=False))
    return Profile(lines, filled, blanks, odd, low, high, sides)


def is_padded(con: duckdb.DuckDBPyConnection, *, no_break_spaces: bool) -> bool:
    """Whether texts bear spaces around them. A space sorts before any letter, so the smallest value tells of those at
    the left."""
    texts = TEXTS[: TEXTS.index("currency") + 1]
    if any(con.execute(f"SELECT 1 FROM store.staged WHERE {name} < '!' LIMIT 1").fetchone() for name in texts):
        return True  # DuckDB keeps the bounds of each column: where no text is that small, nothing is read
    parts = [f"bool_or(ends_with({name}, ' '))" for name in _KEYS]
    if no_break_spaces:
        parts += [f"bool_or(starts_with({name}, chr(160)) OR ends_with({name}, chr(160)))" for name in texts]
    row = con.execute(f"SELECT {' OR '.join(parts)} FROM store.staged").fetchone()
    return bool(row and row[0])
