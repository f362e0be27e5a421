"""The economic figures as a workbook: each one a formula over the accounts of the FEC, so that it can be followed.

What needs more than the accounts (letters, words of labels, third parties) is written as Bocage computed it, and says
so.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from bocage.indicators.economic import CODES, Books
from cabinet.clients.models import Client, FiscalYear
from cabinet.dossiers.models import IndicatorSnapshot
from cabinet.dossiers.selectors import Figures
from cabinet.web.components.sheets import Formula, as_sheets
from cabinet.web.components.states import CONFIDENCE
from cabinet.web.dossier.figures import UNITS, show, write_value

type Terms = tuple[tuple[str, ...], tuple[str, ...]]
"""Accounts that add, accounts that take off; both by the beginning of their number, flows being debit − credit."""

_CONSUMED, _PRODUCED = ("60", "61", "62"), ("70", "71", "72")
SUMS: Mapping[str, Terms] = {
    "turnover": ((), ("70",)),
    "purchases": (("60",), ("603",)),
    "external_charges": (("61", "62"), ()),
    "value_added": ((), (*_PRODUCED, *_CONSUMED)),
    "ebitda": (("747",), (*_PRODUCED, *_CONSUMED, "74", "63", "64")),
    "operating_result": ((), (*_PRODUCED, "73", "74", "75", "781", "791", *_CONSUMED, "63", "64", "65", "681")),
    "net_result": ((), ("6", "7")),
    "wage_bill": (("641",), ()),
    "social_charges": (("645",), ()),
    "taxes": (("63", "695", "698", "699"), ()),
    "subsidies": ((), ("74", "777")),
    "training_levy": (("6333", "6313"), ()),
}
SHARES: Mapping[str, tuple[Terms, Terms]] = {
    "subcontracting_share": ((("604", "605", "611"), ()), (("60", "61", "62"), ("603",))),
    "temporary_staff_share": ((("6211",), ()), (("641",), ())),
}
FIGURES, ACCOUNTS = "Indicateurs", "Comptes"
HEAD = (
    *("Indicateur", "Valeur", "Unité", "Confiance", "Précision", "Formule", "Sources", "Dans Bocage", "Écart"),
    *("Comment la valeur est faite", "Code"),
)


def economic_workbook(client: Client, year: FiscalYear, kept: Figures, books: Books) -> bytes:
    """The whole workbook: figures, then the accounts that they are made of."""
    return as_sheets(
        [
            (FIGURES, (40, 18, 10, 14, 44, 60, 40, 18, 10, 50, 26), _figures(client, year, kept)),
            (ACCOUNTS, (14, 50, 24, 18), _accounts(books)),
        ]
    )


def _figures(client: Client, year: FiscalYear, kept: Figures) -> Iterator[tuple[Any, ...]]:
    yield ("Dossier", client.name)
    yield ("Exercice", f"du {year.start:%d/%m/%Y} au {year.end:%d/%m/%Y}")
    yield ("Source", f"FEC de l’exercice, feuille « {ACCOUNTS} » : mouvements hors à-nouveaux et hors clôture")
    yield ()
    yield HEAD
    found = [one for code in CODES if (one := kept.get(code)) is not None]
    for rank, one in enumerate(found, start=6):
        yield _row(client, one, rank)


def _row(client: Client, one: IndicatorSnapshot, rank: int) -> tuple[Any, ...]:
    shown = show(client, one)
    text = None if one.manual or one.value is None else formula_of(one.code)
    value = Formula(text) if text else write_value(one) if one.value is None else one.value
    return (
        shown.label,
        value,
        UNITS.get(one.unit, one.unit),
        CONFIDENCE[one.status],
        shown.reason,
        shown.formula,
        ", ".join(source.text for source in shown.sources),
        *((one.value, Formula(f"=ROUND(B{rank}-H{rank},2)")) if text else ("", "")),
        _made(one, formula=bool(text)),
        one.code,
    )


def formula_of(code: str) -> str | None:
    """The formula of a figure over the sheet of accounts; None for one that the accounts alone do not give."""
    if code in SUMS:
        return f"={_sum(SUMS[code])}"
    if code in SHARES:
        part, whole = SHARES[code]
        return f"=ROUND(100*({_sum(part)})/({_sum(whole)}),2)"
    return None


def _sum(terms: Terms) -> str:
    """``SUMIFS`` over the flows of accounts that begin with each prefix."""
    more, less = terms
    written = "".join(f"+{_flows(prefix)}" for prefix in more) + "".join(f"-{_flows(prefix)}" for prefix in less)
    return written.removeprefix("+")


def _flows(prefix: str) -> str:
    return f'SUMIFS({ACCOUNTS}!$C:$C,{ACCOUNTS}!$A:$A,"{prefix}*")'


def _made(one: IndicatorSnapshot, *, formula: bool) -> str:
    if one.manual:
        computed = one.computed.value if one.computed else None
        given = f"saisie par {one.manual.author_name} le {one.manual.given_at:%d/%m/%Y} : {one.manual.reason}"
        return given if computed is None else f"{given} (le calcul donne {computed:.2f})"
    if one.value is None:
        return ""
    return f"formule sur la feuille « {ACCOUNTS} »" if formula else "calculée par Bocage sur les écritures du FEC"


def _accounts(books: Books) -> Iterator[tuple[Any, ...]]:
    yield ("Compte", "Libellé", "Mouvement, débit − crédit", "Solde")
    for one in books.accounts:
        yield (one.number, one.label, one.flow, one.balance)
    last = len(books.accounts) + 1
    yield ("", "Total", Formula(f"=SUM(C2:C{last})"), Formula(f"=SUM(D2:D{last})"))
