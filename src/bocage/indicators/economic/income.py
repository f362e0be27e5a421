"""Turnover, intermediate balances and the euros that a CSR report asks for.

Sources of the definitions: PCG articles 512-1 and following (income statement), the accounting profession's *soldes
intermédiaires de gestion*; PCG 2025 (règlement ANC 2022-06) moved a few accounts, and both numberings are read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from bocage.identifiers import quantize_cents
from bocage.indicators.economic.books import Books
from bocage.indicators.result import Part, Result, Status

EUR = "EUR"
PERCENT = "%"
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in euros: how it is computed, said as a formula, and the accounts that it reads."""

    code: str
    formula: str
    sources: tuple[str, ...]
    amount: Callable[[Books], Decimal]
    needs: tuple[str, ...] = ()
    """Prefixes of which one account at least must be there; else the figure is unknown, not zero."""
    digits: int = 0
    """How many digits of an account the breakdown keeps: its parts add up to the figure. No breakdown by default."""


def turnover_of(books: Books) -> Decimal:
    """Account 70, credit notes (709) taken off."""
    return -books.flow("70")


def consumption_of(books: Books) -> Decimal:
    """Everything bought from third parties and used: 60 (stock variation included), 61, 62."""
    return books.flow("60", "61", "62")


def value_added_of(books: Books) -> Decimal:
    """Production (70, 71, 72) less what third parties provided."""
    return -books.flow("70", "71", "72") - consumption_of(books)


def ebitda_of(books: Books) -> Decimal:
    """Excédent brut d'exploitation: value added, subsidies (74 but 747), taxes (63) and staff (64)."""
    return value_added_of(books) - books.flow("74", without=("747",)) - books.flow("63", "64")


def operating_result_of(books: Books) -> Decimal:
    """Operating revenue (70 to 75, 781, 791) less operating expenses (60 to 65, 681)."""
    revenue = -books.flow("70", "71", "72", "73", "74", "75", "781", "791")
    return revenue - books.flow("60", "61", "62", "63", "64", "65", "681")


FIGURES: tuple[Figure, ...] = (
    Figure("turnover", "70 (709 déduit)", ("accounts 70 − 709",), turnover_of, needs=("70",)),
    Figure(
        "purchases",
        "60 hors 603 (609 déduit)",
        ("accounts 60 − 603 − 609",),
        lambda books: books.flow("60", without=("603",)),
        needs=("60",),
    ),
    Figure(
        "external_charges",
        "61 + 62 (619 et 629 déduits)",
        ("accounts 61 − 619", "accounts 62 − 629"),
        lambda books: books.flow("61", "62"),
        needs=("61", "62"),
    ),
    Figure(
        "value_added",
        "70 + 71 + 72 − 60 − 61 − 62",
        ("accounts 70", "accounts 71", "accounts 72", "accounts 60", "accounts 61", "accounts 62"),
        value_added_of,
        needs=("70", "60", "61", "62"),
    ),
    Figure(
        "ebitda",
        "valeur ajoutée + 74 (hors 747) − 63 − 64",
        ("value_added", "accounts 74 − 747", "accounts 63", "accounts 64"),
        ebitda_of,
        needs=("70", "60", "61", "62"),
    ),
    Figure(
        "operating_result",
        "70 à 75 + 781 + 791 − 60 à 65 − 681",
        ("accounts 70–75", "accounts 781", "accounts 791", "accounts 60–65", "accounts 681"),
        operating_result_of,
        needs=("6", "7"),
    ),
    Figure(
        "net_result",
        "classe 7 − classe 6",
        ("accounts 7", "accounts 6"),
        lambda books: -books.flow("6", "7"),
        needs=("6", "7"),
    ),
    Figure("wage_bill", "641", ("accounts 641",), lambda books: books.flow("641"), needs=("641",)),
    Figure("social_charges", "645", ("accounts 645",), lambda books: books.flow("645"), needs=("645",)),
    Figure(
        "taxes",
        "63 + 695 + 698 − 699",
        ("accounts 63", "accounts 695", "accounts 698", "accounts 699"),
        lambda books: books.flow("63", "695", "698", "699"),
        needs=("63", "695", "698", "699"),
        digits=4,
    ),
    Figure(
        "subsidies",
        "74 + 777 (quotes-parts de subventions comprises)",
        ("accounts 74", "accounts 777"),
        lambda books: -books.flow("74", "777"),
        needs=("74", "777"),
        digits=3,
    ),
    Figure(
        "training_levy",
        "6333 (et 6313 jusqu’en 2024)",
        ("accounts 6333", "accounts 6313"),
        lambda books: books.flow("6333", "6313"),
        needs=("6333", "6313"),
    ),
)


def compute_income(books: Books) -> list[Result]:
    """The figures that the accounts alone give. An account that no line bears leaves its figure unknown."""
    return [_result(figure, books) for figure in FIGURES]


def _result(figure: Figure, books: Books) -> Result:
    if figure.needs and not books.has(*figure.needs):
        return Result(figure.code, None, EUR, Status.MISSING, figure.formula, figure.sources, reason="no_account")
    value = quantize_cents(figure.amount(books))
    parts = by_account(books, figure.needs, figure.digits, expense=figure.code != "subsidies") if figure.digits else []
    return Result(
        figure.code,
        value,
        EUR,
        Status.COMPUTED,
        figure.formula,
        figure.sources,
        breakdown=[*parts, *_beside(figure, books)],
    )


def by_account(books: Books, prefixes: tuple[str, ...], digits: int, *, expense: bool) -> list[Part]:
    """The flows of the accounts that begin with ``prefixes``, by their first ``digits``; nil ones are left out."""
    sums: dict[str, Decimal] = {}
    for account in books.matching(*prefixes):
        key = account.number[:digits]
        sums[key] = sums.get(key, Decimal(0)) + (account.flow if expense else -account.flow)
    return [Part({"account": key}, quantize_cents(amount)) for key, amount in sorted(sums.items()) if amount]


def _beside(figure: Figure, books: Books) -> list[Part]:
    """Grants received for investments (131, 138): public aid of the year that reaches the income year after year."""
    received = -books.flow("131", "138") if figure.code == "subsidies" else Decimal(0)
    return [Part({"beside": "investment_grants"}, quantize_cents(received))] if received else []


def share(code: str, part: Decimal, whole: Decimal, formula: str, sources: tuple[str, ...]) -> Result:
    """A percentage with two decimals; unknown when there is nothing to divide by."""
    if whole <= 0:
        return Result(code, None, PERCENT, Status.MISSING, formula, sources, reason="nothing_to_divide")
    value = quantize_cents(part * HUNDRED / whole)
    return Result(code, value, PERCENT, Status.COMPUTED, formula, sources)


def _share_of_accounts(
    books: Books, code: str, part: tuple[str, ...], whole: Decimal, formula: str, sources: tuple[str, ...]
) -> Result:
    """Without any of these accounts nothing says that there was none: another account may hold it."""
    if not books.has(*part):
        return Result(code, None, PERCENT, Status.MISSING, formula, sources, reason="no_account")
    return share(code, books.flow(*part), whole, formula, sources)


def compute_shares(books: Books) -> list[Result]:
    """Subcontracting and temporary staff, in per cent."""
    return [
        _share_of_accounts(
            books,
            "subcontracting_share",
            ("604", "605", "611"),
            books.flow("60", "61", "62", without=("603",)),
            "(604 + 605 + 611) ÷ (60 hors 603 + 61 + 62)",
            ("accounts 604", "accounts 605", "accounts 611", "accounts 60–62"),
        ),
        _share_of_accounts(
            books,
            "temporary_staff_share",
            ("6211",),
            books.flow("641"),
            "6211 ÷ 641",
            ("accounts 6211", "accounts 641"),
        ),
    ]
