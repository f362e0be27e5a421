"""Which journals are opening ones, and what each journal is for: one rule for checks, facts and carbon."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

import duckdb

from bocage.tables import insert_lists

_OPENING_CODE = re.compile(r"(an\d?|ran|ano|anv|anc|and|ouv)$")
_OPENING_IF_BALANCE_SHEET = frozenset({"aa", "ad", "rep"})
_MOSTLY_TREASURY = 25
"""Per cent of the lines of a journal on accounts 51 and 53."""
_BY_CODE = (
    ("purchases", re.compile(r"(ac|ha|ach|acha|fo|frn|achat)\d*$")),
    ("sales", re.compile(r"(ve|vt|vte|vent|fa|vente)\d*$")),
    ("bank", re.compile(r"(bq|bn|bnp|bk|ca|cai|caisse|banque|tr)\d*$")),
)
_BY_WORD = (
    ("purchases", ("achat", "fournisseur")),
    ("sales", ("vente", "client", "recette")),
    ("bank", ("banque", "banq", "caisse", "tresorerie", "cheque", "virement", "especes", "credit", "compte courant")),
)


@dataclass(frozen=True, slots=True)
class Journal:
    """A journal as the lines name it (one code may bear several labels)."""

    code: str
    label: str
    opening: bool
    nature: str
    lines: int


def fold_words(text: str) -> list[str]:
    """Case folded, no accents, split on anything but letters and digits."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[a-z0-9]+", "".join(char for char in plain if not unicodedata.combining(char)))


def define_journals(con: duckdb.DuckDBPyConnection) -> tuple[Journal, ...]:
    """Create the table ``journals`` (code, label, opening, nature); blanks are ''. Returns them, first line first."""
    rows = con.execute(
        "SELECT coalesce(journal_code, ''), coalesce(journal_label, ''), CAST(sum(n) AS BIGINT), min(first_day), "
        "max(last_day), "
        "coalesce(bool_and(account[1] BETWEEN '1' AND '5'), false), "
        "coalesce(sum(n) FILTER (account[1:2] IN ('51', '53')), 0) * 100 // sum(n), "
        "coalesce(sum(credits) FILTER (account[1:2] = '40'), 0), coalesce(sum(debits) FILTER (account[1:2] = '41'), "
        "0), "
        "coalesce(sum(n) FILTER (account[1:2] = '70'), 0), coalesce(sum(n) FILTER (account[1] = '6'), 0) "
        "FROM cells GROUP BY 1, 2 ORDER BY min(r)"
    ).fetchall()
    first_day = min((row[3] for row in rows if row[3]), default=None)
    whole = _whole_codes(rows, first_day)
    journals = tuple(_journal(row, whole) for row in rows)
    con.execute("CREATE OR REPLACE TABLE journals (code VARCHAR, label VARCHAR, opening BOOLEAN, nature VARCHAR)")
    insert_lists(
        con,
        "journals",
        [
            [j.code for j in journals],
            [j.label for j in journals],
            [j.opening for j in journals],
            [j.nature for j in journals],
        ],
        ["VARCHAR", "VARCHAR", "BOOLEAN", "VARCHAR"],
    )
    return journals


def _whole_codes(rows: list[tuple[object, ...]], first_day: date | None) -> frozenset[str]:
    """Codes AA, AD, REP whose lines are all in classes 1 to 5 and dated the first day of the file."""
    held: dict[str, bool] = {}
    for code, _, _, low, high, balance_sheet, *_ in rows:
        key = str(code).strip().casefold()
        if key in _OPENING_IF_BALANCE_SHEET:
            good = bool(balance_sheet) and low is not None and low == high == first_day
            held[key] = held.get(key, True) and good
    return frozenset(key for key, good in held.items() if good)


def is_opening(code: str, label: str) -> bool:
    """The rule on the name of a journal alone."""
    if _OPENING_CODE.match(code.strip().casefold()):
        return True
    return any(word.startswith(("nouveau", "ouverture")) for word in fold_words(label))


def _journal(row: tuple[object, ...], whole: frozenset[str]) -> Journal:
    code, label, lines, _, _, _, treasury, supplier, customer, sales, expenses = row
    code, label = str(code), str(label)
    opening = is_opening(code, label) or code.strip().casefold() in whole
    counts = [int(str(item)) for item in (supplier, customer, sales, expenses)]
    nature = "opening" if opening else _nature(code, label, int(str(treasury)), counts)
    return Journal(code, label, opening, nature, int(str(lines)))


def _nature(code: str, label: str, treasury: int, counts: list[int]) -> str:
    words = " ".join(fold_words(label))
    for nature, stems in _BY_WORD:
        if any(re.search(rf"\b{stem}", words) for stem in stems):
            return nature
    if words.startswith(("operation", "od", "paie", "salaire", "divers", "situation", "inventaire", "analytique")):
        return "misc"
    for nature, pattern in _BY_CODE:
        if pattern.match(code.strip().casefold()):
            return nature
    supplier, customer, sales, expenses = counts
    if treasury >= _MOSTLY_TREASURY:
        return "bank"
    if supplier and expenses and not sales:
        return "purchases"
    if customer and sales and not expenses:
        return "sales"
    return "misc"
