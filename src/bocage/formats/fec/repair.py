"""Rows with a wrong number of fields: put back in place when dates and amounts prove it, else left out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bocage.formats.fec.columns import BY_ID, ColumnMap

_DATEISH = re.compile(r"\s*(?:\d{6,8}|\d{1,4}[/.\- ]\d{1,2}[/.\- ]\d{1,4})(?:[T ][\d:.]+Z?)?\s*$", re.ASCII)
_AMOUNTISH = re.compile(
    r"[\s\u00a0]*[+-]?[\s\u00a0]*[\d.,'’\u00a0\u202f ]*\d[\d.,'’\u00a0\u202f ]*(?:[eE][+-]?\d+)?[\s+-]*(?:€|EUR)?\s*$"
)
_DAY_AS_AMOUNT = re.compile(r"\s*(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\s*$", re.ASCII)
"""A bare day: where an amount is looked for, it tells that the row is shifted."""
_ZEROISH = re.compile(r"[\s+\-.,]*$")
FOOTER_WORDS = r"(total|totaux|sous-total|fin|end|eof)\b"
_FOOTER = re.compile(rf"[\s\x1a]*{FOOTER_WORDS}", re.IGNORECASE)
_MOST_JOINED = 8
_AROUND = " \u00a0\0+-.,"
_LONGEST_AMOUNT = 64
"""The pattern of amounts is slow on long texts, and no amount is that long."""

type Nature = Literal["blank", "foreign", "row"]


@dataclass(frozen=True, slots=True)
class RowPlan:
    """What a row must look like."""

    width: int
    names: int
    separator: str
    dates: tuple[int, ...]
    amounts: tuple[int, ...]
    sens: int | None
    texts: tuple[int, ...]
    """Columns that may hold a stray separator, likeliest first."""
    account: int | None
    number: int | None
    entry_date: int | None

    @property
    def last_amount(self) -> int:
        """Position of the last field that the amounts of the entry need."""
        return max((*self.amounts, self.sens or 0), default=0)


def plan_rows(columns: ColumnMap, separator: str) -> RowPlan:
    """The plan that a header gives."""
    positions = columns.positions
    likeliest = ("label", "piece_ref", "aux_label", "account_label", "journal_label", "entry_number")
    return RowPlan(
        width=columns.width,
        names=len(columns.names),
        separator=separator,
        dates=tuple(at for name, at in positions.items() if BY_ID[name].kind == "date"),
        amounts=tuple(positions[name] for name in ("debit", "credit", "amount") if name in positions),
        sens=positions.get("sens"),
        texts=tuple(positions[name] for name in likeliest if name in positions),
        account=positions.get("account"),
        number=positions.get("entry_number"),
        entry_date=positions.get("entry_date", positions.get("piece_date")),
    )


def _cell(fields: Sequence[str], at: int | None) -> str:
    return fields[at].strip(" \u00a0\0") if at is not None and at < len(fields) else ""


def nature(fields: Sequence[str], plan: RowPlan) -> Nature:
    """Whether a line is blank, foreign to the entries (total, footer, 0x1A), or a row."""
    if all(not field.strip(" \u00a0\0") for field in fields):
        return "blank"
    filled = [field for field in fields if field.strip(" \u00a0\0")]
    if len(filled) == 1 and is_footer(filled[0]):
        return "foreign"
    account = _cell(fields, plan.account)
    number = _cell(fields, plan.number)
    if _cell(fields, plan.entry_date) or (number and not is_footer(number)) or account[:1].isdigit():
        return "row"
    return "foreign"


def is_footer(text: str) -> bool:
    """Whether a line begins as totals and ends of files do."""
    return _FOOTER.match(text) is not None or not text.strip("\x1a \t|;,\0")


def in_place(fields: Sequence[str], plan: RowPlan, *, later_dates: bool = True) -> bool:
    """Whether dates and amounts stand where they should; ``later_dates`` is False to leave out the dates that follow
    the amounts."""
    if plan.entry_date is not None and not _dateish(fields[plan.entry_date]):
        return False
    for at in plan.dates:
        if fields[at].strip() and (later_dates or at < plan.last_amount) and not _dateish(fields[at]):
            return False
    filled = 0
    for at in plan.amounts:
        if len(fields[at]) > _LONGEST_AMOUNT or _DAY_AS_AMOUNT.match(fields[at]):
            return False
        if _AMOUNTISH.match(fields[at]):
            filled += 1
        elif not _ZEROISH.match(fields[at]):
            return False
    return filled > 0 or not plan.amounts


def _dateish(field: str) -> bool:
    return _DATEISH.match(field[:_LONGEST_AMOUNT]) is not None


def _likelihood(fields: Sequence[str], plan: RowPlan) -> int:
    """How much a row in place looks like an entry: its dates, then both sides written and one of them nil."""
    dates = sum(1 for at in plan.dates if _dateish(fields[at]))
    sides = [fields[at].strip(_AROUND) for at in plan.amounts]
    return 2 * dates + all(sides) + (sum(1 for side in sides if side.strip("0.,")) == 1)


def mend(fields: list[str], plan: RowPlan) -> list[str] | None:
    """The row with its right number of fields, the likeliest when there are several ways, or None."""
    surplus = len(fields) - plan.width
    candidates: list[list[str] | None] = []
    if surplus > 0:
        if not any(field.strip() for field in fields[plan.names :]) and in_place(fields[: plan.width], plan):
            candidates.append(fields[: plan.width])
        candidates.append(_join_surplus(fields, surplus, plan))
    elif len(fields) > plan.last_amount:
        whole = fields + [""] * -surplus
        if in_place(whole, plan, later_dates=False):
            candidates.append(whole)
        candidates += [_join_surplus(whole + [""] * joined, joined, plan) for joined in (1, 2, 3)]
    rows = [row for row in candidates if row is not None]
    return max(rows, key=lambda row: _likelihood(row, plan)) if rows else None


def is_cut(fields: Sequence[str], previous: Sequence[str], plan: RowPlan) -> bool:
    """Whether a short row that no line end follows was cut, rather than left without its last blank fields.

    It is whole when it stops where the row before it holds its last value, and that value is written as long.
    """
    if len(fields) >= plan.width:
        return False
    last = max((at for at, field in enumerate(previous) if field.strip()), default=-1)
    if len(fields) != last + 1:
        return True
    now, before = fields[last].strip(_AROUND), previous[last].strip(_AROUND)
    if last in plan.amounts:
        return len(now.rpartition(",")[2]) != len(before.rpartition(",")[2]) or ("," in now) != ("," in before)
    return len(now) != len(before) if last in plan.dates else True


def _join_surplus(fields: list[str], surplus: int, plan: RowPlan) -> list[str] | None:
    for at in plan.texts:
        joined = plan.separator.join(fields[at : at + surplus + 1])
        candidate = [*fields[:at], joined, *fields[at + surplus + 1 :]]
        if len(candidate) == plan.width and in_place(candidate, plan):
            return candidate
    return None


def join_lines(parts: Sequence[list[str]], plan: RowPlan) -> list[str] | None:
    """One row out of lines that a line break inside a text has cut; None when they do not make one."""
    if len(parts) > _MOST_JOINED:
        return None
    fields = list(parts[0])
    for part in parts[1:]:
        fields[-1] = f"{fields[-1]} {part[0]}".strip()
        fields += part[1:]
    if len(fields) == plan.width:
        return fields if in_place(fields, plan) else None
    if len(fields) == plan.names:
        whole = fields + [""] * (plan.width - plan.names)
        return whole if in_place(whole, plan) else None
    return None
