"""Whom and what to ask first: the energies without quantity, then the suppliers whose doubt weighs on the total."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from bocage.indicators.carbon import How, missing_energies
from cabinet.carbon.models import SupplierSpend
from cabinet.carbon.selectors import Reading, doubtful_suppliers
from cabinet.web.carbon.links import Asked, address
from cabinet.web.carbon.words import category_name, tonnes, whole_tonnes
from cabinet.web.components.charts import share
from cabinet.web.components.formats import NBSP, euros, percent, plural
from cabinet.web.dossier.frame import Head

THRESHOLD = Decimal("0.10")
AFTER = 3
"""Suppliers shown past the threshold: they need not be asked, and the table says why."""


@dataclass(frozen=True, slots=True)
class AskedEnergy:
    """An energy whose euros are known and whose quantity is not."""

    label: str
    amount: str
    lines: str
    rough: str
    url: str


@dataclass(frozen=True, slots=True)
class AskedSupplier:
    """A supplier of unknown branch: its doubt, and what is left of it once it has answered."""

    rank: int
    name: str
    key: str
    amount: str
    doubt: str
    width: str
    left: str
    url: str
    asked: bool
    letter_url: str
    """The e-mail that asks it; empty for lines without supplier."""


@dataclass(frozen=True, slots=True)
class AskTable:
    """What to ask, in order. ``said`` tells what it would gain, ``threshold`` why the rest may stay as it is."""

    energies: Sequence[AskedEnergy]
    suppliers: Sequence[AskedSupplier]
    said: str
    threshold: str


def ask_table(head: Head, reading: Reading) -> AskTable | None:
    """None when there is nothing to ask."""
    energies = _energies(head, reading)
    spends = doubtful_suppliers(reading.row)
    if not energies and not spends:
        return None
    suppliers = _suppliers(head, reading, spends)
    total = reading.row.total
    whole = sum((spend.doubt for spend in spends), Decimal(0))
    count = sum(one.asked for one in suppliers)
    said = ""
    if count and total > 0:
        left = suppliers[count - 1].left.split(", ")[-1]
        verb = "ramènent" if count > 1 else "ramène"
        said = f"{plural(count, 'réponse')} {verb} le doute des inconnus de {percent(100 * whole / total)} à {left}."
    return AskTable(
        energies=energies,
        suppliers=suppliers,
        said=said,
        threshold=f"Sous le seuil de 10{NBSP}% ({tonnes(total * THRESHOLD)}{NBSP}t)" if total > 0 else "",
    )


def _energies(head: Head, reading: Reading) -> list[AskedEnergy]:
    return [
        AskedEnergy(
            label=category_name(one.category or None),
            amount=f"{euros(one.amount)}{NBSP}€",
            lines=plural(one.lines, "ligne"),
            rough=f"de l’ordre de {whole_tonnes(one.rough_kgco2e)}{NBSP}t" if one.rough_kgco2e else "poids inconnu",
            url=address(head, "carbon_detail", Asked(category=one.category, how=How.MISSING.value)),
        )
        for one in missing_energies(reading.cells)
    ]


def _suppliers(head: Head, reading: Reading, spends: Sequence[SupplierSpend]) -> list[AskedSupplier]:
    asked = set(reading.row.asked)
    left = sum((spend.doubt for spend in spends), Decimal(0))
    top = max((spend.doubt for spend in spends), default=Decimal(0))
    shown = []
    for rank, spend in enumerate(spends, start=1):
        left -= spend.doubt
        part = percent(100 * left / reading.row.total) if reading.row.total > 0 else ""
        shown.append(
            AskedSupplier(
                rank=rank,
                name=spend.name or ("Lignes sans fournisseur" if spend.is_account else spend.key),
                key=spend.key,
                amount=f"{euros(spend.amount)}{NBSP}€",
                doubt=f"±{NBSP}{tonnes(spend.doubt)}",
                width=share(max(spend.doubt, Decimal(0)), top),
                left=f"{tonnes(left)}{NBSP}t, {part}",
                url=address(head, "carbon_detail", _of(spend)),
                asked=spend.key in asked,
                letter_url="" if spend.is_account else _letter_url(head, spend.key),
            )
        )
    return shown[: len(asked) + AFTER]


def _letter_url(head: Head, key: str) -> str:
    here = address(head, "carbon_letter")
    return f"{here}{'&' if '?' in here else '?'}{urlencode({'fournisseur': key})}"


def _of(spend: SupplierSpend) -> Asked:
    return Asked(account=spend.key, how=How.UNKNOWN.value) if spend.is_account else Asked(supplier=spend.key)
