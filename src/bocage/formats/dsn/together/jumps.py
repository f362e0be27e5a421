"""Headcount, gross pay or hours that leave the trend of the months before."""

from collections.abc import Iterator
from fractions import Fraction

from bocage.formats.dsn.together.findings import TogetherFinding, found
from bocage.formats.dsn.together.pile import Month, Pile

TRAILING_MONTHS = 3
"""Months whose mean is the trend; nothing is said before that many are known."""
THRESHOLD = Fraction(30, 100)
SMALLEST_COMPANY = 5
"""Below that mean headcount, every movement is a jump."""


def jump_findings(pile: Pile) -> Iterator[TogetherFinding]:
    """INT-SAUT: a month further than THRESHOLD from the mean of the TRAILING_MONTHS before it."""
    for siret, months in pile.by_siret.items():
        figures = [_figures(month) for month in months]
        for rank in range(TRAILING_MONTHS, len(months)):
            before, now = figures[rank - TRAILING_MONTHS : rank], figures[rank]
            if sum(figure["employees"] for figure in before) < SMALLEST_COMPANY * TRAILING_MONTHS:
                continue
            for name, value in now.items():
                mean = Fraction(sum(figure[name] for figure in before), TRAILING_MONTHS)
                if mean > 0 and abs(value - mean) > mean * THRESHOLD:
                    change = round((value - mean) / mean * 100)
                    yield found(
                        "INT-SAUT",
                        name,
                        months[rank].files,
                        siret=siret,
                        months=[months[rank].month],
                        change=f"{change:+d}".replace("-", "−"),
                    )


def _figures(month: Month) -> dict[str, int]:
    return {
        "employees": sum(part.employees for part in month.parts),
        "gross": sum(part.gross for part in month.parts),
        "hours": sum(part.hours for part in month.parts),
    }
