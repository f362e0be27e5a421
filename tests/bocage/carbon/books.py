"""Small books for the rules of the carbon method."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from bocage.formats.base import FileSource
from bocage.identifiers import Naf
from bocage.indicators import carbon
from bocage.ingest.fec import write_facts

HEADER = (
    "JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\tPieceRef\t"
    "PieceDate\tEcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise"
)
type Entry = Sequence[tuple[str, str, str, str, Decimal]]
"""Lines of an entry: account, its label, auxiliary account, label, amount (debit positive)."""


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")


def write_fec(folder: Path, entries: Iterable[Entry], *, year: int = 2023, journal: str = "HA") -> Path:
    rows = [HEADER]
    for number, entry in enumerate(entries, start=1):
        for account, account_label, aux, label, amount in entry:
            debit, credit = (amount, Decimal(0)) if amount >= 0 else (Decimal(0), -amount)
            name = f"Tiers {aux}" if aux else ""
            rows.append(
                f"{journal}\tJournal\t{number}\t{year}0315\t{account}\t{account_label}\t{aux}\t{name}\tP{number}\t"
                f"{year}0315\t{label}\t{_money(debit)}\t{_money(credit)}\t\t\t{year}0630\t\t"
            )
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"000010710FEC{year}1231.txt"
    file.write_text("\r\n".join(rows) + "\r\n", encoding="utf-8")
    return file


def bought(
    account: str, amount: str, *, label: str = "Facture", account_label: str = "Compte", aux: str = "F1"
) -> Entry:
    """A purchase on a supplier."""
    euros = Decimal(amount)
    return [(account, account_label, "", label, euros), ("401000", "Fournisseurs", aux, label, -euros)]


def estimated(
    folder: Path,
    entries: Iterable[Entry],
    *,
    naf: dict[str, str] | None = None,
    year: int = 2023,
    options: carbon.Options | None = None,
    quantities: Sequence[carbon.Quantity] = (),
    rules: Iterable[carbon.UserRule] = (),
) -> carbon.Inventory:
    """The inventory of small books; ``naf``: the activity of each auxiliary account."""
    file = write_fec(folder, entries, year=year)
    (made,) = write_facts([FileSource(file)], folder / "facts", work_dir=folder)
    suppliers = [carbon.Supplier(aux, aux, None, Naf.parse(code)) for aux, code in (naf or {}).items()]
    return carbon.estimate(
        made.tables,
        folder / "carbon.parquet",
        options=options or carbon.Options(),
        suppliers=suppliers,
        quantities=quantities,
        rules=rules,
    )


def lines(found: carbon.Inventory) -> list[carbon.Line]:
    return list(carbon.read_lines(found.lines))
