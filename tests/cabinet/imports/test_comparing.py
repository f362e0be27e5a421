"""A second FEC of a year: what changes is known before it replaces the first, and stays readable after."""

from typing import Any

from cabinet.accounts.actors import operator
from cabinet.clients.models import Client
from cabinet.imports import services
from cabinet.imports.comparing import comparison_of
from cabinet.imports.facts import tables_of
from tests.cabinet.imports.samples import PURCHASE, SALE, Deliver, Line, fec

NAME = "000012344FEC20251231.txt"


def test_what_changes_is_ready_before_and_readable_after(company: Client, deliver: Deliver, committed: Any) -> None:
    first = deliver(company, NAME, fec())
    assert comparison_of(first) is None
    dearer: list[Line] = [
        (number, day, account, debit.replace("400,00", "500,00"), credit.replace("480,00", "580,00"))
        for number, day, account, debit, credit in PURCHASE
    ]
    second = deliver(company, NAME, fec((*dearer, ("3", "20250201", "411000", "5,00", "5,00"))))
    folder = tables_of(second)["lines"].parent / f"compared-{first.id}"
    assert (folder / "summary.json").exists(), "the worker had it ready"
    waiting = comparison_of(second)
    assert waiting is not None
    assert (waiting.before, waiting.folder) == (first, folder)
    assert (waiting.summary.changed, waiting.summary.added, waiting.summary.removed) == (1, 1, 1)
    with committed():
        services.accept(actor=operator(company.firm), imported=second)
    second.refresh_from_db()
    replaced = comparison_of(second)
    assert replaced is not None
    assert replaced.summary == waiting.summary


def test_a_file_of_another_year_has_nothing_to_compare(company: Client, deliver: Deliver) -> None:
    deliver(company, NAME, fec())
    earlier = fec((number, day.replace("2025", "2024"), *rest) for number, day, *rest in SALE)  # type: ignore[misc]
    assert comparison_of(deliver(company, "000012344FEC20241231.txt", earlier)) is None
