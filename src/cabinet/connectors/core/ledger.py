"""A FEC written from rows: for tools that give entries and no file. It says nothing that the rows do not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from cabinet.connectors.core.errors import ConnectorError, Failure

COLUMNS: Final = (
    *("JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum"),
    *("CompAuxLib", "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet"),
    *("ValidDate", "Montantdevise", "Idevise"),
)
_CENT: Final = Decimal("0.01")
_LINES_A_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a ledger; an amount in currency is None when there is none."""

    journal: str
    journal_name: str
    number: str
    day: date
    account: str
    account_name: str
    third: str
    third_name: str
    piece: str
    piece_day: date | None
    label: str
    debit: Decimal
    credit: Decimal
    lettering: str = ""
    lettered_on: date | None = None
    valid_on: date | None = None
    currency_amount: Decimal | None = None
    currency: str = ""


def write_fec(lines: Iterable[Row]) -> Iterator[bytes]:
    """The file, in UTF-8, tabs between cells. Raises ConnectorError when debit and credit differ, or without a line."""
    buffer, balance, count = ["\t".join(COLUMNS)], Decimal(0), 0
    for row in lines:
        debit, credit = row.debit.quantize(_CENT), row.credit.quantize(_CENT)
        balance += debit - credit
        count += 1
        buffer.append(_line(row, debit, credit))
        if len(buffer) >= _LINES_A_CHUNK:
            yield _chunk(buffer)
            buffer = []
    if not count:
        raise ConnectorError(Failure.LEDGER_NOT_EXPORTABLE, "aucune écriture sur cette période")
    if balance:
        raise ConnectorError(Failure.LEDGER_NOT_EXPORTABLE, "débit et crédit diffèrent")
    if buffer:
        yield _chunk(buffer)


def _chunk(buffer: list[str]) -> bytes:
    return ("\r\n".join(buffer) + "\r\n").encode()


def _line(row: Row, debit: Decimal, credit: Decimal) -> str:
    cells = (
        row.journal,
        row.journal_name,
        row.number,
        _day(row.day),
        row.account,
        row.account_name,
        row.third,
        row.third_name,
        row.piece,
        _day(row.piece_day),
        row.label or row.piece,
        _amount(debit),
        _amount(credit),
        row.lettering,
        _day(row.lettered_on),
        _day(row.valid_on),
        "" if row.currency_amount is None else _amount(row.currency_amount.quantize(_CENT)),
        row.currency,
    )
    # A separator inside a label would shift every cell after it.
    return "\t".join(" ".join(cell.split()) for cell in cells)


def _day(value: date | None) -> str:
    return f"{value:%Y%m%d}" if value else ""


def _amount(value: Decimal) -> str:
    return f"{value:f}".replace(".", ",")
